"""Group commit: requests of many callers are decided and recorded together, while each waits for its own answer.

One worker thread owns the bus. While the log records one batch, the worker decides the next: two processors work, and
every caller's share of the commit is small. Requests about one pupil keep their order, also between batches.

A batch that is open takes in what comes, until nothing is under way. When it is full it goes before that, so that the
log finds it there when it is done with the last.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

import structlog

from overstap.adapters.app import App
from overstap.adapters.bus import Bus
from overstap.adapters.delen import POGINGEN
from overstap.adapters.opdracht import DRUK, Opdracht, Resultaat, Vastgelegd
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.ronde import Ronde
from overstap.adapters.wachtrij import BusGesloten, Onzeker, Wachtende, Wachtrij, beantwoord

HOOGSTENS = 5_000
"""How many requests may wait."""
PER_KEER = 512
"""How many requests are decided and recorded together at most."""
LOONT = 32
"""From so many requests on, what waits is divided over two batches, so that deciding and recording overlap."""
SAMEN = 8
"""While a batch is under way the worker is woken for so many requests at a time: to change threads costs time."""
DIEP = 2
"""So many batches may be under way: the log begins a full one at once, while we have yet to hear of the one before."""
GEDULD = 10.0
"""After so many seconds without a database, who waits is told so."""
OPRUIMEN = 600.0
"""After so many seconds old receipts are removed again, some at a time."""
KIJKEN = 0.25
"""When nobody asks anything, the log is read on after so many seconds: others may have changed rights and rules."""
_TUSSENPOOS = 0.1


class _Lading:
    """A pass of the bus, with who waits for it."""

    def __init__(self, ronde: Ronde, wachtenden: list[Wachtende]) -> None:
        self.ronde = ronde
        self.wachtenden = wachtenden
        self.stromen = {wachtende.opdracht.stroom.int for wachtende in wachtenden}
        """The numbers of the streams that it is about."""
        self.sinds = time.perf_counter()

    @property
    def is_vast(self) -> bool:
        """Is it about organisations or years?"""
        return self.wachtenden[0].opdracht.soort.staat_vast

    def neem_op(self, nieuw: list[Wachtende]) -> None:
        """Take more requests in, before it is sent."""
        self.wachtenden += nieuw
        self.stromen.update(wachtende.opdracht.stroom.int for wachtende in nieuw)


class Groepsbus:
    """A bus for many threads and event loops at once: `with Groepsbus(open_app) as bus: bus.stuur(opdracht).result()`.

    open_app opens the whole (adapters/app.py, app_op); it is called by the worker, and again after the database
    was lost. Several of these, in several processes, work on one database. na_stapel hears, in the worker, of how many
    requests were recorded together, and in how many seconds.
    """

    def __init__(
        self,
        open_app: Callable[[], AbstractContextManager[App]],
        *,
        hoogstens: int = HOOGSTENS,
        geduld: float = GEDULD,
        na_stapel: Callable[[int, float], None] = lambda _aantal, _seconden: None,
    ) -> None:
        self._open_app = open_app
        self._geduld = geduld
        self._na_stapel = na_stapel
        self._wachtrij = Wachtrij(hoogstens)
        self._onderweg: deque[_Lading] = deque()
        self._open: _Lading | None = None
        self._is_vol = False
        self._apart: list[Wachtende] = []
        self._eerste: Future[App] = Future()
        self._app: App | None = None
        self._werker = threading.Thread(target=self._werk, name="groepsbus", daemon=True)

    def __enter__(self) -> Self:
        """Start.

        Raises:
            DatabankFout: when the database cannot be reached, or is not of this version.

        """
        self._werker.start()
        try:
            self._eerste.result()
        except BaseException:
            self._werker.join()
            self._wachtrij.ruim_op()
            raise
        return self

    def __exit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        """Stop: take nothing more, answer all that waits, or refuse it when the database does not come back."""
        self._wachtrij.sluit()
        self._werker.join()
        self._wachtrij.ruim_op()

    @property
    def app(self) -> App:
        """The whole that the worker works with: for a Maker, which runs in the worker, and for nobody else."""
        if self._app is None:
            raise BusGesloten("De dienst is nog niet begonnen.")
        return self._app

    @property
    def wachtend(self) -> int:
        """How many requests wait."""
        return len(self._wachtrij)

    def stuur(self, opdracht: Opdracht) -> "Future[Resultaat]":
        """Put a request; its future gives what the bus answers. To cancel that does not take the request back.

        The future raises Onzeker when the database was lost while the request was under way, and BusGesloten or
        DatabankOnbereikbaar when it was not decided.

        Raises:
            BusVol: when too much waits already.
            BusGesloten: when the bus has stopped.

        """
        toekomst: Future[Resultaat] = Future()
        self._wachtrij.voeg_toe(Wachtende(opdracht, toekomst))
        return toekomst

    async def stuur_async(self, opdracht: Opdracht) -> Resultaat:
        """Do the same from an event loop, and wait for the answer; the same errors are raised."""
        lus = asyncio.get_running_loop()
        toekomst: asyncio.Future[Resultaat] = lus.create_future()
        self._wachtrij.voeg_toe(Wachtende(opdracht, toekomst, lus))
        return await toekomst

    # --- the worker ---------------------------------------------------------------------------------------------------

    def _werk(self) -> None:
        """Work until the bus is closed and nothing waits, through every loss of the database."""
        weg_sinds: float | None = None
        try:
            while weg_sinds is None or not self._is_opgegeven(weg_sinds):
                try:
                    with self._open_app() as app:
                        app.log.wacht_op_anderen()
                        self._app, weg_sinds = app, None
                        if not self._eerste.done():
                            self._eerste.set_result(app)
                        self._draai(app)
                        return
                except DatabankOnbereikbaar as fout:
                    if not self._eerste.done():
                        raise
                    self._stel_veilig()
                    if weg_sinds is None:
                        weg_sinds = time.monotonic()
                        structlog.get_logger().warning("database_weg", uitleg=str(fout))
                    self._wachtrij.slaap(seconden=_TUSSENPOOS)
        except BaseException as fout:
            if not self._eerste.done():
                self._eerste.set_exception(fout)
                return
            structlog.get_logger().exception("bus_gestopt")
            raise
        finally:
            self._wachtrij.sluit()
            self._stel_veilig()
            self._weiger_alles(BusGesloten, "De dienst stopt; dit verzoek is niet vastgelegd.")

    def _is_opgegeven(self, weg_sinds: float) -> bool:
        """Refuse what waits when the database stays away; tell whether that is the end."""
        if time.monotonic() - weg_sinds < self._geduld:
            return False
        self._weiger_alles(DatabankOnbereikbaar, "De database is niet te bereiken; dit verzoek is niet vastgelegd.")
        return self._wachtrij.is_gesloten

    def _draai(self, app: App) -> None:
        bus = app.bus
        opruimen = 0.0
        while True:
            self._beslis(app)
            if not self._onderweg and time.monotonic() >= opruimen:
                app.log.ruim_kwitanties_op(app.bewaar_kwitanties)
                opruimen = time.monotonic() + OPRUIMEN
            if not self._onderweg and self._apart:
                self._beslis_apart(bus)
            elif self._open and (not self._onderweg or (self._is_vol and len(self._onderweg) < DIEP)):
                self._verstuur(bus)
                self._rond_lege_af(bus)
            elif self._onderweg:
                if app.log.heeft_antwoord or self._wachtrij.slaap(app.log.schrijflijn, vanaf=SAMEN):
                    self._ontvang(bus)
            elif self._wachtrij.is_gesloten and not self._wachtrij:
                return
            else:
                self._wachtrij.slaap(seconden=KIJKEN)
                bus.houd_bij()

    def _verstuur(self, bus: Bus) -> None:
        """Send the batch that is open; one in which nothing is to be recorded waits for its turn all the same."""
        lading, self._open = self._open, None
        if lading is None:
            return
        self._onderweg.append(lading)
        try:
            bus.verstuur(lading.ronde)
        except (TypeError, ValueError):  # something in it cannot be written down; nothing was sent
            self._onderweg.pop()
            self._neem_apart(lading)

    def _ontvang(self, bus: Bus) -> None:
        """Receive what was sent first, send what was decided meanwhile, and then answer."""
        klaar = self._onderweg[0]
        try:
            bus.ontvang(klaar.ronde)
        except DatabankOnbereikbaar:
            raise
        except Exception:  # noqa: BLE001  # the log refuses the batch as a whole: each alone will tell which one
            self._onderweg.popleft()
            self._neem_apart(klaar)
            self._rond_lege_af(bus)
            return
        self._onderweg.popleft()
        try:
            if not self._onderweg:
                self._verstuur(bus)
        finally:
            # What is recorded is answered, also when the database was lost just now.
            self._rond_af(bus, klaar)
        self._rond_lege_af(bus)

    def _rond_lege_af(self, bus: Bus) -> None:
        """Answer the batches in which nothing was to be recorded, when what was sent before them is in."""
        while self._onderweg and self._onderweg[0].ronde.onderweg is None:
            self._rond_af(bus, self._onderweg.popleft())

    def _beslis(self, app: App) -> None:
        """Decide what waits and is about other streams than what is under way; it goes into the batch that is open."""
        open_ = self._open
        if self._apart or any(lading.is_vast for lading in self._onderweg):
            return
        ladingen = [*self._onderweg, open_] if open_ else self._onderweg
        samen = sum(len(lading.wachtenden) for lading in ladingen) + len(self._wachtrij)
        ruimte = min(PER_KEER, max(LOONT, (samen + 1) // 2)) - (len(open_.wachtenden) if open_ else 0)
        self._is_vol = ruimte <= 0
        vast = open_.is_vast if open_ else False if self._onderweg else None
        bezet = set().union(*(lading.stromen for lading in self._onderweg))
        nieuw = self._wachtrij.neem(ruimte, bezet, vast=vast)
        if not nieuw:
            return
        self._is_vol = len(nieuw) >= ruimte
        opdrachten = [wachtende.opdracht for wachtende in nieuw]
        try:
            if open_:
                open_.neem_op(nieuw)
                app.bus.beslis(open_.ronde, opdrachten)
            else:
                self._open = _Lading(app.bus.begin(opdrachten), nieuw)
        except DatabankOnbereikbaar:
            if open_ is None:
                self._wachtrij.zet_terug(nieuw)
            raise
        except Exception:  # noqa: BLE001  # one request cannot be decided: each alone will tell which one
            self._neem_apart(open_ or _Lading(Ronde(app.klok(), 0), nieuw))
            self._open = None

    def _neem_apart(self, lading: _Lading) -> None:
        self._apart += lading.wachtenden
        for wachtende in lading.wachtenden:
            self.app.kluis.vergeet(wachtende.opdracht.stroom)  # a new key in there was never stored

    def _beslis_apart(self, bus: Bus) -> None:
        """Decide requests one by one, so that what goes wrong in one is told to that one alone."""
        while self._apart:
            wachtende = self._apart[0]
            try:
                [antwoord] = bus.verwerk([wachtende.opdracht])
            except DatabankOnbereikbaar as fout:
                self._apart.pop(0)
                beantwoord([(wachtende, Onzeker(str(fout)))])
                raise
            except Exception as fout:  # noqa: BLE001  # it belongs to whoever asked
                self._apart.pop(0)
                self.app.kluis.vergeet(wachtende.opdracht.stroom)
                beantwoord([(wachtende, fout)])
            else:
                self._apart.pop(0)
                beantwoord([(wachtende, antwoord)])

    def _rond_af(self, bus: Bus, lading: _Lading) -> None:
        """Answer each request of a pass, or let it be decided again."""
        try:
            antwoorden = bus.rond_af(lading.ronde)
        except BaseException:
            besloten = lading.ronde.besloten
            zeker = {nr: wat for nr, wat in besloten.items() if isinstance(wat, Vastgelegd)}
            beantwoord((lading.wachtenden[nummer], wat) for nummer, wat in zeker.items())
            self._wachtrij.zet_terug(w for nummer, w in enumerate(lading.wachtenden) if nummer not in zeker)
            raise
        seconden = time.perf_counter() - lading.sinds
        self._wachtrij.seconden_per_verzoek += 0.1 * (seconden / len(antwoorden) - self._wachtrij.seconden_per_verzoek)
        self._na_stapel(len(antwoorden), seconden)
        beantwoord(
            (wachtende, antwoord)
            for wachtende, antwoord in zip(lading.wachtenden, antwoorden, strict=True)
            if antwoord is not None
        )
        if None in antwoorden:
            self._beslis_opnieuw([w for w, wat in zip(lading.wachtenden, antwoorden, strict=True) if wat is None])

    def _beslis_opnieuw(self, wachtenden: Sequence[Wachtende]) -> None:
        for wachtende in wachtenden:
            wachtende.pogingen += 1
        beantwoord((wachtende, DRUK) for wachtende in wachtenden if wachtende.pogingen >= POGINGEN)
        self._wachtrij.zet_terug(wachtende for wachtende in wachtenden if wachtende.pogingen < POGINGEN)

    def _stel_veilig(self) -> None:
        """After a loss: who is under way is told so, and what was not sent waits again."""
        onderweg, open_, apart = self._onderweg, self._open, self._apart
        self._onderweg, self._open, self._apart, self._app = deque(), None, [], None
        self._wachtrij.zet_terug([*apart, *(open_.wachtenden if open_ else ())])
        for lading in onderweg:
            self._weiger(
                lading.wachtenden,
                Onzeker,
                "De database viel weg tijdens het vastleggen. Stuur het verzoek opnieuw met dezelfde sleutel.",
            )

    def _weiger_alles(self, soort: type[Exception], zin: str) -> None:
        self._weiger(self._wachtrij.neem_alles(), soort, zin)

    def _weiger(self, wachtenden: Iterable[Wachtende], soort: type[Exception], zin: str) -> None:
        beantwoord((wachtende, soort(zin)) for wachtende in wachtenden)
