"""Write the rows of a batch: few by themselves, many by binary COPY into a temporary table and one INSERT from there.

COPY itself refuses a table with row level security. Its binary form (PostgreSQL manual, COPY) is written here by hand:
folding is mostly writing rows, and these repeat few texts, numbers and moments: each is written once.
"""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import repeat
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg import Cursor
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.sql import SQL, Composable, Identifier

from overstap.projections.projectie import ONEINDIG, ONEINDIGE_DAG

Veld = Callable[[Any], bytes]
"""Write one value as a field of a row: its length (32 bits) and its bytes."""

_NIETS = struct.pack("!i", -1)
KOP, STAART = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0), struct.pack("!h", -1)
"""How the binary form begins and ends."""
_lengte = struct.Struct("!i").pack
_klein = struct.Struct("!ih").pack
_gewoon = struct.Struct("!ii").pack
_groot = struct.Struct("!iq").pack
_ZESTIEN = _lengte(16)
_BEGIN = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECONDE = timedelta(microseconds=1)
_BEGINDAG = date(2000, 1, 1)
_ONEINDIG = _groot(8, 2**63 - 1)
_ONEINDIGE_DAG = _gewoon(4, 2**31 - 1)
_TEKSTSOORT = 25  # the number of PostgreSQL's type text
_STUK = 256
_JA, _NEE = _lengte(1) + b"\1", _lengte(1) + b"\0"
_als_json = msgspec.json.Encoder()
_WEINIG = 20
"""So many rows go in one by one: a temporary table costs files, and COPY from it three commands more."""
_json = struct.Struct("!ib").pack
_JSONB = 1  # the version of jsonb's binary form


def smallint(waarde: int | None) -> bytes:
    """Write a smallint."""
    return _NIETS if waarde is None else _klein(2, waarde)


def integer(waarde: int | None) -> bytes:
    """Write an integer."""
    return _NIETS if waarde is None else _gewoon(4, waarde)


def bigint(waarde: int) -> bytes:
    """Write a bigint."""
    return _groot(8, waarde)


def boolean(waarde: bool) -> bytes:  # noqa: FBT001 - the value of a column
    """Write a boolean."""
    return _JA if waarde else _NEE


def uuid(waarde: UUID | None) -> bytes:
    """Write a uuid."""
    return _NIETS if waarde is None else _ZESTIEN + waarde.int.to_bytes(16, "big")


def text(waarde: str | None) -> bytes:
    """Write a text."""
    if waarde is None:
        return _NIETS
    inhoud = waarde.encode()
    return _lengte(len(inhoud)) + inhoud


def timestamptz(waarde: datetime | None) -> bytes:
    """Write an instant; ONEINDIG is infinity."""
    if waarde is None:
        return _NIETS
    if waarde == ONEINDIG:
        return _ONEINDIG
    return _groot(8, (waarde - _BEGIN) // _MICROSECONDE)


def teksten(waarde: Sequence[str]) -> bytes:
    """Write a text[]."""
    if not waarde:
        return _lengte(12) + struct.pack("!iii", 0, 0, _TEKSTSOORT)
    inhoud = struct.pack("!iiiii", 1, 0, _TEKSTSOORT, len(waarde), 1) + b"".join(map(text, waarde))
    return _lengte(len(inhoud)) + inhoud


def dag(waarde: date | None) -> bytes:
    """Write a date; ONEINDIGE_DAG is infinity."""
    if waarde is None:
        return _NIETS
    return _ONEINDIGE_DAG if waarde == ONEINDIGE_DAG else _gewoon(4, (waarde - _BEGINDAG).days)


def jsonb(waarde: object) -> bytes:
    """Write anything msgspec knows as jsonb."""
    inhoud = _als_json.encode(waarde)
    return _json(len(inhoud) + 1, _JSONB) + inhoud


class _Waarde(bytes):
    """A value as PostgreSQL sends it, whatever its type."""

    __slots__ = ()


class _Waardedumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: _Waarde) -> bytes:
        return obj


psycopg.adapters.register_dumper(_Waarde, _Waardedumper)  # for every connection: nobody else has this class


