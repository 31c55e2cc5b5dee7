"""Hear Ctrl-C and SIGTERM between two steps: an exception in the midst of a query leaves its connection unusable."""

import select
import signal
import socket
from collections.abc import Collection
from contextlib import ExitStack
from types import FrameType, TracebackType
from typing import Self

_SIGNALEN = (signal.SIGINT, signal.SIGTERM)


class Stopteken:
    """Takes both signals while entered, in the main thread alone; a second one raises KeyboardInterrupt.

    ook are file descriptors that give the sign too, once there is something to read from them.
    """

    def __init__(self, ook: Collection[int] = ()) -> None:
        self.is_gegeven = False
        self._ook = list(ook)
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
        """Wait until there is something to read from a file descriptor, the sign was given, or the time is over."""
        self._wacht([bestand], seconden)

    def wacht(self, seconden: float) -> None:
        """Wait until the sign was given, or the time is over."""
        self._wacht([], seconden)

    def _wacht(self, bestanden: list[int], seconden: float) -> None:
        if not self.is_gegeven:
            klaar, _, _ = select.select([*bestanden, self._hoorn.fileno(), *self._ook], [], [], seconden)
            if not set(self._ook).isdisjoint(klaar):
                self.is_gegeven = True

    def _hoor(self, nummer: int, plek: FrameType | None) -> None:  # noqa: ARG002  # as signal.signal calls it
        if self.is_gegeven:
            raise KeyboardInterrupt
        self.is_gegeven = True
        self._bel.send(b"!")
