"""What a process of the check is told when it starts: where the database is, and what to do there."""

from pathlib import Path
from uuid import UUID

import msgspec

from overstap.adapters.postgres.databank import Databank


class Taak(msgspec.Struct, frozen=True, kw_only=True):
    """Where the database is and what to do there; it holds passwords.

    nummer says which writer or reader this is; na is the position before the check, gedaan the keys of requests that
    were answered to a writer that was killed, uitvoer the file a reader writes to.
    """

    adres: dict[str, str]
    wachtwoorden: dict[str, str]
    hoofdsleutel: bytes
    proef: UUID
    nummer: int
    na: int = 0
    gedaan: frozenset[str] = frozenset()
    uitvoer: str = ""

    @property
    def databank(self) -> Databank:
        """The database."""
        return Databank(self.adres, self.wachtwoorden)

    @property
    def bestand(self) -> Path:
        """The file a reader writes to."""
        return Path(self.uitvoer)
