"""Compute again what the log says of itself: its order, the chain of each stream and the leaves of the tree."""

import struct
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec
import psycopg

from overstap.adapters.postgres.keten import BEGIN, kort

_KOP = struct.Struct("!12xq8xq8x32s4xi12x16s4xi").unpack_from
"""What a row of rijen.lees_bytes begins with: positie, vastgelegd_op, hash, length of the bytes of its origin, and of
these the stream and the length of the region (-1: NULL)."""
_HERKOMST = 84  # where the origin begins in a row
_EIGEN = struct.Struct("!4xi12xq").unpack_from
"""What follows it: the length of the bytes that are the event's own, and of these the version."""
_VELD = struct.Struct("!4xi").unpack_from
_HOOGSTENS = 1_000  # findings that are kept; of the others only how many
_GROOTSTE_GAT = 1_000_000  # missing events whose places are kept in the tree, so that what follows keeps its own
_LEGE_PLEK = bytes(32)

_NOOIT = -(2**63)
Schakel = tuple[int, bytes]
"""Where a stream stands: its version and its last link."""
_NIEUW: Schakel = (0, BEGIN)
_SCHAKELS = """
SELECT s.originator_id, v.originator_version, v.hash
  FROM (SELECT DISTINCT originator_id FROM log.gebeurtenissen WHERE positie > %(na)s AND positie <= %(tot)s) AS s,
       LATERAL (SELECT originator_version, hash FROM log.gebeurtenissen AS g
                 WHERE g.originator_id = s.originator_id AND g.positie <= %(na)s
                 ORDER BY originator_version DESC LIMIT 1) AS v
"""
_OP = """
SELECT ('x' || encode(timestamptz_send(vastgelegd_op), 'hex'))::bit(64)::bigint FROM log.gebeurtenissen
 WHERE positie = %s
"""
_NIET_VAN_HAAR_HASH = (
    "De gebeurtenis op positie {positie} past niet bij haar hash: haar inhoud, haar hash of wat er in haar stroom aan "
    "voorafging is veranderd."
)
_TE_VROEG = "Positie {positie} heeft een vroeger tijdstip van vastleggen dan de positie ervoor."


class Soort(StrEnum):
    """What kind of thing was found; the values are part of the CLI's JSON."""

    VOLGORDE = "volgorde"
    KETEN = "keten"
    BOOM = "boom"
    CONTROLEPUNT = "controlepunt"
    SLEUTEL = "sleutel"
    TOEGANG = "toegang"
    BEWAARD = "bewaard"


class Bevinding(msgspec.Struct, frozen=True):
    """What was found, in words, and where: the first and last position (0: it is about no event)."""

    soort: Soort
    van: int
    tot: int
    zin: str


class Bevindingen:
    """What was found, in order, the first thousand; `aantal` counts all."""

    def __init__(self) -> None:
        self.alle: list[Bevinding] = []
        self.aantal = 0

    def meld(self, soort: Soort, van: int, tot: int, zin: str) -> None:
        """Add one."""
        self.aantal += 1
        if len(self.alle) < _HOOGSTENS:
            self.alle.append(Bevinding(soort, van, tot, zin))


