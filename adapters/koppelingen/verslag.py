"""What came of a delivery: counts, and for each refused line its number, code and reason, never anything it said."""

from collections.abc import Callable
from uuid import UUID

import msgspec

from overstap.adapters.koppelingen.vooronderzoek import Soort

MEESTE_REGELS = 1_000
"""How many refused lines a report holds; all of them go to whoever listens."""


class GeweigerdeRegel(msgspec.Struct, frozen=True):
    """A line that was refused; regel 0 is the file as a whole."""

    regel: int
    code: str
    reden: str


class Voortgang(msgspec.Struct, frozen=True):
    """How far an import is: lines done, bytes done of how many, events recorded."""

    regels: int
    gelezen: int
    omvang: int
    gebeurtenissen: int


class Verslag(msgspec.Struct, kw_only=True):
    """The report of one import.

    geweigerd holds the first refused lines, per_code counts them all; gebeurtenissen counts what was added to the log,
    aanlevering is the stream in which the delivery itself stands (None: who delivers is not known here).
    """

    soort: Soort | None
    aanlevering: UUID | None = None
    regels: int = 0
    aanvaard: int = 0
    ongewijzigd: int = 0
    wachtbak: int = 0
    per_code: dict[str, int] = {}
    geweigerd: list[GeweigerdeRegel] = []
    gebeurtenissen: int = 0
    seconden: float = 0.0

    @property
    def aantal_geweigerd(self) -> int:
        """How many lines were refused."""
        return sum(self.per_code.values())

    @property
    def heeft_weigeringen(self) -> bool:
        """Whether anything was refused: a command then ends with exit code 1."""
        return bool(self.per_code)

    @property
    def is_volledig(self) -> bool:
        """Whether geweigerd holds every refused line."""
        return self.aantal_geweigerd == len(self.geweigerd)

    def weiger(self, regel: GeweigerdeRegel) -> None:
        """Count a refused line, and keep it when there is room."""
        self.per_code[regel.code] = self.per_code.get(regel.code, 0) + 1
        if len(self.geweigerd) < MEESTE_REGELS:
            self.geweigerd.append(regel)


Luisteraar = Callable[[Voortgang], None]
BijWeigering = Callable[[GeweigerdeRegel], None]
