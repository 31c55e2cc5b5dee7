"""A region on a database, and a bus for many callers on it."""

from collections.abc import Iterator

import pytest

from overstap.adapters.app import App
from overstap.adapters.groepsbus import Groepsbus
from overstap.adapters.postgres.databank import Databank
from tests.adapters.groepsbus.verzoeken import open_op
from tests.adapters.opstelling import (
    app,
    richt_regio_in,
)


@pytest.fixture(scope="module")
def databank(demo_databank: Databank) -> Databank:
    with app(demo_databank) as geheel:
        richt_regio_in(geheel)
    return demo_databank


@pytest.fixture
def geheel(databank: Databank) -> Iterator[App]:
    with app(databank) as een:
        yield een


@pytest.fixture
def bus(databank: Databank) -> Iterator[Groepsbus]:
    with Groepsbus(lambda: open_op(databank)) as een:
        yield een
