"""The application itself, asked without a socket: thousands of questions in the time that a door takes for hundreds."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator, MutableMapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import msgspec
import structlog
from fastapi import FastAPI

from overstap.adapters.http.opties import Opties
from overstap.adapters.http.toepassing import maak_toepassing
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.telemetry import richt_in
from tests.adapters.http.deur import GEDULD, instellingen

_TEGELIJK = 24


class Vraag(msgspec.Struct, frozen=True, kw_only=True):
    """One request."""

    pad: str
    methode: str = "GET"
    koppen: dict[str, str] = {}
    inhoud: bytes | None = None


class Binnendeur:
    """Asks the application what it is asked, some at once, in an event loop of its own."""

    def __init__(self, app: FastAPI, lus: asyncio.AbstractEventLoop) -> None:
        self.app = app
        self._lus = lus

    def vraag(self, vragen: Sequence[Vraag]) -> list[httpx.Response]:
        """Give the answers, in the order of the questions."""
        toekomst: Future[list[httpx.Response]] = asyncio.run_coroutine_threadsafe(self._vraag(vragen), self._lus)
        return toekomst.result()

    async def _vraag(self, vragen: Sequence[Vraag]) -> list[httpx.Response]:
        ruimte = asyncio.Semaphore(_TEGELIJK)

        async def stel(een: Vraag) -> httpx.Response:
            async with ruimte:
                return await self._stel(een)

        return list(await asyncio.gather(*map(stel, vragen)))

    async def _stel(self, een: Vraag) -> httpx.Response:
        """Ask as a server does (ASGI); httpx's own way in takes a quarter of the time of an answer."""
        inhoud = een.inhoud or b""
        pad, _, vraag = een.pad.partition("?")
        koppen = {"host": "binnen", "accept": "*/*", "content-length": str(len(inhoud))}
        koppen |= {naam.lower(): waarde for naam, waarde in een.koppen.items()}
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": een.methode,
            "scheme": "http",
            "path": unquote(pad),
            "raw_path": pad.encode("ascii"),
            "query_string": vraag.encode("ascii"),
            "root_path": "",
            "headers": [(naam.encode("ascii"), waarde.encode("latin-1")) for naam, waarde in koppen.items()],
            "server": ("binnen", None),
            "client": ("127.0.0.1", 1),
        }
        te_lezen = [inhoud]
        klaar = asyncio.Event()
        begin: dict[str, Any] = {}
        stukken: list[bytes] = []

        async def ontvang() -> dict[str, Any]:
            if te_lezen:
                return {"type": "http.request", "body": te_lezen.pop(), "more_body": False}
            await klaar.wait()
            return {"type": "http.disconnect"}

        async def stuur(bericht: MutableMapping[str, Any]) -> None:
            if bericht["type"] == "http.response.start":
                begin.update(bericht)
                return
            stukken.append(bericht.get("body", b""))
            if not bericht.get("more_body", False):
                klaar.set()

        await self.app(scope, ontvang, stuur)
        return httpx.Response(begin["status"], headers=begin["headers"], content=b"".join(stukken))


@contextlib.contextmanager
def open_binnendeur(databank: Databank, datamap: Path, **anders: Any) -> Iterator[Binnendeur]:  # noqa: ANN401  # any setting
    """Let the application begin, as a service and not as a trial, and end it afterwards."""
    richt_in("error")  # a line of log for each of thousands takes longer than the request
    app = maak_toepassing(Opties(), instellingen(datamap, **anders), contextlib.nullcontext(databank))
    lus = asyncio.new_event_loop()
    draad = threading.Thread(target=lus.run_forever, name="binnendeur")
    draad.start()
    leven = app.router.lifespan_context(app)
    try:
        asyncio.run_coroutine_threadsafe(leven.__aenter__(), lus).result(GEDULD)
        try:
            yield Binnendeur(app, lus)
        finally:
            asyncio.run_coroutine_threadsafe(leven.__aexit__(None, None, None), lus).result(GEDULD)
    finally:
        lus.call_soon_threadsafe(lus.stop)
        draad.join(GEDULD)
        lus.close()
        structlog.reset_defaults()
