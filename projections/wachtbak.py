"""What waits for a pupil whom no school has entered? One row per ketenId of an MBO."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.sql import SQL, Identifier

from overstap.domain.feiten import wachtbak as w
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.projections.projectie import Geschiedenis, Tabel, overschrijf, vastgelegd_op


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


KOLOMMEN = Wachtend.__struct_fields__
_TABEL = Tabel("wachtbak", KOLOMMEN, overschrijf(("item",), KOLOMMEN))
_LEES = SQL("SELECT {} FROM wachtbak WHERE item = ANY(%s)").format(SQL(", ").join(map(Identifier, KOLOMMEN)))


def rij_na(rij: Wachtend | None, gebeurtenis: Gebeurtenis, feit: w.FeitVanWachtbak) -> Wachtend | None:
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

    naam = "wachtbak"
    versie = 1
    tabellen = ("wachtbak",)

    def vouw(self, cursor: Cursor[Any], batch: Sequence[Gebeurtenis], geschiedenis: Geschiedenis) -> None:  # noqa: ARG002 - a row holds all it needs
        """Fold a batch: read the touched rows once, change them in memory, write them once."""
        eigen = [(g, g.feit) for g in batch if isinstance(g.feit, w.FeitVanWachtbak)]
        if not eigen:
            return
        items = list({g.originator_id for g, _ in eigen})
        gelezen = [Wachtend(*rij) for rij in cursor.execute(_LEES, (items,), binary=True)]
        rijen: dict[UUID, Wachtend | None] = {rij.item: rij for rij in gelezen}
        for g, feit in eigen:
            rijen[g.originator_id] = rij_na(rijen.get(g.originator_id), g, feit)
        _TABEL.schrijf(cursor, (msgspec.structs.astuple(rij) for rij in rijen.values() if rij))
