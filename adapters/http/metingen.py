"""What is measured of this service, for Prometheus: requests, outcomes, the bus. Nothing about anybody."""

import asyncio
import os
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client import multiprocess as meer_processen
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.operaties import operatie
from overstap.adapters.opdracht import EerderVastgelegd, NietUniek, Resultaat, Vastgelegd
from overstap.domain.weigering import Weigering

router: Final = APIRouter()
MAP: Final = "PROMETHEUS_MULTIPROC_DIR"
_TIJDEN: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

VERZOEKEN: Final = Counter("overstap_http_verzoeken", "Verzoeken, per bron en status.", ("methode", "bron", "status"))
DUUR: Final = Histogram("overstap_http_seconden", "Hoe lang een verzoek duurde.", ("bron",), buckets=_TIJDEN)
OPDRACHTEN: Final = Counter("overstap_opdrachten", "Wat de bus antwoordde.", ("uitkomst",))
STAPEL: Final = Histogram(
    "overstap_stapel_opdrachten",
    "Opdrachten die samen zijn vastgelegd.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
)
VASTLEGGEN: Final = Histogram("overstap_vastleggen_seconden", "Beslissen en vastleggen, per stapel.", buckets=_TIJDEN)
WACHTRIJ: Final = Gauge("overstap_wachtrij", "Opdrachten die op de bus wachten.", multiprocess_mode="livesum")
MEELEZERS: Final = Gauge("overstap_meelezers", "Open stromen met gebeurtenissen.", multiprocess_mode="livesum")
ACHTERSTAND: Final = Gauge(
    "overstap_beeld_achterstand", "Gebeurtenissen die een beeld achterloopt.", ("beeld",), multiprocess_mode="livemax"
)
_ACHTER: Final = """
SELECT v.naam, l.laatste - v.positie
  FROM beeld.voortgang AS v CROSS JOIN (SELECT coalesce(max(positie), 0) AS laatste FROM log.gebeurtenissen) AS l
"""


def meet_stapel(aantal: int, seconden: float) -> None:
    """Note what the bus decided and recorded together, and in how many seconds."""
    STAPEL.observe(aantal)
    VASTLEGGEN.observe(seconden)


def meet_uitkomst(resultaat: Resultaat) -> None:
    """Count what came of a request."""
    match resultaat:
        case Weigering():
            uitkomst = "geweigerd"
        case NietUniek():
            uitkomst = "niet_uniek"
        case Vastgelegd():
            uitkomst = "vastgelegd"
        case EerderVastgelegd():
            uitkomst = "eerder_vastgelegd"
        case _:
            uitkomst = "ongewijzigd"
    OPDRACHTEN.labels(uitkomst).inc()


@router.get(
    "/metrics",
    operation_id="meet",
    tags=["dienst"],
    openapi_extra=operatie(media="text/plain", betekenis="De metingen, zoals Prometheus ze leest.", is_open=True),
)
async def meet(request: Request) -> Response:
    """Toon de metingen van alle processen van deze dienst."""
    dienst = dienst_van(request)
    WACHTRIJ.set(dienst.bus.wachtend)
    MEELEZERS.set(dienst.uitzender.lezers)
    await _meet_achterstand(dienst)
    return Response(await asyncio.to_thread(_schrijf), media_type=CONTENT_TYPE_LATEST)


async def _meet_achterstand(dienst: Dienst) -> None:
    async with dienst.meter() as verbinding:
        for naam, achter in await (await verbinding.execute(_ACHTER)).fetchall():
            ACHTERSTAND.labels(naam).set(achter)


def _schrijf() -> bytes:
    if MAP not in os.environ:
        return generate_latest()
    samen = CollectorRegistry()
    meer_processen.MultiProcessCollector(samen)  # type: ignore[no-untyped-call]
    return generate_latest(samen)
