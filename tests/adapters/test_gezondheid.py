"""The doctor tells which read models do not say all that the log says, and what to do."""

from collections.abc import Iterator

import pytest

from overstap.adapters.gezondheid import mis_met_beelden
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_werker import Werker
from tests.adapters.postgres.beelden import een_leerling
from tests.adapters.postgres.test_projectie_onleesbaar import leg_onleesbaar_vast
from tests.postgres_fixture import MakeDatabank


@pytest.fixture
def databank(maak_databank: MakeDatabank) -> Databank:
    return maak_databank(Soort.DEMO)


@pytest.fixture
def log(databank: Databank) -> Iterator[Log]:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Log(verbinding)


@pytest.fixture
def bij(databank: Databank, log: Log) -> Databank:
    """Fold a pupil into every read model."""
    een_leerling(log)
    _vouw(databank)
    return databank


def _vouw(databank: Databank) -> None:
    with Werker(databank) as werker:
        werker.bijwerken_tot()


def _schrijf(databank: Databank, wat: str) -> None:
    with databank.verbind(Login.PROJECTIE) as verbinding:
        verbinding.execute(f"UPDATE beeld.voortgang SET {wat} WHERE naam = 'actueel'".encode())


def test_read_models_that_say_all_of_the_log_are_well(bij: Databank) -> None:
    assert mis_met_beelden(bij) is None


def test_one_that_is_behind_and_does_not_move_is_told_with_its_error(bij: Databank) -> None:
    _schrijf(bij, "positie = 0, fout = 'DiskFull: vol', fout_op = now()")
    assert mis_met_beelden(bij) == (
        "actueel staat stil, 1 gebeurtenissen achter (DiskFull: vol). Werk het bij: overstap project."
    )


def test_one_that_is_behind_and_moves_is_told(bij: Databank) -> None:
    _schrijf(bij, "positie = 0, gevouwen_op = clock_timestamp()")
    assert mis_met_beelden(bij) == ("actueel loopt 1 gebeurtenissen achter. Wacht, of werk het bij: overstap project.")


def test_one_of_another_version_is_told_with_how_to_build_it(bij: Databank) -> None:
    _schrijf(bij, "versie = 1")
    mis = mis_met_beelden(bij) or ""
    assert mis.startswith("actueel is van versie 1, ")
    assert mis.endswith("Bouw het op: overstap projections rebuild actueel.")


def test_one_that_a_person_went_back_to_is_told(bij: Databank) -> None:
    _schrijf(bij, "versie = 1, vastgezet = true")
    assert mis_met_beelden(bij) == (
        "actueel is vastgezet op versie 1. Bouw het op: overstap projections rebuild actueel."
    )


def test_streams_that_stand_aside_are_counted(databank: Databank, log: Log) -> None:
    leg_onleesbaar_vast(log, een_leerling(log))
    _vouw(databank)
    mis = mis_met_beelden(databank) or ""
    assert "actueel mist 1 geparkeerde stromen. Bekijk ze: overstap projections parked." in mis
    assert "wachtbak mist 1 geparkeerde stromen." in mis
