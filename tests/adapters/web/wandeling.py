"""Every page there is, found in the routes themselves: a page that somebody adds is walked from then on."""

import html
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from uuid import uuid4

import msgspec
from starlette.routing import BaseRoute

from overstap.adapters.http.stapverzoeken import STAPPEN
from overstap.adapters.web import bladen

_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
_STROOM = re.compile(r"/live$")
"""Pages that never end; what they show is tested in test_live.py and tests/adapters/http/test_kijker.py."""
_BESTANDEN = "/middelen/"
OPEN = {"/aanmelden", "/taal"}
"""Where nobody needs a session."""


class Adres(msgspec.Struct, frozen=True):
    """An address to ask for: the route it is of, and the path."""

    methode: str
    route: str
    pad: str


def routes() -> Iterator[tuple[str, str]]:
    """Give the method and path of every page that ends and is no file."""
    for een in bladen.routes():
        pad = pad_van(een)
        if not _STROOM.search(pad) and not pad.startswith(_BESTANDEN):
            for methode in sorted(getattr(een, "methods", None) or ()):
                if methode != "HEAD":
                    yield methode, pad


def pad_van(route: BaseRoute) -> str:
    return str(getattr(route, "path", ""))


def adressen(methode: str, waarden: Mapping[str, str]) -> list[Adres]:
    """Give an address of every page of a method, and of a step each; waarden fills what stands in a path.

    What nobody told a value for gets one that is not there.
    """
    gevuld = []
    for hoe, route in routes():
        if hoe == methode:
            stappen = sorted(STAPPEN) if "{stap}" in route else [""]
            gevuld += [Adres(methode, route, _vul(route, {"stap": stap, **waarden})) for stap in stappen]
    return gevuld


def _vul(route: str, waarden: Mapping[str, str]) -> str:
    return _PARAMETER.sub(lambda gevonden: waarden.get(gevonden[1], _onbekend(gevonden[0])), route)


def _onbekend(parameter: str) -> str:
    return str(uuid4()) if parameter.endswith(":uuid}") else "1"


class _Tekst(HTMLParser):
    """What a page says of itself: without what one may choose from, which is the same for everybody."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.delen: list[str] = []
        self._keuze = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"select", "datalist"}:
            self._keuze += 1
        if not self._keuze:
            self.delen += [waarde for _, waarde in attrs if waarde]

    def handle_endtag(self, tag: str) -> None:
        if tag in {"select", "datalist"}:
            self._keuze -= 1

    def handle_data(self, data: str) -> None:
        if not self._keuze:
            self.delen.append(data)


def tekst_van(inhoud: str) -> str:
    """Give everything that stands in a page, attributes included, but for lists to choose from."""
    lezer = _Tekst()
    lezer.feed(inhoud)
    return "\n".join(lezer.delen)


class Veld(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a form, as it stands in the page; gekozen is what a browser would send as it is now."""

    naam: str
    soort: str
    waarde: str
    gekozen: str
    keuzes: tuple[str, ...] = ()


class Formulier(msgspec.Struct, frozen=True, kw_only=True):
    """A form, as it stands in a page."""

    methode: str
    naar: str
    velden: tuple[Veld, ...]


class _Formulieren(HTMLParser):
    def __init__(self, hier: str) -> None:
        super().__init__(convert_charrefs=True)
        self.gevonden: list[tuple[str, str, dict[str, Veld]]] = []
        self._hier = hier
        self._open: dict[str, Veld] | None = None
        self._keuzes: tuple[str, list[str], list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        bij = {naam: waarde or "" for naam, waarde in attrs}
        if tag == "form":
            self._open = {}
            self.gevonden.append((bij.get("method", "get").upper(), bij.get("action") or self._hier, self._open))
        if self._open is None:
            return
        naam, waarde = bij.get("name", ""), bij.get("value", "")
        match tag:
            case "input" if naam and bij.get("type") in {"radio", "checkbox"}:
                eerst = self._open.get(naam)
                keuzes = (*(eerst.keuzes if eerst else ()), bij.get("value", "on"))
                gekozen = bij.get("value", "on") if "checked" in bij else eerst.gekozen if eerst else ""
                self._open[naam] = Veld(naam=naam, soort="keuze", waarde=keuzes[0], gekozen=gekozen, keuzes=keuzes)
            case "input" if naam:
                soort = bij.get("type", "text")
                self._open.setdefault(naam, Veld(naam=naam, soort=soort, waarde=waarde, gekozen=waarde))
            case "textarea" if naam:
                self._open[naam] = Veld(naam=naam, soort="textarea", waarde="", gekozen="")
            case "select" if naam:
                self._keuzes = (naam, [], [])
            case "option" if self._keuzes:
                self._keuzes[1].append(waarde)
                self._keuzes[2].extend([waarde] if "selected" in bij else [])
            case "button" if naam:
                self._open[naam] = Veld(naam=naam, soort="button", waarde=waarde, gekozen="")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select" and self._keuzes and self._open is not None:
            naam, keuzes, gekozen = self._keuzes
            eerste = next((een for een in keuzes if een), "")
            nu = (gekozen or keuzes or [""])[0]
            self._open[naam] = Veld(naam=naam, soort="keuze", waarde=eerste, gekozen=nu, keuzes=tuple(keuzes))
            self._keuzes = None


def formulieren_in(inhoud: str, hier: str) -> list[Formulier]:
    """Give the forms of a page; hier is its own address."""
    lezer = _Formulieren(hier)
    lezer.feed(inhoud)
    return [
        Formulier(methode=methode, naar=naar, velden=tuple(velden.values())) for methode, naar, velden in lezer.gevonden
    ]


def keuzes_van(een: Formulier, hoogstens: int | None = None) -> Iterator[dict[str, str]]:
    """Give what a browser would send of a form: as it is, with each choice made once, and with its days filled in.

    hoogstens: so many choices of each field, the last ones; None is all.
    """
    nu = {veld.naam: veld.gekozen for veld in een.velden if veld.soort != "button"}
    yield nu
    for veld in een.velden:
        for keuze in [keuze for keuze in veld.keuzes if keuze != veld.gekozen][-(hoogstens or 0) :]:
            yield {**nu, veld.naam: keuze}
    if dagen := {veld.naam: _DAG for veld in een.velden if veld.soort == "date"}:
        yield nu | dagen


_DAG = "2026-01-09"
_ADRES = re.compile(r'(?:href|action)="(/[^"#]*)')


def links_in(inhoud: str) -> list[str]:
    """Give the addresses of this site that a page leads to."""
    return list(dict.fromkeys(html.unescape(een) for een in _ADRES.findall(inhoud)))


def route_van(pad: str, methode: str = "GET") -> str | None:
    """Give the route that a path belongs to; None when it is no page."""
    return _route_van(pad.partition("?")[0], methode)


@cache
def _route_van(kaal: str, methode: str) -> str | None:
    for een in bladen.routes():
        patroon = getattr(een, "path_regex", None)
        if patroon is not None and methode in (getattr(een, "methods", None) or ()) and patroon.match(kaal):
            return pad_van(een)
    return None
