"""Writers in several processes at once lose nothing, and a reader that follows the log misses nothing."""

from importlib.resources import files
from uuid import uuid4

import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from tests.adapters.postgres.schrijvers import SCHRIJVERS, STAPELS, schrijf_samen
from tests.postgres_fixture import MakeDatabank

SLOT = "PERFORM pg_advisory_xact_lock(7305808869233650789);"
KOP = "laatste := coalesce(laatste, 0);"


def test_writers_in_several_processes_lose_nothing_and_leave_no_gap(maak_op_elke: MakeDatabank) -> None:
    databank = maak_op_elke(Soort.ECHT)
    verslag = schrijf_samen(databank, gedeeld=uuid4())
    assert verslag.gemist == set()
    assert [positie for positie, _, _ in verslag.gezien] == list(range(1, len(verslag.gezien) + 1))
    assert len(verslag.gezien) == len(verslag.toegezegd)
    assert _op_dat_terugloopt(databank) == 0


def test_a_version_that_several_writers_want_goes_to_one_of_them(maak_databank: MakeDatabank) -> None:
    for _ in range(10):  # until some lose the race: on a busy machine they may come one by one
        gedeeld = uuid4()
        verslag = schrijf_samen(maak_databank(Soort.ECHT), gedeeld)
        versies = [versie for _, stroom, versie in verslag.gezien if stroom == gedeeld]
        assert versies == list(range(1, len(versies) + 1))
        assert len(versies) >= STAPELS
        if len(versies) < SCHRIJVERS * STAPELS:
            return
    pytest.fail("there was no race")


def test_without_the_lock_a_reader_misses_events(maak_databank: MakeDatabank) -> None:
    """Take the lock out and number from a sequence, as the library does: the test above would see it."""
    databank = maak_databank(Soort.ECHT)
    sql = (files("overstap.adapters.postgres.migraties") / "0052-voeg_toe.sql").read_text(encoding="utf-8")
    assert SLOT in sql
    assert KOP in sql
    zonder = sql.replace(SLOT, "").replace(KOP, "laatste := nextval('log.reeks'); PERFORM pg_sleep(random() / 100);")
    with databank.verbind(Login.EIGENAAR) as verbinding:
        verbinding.execute("CREATE SEQUENCE log.reeks INCREMENT 1000")
        verbinding.execute(zonder.encode())
    assert schrijf_samen(databank).gemist


def _op_dat_terugloopt(databank: Databank) -> int:
    vraag = "SELECT vastgelegd_op < lag(vastgelegd_op) OVER (ORDER BY positie) AS terug FROM log.gebeurtenissen"
    with databank.verbind(Login.AUDIT) as verbinding:
        rij = verbinding.execute(f"SELECT count(*) FROM ({vraag}) AS t WHERE terug".encode()).fetchone()
    assert rij is not None
    return int(rij[0])
