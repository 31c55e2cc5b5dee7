"""Fold batches into one read model: rows and place in one transaction, by one process at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any
from uuid import UUID

import psycopg

from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.projectie_parkeren import Afzonderlijk, geparkeerd, is_van_een_stroom, zet_opzij
from overstap.adapters.postgres.projectie_tabellen import Plek
from overstap.domain.gebeurtenis import Gebeurtenis, tot_onleesbaar
from overstap.projections.projectie import Batch, Geschiedenis, Projectie

SLOTEN = 730580886
"""The advisory locks of workers: this number, and one of the read model's name."""
KANAAL = "beelden"
"""Where is told how far a read model has come: its name, a space, the position."""
_NAAR = """
UPDATE voortgang SET positie = %s, gevouwen_op = clock_timestamp(), fout = NULL, fout_op = NULL WHERE naam = %s
"""
_NAAR_EN_MELD = f"WITH naar AS ({_NAAR} RETURNING naam) SELECT pg_notify(%s, naam || ' ' || %s) FROM naar"  # noqa: S608 - our own words
_VERDER = """
WITH verder AS (
    UPDATE beeld.voortgang AS v
       SET positie = %(einde)s, gevouwen_op = clock_timestamp(), fout = NULL, fout_op = NULL
      FROM unnest(%(namen)s::text[], %(versies)s::int[]) AS eigen (naam, versie)
     WHERE (v.naam, v.versie) = (eigen.naam, eigen.versie) AND v.positie >= %(begin)s AND v.positie < %(einde)s
    RETURNING v.naam
)
SELECT pg_notify(%(kanaal)s, naam || ' ' || %(einde)s) FROM verder
"""
_FOUT = """
UPDATE voortgang SET fout = %s, fout_op = clock_timestamp()
 WHERE naam = (SELECT naam FROM voortgang WHERE naam = %s FOR UPDATE SKIP LOCKED)
"""


def schuif_op(verbinding: psycopg.Connection[Any], projecties: Iterable[type[Projectie]], batch: Batch) -> None:
    """Move the place of read models that a batch holds nothing for past it, all at once.

    As in `Vouwer.vouw_in` tables of another version are left alone, and so are those that are elsewhere by now.
    """
    versies = {projectie.naam: projectie.versie for projectie in projecties}
    namen, grenzen = [*versies], {"begin": batch.begin, "einde": batch.einde}
    verbinding.execute(_VERDER, {"namen": namen, "versies": [*versies.values()], "kanaal": KANAAL, **grenzen})


def maak_vouwlijn(verbinding: psycopg.Connection[Any], plek: Plek = Plek.BEELD) -> None:
    """Prepare a connection, in autocommit and as overstap_projectie, for folding into tables of one place."""
    verbinding.execute("SET synchronous_commit = off")  # rows and place would be lost together
    verbinding.execute("SELECT set_config('search_path', %s, false)", (plek,))


