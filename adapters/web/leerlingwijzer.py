"""Whom to ask about one pupil: who looks after him now, whom to call, and what school and MBO wrote each other."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from fastapi import Request
from msgspec import UNSET

from overstap.adapters.http.contacten import Contactblad, lees_contacten
from overstap.adapters.http.geschiedenis import Voorval
from overstap.adapters.http.lezen import Gezien
from overstap.adapters.http.overstappen import zichtbare_aanmeldingen
from overstap.adapters.http.problemen import correlatie_van
from overstap.adapters.toegangslog import toegang_tot
from overstap.adapters.vault import naam_van_soort
from overstap.adapters.web.bezoeker import Bezoeker
from overstap.domain.feiten.overstap import BerichtGeplaatst, OverstapGewist
from overstap.domain.identificaties import BRIN_ZONDER_VESTIGING
from overstap.projections.actueel import rij_van
from overstap.projections.werklijsten import verantwoordelijke
from overstap.projections.zinnen import ONLEESBAAR
from overstap.statemachine.veldgroepen import Veldgroep

_LEERPLICHT: Final = "leerplicht"


class Wijzer(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation that has to do with the pupil, and whom to call there; partij is school, mbo or leerplicht."""

    partij: str
    code: str
    naam: str
    is_verantwoordelijk: bool
    contacten: Sequence[Contactblad]


class Gesprek(msgspec.Struct, frozen=True, kw_only=True):
    """A message: from whom to whom, when, and what it says; None when it cannot be read (any more)."""

    van: str
    rol: str
    aan: str
    op: datetime
    tekst: str | None
    is_eigen: bool


class Gewist(msgspec.Struct, frozen=True, kw_only=True):
    """That the person was erased: when and on which ground, None for who may not know."""

    op: datetime | None
    aanleiding: str | None
    reden: str | None


def verantwoordelijk_nu(gezien: Gezien, nu: datetime) -> str | None:
    """Name the party that looks after him now, None for who may not know where he stands."""
    rij = rij_van(gezien.gebeurtenissen) if Veldgroep.STATUS in gezien.groepen else None
    return verantwoordelijke(rij, nu) if rij else None


async def wijzers_van(
    request: Request, bezoeker: Bezoeker, gezien: Gezien, partij: str | None, reden: str | None
) -> list[Wijzer]:
    """Give whom to call: at the school, at each MBO and at Leerplicht, as far as the visitor knows of them; logged."""
    codes = _organisaties(bezoeker, gezien, partij)
    per = await lees_contacten(bezoeker.dienst, bezoeker.actor, list(codes), reden)
    if any(een.contact is not UNSET for contacten in per.values() for een in contacten):
        await bezoeker.dienst.toegangslog.schrijf_async(
            toegang_tot(
                bezoeker.actor,
                [None],
                handeling="inzage",
                onderwerp=f"contacten van {' '.join(codes)}",
                herkomst="web",
                reden=reden or "",
                spoor=correlatie_van(request),
            )
        )
    return [
        Wijzer(
            partij=soort,
            code=code,
            naam=bezoeker.noem(code),
            is_verantwoordelijk=soort == partij,
            contacten=_voor_leerplicht(per[code]) if soort == _LEERPLICHT else per[code],
        )
        for code, soort in codes.items()
    ]


def _organisaties(bezoeker: Bezoeker, gezien: Gezien, partij: str | None) -> dict[str, str]:
    """Give who has to do with him, with what they are to him; the furthest MBO first, and those that ended last."""
    overstap, kaders = gezien.dossier.overstap, bezoeker.dienst.kaders
    codes = {overstap.school: "vo"} if Veldgroep.SCHOOL in gezien.groepen else {}
    for een in sorted(zichtbare_aanmeldingen(gezien, bezoeker.actor) or (), key=lambda een: -een.rang):
        codes.setdefault(een.brin[:BRIN_ZONDER_VESTIGING], "mbo")
    if Veldgroep.GEMEENTE in gezien.groepen and (Veldgroep.LEERPLICHT in gezien.groepen or partij == _LEERPLICHT):
        codes[overstap.gemeente] = _LEERPLICHT
    return {code: soort for code, soort in codes.items() if kaders.organisatie(bezoeker.actor.regio, code)}


def _voor_leerplicht(contacten: Sequence[Contactblad]) -> Sequence[Contactblad]:
    """A gemeente may name people for more than this: those for leerplicht alone, when there are such."""
    eigen = [een for een in contacten if _LEERPLICHT in een.onderwerp.lower()]
    return eigen or contacten


def gesprekken_van(bezoeker: Bezoeker, gezien: Gezien, verhaal: Sequence[Voorval]) -> list[Gesprek]:
    """Give the messages that the visitor may know of, oldest first: with their text when his role may read it."""
    feiten = {een.originator_version: een.feit for een in gezien.gebeurtenissen}
    gevonden = []
    for een in verhaal:
        feit = feiten[een.nummer]
        if isinstance(feit, BerichtGeplaatst):
            gevonden.append(
                Gesprek(
                    van=een.organisatie,
                    rol=een.rol,
                    aan=feit.aan,
                    op=een.gebeurd_op,
                    tekst=None if een.waarom == ONLEESBAAR else een.waarom.removeprefix("“").removesuffix("”"),
                    is_eigen=een.organisatie[:BRIN_ZONDER_VESTIGING] == bezoeker.actor.organisatie,
                )
            )
    return gevonden


def gewist_van(gezien: Gezien, verhaal: Sequence[Voorval]) -> Gewist | None:
    """Tell when and on which ground he was erased, as far as the visitor may know; None when he was not."""
    if not gezien.dossier.overstap.is_gewist:
        return None
    naam = naam_van_soort(OverstapGewist)
    bekend = {een.nummer for een in verhaal if een.feit == naam}
    for een in gezien.gebeurtenissen:
        if een.originator_version in bekend and isinstance(een.feit, OverstapGewist):
            reden = een.feit.reden if Veldgroep.REDEN in gezien.groepen else ""
            return Gewist(op=een.vastgelegd_op or een.gebeurd_op, aanleiding=een.feit.aanleiding, reden=reden or None)
    return Gewist(op=None, aanleiding=None, reden=None)
