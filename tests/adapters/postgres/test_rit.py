"""Several statements in one round trip: one transaction, each prepared once, nothing left behind of one that fails."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import AsyncConnection

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.rit import eerste_rij

Verbinding = AsyncConnection[Any]
_OPTELLEN = b"SELECT %s::int + %s::int, repeat('x', 3), '{\"a\": [1]}'::jsonb, '\\x00ff'::bytea, NULL::text"
_BEREID = "SELECT count(*)::int FROM pg_prepared_statements WHERE name LIKE 'rit%%'"


@pytest.fixture(scope="module")
def databank(demo_databank: Databank) -> Databank:
    return demo_databank


def speel(databank: Databank, doe: Callable[[Verbinding], Awaitable[None]]) -> None:
    async def geheel() -> None:
        async with await AsyncConnection.connect(databank.conninfo(Login.APP), autocommit=True) as verbinding:
            await doe(verbinding)

    asyncio.run(geheel())


def test_the_first_row_of_the_last_comes_with_its_types(databank: Databank) -> None:
    async def doe(verbinding: Verbinding) -> None:
        rij = await eerste_rij(verbinding, (b"SELECT 1", ()), (_OPTELLEN, ("1", "2")))
        assert rij == (3, "xxx", {"a": [1]}, b"\x00\xff", None)
        assert await eerste_rij(verbinding, (b"SELECT 1 WHERE false", ())) is None
        uuid = UUID(int=7)
        assert await eerste_rij(verbinding, (b"SELECT %s::uuid", (uuid,))) == (uuid,)

    speel(databank, doe)


def test_a_statement_is_prepared_once(databank: Databank) -> None:
    async def doe(verbinding: Verbinding) -> None:
        for nummer in range(3):
            assert await eerste_rij(verbinding, (b"SELECT 'a'", ()), (b"SELECT %s", (str(nummer),))) == (str(nummer),)
        assert await (await verbinding.execute(_BEREID)).fetchone() == (2,)

    speel(databank, doe)


def test_what_fails_takes_all_of_it_along_and_the_connection_goes_on(databank: Databank) -> None:
    zet = (b"SELECT set_config('overstap.proef', %s, false)", ("ja",))
    delen = b"SELECT 1 / %s::int"

    async def doe(verbinding: Verbinding) -> None:
        for _ in range(2):
            with pytest.raises(psycopg.errors.DivisionByZero):
                await eerste_rij(verbinding, zet, (delen, ("0",)))
            with pytest.raises(psycopg.errors.UndefinedTable):
                await eerste_rij(verbinding, zet, (b"SELECT * FROM bestaat_niet", ()))
        assert await eerste_rij(verbinding, (b"SELECT coalesce(current_setting('overstap.proef', true), '')", ())) == (
            "",
        )
        assert await eerste_rij(verbinding, (delen, ("1",))) == (1,)

    speel(databank, doe)


def test_more_than_fits_the_socket_goes_in_and_comes_out(databank: Databank) -> None:
    veel = "overstap " * 2_000_000

    async def doe(verbinding: Verbinding) -> None:
        assert await eerste_rij(verbinding, (b"SELECT %s::text", (veel,))) == (veel,)

    speel(databank, doe)


def test_who_gives_up_leaves_no_connection_that_answers_another(databank: Databank) -> None:
    async def doe(verbinding: Verbinding) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await eerste_rij(verbinding, (b"SELECT pg_sleep(5)", ()))
        assert verbinding.closed

    speel(databank, doe)


def test_a_connection_that_is_lost_says_so(databank: Databank) -> None:
    async def doe(verbinding: Verbinding) -> None:
        with pytest.raises(psycopg.OperationalError):
            await eerste_rij(verbinding, (b"SELECT pg_terminate_backend(pg_backend_pid())", ()))
        assert verbinding.closed

    speel(databank, doe)


def test_within_a_transaction_it_is_refused(databank: Databank) -> None:
    async def doe(verbinding: Verbinding) -> None:
        async with verbinding.transaction():
            with pytest.raises(ValueError, match="of its own"):
                await eerste_rij(verbinding, (b"SELECT 1", ()))

    speel(databank, doe)
