"""Read a form with a file, in memory alone: the parser would put a large one on disk, in clear."""

import contextlib
import os
from collections.abc import AsyncGenerator, Iterator
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, Final

import msgspec
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from overstap.adapters.http.problemen import Fout, Probleem, ongeldig
from overstap.adapters.web.bezoeker import eis_merk

_TEGELIJK: Final = 4
"""So many files are in memory at once at most, in one process."""
_bezig = 0


class Gekozen(msgspec.Struct, frozen=True):
    """The file that somebody chose; naam is what his own machine calls it."""

    naam: str
    inhoud: bytes

    def __repr__(self) -> str:
        return "Gekozen(***)"


class _InGeheugen(MultiPartParser):
    spool_max_size = 1 << 40

    def sluit(self) -> None:
        """Let go of what was read, also of a file that was cut off."""
        for bestand in self._files_to_close_on_error:
            bestand.close()


@contextlib.contextmanager
def plaats_in_geheugen() -> Iterator[None]:
    """Hold a place for a file.

    Raises:
        Probleem: 503 when there is none left.

    """
    global _bezig  # noqa: PLW0603  # a process counts for itself
    if _bezig >= _TEGELIJK:
        raise Probleem("niet-beschikbaar", "Er worden nu veel bestanden aangeleverd.", koppen={"Retry-After": "10"})
    _bezig += 1
    try:
        yield
    finally:
        _bezig -= 1


async def lees_bestand(request: Request, grootst: int) -> Gekozen | None:
    """Read the file of a form that we gave; None when nobody chose one.

    Raises:
        Probleem: 413 when it is too large, 400 when it is no form with a file, 403 when it is not ours.

    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise _geen_formulier()
    lezer = _InGeheugen(request.headers, _begrensd(request, grootst), max_files=1, max_fields=5, max_part_size=1024)
    try:
        velden = await lezer.parse()
        merk, bestand = velden.get("merk"), velden.get("bestand")
        eis_merk(request, merk if isinstance(merk, str) else "")
        if not isinstance(bestand, UploadFile) or not bestand.filename:
            return None
        return Gekozen(_kale_naam(bestand.filename), await bestand.read())
    except MultiPartException:
        raise _geen_formulier() from None
    finally:
        lezer.sluit()


async def _begrensd(request: Request, grootst: int) -> AsyncGenerator[bytes, None]:
    """Give the body; of one that is too large the rest is let go, so that the browser hears why."""
    gelezen = 0
    async for stuk in request.stream():
        gelezen += len(stuk)
        if gelezen <= grootst:
            yield stuk
    if gelezen > grootst:
        raise Probleem("te-groot", f"Het bestand is te groot: hoogstens {grootst // 1_048_576} MB.")


@contextlib.contextmanager
def in_geheugen(inhoud: bytes) -> Iterator[IO[bytes]]:
    """Give bytes as a file that lies in memory, and is gone when this is over."""
    with os.fdopen(os.memfd_create("aanlevering", os.MFD_CLOEXEC), "w+b") as bestand:
        bestand.write(inhoud)
        bestand.flush()
        yield bestand


def _kale_naam(naam: str) -> str:
    return PurePosixPath(PureWindowsPath(naam).name).name[:200]


def _geen_formulier() -> Probleem:
    return ongeldig(
        Fout(plaats="body", code="onleesbaar", uitleg="Dit formulier kwam niet heel over. Probeer het opnieuw.")
    )
