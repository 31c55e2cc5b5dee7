"""One region of 400 pupils and one of 7,000, each generated once a run and read once by each worker."""

import fcntl
import os
from pathlib import Path

import pytest

from overstap.adapters.synthetische_regio import genereer
from tests.adapters.synthetische_regio.lezers import Bestanden
from tests.postgres_fixture import _PLEK

KLEIN, GROOT = 400, 7_000


@pytest.fixture(scope="session")
def klein() -> Bestanden:
    return _regio(KLEIN, 1)


@pytest.fixture(scope="session")
def groot() -> Bestanden:
    return _regio(GROOT, 7)


def _regio(leerlingen: int, zaad: int) -> Bestanden:
    """Give the files of a region; whoever asks first makes them for all workers."""
    map_ = Path(os.environ[_PLEK]) / f"regio-{leerlingen}-{zaad}"
    with map_.with_suffix(".slot").open("wb") as slot:
        fcntl.flock(slot, fcntl.LOCK_EX)
        if not map_.exists():
            genereer(leerlingen, 2026, zaad, map_)
    return Bestanden(map_)
