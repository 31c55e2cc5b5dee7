"""Be the library's recorder on our log: its application and repository work on the one table, through the one append.

The whole contract of PostgresApplicationRecorder holds. Two of its habits do not: it locks the table for every save,
and its subscription misses an event recorded between its first read and its LISTEN.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    ApplicationRecorder,
    DataError,
    IntegrityError,
    InterfaceError,
    Notification,
    OperationalError,
    StoredEvent,
    Subscription,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresSubscription
from eventsourcing.utils import retry
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

from overstap.adapters.postgres.opgeslagen import GemeldeGebeurtenis, Kolommen, OpgeslagenGebeurtenis, schrijfrij_van
from overstap.adapters.postgres.toevoeging import Afloop, Toevoeging, Uitkomst
from overstap.adapters.postgres.voeg_toe import voeg_toe

_Rij = tuple[Any, ...]  # a row of the log as _SELECT gives it: the library's four columns, then Kolommen

KANAAL = "gebeurtenissen"
"""Where the append sends its NOTIFY, with the last position."""
_VIER = "originator_id, originator_version, topic, state, "
_SELECT = f"SELECT {_VIER}{', '.join(Kolommen._fields)} FROM log.gebeurtenissen "  # noqa: S608
_EVENTS = """
WHERE originator_id = %(stroom)b
  AND (%(gt)b::bigint IS NULL OR originator_version > %(gt)b)
  AND (%(lte)b::bigint IS NULL OR originator_version <= %(lte)b)
ORDER BY originator_version """
_NOTIFICATIONS = """
WHERE positie >= %(van)b AND (%(tot)b::bigint IS NULL OR positie <= %(tot)b)
  AND (%(topics)b::text[] IS NULL OR topic = ANY(%(topics)b))
ORDER BY positie LIMIT %(limit)b"""
_POSITIE = 4 + Kolommen._fields.index("positie")
_STIL = 50  # rounds of 0.1 s without a wake-up after which a subscription looks by itself


class LogRecorder(PostgresApplicationRecorder):
    """The library's application recorder on log.gebeurtenissen; the table comes from the migrations."""

    def __init__(self, datastore: PostgresDatastore, **_: str) -> None:
        super().__init__(datastore)
        self.channel_name = KANAAL

    def create_table(self) -> None:
        """Do nothing: the migrations made it."""

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def insert_events(self, stored_events: Sequence[StoredEvent], **_: object) -> Sequence[int] | None:
        """Append the events as one request; give their positions.

        Raises:
            IntegrityError: when one of their versions is taken, or (of an event of ours) is not the next.
            DataError: when an event of ours happened more than 5 minutes after now.

        """
        if not stored_events:
            return None
        rijen = [schrijfrij_van(opgeslagen) for opgeslagen in stored_events]
        with self.datastore.get_connection() as verbinding:
            [uitkomst] = voeg_toe(verbinding, [Toevoeging()], [rijen])
        if uitkomst.afloop is not Afloop.VASTGELEGD or uitkomst.positie is None:
            _weiger(uitkomst)
        return list(range(uitkomst.positie, uitkomst.positie + len(stored_events)))

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Read the events of a stream with a version above gt, up to lte; at most limit, from the last one if desc."""
        vraag = _SELECT + _EVENTS + ("DESC" if desc else "ASC") + " LIMIT %(limit)b"
        waarden = {"stroom": originator_id, "gt": gt, "lte": lte, "limit": limit}
        return [_opgeslagen(rij) for rij in self._vraag(vraag, waarden)]

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Read at most limit events from position start (or after it) up to stop, of these topics if any are given."""
        van = (start or 0) + (0 if inclusive_of_start else 1)
        waarden = {"van": van, "tot": stop, "topics": list(topics) or None, "limit": limit}
        return [_gemeld(rij) for rij in self._vraag(_SELECT + _NOTIFICATIONS, waarden)]

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def max_notification_id(self) -> int | None:
        """Give the last position, None when there is none."""
        [(laatste,)] = self._vraag("SELECT max(positie) FROM log.gebeurtenissen", {})
        return None if laatste is None else int(laatste)

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Follow the log from after gt on; waits for what is still to come."""
        return LogSubscription(recorder=self, gt=gt, topics=topics)

    def _vraag(self, vraag: str, waarden: Mapping[str, object]) -> list[_Rij]:
        with (
            self.datastore.get_connection() as verbinding,
            verbinding.cursor(binary=True, row_factory=tuple_row) as cursor,
        ):
            return cursor.execute(vraag.encode(), waarden, prepare=True).fetchall()


class LogSubscription(PostgresSubscription):
    """A subscription that misses nothing: it reads again once it listens, when woken, and every few seconds anyway."""

    def _listen(self) -> None:
        try:
            with self._recorder.datastore.get_connection() as verbinding:
                verbinding.execute(SQL("LISTEN {}").format(Identifier(KANAAL)))
                try:
                    self._luister(verbinding)
                finally:
                    verbinding.execute("UNLISTEN *")
        except BaseException as fout:  # noqa: BLE001 - it reaches whoever iterates, as in the library
            if self._thread_error is None:
                self._thread_error = fout
            self.stop()

    def _luister(self, verbinding: psycopg.Connection[Any]) -> None:
        self._has_been_notified.set()
        stil = 0
        while not self._has_been_stopped and not self._thread_error:
            gewekt = any(True for _ in verbinding.notifies(timeout=0.1, stop_after=1))
            stil = 0 if gewekt else stil + 1
            if gewekt or stil % _STIL == 0:
                self._has_been_notified.set()


def _weiger(uitkomst: Uitkomst) -> NoReturn:
    if uitkomst.afloop is Afloop.IN_DE_TOEKOMST:
        raise DataError("Een gebeurtenis kan niet meer dan 5 minuten na nu zijn gebeurd.")
    raise IntegrityError(f"Stroom {uitkomst.stroom} staat al op versie {uitkomst.versie}.")


def _opgeslagen(rij: _Rij) -> StoredEvent:
    stroom, versie, topic, state = rij[:4]
    if rij[4] is None:
        return StoredEvent(stroom, versie, topic, state)
    return OpgeslagenGebeurtenis(stroom, versie, topic, state, Kolommen(*rij[4:]))


def _gemeld(rij: _Rij) -> Notification:
    stroom, versie, topic, state = rij[:4]
    if rij[4] is None:
        return Notification(stroom, versie, topic, state, rij[_POSITIE])
    return GemeldeGebeurtenis(stroom, versie, topic, state, rij[_POSITIE], Kolommen(*rij[4:]))
