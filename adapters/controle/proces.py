"""The processes of the check, as the parent sees them: started, killed, replaced, and heard to the last word.

They are forked from one server process that imported everything once; each is a process of its own all the same.
"""

import multiprocessing
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from msgspec.structs import replace

from overstap.adapters.controle import lezer, schrijver
from overstap.adapters.controle.taak import Taak

_PROCESSEN = multiprocessing.get_context("forkserver")
_PROCESSEN.set_forkserver_preload([schrijver.__name__, lezer.__name__])


class ControleFout(Exception):
    """The check itself could not be done; this says nothing about the log."""


class Schrijver:
    """A writer; its answers are kept by the parent as they come."""

    def __init__(self, taak: Taak, bewaar: Callable[[bytes], None]) -> None:
        self._taak = taak
        self._bewaar = bewaar
        self._gedaan: set[str] = set()
        self._start(taak)

    def _start(self, taak: Taak) -> None:
        einde, self._stop = _PROCESSEN.Pipe(duplex=False)
        antwoorden, melder = _PROCESSEN.Pipe(duplex=False)
        self._proces = _PROCESSEN.Process(target=schrijver.main, args=(taak, einde, melder), daemon=True)
        self._proces.start()
        einde.close()
        melder.close()
        self._luisteraar = threading.Thread(target=self._luister, args=(antwoorden,), daemon=True)
        self._luisteraar.start()

    def _luister(self, antwoorden: "Connection[None, bytes]") -> None:
        """Hear it until it ends; what it said before it was killed counts."""
        with antwoorden:
            while True:
                try:
                    regel = antwoorden.recv_bytes()
                except (EOFError, OSError):
                    return
                self._bewaar(regel)
                self._gedaan.add(regel.split(b"\t", 1)[0].decode())

    @property
    def heeft_antwoord(self) -> bool:
        """Did it get an answer yet?"""
        return bool(self._gedaan)

    def vervang(self) -> None:
        """Kill it, and let another go on: with the same requests, but for those that were answered."""
        self.dood()
        self._start(replace(self._taak, gedaan=frozenset(self._gedaan)))

    def dood(self) -> None:
        """Kill it, as a power cut would."""
        self._proces.kill()
        self._proces.join()
        self._luisteraar.join()
        self._stop.close()

    def eis_leven(self) -> None:
        """Say so when it ended by itself.

        Raises:
            ControleFout: it did.

        """
        _eis_leven(self._proces, "schrijver")

    def laat_uitwerken(self, geduld: float) -> None:
        """Ask it to stop, and wait until every request has its answer.

        Raises:
            ControleFout: it does not come to an end, or it went wrong.

        """
        self._stop.close()
        self._proces.join(geduld)
        if self._proces.exitcode != 0:
            raise ControleFout("Een schrijver kreeg niet op alles antwoord; de regels hierboven zeggen waarom.")
        self._luisteraar.join()


class Lezer:
    """A reader; its file tells what it was given."""

    def __init__(self, taak: Taak) -> None:
        self.taak = taak
        self._start()

    def _start(self) -> None:
        self._proces = _PROCESSEN.Process(target=lezer.main, args=(self.taak,), daemon=True)
        self._proces.start()

    def vervang(self) -> None:
        """Kill it, and let another go on where its file ends."""
        self.dood()
        self._start()

    def dood(self) -> None:
        """Kill it, as a power cut would."""
        self._proces.kill()
        self._proces.join()

    def eis_leven(self) -> None:
        """Say so when it ended by itself.

        Raises:
            ControleFout: it did.

        """
        _eis_leven(self._proces, "lezer")

    def wacht_tot(self, positie: int, geduld: float) -> None:
        """Wait until it wrote down this position, as long as it may take."""
        einde = time.monotonic() + geduld
        while lezer.laatste_positie(self.taak.bestand) < positie and time.monotonic() < einde:
            self.eis_leven()
            time.sleep(0.02)


def _eis_leven(proces: multiprocessing.process.BaseProcess, wat: str) -> None:
    if proces.exitcode is not None:
        raise ControleFout(f"Een {wat} viel stil; de regels hierboven zeggen waarom.")
