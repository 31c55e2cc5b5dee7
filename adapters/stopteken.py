"""Hear Ctrl-C and SIGTERM between two steps: an exception in the midst of a query leaves its connection unusable."""

import select
import signal
import socket
from contextlib import ExitStack
from types import FrameType, TracebackType
from typing import Self

_SIGNALEN = (signal.SIGINT, signal.SIGTERM)


class Stopteken:
    """Takes both signals while entered, in the main thread alone; a second one raises KeyboardInterrupt."""

    def __init__(self) -> None:
        self.is_gegeven = False
        self._stapel = ExitStack()

    def __enter__(self) -> Self:
        self._hoorn, self._bel = (self._stapel.enter_context(kant) for kant in socket.socketpair())
        self._bel.setblocking(False)  # noqa: FBT003  # the standard library's own shape
        for nummer in _SIGNALEN:
            self._stapel.callback(signal.signal, nummer, signal.signal(nummer, self._hoor))
        return self

    def __exit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        self._stapel.close()

    def wacht_op(self, bestand: int, seconden: float) -> None:
        """Wait until there is something to read from a file descriptor, a signal came, or the time is over."""
        if not self.is_gegeven:
            select.select([bestand, self._hoorn.fileno()], [], [], seconden)

    def _hoor(self, nummer: int, plek: FrameType | None) -> None:  # noqa: ARG002  # as signal.signal calls it
        if self.is_gegeven:
            raise KeyboardInterrupt
        self.is_gegeven = True
        self._bel.send(b"!")