class Tabel:
    """How rows are written to one table.

    kolommen map each column to the way its values are written, in the order of the rows; bij_bestaan is the action for
    a row whose key exists: '(key) DO UPDATE SET ...'. is_gedeeld: several streams may give the same row.
    """

    def __init__(
        self, naam: str, kolommen: Mapping[str, Veld], bij_bestaan: Composable, *, is_gedeeld: bool = False
    ) -> None:
        delen = {
            "tabel": Identifier(naam),
            "invoer": Identifier(f"invoer_{naam}"),
            "namen": SQL(", ").join(map(Identifier, kolommen)),
            "waarden": SQL(", ").join(SQL("%b") for _ in kolommen),
            "bij_bestaan": bij_bestaan,
        }
        self.is_gedeeld = is_gedeeld
        self.kopieer = SQL("COPY {tabel} ({namen}) FROM STDIN (FORMAT BINARY)").format(**delen)
        # It is emptied as it stands at the end of each transaction: TRUNCATE would give it three new files each time.
        leeg = (
            "CREATE TEMPORARY TABLE IF NOT EXISTS {invoer} ON COMMIT DELETE ROWS AS SELECT {namen} FROM {tabel} "
            "LIMIT 0; DELETE FROM {invoer}"
        )
        voeg_in = "INSERT INTO {tabel} ({namen}) SELECT {namen} FROM {invoer} ON CONFLICT {bij_bestaan}"
        een_rij = "INSERT INTO {tabel} ({namen}) VALUES ({waarden}) ON CONFLICT {bij_bestaan}"
        opdrachten = (leeg, "COPY {invoer} FROM STDIN (FORMAT BINARY)", voeg_in, een_rij)
        # Written out once: psycopg would put the names together at each execution.
        self._maak_leeg, self._kopieer, self._voeg_in, self._een_rij = (
            SQL(een).format(**delen).as_bytes() for een in opdrachten
        )
        self._velden = tuple(kolommen.values())
        self._rijkop = struct.pack("!h", len(kolommen))

    def schrijf(self, cursor: Cursor[Any], rijen: Sequence[Sequence[object]]) -> None:
        """Write rows; no key may occur twice among them."""
        if not rijen:
            return
        if len(rijen) <= _WEINIG:
            cursor.executemany(self._een_rij, map(self._waarden, rijen))
            return
        cursor.execute(self._maak_leeg, prepare=False)  # two commands at once cannot be prepared
        with cursor.copy(self._kopieer) as kopie:
            kopie.write(KOP + self.in_bytes(rijen) + STAART)
        cursor.execute(self._voeg_in)

    def _waarden(self, rij: Sequence[object]) -> list[_Waarde | None]:
        """Write the values of one row, each without its length."""
        velden = (veld(waarde) for veld, waarde in zip(self._velden, rij, strict=True))
        return [None if geschreven == _NIETS else _Waarde(geschreven[4:]) for geschreven in velden]

    def in_bytes(self, rijen: Sequence[Sequence[object]]) -> bytes:
        """Write rows as COPY reads them: some hundreds at a time, column by column, which keeps loops out of Python."""
        kop = self._rijkop
        stukken: list[bytes] = []
        onthouden = {veld: _Onthouden(veld) for veld in self._velden}
        kolom_van = [_IN_EEN_KEER.get(veld) or onthouden[veld].kolom for veld in self._velden]
        for begin in range(0, len(rijen), _STUK):
            kolommen = zip(*rijen[begin : begin + _STUK], strict=True)
            geschreven = [schrijf(kolom) for schrijf, kolom in zip(kolom_van, kolommen, strict=True)]
            stukken += map(b"".join, zip(repeat(kop), *geschreven, strict=False))
        return b"".join(stukken)


class _Onthouden(dict[Any, bytes]):
    """The values of one batch that were written before."""

    def __init__(self, veld: Veld) -> None:
        super().__init__()
        self._veld = veld

    def kolom(self, waarden: Iterable[Any]) -> Iterable[bytes]:
        """Write the values of a column."""
        return map(self.__getitem__, waarden)

    def __missing__(self, waarde: object) -> bytes:
        geschreven = self[waarde] = self._veld(waarde)
        return geschreven


def _uuids(kolom: Sequence[UUID | None]) -> list[bytes]:
    return [_NIETS if waarde is None else _ZESTIEN + waarde.int.to_bytes(16, "big") for waarde in kolom]


def _jsonbs(kolom: Sequence[object]) -> list[bytes]:
    """Write them by one call, one a line: JSON holds no end of a line within a text."""
    regels = _als_json.encode_lines(kolom).split(b"\n")
    return [_json(len(regel) + 1, _JSONB) + regel for regel in regels[:-1]]


_IN_EEN_KEER: Mapping[Veld, Callable[[Sequence[Any]], list[bytes]]] = {uuid: _uuids, jsonb: _jsonbs}
"""What seldom repeats, or cannot be looked up."""


def overschrijf(sleutel: Sequence[str], kolommen: Iterable[str]) -> Composable:
    """Give the action that replaces every other column of a row whose key exists."""
    nieuw = SQL(", ").join(
        SQL("{0} = excluded.{0}").format(Identifier(kolom)) for kolom in kolommen if kolom not in sleutel
    )
    return SQL("({}) DO UPDATE SET {}").format(SQL(", ").join(map(Identifier, sleutel)), nieuw)
