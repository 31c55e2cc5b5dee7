"""The log as the rest of the product sees it: add requests, load streams, read on from a position."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

from overstap.adapters.postgres.doorlezen import PER_BATCH, lees_alles
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar, LogFout
from overstap.adapters.postgres.reeksen import uuids
from overstap.adapters.postgres.rij import (
    KOLOMMEN,
    KOLOMMEN_MET_TOPIC,
    NIET_TE_LEZEN,
    gebeurtenis,
    gebeurtenis_of_onleesbaar,
    schrijfrijen,
)
from overstap.adapters.postgres.toevoeging import Toevoeging, Uitkomst
from overstap.adapters.postgres.voeg_toe import Onderweg, Stapel, ontvang, verstuur
from overstap.domain.gebeurtenis import Gebeurtenis, Onleesbaar

_STROMEN = """
SELECT {} FROM log.gebeurtenissen WHERE originator_id = ANY(%b) AND regio IS NOT NULL
 ORDER BY originator_id, originator_version
"""
_VERDER = "SELECT {} FROM log.gebeurtenissen WHERE positie > %b AND regio IS NOT NULL ORDER BY positie LIMIT %b"
SLOT = 7305808869233650789
"""The advisory lock that the append holds until it is committed (migraties/0052)."""
_PER_KEER = 1_000  # rows that are made values together: one by one takes half as long again
_stroom = attrgetter("originator_id")
_G = TypeVar("_G")


class Log:
    """The log over one connection in autocommit, as overstap_schrijver (or, to read only, any login that may).

    One thread at a time; another thread opens its own. Every method raises DatabankOnbereikbaar when the connection is
    lost: what was being added may or may not have been recorded then, and only its receipt can tell.
    With a connection of its own for adding (schrijver) there can be read while something that was sent is under way.
    """

    def __init__(self, verbinding: psycopg.Connection[Any], schrijver: psycopg.Connection[Any] | None = None) -> None:
        self._verbinding = verbinding
        self._schrijver = schrijver or verbinding
        if not (verbinding.autocommit and self._schrijver.autocommit):
            raise LogFout("Het log werkt op een verbinding in autocommit: elke aanroep is een eigen transactie.")

    def voeg_toe(self, toevoegingen: Sequence[Toevoeging], klok: datetime | None = None) -> list[Uitkomst]:
        """Add the requests of one batch, each whole or not at all, and give what came of each, in order.

        What is `vastgelegd` is durable. klok stands for now, in a demo database alone.

        Raises:
            LogFout: when the log refuses the batch as such (a clock in a real database, an event that is not whole).

        """
        return self.ontvang(self.verstuur(toevoegingen, klok)).uitkomsten if toevoegingen else []

    def verstuur(self, toevoegingen: Sequence[Toevoeging], klok: datetime | None = None) -> Onderweg:
        """Send a batch to be added and do not wait; what comes of it must be received before anything else is asked.

        A next batch may be sent before that: the log takes them in order, each in a transaction of its own.
        """
        rijen = [schrijfrijen(toevoeging.gebeurtenissen) for toevoeging in toevoegingen]
        try:
            return verstuur(self._schrijver, toevoegingen, rijen, klok)
        except psycopg.OperationalError as fout:
            raise _onbereikbaar(fout) from fout

    def ontvang(self, onderweg: Onderweg) -> Stapel:
        """Wait for what came of a batch that was sent: the first of those under way.

        Raises:
            LogFout: when the log refuses the batch as such.

        """
        try:
            return ontvang(onderweg)
        except psycopg.OperationalError as fout:
            raise _onbereikbaar(fout) from fout
        except psycopg.DatabaseError as fout:
            raise LogFout(f"Het log weigert deze aanvulling: {fout.diag.message_primary}") from fout

    def laad(self, stromen: Iterable[UUID]) -> dict[UUID, list[Gebeurtenis]]:
        """Load streams in one query: each with its events in order; an unknown stream has none."""
        gevraagd = dict.fromkeys(stromen)
        return _per_stroom(gevraagd, self._vraag(_STROMEN, (uuids(gevraagd),)))

    def laad_wat_kan(self, stromen: Iterable[UUID]) -> Mapping[UUID, Sequence[Gebeurtenis | Onleesbaar]]:
        """Load streams as `laad` does; an event that this program cannot read stands in its place as Onleesbaar."""
        gevraagd = dict.fromkeys(stromen)
        return _per_stroom(gevraagd, self._vraag_wat_kan(_STROMEN, (uuids(gevraagd),)))

    def lees(self, na: int, aantal: int) -> list[Gebeurtenis]:
        """Read at most `aantal` events after position `na`, in order; none: there are no more yet."""
        return self._vraag(_VERDER, (na, aantal))

    def lees_wat_kan(self, na: int, aantal: int) -> Sequence[Gebeurtenis | Onleesbaar]:
        """Read on as `lees` does; an event that this program cannot read stands in its place as Onleesbaar."""
        return self._vraag_wat_kan(_VERDER, (na, aantal))

    def lees_alles(
        self, na: int = 0, tot: int | None = None, per_batch: int = PER_BATCH
    ) -> Iterator[list[Gebeurtenis]]:
        """Read all after position `na`, up to `tot` (None: what is there now), in order; for whoever folds much of it.

        Memory stays that of a batch. Nothing else can be asked of the log until the end; to stop earlier, close it.
        """
        try:
            yield from lees_alles(self._verbinding, na, tot, per_batch)
        except psycopg.OperationalError as fout:
            raise _onbereikbaar(fout) from fout

    def laatste_positie(self) -> int:
        """Give the position of the last event, 0 when there is none."""
        try:
            rij = self._verbinding.execute("SELECT coalesce(max(positie), 0) FROM log.gebeurtenissen").fetchone()
        except psycopg.OperationalError as fout:
            raise _onbereikbaar(fout) from fout
        return int(rij[0]) if rij else 0

    def ruim_kwitanties_op(self, bewaar: timedelta, hoogstens: int = 10_000) -> int:
        """Remove receipts older than `bewaar` (at least a day) before the last event, some at a time; give how many."""
        try:
            rij = self._schrijver.execute("SELECT log.ruim_kwitanties_op(%s, %s)", (bewaar, hoogstens)).fetchone()
        except psycopg.OperationalError as fout:
            raise _onbereikbaar(fout) from fout
        return int(rij[0]) if rij else 0

    @property
    def schrijflijn(self) -> int:
        """Give the file descriptor that becomes readable when the answer to what was sent comes in."""
        return self._schrijver.fileno()

    @property
    def heeft_antwoord(self) -> bool:
        """Tell whether (the first part of) the next answer came in with the last one: the line does not tell that."""
        return not self._schrijver.pgconn.is_busy()

    def wacht_op_anderen(self) -> None:
        """Wait until whoever is adding now is done: after a lost connection that may be what we sent ourselves."""
        try:
            self._schrijver.execute("SELECT pg_advisory_xact_lock(%s)", (SLOT,))
        except psycopg.OperationalError as fout:
            raise _onbereikbaar(fout) from fout

    def _vraag(self, vraag: str, parameters: Sequence[Any]) -> list[Gebeurtenis]:
        return self._rijen(vraag.format(KOLOMMEN), parameters, gebeurtenis)

    def _vraag_wat_kan(self, vraag: str, parameters: Sequence[Any]) -> Sequence[Gebeurtenis | Onleesbaar]:
        """Look at each event apart only where not all of them can be read."""
        try:
            return self._vraag(vraag, parameters)
        except NIET_TE_LEZEN:
            return self._rijen(vraag.format(KOLOMMEN_MET_TOPIC), parameters, gebeurtenis_of_onleesbaar)

    def _rijen(self, vraag: str, parameters: Sequence[Any], van_rij: Callable[[Any], _G]) -> list[_G]:
        try:
            with self._verbinding.cursor(binary=True, row_factory=tuple_row) as cursor:
                cursor.execute(vraag.encode(), parameters, prepare=True)
                gelezen: list[_G] = []
                while rijen := cursor.fetchmany(_PER_KEER):
                    gelezen += map(van_rij, rijen)
                return gelezen
        except psycopg.OperationalError as fout:
            raise _onbereikbaar(fout) from fout


def _per_stroom(gevraagd: Iterable[UUID], gelezen: Iterable[_G]) -> dict[UUID, list[_G]]:
    gevonden: dict[UUID, list[_G]] = {stroom: [] for stroom in gevraagd}
    for stroom, eigen in groupby(gelezen, _stroom):
        gevonden[stroom] = list(eigen)
    return gevonden


def _onbereikbaar(fout: psycopg.Error) -> DatabankOnbereikbaar:
    return DatabankOnbereikbaar(f"De verbinding met de database is weg ({str(fout).strip()}). Probeer het opnieuw.")
