"""The log as the auditor reads it: every event of the region, newest first, narrowed by what stands in the address."""

from datetime import date, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from msgspec import Meta
from psycopg import Cursor
from starlette.responses import Response

from overstap.adapters.http.problemen import Fout, ongeldig
from overstap.adapters.http.reden import keur_reden
from overstap.adapters.postgres.logboek import Logvraag, Onbekend, Terugblik, Vermeld, lees_onbekende, lees_terug
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.toezicht import eis_rol, leg_vast
from overstap.domain.feiten import ARCHIEF, zonder_versie
from overstap.domain.kalender import einde_van
from overstap.domain.rollen import Rol

PAD: Final = "/log"
LEZERS: Final = frozenset({Rol.AUDITOR})
PER_BLADZIJDE: Final = 50
_DAG: Final = timedelta(days=1)
_NAMEN: Final = {**ARCHIEF.huidig, **ARCHIEF.oud}
FEITEN: Final = sorted({zonder_versie(naam) for naam in _NAMEN})
"""The kinds of events, without version."""
router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)

Tijd = Annotated[str, Meta(pattern="^(gebeurd|vastgelegd)$(?!\n)")]


class Logfilters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What narrows the log, as its address has it; tijd says of which time the days van and tot (included) are."""

    feit: str | None = None
    organisatie: Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{1,20}$(?!\n)")] | None = None
    rol: Rol | None = None
    tijd: Tijd = "vastgelegd"
    van: date | None = None
    tot: date | None = None
    stroom: UUID | None = None
    correlatie: UUID | None = None
    voor: Annotated[int, Meta(ge=1, le=2**62)] | None = None

    def vraag(self) -> Logvraag:
        """Give what is asked of the log."""
        van = einde_van(self.van - _DAG) if self.van else None
        tot = einde_van(self.tot) if self.tot else None
        is_gebeurd = self.tijd == "gebeurd"
        return Logvraag(
            feiten=[naam for naam in _NAMEN if zonder_versie(naam) == self.feit] if self.feit else (),
            organisatie=self.organisatie,
            rol=self.rol,
            stroom=self.stroom,
            correlatie=self.correlatie,
            van=van if is_gebeurd else None,
            tot=tot if is_gebeurd else None,
            vastgelegd_van=None if is_gebeurd else van,
            vastgelegd_tot=None if is_gebeurd else tot,
        )

    def adres(self, **anders: Any) -> str:  # noqa: ANN401  # any field
        """Write the address of the log with these filters, some of them otherwise; from the first page on."""
        velden = msgspec.to_builtins(msgspec.structs.replace(self, **{"voor": None, **anders}))
        gevuld = {naam: waarde for naam, waarde in velden.items() if waarde}
        return f"{PAD}?{urlencode(gevuld)}" if gevuld else PAD

    def gekozen(self) -> dict[str, str]:
        """Give what narrows the log, by name."""
        velden: dict[str, str] = msgspec.to_builtins(msgspec.structs.replace(self, voor=None))
        return {naam: waarde for naam, waarde in velden.items() if waarde and (naam != "tijd" or self.van or self.tot)}


def lees_filters(request: Request) -> Logfilters:
    """Read the filters of an address.

    Raises:
        Probleem: 400 when one of them is not of its form.

    """
    gegeven = {naam: " ".join(waarde.split()) for naam, waarde in request.query_params.items()}
    try:
        filters = msgspec.convert({naam: w for naam, w in gegeven.items() if w}, Logfilters, strict=False)
        filters.vraag()
    except (msgspec.ValidationError, OverflowError):
        filters = None
    if filters is None or (filters.feit is not None and filters.feit not in FEITEN):
        uitleg = "Een van de keuzes in dit adres bestaat niet, of is niet zo geschreven. Begin bij /log."
        raise ongeldig(Fout(plaats="query", code="ongeldig", uitleg=uitleg))
    return filters


@router.get(PAD)
async def toon_log(request: Request, bezoeker: Bezoek) -> Response:
    """Show a page of the log."""
    return await _toon(request, bezoeker, None)


@router.post(PAD)
async def toon_log_met_reden(request: Request, bezoeker: Bezoek) -> Response:
    """Show the same with a reason: then events and fields are there that say something of a person; none is opened."""
    velden = await lees_formulier(request, bezoeker)
    await eis_rol(request, bezoeker, LEZERS, "log")
    return await _toon(request, bezoeker, keur_reden(velden.get("reden", "")))


async def _toon(request: Request, bezoeker: Bezoeker, reden: str | None) -> Response:
    await eis_rol(request, bezoeker, LEZERS, "log")
    filters = lees_filters(request)
    await leg_vast(request, bezoeker, "inzage", "log", overstappen=[filters.stroom], reden=reden)
    vraag = filters.vraag()

    def lees(cursor: Cursor[Any]) -> tuple[Terugblik, list[Onbekend]]:
        blad = lees_terug(cursor, vraag, filters.voor, PER_BLADZIJDE)
        # Of an event that nobody knows nobody knows either what would narrow it.
        is_alles = filters.gekozen().keys() <= {"stroom"}
        return blad, lees_onbekende(cursor, filters.stroom, blad, filters.voor) if is_alles else []

    blad, onbekende = await bezoeker.dienst.lees_als(bezoeker.actor, lees, reden)
    regels: list[Vermeld | Onbekend] = [*blad.gebeurtenissen, *onbekende]
    waarden = {
        "filters": filters,
        "gekozen": filters.gekozen(),
        "feiten": FEITEN,
        "rollen": list(Rol),
        "organisaties": _organisaties(bezoeker),
        "blad": blad,
        "regels": sorted(regels, key=lambda een: -een.positie),
        "is_vol": len(blad.gebeurtenissen) == PER_BLADZIJDE,
        "reden": reden,
        "noem": bezoeker.noem,
    }
    return toon("logboek.html", bezoeker, "log", filters.adres(voor=filters.voor), waarden)


def _organisaties(bezoeker: Bezoeker) -> list[tuple[str, str]]:
    alle = bezoeker.dienst.kaders.organisaties(bezoeker.actor.regio)
    genoemd = sorted(((een.code, een.naam or een.code) for een in alle), key=lambda paar: paar[1])
    return [(bezoeker.actor.regio, bezoeker.noem(bezoeker.actor.regio)), *genoemd]
