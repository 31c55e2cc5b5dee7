"""Keep the read models up with the log: read it batch after batch, and fold each into all of them at once."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import psycopg
import structlog

from overstap.adapters.opruimen import zelden_opruimen
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES, richt_in
from overstap.adapters.postgres.projectie_vouwer import Stromen, Vouwer
from overstap.projections.projectie import Batch, Projectie

OMVANG = 20_000
"""How many events one batch holds at most: enough that the events of a pupil meet, about 40 MB."""
_TUSSENPOOS = 0.5  # seconds between two looks at the log when no notification comes
_GEDULD = 0.02  # seconds between two looks at another worker's progress
_LANGSTE_PAUZE = 5.0  # seconds between two attempts to reach the database


class Werker:
    """Folds the log into read models, as overstap_projectie; a context manager, for one thread.

    Of any number of workers in any number of processes one folds a read model at a time; another takes over when it is
    gone. A batch is read once, and folded into the read models side by side, each over a connection of its own.
    """

    def __init__(
        self, databank: Databank, projecties: Sequence[type[Projectie]] = PROJECTIES, omvang: int = OMVANG
    ) -> None:
        self._databank = databank
        self._projecties = projecties
        self._omvang = omvang
        self._stapel = ExitStack()

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        self._stapel.close()

    def bijwerken_tot(self, positie: int | None = None, na_elke: Callable[[int], None] | None = None) -> int:
        """Catch up synchronously and give the position that every read model has reached: `positie`, or the log's end.

        What another worker has in hand is waited for. na_elke is called with the number of events of each batch.

        Raises:
            DatabankOnbereikbaar: when a connection is lost; what was not folded is folded the next time.

        """
        doel = self._log.laatste_positie() if positie is None else positie
        try:
            while True:
                gevouwen = self._vouw_een_batch()
                if na_elke is not None and gevouwen:
                    na_elke(gevouwen)
                bereikt = min(self.voortgang().values())
                if bereikt >= doel or (not gevouwen and all(vouwer.is_in_handen for vouwer in self._vouwers.values())):
                    return bereikt
                if not gevouwen:
                    time.sleep(_GEDULD)
        except psycopg.OperationalError as fout:
            raise DatabankOnbereikbaar(
                f"De verbinding met de database is weg ({str(fout).strip()}). Probeer het opnieuw."
            ) from fout
        finally:
            self._laat_los()

    def volg(self, stop: threading.Event) -> None:
        """Follow the log until stopped: woken by its notifications, and looking for itself in case one is lost.

        The database may go away and come back.
        """
        pauze = _GEDULD
        while not stop.is_set():
            begin = time.monotonic()
            try:
                self._stapel.close()
                self._open()
                self._volg_verbonden(stop)
            except (psycopg.OperationalError, DatabankOnbereikbaar) as fout:
                structlog.get_logger().warning("projecties_verbinding_weg", soort=type(fout).__name__)
                pauze = _GEDULD if time.monotonic() - begin > _LANGSTE_PAUZE else min(2 * pauze, _LANGSTE_PAUZE)
                stop.wait(pauze)
        self._laat_los()

    def herbouw(self) -> int:
        """Fold every read model anew from the first event, each in one transaction: interrupted, nothing changed.

        Readers wait meanwhile, and then see the new rows. Gives the position reached.
        """

        def lees(na: int) -> Batch | None:
            self._stromen.vergeet()
            return self._lees(na)

        return min(vouwer.herbouw(lees) for vouwer in self._vouwers.values())

    def voortgang(self) -> dict[str, int]:
        """Give the position that each read model has reached."""
        return {naam: vouwer.plaats() for naam, vouwer in self._vouwers.items()}

    def _open(self) -> None:
        richt_in(self._databank, self._projecties)
        self._stapel.enter_context(zelden_opruimen())
        verbind = self._databank.verbind
        self._log = Log(self._stapel.enter_context(verbind(Login.PROJECTIE)))
        self._stromen = Stromen(Log(self._stapel.enter_context(verbind(Login.PROJECTIE))))
        self._vouwers = {
            projectie.naam: Vouwer(self._stapel.enter_context(verbind(Login.PROJECTIE)), projectie(), self._stromen)
            for projectie in self._projecties
        }
        self._draden = self._stapel.enter_context(ThreadPoolExecutor(len(self._vouwers), "vouwer"))
        self._vooruit: Batch | None = None

    def _volg_verbonden(self, stop: threading.Event) -> None:
        with self._databank.verbind(Login.PROJECTIE) as luisteraar:
            luisteraar.execute("LISTEN gebeurtenissen")  # before the first look: nothing can fall in between
            while not stop.is_set():
                while self._vouw_een_batch() and not stop.is_set():
                    pass
                for _ in luisteraar.notifies(timeout=_TUSSENPOOS, stop_after=1):
                    pass

    def _vouw_een_batch(self) -> int:
        """Fold the next batch into every read model in hand; give its size. Meanwhile the one after it is read."""
        in_handen = [vouwer for vouwer in self._vouwers.values() if vouwer.neem_in_handen()]
        if not in_handen:
            return 0
        na = min(vouwer.plaats() for vouwer in in_handen)
        batch = self._vooruit if self._vooruit and self._vooruit.begin == na else self._lees(na)
        if batch is None:
            return 0
        begin = time.perf_counter()
        self._stromen.vergeet()
        bezig = [self._draden.submit(vouwer.vouw, batch) for vouwer in in_handen]
        try:
            self._vooruit = self._lees(batch.einde) if len(batch.gebeurtenissen) == self._omvang else None
        finally:
            wait(bezig)
        for vouwer in bezig:
            vouwer.result()
        aantal, seconden = len(batch.gebeurtenissen), round(time.perf_counter() - begin, 3)
        structlog.get_logger().debug("gevouwen", positie=batch.einde, aantal=aantal, seconden=seconden)
        return aantal

    def _lees(self, na: int) -> Batch | None:
        gelezen = self._log.lees(na, self._omvang)
        return Batch(gelezen, na) if gelezen else None

    def _laat_los(self) -> None:
        for vouwer in self._vouwers.values():
            vouwer.laat_los()
