"""Give tests a real PostgreSQL: one server for a whole run, a migrated database copied for each module in milliseconds.

The workers of one run share the server as any processes do (adapters/postgres/server.py): the first starts it, and it
stops with the last. It writes without fsync: these tests do not pull the plug. Fixtures: `server`, `maak_databank` (a
function: Soort -> a fresh Databank), `databank` and `demo_databank` (one a module), `log` (as overstap_schrijver).
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_tabellen import richt_in
from overstap.adapters.postgres.server import Server

MakeDatabank = Callable[[Soort], Databank]

_PLEK = "OVERSTAP_PROEFMAP"
_DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
_IN_GEHEUGEN, _RUIM = Path("/dev/shm"), 8 * 2**30  # noqa: S108 - a folder of ours is made in it
_SNEL = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
    "autovacuum": "off",
}
_GEMIGREERD: set[tuple[Path, Soort]] = set()
"""Of which servers this worker knows that the template is there."""
VERSIES = {"18": None, **({"15": _DEBIAN_15} if (_DEBIAN_15 / "postgres").exists() else {})}
"""The PostgreSQL versions at hand: the embedded one, and Debian's 15 where it is installed."""


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return  # a worker of xdist: it uses the folder of the run
    # Not below pytest's own folder: that has mode 0700, and the server runs as another user when we are root.
    plek = Path(tempfile.mkdtemp(prefix="overstap-proef-", dir=_snelste_plek()))
    plek.chmod(0o711)
    os.environ[_PLEK] = str(plek)
    config.add_cleanup(lambda: _ruim_op(plek))


def _snelste_plek() -> Path | None:
    """Prefer memory where there is plenty: each database is hundreds of files, and a disk takes its time for each."""
    is_ruim = os.access(_IN_GEHEUGEN, os.W_OK) and shutil.disk_usage(_IN_GEHEUGEN).free >= _RUIM
    return _IN_GEHEUGEN if is_ruim else None


def _ruim_op(plek: Path) -> None:
    """Remove the folder of the run once its servers are gone."""
    for slot in plek.glob("*/wachter.slot"):
        with slot.open("rb") as bestand:
            einde = time.monotonic() + 30
            while time.monotonic() < einde:
                try:
                    fcntl.flock(bestand, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(0.02)
    shutil.rmtree(plek, ignore_errors=True)


def _maker(server: Server) -> Iterator[MakeDatabank]:
    gemaakt = []

    def maak(soort: Soort) -> Databank:
        sjabloon = f"sjabloon_{soort}"
        with (server.data / f"{sjabloon}.slot").open("wb") as slot:
            fcntl.flock(slot, fcntl.LOCK_EX)
            if (server.data, soort) not in _GEMIGREERD:  # to look whether it is takes as long as to copy it
                server.maak_databank(sjabloon)
                leeg = Databank(server.adres(Login.EIGENAAR, sjabloon), server.wachtwoorden)
                leeg.migreer(soort)
                richt_in(leeg)
                _GEMIGREERD.add((server.data, soort))
            naam = f"proef_{uuid4().hex}"
            server.maak_databank(naam, sjabloon)
        gemaakt.append(naam)
        return Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden)

    yield maak
    for naam in gemaakt:
        server.verwijder_databank(naam)


def kopie_van(naam: str, vul: Callable[[Path], None]) -> Path:
    """Give a copy of a data folder whose server stands still; the workers of a run fill it once."""
    plek = Path(os.environ[_PLEK])
    bron, klaar, kopie = plek / naam, plek / f"{naam}.klaar", plek / f"kopie-{uuid4().hex[:8]}"
    with (plek / f"{naam}.slot").open("wb") as slot:
        fcntl.flock(slot, fcntl.LOCK_EX)
        if not klaar.exists():
            vul(bron)
            klaar.touch()
    subprocess.run(["cp", "-a", str(bron), str(kopie)], check=True)
    return kopie


def verse_datamap() -> Path:
    """Give a data folder on which a server ran before; to make a cluster takes ten times as long as to copy one."""
    return kopie_van("cluster", lambda data: Server(data, instellingen=_SNEL).laat_los())


@contextlib.contextmanager
def een_server() -> Iterator[Server]:
    """Give a server of its own to a test that does things to a server that others must not feel."""
    eigen = Server(verse_datamap(), instellingen=_SNEL)
    try:
        yield eigen
    finally:
        eigen.laat_los()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    eigen = Server(Path(os.environ[_PLEK]) / "18", instellingen=_SNEL)
    yield eigen
    eigen.laat_los()


@pytest.fixture(scope="module")
def maak_databank(server: Server) -> Iterator[MakeDatabank]:
    yield from _maker(server)


@pytest.fixture(scope="module")
def databank(maak_databank: MakeDatabank) -> Databank:
    return maak_databank(Soort.ECHT)


@pytest.fixture(scope="module")
def demo_databank(maak_databank: MakeDatabank) -> Databank:
    return maak_databank(Soort.DEMO)


@pytest.fixture
def log(databank: Databank) -> Iterator[Log]:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Log(verbinding)


@pytest.fixture(scope="session", params=list(VERSIES))
def elke_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Give a server of each version of PostgreSQL at hand."""
    versie = request.param
    eigen = Server(Path(os.environ[_PLEK]) / versie, instellingen=_SNEL, binaries=VERSIES[versie])
    yield eigen
    eigen.laat_los()


@pytest.fixture(scope="module")
def maak_op_elke(elke_server: Server) -> Iterator[MakeDatabank]:
    """Make fresh databases on each version of PostgreSQL at hand."""
    yield from _maker(elke_server)
