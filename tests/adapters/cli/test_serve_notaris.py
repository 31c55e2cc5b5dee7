"""`overstap serve` has the notary sign beside it; it ends with the service, however that ends."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from overstap.adapters.cli.fouten import Uitgang
from overstap.adapters.postgres.logins import SUPERGEBRUIKER
from overstap.adapters.postgres.server import Server
from tests.adapters.cli.conftest import Overstap

GEDULD = 90.0  # seconds; it takes two or three
_SCRIPT = "import sys; from overstap.adapters.cli import main; sys.exit(main(sys.argv[1:]))"
_PUNTEN = "SELECT count(*) FROM log.controlepunten"
_LUISTERT = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'overstap_audit' AND query LIKE '%LISTEN%'"


@pytest.fixture(scope="module")
def tel(overstap: Overstap, datamap: Path) -> Iterator[Callable[[str], int]]:
    """Give a function that asks the database, which stays up meanwhile, for one number."""
    assert overstap("open-jaar", "2026").uitgang == Uitgang.GELUKT
    server = Server(datamap)
    with psycopg.connect(make_conninfo(**server.adres(SUPERGEBRUIKER, "overstap")), autocommit=True) as verbinding:

        def tel(vraag: str) -> int:
            [(aantal,)] = verbinding.execute(vraag.encode()).fetchall()
            return int(aantal)

        yield tel
    server.laat_los()


@contextmanager
def dienst(datamap: Path, *argumenten: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the service until it answers, and give its process."""
    with socket.socket() as vrij:
        vrij.bind(("127.0.0.1", 0))
        poort = vrij.getsockname()[1]
    omgeving = {**os.environ, "OVERSTAP_DATAMAP": str(datamap), "OVERSTAP_NOTARIS_GEBEURTENISSEN": "1"}
    omgeving["TMPDIR"] = str(datamap.parent)  # what is killed tidies nothing up
    opdracht = [sys.executable, "-c", _SCRIPT, "serve", "--port", str(poort), *argumenten]
    with subprocess.Popen(opdracht, cwd=datamap.parent, env=omgeving, stderr=subprocess.DEVNULL) as proces:
        try:
            wacht_tot(lambda: is_er(poort))
            yield proces
        finally:
            proces.kill()


def is_er(poort: int) -> bool:
    lijn = http.client.HTTPConnection("127.0.0.1", poort, timeout=5)
    with closing(lijn), suppress(OSError, http.client.HTTPException):
        lijn.request("GET", "/v1/gezondheid/live")
        return lijn.getresponse().status == HTTPStatus.OK
    return False


def wacht_tot(is_zo: Callable[[], bool]) -> None:
    einde = time.monotonic() + GEDULD
    while not is_zo():
        assert time.monotonic() < einde, "it took too long"
        time.sleep(0.05)


def test_a_service_signs_what_it_records_and_what_waits_when_it_stops(
    overstap: Overstap, datamap: Path, tel: Callable[[str], int]
) -> None:
    with dienst(datamap) as proces:
        wacht_tot(lambda: tel(_PUNTEN) == 1)
        assert overstap("open-jaar", "2027").uitgang == Uitgang.GELUKT
        wacht_tot(lambda: tel(_PUNTEN) >= 2)
        proces.send_signal(signal.SIGTERM)
        assert proces.wait(GEDULD) == Uitgang.GELUKT
    assert tel(_LUISTERT) == 0
    verslag = overstap("audit", "verify", "--json").json
    assert (verslag["isGoed"], verslag["beschermdTot"]) == (True, verslag["gebeurtenissen"])
    gelogd = "SELECT count(*) FROM toegang.toegangslog WHERE handeling = 'audit_controlepunt' AND rol = 'systeem'"
    assert tel(gelogd) == tel(_PUNTEN)


def test_a_service_that_is_killed_leaves_no_notary_behind(datamap: Path, tel: Callable[[str], int]) -> None:
    with dienst(datamap) as proces:
        wacht_tot(lambda: tel(_LUISTERT) == 1)
        proces.kill()
        proces.wait()
        wacht_tot(lambda: tel(_LUISTERT) == 0)


def test_a_service_can_leave_the_signing_to_another(datamap: Path, tel: Callable[[str], int]) -> None:
    eerder = tel(_PUNTEN)
    with dienst(datamap, "--no-notary") as proces:
        proces.send_signal(signal.SIGTERM)
        assert proces.wait(GEDULD) == Uitgang.GELUKT
    assert tel(_PUNTEN) == eerder


def test_the_doctor_tells_how_old_the_last_checkpoint_is(overstap: Overstap, tel: Callable[[str], int]) -> None:
    assert tel(_PUNTEN) > 0
    [notaris] = [een for een in overstap("doctor", "--json").json if een["wat"] == "de notaris ondertekent"]
    assert notaris["isGoed"]
    assert notaris["uitleg"].startswith("Controlepunt ")
    assert notaris["uitleg"].endswith(" gebeurtenissen erna.")
