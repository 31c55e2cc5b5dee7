"""The feed as server-sent events: first what was missed, then what happens, until the reader's time is over."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from datetime import date
from enum import StrEnum
from typing import Any, Final

import structlog
from psycopg import Cursor
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from overstap.adapters.http.cloudevent import bron_van, cloudevent, schrijf
from overstap.adapters.http.dienst import Dienst
from overstap.adapters.http.kijker import Kijker
from overstap.adapters.http.nieuws import als_bericht
from overstap.adapters.http.uitzender import Achterop, Stapel
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.gezien import Deel, Filter, lees_gezien
from overstap.domain.kalender import datum_in_amsterdam
from overstap.domain.rollen import Actor, Rol

SSE: Final = "text/event-stream"
_INHALEN: Final = 500
"""How many events are read at once for who missed some."""
_BROK: Final = 65_536
"""After so many bytes they are sent, before more are made."""
_TRAAG: Final = 20.0
"""Who does not take in what was sent within so many seconds is dropped."""
_OPNIEUW: Final = b"retry: 3000\n"


class Einde(StrEnum):
    """Why a stream ended, as its last message tells; with Last-Event-ID another goes on where it was."""

    AFGEMELD = "afgemeld"
    ROL_INGETROKKEN = "rol_ingetrokken"
    TE_TRAAG = "te_traag"
    DATABASE_WEG = "database_weg"
    DIENST_STOPT = "dienst_stopt"


class Lezer:
    """One reader: his place, his rights as they are now, and until when he may read.

    mag_nog tells, every heartbeat, whether he is still who he was; tot is the instant (of time.time) at which his token
    ends by itself.
    """

    def __init__(
        self, dienst: Dienst, actor: Actor, filter_: Filter, mag_nog: Callable[[], Awaitable[bool]], tot: float | None
    ) -> None:
        self._dienst = dienst
        self._uitzender = dienst.uitzender
        self._hartslag = dienst.instellingen.hartslag
        self._kijker = Kijker(actor, filter_)
        self._filter = filter_
        self._mag_nog = mag_nog
        self._nog = float("inf") if tot is None else time.monotonic() + tot - time.time()
        self._geklopt = time.monotonic()
        self._positie = 0
        self._einde: Einde | None = None

    async def berichten(self, na: int | None) -> AsyncGenerator[bytes, None]:
        """Give what goes out, from after a position on (None: from now on), until the stream must end."""
        async with self._uitzender.lees_mee(self._kijker.actor.account):
            self._positie = self._uitzender.positie if na is None else na
            yield _OPNIEUW + self._plaats()
            try:
                while self._positie < self._uitzender.begin and not await self._is_voorbij():
                    if brok := await self._haal_in():
                        yield brok
                while not await self._is_voorbij():
                    yield self._nieuws() or await self._wacht()
            except Achterop:
                self._einde = Einde.TE_TRAAG
            except DatabankOnbereikbaar:
                self._einde = Einde.DATABASE_WEG
            yield b'event: einde\ndata: {"reden":"%b"}\n\n' % (self._einde or Einde.AFGEMELD).encode()

    async def _is_voorbij(self) -> bool:
        """Tell whether the stream must end, and why; whether he is still who he was is asked every heartbeat."""
        nu = time.monotonic()
        if self._uitzender.is_gestopt:
            self._einde = Einde.DIENST_STOPT
        elif nu >= self._nog:
            self._einde = Einde.AFGEMELD
        elif nu - self._geklopt >= self._hartslag:
            self._geklopt = nu
            if not await self._mag_nog():
                self._einde = Einde.AFGEMELD
        return self._einde is not None

    async def _haal_in(self) -> bytes:
        """Read on in what was missed, by row security."""
        positie, filter_ = self._positie, self._filter

        def lees(cursor: Cursor[Any]) -> Deel:
            return lees_gezien(cursor, filter_, positie, _INHALEN)

        deel = await self._dienst.lees_als(self._kijker.actor, lees)
        self._positie = deel.tot
        bron = bron_van(self._dienst.instellingen.oin)
        return b"".join(als_bericht(een.positie, schrijf(cloudevent(een, bron))) for een in deel.gebeurtenissen)

    def _nieuws(self) -> bytes:
        """Give what is new and his, at most some 64 kB at once.

        Raises:
            Achterop: when what came next is no longer kept.

        """
        brokken: list[bytes] = []
        grootte = 0
        vandaag, scholen = datum_in_amsterdam(self._dienst.nu()), self._scholen()
        while grootte < _BROK and (stapel := self._uitzender.volgende(self._positie)) is not None:
            if self._positie > stapel.begin or stapel.raakt(self._kijker.stroom):
                brokken += self._een_voor_een(stapel, vandaag, scholen)
            else:
                brokken.append(stapel.voor(self._kijker, vandaag, scholen))
            if self._einde is not None:
                break
            grootte = sum(map(len, brokken))
            self._positie = stapel.einde
        return b"".join(brokken)

    def _een_voor_een(self, stapel: Stapel, vandaag: date, scholen: frozenset[str]) -> Iterator[bytes]:
        """Give what is his of events among which his rights may change, or of which he has the first already."""
        for een in stapel.nieuws:
            if een.positie <= self._positie:
                continue
            if not self._kijker.hoort(een):
                self._einde = Einde.ROL_INGETROKKEN
                return
            if self._kijker.ziet(een, vandaag, scholen):
                yield self._kijker.schrijf(een)

    async def _wacht(self) -> bytes:
        """Wait for something new; give a heartbeat when it is time for one, with the place, so that it is not lost."""
        klop = self._geklopt + self._hartslag
        nu = time.monotonic()
        if nu < klop:
            await self._uitzender.wacht(self._positie, max(0.0, min(klop, self._nog) - nu))
        return b"" if time.monotonic() < klop else b": hartslag\n" + self._plaats()

    def _plaats(self) -> bytes:
        """Tell the reader where he is, without a message."""
        return b"id: %d\n\n" % self._positie

    def _scholen(self) -> frozenset[str]:
        """Give the schools of his samenwerkingsverband."""
        actor = self._kijker.actor
        if actor.rol is not Rol.SAMENWERKINGSVERBAND:
            return frozenset()
        alle = self._dienst.kaders.organisaties(actor.regio)
        return frozenset(een.code for een in alle if een.aangesloten == actor.organisatie)


class Stroom(Response):
    """An answer that goes on; a reader who stops taking in, or goes away, ends it."""

    media_type = SSE

    def __init__(self, berichten: AsyncGenerator[bytes, None]) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._berichten = berichten

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # as ASGI calls it
        """Send it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        zender = asyncio.create_task(self._zend(send))
        vertrek = asyncio.create_task(_vertrek(receive))
        try:
            await asyncio.wait({zender, vertrek}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for taak in (zender, vertrek):
                taak.cancel()
            [fout, _] = await asyncio.gather(zender, vertrek, return_exceptions=True)
        if isinstance(fout, Exception):
            raise fout

    async def _zend(self, send: Send) -> None:
        async with contextlib.aclosing(self._berichten) as berichten:
            try:
                async for bericht in berichten:
                    if bericht:
                        async with asyncio.timeout(_TRAAG):
                            await send({"type": "http.response.body", "body": bericht, "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            except TimeoutError:
                structlog.get_logger().warning("lezer_te_traag")


async def _vertrek(receive: Receive) -> None:
    """Wait until the reader goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass
