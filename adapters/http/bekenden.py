"""Which streams are known to be a pupil's: a truth that never changes, so it is asked of the database once."""

from uuid import UUID

HOOGSTENS = 100_000


class Bekenden:
    """A bounded set; what was added first goes first."""

    def __init__(self, hoogstens: int = HOOGSTENS) -> None:
        self._hoogstens = hoogstens
        self._stromen: dict[int, None] = {}

    def __contains__(self, stroom: UUID) -> bool:
        return stroom.int in self._stromen

    def voeg_toe(self, stroom: UUID) -> None:
        """Add a stream."""
        while len(self._stromen) >= self._hoogstens:
            del self._stromen[next(iter(self._stromen))]
        self._stromen[stroom.int] = None
