"""Keep the rectangles of statusperiodes in their table, and ask what held on a day as known on another."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.sql import SQL, Identifier

from overstap.domain.feiten import Feit
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.projections.projectie import (
    ONEINDIG,
    OVERSTAPFEITEN,
    Geschiedenis,
    Tabel,
    geldt_vanaf,
)
from overstap.projections.statusperiodes import (
    LEERLING,
    MET_REDEN,
    Rechthoek,
    Stand,
    Wijziging,
    rechthoeken_na,
    vraagt_stroom,
    wijzigingen_bij,
)

KOLOMMEN = (
    "overstap",
    "nummer",
    "geldig_van",
    "geldig_tot",
    "bekend_van",
    "bekend_tot",
    "status",
    "telt_als",
    "rang",
    "reden",
    "brin",
    "regio",
    "overstapjaar",
)
_LEES = SQL("""
SELECT s.overstap, s.nummer, s.geldig_van, nullif(s.geldig_tot, 'infinity'), s.bekend_van, s.status, s.telt_als, s.rang,
       s.reden, s.brin, s.regio, s.overstapjaar
  FROM unnest(%s::uuid[], %s::timestamptz[]) AS gezocht (overstap, vanaf)
  JOIN statusperiodes AS s ON s.overstap = gezocht.overstap AND s.geldig_tot > gezocht.vanaf
 WHERE s.bekend_tot = 'infinity'
""")
_WIS = SQL("""
DELETE FROM statusperiodes AS s
 USING unnest(%s::uuid[], %s::smallint[], %s::timestamptz[], %s::timestamptz[]) AS w (overstap, nummer, bekend, geldig)
 WHERE (s.overstap, s.nummer, s.bekend_van, s.geldig_van) = (w.overstap, w.nummer, w.bekend, w.geldig)
""")
_TABEL = Tabel(
    "statusperiodes",
    KOLOMMEN,
    SQL("(overstap, nummer, bekend_van, geldig_van) DO UPDATE SET bekend_tot = excluded.bekend_tot"),
    {kolom: SQL("coalesce({}, 'infinity')").format(Identifier(kolom)) for kolom in ("geldig_tot", "bekend_tot")},
)
_OP = SQL("""
SELECT nummer, status
  FROM beeld.statusperiodes
 WHERE overstap = %(overstap)s
   AND geldig_van <= %(op)s AND geldig_tot > %(op)s
   AND bekend_van <= %(bekend)s AND bekend_tot > %(bekend)s
 ORDER BY nummer
