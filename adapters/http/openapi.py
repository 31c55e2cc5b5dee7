"""The OpenAPI 3.1 document: what FastAPI knows of the routes, with our schemas, problems and ways to sign in."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from overstap.adapters.http.antwoorden import in_json
from overstap.adapters.http.operaties import METHODEN, VERWIJZING, bekende_structs, operatie
from overstap.adapters.http.parametervoorbeelden import voorbeeld_van
from overstap.adapters.http.problemen import PROBLEEM_JSON, PROBLEMEN, Fout, ProbleemJson
from overstap.adapters.http.verbanden import verbind
from overstap.adapters.http.versie import VERSIE

router: Final = APIRouter()
_TITEL: Final = "Overstap"
_OVER: Final = """Volgt elke leerling van VO naar MBO. Instellingen leggen vast wat er gebeurde; de procedure beslist.

- Wie vastlegt geeft een eigen `Idempotency-Key` mee: hetzelfde verzoek nog eens krijgt hetzelfde antwoord.
- Een stap draagt met `If-Match` de versie die u zag; de `ETag` van een antwoord noemt haar.
- Wat u niet mag zien, bestaat voor u niet: 404.
- Elke fout is `application/problem+json`; `type` verwijst naar een bladzijde die haar uitlegt.
"""
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "De ETag die u al hebt: is dat nog de versie, dan komt er 304 en geen inhoud.",
}
_CONTACT: Final = {"name": "Beheer Overstap", "email": "beheer@overstap.example", "url": "https://overstap.example"}
_LABELS: Final = {
    "overstappen": "De leerling onderweg: opvoeren, zoeken, bekijken.",
    "stappen": "Elke stap van beide kaarten en elk ander verzoek over een leerling.",
    "aanleveringen": "Bestanden en berichten die instellingen aanleveren.",
    "werklijsten": "Met wie iemand nu iets moet.",
    "cijfers": "De tellingen, op een dag zoals ze op een moment bekend waren.",
    "organisaties": "Wie meedoet, en wie er mag handelen.",
    "gebeurtenissen": "Alles wat er gebeurde, in volgorde.",
    "identiteit": "Aanmelden en afmelden van mensen.",
    "dienst": "Hoe het met de dienst zelf is.",
}


def document(app: FastAPI, adres: str) -> dict[str, Any]:
    """Make the document of an application that is reached at this address; once, then it is remembered."""
    if app.openapi_schema is None:
        app.openapi_schema = _maak(app, adres)
    return app.openapi_schema


def _maak(app: FastAPI, adres: str) -> dict[str, Any]:
    doc = get_openapi(
        title=_TITEL,
        version=VERSIE,
        openapi_version="3.1.0",
        description=_OVER,
        routes=app.routes,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        servers=[{"url": adres}],
        tags=[{"name": naam, "description": wat} for naam, wat in _LABELS.items()],
    )
    doc["info"]["contact"] = _CONTACT
    delen = doc.setdefault("components", {})
    _, schemas = msgspec.json.schema_components([*bekende_structs(), ProbleemJson, Fout], ref_template=VERWIJZING)
    delen["schemas"] = {
        **{n: s for n, s in delen.get("schemas", {}).items() if n not in {"HTTPValidationError", "ValidationError"}},
        **schemas,
    }
    for schema in delen["schemas"].values():
        _zeg_momenten(schema)
    delen["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "Token van de uitgever van uw organisatie (OAuth2 client credentials).",
        },
        "sessie": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-overstap",
            "description": "Sessie van een mens, na aanmelden met OpenID Connect op /v1/aanmelden.",
        },
    }
    doc["security"] = [{"token": []}, {"sessie": []}]
    _zet_voorbeelden(doc, app.routes)
    for bewerking in _bewerkingen(doc):
        _vul_aan(bewerking, adres)
    verbind({bewerking["operationId"]: bewerking for bewerking in _bewerkingen(doc)})
    return doc


def _zeg_momenten(schema: dict[str, Any]) -> None:
    """Say of an instant that it is one: msgspec leaves that out, and by our rule its name says it."""
    for naam, veld in schema.get("properties", {}).items():
        if naam.endswith(("Op", "Tijdstip")):
            for een in veld.get("anyOf", (veld,)):
                if een.get("type") == "string":
                    een["format"] = "date-time"


def _zet_voorbeelden(doc: dict[str, Any], routes: Iterable[BaseRoute]) -> None:
    """Put the examples in as they were written: FastAPI leaves out of them what is null."""
    for route in routes:
        if not isinstance(route, APIRoute) or not route.include_in_schema or not route.openapi_extra:
            continue
        for methode in route.methods or ():
            bewerking = doc["paths"][route.path_format][methode.lower()]
            for status, antwoord in route.openapi_extra.get("responses", {}).items():
                for media, inhoud in antwoord.get("content", {}).items():
                    if "example" in inhoud:
                        bewerking["responses"][status]["content"][media]["example"] = inhoud["example"]


def _bewerkingen(doc: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for pad in doc["paths"].values():
        for methode, bewerking in pad.items():
            if methode in METHODEN:
                yield bewerking


def _vul_aan(bewerking: dict[str, Any], adres: str) -> None:
    antwoorden: dict[str, Any] = bewerking["responses"]
    antwoorden.pop("422", None)
    per_status: dict[int, list[str]] = {}
    for soort in bewerking.pop("x-problemen", ()):
        per_status.setdefault(PROBLEMEN[soort].status, []).append(soort)
    for status, soorten in per_status.items():
        antwoorden[str(status)] = {
            "description": "; ".join(PROBLEMEN[soort].titel for soort in soorten) + ".",
            "content": {
                PROBLEEM_JSON: {
                    "schema": {"$ref": VERWIJZING.format(name=ProbleemJson.__name__)},
                    "examples": {soort: {"value": _voorbeeld(soort, adres)} for soort in soorten},
                }
            },
            "headers": _koppen(status),
        }
    if "304" in antwoorden:
        bewerking["parameters"].append(_IF_NONE_MATCH | {"schema": {"type": "string"}})
    for parameter in bewerking.get("parameters", ()):
        if "examples" not in parameter["schema"] and (voorbeeld := voorbeeld_van(parameter)) is not None:
            parameter["example"] = voorbeeld
        if parameter["name"] == "If-Match":  # a request without it is told so with a status of its own
            parameter |= {"required": True, "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,18}")$'}}
    for antwoord in antwoorden.values():
        antwoord.setdefault("headers", {})["API-Version"] = {
            "description": "De versie van deze API.",
            "schema": {"type": "string"},
        }
    bewerking["responses"] = dict(sorted(antwoorden.items()))


def _voorbeeld(soort: str, adres: str) -> dict[str, Any]:
    probleem = PROBLEMEN[soort]
    return {
        "type": f"{adres}/v1/problemen/{soort}",
        "title": probleem.titel,
        "status": probleem.status,
        "detail": probleem.uitleg,
        "instance": "urn:uuid:4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
        "code": soort.replace("-", "_"),
        "errors": [],
    }


def _koppen(status: int) -> dict[str, Any]:
    koppen = {401: ("WWW-Authenticate", "Hoe u zich aanmeldt.")} | dict.fromkeys(
        (429, 503), ("Retry-After", "Na zoveel seconden kunt u het opnieuw proberen.")
    )
    if status not in koppen:
        return {}
    naam, wat = koppen[status]
    return {naam: {"description": wat, "schema": {"type": "string"}}}


@router.get(
    "/openapi.json",
    operation_id="toon_openapi",
    tags=["dienst"],
    openapi_extra=operatie(antwoord={"type": "object"}, betekenis="Het OpenAPI-document.", is_open=True),
)
async def toon_openapi(request: Request) -> Response:
    """Toon dit document; iedereen mag het lezen, ook vanaf andere sites."""
    return in_json(request.app.openapi(), koppen={"Access-Control-Allow-Origin": "*"})
