"""One region of 400 pupils and one of 7,000, each generated and read once."""

from pathlib import Path

import pytest

from overstap.adapters.synthetische_regio import genereer
from tests.adapters.synthetische_regio.lezers import Bestanden

KLEIN, GROOT = 400, 7_000


@pytest.fixture(scope="session")
def klein(tmp_path_factory: pytest.TempPathFactory) -> Bestanden:
    map_: Path = tmp_path_factory.mktemp("klein") / "regio"
    genereer(KLEIN, 2026, 1, map_)
    return Bestanden(map_)


@pytest.fixture(scope="session")
def groot(tmp_path_factory: pytest.TempPathFactory) -> Bestanden:
    map_: Path = tmp_path_factory.mktemp("groot") / "regio"
    genereer(GROOT, 2026, 7, map_)
    return Bestanden(map_)