""")


class Lijn(msgspec.Struct):
    """The rectangles of the pupil or of one aanmelding that a batch touches."""

    regio: str
    overstapjaar: int
    brin: str | None = None
    open: list[Rechthoek] = []
    gesloten: list[Rechthoek] = []

    @property
    def laatste(self) -> Stand | None:
        """What the line says without end: the last thing recorded."""
        return next((rechthoek.stand for rechthoek in reversed(self.open) if rechthoek.geldig_tot == ONEINDIG), None)

    def wijzig(self, wijziging: Wijziging) -> None:
        """Apply a change."""
        self.open, dicht = rechthoeken_na(self.open, wijziging)
        self.gesloten += dicht


Lijnen = dict[tuple[UUID, int], Lijn]
"""The lines of the pupils that a batch touches, by overstap and number."""


class StatusperiodesProjectie:
    """Fold events into statusperiodes."""

    naam = "statusperiodes"
    versie = 1
    tabellen = ("statusperiodes",)

    def vouw(self, cursor: Cursor[Any], batch: Sequence[Gebeurtenis], geschiedenis: Geschiedenis) -> None:
        """Fold a batch: read the open rectangles it reaches, change them in memory, write what is new or closed."""
        eigen = [g for g in batch if type(g.feit) in OVERSTAPFEITEN]
        if not eigen:
            return
        feiten: dict[tuple[UUID, int], Feit] = {(g.originator_id, g.originator_version): g.feit for g in eigen}
        stromen = geschiedenis({g.originator_id for g in eigen if vraagt_stroom(g) or _mist_oorzaak(g, feiten)})
        lijnen = _lees_open(cursor, eigen)
        for g in eigen:
            vouw_in(lijnen, g, _oorzaak(g, feiten, stromen.get(g.originator_id, ())), stromen.get(g.originator_id, ()))
        _schrijf(cursor, lijnen)


def vouw_in(lijnen: Lijnen, gebeurtenis: Gebeurtenis, oorzaak: Feit | None, stroom: Sequence[Gebeurtenis]) -> None:
    """Apply one event to the lines in memory; stroom may be empty where `vraagt_stroom` does not ask for it."""
    feit, overstap = gebeurtenis.feit, gebeurtenis.originator_id
    if isinstance(feit, o.OverstapOpgevoerd):
        lijnen[overstap, LEERLING] = Lijn(gebeurtenis.regio, feit.overstapjaar)
    leerling = lijnen[overstap, LEERLING]
    if isinstance(feit, a.AanmeldingOntvangen):
        lijnen[overstap, feit.nummer] = Lijn(leerling.regio, leerling.overstapjaar, feit.brin)
    for wijziging in wijzigingen_bij(gebeurtenis, oorzaak, leerling.laatste, stroom[: gebeurtenis.originator_version]):
        lijnen[overstap, wijziging.nummer].wijzig(wijziging)


def standen(cursor: Cursor[Any], overstap: UUID, op: datetime, bekend: datetime) -> dict[int, str]:
    """Give the status of the pupil (0) and of each aanmelding at an instant, as known at another."""
    return dict(cursor.execute(_OP, {"overstap": overstap, "op": op, "bekend": bekend}).fetchall())


def _mist_oorzaak(gebeurtenis: Gebeurtenis, feiten: dict[tuple[UUID, int], Feit]) -> bool:
    """Tell whether a batch begins between a fact with a reason and the change of status that it caused."""
    feit = gebeurtenis.feit
    if not isinstance(feit, o.StatusGewijzigd) or feit.naar not in MET_REDEN:
        return False
    return (gebeurtenis.originator_id, feit.oorzaak) not in feiten


def _oorzaak(
    gebeurtenis: Gebeurtenis, feiten: dict[tuple[UUID, int], Feit], stroom: Sequence[Gebeurtenis]
) -> Feit | None:
    feit = gebeurtenis.feit
    if not isinstance(feit, o.StatusGewijzigd):
        return None
    gevonden = feiten.get((gebeurtenis.originator_id, feit.oorzaak))
    return gevonden or (stroom[feit.oorzaak - 1].feit if 0 < feit.oorzaak <= len(stroom) else None)


def _lees_open(cursor: Cursor[Any], batch: Iterable[Gebeurtenis]) -> Lijnen:
    vanaf: dict[UUID, datetime] = {}
    nieuw: set[UUID] = set()
    for g in batch:
        if g.originator_version == 1:
            nieuw.add(g.originator_id)
        elif g.originator_id not in nieuw:
            moment = geldt_vanaf(g)
            vanaf[g.originator_id] = min(moment, vanaf.get(g.originator_id, moment))
    lijnen: Lijnen = {}
    if not vanaf:
        return lijnen
    rijen = cursor.execute(_LEES, (list(vanaf), list(vanaf.values())), binary=True)
    for overstap, nummer, geldig_van, geldig_tot, bekend_van, status, telt_als, rang, reden, brin, regio, jaar in rijen:
        lijn = lijnen.get((overstap, nummer))
        if lijn is None:
            lijn = lijnen[overstap, nummer] = Lijn(regio, jaar, brin)
        stand = Stand(status, telt_als, rang, reden)
        lijn.open.append(Rechthoek(geldig_van, geldig_tot or ONEINDIG, bekend_van, ONEINDIG, stand, is_bewaard=True))
    return lijnen


def _schrijf(cursor: Cursor[Any], lijnen: Lijnen) -> None:
    """Remove first: a row that was known for no time may have the key of the one that replaces it."""
    weg = [
        (overstap, nummer, rechthoek.bekend_van, rechthoek.geldig_van)
        for (overstap, nummer), lijn in lijnen.items()
        for rechthoek in lijn.gesloten
        if rechthoek.is_bewaard and rechthoek.bekend_tot == rechthoek.bekend_van
    ]
    if weg:
        cursor.execute(_WIS, [list(kolom) for kolom in zip(*weg, strict=True)])
    _TABEL.schrijf(cursor, _te_schrijven(lijnen))


def _te_schrijven(lijnen: Lijnen) -> Iterator[tuple[object, ...]]:
    """Give the rows that are new or closed now, and no rectangle that was known for no time at all."""
    for (overstap, nummer), lijn in lijnen.items():
        gewijzigd = [rechthoek for rechthoek in lijn.open if not rechthoek.is_bewaard]
        gewijzigd += [rechthoek for rechthoek in lijn.gesloten if rechthoek.bekend_van < rechthoek.bekend_tot]
        for r in gewijzigd:
            yield (
                overstap,
                nummer,
                r.geldig_van,
                None if r.geldig_tot == ONEINDIG else r.geldig_tot,
                r.bekend_van,
                None if r.bekend_tot == ONEINDIG else r.bekend_tot,
                *r.stand,
                lijn.brin,
                lijn.regio,
                lijn.overstapjaar,
            )
