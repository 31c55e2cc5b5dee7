"""What goes wrong on a page becomes a page: of each problem its sentence, of none more than the API would tell."""

from collections.abc import Callable, Coroutine
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from overstap.adapters.http.problemen import PROBLEMEN, Probleem, correlatie_van
from overstap.adapters.postgres.fouten import DatabankFout
from overstap.adapters.toegangslog import ToegangslogVol
from overstap.adapters.wachtrij import BusGesloten, BusVol
from overstap.adapters.web.bezoeker import taal_van
from overstap.adapters.web.sjabloon import blad

_AANMELDEN: Final = "/aanmelden"
_ROL: Final = "/rol"
_KIES_ROL: Final = "kies_rol"
_NIET_AANGEMELD: Final = 401
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
    taal = taal_van(request)
    waarden = {
        "titel": taal.noem("probleem", probleem.soort) or PROBLEMEN[probleem.soort].titel,
        "probleem": probleem,
        "correlatie": correlatie_van(request),
        "bezoeker": None,
        "hier": "",
        "pad": request.url.path,
    }
    antwoord = blad("probleem.html", taal, waarden, probleem.status)
    antwoord.headers.update(probleem.koppen)
    return antwoord


def _hier(request: Request) -> str:
    """Give where somebody was going, when he can go there again."""
    if request.method not in _VEILIG:
        return "/"
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def _naar_aanmelden(request: Request) -> Response:
    vraag = {} if _hier(request) == "/" else {"naar": _hier(request)}
    if request.cookies:
        vraag["verlopen"] = "ja"
    adres = f"{_AANMELDEN}?{urlencode(vraag)}" if vraag else _AANMELDEN
    if request.headers.get("hx-request"):
        return Response(headers={"HX-Redirect": adres})
    return RedirectResponse(adres, 303)
