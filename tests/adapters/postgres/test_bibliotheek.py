"""The eventsourcing library's own tests, run on our recorder: what they expect of PostgreSQL holds of our log."""

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from eventsourcing.persistence import ApplicationRecorder, InfrastructureFactory
from eventsourcing.postgres import PostgresAggregateRecorder

from overstap.adapters.postgres.fabriek import Fabriek
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.recorder import LogRecorder
from overstap.adapters.postgres.toepassing import omgeving
from tests.postgres_fixture import MakeDatabank

if TYPE_CHECKING:
    from eventsourcing.tests import application, persistence
else:
    # These modules import the library's cipher, which needs a package that neither we nor these tests use.
    for naam in ("Crypto", "Crypto.Cipher", "Crypto.Cipher.AES", "Crypto.Cipher._mode_gcm"):
        sys.modules.setdefault(naam, mock.MagicMock())
    application = import_module("eventsourcing.tests.application")
    persistence = import_module("eventsourcing.tests.persistence")

# One of these tests wants to see a deprecation warning, and several leave it to the process to close what they open.
pytestmark = pytest.mark.filterwarnings("default")


class OpEigenDatabank:
    """Give each test an empty log of its own."""

    @pytest.fixture(autouse=True)
    def _fabriek(self, maak_databank: MakeDatabank) -> Iterator[None]:
        databank = maak_databank(Soort.ECHT)
        with databank.verbind(Login.EIGENAAR) as verbinding:
            # For the library's snapshots, which the product does not use.
            verbinding.execute("CREATE SCHEMA momenten; GRANT ALL ON SCHEMA momenten TO overstap_schrijver")
        self.env = {**omgeving(databank), "POSTGRES_SCHEMA": "momenten"}
        fabriek: Any = InfrastructureFactory.construct(self.env)
        assert type(fabriek) is Fabriek
        self.fabriek: Fabriek = fabriek
        yield
        fabriek.close()


class TestApplicationRecorder(OpEigenDatabank, persistence.ApplicationRecorderTestCase[Any]):
    def create_recorder(self) -> LogRecorder:
        recorder = self.fabriek.application_recorder()
        assert isinstance(recorder, LogRecorder)
        return recorder

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNonInterleaving(OpEigenDatabank, persistence.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> ApplicationRecorder:
        return self.fabriek.application_recorder()


class TestAggregateRecorder(OpEigenDatabank, persistence.AggregateRecorderTestCase):
    def create_recorder(self) -> PostgresAggregateRecorder:
        recorder = self.fabriek.aggregate_recorder()
        assert isinstance(recorder, PostgresAggregateRecorder)
        return recorder


class OpEigenOmgeving(OpEigenDatabank):
    """Let the library's applications find our factory the way they look for it."""

    @pytest.fixture(autouse=True)
    def _omgeving(self, _fabriek: None) -> Iterator[None]:
        with mock.patch.dict(os.environ, self.env):
            yield


class TestExampleApplication(OpEigenOmgeving, application.ExampleApplicationTestCase):
    expected_factory_topic = "overstap.adapters.postgres.fabriek:Fabriek"


class TestApplication(OpEigenOmgeving, application.ApplicationTestCase):
    pass
