"""Read the stored rows of the log in one go, as PostgreSQL sends them: whoever doubts them wants bytes, not events.

Blocks are cut by what stands in the table, not by arithmetic on positions: a damaged one may be any number.
"""

import contextlib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

VOOR_ALLES = 1 - 2**63
"""A position before all that SQL can write down."""
PER_BLOK = 1_000
_MAP = files("overstap.adapters.bewijs")
_RIJEN, _ALS_BYTES, ALS_JSON = (
    (_MAP / f"{naam}.sql").read_text(encoding="utf-8") for naam in ("rijen", "rij_als_bytes", "rij_als_json")
)


def lees_bytes(
    verbinding: psycopg.Connection[Any], na: int = VOOR_ALLES, tot: int | None = None, per_blok: int = PER_BLOK
) -> Iterator[bytes]:
    """Give the rows after position `na` up to `tot` (None: all) in order, in blocks, as nalezen.py takes them."""
    return _lees(verbinding, _ALS_BYTES, na, tot, per_blok)


def lees_json(
    verbinding: psycopg.Connection[Any], na: int = VOOR_ALLES, tot: int | None = None, per_blok: int = PER_BLOK
) -> Iterator[bytes]:
    """Give the same with each row as a line of JSON (docs/audit-format.md)."""
    return _lees(verbinding, ALS_JSON, na, tot, per_blok)


@contextlib.contextmanager
def een_moment(verbinding: psycopg.Connection[Any]) -> Iterator[None]:
    """See the database as it is now until the end, changing nothing; within a transaction, as that one sees it."""
    is_vrij = verbinding.info.transaction_status is TransactionStatus.IDLE
    with verbinding.transaction():
        if is_vrij:
            verbinding.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _lees(verbinding: psycopg.Connection[Any], vorm: str, na: int, tot: int | None, per_blok: int) -> Iterator[bytes]:
    grenzen = {"na": na, "tot": 2**63 - 1 if tot is None else tot, "per_blok": per_blok}
    with verbinding.transaction(), verbinding.cursor() as cursor:
        # An index on positions is the way, whatever the planner guesses of a table nobody has counted yet.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        with cursor.copy(_RIJEN.format(rij=vorm).encode(), grenzen) as kopie:
            for (blok,) in kopie.rows():
                yield blok
