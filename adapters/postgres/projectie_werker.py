"""Keep the read models up with the log: fold batch after batch, each with its checkpoint in one transaction."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import psycopg

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES, SCHEMA, begin_opnieuw, richt_in
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.projections.projectie import Projectie

OMVANG = 20_000
"""How many events one batch holds at most: enough that a pupil's events meet, about 40 MB."""
_SLOTEN = 730580886  # the advisory locks of workers: this number, and one of the read model's name
_TUSSENPOOS = 0.5  # seconds between two looks at the log when no notification comes
_GEDULD = 0.02  # seconds between two looks at another worker's progress
_LANGSTE_PAUZE = 5.0  # seconds between two attempts to reach the database


class Werker:
    """Folds the log into read models, as overstap_projectie; a context manager, for one thread.

    Of any number of workers in any number of processes one folds a read model at a time (an advisory lock of its
    session); another takes over when it is gone. Each batch is one transaction: rows and place together, or neither.
    """

    def __init__(self, databank: Databank, projecties: Sequence[Projectie] = PROJECTIES, omvang: int = OMVANG) -> None:
        self._databank = databank
        self._projecties = {projectie.naam: projectie for projectie in projecties}
        self._omvang = omvang
        self._stapel = ExitStack()
        self._in_handen: set[str] = set()

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        self._sluit()

    def bijwerken_tot(self, positie: int | None = None, na_elke: Callable[[int], None] | None = None) -> int:
        """Catch up synchronously and give the position that every read model has reached: `positie`, or the log's end.

        What another worker has in hand is waited for. na_elke is called with the number of events of each batch.
        """
        doel = self._log.laatste_positie() if positie is None else positie
        try:
            while True:
                gevouwen = self._vouw_een_batch()
                if na_elke is not None and gevouwen:
                    na_elke(gevouwen)
                bereikt = min(self.voortgang().values())
                if bereikt >= doel or (not gevouwen and len(self._in_handen) == len(self._projecties)):
                    return bereikt
                if not gevouwen:
                    time.sleep(_GEDULD)
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
                self._sluit()
                self._open()
                self._volg_verbonden(stop)
            except (psycopg.OperationalError, DatabankOnbereikbaar):
                pauze = _GEDULD if time.monotonic() - begin > _LANGSTE_PAUZE else min(2 * pauze, _LANGSTE_PAUZE)
                stop.wait(pauze)
        self._laat_los()

    def herbouw(self, na_elke: Callable[[int], None] | None = None) -> int:
        """Fold every read model anew from the first event, in one transaction: interrupted, nothing changed.

        Readers wait meanwhile and then see the new rows. Gives the number of events folded.
        """
        geteld = 0
        with self._schrijver.transaction(), self._schrijver.cursor() as cursor:
            for projectie in self._projecties.values():
                begin_opnieuw(self._schrijver, projectie)
            while gevouwen := self._vouw_in(cursor, self._projecties):
                geteld += gevouwen
                if na_elke is not None:
                    na_elke(gevouwen)
        return geteld

    def voortgang(self) -> dict[str, int]:
        """Give the position that each read model has reached."""
        vraag = "SELECT naam, positie FROM beeld.voortgang WHERE naam = ANY(%s)"
        return dict(self._schrijver.execute(vraag, (list(self._projecties),)).fetchall())

    def _open(self) -> None:
        richt_in(self._databank, list(self._projecties.values()))
        self._log = Log(self._stapel.enter_context(self._databank.verbind(Login.PROJECTIE)))
        self._schrijver = self._stapel.enter_context(self._databank.verbind(Login.PROJECTIE))
        self._schrijver.execute("SET synchronous_commit = off")  # rows and place would be lost together

    def _sluit(self) -> None:
        self._in_handen.clear()
        self._stapel.close()

    def _volg_verbonden(self, stop: threading.Event) -> None:
        with self._databank.verbind(Login.PROJECTIE) as luisteraar:
            luisteraar.execute("LISTEN gebeurtenissen")  # before the first look: nothing can fall in between
            while not stop.is_set():
                while self._vouw_een_batch() and not stop.is_set():
                    pass
                for _ in luisteraar.notifies(timeout=_TUSSENPOOS, stop_after=1):
                    pass

    def _vouw_een_batch(self) -> int:
        self._neem_in_handen()
        if not self._in_handen:
            return 0
        with self._schrijver.transaction(), self._schrijver.cursor() as cursor:
            return self._vouw_in(cursor, self._in_handen)

    def _vouw_in(self, cursor: psycopg.Cursor[Any], namen: Iterable[str]) -> int:
        """Fold the next batch into these read models; give its size. Their places, locked, say where it begins."""
        vraag = "SELECT naam, positie FROM beeld.voortgang WHERE naam = ANY(%s) ORDER BY naam FOR UPDATE"
        plaatsen = dict(cursor.execute(vraag, (list(namen),)).fetchall())
        na = min(plaatsen.values())
        batch = self._log.lees(na, self._omvang)
        if not batch:
            return 0
        cursor.execute("SELECT set_config('search_path', %s, true)", (SCHEMA,))
        geschiedenis = _Geschiedenis(self._log)
        for naam, plaats in plaatsen.items():
            deel = batch if plaats == na else [g for g in batch if g.positie is not None and g.positie > plaats]
            if deel:
                self._projecties[naam].vouw(cursor, deel, geschiedenis)
        cursor.execute(
            "UPDATE beeld.voortgang SET positie = greatest(positie, %s) WHERE naam = ANY(%s)",
            (batch[-1].positie, list(plaatsen)),
        )
        return len(batch)

    def _neem_in_handen(self) -> None:
        for naam in self._projecties.keys() - self._in_handen:
            rij = self._schrijver.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", (_SLOTEN, naam)).fetchone()
            if rij == (True,):
                self._in_handen.add(naam)

    def _laat_los(self) -> None:
        if self._schrijver.closed:
            self._in_handen.clear()  # its locks went with the session
        for naam in list(self._in_handen):
            self._schrijver.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", (_SLOTEN, naam))
            self._in_handen.discard(naam)


class _Geschiedenis:
    """The whole streams that the folds of one batch ask for, each loaded once."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._geladen: dict[UUID, list[Gebeurtenis]] = {}

    def __call__(self, stromen: Iterable[UUID]) -> Mapping[UUID, Sequence[Gebeurtenis]]:
        nieuw = set(stromen) - self._geladen.keys()
        if nieuw:
            self._geladen.update(self._log.laad(nieuw))
        return self._geladen
