"""Fill in a page: the templates, what each of them may call, and the headers that every page has."""

from collections.abc import Mapping
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from overstap.adapters.web import middelen, tekens
from overstap.adapters.web.taal import TALEN, Taal
from overstap.domain.feiten import zonder_versie
from overstap.domain.kalender import AMSTERDAM

KOPPEN: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
"""Beside those that every answer has (adapters/http/poort.py): nothing but our own files, and no style or script in a
page itself."""
_OMGEVING: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "sjablonen"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def feitnaam(feit: str) -> str:
    """Say what kind of event it is by its stored name, such as 'status gewijzigd'."""
    return zonder_versie(feit).replace("-", " ")


_VER: Final = timedelta(minutes=1)
"""Two moments that are further apart are both worth telling."""
_OMGEVING.globals |= {"middel": middelen.adres_van, "teken": tekens.teken, "talen": TALEN}


_OMGEVING.filters |= {
    "leveringnaam": lambda soort, taal: taal.woord("levering", soort).lower(),
    "werklijstnaam": lambda lijst, taal: taal.woord("werklijst", lijst).lower(),
    "statusnaam": lambda status, taal: taal.woord("status", status),
    "datum": lambda tekst, taal: taal.datum(date.fromisoformat(tekst)),
    "in_woorden": lambda dag, taal: taal.weekdag(str(dag)),
    "feitnaam": feitnaam,
    "met_naam": lambda feit: (feit, feit.replace("-", " ")),
    "rolkeuze": lambda rol, taal: (str(rol), taal.woord("rol", rol)),
    "in_utc": lambda moment: f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
    "ter_plaatse": lambda moment: f"{moment.astimezone(AMSTERDAM):%Y-%m-%dT%H:%M}" if moment else "",
    "uitkomstkeuze": lambda uitkomst, taal: (str(uitkomst), taal.woord("uitkomst", uitkomst)),
    "ver_van": lambda een, ander: abs(een - ander) > _VER,
}


def vul_in(sjabloon: str, taal: Taal, waarden: Mapping[str, Any]) -> str:
    """Fill in a template, or a part of a page."""
    return _OMGEVING.get_template(sjabloon).render({**waarden, "t": taal})


def blad(sjabloon: str, taal: Taal, waarden: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """Answer with a page."""
    return HTMLResponse(vul_in(sjabloon, taal, waarden), status, KOPPEN)
