"""Talk on stderr: what goes on and how long it will take, for a person who looks on; silent when it is no terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text


class Voortgang(Protocol):
    """Something that goes on."""

    def zet(self, gedaan: int, tekst: str = "") -> None:
        """Say how much is done, counted from the beginning, and what is being done now."""


class _Stil:
    def zet(self, gedaan: int, tekst: str = "") -> None:
        """Say nothing: nobody looks on."""


class _OpTerminal:
    def __init__(self, balk: Progress, wat: str, totaal: int) -> None:
        self._balk = balk
        self._taak = balk.add_task(wat, total=totaal, tekst="")

    def zet(self, gedaan: int, tekst: str = "") -> None:
        self._balk.update(self._taak, completed=gedaan, tekst=tekst)


class _Tempo(ProgressColumn):
    """How many a second, over the whole of the task."""

    def render(self, task: Task) -> Text:
        verstreken = task.finished_time or task.elapsed or 0.0
        tempo = task.completed / verstreken if verstreken else 0.0
        return Text(f"{tempo:,.0f}/s".replace(",", "."), style="progress.data.speed")


def zeg(tekst: str) -> None:
    """Say something to the person at the terminal."""
    if sys.stderr.isatty():
        Console(stderr=True, highlight=False).print(tekst, markup=False)


@contextmanager
def voortgang(wat: str, totaal: int) -> Iterator[Voortgang]:
    """Show a bar with rate and time left while something goes on."""
    with _balk(wat, totaal, MofNCompleteColumn(), _Tempo()) as balk:
        yield balk


@contextmanager
def voortgang_in_bytes(wat: str, totaal: int) -> Iterator[Voortgang]:
    """Show a bar with rate and time left while a file is read."""
    with _balk(wat, totaal, DownloadColumn(), TransferSpeedColumn()) as balk:
        yield balk


@contextmanager
def _balk(wat: str, totaal: int, *maten: ProgressColumn) -> Iterator[Voortgang]:
    if not sys.stderr.isatty():
        yield _Stil()
        return
    kolommen = (
        TextColumn("{task.description}"),
        BarColumn(),
        *maten,
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[tekst]}", style="dim"),
    )
    with Progress(*kolommen, console=Console(stderr=True), transient=True) as balk:
        yield _OpTerminal(balk, wat, totaal)


def meld_fout(zin: str) -> None:
    """Write the one line that tells why a command stopped, on a terminal or not."""
    Console(stderr=True, soft_wrap=True, highlight=False).print(
        f"overstap: {' '.join(zin.split())}", style="red", markup=False
    )
