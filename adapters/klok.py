"""What time it is: the real clock, or in a demo database one that is set by hand."""

from datetime import UTC, datetime
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
