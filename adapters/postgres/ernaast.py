"""Do a part of the work on a whole log in a process beside this one: it then takes more than one processor."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from overstap.adapters.opruimen import niet_opruimen
from overstap.adapters.postgres.fouten import DatabankFout
from overstap.adapters.postgres.projectie_parkeren import in_woorden

_BEGIN = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; whoever began this decides
from overstap.adapters.postgres.ernaast import werk_voor
werk_voor(int(sys.argv[1]))
"""
"""What the other process runs, with the number of its end of the pipe.

A fork would take over connections and threads; multiprocessing would first import the program that began this, all of
it, for which a second of folding can be done.
"""
EVEN = 0.05
"""Seconds after which whoever has nothing else to do looks again."""

Onderweg = TypeVar("Onderweg")
Opbrengst = TypeVar("Opbrengst")


class DeelAfgebroken(DatabankFout):
    """The process that did a part is gone."""


class Ernaast(Generic[Onderweg, Opbrengst]):
    """A part that another process does; a context manager, which ends that process with it, however it went.

    doel is what it is for, in Dutch with its article. werk goes there by pickle, and is called with what sends values
    here while it goes on; it changes nothing that lasts, for it may be broken off anywhere.
    """

    def __init__(self, doel: str, werk: Callable[[Callable[[Onderweg], None]], Opbrengst]) -> None:
        self._taak = (doel, werk)
        self.is_klaar = False
        self.opbrengst: Opbrengst | None = None
        """What it gave, once it is done."""

    def __enter__(self) -> Self:
        self._pijp, daar = Pipe()
        with daar:  # closed here once it was taken over, so that its end is seen
            self._proces = subprocess.Popen(
                [sys.executable, "-P", "-c", _BEGIN, str(daar.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[daar.fileno()],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        with suppress(BrokenPipeError):  # `hoor` tells that it is gone
            self._pijp.send(self._taak)  # its passwords are nobody else's: not among the arguments
        return self

    def __exit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        self._pijp.close()
        self._proces.kill()  # one that is done is going by itself; what one that is not had made is thrown away
        self._proces.wait()

    def hoor(self, geduld: float = 0.0) -> Iterator[Onderweg]:
        """Give what it sent since, waiting so many seconds for the first.

        Raises:
            DeelAfgebroken: when it is gone before it was done.
            Exception: what stopped it.

        """
        while not self.is_klaar and self._pijp.poll(geduld):
            geduld = 0.0
            try:
                bericht = self._pijp.recv()
            except (EOFError, OSError):
                raise DeelAfgebroken(
                    f"Een proces dat aan {self._taak[0]} meewerkte is gestopt. "
                    "Er is niets veranderd; probeer het opnieuw."
                ) from None
            match bericht:
                case Exception():
                    raise bericht
                case _Klaar():
                    self.is_klaar, self.opbrengst = True, bericht.opbrengst
                case _:
                    yield bericht


class _Klaar:
    """The last that is sent."""

    def __init__(self, opbrengst: object) -> None:
        self.opbrengst: Any = opbrengst


def werk_voor(pijp: int) -> None:
    """Do the work that comes through a pipe, and send what it gives; when nobody listens any more it breaks off."""
    with suppress(BrokenPipeError, EOFError), Connection(pijp) as ouder:
        doel, werk = ouder.recv()
        try:
            with niet_opruimen():  # nobody else is in this process
                ouder.send(_Klaar(werk(ouder.send)))
        except BrokenPipeError:
            raise
        except Exception as fout:  # noqa: BLE001 - it is raised again where it is heard
            ouder.send(_over_te_brengen(doel, fout))


def _over_te_brengen(doel: str, fout: Exception) -> Exception:
    """Give an error that another process can raise: ours as it is, another in words."""
    if isinstance(fout, DatabankFout):
        return fout
    begin = doel[0].upper() + doel[1:]
    return DatabankFout(f"{begin} is mislukt ({in_woorden(fout)}). Er is niets veranderd; probeer het opnieuw.")
