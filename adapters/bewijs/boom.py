"""The Merkle tree over the log (RFC 9162, section 2.1): its hashes, how it grows, and which parts of it prove what.

Changing a hash here changes the archive: docs/audit-format.md has the bytes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

LEEG = sha256().digest()
"""The root of a tree without leaves."""
BEWAARD_VANAF = 5
"""The lowest level of which nodes are stored; a block of 32 leaves is hashed again from the log in 30 microseconds."""


class Plek(NamedTuple):
    """Where a whole subtree stands: it has 2^niveau leaves and `nummer` such subtrees to its left."""

    niveau: int
    nummer: int


Stuk = tuple[int, int]
"""The leaves from the first up to, but not including, the second: a subtree of the tree at some size."""


def blad(positie: int, vastgelegd_op: int, hash_: bytes) -> bytes:
    """Give the leaf of an event; vastgelegd_op in microseconds since 2000-01-01 UTC, both as 8 bytes, big-endian."""
    kop = positie.to_bytes(8, "big", signed=True) + vastgelegd_op.to_bytes(8, "big", signed=True)
    return sha256(b"\x00" + kop + hash_).digest()


def knoop(links: bytes, rechts: bytes) -> bytes:
    """Give the node above two others."""
    return sha256(b"\x01" + links + rechts).digest()


class Boom:
    """A tree to which leaves are added; it remembers only the whole subtrees on its right edge.

    toppen has those of a tree of `grootte` leaves, by level (`toppen_van` says where they stand).
    """

    def __init__(self, grootte: int = 0, toppen: Mapping[int, bytes] | None = None) -> None:
        self.grootte = grootte
        self._open = dict(toppen or {})

    def groei(self, bladeren: Sequence[bytes]) -> list[tuple[Plek, bytes]]:
        """Add leaves and give the nodes that became whole by it, from level BEWAARD_VANAF up."""
        eerste, niveau, rij = self.grootte, 0, list(bladeren)
        self.grootte += len(rij)
        geheel: list[tuple[Plek, bytes]] = []
        while rij:
            if niveau >= BEWAARD_VANAF:
                geheel += ((Plek(niveau, nummer), hash_) for nummer, hash_ in enumerate(rij, eerste))
            if eerste % 2:
                rij.insert(0, self._open.pop(niveau))
            if len(rij) % 2:
                self._open[niveau] = rij.pop()
            rij = [sha256(b"\x01" + links + rechts).digest() for links, rechts in zip(rij[::2], rij[1::2], strict=True)]
            eerste, niveau = eerste // 2, niveau + 1
        return geheel

    def toppen(self) -> list[bytes]:
        """Give the whole subtrees that make up the tree at this size, from left to right (`toppen_van`)."""
        return [self._open[niveau] for niveau in sorted(self._open, reverse=True)]

    def wortel(self) -> bytes:
        """Give the root at this size."""
        return _vouw(self.toppen())


def toppen_van(grootte: int) -> list[Plek]:
    """Say which whole subtrees make up a tree of this size, from left to right."""
    return list(_delen(0, grootte))


def stukken_van_inclusie(nummer: int, grootte: int) -> list[Stuk]:
    """Say which subtrees prove that leaf `nummer` (from 0) is in a tree, from the leaf up (RFC 9162, 2.1.3.1)."""
    stukken: list[Stuk] = []
    begin, eind = 0, grootte
    while eind - begin > 1:
        helft = begin + _helft(eind - begin)
        if nummer < helft:
            stukken.append((helft, eind))
            eind = helft
        else:
            stukken.append((begin, helft))
            begin = helft
    return stukken[::-1]


def stukken_van_samenhang(oud: int, nieuw: int) -> list[Stuk]:
    """Say which subtrees prove that a tree is the beginning of a larger one, by their sizes (RFC 9162, 2.1.4.1)."""
    stukken: list[Stuk] = []
    begin, eind, is_bekend = 0, nieuw, True
    while eind != oud:
        helft = begin + _helft(eind - begin)
        if oud <= helft:
            stukken.append((helft, eind))
            eind = helft
        else:
            stukken.append((begin, helft))
            begin, is_bekend = helft, False
    if not is_bekend:
        stukken.append((begin, eind))
    return stukken[::-1]


def wortel_van(stuk: Stuk, hash_van: Callable[[Plek], bytes]) -> bytes:
    """Compute the root of a subtree from those of the whole ones in it."""
    return _vouw([hash_van(plek) for plek in _delen(*stuk)])


def plekken_in(stukken: Sequence[Stuk]) -> set[Plek]:
    """Say which whole subtrees `wortel_van` will ask for."""
    return {plek for stuk in stukken for plek in _delen(*stuk)}


def _vouw(toppen: list[bytes]) -> bytes:
    if not toppen:
        return LEEG
    *links, wortel = toppen
    for top in reversed(links):
        wortel = knoop(top, wortel)
    return wortel


def _delen(begin: int, eind: int) -> Iterator[Plek]:
    while begin < eind:
        niveau = (eind - begin).bit_length() - 1
        yield Plek(niveau, begin >> niveau)
        begin += 1 << niveau


def _helft(aantal: int) -> int:
    """Give the largest power of two below the number of leaves: that many go to the left."""
    return 1 << (aantal - 1).bit_length() - 1
