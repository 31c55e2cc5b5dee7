"""What a browser gets beside the pages: style, script, fonts; each under a name that changes with its content."""

import gzip
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from overstap.adapters.http.problemen import onbekend
from overstap.adapters.postgres.fouten import DatabankFout

PAD: Final = "/middelen"
_MAP: Final = Path(__file__).parent / "gebouwd"
_SOORTEN: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}
_INGEPAKT: Final = frozenset({"woff2"})
"""What is compressed already."""
_KOPPEN: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Accept-Encoding",
}
router: Final = APIRouter(include_in_schema=False)


class NietGebouwd(DatabankFout):
    """The files that a browser gets are not there."""


class Middel(msgspec.Struct, frozen=True):
    """One file: as it is, compressed (None when that saves nothing), and of which kind."""

    inhoud: bytes
    ingepakt: bytes | None
    soort: str


@cache
def namen() -> Mapping[str, str]:
    """Give the name each file has now, by the name pages call it by.

    Raises:
        NietGebouwd: when `make setup` did not make them.

    """
    try:
        gelezen: dict[str, str] = json.loads((_MAP / "namen.json").read_bytes())
    except FileNotFoundError:
        raise NietGebouwd("De schermen zijn niet gebouwd. Doe eerst: make setup") from None
    return gelezen


@cache
def _alle() -> Mapping[str, Middel]:
    return {naam: _lees(naam) for naam in namen().values()}


def _lees(naam: str) -> Middel:
    inhoud = (_MAP / naam).read_bytes()
    soort = naam.rpartition(".")[2]
    ingepakt = None if soort in _INGEPAKT else gzip.compress(inhoud, 9, mtime=0)
    return Middel(inhoud, ingepakt, _SOORTEN[soort])


def adres_van(naam: str) -> str:
    """Give the address of a file."""
    return f"{PAD}/{namen()[naam]}"


@router.get(f"{PAD}/{{naam}}")
async def geef_middel(request: Request, naam: str) -> Response:
    """Give a file; who has it never asks again."""
    middel = _alle().get(naam)
    if middel is None:
        raise onbekend()
    if middel.ingepakt is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(middel.ingepakt, headers={**_KOPPEN, "Content-Encoding": "gzip"}, media_type=middel.soort)
    return Response(middel.inhoud, headers=_KOPPEN, media_type=middel.soort)
