"""How many requests one caller may send, whichever process takes them: a bucket of tokens that fills by the second.

The buckets lie in memory that the processes of one service share, so a request costs no round trip: a lock on a few
bytes, a microsecond.
"""

import fcntl
import hashlib
import math
import mmap
import os
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Final

from overstap.adapters.http.problemen import Probleem

_SECONDEN_RUIMTE: Final = 10
"""A caller that was silent may send this many seconds' worth at once."""
_RIJ: Final = struct.Struct("=16sdd")
"""A bucket: whose it is (a hash), how many tokens it had, and when; all zero: nobody's."""
_RIJEN: Final = 8
"""In how many places the bucket of one caller may lie; who was longest silent makes room."""
_GROEP: Final = _RIJ.size * _RIJEN
_GROEPEN: Final = 8_192
OMVANG: Final = _GROEP * _GROEPEN
"""How many bytes the buckets of 65,536 callers take."""


class Grenssoort(StrEnum):
    """What is counted, and the name of its file."""

    ACCOUNTS = "grens-accounts"
    ONBEKENDEN = "grens-onbekenden"
    """Addresses from which somebody failed to sign in."""


class Grens:
    """Counts callers; 0 a minute: no limit.

    bestand is the file whose memory the processes share (`maak_bestand`), None for a process of its own; klok gives
    seconds, the same in all of them.
    """

    def __init__(
        self, per_minuut: int, bestand: Path | None = None, klok: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_seconde = per_minuut / 60
        self._ruimte = max(1.0, self._per_seconde * _SECONDEN_RUIMTE)
        self._klok = klok
        self._bestand = -1 if bestand is None else os.open(bestand, os.O_RDWR)
        self._emmers = mmap.mmap(self._bestand, OMVANG)

    def close(self) -> None:
        """Let go of the memory."""
        self._emmers.close()
        if self._bestand >= 0:
            os.close(self._bestand)

    def neem(self, wie: str) -> None:
        """Take one request of a caller.

        Raises:
            Probleem: 429, with Retry-After, when it has sent too many.

        """
        if self._per_seconde == 0:
            return
        naam = hashlib.blake2b(wie.encode(), digest_size=16).digest()
        with self._op_slot(_GROEP * (int.from_bytes(naam[:4]) % _GROEPEN)) as begin:
            over = self._neem(naam, begin)
        if over < 0:
            wacht = math.ceil(-over / self._per_seconde)
            raise Probleem(
                "te-veel-verzoeken", f"Probeer het over {wacht} s opnieuw.", koppen={"Retry-After": str(wacht)}
            )

    def _neem(self, naam: bytes, begin: int) -> float:
        """Take a token out of a bucket, and give how many are left; below nought none was taken, and so many lack."""
        nu = self._klok()
        plek, sinds, over = begin, math.inf, self._ruimte
        for hier in range(begin, begin + _GROEP, _RIJ.size):
            van, tokens, moment = _RIJ.unpack_from(self._emmers, hier)
            if van == naam:
                plek, over = hier, min(self._ruimte, tokens + (nu - moment) * self._per_seconde)
                break
            if moment < sinds:
                plek, sinds = hier, moment
        rest = over - 1
        _RIJ.pack_into(self._emmers, plek, naam, rest if rest >= 0 else over, nu)
        return rest

    @contextmanager
    def _op_slot(self, begin: int) -> Iterator[int]:
        """Keep other processes from the buckets that begin here; a process that dies lets go of them."""
        if self._bestand < 0:
            yield begin
            return
        fcntl.lockf(self._bestand, fcntl.LOCK_EX, _GROEP, begin)
        try:
            yield begin
        finally:
            fcntl.lockf(self._bestand, fcntl.LOCK_UN, _GROEP, begin)


def maak_bestand(pad: Path) -> Path:
    """Make the file that processes share, with nobody in it."""
    with pad.open("wb") as bestand:
        bestand.truncate(OMVANG)
    return pad
