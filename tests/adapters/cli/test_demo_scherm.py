"""`overstap demo` serves the screens at its end, or plays the year while one looks; Ctrl-C leaves nothing behind."""

import os
import queue
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.adapters.cli.conftest import draai
from tests.adapters.postgres.beelden import wacht_tot
from tests.postgres_fixture import _PLEK

_GEDULD = 150
_BEGIN = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal, also where these tests run without one
from overstap.adapters.cli import main
sys.exit(main())
"""
_ADRES = re.compile(r"Open (http://127\.0\.0\.1:(\d+))/ en kies wie u bent\.")


class Demo:
    """A demo in a group of processes of its own, as a terminal begins it."""

    def __init__(self, datamap: Path, *argumenten: str) -> None:
        self.datamap = datamap
        self._gepraat = tempfile.NamedTemporaryFile("a")  # noqa: SIM115 - closed by ruim_op
        self._proces = subprocess.Popen(
            [sys.executable, "-c", _BEGIN, "demo", "--pupils", "12", *argumenten],
            stdout=subprocess.PIPE,
            stderr=self._gepraat,
            text=True,
            env={**os.environ, "OVERSTAP_DATAMAP": str(datamap), "PYTHONUNBUFFERED": "1"},
            cwd=datamap.parent,
            start_new_session=True,
        )
        self._regels: queue.Queue[str] = queue.Queue()
        self._gezien: list[str] = []
        self._lezer = threading.Thread(target=self._lees)
        self._lezer.start()

    def _lees(self) -> None:
        assert self._proces.stdout is not None
        for regel in self._proces.stdout:
            self._regels.put(regel)

    def wacht_op(self, patroon: str | re.Pattern[str]) -> re.Match[str]:
        """Give the first line from now on in which a pattern is found."""
        einde = time.monotonic() + _GEDULD
        while time.monotonic() < einde:
            try:
                self._gezien.append(self._regels.get(timeout=0.1))
            except queue.Empty:
                assert self._proces.poll() is None, f"it ended: {self._gezien[-5:]}"
                continue
            if gevonden := re.search(patroon, self._gezien[-1]):
                return gevonden
        raise AssertionError(f"no line with {patroon}: {self._gezien[-5:]}")

    @property
    def adres(self) -> str:
        return self.wacht_op(_ADRES)[1]

    @property
    def gepraat(self) -> str:
        """What was said on stderr so far."""
        return Path(self._gepraat.name).read_text()

    @property
    def kinderen(self) -> list[int]:
        """The processes it began itself."""
        pid = self._proces.pid
        return [int(kind) for kind in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def stop(self, teken: signal.Signals) -> int:
        """Send a signal, as Ctrl-C in a terminal does to the whole group; give how it ended."""
        os.killpg(self._proces.pid, teken)
        return self._proces.wait(_GEDULD)

    def is_weg(self) -> bool:
        """Tell whether no process of it is left; python's own tracker ends just after it."""
        einde = time.monotonic() + _GEDULD
        while time.monotonic() < einde:
            try:
                os.killpg(self._proces.pid, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.02)
        return False

    def ruim_op(self) -> None:
        if self._proces.poll() is None:
            os.killpg(self._proces.pid, signal.SIGKILL)
            self._proces.wait()
        self._lezer.join()
        assert self._proces.stdout is not None
        self._proces.stdout.close()
        self._gepraat.close()


def hoort_ctrl_c(pid: int) -> bool:
    """Tell whether SIGINT does anything to a process: it neither holds it back nor ignores it."""
    status = Path(f"/proc/{pid}/status").read_text()
    doof = {naam: int(teken, 16) for naam, teken in re.findall(r"^(SigBlk|SigIgn):\s*(\w+)$", status, re.MULTILINE)}
    return not (doof["SigBlk"] | doof["SigIgn"]) >> (signal.SIGINT - 1) & 1


@contextmanager
def demo(datamap: Path, *argumenten: str) -> Iterator[Demo]:
    een = Demo(datamap, *argumenten)
    try:
        yield een
    finally:
        een.ruim_op()


def test_the_demo_serves_the_screens_and_follows_the_log_until_ctrl_c() -> None:
    with demo(Path(os.environ[_PLEK]) / f"demo-{uuid4().hex[:8]}", "--port", "0") as een:
        adres = een.adres
        blad = httpx.get(f"{adres}/aanmelden").text
        assert set(re.findall(r'name="rol" value="([a-z_]+)"', blad)) >= {
            "decaan",
            "mentor",
            "regiebeheerder",
            "auditor",
        }
        een.wacht_op("Het log wordt gevolgd")
        assert draai(een.datamap, "open-jaar", "2035").uitgang == 0
        een.wacht_op("2035")
        assert (een.stop(signal.SIGINT), een.is_weg()) == (0, True)
        assert list(een.datamap.glob("**/postmaster.pid")) == [], "the database still runs"
        with pytest.raises(httpx.ConnectError):
            httpx.get(adres)


def test_the_year_goes_by_while_one_looks_and_a_port_in_use_is_left_alone(datamap: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as bezet:
        poort = bezet.getsockname()[1]
        with demo(datamap, "--live", "--month-seconds", "0.4", "--port", str(poort)) as een:
            adres = een.adres
            assert adres != f"http://127.0.0.1:{poort}"
            een.wacht_op("Werklijsten, nadat [1-9][0-9]* overstappen zijn afgesloten")
            assert re.search(r"\): [1-9][0-9]* leerling", httpx.get(f"{adres}/aanmelden").text)
            assert (een.stop(signal.SIGTERM), een.is_weg()) == (0, True)


def test_ctrl_c_before_the_screens_are_open_ends_all_of_it_without_a_word(datamap: Path) -> None:
    with demo(datamap, "--pupils", "600", "--port", "0") as een:
        wacht_tot(lambda: '"soort": "leerlingen"' in een.gepraat, _GEDULD)
        assert een.kinderen
        assert [pid for pid in een.kinderen if hoort_ctrl_c(pid)] == []
        assert (een.stop(signal.SIGINT), een.is_weg()) == (130, True)
        assert "Traceback" not in een.gepraat


def test_a_year_that_is_being_played_stops_at_once(datamap: Path) -> None:
    with demo(datamap, "--live", "--port", "0") as een:
        assert httpx.get(f"{een.adres}/aanmelden").status_code == 200
        begin = time.monotonic()
        assert (een.stop(signal.SIGINT), een.is_weg()) == (0, True)
        assert time.monotonic() - begin < 60


def test_one_plays_at_once_or_while_one_looks_and_not_both(tmp_path: Path) -> None:
    assert draai(tmp_path / "niets", "demo", "--once", "--live").uitgang == 2
