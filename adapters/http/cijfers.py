"""The figures of the region, or of the caller's own organisation: as of a day, as known at a moment."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request, Response
from psycopg import Cursor

from overstap.adapters.http.antwoorden import in_json
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.jaren import Jaar, Kennismoment, Peildatum, eis_zone, regels_van
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.problemen import Probleem
from overstap.adapters.http.wachten import Bijgeteld
from overstap.domain.kalender import Regels, datum_in_amsterdam
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from overstap.projections.cijfers import Aandeel, Cijfers, Indeling, cijfers_op
from overstap.statemachine.afronding import TOTAAL, rond_af
from overstap.statemachine.kader import zelfde_instelling

router: Final = APIRouter()
PRECIES: Final = frozenset({Rol.REGIEBEHEERDER, Rol.AUDITOR, Rol.VO_BEHEERDER})
"""Who sees every pupil that is counted gets the figures as they are; anybody else rounded, small ones hidden."""
_GEEN: Final = frozenset({Rol.KOPPELING, Rol.SYSTEEM})
_DELEN: Final = ("aangemeld", "aangemeld_vmbo", "voorlopig_geplaatst", "geplaatst_en_gestart", "warme_overdracht")


class Aandeelblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """So many of so many, with the norm (percentage) and last year's percentage; null is hidden, or there is none."""

    aantal: int | None
    van: int | None
    norm: int | None
    vorig_jaar: float | None


class Cijferblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The figures of one group: the region, or a leerweg, gemeente, school or MBO by its code."""

    indeling: str
    groep: str
    is_afgerond: bool
    leerlingen: int | None
    aangemeld: Aandeelblad
    aangemeld_vmbo: Aandeelblad
    voorlopig_geplaatst: Aandeelblad
    geplaatst_en_gestart: Aandeelblad
    warme_overdracht: Aandeelblad


_DEEL: Final = {"aantal": 85, "van": 100, "norm": 90, "vorigJaar": None}


@router.get(
    "/cijfers",
    operation_id="toon_cijfers",
    tags=["cijfers"],
    openapi_extra=operatie(
        antwoord=Cijferblad,
        is_lijst=True,
        voorbeeld=[
            {
                "indeling": "school",
                "groep": "99AA",
                "isAfgerond": True,
                "leerlingen": 100,
                "aangemeld": _DEEL,
                "aangemeldVmbo": _DEEL,
                "voorlopigGeplaatst": _DEEL,
                "geplaatstEnGestart": _DEEL,
                "warmeOverdracht": {"aantal": None, "van": None, "norm": None, "vorigJaar": None},
            }
        ],
        betekenis="De cijfers per groep, de regio eerst; null is verborgen of er niet.",
        problemen=("niet-gevonden",),
    ),
)
async def toon_cijfers(
    request: Request,
    actor: Wie,
    _bij: Bijgeteld,
    overstapjaar: Jaar = None,
    peildatum: Peildatum = None,
    kennismoment: Kennismoment = None,
) -> Response:
    """Toon de cijfers op een dag zoals ze op een moment bekend waren, van wat de aanvrager aangaat.

    Wie de leerlingen zelf niet alle ziet, krijgt afgeronde cijfers waarin kleine aantallen verborgen zijn.
    """
    dienst = dienst_van(request)
    eis_cijfers(actor)
    regels, bekend = regels_van(dienst, overstapjaar), eis_zone(kennismoment)
    return in_json(await lees_cijfers(dienst, actor, regels, peildatum or datum_in_amsterdam(dienst.nu()), bekend))


async def lees_cijfers(
    dienst: Dienst, actor: Actor, regels: Regels, dag: date, bekend: datetime | None
) -> list[Cijferblad]:
    """Count for an actor who has figures: as of a day, as known at a moment (None: now), rounded for most roles."""
    vorig = dienst.kaders.kader(dienst.regio, regels.overstapjaar - 1)

    def reken(cursor: Cursor[Any]) -> list[Cijfers]:
        return cijfers_op(cursor, regels, dag, bekend, vorig.regels if vorig else None)

    is_mbo = werkt_bij_mbo(dienst, actor)
    eigen = [
        een
        for een in await dienst.tel_als(actor, reken)
        if not is_mbo or (een.indeling is Indeling.MBO and zelfde_instelling(een.groep, actor.organisatie))
    ]
    return _precies(eigen) if actor.rol in PRECIES else _afgerond(eigen)


def heeft_cijfers(rol: Rol) -> bool:
    """Tell whether a role has figures at all."""
    return rol not in _GEEN


def eis_cijfers(actor: Actor) -> None:
    """See to it that a role has figures at all.

    Raises:
        Probleem: 403 when it has none.

    """
    if not heeft_cijfers(actor.rol):
        raise Probleem("geen-toegang", "In deze rol zijn er geen cijfers.", code="geen_cijfers")


def werkt_bij_mbo(dienst: Dienst, actor: Actor) -> bool:
    """Tell whether somebody works for an MBO: he gets what was reached at that MBO alone."""
    organisatie = dienst.kaders.organisatie(actor.regio, actor.organisatie)
    return organisatie is not None and organisatie.soort is SoortOrganisatie.MBO


def _precies(alle: Iterable[Cijfers]) -> list[Cijferblad]:
    return [_blad(een, een.leerlingen, {naam: _aandeel(getattr(een, naam)) for naam in _DELEN}) for een in alle]


def _afgerond(alle: Sequence[Cijfers]) -> list[Cijferblad]:
    """Round per division: its groups are the rows, who do and who do not the columns.

    A group of which no figure may be shown is left out, but for the whole: that it is there tells of its first pupil.
    """
    bladen: list[Cijferblad] = []
    for indeling in Indeling:
        groepen = [een for een in alle if een.indeling is indeling]
        if not groepen:
            continue
        rond = {
            naam: _rond({een.groep: (getattr(een, naam).aantal, getattr(een, naam).van) for een in groepen})
            for naam in _DELEN
        }
        toen = {
            naam: _rond({een.groep: deel for een in groepen if (deel := getattr(een, naam).toen) is not None})
            for naam in _DELEN
        }
        for een in groepen:
            delen = {
                naam: Aandeelblad(
                    aantal=rond[naam][een.groep][0],
                    van=rond[naam][een.groep][1],
                    norm=getattr(een, naam).norm,
                    vorig_jaar=_percentage(*toen[naam].get(een.groep, (None, None))),
                )
                for naam in _DELEN
            }
            leerlingen = rond["aangemeld"][een.groep][1]
            is_te_zien = leerlingen is not None or any(deel.van is not None for deel in delen.values())
            if is_te_zien or indeling is Indeling.REGIO or len(alle) == 1:
                bladen.append(_blad(een, leerlingen, delen, is_afgerond=True))
    return bladen


def _rond(delen: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int | None, int | None]]:
    """Round the so many of so many of each group: who do and who do not are the columns."""
    if not delen:
        return {}
    rond = rond_af({groep: {"wel": aantal, "niet": van - aantal} for groep, (aantal, van) in delen.items()})
    return {groep: (rond[groep]["wel"], rond[groep][TOTAAL]) for groep in delen}


def _percentage(aantal: int | None, van: int | None) -> float | None:
    """Give the share of two rounded figures, which tells no more than they do; None when either is hidden."""
    return None if aantal is None or not van else float(round(100 * aantal / van))


def _aandeel(deel: Aandeel) -> Aandeelblad:
    return Aandeelblad(aantal=deel.aantal, van=deel.van, norm=deel.norm, vorig_jaar=deel.vorig_jaar)


def _blad(
    een: Cijfers, leerlingen: int | None, delen: dict[str, Aandeelblad], *, is_afgerond: bool = False
) -> Cijferblad:
    return Cijferblad(indeling=een.indeling, groep=een.groep, is_afgerond=is_afgerond, leerlingen=leerlingen, **delen)
