"""A door on a demo database, open for a whole module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from overstap.adapters.app import App
from overstap.adapters.postgres.databank import Databank
from tests.adapters.http.deur import Deur, open_deur
from tests.adapters.opstelling import app, richt_regio_in


@pytest.fixture(scope="module")
def databank(demo_databank: Databank) -> Databank:
    with app(demo_databank) as geheel:
        richt_regio_in(geheel)
    return demo_databank


@pytest.fixture(scope="module")
def deur(databank: Databank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deur]:
    datamap: Path = tmp_path_factory.mktemp("deur")
    with open_deur(databank, datamap) as open_:
        yield open_


@pytest.fixture
def geheel(databank: Databank) -> Iterator[App]:
    with app(databank) as een:
        yield een
