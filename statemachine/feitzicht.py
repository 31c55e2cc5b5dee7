"""Which facts a role sees in a history or feed, of whom, and which of their fields."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Protocol, get_args, get_type_hints
from uuid import UUID

import msgspec

from overstap.domain.feiten import Verzegeld, Vorm
from overstap.domain.feiten import aanlevering as lev
from overstap.domain.feiten import organisatie as org
from overstap.domain.feiten import overstap as o
from overstap.domain.feiten import procedure as p
from overstap.domain.feiten import wachtbak as w
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.identificaties import BRIN_ZONDER_VESTIGING, is_brin
from overstap.domain.rollen import Actor, Rol
from overstap.domain.stromen import stroom_van_organisatie
from overstap.statemachine.veldgroepen import (
    MET_REDEN,
    Veldgroep,
    zichtbare_groepen,
    zichtbare_persoonsvelden,
)

G = Veldgroep


class Van(StrEnum):
    """Of whom a role sees a kind of fact, among the streams that exist for it; the database knows these names."""

    ALLEN = "allen"
    EIGEN_AANMELDING = "eigen_aanmelding"
    """About an aanmelding at the own MBO, or brought by it."""
    EIGEN_BERICHT = "eigen_bericht"
    """From or to the own organisation."""
    EIGEN_HANDELING = "eigen_handeling"
    """Caused by the own organisation."""
    EIGEN_STROOM = "eigen_stroom"
    """In the own organisation's stream."""


class Feitzicht(msgspec.Struct, frozen=True, kw_only=True):
    """What a role sees of one kind of fact: of whom, which fields, and of a person in it which fields."""

    van: Van
    velden: frozenset[str]
    persoonsvelden: frozenset[str] = frozenset()


_PERSOON = {"gemeente": G.GEMEENTE, "soort_pgn": G.PGN, "kwalificatieplicht_tot": G.STATUS}
_OVERSTAP: Mapping[type[Vorm], tuple[Veldgroep, Mapping[str, Veldgroep]]] = {
    o.OverstapOpgevoerd: (G.SCHOOL, _PERSOON),
    o.PersoonsgegevensGewijzigd: (G.SCHOOL, {**_PERSOON, "kwalificatieplicht_gewijzigd": G.STATUS}),
    o.PgnVervangen: (G.PGN, {}),
    o.StatusGewijzigd: (G.STATUS, {}),
    o.SignaalGegeven: (G.SIGNALEN, {}),
    o.VervolgkeuzeVoGekozen: (G.STATUS, {"reden": G.REDEN, "brin": G.REDEN, "toelichting": G.REDEN}),
    o.VervolgkeuzeVoIngetrokken: (G.STATUS, {}),
    o.OverlegVastgelegd: (G.OVERLEG, {"contact": G.CONTACTPERSOON}),
    o.LeerplichtIngeschakeld: (G.LEERPLICHT, {"overleg": G.OVERLEG, "overleg_datum": G.OVERLEG}),
    o.LeerplichtAfgehandeld: (G.LEERPLICHT, {}),
    o.OverstapHervat: (G.LEERPLICHT, {}),
    o.OverstapAfgesloten: (G.STATUS, {"reden": G.REDEN}),
    o.LeerlingUitgeschreven: (G.STATUS, {"reden": G.REDEN, "nieuwe_gemeente": G.GEMEENTE, "toelichting": G.REDEN}),
    o.OverstapHeropend: (G.STATUS, {"reden": G.REDEN}),
    o.GebeurtenisHerzien: (G.STATUS, {"reden": G.REDEN}),
    o.BerichtGeplaatst: (G.EIGEN_BERICHTEN, {}),
    o.WarmeOverdrachtVastgelegd: (G.WARME_OVERDRACHT, {}),
    o.DddStatusVastgelegd: (G.WARME_OVERDRACHT, {}),
    o.OverdrachtAangeboden: (G.SCHOOL, {}),
    o.LeerlingOvergedragen: (G.SCHOOL, {}),
    o.OverstapGewist: (G.STATUS, {"reden": G.REDEN}),
}
"""The group that must be open to see a fact at all, and those of fields that need another one."""

_REGIO = {Rol.REGIEBEHEERDER: Van.ALLEN, Rol.AUDITOR: Van.ALLEN}
_IEDEREEN = dict.fromkeys(Rol, Van.ALLEN)
_BEHEER = {**_REGIO, Rol.VO_BEHEERDER: Van.EIGEN_STROOM, Rol.MBO_BEHEERDER: Van.EIGEN_STROOM}
_LEVERAARS = frozenset(Rol) - {Rol.SYSTEEM, *_REGIO}
_OMGEVING: Mapping[type[Vorm], Mapping[Rol, Van]] = {
    org.OrganisatieOpgenomen: _IEDEREEN,
    org.ContactVastgelegd: _IEDEREEN,
    **dict.fromkeys(get_args(p.FeitVanProcedure), _IEDEREEN),
    **dict.fromkeys((org.RolToegekend, org.RolVoorgesteld, org.RolIngetrokken), _BEHEER),
    **{
        soort: {**_REGIO, **dict.fromkeys(_LEVERAARS, Van.EIGEN_HANDELING)}
        for soort in get_args(lev.FeitVanAanlevering)
    },
    **{soort: {**_REGIO, Rol.KOPPELING: Van.EIGEN_HANDELING} for soort in get_args(w.FeitVanWachtbak)},
}
"""Who sees the facts of organisations, rules, deliveries and the wachtbak, which are no pupil's."""


