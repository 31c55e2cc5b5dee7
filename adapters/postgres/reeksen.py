"""Write arrays in PostgreSQL's binary form: psycopg's own dumper for lists takes ten times as long an element.

The form (array_send in PostgreSQL's source): number of dimensions, whether there may be NULLs, element type; per
dimension its length and lower bound; then each element as length (-1: NULL) and bytes. These numbers are 32 bits,
signed, big-endian.
"""

import struct
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_KOP = struct.Struct("!5i").pack
_LENGTE = struct.Struct("!i").pack
_GEHEEL = struct.Struct("!ii").pack
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


def _reeks(soort: type[_R], delen: list[bytes]) -> _R:
    if not delen:
        return soort(struct.pack("!3i", 0, 0, soort.element))
    return soort(_KOP(1, 1, soort.element, len(delen), 1) + b"".join(delen))


def teksten(waarden: Iterable[str | None]) -> Teksten:
    """Make a text[]; a column repeats few values, so each is written once."""
    gezien: dict[str | None, bytes] = {None: _NULL}
    delen = []
    for waarde in waarden:
        deel = gezien.get(waarde)
        if deel is None:
            ruw = waarde.encode() if waarde is not None else b""
            deel = gezien[waarde] = _LENGTE(len(ruw)) + ruw
        delen.append(deel)
    return _reeks(Teksten, delen)


def inhouden(waarden: Iterable[bytes | None]) -> Inhouden:
    """Make a bytea[]."""
    return _reeks(Inhouden, [_NULL if waarde is None else _LENGTE(len(waarde)) + waarde for waarde in waarden])


def uuids(waarden: Iterable[UUID | None]) -> Uuids:
    """Make a uuid[]."""
    return _reeks(Uuids, [_NULL if waarde is None else _ZESTIEN + waarde.bytes for waarde in waarden])


def gehelen(waarden: Iterable[int | None]) -> Gehelen:
    """Make an integer[]."""
    return _reeks(Gehelen, [_NULL if waarde is None else _GEHEEL(4, waarde) for waarde in waarden])


def groten(waarden: Iterable[int | None]) -> Groten:
    """Make a bigint[]."""
    return _reeks(Groten, [_NULL if waarde is None else _GROOT(8, waarde) for waarde in waarden])


def microseconden(moment: datetime) -> int:
    """Give an instant as PostgreSQL keeps it: microseconds since 2000-01-01 UTC."""
    return (moment - _BEGIN) // _MICROSECONDE


TIJDSTIP = 1184
"""PostgreSQL's number for timestamptz."""


def moment(verstreken: int) -> datetime:
    """Give the instant that PostgreSQL keeps as this many microseconds since 2000-01-01 UTC."""
    return _BEGIN + timedelta(microseconds=verstreken)


def tijdstip(wanneer: datetime) -> bytes:
    """Write one timestamptz in binary form."""
    return struct.pack("!q", microseconden(wanneer))


def tijdstippen(waarden: Iterable[datetime | None]) -> Tijdstippen:
    """Make a timestamptz[]; the instants must carry a time zone."""
    return _reeks(Tijdstippen, [_NULL if waarde is None else _GROOT(8, microseconden(waarde)) for waarde in waarden])


class _Reeksdumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Reeks) -> bytes:
        return obj


for _soort in (Teksten, Inhouden, Uuids, Gehelen, Groten, Tijdstippen):
    # For every connection, those of the library's pool included: nobody else has these classes.
    psycopg.adapters.register_dumper(_soort, type(f"Dumper{_soort.__name__}", (_Reeksdumper,), {"oid": _soort.oid}))
