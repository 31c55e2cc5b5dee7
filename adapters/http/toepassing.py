"""Put the front door together: the resources, the gate before them, and what each error becomes."""

import contextlib
import logging
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from http import HTTPMethod

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import Scope

from overstap.adapters.http import (
    aanleveringen,
    aanmelden,
    accounts,
    cijfers,
    contacten,
    documentatie,
    doorstroom,
    gebeurtenissen,
    geschiedenis,
    gezondheid,
    lijst,
    metingen,
    openapi,
    opvoeren,
    organisaties,
    organisatiestappen,
    overstappen,
    probleempaginas,
    procedure,
    sessie,
    stappen,
    toegang,
    wachtbakstap,
    werklijsten,
    zoeken,
)
from overstap.adapters.http.afsluiten import bij_stopteken
from overstap.adapters.http.bron import Bron, onbekende_parameters
from overstap.adapters.http.dienst import databank_van, open_dienst
from overstap.adapters.http.drukte import Drukte
from overstap.adapters.http.identiteit.proefuitgever import Proefuitgever
from overstap.adapters.http.identiteit.uitgevers import UitgeverOngeldig
from overstap.adapters.http.lichaam import uitleg_bij
from overstap.adapters.http.metingen import DUUR, VERZOEKEN, meet_stapel
from overstap.adapters.http.opties import Opties
from overstap.adapters.http.poort import Poort, sjabloon_van
from overstap.adapters.http.problemen import Fout, Probleem, onbekend, ongeldig
from overstap.adapters.http.proef import eis_proefdatabank
from overstap.adapters.http.versie import VERSIE
from overstap.adapters.http.wegwijzer import Wegwijzer
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankFout, DatabankOnbereikbaar
from overstap.adapters.telemetry import richt_in
from overstap.adapters.toegangslog import ToegangslogVol
from overstap.adapters.vault import KluisFout
from overstap.adapters.wachtrij import BusGesloten, BusVol, Onzeker
from overstap.adapters.web import bladen, bladroute, middelen

_KLEINSTE_GZIP = 1_024
_GZIP_NIVEAU = 5  # a tenth larger than the smallest, in a quarter of the time
_RUIM = 8
_METHODEN = frozenset(HTTPMethod)
DELEN = (
    overstappen,
    stappen,
    opvoeren,
    lijst,
    zoeken,
    geschiedenis,
    wachtbakstap,
    aanleveringen,
    gebeurtenissen,
    werklijsten,
    cijfers,
    doorstroom,
    organisaties,
    accounts,
    contacten,
    organisatiestappen,
    toegang,
    procedure,
    aanmelden,
    sessie,
    gezondheid,
    metingen,
    openapi,
    documentatie,
    probleempaginas,
)
"""The resources; each is a module with a router, in the order in which the document shows them."""


@dataclass(frozen=True)
class Maker:
    """Makes the application in a worker process; it can be sent there."""

    opties: Opties
    instellingen: Instellingen

    def __call__(self) -> FastAPI:
        """Make it; what uvicorn would say about it, is said by our own log lines."""
        stil = logging.getLogger("uvicorn.error")
        stil.addHandler(logging.NullHandler())
        stil.propagate = False
        richt_in(self.instellingen.logniveau)
        return maak_toepassing(self.opties, self.instellingen)


def maak_toepassing(
    opties: Opties, instellingen: Instellingen, databank: AbstractContextManager[Databank] | None = None
) -> FastAPI:
    """Make the application; the database (default: that of the settings) is opened when it starts."""
    drukte = Drukte()

    @contextlib.asynccontextmanager
    async def leven(app: FastAPI) -> AsyncIterator[None]:
        try:
            middelen.namen()
            plaats = databank or databank_van(instellingen)
            async with open_dienst(opties, instellingen, plaats, drukte, meet_stapel) as dienst:
                if opties.is_proef:
                    await eis_proefdatabank(dienst)
                    app.state.proefuitgever = Proefuitgever(instellingen.datamap)
                app.state.dienst = dienst
                with bij_stopteken(dienst.uitzender.stop):
                    yield
        except (DatabankFout, KluisFout, UitgeverOngeldig) as fout:
            structlog.get_logger().error("dienst_onmogelijk", uitleg=str(fout))  # the sentence says it
            raise

    app = FastAPI(
        title="Overstap",
        version=VERSIE,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # what we measure stands in metingen.py
        lifespan=leven,
    )
    app.state.proefuitgever = None
    adres = instellingen.openbaar_adres or opties.adres
    app.openapi = lambda: openapi.document(app, adres)  # type: ignore[method-assign]  # as FastAPI's own docs do it
    app.router.routes += [*_operaties(), *bladen.routes()]
    app.router.routes.insert(0, Wegwijzer(app.router.routes))
    _vertaal_fouten(app, _methoden(app.routes))
    app.add_middleware(GZipMiddleware, minimum_size=_KLEINSTE_GZIP, compresslevel=_GZIP_NIVEAU)
    app.add_middleware(
        Poort,
        adres=adres,
        is_proef=opties.is_proef,
        maat=lambda scope: _maat(scope, instellingen),
        na_afloop=_log,
        drukte=drukte,
    )
    return app


