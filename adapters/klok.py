"""What time it is: the real clock, or in a demo database one that is set by hand."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Klok(Protocol):
    """Tells the time, in UTC."""

    def __call__(self) -> datetime:
        """Give the present instant."""

    def voor_het_log(self) -> datetime | None:
        """Give what the log must take for now; None where it keeps its own, real clock."""


class EchteKlok:
    """The real clock; the log takes its own moment of recording."""

    def __call__(self) -> datetime:
        """Give the present instant."""
        return datetime.now(UTC)

    def voor_het_log(self) -> datetime | None:
        """Give None: a real database keeps its own time."""
        return None


class GezetteKlok:
    """A clock that stands still until it is set: for a demo database, and for tests on one."""

    def __init__(self, moment: datetime) -> None:
        self.zet(moment)

    def zet(self, moment: datetime) -> None:
        """Set the clock.

        Raises:
            ValueError: when the moment has no time zone.

        """
        if moment.tzinfo is None:
            raise ValueError("a clock needs a time zone")
        self._moment = moment.astimezone(UTC)

    def __call__(self) -> datetime:
        """Give the moment it was set to."""
        return self._moment

    def voor_het_log(self) -> datetime | None:
        """Give the same moment."""
        return self._moment


@dataclass(frozen=True)
class LopendeKlok:
    """A clock that runs faster than time does, from `begin` on, and stands still at `einde`; for a demo database.

    begon is the reading of the machine's own clock (time.monotonic) at which it began: processes of one machine that
    have the same values see the same moment. snelheid is how many seconds go by in one.
    """

    begin: datetime
    einde: datetime
    begon: float
    snelheid: float

    def __call__(self) -> datetime:
        """Give the moment it has come to."""
        verstreken = max(0.0, time.monotonic() - self.begon) * self.snelheid
        return min(self.einde, self.begin + timedelta(seconds=verstreken)).astimezone(UTC)

    def voor_het_log(self) -> datetime | None:
        """Give the same moment."""
        return self()

    def seconden_tot(self, moment: datetime) -> float:
        """Give after how many seconds of the machine's clock it comes to a moment; nought when it has."""
        return max(0.0, (moment - self()).total_seconds() / self.snelheid)
