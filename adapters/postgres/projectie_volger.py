"""Follow the log in the background of a process, a server or `overstap project`: `with volgend(databank): ...`."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES
from overstap.adapters.postgres.projectie_werker import TUSSENPOOS, Werker
from overstap.projections.projectie import Projectie

_NETJES = 0.5  # seconds in which a worker may finish its batch
_AFGEBROKEN = 1.0  # seconds in which it ends once the database was told to stop
_BESCHEIDEN = 5  # how much nicer: where processors are short it gets a quarter of one that somebody else wants


def laat_voorgaan() -> None:
    """Let all others go first from now on, those who deliver above all: for a process that does nothing but follow."""
    os.nice(_BESCHEIDEN)


class Volger:
    """A worker in a thread of its own, until `stop`."""

    def __init__(self, werker: Werker) -> None:
        self._werker = werker
        self._stop = threading.Event()
        # A daemon: one that hangs in an attempt to connect does not keep the process from ending. What was not
        # committed then was never folded.
        self._draad = threading.Thread(target=self._volg, name="volger", daemon=True)

    @property
    def is_bezig(self) -> bool:
        """Tell whether it follows; when not, it was stopped, or could not begin."""
        return self._draad.is_alive()

    def begin(self) -> None:
        """Begin to follow."""
        self._draad.start()

    def wacht(self, seconden: float) -> bool:
        """Wait so many seconds, or until it ends by itself; tell whether it still follows."""
        self._draad.join(seconden)
        return self.is_bezig

    def stop(self) -> bool:
        """Stop within some two seconds, and tell whether the worker has ended; a batch under way is undone, or done."""
        self._stop.set()
        self._draad.join(_NETJES)
        if self._draad.is_alive():
            self._werker.breek_af()
            self._draad.join(_AFGEBROKEN)
        return not self._draad.is_alive()

    def _volg(self) -> None:
        try:
            self._werker.volg(self._stop)
        finally:
            self._werker.sluit()


@contextmanager
def volgend(
    databank: Databank, projecties: Sequence[type[Projectie]] = PROJECTIES, tussenpoos: float = TUSSENPOOS
) -> Iterator[Volger]:
    """Keep the read models up with the log as long as the `with` lasts, in a thread of its own.

    The database need not be there yet: it is tried again and again. Any number of processes may do this at once.
    """
    volger = Volger(Werker(databank, projecties, tussenpoos=tussenpoos))
    volger.begin()
    try:
        yield volger
    finally:
        if not volger.stop():
            structlog.get_logger().warning("volger_stopt_niet")
