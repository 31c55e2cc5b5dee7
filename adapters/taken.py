"""Long work that somebody started from a screen: one of a kind at a time, in the background, told by whoever asks.

It goes on when the page is closed and ends with the process; then its row says that it was broken off.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, Final, Self

import msgspec
import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.rows import class_row

from overstap.adapters.bewijs.fouten import BewijsFout
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankFout
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_parkeren import in_woorden
from overstap.domain.rollen import Actor

_SLOTEN: Final = 730580889  # the advisory locks of who is at work: this number, and one of the kind of work
_TUSSENPOOS: Final = 0.5  # seconds between two notes of how far it is
_GEDULD: Final = 5.0  # seconds in which work that must stop may do so
_OPNIEUW: Final = 0.01  # seconds until who waits for a lock asks again
_BEWAARD: Final = 20  # of each kind
_NEEM: Final = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
_IS_GEDAAN: Final = "SELECT klaar_op IS NOT NULL FROM toegang.taken WHERE soort = %s ORDER BY nummer DESC LIMIT 1"
_BEGIN: Final = "INSERT INTO toegang.taken (soort, regio, account, wat) VALUES (%s, %s, %s, %s) RETURNING nummer"
_RUIM_OP: Final = """
DELETE FROM toegang.taken WHERE nummer IN (
    SELECT nummer FROM toegang.taken WHERE (regio, soort) = (%s, %s) ORDER BY nummer DESC OFFSET %s)
"""
_VORDER: Final = "UPDATE toegang.taken SET gedaan = %s, totaal = %s, stap = %s WHERE nummer = %s"
_SLUIT: Final = "UPDATE toegang.taken SET klaar_op = clock_timestamp(), uitslag = %s, fout = %s WHERE nummer = %s"
_LEES: Final = """
SELECT t.nummer, t.soort, t.account, t.wat, t.begonnen_op, t.gedaan, t.totaal, t.stap, t.klaar_op, t.uitslag, t.fout,
       EXISTS (SELECT FROM pg_locks AS s
                WHERE s.locktype = 'advisory' AND s.granted AND s.objsubid = 2
                  AND s.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND s.classid = %s::bigint::oid
                  AND s.objid = (hashtext(t.soort)::bigint & 4294967295)::oid) AS heeft_slot
  FROM toegang.taken AS t WHERE (t.regio, t.soort) = (%s, %s) ORDER BY t.nummer DESC LIMIT %s
"""


class Taaksoort(StrEnum):
    """Kinds of work of which one is done at a time, by all processes of a service together."""

    NAREKENEN = "narekenen"
    HERBOUW = "herbouw"
    """Read models: built anew, or compared with what the log gives."""


class Taak(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of work: how far it is (gedaan of totaal, 0: not known), what is going on, and what came of it.

    uitslag is JSON, of what went well; fout says why it did not.
    """

    nummer: int
    soort: str
    account: str
    wat: str
    begonnen_op: datetime
    gedaan: int
    totaal: int
    stap: str
    klaar_op: datetime | None
    uitslag: str | None
    fout: str | None
    heeft_slot: bool

    @property
    def loopt(self) -> bool:
        """Is it being done?"""
        return self.klaar_op is None and self.heeft_slot

    @property
    def is_afgebroken(self) -> bool:
        """Did it end without a word, with the process that did it?"""
        return self.klaar_op is None and not self.heeft_slot


Vorder = Callable[[int, int, str], None]
"""Told how far work is: done, of how many, and what is going on. What it raises ends the work."""


class TaakGestopt(DatabankFout):
    """The process ends, and the work with it."""


class Taken:
    """Does work in threads of its own, one of a kind; leaving the `with` stops what is not done."""

    def __init__(self, databank: Databank) -> None:
        self._databank = databank
        self._gestopt = threading.Event()
        self._draden: list[threading.Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        self._gestopt.set()
        einde = time.monotonic() + _GEDULD
        for draad in self._draden:
            draad.join(max(0.0, einde - time.monotonic()))

    def begin(self, soort: Taaksoort, actor: Actor, wat: str, werk: Callable[[Vorder], object]) -> bool:
        """Begin work, and tell whether it was begun: False when some of its kind is being done already.

        What it gives is kept as JSON. Blocks for some milliseconds.

        Raises:
            DatabankOnbereikbaar: when there is no database.

        """
        verbinding = self._databank.verbind(Login.SCHRIJVER)
        try:
            if not _neem(verbinding, soort):
                verbinding.close()
                return False
            verbinding.execute(_RUIM_OP, (actor.regio, soort, _BEWAARD - 1))
            [(nummer,)] = verbinding.execute(_BEGIN, (soort, actor.regio, actor.account, wat)).fetchall()
        except BaseException:
            verbinding.close()
            raise
        # A daemon: work that hangs in the database does not keep the process from ending.
        draad = threading.Thread(target=self._doe, args=(verbinding, nummer, werk), name=f"taak-{soort}", daemon=True)
        self._draden = [een for een in self._draden if een.is_alive()] + [draad]
        draad.start()
        return True

    def _doe(self, verbinding: psycopg.Connection[Any], nummer: int, werk: Callable[[Vorder], object]) -> None:
        laatst = ("", 0.0)

        def vorder(gedaan: int, totaal: int, stap: str) -> None:
            nonlocal laatst
            if self._gestopt.is_set():
                raise TaakGestopt("De dienst stopte. Begin opnieuw; er is niets veranderd.")
            if stap != laatst[0] or time.monotonic() - laatst[1] > _TUSSENPOOS:
                laatst = (stap, time.monotonic())
                verbinding.execute(_VORDER, (gedaan, totaal, stap, nummer))

        uitslag, fout = None, None
        try:
            with verbinding:
                try:
                    uitslag = msgspec.json.encode(werk(vorder)).decode()
                except (DatabankFout, BewijsFout) as een:
                    fout = str(een)
                except Exception as een:  # noqa: BLE001  # whoever started it is told, without the values it quotes
                    structlog.get_logger().exception("taak_mislukt", nummer=nummer)
                    fout = in_woorden(een)
                verbinding.execute(_SLUIT, (uitslag, fout, nummer))
        except psycopg.OperationalError as een:
            structlog.get_logger().warning("taak_afgebroken", nummer=nummer, soort=type(een).__name__)


def _neem(verbinding: psycopg.Connection[Any], soort: Taaksoort) -> bool:
    """Take the lock of a kind of work, and tell whether it was free.

    Work is told to be done before its lock is gone, lest a reader takes it for broken off; who begins in between waits.
    """
    einde = time.monotonic() + _GEDULD
    while verbinding.execute(_NEEM, (_SLOTEN, soort)).fetchone() != (True,):
        if verbinding.execute(_IS_GEDAAN, (soort,)).fetchone() == (False,) or time.monotonic() > einde:
            return False
        time.sleep(_OPNIEUW)
    return True


async def lees_taken(verbinding: AsyncConnection, regio: str, soort: Taaksoort, aantal: int = 1) -> list[Taak]:
    """Give the last work of a kind in a region, the newest first; over a connection in autocommit."""
    async with verbinding.cursor(row_factory=class_row(Taak)) as cursor:
        vraag = _LEES.encode(), (_SLOTEN, regio, soort, aantal)
        gelezen = await (await cursor.execute(*vraag)).fetchall()
        if any(een.is_afgebroken for een in gelezen):
            # The row can be of just before its work was done, and its lock of just after: now the row tells.
            gelezen = await (await cursor.execute(*vraag)).fetchall()
        return gelezen
