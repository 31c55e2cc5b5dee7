"""A data folder of its own for the command line, with a server that stays up while the tests of a module run."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from overstap.adapters.cli import main
from overstap.adapters.postgres.server import Server
from tests.postgres_fixture import _PLEK, _SNEL


class Uitvoer(NamedTuple):
    """What a command gave: its exit code, stdout and stderr."""

    uitgang: int
    uit: str
    fout: str

    @property
    def json(self) -> object:
        return json.loads(self.uit)

    @property
    def zin(self) -> str:
        """The line for a person on stderr."""
        [zin] = [regel for regel in self.fout.splitlines() if regel.startswith("overstap: ")]
        return zin.removeprefix("overstap: ")

    @property
    def logregels(self) -> list[dict[str, object]]:
        return [json.loads(regel) for regel in self.fout.splitlines() if regel.startswith("{")]


Overstap = Callable[..., Uitvoer]


@pytest.fixture(scope="module")
def datamap() -> Iterator[Path]:
    data = Path(os.environ[_PLEK]) / f"cli-{uuid4().hex[:8]}"
    server = Server(data, instellingen=_SNEL)
    yield data
    server.laat_los()


@pytest.fixture
def overstap(datamap: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Overstap:
    """Give a function that runs one command on the module's data folder."""
    monkeypatch.setenv("OVERSTAP_DATAMAP", str(datamap))
    monkeypatch.delenv("OVERSTAP_DATABASE_URL", raising=False)
    monkeypatch.chdir(datamap.parent)

    def draai(*argumenten: str) -> Uitvoer:
        capsys.readouterr()
        uitgang = main(argumenten)
        return Uitvoer(uitgang, *capsys.readouterr())

    return draai
