"""Who waits for the bus: a bounded queue for threads and event loops, and how each gets its answer."""

import asyncio
import contextlib
import math
import os
import select
import threading
from collections import deque
from collections.abc import Collection, Iterable
from concurrent.futures import Future, InvalidStateError

from overstap.adapters.opdracht import Opdracht, Resultaat
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar


class BusVol(Exception):
    """So much waits that nothing can be added; seconden says when it may be tried again. Nothing was recorded."""

    def __init__(self, seconden: int) -> None:
        super().__init__(f"Het is druk. Probeer het over {seconden} s opnieuw.")
        self.seconden = seconden


class BusGesloten(Exception):
    """The bus takes no more requests, and did not decide this one. Nothing was recorded."""


class Onzeker(DatabankOnbereikbaar):
    """The database was lost while this was under way: it may or may not be recorded.

    Who sends it again with the same key (kwitantie) gets the outcome it had, or has it judged for the first time.
    """


class Wachtende:
    """One request and whoever waits for its answer: a thread, or the event loop it came from."""

    __slots__ = ("lus", "opdracht", "pogingen", "toekomst")

    def __init__(
        self,
        opdracht: Opdracht,
        toekomst: "Future[Resultaat] | asyncio.Future[Resultaat]",
        lus: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.opdracht = opdracht
        self.toekomst = toekomst
        self.lus = lus
        self.pogingen = 0


class Wachtrij:
    """What waits, in order of arrival. Any thread adds; one worker takes, and can sleep until there is more."""

    def __init__(self, hoogstens: int) -> None:
        self._hoogstens = hoogstens
        self._rij: deque[Wachtende] = deque()
        self._slot = threading.Lock()
        self._is_gesloten = False
        self._nieuw = 0
        self._wek_vanaf: int | None = None
        self._wekker, self._bel = os.pipe()
        os.set_blocking(self._wekker, False)
        self.seconden_per_verzoek = 0.001
        """How long a request takes lately, for an estimate when the queue is full."""

    def __len__(self) -> int:
        return len(self._rij)

    @property
    def is_gesloten(self) -> bool:
        """Is nothing added any more?"""
        return self._is_gesloten

    def voeg_toe(self, wachtende: Wachtende) -> None:
        """Add a request.

        Raises:
            BusVol: when too many wait.
            BusGesloten: when nothing is added any more.

        """
        with self._slot:
            if self._is_gesloten:
                raise BusGesloten("De dienst stopt; dit verzoek is niet vastgelegd.")
            if len(self._rij) >= self._hoogstens:
                raise BusVol(max(1, math.ceil(len(self._rij) * self.seconden_per_verzoek)))
            self._rij.append(wachtende)
            self._meld(1)

    def sluit(self) -> None:
        """Let nothing be added any more, and wake the worker."""
        with self._slot:
            self._is_gesloten = True
            self._meld(self._hoogstens)

    def ruim_op(self) -> None:
        """Give back what the operating system lent, when the worker is gone."""
        os.close(self._wekker)
        os.close(self._bel)

    def zet_terug(self, wachtenden: Iterable[Wachtende]) -> None:
        """Put back, before all others, what was taken and must be decided again."""
        self._rij.extendleft(reversed(list(wachtenden)))
        self._nieuw = self._hoogstens

    def neem(self, hoogstens: int, bezet: Collection[int], *, vast: bool | None) -> list[Wachtende]:
        """Take what waits, in order; requests for a stream (by number) in `bezet` stay, and later ones for it too.

        Organisations and years (vast) are what other requests are judged against, so the two are not taken together:
        vast says which of the two to take, None the kind of the first.
        """
        genomen: list[Wachtende] = []
        blijft: list[Wachtende] = []
        while len(genomen) < hoogstens and self._rij:
            wachtende = self._rij.popleft()
            if vast is None:
                vast = wachtende.opdracht.soort.staat_vast
            if wachtende.opdracht.soort.staat_vast is not vast:
                blijft.append(wachtende)
                break
            (blijft if wachtende.opdracht.stroom.int in bezet else genomen).append(wachtende)
        self._rij.extendleft(reversed(blijft))
        return genomen

    def neem_alles(self) -> list[Wachtende]:
        """Take all that waits, to refuse it."""
        alles = []
        while self._rij:
            alles.append(self._rij.popleft())
        return alles

    def slaap(self, lijn: int | None = None, seconden: float | None = None, *, vanaf: int = 1) -> bool:
        """Sleep until so many were added since the last time, or the line can be read; tell whether it can."""
        wachter = select.poll()
        if lijn is not None:
            wachter.register(lijn, select.POLLIN)
        with self._slot:
            is_aangevuld = self._nieuw >= vanaf
            if is_aangevuld:
                self._nieuw = 0
            else:
                self._wek_vanaf = vanaf
                wachter.register(self._wekker, select.POLLIN)
        geduld = 0 if is_aangevuld else None if seconden is None else seconden * 1000
        leesbaar = {waar for waar, _ in wachter.poll(geduld)}
        if not is_aangevuld:
            with self._slot:
                self._wek_vanaf, self._nieuw = None, 0
            with contextlib.suppress(BlockingIOError):
                os.read(self._wekker, 64)
        return lijn in leesbaar

    def _meld(self, aantal: int) -> None:
        """Count what was added, and wake the worker when it sleeps until there is so much."""
        self._nieuw += aantal
        if self._wek_vanaf is not None and self._nieuw >= self._wek_vanaf:
            self._wek_vanaf = None
            os.write(self._bel, b"!")


def beantwoord(antwoorden: Iterable[tuple[Wachtende, Resultaat | Exception]]) -> None:
    """Give each its answer, or the error that stands for it; an event loop is called once for all of its own."""
    per_lus: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Resultaat], Resultaat | Exception]]] = {}
    for wachtende, antwoord in antwoorden:
        toekomst = wachtende.toekomst
        if isinstance(toekomst, Future):
            with contextlib.suppress(InvalidStateError):  # whoever waited has given up
                _vervul(toekomst, antwoord)
        elif wachtende.lus is not None:
            per_lus.setdefault(wachtende.lus, []).append((toekomst, antwoord))
    for lus, eigen in per_lus.items():
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            lus.call_soon_threadsafe(_vervul_alle, eigen)


def _vervul_alle(antwoorden: Iterable[tuple[asyncio.Future[Resultaat], Resultaat | Exception]]) -> None:
    for toekomst, antwoord in antwoorden:
        if not toekomst.done():
            _vervul(toekomst, antwoord)


def _vervul(toekomst: "Future[Resultaat] | asyncio.Future[Resultaat]", antwoord: Resultaat | Exception) -> None:
    if isinstance(antwoord, Exception):
        toekomst.set_exception(antwoord)
    else:
        toekomst.set_result(antwoord)
