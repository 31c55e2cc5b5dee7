"""What a process remembers of streams: which are a pupil's, what it recorded itself, how they stood when last read."""

from collections import OrderedDict
from typing import Generic, TypeVar
from uuid import UUID

W = TypeVar("W")


class Geheugen(Generic[W]):
    """A bounded memory by stream; what was longest unused goes first."""

    def __init__(self, hoogstens: int) -> None:
        self._hoogstens = hoogstens
        self._bewaard: OrderedDict[int, W] = OrderedDict()

    def __contains__(self, stroom: UUID) -> bool:
        return stroom.int in self._bewaard

    def geef(self, stroom: UUID) -> W | None:
        """Give what is remembered of a stream."""
        wat = self._bewaard.get(stroom.int)
        if wat is not None:
            self._bewaard.move_to_end(stroom.int)
        return wat

    def bewaar(self, stroom: UUID, wat: W) -> None:
        """Remember something of a stream, in place of what was."""
        self._bewaard[stroom.int] = wat
        self._bewaard.move_to_end(stroom.int)
        while len(self._bewaard) > self._hoogstens:
            self._bewaard.popitem(last=False)

    def vergeet(self, stroom: UUID) -> None:
        """Forget what is remembered of a stream."""
        self._bewaard.pop(stroom.int, None)