class Nalezing:
    """Reads the rows after the first `na` events, in order.

    stromen says where each stream stood there, op when event `na` was recorded (microseconds since 2000-01-01 UTC).

    laatste is the position up to which the leaves have been given.
    """

    def __init__(
        self, bevindingen: Bevindingen, na: int = 0, stromen: Mapping[bytes, Schakel] | None = None, op: int = _NOOIT
    ) -> None:
        self.laatste = na
        self.gelezen = 0
        self._stromen = dict(stromen or {})
        self._op = op
        self._meld = bevindingen.meld

    @property
    def stromen(self) -> int:
        """Tell of how many streams something was read."""
        return len(self._stromen)

    def neem(self, blok: bytes) -> list[bytes]:
        """Check the rows of one block and give their leaves: one for each position after the last one, in order."""
        bladeren: list[bytes] = []
        stromen, op_ervoor, plaats, einde = self._stromen, self._op, 0, len(blok)
        while plaats < einde:
            positie, op, hash_, lengte, stroom, regio = _KOP(blok, plaats)
            tussen = plaats + _HERKOMST + lengte
            herkomst = blok[plaats + _HERKOMST : tussen]
            lengte, versie = _EIGEN(blok, tussen)
            eind = tussen + 8 + lengte
            eigen = blok[tussen + 8 : eind]
            versie_ervoor, schakel = stromen.get(stroom, _NIEUW)
            if versie != versie_ervoor + 1:
                self._toets_sprong(positie, regio, versie_ervoor if stroom in stromen else -1, versie)
            past = kort(schakel + kort(herkomst) + eigen) == hash_
            if not past and sha256(schakel + _oude_vorm(herkomst, eigen)).digest() != hash_:
                self._meld(Soort.KETEN, positie, positie, _NIET_VAN_HAAR_HASH.format(positie=positie))
            stromen[stroom] = (versie, hash_)
            if op < op_ervoor:
                self._meld(Soort.VOLGORDE, positie, positie, _TE_VROEG.format(positie=positie))
            op_ervoor = op
            if positie == self.laatste + 1 or self._past_verderop(positie, bladeren):
                kop = blok[plaats + 12 : plaats + 20] + blok[plaats + 28 : plaats + 36]
                bladeren.append(sha256(b"\x00" + kop + hash_).digest())
                self.laatste = positie
            self.gelezen += 1
            plaats = eind
        self._op = op_ervoor
        return bladeren

    def _past_verderop(self, positie: int, bladeren: list[bytes]) -> bool:
        """Say what is wrong with a position that is not the next, and whether its event has a place in the tree."""
        verwacht = self.laatste + 1
        if positie < verwacht:
            self._meld(
                Soort.VOLGORDE, positie, positie, f"Positie {positie} hoort hier niet: zij is dubbel of te laag."
            )
            return False
        ontbreekt = f"positie {verwacht}" if positie == verwacht + 1 else f"positie {verwacht} tot en met {positie - 1}"
        self._meld(Soort.VOLGORDE, verwacht, positie - 1, f"Wat op {ontbreekt} stond, ontbreekt.")
        if positie - verwacht > _GROOTSTE_GAT:
            return False
        bladeren += [_LEGE_PLEK] * (positie - verwacht)
        return True

    def _toets_sprong(self, positie: int, regio: int, versie_ervoor: int, versie: int) -> None:
        """Refuse a version that is not the next, but where another program stored it: it may skip, or begin at 0."""
        if regio >= 0 or versie <= versie_ervoor:
            ervoor = f"na versie {versie_ervoor}" if versie_ervoor >= 0 else "als eerste"
            zin = f"Op positie {positie} staat {ervoor} van haar stroom versie {versie}: er is iets weg of verwisseld."
            self._meld(Soort.VOLGORDE, positie, positie, zin)


def _oude_vorm(herkomst: bytes, eigen: bytes) -> bytes:
    """Give the bytes that a hash covered before migration 0050: all columns in one row, in the order of then."""
    stroom, *van_elk, procedure = _velden(herkomst)
    *wat, oorzaak = _velden(eigen)
    velden = [stroom, *wat, *van_elk, oorzaak, procedure]
    return struct.pack("!i", len(velden)) + b"".join(velden)


def _velden(rij: bytes) -> list[bytes]:
    """Cut a row into its columns, each with its type and length."""
    velden, plaats = [], 4
    while plaats < len(rij):
        (lengte,) = _VELD(rij, plaats)
        velden.append(rij[plaats : plaats + 8 + max(lengte, 0)])
        plaats += len(velden[-1])
    return velden


def lees_op(verbinding: psycopg.Connection[Any], positie: int) -> int:
    """Give when an event was recorded; one that is not there was never recorded."""
    rij = verbinding.execute(_OP, (positie,)).fetchone()
    return int(rij[0]) if rij else _NOOIT


def lees_schakels(verbinding: psycopg.Connection[Any], na: int, tot: int) -> dict[bytes, Schakel]:
    """Give where the streams that go on between two positions stood at the first of them."""
    return {
        stroom.bytes: (versie, hash_)
        for stroom, versie, hash_ in verbinding.execute(_SCHAKELS, {"na": na, "tot": tot}, binary=True)
    }
