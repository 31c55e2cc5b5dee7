"""The refused lines themselves, in a file for the deliverer alone, to be mended and sent again."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol


class Bewaarder(Protocol):
    """Takes refused lines."""

    def kop(self, ruw: bytes) -> None:
        """Take the header that belongs above the lines."""

    def bewaar(self, ruw: bytes) -> None:
        """Take one refused line."""


class Niets:
    """Keeps nothing: refused lines go to a file only when asked."""

    def kop(self, ruw: bytes) -> None:
        """Let the header go."""

    def bewaar(self, ruw: bytes) -> None:
        """Let the line go."""


class _Schrijver:
    def __init__(self, bestand: BinaryIO) -> None:
        self._bestand = bestand
        self._kop = b""
        self.is_leeg = True

    def kop(self, ruw: bytes) -> None:
        self._kop = ruw + b"\n"

    def bewaar(self, ruw: bytes) -> None:
        if self.is_leeg:
            self._bestand.write(self._kop)
            self.is_leeg = False
        self._bestand.write(ruw + b"\n")


@contextlib.contextmanager
def bewaar_in(pad: Path | None) -> Iterator[Bewaarder]:
    """Give what takes refused lines; the file (mode 0600) appears, whole, at the end, and only when a line was refused.

    Until then what stood at that path stays: it may be the very file that is being read.
    """
    if pad is None:
        yield Niets()
        return
    nummer, tijdelijk = tempfile.mkstemp(dir=pad.parent, prefix=f".{pad.name}-")
    try:
        with os.fdopen(nummer, "wb") as bestand:
            schrijver = _Schrijver(bestand)
            yield schrijver
        if not schrijver.is_leeg:
            Path(tijdelijk).replace(pad)
    finally:
        Path(tijdelijk).unlink(missing_ok=True)
