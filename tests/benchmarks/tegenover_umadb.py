"""Measure commands with 64 waiting beside UmaDB with 16 clients: both durable, ours decided and with a receipt."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.benchmarks.enkele_verzoeken import Verzoeken, Voorraad, groepsbus, stuur_aan_een_stuk
from tests.benchmarks.meting import Rij, eigen_server, in_beurten

OMGEVING = Path("build/bench-venv")
PAKKETTEN = Path(__file__).with_name("umadb.txt")
KLANT = Path(__file__).with_name("umadb_klant.py")
WACHTENDEN, KLANTEN = 64, 16
BYTES = 150
"""About what the fact of such a command takes."""
RONDES = 5
GEDULD = 30.0


class Ontbreekt(Exception):
    """A peer cannot be installed or started here; the message says why."""


def rijen(duur: float = 1.0) -> list[Rij]:
    """Measure commands of one and two facts; without UmaDB say so, and give no rows."""
    try:
        richt_omgeving_in(OMGEVING, PAKKETTEN)
        with umadb(OMGEVING / "bin") as url:
            return [_rij(url, feiten, duur) for feiten in (1, 2)]
    except Ontbreekt as fout:
        print(f"skipped: UmaDB cannot be measured here: {fout}", file=sys.stderr)
        return []


def _rij(url: str, feiten: int, duur: float) -> Rij:
    with eigen_server() as server, groepsbus(server) as (bus, stromen):
        verzoeken = Verzoeken(stromen)
        voorraad = Voorraad(verzoeken.met_een_feit if feiten == 1 else verzoeken.met_twee_feiten)
        onze, hunne = in_beurten(
            partial(stuur_aan_een_stuk, bus, voorraad, feiten, WACHTENDEN, duur),
            partial(voeg_toe_aan_umadb, url, feiten, duur),
            rondes=RONDES,
        )
    return Rij(
        naam=f"command, {feiten} fact{'s' * (feiten > 1)}, {WACHTENDEN} waiting / UmaDB, {KLANTEN} clients",
        eenheid="commands/s; UmaDB: undecided appends/s",
        onze=onze,
        referentie=hunne,
        doel=1.0,
    )


def voeg_toe_aan_umadb(url: str, feiten: int, duur: float) -> float:
    """Let the clients append in a process of their own; give appends/s."""
    opdracht = [str(OMGEVING / "bin/python"), str(KLANT), url, str(KLANTEN), str(duur), str(feiten), str(BYTES)]
    return float(subprocess.run(opdracht, check=True, capture_output=True, text=True).stdout)


def richt_omgeving_in(plek: Path, pakketten: Path) -> None:
    """Make an environment with these packages, unless it is there.

    Raises:
        Ontbreekt: when they cannot be had.

    """
    stempel = plek / "pakketten.txt"
    if stempel.exists() and stempel.read_bytes() == pakketten.read_bytes():
        return
    maak = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(plek)]
    vul = [sys.executable, "-m", "pip", "--python", str(plek / "bin/python"), "install", "--quiet"]
    vul += [
        "--disable-pip-version-check",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--requirement",
        str(pakketten),
    ]
    for opdracht in (maak, vul):
        uitkomst = subprocess.run(opdracht, check=False, capture_output=True, text=True)
        if uitkomst.returncode:
            raise Ontbreekt((uitkomst.stderr.strip() or uitkomst.stdout.strip()).splitlines()[-1])
    stempel.write_bytes(pakketten.read_bytes())


@contextmanager
def umadb(programmas: Path) -> Iterator[str]:
    """Run UmaDB's server with its own settings on a port of this machine alone; give its address.

    Raises:
        Ontbreekt: when it does not start.

    """
    with socket.socket() as vrij:
        vrij.bind(("127.0.0.1", 0))
        poort = vrij.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="overstap-umadb-") as plek:
        opdracht = [str(programmas / "umadb"), "--listen", f"127.0.0.1:{poort}", "--db-path", plek]
        with Path(plek, "uitvoer").open("w+b") as uitvoer:
            proces = subprocess.Popen(opdracht, stdout=uitvoer, stderr=subprocess.STDOUT)
            try:
                _wacht_op_poort(poort, proces, Path(plek, "uitvoer"))
                yield f"http://127.0.0.1:{poort}"
            finally:
                proces.terminate()
                proces.wait(GEDULD)


def _wacht_op_poort(poort: int, proces: subprocess.Popen[bytes], uitvoer: Path) -> None:
    einde = time.monotonic() + GEDULD
    while time.monotonic() < einde and proces.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", poort), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise Ontbreekt(f"its server does not start: {uitvoer.read_text('utf-8', 'replace')[-300:]}")
