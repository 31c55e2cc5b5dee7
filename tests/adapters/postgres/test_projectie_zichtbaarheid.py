"""Who wrote may wait until it can be read: woken by the fold itself, bounded in time, from threads and event loops."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_herbouw import herbouw, niemand
from overstap.adapters.postgres.projectie_tabellen import richt_in
from overstap.adapters.postgres.projectie_volger import volgend
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.postgres.projectie_zichtbaarheid import NogNietZichtbaar, Zichtbaarheid
from overstap.projections.actueel_tabel import ActueelProjectie
from tests.adapters.postgres.beelden import een_leerling, is_zichtbaar, leg_ook_vast, wacht_tot

RUIM = 30.0


@pytest.fixture
def log(demo_databank: Databank) -> Iterator[Log]:
    richt_in(demo_databank)
    with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Log(verbinding)


@pytest.fixture
def zichtbaarheid(demo_databank: Databank, log: Log) -> Iterator[Zichtbaarheid]:
    with Zichtbaarheid(demo_databank) as zichtbaarheid:
        wacht_tot(lambda: bool(zichtbaarheid.posities()))
        yield zichtbaarheid


def werk_bij(databank: Databank) -> None:
    with Werker(databank) as werker:
        werker.bijwerken_tot()


def test_what_was_written_can_be_read_after_the_wait(
    demo_databank: Databank, log: Log, zichtbaarheid: Zichtbaarheid
) -> None:
    with volgend(demo_databank):
        overstap = een_leerling(log)
        positie = leg_ook_vast(log, overstap)
        assert zichtbaarheid.tot("actueel", positie, RUIM) >= positie
        assert is_zichtbaar(demo_databank, overstap)


def test_an_event_loop_waits_without_standing_still(
    demo_databank: Databank, log: Log, zichtbaarheid: Zichtbaarheid
) -> None:
    overstap = een_leerling(log)
    werk_bij(demo_databank)
    positie = leg_ook_vast(log, overstap)

    async def wacht() -> int:
        wachter = asyncio.create_task(zichtbaarheid.tot_async("actueel", positie, RUIM))
        await asyncio.to_thread(werk_bij, demo_databank)
        return await wachter

    assert asyncio.run(wacht()) >= positie


def test_what_is_not_folded_in_time_is_a_clear_error_and_leaves_nothing_behind(
    log: Log, zichtbaarheid: Zichtbaarheid
) -> None:
    positie = log.laatste_positie() + 100
    with pytest.raises(NogNietZichtbaar, match=f"nog niet bij positie {positie}"):
        zichtbaarheid.tot("actueel", positie, 0.05)
    with pytest.raises(NogNietZichtbaar):
        asyncio.run(zichtbaarheid.tot_async("actueel", positie, 0.05))
    assert [wie for wie in zichtbaarheid._wachtend.values() if wie] == []


def test_many_wait_and_each_wakes_at_its_own_position(
    demo_databank: Databank, log: Log, zichtbaarheid: Zichtbaarheid
) -> None:
    overstap = een_leerling(log)
    posities = [leg_ook_vast(log, overstap) for _ in range(5)]
    uitkomsten: list[tuple[int, int]] = []

    def wacht(positie: int) -> None:
        uitkomsten.append((positie, zichtbaarheid.tot("actueel", positie, RUIM)))

    draden = [threading.Thread(target=wacht, args=(positie,)) for positie in posities]
    for draad in draden:
        draad.start()
    with Werker(demo_databank, omvang=1) as werker:
        werker.bijwerken_tot()
    for draad in draden:
        draad.join(RUIM)
    assert sorted(gevraagd for gevraagd, _ in uitkomsten) == posities
    assert all(gekregen >= gevraagd for gevraagd, gekregen in uitkomsten)


def test_waiting_asks_the_database_nothing(demo_databank: Databank, log: Log, zichtbaarheid: Zichtbaarheid) -> None:
    werk_bij(demo_databank)
    vraag = """
        SELECT xact_start, query_start FROM pg_stat_activity
         WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
    """
    with demo_databank.verbind(Login.APP) as verbinding:
        voor = verbinding.execute(vraag).fetchall()
        with pytest.raises(NogNietZichtbaar):
            zichtbaarheid.tot("actueel", log.laatste_positie() + 1, 0.5)
        assert verbinding.execute(vraag).fetchall() == voor


def test_a_listener_whose_connection_is_lost_hears_again(
    demo_databank: Databank, log: Log, zichtbaarheid: Zichtbaarheid
) -> None:
    with demo_databank.verbind(Login.APP) as verbinding:
        verbinding.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()"
        )
    een_leerling(log)
    werk_bij(demo_databank)
    assert zichtbaarheid.tot("actueel", log.laatste_positie(), RUIM) == log.laatste_positie()


def test_a_swap_wakes_who_waits_for_what_it_brought(
    demo_databank: Databank, log: Log, zichtbaarheid: Zichtbaarheid
) -> None:
    een_leerling(log)
    werk_bij(demo_databank)
    with demo_databank.verbind(Login.PROJECTIE) as verbinding:
        verbinding.execute("UPDATE beeld.voortgang SET versie = 0, positie = 0 WHERE naam = 'actueel'")
    zichtbaarheid._hoor("actueel", 0)
    herbouw(demo_databank, [ActueelProjectie], niemand)
    assert zichtbaarheid.tot("actueel", log.laatste_positie(), RUIM) == log.laatste_positie()


def test_leaving_ends_the_listener_at_once(demo_databank: Databank, log: Log) -> None:
    with Zichtbaarheid(demo_databank) as zichtbaarheid:
        wacht_tot(lambda: bool(zichtbaarheid.posities()))
        begin = time.monotonic()
    assert time.monotonic() - begin < 2
    assert not zichtbaarheid._draad.is_alive()