@cache
def feitzicht(rol: Rol, soort: type[Vorm], *, met_reden: bool = False) -> Feitzicht | None:
    """Give what a role sees of a kind of fact, None when it does not exist for it.

    A fact of an overstap is seen only by whom the overstap exists for; this says what of it. met_reden as in
    zichtbare_groepen: without it nothing sealed is shown to the region's own roles.
    """
    dicht = verzegelde_velden(soort) if rol in MET_REDEN and not met_reden else frozenset[str]()
    if soort in _OMGEVING:
        kring = _OMGEVING[soort].get(rol)
        return None if kring is None else Feitzicht(van=kring, velden=frozenset(soort.__struct_fields__) - dicht)
    groepen = zichtbare_groepen(rol, met_reden=met_reden)
    van, andere = _kring(rol, soort, groepen)
    if van is None:
        return None
    velden = frozenset(veld for veld in soort.__struct_fields__ if andere.get(veld) is None or andere[veld] in groepen)
    persoon = zichtbare_persoonsvelden(rol, met_reden=met_reden) if "persoon" in velden else frozenset[str]()
    return Feitzicht(van=van, velden=velden - dicht - (frozenset() if persoon else {"persoon"}), persoonsvelden=persoon)


def _kring(rol: Rol, soort: type[Vorm], groepen: frozenset[Veldgroep]) -> tuple[Van | None, Mapping[str, Veldgroep]]:
    if soort not in _OVERSTAP:  # of an aanmelding
        if G.ANDERE_AANMELDINGEN in groepen:
            return Van.ALLEN, {}
        return (Van.EIGEN_AANMELDING if G.EIGEN_AANMELDINGEN in groepen else None), {}
    groep, andere = _OVERSTAP[soort]
    if soort is o.BerichtGeplaatst and groep in groepen:
        return (Van.ALLEN if G.ANDERE_BERICHTEN in groepen else Van.EIGEN_BERICHT), andere
    if soort is o.GebeurtenisHerzien and rol is Rol.MBO_INTAKER:
        return Van.EIGEN_HANDELING, {}  # its own correction of its own aanmelding
    return (Van.ALLEN if groep in groepen else None), andere


@cache
def verzegelde_velden(soort: type[Vorm]) -> frozenset[str]:
    """Name the fields of a kind of fact that hold sealed data."""
    hints = get_type_hints(soort)
    return frozenset(veld for veld in soort.__struct_fields__ if _is_verzegeld(hints[veld]))


def _is_verzegeld(soort: Any) -> bool:  # noqa: ANN401  # whatever a field is annotated with
    return soort is Verzegeld or any(map(_is_verzegeld, get_args(soort)))


def zichtbare_velden(rol: Rol, soort: type[Vorm], *, met_reden: bool = False) -> frozenset[str]:
    """Give the fields of a kind of fact that a role may have; of a person each apart, as persoon.achternaam."""
    zicht = feitzicht(rol, soort, met_reden=met_reden)
    if zicht is None:
        return frozenset()
    return (zicht.velden - {"persoon"}) | {f"persoon.{veld}" for veld in zicht.persoonsvelden}


def gemaskeerd(gebeurtenis: Gebeurtenis, zicht: Feitzicht) -> dict[str, Any]:
    """Give a fact as JSON values with the fields that are seen alone, defaults left out, as the log keeps it."""
    inhoud: dict[str, Any] = msgspec.to_builtins(gebeurtenis.feit)
    over = {veld: waarde for veld, waarde in inhoud.items() if veld == "feit" or veld in zicht.velden}
    if "persoon" in over:
        over["persoon"] = {veld: waarde for veld, waarde in over["persoon"].items() if veld in zicht.persoonsvelden}
    return over


class Genummerd(Protocol):
    """An aanmelding, as far as it matters here."""

    @property
    def nummer(self) -> int:
        """Its number at the pupil."""

    @property
    def brin(self) -> str:
        """The MBO."""


class MetAanmeldingen(Protocol):
    """A pupil as he is now: an Overstap, or what the read model has of him."""

    @property
    def aanmeldingen(self) -> Iterable[Genummerd]:
        """His aanmeldingen, also those that ended."""


def ziet_feit(
    actor: Actor, gebeurtenis: Gebeurtenis, zicht: Feitzicht, overstap: MetAanmeldingen | None = None
) -> bool:
    """Tell whether an event is among those of its kind that the actor sees.

    overstap is the pupil whose event it is, as he is now, None for an event of no pupil; whether he exists for the
    actor at all is judged by `ziet`.
    """
    if actor.regio != gebeurtenis.regio:
        return False
    feit = gebeurtenis.feit
    match zicht.van:
        case Van.ALLEN:
            return True
        case Van.EIGEN_HANDELING:
            return _eigen(actor, gebeurtenis.organisatie)
        case Van.EIGEN_STROOM:
            return gebeurtenis.originator_id == eigen_stroom(actor)
        case Van.EIGEN_BERICHT:
            aan = feit.aan if isinstance(feit, o.BerichtGeplaatst) else ""
            return _eigen(actor, gebeurtenis.organisatie) or _eigen(actor, aan)
        case Van.EIGEN_AANMELDING:
            nummer = getattr(feit, "nummer", None)
            eigen = {x.nummer for x in overstap.aanmeldingen if _eigen(actor, x.brin)} if overstap else set[int]()
            return _eigen(actor, gebeurtenis.organisatie) if nummer is None else nummer in eigen


def _eigen(actor: Actor, code: str) -> bool:
    return eigen_code(actor.organisatie) == eigen_code(code)


def eigen_code(code: str) -> str:
    """Give the code an organisation is known by: of a BRIN with vestiging the first four characters."""
    return code[:BRIN_ZONDER_VESTIGING] if is_brin(code) else code


def eigen_stroom(actor: Actor) -> UUID:
    """Give the id of the actor's own organisation's stream."""
    return stroom_van_organisatie(actor.regio, eigen_code(actor.organisatie))
