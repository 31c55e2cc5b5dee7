"""The tree over the last lines of all writers of the log of access: few move from one checkpoint to the next."""

import struct
from bisect import bisect_left
from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from overstap.adapters.bewijs.boom import LEEG, knoop
from overstap.adapters.bewijs.teksten import Stand


class Kop(NamedTuple):
    """A writer's last line: its number and hash."""

    nummer: int
    hash: bytes


Koppen = Mapping[UUID, Kop]


class Koppenboom:
    """Keeps every node, by level: a line that moved costs one path, a writer who came the nodes to its right."""

    def __init__(self, koppen: Koppen | None = None) -> None:
        self._koppen = {keten.bytes: kop for keten, kop in (koppen or {}).items()}
        self._ketens = sorted(self._koppen)
        self._lagen = [[_blad(keten, self._koppen[keten]) for keten in self._ketens]]
        self._reken(0, len(self._ketens))

    def zet(self, keten: UUID, kop: Kop) -> None:
        """Put a writer's last line in the place of the one before."""
        naam, bladeren = keten.bytes, self._lagen[0]
        plek = bisect_left(self._ketens, naam)
        if naam in self._koppen:
            bladeren[plek], eind = _blad(naam, kop), plek + 1
        else:
            self._ketens.insert(plek, naam)
            bladeren.insert(plek, _blad(naam, kop))
            eind = len(bladeren)
        self._koppen[naam] = kop
        self._reken(plek, eind)

    def stand(self) -> Stand:
        """Give how many lines there are and the root over the writers' last ones, in order of their numbers."""
        return Stand(sum(kop.nummer for kop in self._koppen.values()), self._lagen[-1][0] if self._ketens else LEEG)

    def _reken(self, begin: int, eind: int) -> None:
        """Compute what stands above the leaves from begin up to eind; a node without a neighbour goes up as it is."""
        niveau = 0
        while len(onder := self._lagen[niveau]) > 1:
            niveau += 1
            if niveau == len(self._lagen):
                self._lagen.append([])
            begin, eind = begin // 2, (eind + 1) // 2
            self._lagen[niveau][begin:eind] = [
                knoop(*onder[plek : plek + 2]) if plek + 1 < len(onder) else onder[plek]
                for plek in range(2 * begin, 2 * eind, 2)
            ]


def _blad(keten: bytes, kop: Kop) -> bytes:
    return sha256(b"\x00" + keten + struct.pack("!q", kop.nummer) + kop.hash).digest()
