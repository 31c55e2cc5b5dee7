"""Read your own write: wait until a read model has come as far as a position, without asking the database for it."""

import asyncio
import heapq
import select
import threading
from concurrent.futures import Future
from contextlib import suppress
from itertools import count
from types import TracebackType
from typing import Any, Self

import psycopg

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankFout, DatabankOnbereikbaar
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_vouwer import KANAAL

GEDULD = 5.0
"""Seconds that a reader waits at most, unless it says otherwise."""
_OPLETTEN = 0.1  # seconds within which the listener sees that it must stop
_PAUZES = (0.05, 0.1, 0.2, 0.5, 1.0)  # seconds between attempts to reach the database
_STANDEN = "SELECT naam, positie FROM beeld.voortgang"


class NogNietZichtbaar(DatabankFout):
    """The read model had not come far enough in time; what was recorded is safe, and will be seen later."""


class Zichtbaarheid:
    """How far each read model is, followed by one listener for all readers of a process; a context manager.

    The worker tells its progress in the transaction that folds. Any number of threads and event loops may wait.
    """

    def __init__(self, databank: Databank) -> None:
        self._databank = databank
        self._slot = threading.Lock()
        self._posities: dict[str, int] = {}
        self._wachtend: dict[str, list[tuple[int, int, Future[int]]]] = {}
        self._nummer = count()
        self._stop = threading.Event()
        self._draad = threading.Thread(target=self._luister, name="zichtbaarheid", daemon=True)

    def __enter__(self) -> Self:
        self._draad.start()
        return self

    def __exit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        self._stop.set()
        self._draad.join(2.0)

    def posities(self) -> dict[str, int]:
        """Give how far each read model is, as last heard."""
        with self._slot:
            return dict(self._posities)

    def tot(self, naam: str, positie: int, geduld: float = GEDULD) -> int:
        """Wait until a read model has reached a position; give the one it has then.

        Raises:
            NogNietZichtbaar: when it has not within `geduld` seconds.

        """
        toekomst = self._vraag(naam, positie)
        try:
            return toekomst.result(geduld)
        except TimeoutError:
            raise self._te_laat(naam, positie, geduld) from None
        finally:
            self._vergeet(naam, toekomst)

    async def tot_async(self, naam: str, positie: int, geduld: float = GEDULD) -> int:
        """Do the same from an event loop."""
        toekomst = self._vraag(naam, positie)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(toekomst), geduld)
        except TimeoutError:
            raise self._te_laat(naam, positie, geduld) from None
        finally:
            self._vergeet(naam, toekomst)

    def _vraag(self, naam: str, positie: int) -> Future[int]:
        toekomst: Future[int] = Future()
        with self._slot:
            bereikt = self._posities.get(naam, -1)
            if bereikt >= positie:
                toekomst.set_result(bereikt)
            else:
                heapq.heappush(self._wachtend.setdefault(naam, []), (positie, next(self._nummer), toekomst))
        return toekomst

    def _vergeet(self, naam: str, toekomst: Future[int]) -> None:
        """Leave nothing behind of who gave up."""
        if toekomst.done() and not toekomst.cancelled():
            return
        with self._slot:
            wachtend = self._wachtend.get(naam, [])
            wachtend[:] = [een for een in wachtend if een[2] is not toekomst]
            heapq.heapify(wachtend)

    def _te_laat(self, naam: str, positie: int, geduld: float) -> NogNietZichtbaar:
        bereikt = self.posities().get(naam)
        waar = f"is nu bij {bereikt}" if bereikt is not None else "is nergens"
        return NogNietZichtbaar(
            f"{naam} was na {geduld:g} s nog niet bij positie {positie} ({waar}). Wat is vastgelegd blijft bewaard; "
            "probeer het opnieuw."
        )

    def _hoor(self, naam: str, positie: int) -> None:
        klaar = []
        with self._slot:
            self._posities[naam] = positie
            wachtend = self._wachtend.get(naam, [])
            while wachtend and wachtend[0][0] <= positie:
                klaar.append(heapq.heappop(wachtend)[2])
        for toekomst in klaar:
            if toekomst.set_running_or_notify_cancel():
                toekomst.set_result(positie)

    def _luister(self) -> None:
        poging = 0
        while not self._stop.is_set():
            with suppress(psycopg.Error, DatabankOnbereikbaar), self._databank.verbind(Login.APP) as verbinding:
                poging = 0
                self._luister_verbonden(verbinding)
            self._stop.wait(_PAUZES[min(poging, len(_PAUZES) - 1)])
            poging += 1

    def _luister_verbonden(self, verbinding: psycopg.Connection[Any]) -> None:
        verbinding.execute(f"LISTEN {KANAAL}")  # before the first look: nothing can fall in between
        for naam, positie in verbinding.execute(_STANDEN).fetchall():
            self._hoor(naam, positie)
        while not self._stop.is_set():
            if select.select([verbinding.fileno()], [], [], _OPLETTEN)[0]:
                for bericht in verbinding.notifies(timeout=0):
                    naam, _, positie = bericht.payload.rpartition(" ")
                    self._hoor(naam, int(positie))
