"""A data folder of its own for the command line, with a server that stays up while the tests of a module run."""

import contextlib
import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
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
    def json(self) -> Any:  # noqa: ANN401  # each command has its own
        return json.loads(self.uit)

    @property
    def zin(self) -> str:
        """The line for a person on stderr."""
        [zin] = [regel for regel in self.fout.splitlines() if regel.startswith("overstap: ")]
        return zin.removeprefix("overstap: ")

    def logregels(self, gebeurtenis: str) -> list[dict[str, Any]]:
        alle = [json.loads(regel) for regel in self.fout.splitlines() if regel.startswith("{")]
        return [regel for regel in alle if regel["event"] == gebeurtenis]


Overstap = Callable[..., Uitvoer]


def draai(datamap: Path, *argumenten: str, invoer: str = "") -> Uitvoer:
    """Run one command on a data folder."""
    uit, fout = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as plek, contextlib.redirect_stdout(uit), contextlib.redirect_stderr(fout):
        plek.setenv("OVERSTAP_DATAMAP", str(datamap))
        plek.setattr("sys.stdin", io.StringIO(invoer))
        plek.chdir(datamap.parent)
        uitgang = main(argumenten)
    return Uitvoer(uitgang, uit.getvalue(), fout.getvalue())


@pytest.fixture(scope="module")
def datamap() -> Iterator[Path]:
    data = Path(os.environ[_PLEK]) / f"cli-{uuid4().hex[:8]}"
    server = Server(data, instellingen=_SNEL)
    yield data
    server.laat_los()


@pytest.fixture(scope="module")
def overstap(datamap: Path) -> Overstap:
    """Give a function that runs one command on the module's data folder."""
    return lambda *argumenten, invoer="": draai(datamap, *argumenten, invoer=invoer)
