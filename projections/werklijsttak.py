"""How a part of a worklist lies in the database: by since when its condition holds; and what the calendar adds."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from overstap.domain.kalender import Regels
from overstap.domain.statussen import OverstapStatus

_EVEN = timedelta(microseconds=1)
_LAATSTE_ID = UUID(int=2**128 - 1)


class Plaats(msgspec.Struct, frozen=True, order=True, array_like=True):
    """Where an entry stands in its list: of who is there as long, the one whose condition holds longer comes first."""

    sinds: datetime
    moment: datetime
    onderwerp: UUID


def met_status(*statussen: OverstapStatus) -> str:
    """Ask the status in SQL, in the words of the indexes of actueel.sql."""
    return f"a.status IN ({', '.join(repr(status.value) for status in sorted(statussen))})"


def _geen(regels: Regels) -> timedelta:  # noqa: ARG001 - the shape of its neighbours
    return timedelta()


class Tak(msgspec.Struct, frozen=True):
    """A part of a worklist that one index of actueel gives in order of `kolom`, since when the condition holds.

    waar is asked in the words of the index (actueel.sql). A pupil enters the list `na` that moment, and not before the
    moment `vanaf`, where the calendar alone fills it.
    """

    kolom: str
    waar: str
    na: Callable[[Regels], timedelta] = _geen
    vanaf: Callable[[Regels], datetime] | None = None

    def sinds(self, moment: datetime, regels: Regels) -> datetime:
        """Give since when a pupil is on the list whose condition holds since a moment."""
        sinds = moment + self.na(regels)
        return max(sinds, self.vanaf(regels)) if self.vanaf else sinds

    def tot(self, regels: Regels, op: datetime) -> datetime | None:
        """Give since when, at the latest, the condition must hold for one to be on the list at op; None: nobody is."""
        return None if self.vanaf and op < self.vanaf(regels) else op - self.na(regels)

    def verder_na(self, na: "Plaats", regels: Regels) -> tuple[datetime, UUID] | None:
        """Give the moment and id after which this part goes on behind a place in the list; None: from its beginning."""
        vanaf = self.vanaf(regels) if self.vanaf else None
        if vanaf is not None and na.sinds <= vanaf:
            return (na.moment, na.onderwerp) if na.sinds == vanaf else None
        eerst = na.sinds - self.na(regels)
        return (na.moment, na.onderwerp) if na.moment >= eerst else (eerst - _EVEN, _LAATSTE_ID)
