"""Nothing is lost, doubled or out of order, whatever is killed; and the check that says so can see a loss."""

import json
import os
from importlib.resources import files

import pytest

from overstap.adapters.cli import main
from overstap.adapters.cli.fouten import Uitgang
from overstap.adapters.controle.proces import ControleFout
from overstap.adapters.controle.proef import Omvang, controleer, gegeven_databank
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import SUPERGEBRUIKER, Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.server import Server
from tests.postgres_fixture import VERSIES, MakeDatabank

IS_VOL = os.environ.get("OVERSTAP_PROOF") == "full"
KLEIN = ("--writers", "2", "--readers", "2", "--seconds", "1", "--kills", "2")
VOL = ("--writers", "4", "--readers", "3", "--seconds", "60", "--kills", "5")
SLOT = "PERFORM pg_advisory_xact_lock(7305808869233650789);"
KOP = "laatste := coalesce(laatste, 0);"


@pytest.mark.proof
@pytest.mark.parametrize("versie", list(VERSIES) if IS_VOL else list(VERSIES)[:1])
def test_nothing_is_lost_when_processes_and_the_database_are_killed(
    versie: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In small on the newest alone: test_gelijktijdig.py has several write on each version."""
    binaries = VERSIES[versie]
    omvang = VOL if IS_VOL else KLEIN
    waar = ("--pg-bin", str(binaries)) if binaries else ()

    uitgang = main(["check", "no-loss", "--json", *omvang, *waar])

    verslag = json.loads(capsys.readouterr().out)
    assert (verslag["missed"], verslag["duplicated"], verslag["outOfOrder"]) == (0, 0, 0)
    assert uitgang == Uitgang.GELUKT
    assert verslag["postgres"] == versie
    doden = int(omvang[-1])
    assert verslag["killed"] == {"writers": (doden + 1) // 2, "readers": doden // 2, "database": 1}
    assert verslag["stored"] >= verslag["acknowledged"] > 0
    assert [lezer["delivered"] for lezer in verslag["readers"]] == [verslag["stored"]] * len(verslag["readers"])


def test_without_the_lock_the_check_reports_missing_events(maak_databank: MakeDatabank) -> None:
    """Take the lock out and number from a sequence, as the library does: readers pass over what is still under way."""
    databank = maak_databank(Soort.DEMO)
    sql = (files("overstap.adapters.postgres.migraties") / "0052-voeg_toe.sql").read_text(encoding="utf-8")
    assert SLOT in sql
    assert KOP in sql
    zonder = sql.replace(SLOT, "").replace(KOP, "laatste := nextval('log.reeks'); PERFORM pg_sleep(random() / 50);")
    with databank.verbind(Login.EIGENAAR) as verbinding:
        verbinding.execute("CREATE SEQUENCE log.reeks INCREMENT 10000")
        verbinding.execute(zonder.encode())

    verslag = controleer(databank, Omvang(schrijvers=2, lezers=1, seconden=1, sterfgevallen=0))

    assert verslag.missed > 0
    assert [lezer.missed > 0 for lezer in verslag.readers] == [True]
    assert not verslag.is_goed


def test_a_database_that_is_no_demo_is_left_alone(server: Server, databank: Databank) -> None:
    url = server.conninfo(SUPERGEBRUIKER, databank.adres["dbname"])
    with pytest.raises(ControleFout, match="geen demo"), gegeven_databank(url):
        pass
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        assert verbinding.execute("SELECT count(*) FROM log.gebeurtenissen").fetchone() == (0,)
