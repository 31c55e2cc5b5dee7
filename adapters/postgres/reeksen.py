"""Write arrays in PostgreSQL's binary form: psycopg's own dumper for lists takes ten times as long an element.

The form (array_send in PostgreSQL's source): number of dimensions, whether there may be NULLs, element type; per
dimension its length and lower bound; then each element as length (-1: NULL) and bytes. These numbers are 32 bits,
signed, big-endian.
"""

import struct
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_KOP = struct.Struct("!5i").pack
_LENGTE = struct.Struct("!i").pack
_LEEG = struct.Struct("!3i").pack
_GROOT = struct.Struct("!iq").pack
_NULL = _LENGTE(-1)
_ZESTIEN = _LENGTE(16)
_BEGIN = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECONDE = timedelta(microseconds=1)


class Reeks(bytes):
    """An array in binary form; its subclasses say of what."""

    __slots__ = ()
    element: int
    oid: int


class Teksten(Reeks):
    """A text[]."""

    __slots__ = ()
    element, oid = 25, 1009


class Inhouden(Reeks):
    """A bytea[]."""

    __slots__ = ()
    element, oid = 17, 1001


class Uuids(Reeks):
    """A uuid[]."""

    __slots__ = ()
    element, oid = 2950, 2951


class Gehelen(Reeks):
    """An integer[]."""

    __slots__ = ()
    element, oid = 23, 1007


class Groten(Reeks):
    """A bigint[]."""

    __slots__ = ()
    element, oid = 20, 1016


class Tijdstippen(Reeks):
    """A timestamptz[]."""

    __slots__ = ()
    element, oid = 1184, 1185


_R = TypeVar("_R", bound=Reeks)
_W = TypeVar("_W", str, datetime)


def _reeks(soort: type[_R], delen: Collection[bytes]) -> _R:
    return soort(_kop(soort, len(delen)) + b"".join(delen))


def _kop(soort: type[Reeks], aantal: int) -> bytes:
    return _KOP(1, 1, soort.element, aantal, 1) if aantal else _LEEG(0, 0, soort.element)


def _herhaald(soort: type[_R], waarden: Iterable[_W | None], schrijf: Callable[[_W], bytes]) -> _R:
    """Make an array of a column that repeats few values: each is written once, and one that they all share as often."""
    alle = tuple(waarden)
    ruw = {waarde: _NULL if waarde is None else schrijf(waarde) for waarde in set(alle)}
    if len(ruw) == 1:
        return soort(_kop(soort, len(alle)) + len(alle) * ruw[alle[0]])
    return _reeks(soort, list(map(ruw.__getitem__, alle)))


def _getallen(soort: type[_R], teken: str, breedte: int, waarden: Iterable[int | None]) -> _R:
    """Make an array of whole numbers, by one call for all when no NULL is among them."""
    alle = tuple(waarden)
    if None in alle:
        schrijf = struct.Struct(f"!i{teken}").pack
        return _reeks(soort, [_NULL if waarde is None else schrijf(breedte, waarde) for waarde in alle])
    delen: list[int | None] = [breedte] * (2 * len(alle))
    delen[1::2] = alle
    return soort(_kop(soort, len(alle)) + struct.pack("!" + f"i{teken}" * len(alle), *delen))


def teksten(waarden: Iterable[str | None]) -> Teksten:
    """Make a text[]."""
    return _herhaald(Teksten, waarden, _tekst)


def _tekst(waarde: str) -> bytes:
    ruw = waarde.encode()
    return _LENGTE(len(ruw)) + ruw


def inhouden(waarden: Iterable[bytes | None]) -> Inhouden:
    """Make a bytea[]."""
    return _reeks(Inhouden, [_NULL if waarde is None else _LENGTE(len(waarde)) + waarde for waarde in waarden])


def uuids(waarden: Iterable[UUID | None]) -> Uuids:
    """Make a uuid[]."""
    # By the number of the id: its own `bytes` is one more call in Python.
    return _reeks(Uuids, [_NULL if waarde is None else _ZESTIEN + waarde.int.to_bytes(16, "big") for waarde in waarden])


def gehelen(waarden: Iterable[int | None]) -> Gehelen:
    """Make an integer[]."""
    return _getallen(Gehelen, "i", 4, waarden)


def groten(waarden: Iterable[int | None]) -> Groten:
    """Make a bigint[]."""
    return _getallen(Groten, "q", 8, waarden)


def microseconden(moment: datetime) -> int:
    """Give an instant as PostgreSQL keeps it: microseconds since 2000-01-01 UTC."""
    return (moment - _BEGIN) // _MICROSECONDE


def moment(verstreken: int) -> datetime:
    """Give the instant that PostgreSQL keeps as this many microseconds since 2000-01-01 UTC."""
    return _BEGIN + timedelta(microseconds=verstreken)


def tijdstip(wanneer: datetime) -> bytes:
    """Write one timestamptz in binary form."""
    return struct.pack("!q", microseconden(wanneer))


def tijdstippen(waarden: Iterable[datetime | None]) -> Tijdstippen:
    """Make a timestamptz[]; the instants must carry a time zone."""
    return _herhaald(Tijdstippen, waarden, _tijdstip)


def _tijdstip(waarde: datetime) -> bytes:
    return _GROOT(8, microseconden(waarde))


class _Reeksdumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Reeks) -> bytes:
        return obj


for _soort in (Teksten, Inhouden, Uuids, Gehelen, Groten, Tijdstippen):
    # For every connection, those of the library's pool included: nobody else has these classes.
    psycopg.adapters.register_dumper(_soort, type(f"Dumper{_soort.__name__}", (_Reeksdumper,), {"oid": _soort.oid}))
