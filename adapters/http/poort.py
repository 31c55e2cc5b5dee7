"""The gate every request passes: ids bound once, limits of size and time, the headers of every answer, one log line."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID, uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from overstap.adapters.http.drukte import Drukte
from overstap.adapters.http.problemen import Probleem, antwoord
from overstap.adapters.http.versie import VERSIE

_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}", re.ASCII)
_GEEN_SPOOR: Final = "0" * 32
_DOORGESTUURD: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto")
VAST: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "API-Version": VERSIE,
}
"""The headers of every answer, whoever gives it."""
_HSTS: Final = "max-age=31536000; includeSubDomains"

Maat = Callable[[Scope], tuple[int, float]]
"""Gives how many bytes the body of a request may have, and in how many seconds it must be there."""
NaAfloop = Callable[[Scope, int, float], None]
"""Hears the status and the seconds of each request."""


class Poort:
    """ASGI middleware around everything else.

    adres is where the outside world reaches this service; is_proef refuses what came through a proxy. drukte is told
    how many requests are not answered yet; a stream is answered when it begins.
    """

    def __init__(  # noqa: PLR0913  # what it must know of the service
        self, app: ASGIApp, *, adres: str, is_proef: bool, maat: Maat, na_afloop: NaAfloop, drukte: Drukte
    ) -> None:
        self._app = app
        self._adres = adres
        self._is_tls = adres.startswith("https://")  # TLS ends before us: the address people use says so
        self._is_proef = is_proef
        self._maat = maat
        self._na_afloop = na_afloop
        self._drukte = drukte

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin, status = time.perf_counter(), 0
        self._drukte.aantal += 1
        koppen = Headers(scope=scope)
        correlatie = scope["overstap.correlatie"] = _correlatie(koppen)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlatie=str(correlatie))

        async def stuur(bericht: Message) -> None:
            nonlocal status
            if bericht["type"] == "http.response.start":
                if status == 0:
                    self._drukte.aantal -= 1
                status = bericht["status"]
                uit = MutableHeaders(scope=bericht)
                for naam, waarde in VAST.items():
                    uit.setdefault(naam, waarde)
                uit["X-Correlation-Id"] = str(correlatie)
                if self._is_tls:
                    uit["Strict-Transport-Security"] = _HSTS
            await send(bericht)

        try:
            try:
                self._keur(scope, koppen)
                await self._app(scope, self._begrensd(scope, receive), stuur)
            except Probleem as probleem:
                await antwoord(probleem, self._adres, str(correlatie))(scope, receive, stuur)
        except Exception:  # noqa: BLE001  # the last one to answer
            structlog.get_logger().exception("onvoorzien")
            if status == 0:
                onvoorzien = Probleem("interne-fout", "Er ging iets mis dat niemand voorzag.")
                await antwoord(onvoorzien, self._adres, str(correlatie))(scope, receive, stuur)
        finally:
            if status == 0:
                self._drukte.aantal -= 1
            seconden = time.perf_counter() - begin
            self._na_afloop(scope, status, seconden)

    def _keur(self, scope: Scope, koppen: Headers) -> None:
        if self._is_proef and any(naam in koppen for naam in _DOORGESTUURD):
            raise Probleem(
                "geen-toegang", "De proef werkt alleen op deze machine zelf; verzoeken via een proxy weigert zij."
            )
        omvang = koppen.get("content-length", "0")
        maat, _geduld = self._maat(scope)
        if omvang.isascii() and omvang.isdigit() and int(omvang) > maat:
            raise _te_groot(maat)

    def _begrensd(self, scope: Scope, receive: Receive) -> Callable[[], Awaitable[Message]]:
        """Let a body in that is neither too long nor too slow."""
        maat, geduld = self._maat(scope)
        rest, einde = maat, 0.0
        is_binnen = False

        async def ontvang() -> Message:
            nonlocal rest, einde, is_binnen
            if is_binnen:
                return await receive()  # only a disconnect can come now
            einde = einde or asyncio.get_running_loop().time() + geduld
            try:
                async with asyncio.timeout_at(einde):
                    bericht = await receive()
            except TimeoutError:
                raise Probleem(
                    "te-traag", f"De inhoud was na {geduld:.0f} s niet binnen.", koppen={"Connection": "close"}
                ) from None
            rest -= len(bericht.get("body", b""))
            if rest < 0:
                raise _te_groot(maat)
            is_binnen = not bericht.get("more_body", False)
            return bericht

        return ontvang


def _te_groot(maat: int) -> Probleem:
    return Probleem(
        "te-groot",
        f"De inhoud mag hier hoogstens {maat:,} bytes zijn.".replace(",", "."),
        koppen={"Connection": "close"},
    )


def _correlatie(koppen: Headers) -> UUID:
    """Give the trace id of the caller's traceparent, or a new one."""
    gevonden = _TRACEPARENT.fullmatch(koppen.get("traceparent", ""))
    return UUID(hex=gevonden[1]) if gevonden and gevonden[1] != _GEEN_SPOOR else uuid4()


def sjabloon_van(scope: Scope) -> str:
    """Name the resource of a request without anything the caller wrote: the route's own template."""
    return str(getattr(scope.get("route"), "path_format", "?"))
