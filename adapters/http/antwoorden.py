"""How an answer is written: JSON by msgspec, the version of what it shows as ETag, and 304 for who has it already."""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from overstap.adapters.http.problemen import Fout, Probleem, ongeldig

JSON: Final = "application/json"
_schrijf = msgspec.json.Encoder()
_ETAG: Final = re.compile(r'"([0-9]{1,18})"', re.ASCII)


def in_json(inhoud: Any, status: int = 200, koppen: Mapping[str, str] | None = None) -> Response:  # noqa: ANN401
    """Answer with anything msgspec can write; instants in UTC with Z."""
    return Response(_schrijf.encode(inhoud), status, koppen, JSON)


def etag(versie: int) -> str:
    """Write the version of a stream as its ETag."""
    return f'"{versie}"'


def is_bekend(request: Request, versie: int) -> bool:
    """Tell whether the caller has this version already (If-None-Match)."""
    gevraagd = request.headers.get("if-none-match", "")
    return any(een.strip().removeprefix("W/") in {etag(versie), "*"} for een in gevraagd.split(","))


def ongewijzigd(versie: int) -> Response:
    """Answer that the caller has it already."""
    return Response(status_code=304, headers={"ETag": etag(versie)})


def verwachte_versie(request: Request) -> int | None:
    """Give the version the caller says he saw (If-Match); None for `*`: whichever it is.

    Raises:
        Probleem: 428 when it is missing, 400 when it is no ETag of ours.

    """
    gegeven = request.headers.get("if-match")
    if gegeven is None:
        raise Probleem("versie-ontbreekt", "Zeg met If-Match welke versie u zag; de ETag van het antwoord noemt haar.")
    if gegeven.strip() == "*":
        return None
    gevonden = _ETAG.fullmatch(gegeven.strip())
    if gevonden is None:
        raise ongeldig(
            Fout(
                plaats="header.If-Match", code="ongeldig", uitleg='Geef één ETag zoals wij hem gaven, zoals "17", of *.'
            )
        )
    return int(gevonden[1])


def volgende_bladzijde(request: Request, na: object | None) -> dict[str, str]:
    """Give the Link to the next page, as the caller asked for this one; na is None on the last page."""
    if na is None:
        return {}
    vraag = request.url.include_query_params(na=na)
    return {"Link": f'<{vraag.path}?{vraag.query}>; rel="next"'}
