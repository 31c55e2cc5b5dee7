"""Fold a part of the streams in a process beside this one: a rebuild then takes more than one processor."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from overstap.adapters.opruimen import niet_opruimen
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankFout
from overstap.adapters.postgres.projectie_deel import Opbrengst, Vooraf, vouw_deel
from overstap.adapters.postgres.projectie_lezing import Deel
from overstap.adapters.postgres.projectie_parkeren import in_woorden

_BEGIN = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; whoever began this decides
from overstap.adapters.postgres.projectie_ernaast import vouw_voor
vouw_voor(int(sys.argv[1]))
"""
"""What the other process runs, with the number of its end of the pipe.

A fork would take over connections and threads; multiprocessing would first import the program that began this, all of
it, for which a second of folding can be done.
"""
_KIJK = 0.05  # seconds until whoever waits is told how far it is


class DeelAfgebroken(DatabankFout):
    """The process that folded a part is gone."""


class Ernaast:
    """A part that another process folds; a context manager, which ends that process with it, however it went."""

    def __init__(self, databank: Databank, vooraf: Sequence[Vooraf], deel: Deel) -> None:
        self._taak = (databank, list(vooraf), deel)
        self.gedaan = 0
        """How many events it folded, as far as was heard."""
        self.opbrengst: list[Opbrengst] | None = None
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
        self._proces.kill()  # one that is done is going by itself; the tables of one that is not are thrown away
        self._proces.wait()

    def hoor(self, geduld: float = 0.0) -> None:
        """Hear how far it is, waiting so many seconds for news.

        Raises:
            DeelAfgebroken: when it is gone before it was done.
            Exception: what stopped it.

        """
        while self.opbrengst is None and self._pijp.poll(geduld):
            geduld = 0.0
            try:
                bericht = self._pijp.recv()
            except (EOFError, OSError):
                raise DeelAfgebroken(
                    "Een proces dat aan de herbouw meewerkte is gestopt. Er is niets veranderd; probeer het opnieuw."
                ) from None
            if isinstance(bericht, Exception):
                raise bericht
            if isinstance(bericht, int):
                self.gedaan = bericht
            else:
                self.opbrengst = bericht

    def wacht(self) -> None:
        """Wait a moment for news, unless it is done; raises the same."""
        self.hoor(_KIJK)


def vouw_voor(pijp: int) -> None:
    """Fold the part that comes through a pipe, and say how far it is; when nobody listens any more it breaks off."""
    with suppress(BrokenPipeError, EOFError), Connection(pijp) as ouder:
        databank, vooraf, deel = ouder.recv()
        try:
            with niet_opruimen():  # nobody else is in this process
                ouder.send(vouw_deel(databank, vooraf, deel, ouder.send))
        except BrokenPipeError:
            raise
        except Exception as fout:  # noqa: BLE001 - it is raised again where it is heard
            ouder.send(_over_te_brengen(fout))


def _over_te_brengen(fout: Exception) -> Exception:
    """Give an error that another process can raise: ours as it is, another in words."""
    if isinstance(fout, DatabankFout):
        return fout
    return DatabankFout(f"De herbouw is mislukt ({in_woorden(fout)}). Er is niets veranderd; probeer het opnieuw.")
