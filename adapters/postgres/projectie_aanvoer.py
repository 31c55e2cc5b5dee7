"""Tell an import from the work of many people by how fast events come."""

from collections import deque

STROOM = 2_000
"""Events a second from which on they come as a stream."""
OVER = 0.25
"""Seconds over which that is told at least."""


class Aanvoer:
    """How fast events came lately, however small the batches were in which they were folded."""

    def __init__(self) -> None:
        self._batches: deque[tuple[float, int]] = deque()

    def is_stroom_na(self, aantal: int, begin: float, einde: float) -> bool:
        """Take note that so many came between two moments (seconds), and tell whether they come as a stream."""
        self._batches.append((begin, aantal))
        while len(self._batches) > 1 and einde - self._batches[1][0] >= OVER:
            self._batches.popleft()
        return sum(aantal for _, aantal in self._batches) > STROOM * max(einde - self._batches[0][0], OVER)
