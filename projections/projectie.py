"""The contract of a stored read model: its own .sql file, and a fold that takes batches of events into its tables."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Protocol, get_args
from uuid import UUID

from psycopg import Cursor
from psycopg.sql import SQL, Composable, Identifier

from overstap.domain.feiten import FeitVanAanmelding, FeitVanOverstap
from overstap.domain.gebeurtenis import Gebeurtenis

ONEINDIG = datetime.max.replace(tzinfo=UTC)
"""No end: PostgreSQL's 'infinity', which Python's datetime does not know."""

OVERSTAPFEITEN: frozenset[type] = frozenset(get_args(FeitVanOverstap | FeitVanAanmelding))
"""The facts of a pupil's own stream; the others are of organisations, deliveries, the wachtbak and the rules."""

Geschiedenis = Callable[[Iterable[UUID]], Mapping[UUID, Sequence[Gebeurtenis]]]
"""Load whole streams from the log, in order; they may run on beyond the batch that is being folded."""


class Projectie(Protocol):
    """One stored read model.

    A change of what the fold writes or of the tables asks for a higher versie: what is stored is then folded anew.
    tabellen name its tables as its .sql file makes them: without a schema, so that the same file makes them anywhere.
    """

    @property
    def naam(self) -> str:
        """The name of the read model, and of its .sql file."""

    @property
    def versie(self) -> int:
        """The version of tables and fold together."""

    @property
    def tabellen(self) -> tuple[str, ...]:
        """Its tables."""

    def vouw(self, cursor: Cursor[Any], batch: Sequence[Gebeurtenis], geschiedenis: Geschiedenis) -> None:
        """Fold consecutive events into the tables found on the search_path, within the caller's transaction."""


def definitie(naam: str) -> str:
    """Give the SQL that makes a read model's tables, and all that belongs to them, in the current schema."""
    return sql_bestand(f"{naam}.sql")


def sql_bestand(naam: str) -> str:
    """Read one of the .sql files beside this module."""
    return (files("overstap.projections") / naam).read_text(encoding="utf-8")


def vastgelegd_op(gebeurtenis: Gebeurtenis) -> datetime:
    """Give when an event was recorded.

    Raises:
        ValueError: for an event that does not come from the log.

    """
    if gebeurtenis.vastgelegd_op is None:
        message = f"event {gebeurtenis.originator_id}@{gebeurtenis.originator_version} was never recorded"
        raise ValueError(message)
    return gebeurtenis.vastgelegd_op


def geldt_vanaf(gebeurtenis: Gebeurtenis) -> datetime:
    """Give the moment from which an event says what held.

    That is its gebeurd_op. A source's clock may run ahead of ours; then it holds from the moment it was recorded, so
    that what holds now, as known now, is always the last thing recorded.
    """
    return min(gebeurtenis.gebeurd_op, vastgelegd_op(gebeurtenis))


class Tabel:
    """How rows are written to one table: by binary COPY into a temporary one, and from there in one INSERT.

    COPY itself refuses a table with row level security. bij_bestaan is the action for a row whose key exists
    ('(key) DO UPDATE SET ...'); waarden give the expressions of columns that are not stored as they come.
    """

    def __init__(
        self,
        naam: str,
        kolommen: Sequence[str],
        bij_bestaan: Composable,
        waarden: Mapping[str, Composable] | None = None,
    ) -> None:
        anders = waarden or {}
        delen = {
            "tabel": Identifier(naam),
            "invoer": Identifier(f"invoer_{naam}"),
            "namen": SQL(", ").join(map(Identifier, kolommen)),
            "waarden": SQL(", ").join(anders.get(kolom, Identifier(kolom)) for kolom in kolommen),
            "bij_bestaan": bij_bestaan,
        }
        self._vooraf = [
            SQL("CREATE TEMPORARY TABLE IF NOT EXISTS {invoer} AS SELECT {namen} FROM {tabel} LIMIT 0").format(**delen),
            SQL("TRUNCATE {invoer}").format(**delen),
            SQL("SELECT {namen} FROM {invoer}").format(**delen),
        ]
        self._kopieer = SQL("COPY {invoer} FROM STDIN (FORMAT BINARY)").format(**delen)
        self._voeg_in = SQL(
            "INSERT INTO {tabel} ({namen}) SELECT {waarden} FROM {invoer} ON CONFLICT {bij_bestaan}"
        ).format(**delen)

    def schrijf(self, cursor: Cursor[Any], rijen: Iterable[Sequence[object]]) -> None:
        """Write rows; no key may occur twice among them."""
        for opdracht in self._vooraf:
            cursor.execute(opdracht)
        soorten = [kolom.type_code for kolom in cursor.description or ()]
        with cursor.copy(self._kopieer) as kopie:
            kopie.set_types(soorten)
            for rij in rijen:
                kopie.write_row(rij)
        cursor.execute(self._voeg_in)


def overschrijf(sleutel: Sequence[str], kolommen: Sequence[str]) -> Composable:
    """Give the action that replaces every other column of a row whose key exists."""
    nieuw = SQL(", ").join(
        SQL("{0} = excluded.{0}").format(Identifier(kolom)) for kolom in kolommen if kolom not in sleutel
    )
    return SQL("({}) DO UPDATE SET {}").format(SQL(", ").join(map(Identifier, sleutel)), nieuw)
