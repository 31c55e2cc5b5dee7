"""Fold a part of the streams in a process beside this one: a rebuild then takes more than one processor."""

import signal
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankFout
from overstap.adapters.postgres.projectie_deel import Opbrengst, Vooraf, vouw_deel
from overstap.adapters.postgres.projectie_lezing import Deel
from overstap.adapters.postgres.projectie_parkeren import in_woorden

_PROCESSEN = get_context("spawn")  # a fork would take over connections and threads of this process
_KIJK = 0.05  # seconds until whoever waits is told how far it is


class DeelAfgebroken(DatabankFout):
    """The process that folded a part is gone."""


class Ernaast:
    """A part that another process folds; a context manager, which ends that process with it, however it went."""

    def __init__(self, databank: Databank, vooraf: Sequence[Vooraf], deel: Deel) -> None:
        self._pijp, self._andere_kant = _PROCESSEN.Pipe()
        taak = (databank, list(vooraf), deel, self._andere_kant)
        self._proces = _PROCESSEN.Process(target=_vouw_ernaast, args=taak, name=f"herbouw-{deel.nummer}", daemon=True)
        self.gedaan = 0
        """How many events it folded, as far as was heard."""
        self.opbrengst: list[Opbrengst] | None = None
        """What it gave, once it is done."""

    def __enter__(self) -> Self:
        self._proces.start()
        self._andere_kant.close()  # so that its end is seen here
        return self

    def __exit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        self._pijp.close()
        self._proces.kill()  # one that is done is going by itself; the tables of one that is not are thrown away
        self._proces.join()

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


def _vouw_ernaast(databank: Databank, vooraf: Sequence[Vooraf], deel: Deel, pijp: "Connection[object, object]") -> None:
    """Fold a part, and say how far it is; when nobody listens any more it breaks off."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; whoever began this decides
    with suppress(BrokenPipeError):
        try:
            pijp.send(vouw_deel(databank, vooraf, deel, pijp.send))
        except BrokenPipeError:
            raise
        except Exception as fout:  # noqa: BLE001 - it is raised again where it is heard
            pijp.send(_over_te_brengen(fout))


def _over_te_brengen(fout: Exception) -> Exception:
    """Give an error that another process can raise: ours as it is, another in words."""
    if isinstance(fout, DatabankFout):
        return fout
    return DatabankFout(f"De herbouw is mislukt ({in_woorden(fout)}). Er is niets veranderd; probeer het opnieuw.")
