"""The years of the region: open the next, close the one that was measured; first what it will do, then how it went."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Path, Query, Request
from psycopg import Cursor
from starlette.responses import RedirectResponse, Response

from overstap.adapters.app import App
from overstap.adapters.http.problemen import Probleem, correlatie_van, onbekend, van_weigering
from overstap.adapters.http.wachten import GEWOON, wacht_tot
from overstap.adapters.jaarwisseling import (
    EINDEN,
    Aanvraag,
    Sluiting,
    beletsel_voor_sluiting,
    klaar_voor_sluiting,
    open_jaar,
    sluit_jaar,
)
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.start import mijlpalen
from overstap.adapters.web.tellingen import lees_eens
from overstap.domain.kalender import Regels, datum_in_amsterdam, kalender_van
from overstap.domain.procedure import Jaar
from overstap.domain.rollen import Rol
from overstap.domain.statussen import OverstapStatus
from overstap.domain.weigering import Weigering

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
PAD: Final = "/jaren"
Jaartal = Annotated[int, Path(ge=2000, le=2100)]
Aantal = Annotated[int | None, Query(ge=0, le=10_000_000)]
_PER_JAAR: Final = (
    b"SELECT a.overstapjaar, a.status, count(*)::int FROM beeld.actueel AS a WHERE a.regio = %s GROUP BY 1, 2"
)
_TUSSENPOOS: Final = 0.02
_DICHT: Final = frozenset({OverstapStatus.AFGEROND, OverstapStatus.UITGESCHREVEN})
Tellingen = Mapping[int, Mapping[OverstapStatus, int]]


class Jaarblad(msgspec.Struct, frozen=True, kw_only=True):
    """A year in the list: totaal counts its pupils, lopend those of whom the year has not ended."""

    jaar: Jaar
    totaal: int
    lopend: int
    mag_sluiten: bool


@router.get(PAD)
async def toon_jaren(bezoeker: Bezoek, geopend: Annotated[int | None, Query(ge=2000, le=2100)] = None) -> Response:
    """Show the years that there are, the latest first, and which may be opened next."""
    _eis_regie(bezoeker)
    tellingen = await _tel(bezoeker)
    jaren = [_blad(bezoeker, jaar, tellingen) for jaar in reversed(_jaren(bezoeker)) if jaar.is_open]
    waarden = {"jaren": jaren, "te_openen": _te_openen(bezoeker), "geopend": geopend}
    return toon("jaren.html", bezoeker, "jaren", PAD, waarden)


@router.get(f"{PAD}/{{jaar}}/openen")
async def toon_openen(bezoeker: Bezoek, jaar: Jaartal) -> Response:
    """Show what opening a year does: its calendar and norms."""
    _eis_regie(bezoeker)
    if jaar not in _te_openen(bezoeker):
        raise onbekend()
    bekend = bezoeker.dienst.kaders.jaar(bezoeker.actor.regio, jaar)
    eigen = bekend.regels if bekend else None
    regels = eigen or Regels(regio=bezoeker.actor.regio, overstapjaar=jaar, revisie=1, kalender=kalender_van(jaar))
    waarden = {
        "jaar": jaar,
        "regels": regels,
        "eigen": eigen,
        "mijlpalen": mijlpalen(regels.kalender, _vandaag(bezoeker)),
    }
    return toon("jaar_openen.html", bezoeker, "jaren", f"{PAD}/{jaar}/openen", waarden)


@router.post(f"{PAD}/{{jaar}}/openen")
async def open_het_jaar(request: Request, bezoeker: Bezoek, jaar: Jaartal) -> Response:
    """Let schools enter pupils of this year; when it was open already, nothing changes."""
    await lees_formulier(request, bezoeker)
    _eis_regie(bezoeker)
    if jaar not in _te_openen(bezoeker) and not _is_open(bezoeker, jaar):
        raise onbekend()
    aanvraag = _aanvraag(request, bezoeker)
    uitslag = await bezoeker.dienst.werkplaats.doe(lambda app: open_jaar(app, jaar, aanvraag))
    if isinstance(uitslag, Weigering):
        raise van_weigering(uitslag)
    await _wacht_tot(lambda: _is_open(bezoeker, jaar))
    return RedirectResponse(f"{PAD}?geopend={jaar}", 303)


@router.get(f"{PAD}/{{jaar}}/sluiten")
async def toon_sluiten(
    bezoeker: Bezoek, jaar: Jaartal, afgesloten: Aantal = None, geweigerd: Aantal = None
) -> Response:
    """Show what closing a year does, and to how many pupils; or how that went."""
    _eis_regie(bezoeker)
    bekend = bezoeker.dienst.kaders.jaar(bezoeker.actor.regio, jaar)
    if bekend is None or bekend.regels is None or not bekend.is_open:
        raise onbekend()
    per_status = (await _tel(bezoeker)).get(jaar, {})
    blijft = {status: aantal for status, aantal in per_status.items() if status not in _DICHT and status not in EINDEN}
    waarden = {
        "jaar": bekend,
        "klaar": {status: per_status.get(status, 0) for status in EINDEN},
        "blijft": dict(sorted(blijft.items(), key=lambda paar: list(OverstapStatus).index(paar[0]))),
        "weigering": beletsel_voor_sluiting(bekend, jaar, bezoeker.actor, bezoeker.dienst.nu()),
        "afgesloten": afgesloten,
        "geweigerd": geweigerd,
    }
    return toon("jaar_sluiten.html", bezoeker, "jaren", f"{PAD}/{jaar}/sluiten", waarden)


@router.post(f"{PAD}/{{jaar}}/sluiten")
async def sluit_het_jaar(request: Request, bezoeker: Bezoek, jaar: Jaartal) -> Response:
    """Close whoever reached an end, then the year; again is harmless."""
    await lees_formulier(request, bezoeker)
    _eis_regie(bezoeker)
    aanvraag = _aanvraag(request, bezoeker)

    def sluit(app: App) -> tuple[Sluiting | Weigering, int]:
        return sluit_jaar(app, jaar, klaar_voor_sluiting(app, jaar), aanvraag), app.log.laatste_positie()

    uitslag, positie = await bezoeker.dienst.werkplaats.doe(sluit)
    if isinstance(uitslag, Weigering):
        raise van_weigering(uitslag)
    with contextlib.suppress(Probleem):  # it is recorded; of many pupils the counts may follow later
        await wacht_tot(bezoeker.dienst, "actueel", positie)
    await _wacht_tot(lambda: _is_gesloten(bezoeker, jaar))
    vraag = f"afgesloten={uitslag.afgesloten}&geweigerd={uitslag.geweigerd}"
    return RedirectResponse(f"{PAD}/{jaar}/sluiten?{vraag}", 303)


def _eis_regie(bezoeker: Bezoeker) -> None:
    if bezoeker.actor.rol is not Rol.REGIEBEHEERDER:
        raise onbekend()


def _aanvraag(request: Request, bezoeker: Bezoeker) -> Aanvraag:
    return Aanvraag(bezoeker.actor, "web", correlatie_van(request))


def _jaren(bezoeker: Bezoeker) -> list[Jaar]:
    return bezoeker.dienst.kaders.jaren(bezoeker.actor.regio)


def _is_open(bezoeker: Bezoeker, jaar: int) -> bool:
    return any(een.overstapjaar == jaar and een.is_open for een in _jaren(bezoeker))


def _is_gesloten(bezoeker: Bezoeker, jaar: int) -> bool:
    return any(een.overstapjaar == jaar and een.is_gesloten for een in _jaren(bezoeker))


async def _wacht_tot(is_zo: Callable[[], bool]) -> None:
    """Wait until this process knows what another thread recorded, so that whoever did it sees it done."""
    einde = asyncio.get_running_loop().time() + GEWOON
    while not is_zo() and asyncio.get_running_loop().time() < einde:  # noqa: ASYNC110  # a thread makes it so
        await asyncio.sleep(_TUSSENPOOS)


def _te_openen(bezoeker: Bezoeker) -> list[int]:
    """Give the years that may be opened: those that have rules and are not open, and the one after the last."""
    jaren = _jaren(bezoeker)
    begin = [een.overstapjaar for een in jaren if een.is_open] or [_vandaag(bezoeker).year]
    return sorted({max(begin) + 1, *(een.overstapjaar for een in jaren if not een.is_open)})


def _vandaag(bezoeker: Bezoeker) -> date:
    return datum_in_amsterdam(bezoeker.dienst.nu())


async def _tel(bezoeker: Bezoeker) -> Tellingen:
    """Count the pupils of every year by status."""

    def tel(cursor: Cursor[Any]) -> Tellingen:
        per: dict[int, dict[OverstapStatus, int]] = {}
        for jaar, status, aantal in cursor.execute(_PER_JAAR, (bezoeker.actor.regio,)):
            per.setdefault(jaar, {})[OverstapStatus(status)] = aantal
        return per

    return await lees_eens(bezoeker, ("jaren",), lambda: bezoeker.dienst.lees_als(bezoeker.actor, tel))


def _blad(bezoeker: Bezoeker, jaar: Jaar, tellingen: Tellingen) -> Jaarblad:
    per_status = tellingen.get(jaar.overstapjaar, {})
    return Jaarblad(
        jaar=jaar,
        totaal=sum(per_status.values()),
        lopend=sum(aantal for status, aantal in per_status.items() if status not in _DICHT),
        mag_sluiten=beletsel_voor_sluiting(jaar, jaar.overstapjaar, bezoeker.actor, bezoeker.dienst.nu()) is None,
    )
