"""Let `make prove` go on where it was: what was proved of this very code is not proved again; keep how long it took.

build/bewijzen.ndjson has a line for each proof that held in full size; `rm` it to prove all anew.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

IS_VOL = os.environ.get("OVERSTAP_PROOF") == "full"
_HIER = Path(__file__).resolve().parent.parent
_CODE = ("domain", "statemachine", "projections", "adapters", "tests", "requirements-dev.lock")
_SOORTEN = {".py", ".sql", ".toml", ".html", ".lock"}


class Bewijs(NamedTuple):
    """A proof that held: which, of which code (a hash), when, and in how many seconds."""

    naam: str
    code: str
    op: str
    seconden: float


def hash_van_de_code(map_: Path = _HIER) -> str:
    """Give a hash over all files that a proof may rest on."""
    geheel = hashlib.sha256()
    for bestand in sorted(_bestanden(map_)):
        geheel.update(bestand.relative_to(map_).as_posix().encode() + b"\0" + bestand.read_bytes() + b"\0")
    return geheel.hexdigest()


def _bestanden(map_: Path) -> Iterator[Path]:
    for deel in _CODE:
        hier = map_ / deel
        yield from [hier] if hier.is_file() else (een for een in hier.rglob("*") if een.suffix in _SOORTEN)


def lees(pad: Path) -> list[Bewijs]:
    """Read what was proved; a last line that was cut short counts for nothing."""
    bewijzen = []
    for regel in pad.read_text("utf-8").splitlines() if pad.exists() else ():
        try:
            bewijzen.append(Bewijs(**json.loads(regel)))
        except (ValueError, TypeError):
            continue
    return bewijzen


class Boekhouder:
    """Leaves out what was proved already, and writes down what is proved now unless another does (schrijft)."""

    def __init__(self, pad: Path, code: str, *, schrijft: bool = True) -> None:
        self._pad, self._code, self._schrijft = pad, code, schrijft
        self._seconden: dict[str, float] = {}
        self._mis: set[str] = set()

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Take out the proofs that held of this code."""
        al = {een.naam for een in lees(self._pad) if een.code == self._code}
        weg = [een for een in items if een.nodeid in al and een.get_closest_marker("proof")]
        if weg:
            config.hook.pytest_deselected(items=weg)
            items[:] = [een for een in items if een not in weg]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write down that a proof held, when all of it is over."""
        if not self._schrijft:
            return
        if not report.passed:
            self._mis.add(report.nodeid)
        al = self._seconden[report.nodeid] = self._seconden.get(report.nodeid, 0.0) + report.duration
        if report.when != "teardown" or "proof" not in report.keywords or report.nodeid in self._mis:
            return
        bewijs = Bewijs(report.nodeid, self._code, datetime.now(UTC).isoformat(timespec="seconds"), round(al, 1))
        self._pad.parent.mkdir(exist_ok=True)
        with self._pad.open("a", encoding="utf-8") as bestand:
            bestand.write(json.dumps(bewijs._asdict()) + "\n")


def pytest_configure(config: pytest.Config) -> None:
    """Keep books in full size alone; the workers of a run leave that to whom they report to."""
    if IS_VOL:
        is_werker = hasattr(config, "workerinput")
        boekhouder = Boekhouder(_HIER / "build" / "bewijzen.ndjson", hash_van_de_code(), schrijft=not is_werker)
        config.pluginmanager.register(boekhouder, "bewijzen")
