"""`overstap serve` as a process: where a trial may run, and what it says when it cannot begin."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from overstap.adapters.http.luisteren import luister
from overstap.adapters.http.opties import Opties
from overstap.adapters.postgres.databank import Databank, open_databank
from overstap.adapters.postgres.migreer import Soort
from tests.adapters.http.deur import SLEUTEL_TEKST
from tests.postgres_fixture import verse_datamap


@pytest.fixture(scope="module")
def datamap() -> Path:
    return verse_datamap()


@pytest.fixture(scope="module")
def databank(datamap: Path) -> Iterator[Databank]:
    with open_databank(datamap) as een:
        een.migreer(Soort.ECHT)
        yield een


def _serve(datamap: Path, *argumenten: str) -> subprocess.CompletedProcess[str]:
    begin = "from overstap.adapters.cli import main; raise SystemExit(main())"
    omgeving = {**os.environ, "OVERSTAP_DATAMAP": str(datamap), "OVERSTAP_HOOFDSLEUTEL": SLEUTEL_TEKST}
    opdracht = [sys.executable, "-c", begin, "serve", "--port", "0", *argumenten]
    return subprocess.run(opdracht, env=omgeving, cwd="/", capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.usefixtures("databank")
def test_a_trial_does_not_begin_on_a_database_that_is_no_demo(datamap: Path) -> None:
    uit = _serve(datamap, "--dev")
    assert (uit.returncode, "overstap demo --once" in uit.stderr, "Traceback" in uit.stderr) == (1, True, False)


def test_a_trial_does_not_listen_to_other_machines(datamap: Path) -> None:
    uit = _serve(datamap, "--dev", "--host", "0.0.0.0")  # noqa: S104  # it must refuse
    assert (uit.returncode, "laat --host weg" in uit.stderr) == (1, True)


def test_who_takes_nothing_in_keeps_no_connection() -> None:
    with luister(Opties(poort=0)) as luisterend, socket.create_connection(luisterend.getsockname()):
        verbonden, _ = luisterend.accept()
        with verbonden:
            assert verbonden.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000
