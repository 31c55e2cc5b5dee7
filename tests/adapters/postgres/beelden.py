"""What several tests of the read models need: a pupil, all rows, the catalogue, and to wait for a condition."""

import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import psycopg
from msgspec.structs import replace
from psycopg.sql import SQL, Identifier

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES
from overstap.adapters.postgres.toevoeging import Toevoeging
from overstap.domain.feiten.overstap import PersoonsgegevensGewijzigd
from tests.projections.geschiedenissen import BEGIN, Boek, opvoer
from tests.projections.vastleggen import leg_vast

TABELLEN = tuple(tabel for projectie in PROJECTIES for tabel in projectie.tabellen)


def alle_rijen(databank: Databank, tabellen: Sequence[str] = TABELLEN) -> dict[str, list[tuple[Any, ...]]]:
    with databank.verbind(Login.PROJECTIE) as verbinding:
        return {
            tabel: verbinding.execute(
                SQL("SELECT r::text FROM {} AS r ORDER BY 1").format(Identifier("beeld", tabel))
            ).fetchall()
            for tabel in tabellen
        }


def een_leerling(log: Log) -> UUID:
    boek = Boek()
    boek.voeg_toe(UUID(int=1), [opvoer()], BEGIN, BEGIN)
    return leg_vast(log, boek)[0].originator_id


def leg_ook_vast(log: Log, stroom: UUID) -> int:
    """Record one more event of a pupil, that he changed class; give its position."""
    laatste = log.laad([stroom])[stroom][-1]
    erbij = replace(
        laatste,
        originator_version=laatste.originator_version + 1,
        feit=PersoonsgegevensGewijzigd(klas=f"K{laatste.originator_version}"),
    )
    [uitkomst] = log.voeg_toe([Toevoeging([erbij])], laatste.vastgelegd_op)
    assert uitkomst.positie
    return uitkomst.positie


def catalogus(verbinding: psycopg.Connection[Any], schema: str) -> list[tuple[Any, ...]]:
    """Give columns, indexes, constraints, policies, row security and rights of every table of ours in a schema."""
    vraag = """
        SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text, c.reloptions::text,
               ARRAY(SELECT format('%%s %%s %%s', attname, atttypid::regtype, attnotnull) FROM pg_attribute
                      WHERE attrelid = c.oid AND attnum > 0 ORDER BY attnum),
               ARRAY(SELECT replace(indexdef, %(schema)s, '') FROM pg_indexes
                      WHERE schemaname = %(schema)s AND tablename = c.relname ORDER BY indexname),
               ARRAY(SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = c.oid ORDER BY 1),
               ARRAY(SELECT format('%%s %%s %%s %%s %%s', policyname, roles, cmd, qual, with_check) FROM pg_policies
                      WHERE schemaname = %(schema)s AND tablename = c.relname ORDER BY policyname)
          FROM pg_class AS c
         WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'r' AND c.relname = ANY(%(tabellen)s)
         ORDER BY c.relname
    """
    return verbinding.execute(vraag, {"schema": schema, "tabellen": list(TABELLEN)}).fetchall()


def is_zichtbaar(databank: Databank, overstap: UUID) -> bool:
    with databank.verbind(Login.PROJECTIE) as verbinding:
        try:
            rij = verbinding.execute("SELECT count(*) FROM beeld.actueel WHERE overstap = %s", (overstap,)).fetchone()
        except psycopg.errors.UndefinedTable:
            return False
        return rij == (1,)


def wacht_tot(is_zover: Callable[[], bool], hoogstens: float = 60.0) -> None:
    einde = time.monotonic() + hoogstens
    while not is_zover():
        assert time.monotonic() < einde, "it took too long"
        time.sleep(0.02)
