"""Long work from a screen: one of a kind at a time, told while it goes on, and never lost without a word."""

import asyncio
import threading
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import AsyncConnection

from overstap.adapters import taken as adapters_taken
from overstap.adapters.bewijs.fouten import BewijsFout
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.taken import _SLOTEN, Taak, Taaksoort, Taken, Vorder, lees_taken
from tests.adapters.opstelling import REGIEBEHEERDER, REGIO

NAREKENEN, HERBOUW = Taaksoort.NAREKENEN, Taaksoort.HERBOUW
GEDULD = 20.0


@pytest.fixture
def taken(databank: Databank) -> Iterator[Taken]:
    with Taken(databank) as taken:
        yield taken


def lees(databank: Databank, soort: Taaksoort = NAREKENEN, aantal: int = 1, regio: str = REGIO) -> list[Taak]:
    async def vraag() -> list[Taak]:
        async with await AsyncConnection.connect(databank.conninfo(Login.SCHRIJVER), autocommit=True) as verbinding:
            return await lees_taken(verbinding, regio, soort, aantal)

    return asyncio.run(vraag())


def afgelopen(databank: Databank) -> Taak:
    for _ in range(int(GEDULD / 0.02)):
        [taak] = lees(databank)
        if not taak.loopt:
            return taak
        threading.Event().wait(0.02)
    raise AssertionError("the work does not end")


def test_what_came_of_it_is_kept_as_json(databank: Databank, taken: Taken) -> None:
    assert taken.begin(NAREKENEN, REGIEBEHEERDER, "log", lambda _: {"goed": True})
    taak = afgelopen(databank)
    assert (taak.uitslag, taak.fout, taak.wat, taak.account) == ('{"goed":true}', None, "log", REGIEBEHEERDER.account)
    assert taak.klaar_op is not None


def test_one_of_a_kind_is_done_at_a_time_and_its_place_is_told(databank: Databank, taken: Taken) -> None:
    verder = threading.Event()

    def werk(vorder: Vorder) -> None:
        vorder(30, 90, "vouwen")
        verder.wait(GEDULD)

    assert taken.begin(NAREKENEN, REGIEBEHEERDER, "log", werk)
    with Taken(databank) as ander_proces:
        assert not ander_proces.begin(NAREKENEN, REGIEBEHEERDER, "log", werk)
        assert ander_proces.begin(HERBOUW, REGIEBEHEERDER, "alle", lambda _: None)
    [taak] = lees(databank)
    for _ in range(int(GEDULD / 0.02)):
        if taak.gedaan:
            break
        threading.Event().wait(0.02)
        [taak] = lees(databank)
    assert (taak.loopt, taak.gedaan, taak.totaal, taak.stap) == (True, 30, 90, "vouwen")
    assert lees(databank, regio="22") == []
    verder.set()
    assert afgelopen(databank).uitslag == "null"


def test_the_next_begins_as_soon_as_the_one_before_is_told_to_be_done(databank: Databank, taken: Taken) -> None:
    assert taken.begin(NAREKENEN, REGIEBEHEERDER, "log", lambda _: None)
    afgelopen(databank)
    with databank.verbind(Login.SCHRIJVER) as wie_nog_weg_moet:  # as the connection of the one before, when it lingers
        wie_nog_weg_moet.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", (_SLOTEN, NAREKENEN))
        weg = threading.Timer(0.3, wie_nog_weg_moet.close)
        weg.start()
        assert taken.begin(NAREKENEN, REGIEBEHEERDER, "log", lambda _: None)
        weg.join()


def test_work_that_ends_while_it_is_looked_at_was_not_broken_off(
    databank: Databank, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    traag = adapters_taken._LEES.replace("EXISTS (", "(SELECT pg_sleep(0.3)::text) = '' AND EXISTS (", 1)
    monkeypatch.setattr(adapters_taken, "_LEES", traag)  # rows are those of before, locks those of after the sleep
    klaar = threading.Event()
    assert taken.begin(NAREKENEN, REGIEBEHEERDER, "log", lambda _: klaar.wait(GEDULD))
    threading.Timer(0.15, klaar.set).start()
    [taak] = lees(databank)
    assert not taak.is_afgebroken
    assert afgelopen(databank).uitslag == "true"


@pytest.mark.parametrize(
    ("fout", "zin"),
    [
        (BewijsFout("De boom is beschadigd."), "De boom is beschadigd."),
        (ValueError("'Jan' heeft nummer 182071649"), "ValueError: … heeft nummer …"),
    ],
)
def test_why_it_went_wrong_is_told_without_a_value(databank: Databank, taken: Taken, fout: Exception, zin: str) -> None:
    def werk(_: Vorder) -> None:
        raise fout

    taken.begin(NAREKENEN, REGIEBEHEERDER, "log", werk)
    taak = afgelopen(databank)
    assert (taak.uitslag, taak.fout) == (None, zin)


def test_work_stops_when_its_service_does(databank: Databank) -> None:
    begonnen = threading.Event()

    def werk(vorder: Vorder) -> None:
        for nummer in range(int(GEDULD / 0.01)):
            vorder(nummer, 0, "")
            begonnen.set()
            threading.Event().wait(0.01)

    with Taken(databank) as taken:
        taken.begin(NAREKENEN, REGIEBEHEERDER, "log", werk)
        assert begonnen.wait(GEDULD)
    taak = afgelopen(databank)
    assert taak.fout is not None
    assert "De dienst stopte." in taak.fout


def test_work_whose_process_was_killed_is_seen_to_have_ended(databank: Databank, taken: Taken) -> None:
    def werk(_: Vorder) -> None:
        with databank.verbind(Login.SCHRIJVER) as verbinding:
            [(eigen,)] = verbinding.execute("SELECT pg_backend_pid()").fetchall()
            verbinding.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 730580889 "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> %s",
                (eigen,),
            )
        raise psycopg.OperationalError

    taken.begin(NAREKENEN, REGIEBEHEERDER, "log", werk)
    assert afgelopen(databank).is_afgebroken


def test_the_last_score_of_a_kind_is_kept(databank: Databank, taken: Taken) -> None:
    for nummer in range(25):
        while not taken.begin(NAREKENEN, REGIEBEHEERDER, str(nummer), lambda _: None):
            threading.Event().wait(0.01)
        afgelopen(databank)
    gevonden = [int(een.wat) for een in lees(databank, aantal=100)]
    assert gevonden == list(range(24, 4, -1))