class Vouwer:
    """One read model in one place, over connections that maak_vouwlijn prepared.

    lijn is shared with others of the same thread; open_eigen opens one for folding beside them, the first time that is
    done.
    """

    def __init__(
        self,
        lijn: psycopg.Connection[Any],
        projectie: type[Projectie],
        geschiedenis: Geschiedenis,
        plek: Plek = Plek.BEELD,
        open_eigen: Callable[[], psycopg.Connection[Any]] | None = None,
    ) -> None:
        self._lijn = lijn
        self._open_eigen = open_eigen
        self._eigen: psycopg.Connection[Any] | None = None
        self._soort = projectie
        self._projectie = projectie()
        self._geschiedenis = geschiedenis
        self._plek = plek
        self._lichting = 0
        self.is_in_handen = False

    @property
    def naam(self) -> str:
        """The name of the read model."""
        return self._soort.naam

    def neem_in_handen(self) -> bool:
        """Try to be the only one that folds this read model (by an advisory lock), and tell whether we are."""
        if not self.is_in_handen:
            vraag = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
            self.is_in_handen = self._lijn.execute(vraag, (SLOTEN, self.naam)).fetchone() == (True,)
        return self.is_in_handen

    def laat_los(self) -> None:
        """Let another fold this read model."""
        if self.is_in_handen:
            self.is_in_handen = False
            with suppress(psycopg.OperationalError):  # a session that is gone has let go
                self._lijn.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", (SLOTEN, self.naam))

    def plaats(self) -> int:
        """Give the position this read model has reached."""
        rij = self._lijn.execute("SELECT positie FROM voortgang WHERE naam = %s", (self.naam,)).fetchone()
        return int(rij[0]) if rij else 0

    def is_vastgezet(self) -> bool:
        """Tell whether a person chose the version that stands in the tables, so that it is not to be built anew."""
        vraag = "SELECT vastgezet FROM voortgang WHERE naam = %s"
        return self._lijn.execute(vraag, (self.naam,)).fetchone() == (True,)

    @property
    def is_verbroken(self) -> bool:
        """Tell whether a connection is lost."""
        return self._lijn.closed or (self._eigen is not None and self._eigen.closed)

    def vouw(self, batch: Batch, *, apart: bool = False) -> None:
        """Fold the part of a batch that lies after the place in the log, and move the place; both or neither.

        A stream that cannot be folded is parked, and the rest folded without it. apart: over a connection of its own,
        for a thread of its own.
        """
        lijn = self._eigen_lijn() if apart else self._lijn
        try:
            with lijn.transaction(), lijn.cursor() as cursor:
                self.vouw_in(cursor, batch, self._vouw_ineens)
        except Exception as fout:
            if not is_van_een_stroom(fout):
                raise
            with lijn.transaction(), lijn.cursor() as cursor:
                self.vouw_in(cursor, batch, self._vouw_afzonderlijk)

    def meld_fout(self, fout: str) -> None:
        """Keep what went wrong beside the place, until something is folded again; whoever has the place goes first."""
        self._lijn.execute(_FOUT, (fout, self.naam))

    def vouw_in(
        self, cursor: psycopg.Cursor[Any], batch: Batch, vouw: Callable[[psycopg.Cursor[Any], Batch], None]
    ) -> None:
        """Fold within the caller's transaction.

        The place is read and locked here: whoever else may be folding, no event is folded twice or left out. Tables of
        another version are not ours to fold into.
        """
        vraag = "SELECT positie, versie, lichting FROM voortgang WHERE naam = %s FOR UPDATE"
        rij = cursor.execute(vraag, (self.naam,)).fetchone()
        if rij is None or rij[1] != self._soort.versie or not batch.begin <= rij[0] < batch.einde:
            return
        if rij[2] != self._lichting:
            self._projectie, self._lichting = self._soort(), rij[2]
        deel = batch.na(rij[0]).zonder(geparkeerd(cursor, self.naam))
        vouw(cursor, zet_opzij(cursor, self.naam, deel))
        if self._plek is Plek.BEELD:
            cursor.execute(_NAAR_EN_MELD, (batch.einde, self.naam, KANAAL, str(batch.einde)))
        else:
            cursor.execute(_NAAR, (batch.einde, self.naam))

    def _eigen_lijn(self) -> psycopg.Connection[Any]:
        if self._eigen is None:
            self._eigen = self._open_eigen() if self._open_eigen else self._lijn
        return self._eigen

    def _vouw_ineens(self, cursor: psycopg.Cursor[Any], batch: Batch) -> None:
        self._projectie.vouw(cursor, batch, self._geschiedenis)

    def _vouw_afzonderlijk(self, cursor: psycopg.Cursor[Any], batch: Batch) -> None:
        Afzonderlijk(cursor, self._projectie, self._geschiedenis).vouw(batch)


class Stromen:
    """Whole streams of the log, for the folds of one batch that ask for them; each is loaded once, for all threads.

    open_log gives the log, over a connection that no fold uses, when the first is asked.
    """

    def __init__(self, open_log: Callable[[], Log]) -> None:
        self._open_log = open_log
        self._log: Log | None = None
        self._slot = Lock()
        self._geladen: dict[UUID, list[Gebeurtenis]] = {}

    def vergeet(self) -> None:
        """Begin another batch."""
        self._geladen.clear()

    def __call__(self, stromen: Iterable[UUID]) -> Mapping[UUID, Sequence[Gebeurtenis]]:
        """Give these streams, from their first event to at least the end of the batch, or what cannot be read."""
        gevraagd = set(stromen)
        with self._slot:
            if nieuw := gevraagd - self._geladen.keys():
                self._log = self._log or self._open_log()
                geladen = self._log.laad_wat_kan(nieuw)
                self._geladen.update((stroom, tot_onleesbaar(eigen)) for stroom, eigen in geladen.items())
            return {stroom: self._geladen[stroom] for stroom in gevraagd}
