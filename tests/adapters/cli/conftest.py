"""A data folder of its own for the command line, with a server that stays up while the tests of a module run."""

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from overstap.adapters.cli import main
from overstap.adapters.postgres.server import Server
from tests.postgres_fixture import _SNEL, kopie_van, verse_datamap

GESPEELD = 60
"""How many pupils are in the year that modules share."""


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


def _speel(data: Path) -> None:
    server = Server(data, instellingen=_SNEL)
    gespeeld = draai(data, "demo", "--once", "--json", "--pupils", str(GESPEELD))
    assert gespeeld.uitgang == 0, gespeeld.fout[-2_000:]
    server.laat_los()


@contextlib.contextmanager
def _in_gebruik(data: Path) -> Iterator[Path]:
    server = Server(data, instellingen=_SNEL)
    yield data
    server.laat_los()


@pytest.fixture(scope="module")
def datamap() -> Iterator[Path]:
    with _in_gebruik(verse_datamap()) as data:
        yield data


@pytest.fixture(scope="module")
def gespeelde_datamap() -> Iterator[Path]:
    """Give a data folder with a year of some pupils in it, to do with as one likes."""
    with _in_gebruik(kopie_van("jaar", _speel)) as data:
        yield data


@pytest.fixture(scope="module")
def overstap(datamap: Path) -> Overstap:
    """Give a function that runs one command on the module's data folder."""
    return lambda *argumenten, invoer="": draai(datamap, *argumenten, invoer=invoer)
