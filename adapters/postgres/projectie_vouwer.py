"""Fold batches into one read model: rows and place in one transaction, by one process at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any
from uuid import UUID

import psycopg

from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.projectie_tabellen import SCHEMA, begin_opnieuw
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.projections.projectie import Batch, Geschiedenis, Projectie

_SLOTEN = 730580886  # the advisory locks of workers: this number, and one of the read model's name


class Vouwer:
    """One read model over a connection of its own, in autocommit, as overstap_projectie."""

    def __init__(self, verbinding: psycopg.Connection[Any], projectie: Projectie, geschiedenis: Geschiedenis) -> None:
        verbinding.execute("SET synchronous_commit = off")  # rows and place would be lost together
        self._verbinding = verbinding
        self._projectie = projectie
        self._geschiedenis = geschiedenis
        self.is_in_handen = False

    def neem_in_handen(self) -> bool:
        """Try to be the only one that folds this read model (by an advisory lock), and tell whether we are."""
        if not self.is_in_handen:
            vraag = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
            self.is_in_handen = self._verbinding.execute(vraag, (_SLOTEN, self._projectie.naam)).fetchone() == (True,)
        return self.is_in_handen

    def laat_los(self) -> None:
        """Let another fold this read model."""
        if self.is_in_handen:
            self.is_in_handen = False
            with suppress(psycopg.OperationalError):  # a session that is gone has let go
                self._verbinding.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", (_SLOTEN, self._projectie.naam))

    def plaats(self) -> int:
        """Give the position this read model has reached."""
        vraag = "SELECT positie FROM beeld.voortgang WHERE naam = %s"
        rij = self._verbinding.execute(vraag, (self._projectie.naam,)).fetchone()
        return int(rij[0]) if rij else 0

    def vouw(self, batch: Batch) -> None:
        """Fold the part of a batch that lies after the place in the log, and move the place; both or neither."""
        with self._verbinding.transaction(), self._verbinding.cursor() as cursor:
            self._vouw_in(cursor, batch)

    def herbouw(self, lees: Callable[[int], Batch | None]) -> int:
        """Fold all batches that `lees` gives after a position into empty tables, in one transaction; give how far."""
        positie = 0
        with self._verbinding.transaction(), self._verbinding.cursor() as cursor:
            begin_opnieuw(self._verbinding, type(self._projectie))
            while batch := lees(positie):
                self._vouw_in(cursor, batch)
                positie = batch.einde
        return positie

    def _vouw_in(self, cursor: psycopg.Cursor[Any], batch: Batch) -> None:
        """The place is read and locked here: whoever else may be folding, no event is folded twice or left out."""
        naam = self._projectie.naam
        rij = cursor.execute("SELECT positie FROM beeld.voortgang WHERE naam = %s FOR UPDATE", (naam,)).fetchone()
        plaats = rij[0] if rij else 0
        if plaats < batch.begin or plaats >= batch.einde:
            return
        cursor.execute("SELECT set_config('search_path', %s, true)", (SCHEMA,))
        self._projectie.vouw(cursor, batch.na(plaats), self._geschiedenis)
        cursor.execute("UPDATE beeld.voortgang SET positie = %s WHERE naam = %s", (batch.einde, naam))


class Stromen:
    """Whole streams of the log, for the folds of one batch that ask for them; each is loaded once, for all threads."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._slot = Lock()
        self._geladen: dict[UUID, list[Gebeurtenis]] = {}

    def vergeet(self) -> None:
        """Begin another batch."""
        self._geladen.clear()

    def __call__(self, stromen: Iterable[UUID]) -> Mapping[UUID, Sequence[Gebeurtenis]]:
        """Give these streams, from their first event to at least the end of the batch."""
        gevraagd = set(stromen)
        with self._slot:
            if nieuw := gevraagd - self._geladen.keys():
                self._geladen.update(self._log.laad(nieuw))
            return {stroom: self._geladen[stroom] for stroom in gevraagd}
