"""What waits for a pupil whom no school has entered? One row per ketenId of an MBO."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, assert_never, get_args
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.sql import SQL, Identifier

from overstap.domain.feiten import wachtbak as w
from overstap.domain.gebeurtenis import Voorval
from overstap.projections.projectie import Batch, Geschiedenis, Rij, Rijschrijver, vastgelegd_op
from overstap.projections.wegschrijven import (
    Tabel,
    Veld,
    boolean,
    integer,
    overschrijf,
    smallint,
    text,
    timestamptz,
    uuid,
)


class Wachtend(msgspec.Struct):
    """The row of one item, field for column; what each column says stands in wachtbak.sql."""

    item: UUID
    regio: str
    overstapjaar: int
    brin: str
    keten_id: str
    berichten: int
    sinds: datetime
    laatste_op: datetime
    wacht: bool = True
    overstap: UUID | None = None


KOLOMMEN: dict[str, Veld] = {
    "item": uuid,
    "regio": text,
    "overstapjaar": smallint,
    "brin": text,
    "keten_id": text,
    "berichten": integer,
    "sinds": timestamptz,
    "laatste_op": timestamptz,
    "wacht": boolean,
    "overstap": uuid,
}
_TABEL = Tabel("wachtbak", KOLOMMEN, overschrijf(("item",), KOLOMMEN))
_EIGEN: frozenset[type] = frozenset(get_args(w.FeitVanWachtbak))
_KOLOMMEN = SQL(", ").join(map(Identifier, KOLOMMEN))
_LEES = SQL("SELECT {} FROM wachtbak WHERE item = ANY(%s)").format(_KOLOMMEN)
_EEN = SQL("SELECT {} FROM beeld.wachtbak WHERE item = %s").format(_KOLOMMEN)
_WACHTENDEN = SQL("""
SELECT {} FROM beeld.wachtbak
 WHERE regio = %(regio)s AND wacht
   AND (%(sinds)s::timestamptz IS NULL OR (sinds, item) > (%(sinds)s::timestamptz, %(item)s::uuid))
 ORDER BY sinds, item LIMIT %(aantal)s
""").format(_KOLOMMEN)


class Plaats(msgspec.Struct, frozen=True):
    """Where a page of what waits ended."""

    sinds: datetime
    item: UUID


def rij_na(rij: Wachtend | None, gebeurtenis: Voorval, feit: w.FeitVanWachtbak) -> Wachtend | None:
    """Give the row after an event: the same object, changed."""
    moment = vastgelegd_op(gebeurtenis)
    match feit:
        case w.WachtbakBerichtOntvangen():
            if rij is None:
                item, jaar = gebeurtenis.originator_id, feit.overstapjaar
                rij = Wachtend(item, gebeurtenis.regio, jaar, feit.brin, feit.keten_id, 0, moment, moment)
            rij.berichten += 1
            rij.laatste_op = moment
        case w.WachtbakItemGekoppeld():
            if rij is not None:
                rij.wacht, rij.overstap = False, feit.overstap
        case w.WachtbakItemVervallen():
            if rij is not None:
                rij.wacht = False
        case _:
            assert_never(feit)
    return rij


class WachtbakProjectie:
    """Fold events into wachtbak."""

    naam: ClassVar[str] = "wachtbak"
    versie: ClassVar[int] = 3
    tabellen: ClassVar[tuple[str, ...]] = ("wachtbak",)
    feiten: ClassVar[frozenset[type]] = _EIGEN
    schrijvers: ClassVar[tuple[Rijschrijver, ...]] = (_TABEL,)
    leest: ClassVar[type[Voorval]] = Voorval

    def vouw(self, cursor: Cursor[Any], batch: Batch, geschiedenis: Geschiedenis) -> None:  # noqa: ARG002 - a row holds all it needs
        """Fold a batch: read the touched rows once, change them in memory, write them once."""
        if batch.soorten.isdisjoint(_EIGEN):
            return
        eigen = [(g, g.feit) for g in batch.gebeurtenissen if isinstance(g.feit, w.FeitVanWachtbak)]
        items = list({g.originator_id for g, _ in eigen})
        gelezen = [Wachtend(*rij) for rij in cursor.execute(_LEES, (items,), binary=True).fetchall()]
        rijen: dict[UUID, Wachtend | None] = {rij.item: rij for rij in gelezen}
        for g, feit in eigen:
            rijen[g.originator_id] = rij_na(rijen.get(g.originator_id), g, feit)
        _TABEL.schrijf(cursor, [msgspec.structs.astuple(rij) for rij in rijen.values() if rij])

    def bouw(self, stroom: Sequence[Voorval]) -> Iterable[tuple[int, Rij]]:
        """Fold all events of one stream into its row."""
        rij = None
        for g in stroom if isinstance(stroom[0].feit, w.FeitVanWachtbak) else ():
            if isinstance(g.feit, w.FeitVanWachtbak):
                rij = rij_na(rij, g, g.feit)
        if rij is not None:
            yield 0, msgspec.structs.astuple(rij)


def wachtenden(cursor: Cursor[Any], regio: str, aantal: int, na: Plaats | None = None) -> list[Wachtend]:
    """Give what waits within the reader's scope, the longest waiting first, after a place."""
    parameters = {"regio": regio, "aantal": aantal, "sinds": na and na.sinds, "item": na and na.item}
    return [Wachtend(*rij) for rij in cursor.execute(_WACHTENDEN, parameters).fetchall()]


def item_van(cursor: Cursor[Any], item: UUID) -> Wachtend | None:
    """Give one item within the reader's scope, None when it does not exist there."""
    rij = cursor.execute(_EEN, (item,)).fetchone()
    return Wachtend(*rij) if rij else None
