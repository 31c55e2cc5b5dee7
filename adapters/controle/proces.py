"""The processes of the check, as the parent sees them: started, killed, replaced, and heard to the last word."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import msgspec

from overstap.adapters.controle import lezer, schrijver
from overstap.adapters.controle.kind import Taak


class ControleFout(Exception):
    """The check itself could not be done; this says nothing about the log."""


class Proces:
    """A writer or reader that can be killed and started anew."""

    def __init__(self, module: ModuleType, taak: Taak, map_: Path) -> None:
        self._module = module
        self.taak = taak
        self._fouten = map_ / f"{module.__name__.rsplit('.', 1)[-1]}-{taak.nummer}.fouten"
        self.proces = self._start(taak)

    def _start(self, taak: Taak) -> subprocess.Popen[bytes]:
        with self._fouten.open("ab") as fouten:
            proces = subprocess.Popen(
                [sys.executable, "-m", self._module.__name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=fouten,
            )
        if proces.stdin is not None:
            proces.stdin.write(msgspec.json.encode(taak) + b"\n")
            proces.stdin.flush()
        return proces

    def dood(self) -> None:
        """Kill it, as a power cut would."""
        self.proces.kill()
        self.proces.wait()
        self.sluit_lijnen()

    def herstart(self, taak: Taak) -> None:
        """Start it again."""
        self.proces = self._start(taak)

    def eis_leven(self) -> None:
        """Say so when it ended by itself.

        Raises:
            ControleFout: it did.

        """
        if self.proces.poll() is not None:
            raise ControleFout(f"Een proces van de controle viel stil: {self._fouten.read_text('utf-8')[-600:]}")

    def sluit_lijnen(self) -> None:
        """Close our ends of what it was told and said."""
        for lijn in (self.proces.stdin, self.proces.stdout):
            if lijn is not None:
                with contextlib.suppress(BrokenPipeError):
                    lijn.close()


class Schrijver(Proces):
    """A writer, whose answers are kept in the parent's file as they come."""

    def __init__(self, taak: Taak, map_: Path, bewaar: Callable[[bytes], None]) -> None:
        super().__init__(schrijver, taak, map_)
        self._bewaar = bewaar
        self._gedaan: set[str] = set()
        self._luister()

    def _luister(self) -> None:
        self._luisteraar = threading.Thread(target=self._lees, args=(self.proces,), daemon=True)
        self._luisteraar.start()

    def _lees(self, proces: subprocess.Popen[bytes]) -> None:
        for regel in proces.stdout or ():
            if regel.endswith(b"\n"):
                self._bewaar(regel)
                self._gedaan.add(regel.split(b"\t", 1)[0].decode())

    @property
    def heeft_antwoord(self) -> bool:
        """Did it get an answer yet?"""
        return bool(self._gedaan)

    def vervang(self) -> None:
        """Kill it, and let another go on: with the same requests, but for those that were answered."""
        self.proces.kill()
        self._luisteraar.join()  # what it said before it died counts
        self.dood()
        self.herstart(msgspec.structs.replace(self.taak, gedaan=frozenset(self._gedaan)))
        self._luister()

    def laat_uitwerken(self, uiterlijk: float) -> None:
        """Ask it to stop, and wait until every request has its answer.

        Raises:
            ControleFout: it does not come to an end, or it went wrong.

        """
        if self.proces.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.proces.stdin.close()
        self._luisteraar.join(max(0.0, uiterlijk - time.monotonic()))
        with contextlib.suppress(subprocess.TimeoutExpired):
            if self.proces.wait(max(0.1, uiterlijk - time.monotonic())) == 0:
                return
        raise ControleFout(f"Een schrijver kwam niet klaar: {self._fouten.read_text('utf-8')[-600:]}")


class Lezer(Proces):
    """A reader."""

    def __init__(self, taak: Taak, map_: Path) -> None:
        super().__init__(lezer, taak, map_)

    def vervang(self) -> None:
        """Kill it, and let another go on where its file ends."""
        self.dood()
        self.herstart(self.taak)

    def positie(self) -> int:
        """Give the last position it wrote down, 0 before the first."""
        try:
            with self.taak.bestand.open("rb") as bestand:
                bestand.seek(max(0, bestand.seek(0, 2) - 400))
                regels = bestand.read().split(b"\n")[:-1]
        except FileNotFoundError:
            return 0
        return int(regels[-1].split(b"\t")[0]) if regels else 0
