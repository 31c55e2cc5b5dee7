"""Few rows go in one by one and many by COPY: whichever way, what stands there is the same."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.projections.projectie import ONEINDIG, ONEINDIGE_DAG
from overstap.projections.wegschrijven import (
    Tabel,
    Veld,
    bigint,
    boolean,
    dag,
    integer,
    jsonb,
    overschrijf,
    smallint,
    teksten,
    text,
    timestamptz,
    uuid,
)

VEEL = 50
_KOLOMMEN: dict[str, tuple[str, Veld]] = {
    "nummer": ("integer PRIMARY KEY", integer),
    "klein": ("smallint", smallint),
    "groot": ("bigint NOT NULL", bigint),
    "waar": ("boolean NOT NULL", boolean),
    "id": ("uuid", uuid),
    "naam": ("text", text),
    "op": ("timestamptz", timestamptz),
    "namen": ("text[] NOT NULL", teksten),
    "dag": ("date", dag),
    "wat": ("jsonb NOT NULL", jsonb),
}
_TABEL = Tabel(
    "proef", {naam: veld for naam, (_, veld) in _KOLOMMEN.items()}, overschrijf(("nummer",), list(_KOLOMMEN))
)


@pytest.fixture
def cursor(databank: Databank) -> Iterator[psycopg.Cursor[Any]]:
    """Give a cursor in a transaction in which the table is there."""
    with databank.verbind(Login.PROJECTIE) as verbinding, verbinding.transaction(force_rollback=True):
        kolommen = ", ".join(f"{naam} {soort}" for naam, (soort, _) in _KOLOMMEN.items())
        verbinding.execute(f"CREATE TEMPORARY TABLE proef ({kolommen})".encode())
        yield verbinding.cursor()


def _rij(nummer: int, naam: str = "é;'\\") -> tuple[object, ...]:
    op, dag_ = datetime(2026, 3, 29, 1, 30, tzinfo=UTC), date(2026, 10, 1)
    if nummer % 3 == 0:
        return (nummer, None, -1, False, None, None, None, (), None, [])
    is_later = nummer % 3 == 1
    return (
        nummer,
        nummer % 5,
        nummer << 40,
        True,
        UUID(int=nummer),
        naam,
        ONEINDIG if is_later else op,
        ("a", naam),
        ONEINDIGE_DAG if is_later else dag_,
        {"naam": naam},
    )


def _geschreven(cursor: psycopg.Cursor[Any]) -> list[tuple[Any, ...]]:
    return cursor.connection.execute("SELECT t::text FROM proef AS t ORDER BY nummer").fetchall()


def test_few_rows_and_many_are_written_alike(cursor: psycopg.Cursor[Any]) -> None:
    rijen = [_rij(nummer) for nummer in range(VEEL)]
    _TABEL.schrijf(cursor, rijen)
    ineens = _geschreven(cursor)
    assert len(ineens) == VEEL
    cursor.execute("DELETE FROM proef")
    _TABEL.schrijf(cursor, [])
    for nummer in range(0, VEEL, 5):
        _TABEL.schrijf(cursor, rijen[nummer : nummer + 5])
    assert _geschreven(cursor) == ineens


@pytest.mark.parametrize("aantal", [3, VEEL])
def test_rows_that_were_there_are_replaced_also_within_one_transaction(
    cursor: psycopg.Cursor[Any], aantal: int
) -> None:
    _TABEL.schrijf(cursor, [_rij(nummer) for nummer in range(VEEL)])
    _TABEL.schrijf(cursor, [_rij(nummer, "later") for nummer in range(aantal)])
    namen = [naam for (naam,) in cursor.execute("SELECT naam FROM proef ORDER BY nummer")]
    assert namen == [_rij(nummer, "later" if nummer < aantal else "é;'\\")[5] for nummer in range(VEEL)]
