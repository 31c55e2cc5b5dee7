"""The documentation as one page of HTML, made from the OpenAPI document: no scripts, nothing from elsewhere."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from overstap.adapters.http.operaties import METHODEN, operatie

router: Final = APIRouter()
_STIJL: Final = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1b1b1b}
code,pre{font-family:ui-monospace,monospace;font-size:.875rem}pre{background:#f3f3f3;padding:.5rem;overflow:auto}
h2{border-top:1px solid #767676;padding-top:1rem}table{border-collapse:collapse}td,th{text-align:left;
padding:.25rem .75rem .25rem 0;vertical-align:top}"""
_ZEGEL: Final = base64.b64encode(hashlib.sha256(_STIJL.encode()).digest()).decode()
_BELEID: Final = f"default-src 'none'; style-src 'sha256-{_ZEGEL}'; frame-ancestors 'none'"


@router.get(
    "/documentatie",
    operation_id="toon_documentatie",
    tags=["dienst"],
    openapi_extra=operatie(media="text/html", betekenis="De documentatie.", is_open=True),
)
async def toon_documentatie(request: Request) -> Response:
    """Toon alle bewerkingen met hun voorbeelden op één bladzijde."""
    doc = request.app.openapi()
    return HTMLResponse("".join(_blad(doc)), headers={"Content-Security-Policy": _BELEID})


def _blad(doc: Mapping[str, Any]) -> Iterator[str]:
    yield '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Overstap API</title>'
    yield f'<meta name="viewport" content="width=device-width"><style>{_STIJL}</style></head><body><main>'
    yield f"<h1>{escape(doc['info']['title'])} API {escape(doc['info']['version'])}</h1>"
    yield "".join(f"<p>{escape(alinea)}</p>" for alinea in doc["info"]["description"].split("\n") if alinea)
    yield '<p><a href="/v1/openapi.json">OpenAPI-document</a> · <a href="/v1/problemen">Problemen</a></p>'
    for pad, bewerkingen in doc["paths"].items():
        for methode, bewerking in bewerkingen.items():
            if methode in METHODEN:
                yield from _bewerking(methode, pad, bewerking)
    yield "</main></body></html>\n"


def _bewerking(methode: str, pad: str, bewerking: Mapping[str, Any]) -> Iterator[str]:
    naam = escape(bewerking["operationId"])
    yield f'<section id="{naam}"><h2><code>{methode.upper()} {escape(pad)}</code></h2>'
    yield f"<p>{escape(bewerking.get('description', ''))}</p>"
    if parameters := bewerking.get("parameters"):
        yield "<table><caption>Parameters</caption>"
        for een in parameters:
            plicht = "verplicht" if een.get("required") else ""
            yield f"<tr><th scope=row><code>{escape(een['name'])}</code></th><td>{een['in']} {plicht}</td>"
            yield f"<td>{escape(een.get('description', ''))}</td>"
            yield f"<td>{_voorbeeld_van(een)}</td></tr>"
        yield "</table>"
    for media, inhoud in bewerking.get("requestBody", {}).get("content", {}).items():
        yield f"<p>Inhoud (<code>{escape(media)}</code>):</p><pre>{_voorbeeld(inhoud.get('example'))}</pre>"
    yield "<table><caption>Antwoorden</caption>"
    for status, antwoord in bewerking["responses"].items():
        yield f"<tr><th scope=row>{status}</th><td>{escape(antwoord['description'])}</td></tr>"
    yield "</table></section>"


def _voorbeeld_van(parameter: Mapping[str, Any]) -> str:
    alle: list[object] = [*parameter["schema"].get("examples", ()), parameter.get("example")]
    eigen = alle[0]
    return "" if eigen is None else f"<code>{escape(str(eigen))}</code>"


def _voorbeeld(waarde: object) -> str:
    tekst = waarde if isinstance(waarde, str) else msgspec.json.format(msgspec.json.encode(waarde), indent=2).decode()
    return escape(tekst)
