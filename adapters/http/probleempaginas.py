"""The pages that the types of problems point to: what it means, and what to do."""

from html import escape
from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.responses import HTMLResponse, Response

from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.problemen import PROBLEMEN, onbekend

router: Final = APIRouter()
Code = Annotated[str, Path(description="De code van het soort probleem.", examples=["geweigerd"])]
_BLAD: Final = """<!doctype html><html lang="nl"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{titel} - Overstap</title></head>
<body><main><h1>{titel}</h1>{inhoud}</main></body></html>
"""


@router.get(
    "/problemen",
    operation_id="noem_problemen",
    tags=["dienst"],
    openapi_extra=operatie(media="text/html", is_open=True),
)
async def noem_problemen() -> Response:
    """Noem elk soort probleem dat de API kent."""
    regels = "".join(
        f'<li><a href="/v1/problemen/{code}">{code}</a> ({soort.status}): {escape(soort.titel)}</li>'
        for code, soort in PROBLEMEN.items()
    )
    return HTMLResponse(_BLAD.format(titel="Problemen", inhoud=f"<ul>{regels}</ul>"))


@router.get(
    "/problemen/{code}",
    operation_id="leg_probleem_uit",
    tags=["dienst"],
    openapi_extra=operatie(media="text/html", is_open=True, problemen=("niet-gevonden",)),
)
async def leg_probleem_uit(code: Code) -> Response:
    """Leg één soort probleem uit, en zeg wat eraan te doen is."""
    soort = PROBLEMEN.get(code)
    if soort is None:
        raise onbekend()
    inhoud = f"<p>HTTP-status {soort.status}, code <code>{escape(code)}</code>.</p><p>{escape(soort.uitleg)}</p>"
    return HTMLResponse(_BLAD.format(titel=escape(soort.titel), inhoud=inhoud))
