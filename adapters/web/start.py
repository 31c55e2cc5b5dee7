"""The first page somebody opens in the morning: what needs him today, where his pupils stand, where the year is."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from psycopg import Cursor
from starlette.responses import Response

from overstap.adapters.http.cijfers import heeft_cijfers
from overstap.adapters.http.jaren import regels_van
from overstap.adapters.http.problemen import correlatie_van
from overstap.adapters.http.werklijsten import lijsten_van_rol, open_namen
from overstap.adapters.postgres.bereik_kolommen import Verzegelde, lees_verzegelden
from overstap.adapters.toegangslog import toegang_tot
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.lijst import is_mbo, mag_lijst, naam_van
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.regio import normen_van
from overstap.adapters.web.tellingen import tel_eens
from overstap.domain.kalender import AMSTERDAM, Kalender, Regels, datum_in_amsterdam
from overstap.domain.statussen import AanmeldingStatus
from overstap.projections.seintjes import Seintje, laatste_seintjes
from overstap.projections.standen import standen, standen_bij_mbo
from overstap.projections.werklijsten import Werklijst, omvang
from overstap.statemachine.bevoegdheden import bevoegde_rollen
from overstap.statemachine.veldgroepen import Veldgroep, zichtbare_groepen

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
_SEINTJES: Final = 6
_MIDDAG: Final = 12
_AVOND: Final = 18
_VRAAGT_MBO: Final = (
    AanmeldingStatus.AANGEMELD,
    AanmeldingStatus.INTAKE_GEPLAND,
    AanmeldingStatus.NADER_ONDERZOEK,
    AanmeldingStatus.INTAKE_AFGEROND,
    AanmeldingStatus.WACHTLIJST,
)
"""What an aanmelding is while the MBO has still to decide: its worklists."""
_MIJLPALEN: Final = (
    "opvoer_vanaf",
    "mbo_regels",
    "aanmelddatum",
    "voorlopig_op",
    "handhaven_tot",
    "mbo_start",
    "meting_op",
)


class Kaartje(msgspec.Struct, frozen=True, kw_only=True):
    """A worklist, how many stand on it, and how many of those came on it since the visit before (None: unknown).

    Of who works for an MBO lijst is a status of his own aanmeldingen that asks something of him.
    """

    lijst: Werklijst | AanmeldingStatus
    aantal: int
    nieuw: int | None


class Mijlpaal(msgspec.Struct, frozen=True, kw_only=True):
    """A date of the year; dagen is how many days away it is, below nought when it has been."""

    naam: str
    op: date
    dagen: int
    is_volgende: bool


class _Stand(msgspec.Struct, kw_only=True):
    """What the database told."""

    lijsten: Mapping[Werklijst, int]
    toen: Mapping[Werklijst, int] | None
    standen: Mapping[str, int]
    bij_mbo: Mapping[AanmeldingStatus, tuple[int, int]]
    seintjes: list[Seintje]
    verzegelden: list[Verzegelde]


@router.get("/")
async def toon_start(request: Request, bezoeker: Bezoek) -> Response:
    """Show the first page."""
    dienst, nu, rol = bezoeker.dienst, bezoeker.dienst.nu(), bezoeker.actor.rol
    regels = regels_van(dienst, None)
    vorig = bezoeker.vorig_bezoek(nu)
    stand = await dienst.lees_als(bezoeker.actor, lambda cursor: _lees(cursor, bezoeker, regels, nu, vorig))
    namen = await _namen(request, bezoeker, stand)
    normen = await normen_van(bezoeker) if heeft_cijfers(rol) and not mag_lijst(rol) else None
    waarden = {
        "groet": _groet(nu),
        "vandaag": datum_in_amsterdam(nu),
        "vorig": vorig,
        "regels": regels,
        "kaartjes": _kaartjes(stand, vorig),
        "standen": stand.standen,
        "soort_stand": "aanmelding" if is_mbo(bezoeker) else "status",
        "seintjes": stand.seintjes,
        "namen": namen,
        "mijlpalen": mijlpalen(regels.kalender, datum_in_amsterdam(nu)),
        "heeft_leerlingen": mag_lijst(rol),
        "mag_opvoeren": rol in bevoegde_rollen("voer_op", regels),
        "normen": normen,
        **(normen or {}),
    }
    antwoord = toon("start.html", bezoeker, "start", "/", waarden)
    bezoeker.onthoud_bezoek(antwoord, nu)
    return antwoord


def _lees(cursor: Cursor[Any], bezoeker: Bezoeker, regels: Regels, nu: datetime, vorig: datetime | None) -> _Stand:
    rol = bezoeker.actor.rol
    lijsten, groepen = lijsten_van_rol(rol), zichtbare_groepen(rol)
    nu_op = (
        tel_eens(
            bezoeker, ("omvang", regels.overstapjaar, *lijsten), lambda: omvang(cursor, regels, nu, lijsten=lijsten)
        )
        if lijsten
        else {}
    )
    toen = None
    if lijsten and vorig:
        vraag = ("omvang", regels.overstapjaar, vorig, *lijsten)
        toen = tel_eens(bezoeker, vraag, lambda: omvang(cursor, regels, vorig, lijsten=lijsten))
    geteld: Mapping[Any, int] = {}
    bij_mbo = standen_bij_mbo(cursor, regels, vorig) if is_mbo(bezoeker) else {}
    if Veldgroep.STATUS in groepen:
        geteld = tel_eens(bezoeker, ("standen", regels.overstapjaar), lambda: standen(cursor, regels))
    elif is_mbo(bezoeker):
        geteld = {status: aantal for status, (aantal, _) in bij_mbo.items()}
    seintjes = laatste_seintjes(cursor, regels, nu, _SEINTJES) if Veldgroep.SIGNALEN in groepen else []
    welke = [een.overstap for een in seintjes] if Veldgroep.NAAM in groepen else []
    return _Stand(
        lijsten=nu_op,
        toen=toen,
        standen={str(status): aantal for status, aantal in geteld.items()},
        bij_mbo=bij_mbo,
        seintjes=seintjes,
        verzegelden=lees_verzegelden(cursor, rol, welke) if welke else [],
    )


async def _namen(request: Request, bezoeker: Bezoeker, stand: _Stand) -> dict[UUID, str | None]:
    """Open the names of those who are signalled, and record that they are shown."""
    if not stand.seintjes:
        return {}
    personen = await asyncio.to_thread(
        open_namen, bezoeker.dienst.hoofdsleutel, bezoeker.actor, stand.verzegelden, met_reden=False
    )
    lijnen = toegang_tot(
        bezoeker.actor,
        [een.overstap for een in stand.seintjes],
        handeling="inzage",
        onderwerp="seintjes",
        herkomst="web",
        velden=zichtbare_groepen(bezoeker.actor.rol) & {Veldgroep.NAAM, Veldgroep.STATUS, Veldgroep.SIGNALEN},
        spoor=correlatie_van(request),
    )
    await bezoeker.dienst.toegangslog.schrijf_async(lijnen)
    return {overstap: naam_van(persoon) for overstap, persoon in personen.items()}


def _kaartjes(stand: _Stand, vorig: datetime | None) -> list[Kaartje]:
    van_mbo = [(status, stand.bij_mbo.get(status, (0, 0))) for status in _VRAAGT_MBO if stand.bij_mbo]
    return [
        *(
            Kaartje(
                lijst=lijst, aantal=aantal, nieuw=None if stand.toen is None else max(0, aantal - stand.toen[lijst])
            )
            for lijst, aantal in stand.lijsten.items()
        ),
        *(Kaartje(lijst=status, aantal=aantal, nieuw=nieuw if vorig else None) for status, (aantal, nieuw) in van_mbo),
    ]


def mijlpalen(kalender: Kalender, vandaag: date) -> list[Mijlpaal]:
    """Give the dates of a year in order, and which comes next."""
    op = sorted((getattr(kalender, naam), naam) for naam in _MIJLPALEN)
    volgende = next((dag for dag, _ in op if dag >= vandaag), None)
    return [Mijlpaal(naam=naam, op=dag, dagen=(dag - vandaag).days, is_volgende=dag == volgende) for dag, naam in op]


def _groet(nu: datetime) -> str:
    uur = nu.astimezone(AMSTERDAM).hour
    return "morgen" if uur < _MIDDAG else "middag" if uur < _AVOND else "avond"
