"""Be the persistence module of an eventsourcing application: `PERSISTENCE_MODULE=overstap.adapters.postgres.fabriek`.

Only one factory class may be visible here, so the library's is named through its module.
"""

from typing import NoReturn

from eventsourcing import postgres
from eventsourcing.persistence import NotSupportedError
from eventsourcing.utils import Environment, EnvType

from overstap.adapters.postgres.recorder import LogRecorder


class Fabriek(postgres.PostgresFactory):
    """The library's factory with our recorder; POSTGRES_OPTIONS (libpq's options) comes beside its own settings."""

    POSTGRES_OPTIONS = "POSTGRES_OPTIONS"
    application_recorder_class = LogRecorder

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        if self.datastore.originator_id_type != "uuid":
            raise OSError("Streams in this log are named by a UUID: leave ORIGINATOR_ID_TYPE as it is.")
        if self.datastore.enable_db_functions:
            raise OSError("POSTGRES_ENABLE_DB_FUNCTIONS loses events for a reader that follows the log: leave it out.")
        if opties := self.env.get(self.POSTGRES_OPTIONS):
            instellingen = self.datastore.pool.kwargs
            assert isinstance(instellingen, dict)  # noqa: S101 - as its constructor made it
            instellingen["options"] = opties

    def process_recorder(self) -> NoReturn:
        """Refuse: read models keep their own place in the log (projections/)."""
        raise NotSupportedError("This log has no process recorder; a projection moves its checkpoint with its rows.")