@cache
def _operaties() -> Sequence[BaseRoute]:
    """Give the routes of the resources themselves: to find one in a router in a router, each is searched twice."""
    geheel = APIRouter()
    for route in (route for deel in DELEN for route in deel.router.routes):
        if not isinstance(route, APIRoute):
            raise TypeError(f"{route!r} is no operation")
        geheel.add_api_route(
            f"/v1{route.path}",
            route.endpoint,
            route_class_override=Bron,
            methods=sorted(route.methods or ()),
            name=route.name,
            operation_id=route.operation_id,
            tags=route.tags,
            responses=route.responses,
            status_code=route.status_code,
            openapi_extra=route.openapi_extra,
            include_in_schema=route.include_in_schema,
        )
    return geheel.routes


def _maat(scope: Scope, instellingen: Instellingen) -> tuple[int, float]:
    if scope["path"] == "/v1/aanleveringen":
        return instellingen.grootste_levering, instellingen.geduld_levering
    if scope["path"].startswith("/aanleveren"):  # who sends a file that is too large hears so on a page
        return _RUIM * instellingen.grootste_bestand, instellingen.geduld_levering
    return instellingen.grootste_verzoek, instellingen.geduld_lichaam


def _log(scope: Scope, status: int, seconden: float) -> None:
    bron = sjabloon_van(scope)
    VERZOEKEN.labels(scope["method"] if scope["method"] in _METHODEN else "?", bron, status).inc()
    DUUR.labels(bron).observe(seconden)
    structlog.get_logger().info(
        "verzoek",
        methode=scope["method"],
        bron=bron,
        status=status,
        milliseconden=round(seconden * 1000, 1),
    )


def _vertaal_fouten(app: FastAPI, methoden: Mapping[str, set[str]]) -> None:
    @app.exception_handler(RequestValidationError)
    async def invoer(_request: Request, fout: RequestValidationError) -> Response:
        raise ongeldig(*(_fout(een) for een in fout.errors()), *onbekende_parameters())

    @app.exception_handler(HTTPException)
    async def adres(request: Request, fout: HTTPException) -> Response:
        if fout.status_code == 405:  # noqa: PLR2004
            mag = ", ".join(sorted(methoden.get(sjabloon_van(request.scope), ())))
            raise Probleem("methode-niet-toegestaan", f"Hier kan {mag}.", koppen={"Allow": mag})
        if "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1"):
            return bladroute.meld(request, onbekend())
        raise onbekend()

    @app.exception_handler(BusVol)
    async def vol(_request: Request, fout: BusVol) -> Response:
        raise Probleem("niet-beschikbaar", str(fout), code="druk", koppen={"Retry-After": str(fout.seconden)})

    @app.exception_handler(ToegangslogVol)
    async def log_vol(_request: Request, fout: ToegangslogVol) -> Response:
        raise Probleem("niet-beschikbaar", str(fout), code="druk", koppen={"Retry-After": str(fout.seconden)})

    @app.exception_handler(BusGesloten)
    async def gesloten(_request: Request, fout: BusGesloten) -> Response:
        raise Probleem("niet-beschikbaar", str(fout), code="gesloten", koppen={"Retry-After": "2"})

    @app.exception_handler(DatabankOnbereikbaar)
    async def weg(_request: Request, fout: DatabankOnbereikbaar) -> Response:
        if isinstance(fout, Onzeker):
            zin = "De database viel weg tijdens het vastleggen. Stuur het verzoek opnieuw met dezelfde Idempotency-Key."
            raise Probleem("niet-beschikbaar", zin, code="onzeker", koppen={"Retry-After": "1"})
        zin = "De database is even niet te bereiken; dit verzoek is niet vastgelegd."
        raise Probleem("niet-beschikbaar", zin, code="database_weg", koppen={"Retry-After": "2"})


def _fout(een: dict[str, object]) -> Fout:
    plaats = een["loc"]
    waar = ".".join(str(deel) for deel in plaats) if isinstance(plaats, tuple) else ""
    is_weg = een["type"] == "missing"
    return Fout(plaats=waar, code="ontbreekt" if is_weg else "ongeldig", uitleg=uitleg_bij(str(een["type"])))


def _methoden(routes: Iterable[BaseRoute]) -> dict[str, set[str]]:
    """Give the methods of each address."""
    methoden: dict[str, set[str]] = {}
    for route in routes:
        methoden.setdefault(getattr(route, "path_format", ""), set()).update(getattr(route, "methods", None) or ())
    return methoden
