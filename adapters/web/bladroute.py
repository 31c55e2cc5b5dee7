"""What goes wrong on a page becomes a page: of each problem its sentence, of none more than the API would tell."""

from collections.abc import Callable, Coroutine
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import structlog
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match

from overstap.adapters.http.problemen import PROBLEMEN, Probleem, correlatie_van
from overstap.adapters.postgres.fouten import DatabankFout
from overstap.adapters.toegangslog import ToegangslogVol
from overstap.adapters.wachtrij import BusGesloten, BusVol
from overstap.adapters.web.afscheid import SSE, afscheid
from overstap.adapters.web.bezoeker import merk_van, taal_van
from overstap.adapters.web.omlijsting import omlijsting
from overstap.adapters.web.sjabloon import blad

_AANMELDEN: Final = "/aanmelden"
_ROL: Final = "/rol"
_KIES_ROL: Final = "kies_rol"
_NIET_AANGEMELD: Final = 401
_ZONDER_ROL: Final = frozenset({"account_zonder_rol", "rol_ingetrokken"})
"""Who is signed in and may do nothing: all he can do is sign out."""
_VEILIG: Final = frozenset({"GET", "HEAD"})


class Bladroute(APIRoute):
    """A route whose answers are pages, also when it cannot answer."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give what answers a request."""
        antwoord = super().get_route_handler()

        async def antwoord_altijd(request: Request) -> Response:
            try:
                return await antwoord(request)
            except Probleem as probleem:
                return meld(request, probleem)
            except RequestValidationError:
                return meld(request, Probleem("ongeldige-invoer", "Dit adres klopt niet."))
            except (BusVol, BusGesloten, ToegangslogVol, DatabankFout):
                return meld(request, Probleem("niet-beschikbaar", "De dienst is even niet te bereiken."))
            except Exception:  # noqa: BLE001  # somebody looks at a page: he gets one
                structlog.get_logger().exception("onvoorzien")
                return meld(request, Probleem("interne-fout", "Er ging iets mis dat niemand voorzag."))

        return antwoord_altijd


def meld(request: Request, probleem: Probleem) -> Response:
    """Show a problem; who is not signed in goes to sign in first, and comes back to where he was."""
    if probleem.status == _NIET_AANGEMELD:
        return _naar_aanmelden(request)
    if probleem.code == _KIES_ROL and request.url.path != _ROL:
        return RedirectResponse(f"{_ROL}?{urlencode({'naar': _hier(request)})}", 303)
    taal, bezoeker = taal_van(request), getattr(request.state, "bezoeker", None)
    omgeving = {"bezoeker": None, "hier": "", "pad": request.url.path}
    waarden = {
        **(omgeving if bezoeker is None else omlijsting(bezoeker, "", request.url.path)),
        "titel": taal.noem("probleem", probleem.soort) or PROBLEMEN[probleem.soort].titel,
        "probleem": probleem,
        "correlatie": correlatie_van(request),
        "merk": merk_van(request) if probleem.code in _ZONDER_ROL else None,
    }
    antwoord = blad("probleem.html", taal, waarden, probleem.status)
    antwoord.headers.update(probleem.koppen)
    return antwoord


def _hier(request: Request) -> str:
    """Give where somebody was going, when he can go there again; of a form the page that it stood on."""
    if request.method not in _VEILIG:
        return request.url.path if _is_bladzijde(request) else "/"
    if nu := request.headers.get("hx-current-url"):  # a part of a page was asked for: he looks at the whole
        delen = urlsplit(nu)
        return f"{delen.path}?{delen.query}" if delen.query else delen.path or "/"
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def _is_bladzijde(request: Request) -> bool:
    """Tell whether one can go to the address that a form was sent to."""
    alsof = {**request.scope, "method": "GET"}
    return any(
        route.matches(alsof)[0] is Match.FULL for route in request.app.router.routes if isinstance(route, Bladroute)
    )


def _naar_aanmelden(request: Request) -> Response:
    """Show the way to sign in, and say why; a stream is told so in its own words, and asks no more."""
    if SSE in request.headers.get("accept", ""):
        return Response(afscheid(taal_van(request)), media_type=SSE)
    vraag = {} if _hier(request) == "/" else {"naar": _hier(request)}
    if request.method not in _VEILIG:
        vraag["verlopen"] = "formulier"
    elif request.cookies:
        vraag["verlopen"] = "ja"
    adres = f"{_AANMELDEN}?{urlencode(vraag)}" if vraag else _AANMELDEN
    if request.headers.get("hx-request"):
        return Response(headers={"HX-Redirect": adres})
    return RedirectResponse(adres, 303)
