"""`overstap projections` and `overstap project`: how the read models are, rebuilt, and kept up until a signal."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from overstap.adapters.postgres.databank import open_databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES
from overstap.adapters.postgres.projectie_toestand import toestanden
from tests.adapters.cli.conftest import Overstap

NAMEN = sorted(projectie.naam for projectie in PROJECTIES)


@pytest.fixture(scope="module")
def datamap(gespeelde_datamap: Path) -> Path:
    return gespeelde_datamap


@pytest.fixture
def beschadigd(datamap: Path) -> None:
    with open_databank(datamap) as databank, databank.verbind(Login.PROJECTIE) as verbinding:
        verbinding.execute("UPDATE beeld.actueel SET klas = 'kapot'")


def test_the_list_names_every_read_model_and_how_it_is(overstap: Overstap) -> None:
    alle = overstap("projections", "list", "--json").json
    assert [(een["naam"], een["stand"], een["achter"]) for een in alle] == [(naam, "bij", 0) for naam in NAMEN]
    assert "actueel" in overstap("projections", "list").uit


def test_all_are_rebuilt_without_a_difference(overstap: Overstap) -> None:
    verslagen = overstap("projections", "rebuild", "--all", "--json").json
    assert sorted(een["projectie"] for een in verslagen) == NAMEN
    assert {tabel["verschillen"] for een in verslagen for tabel in een["verschillen"]} == {0}


@pytest.mark.usefixtures("beschadigd")
def test_to_verify_a_damaged_one_is_refused_and_a_rebuild_mends_it(overstap: Overstap) -> None:
    uitvoer = overstap("projections", "verify", "actueel")
    assert uitvoer.uitgang == 1
    assert "kapot" not in uitvoer.uit + uitvoer.fout
    assert overstap("projections", "rebuild", "actueel").uitgang == 0
    assert overstap("projections", "verify", "actueel").uitgang == 0


def test_the_way_back_is_there_until_it_is_dropped(overstap: Overstap) -> None:
    overstap("projections", "rebuild", "wachtbak")
    assert overstap("projections", "back", "wachtbak").uitgang == 0
    assert "wachtbak" in overstap("projections", "drop-old", "wachtbak").uit
    uitvoer = overstap("projections", "back", "wachtbak")
    assert (uitvoer.uitgang, uitvoer.zin) == (1, "Van wachtbak is niets bewaard om naar terug te gaan.")


def test_a_read_model_that_does_not_exist_is_wrong_use(overstap: Overstap) -> None:
    uitvoer = overstap("projections", "rebuild", "bestaat-niet")
    assert uitvoer.uitgang == 2
    assert uitvoer.zin.startswith("Dit leesmodel bestaat niet. Kies uit: actueel, ")


def test_neither_a_name_nor_all_is_wrong_use(overstap: Overstap) -> None:
    assert overstap("projections", "verify").uitgang == 2
    assert overstap("projections", "verify", "actueel", "--all").uitgang == 2


@pytest.mark.parametrize("wat", [("retry",), ("discard", "--reden", "hoort hier niet")])
def test_what_is_not_parked_is_refused(overstap: Overstap, wat: tuple[str, ...]) -> None:
    opdracht, *opties = wat
    uitvoer = overstap("projections", opdracht, "actueel", str(uuid4()), *opties)
    assert (uitvoer.uitgang, uitvoer.zin) == (
        1,
        "Deze stroom staat niet geparkeerd. Zie `overstap projections parked`.",
    )
    assert overstap("projections", "parked", "--json").json == []


@pytest.mark.parametrize("sein", [signal.SIGINT, signal.SIGTERM])
def test_project_follows_until_a_signal_and_ends_well(datamap: Path, sein: signal.Signals) -> None:
    with _project(datamap) as proces:
        with open_databank(datamap) as databank:
            _wacht_tot(proces, lambda: all(een.wordt_gevolgd for een in toestanden(databank)))
        proces.send_signal(sein)
        assert proces.wait(20) == 0


def test_project_that_is_asked_to_stop_before_it_began_ends_well(datamap: Path) -> None:
    with _project(datamap) as proces:
        assert proces.stderr is not None
        _wacht_tot(proces, lambda: _vangt_seinen(proces.pid))
        proces.send_signal(signal.SIGTERM)
        assert proces.wait(20) == 0


@contextmanager
def _project(datamap: Path) -> "Iterator[subprocess.Popen[bytes]]":
    omgeving = {**os.environ, "OVERSTAP_DATAMAP": str(datamap)}
    opdracht = [str(Path(sys.executable).with_name("overstap")), "project"]
    with subprocess.Popen(opdracht, env=omgeving, stderr=subprocess.PIPE, cwd=datamap.parent) as proces:
        try:
            yield proces
        finally:
            proces.kill()


def _wacht_tot(proces: "subprocess.Popen[bytes]", is_zover: Callable[[], bool]) -> None:
    einde = time.monotonic() + 60
    while not is_zover():
        assert proces.poll() is None
        assert time.monotonic() < einde, "it took too long"
        time.sleep(0.02)


def _vangt_seinen(pid: int) -> bool:
    """Tell whether a process catches SIGTERM, from what Linux says of it."""
    for regel in Path(f"/proc/{pid}/status").read_text().splitlines():
        if regel.startswith("SigCgt:"):
            return bool(int(regel.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
    return False
