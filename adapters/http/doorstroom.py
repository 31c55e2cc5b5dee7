"""Where pupils go from each school, how long each status lasts, where aanmeldingen end: on a day, as known then."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request, Response
from psycopg import Cursor

from overstap.adapters.http.antwoorden import in_json
from overstap.adapters.http.cijfers import PRECIES, eis_cijfers, werkt_bij_mbo
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.jaren import Jaar, Kennismoment, Peildatum, eis_zone, regels_van
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.wachten import Bijgeteld
from overstap.domain.kalender import Regels, datum_in_amsterdam
from overstap.domain.rollen import Actor
from overstap.projections.doorstroom import Bestemming, Duur, Stroom, Uitval, duur_tot, stromen_op, uitval_tot
from overstap.statemachine.afronding import STAP, rond_af, rond_deel_af
from overstap.statemachine.kader import zelfde_instelling

router: Final = APIRouter()


class Stroomblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """So many pupils of a school with one destination, of whom so many started; null is hidden."""

    school: str
    soort: str
    bestemming: str
    leerlingen: int | None
    gestart: int | None


class Duurblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How long a status lasts, in days; null is hidden, or there is none."""

    status: str
    beeindigd: int | None
    lopend: int | None
    mediaan: float | None
    p90: float | None


class Uitvalblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """So many aanmeldingen at an MBO ended, from a status to another; null is hidden."""

    mbo: str
    van: str
    naar: str
    aantal: int | None
    nog_zonder_plaats: int | None


class Doorstroomblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The three together."""

    is_afgerond: bool
    stromen: list[Stroomblad]
    duur: list[Duurblad]
    uitval: list[Uitvalblad]


@router.get(
    "/doorstroom",
    operation_id="toon_doorstroom",
    tags=["cijfers"],
    openapi_extra=operatie(
        antwoord=Doorstroomblad,
        voorbeeld={
            "isAfgerond": False,
            "stromen": [{"school": "99AA", "soort": "mbo", "bestemming": "99XX", "leerlingen": 60, "gestart": 55}],
            "duur": [{"status": "intake", "beeindigd": 80, "lopend": 5, "mediaan": 21.5, "p90": 40.0}],
            "uitval": [{"mbo": "99XX", "van": "aangemeld", "naar": "afgewezen", "aantal": 10, "nogZonderPlaats": 5}],
        },
        problemen=("niet-gevonden",),
    ),
)
async def toon_doorstroom(
    request: Request,
    actor: Wie,
    _bij: Bijgeteld,
    overstapjaar: Jaar = None,
    peildatum: Peildatum = None,
    kennismoment: Kennismoment = None,
) -> Response:
    """Toon waar leerlingen heen gaan, hoe lang elke status duurt en waar aanmeldingen eindigen."""
    dienst = dienst_van(request)
    eis_cijfers(actor)
    regels, bekend = regels_van(dienst, overstapjaar), eis_zone(kennismoment)
    return in_json(await lees_doorstroom(dienst, actor, regels, peildatum or datum_in_amsterdam(dienst.nu()), bekend))


async def lees_doorstroom(
    dienst: Dienst, actor: Actor, regels: Regels, dag: date, bekend: datetime | None
) -> Doorstroomblad:
    """Give the three for an actor who has figures: on a day, as known at a moment (None: now), rounded for most roles.

    Who works for an MBO gets where its own pupils came from and where aanmeldingen there ended.
    """

    def reken(cursor: Cursor[Any]) -> tuple[list[Stroom], list[Duur], list[Uitval]]:
        return (
            stromen_op(cursor, regels, dag, bekend),
            duur_tot(cursor, regels, dag, bekend),
            uitval_tot(cursor, regels, dag, bekend),
        )

    stromen, duur, uitval = await dienst.tel_als(actor, reken)
    if werkt_bij_mbo(dienst, actor):
        stromen = [
            x for x in stromen if x.soort is Bestemming.MBO and zelfde_instelling(x.bestemming, actor.organisatie)
        ]
        uitval = [x for x in uitval if zelfde_instelling(x.mbo, actor.organisatie)]
        duur = []
    return (_precies if actor.rol in PRECIES else _afgerond)(stromen, duur, uitval)


def _precies(stromen: Sequence[Stroom], duur: Sequence[Duur], uitval: Sequence[Uitval]) -> Doorstroomblad:
    return Doorstroomblad(
        is_afgerond=False,
        stromen=[msgspec.convert(x, Stroomblad, from_attributes=True) for x in stromen],
        duur=[msgspec.convert(x, Duurblad, from_attributes=True) for x in duur],
        uitval=[msgspec.convert(x, Uitvalblad, from_attributes=True) for x in uitval],
    )


def _afgerond(stromen: Sequence[Stroom], duur: Sequence[Duur], uitval: Sequence[Uitval]) -> Doorstroomblad:
    """Round each of the three as the table it is: school by destination, ended or not, MBO by how it ended.

    What may not be shown is left out, as is where nobody is: that there is something tells of its first pupil.
    """
    heen = _rond({(x.school, f"{x.soort} {x.bestemming}"): x.leerlingen for x in stromen})
    begonnen = _rond({(x.school, f"{x.soort} {x.bestemming}"): x.gestart for x in stromen})
    einde = _rond({(x.mbo, f"{x.van} {x.naar}"): x.aantal for x in uitval})
    return Doorstroomblad(
        is_afgerond=True,
        stromen=[
            Stroomblad(
                school=x.school,
                soort=x.soort,
                bestemming=x.bestemming,
                leerlingen=heen[x.school, f"{x.soort} {x.bestemming}"],
                gestart=begonnen[x.school, f"{x.soort} {x.bestemming}"],
            )
            for x in stromen
            if heen[x.school, f"{x.soort} {x.bestemming}"] is not None
        ],
        duur=[x for x in map(_duur, duur) if x.beeindigd is not None or x.lopend is not None],
        uitval=[
            Uitvalblad(
                mbo=x.mbo,
                van=x.van,
                naar=x.naar,
                aantal=einde[x.mbo, f"{x.van} {x.naar}"],
                nog_zonder_plaats=rond_deel_af(x.nog_zonder_plaats, x.aantal)[0],
            )
            for x in uitval
            if einde[x.mbo, f"{x.van} {x.naar}"] is not None
        ],
    )


def _rond(cellen: dict[tuple[str, str], int]) -> dict[tuple[str, str], int | None]:
    """Round a table of which only the cells that hold something are given."""
    if not cellen:
        return {}
    rijen, kolommen = {rij for rij, _ in cellen}, {kolom for _, kolom in cellen}
    rond = rond_af({rij: {kolom: cellen.get((rij, kolom), 0) for kolom in sorted(kolommen)} for rij in sorted(rijen)})
    return {(rij, kolom): rond[rij][kolom] for rij, kolom in cellen}


def _duur(een: Duur) -> Duurblad:
    rond = rond_af({een.status: {"beeindigd": een.beeindigd, "lopend": een.lopend}})[een.status]
    is_genoeg = een.beeindigd >= STAP and rond["beeindigd"] is not None
    return Duurblad(
        status=een.status,
        beeindigd=rond["beeindigd"],
        lopend=rond["lopend"],
        mediaan=een.mediaan if is_genoeg else None,
        p90=None,
    )
