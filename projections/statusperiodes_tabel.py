"""Keep the rectangles of statusperiodes in their table, and ask what held on a day as known on another."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.sql import SQL

from overstap.domain.feiten import Feit
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Voorval
from overstap.projections.projectie import (
    ONEINDIG,
    OVERSTAPFEITEN,
    Batch,
    Geheugen,
    Geschiedenis,
    Rij,
    Rijschrijver,
    geldt_vanaf,
)
from overstap.projections.statusperiodes import (
    LEERLING,
    MET_REDEN,
    Rechthoek,
    Stand,
    rechthoeken_na,
    vraagt_stroom,
    wijzigingen_bij,
)
from overstap.projections.wegschrijven import Tabel, Veld, overschrijf, smallint, text, timestamptz, uuid

_KOLOMMEN: dict[str, Veld] = {
    "overstap": uuid,
    "nummer": smallint,
    "status": text,
    "telt_als": text,
    "rang": smallint,
    "reden": text,
    "brin": text,
    "regio": text,
    "overstapjaar": smallint,
    "geldig_van": timestamptz,
    "geldig_tot": timestamptz,
    "bekend_van": timestamptz,
    "bekend_tot": timestamptz,
}
_TABEL = Tabel("statusperiodes", _KOLOMMEN, overschrijf(("overstap", "nummer", "bekend_van", "geldig_van"), _KOLOMMEN))
_LEES = SQL("""
SELECT s.overstap, s.nummer, s.geldig_van, nullif(s.geldig_tot, 'infinity'), s.bekend_van, s.status, s.telt_als, s.rang,
       s.reden, s.brin, s.regio, s.overstapjaar
  FROM unnest(%s::uuid[], %s::timestamptz[]) AS gezocht (overstap, vanaf)
  JOIN statusperiodes AS s ON s.overstap = gezocht.overstap AND s.geldig_tot > gezocht.vanaf
 WHERE s.bekend_tot = 'infinity'
 ORDER BY s.geldig_van
""")
_WIS = SQL("""
DELETE FROM statusperiodes AS s
 USING unnest(%s::uuid[], %s::smallint[], %s::timestamptz[], %s::timestamptz[]) AS w (overstap, nummer, bekend, geldig)
 WHERE (s.overstap, s.nummer, s.bekend_van, s.geldig_van) = (w.overstap, w.nummer, w.bekend, w.geldig)
""")
_OP = SQL("""
SELECT nummer, status
  FROM beeld.statusperiodes
 WHERE overstap = %(overstap)s
   AND geldig_van <= %(op)s AND geldig_tot > %(op)s
   AND bekend_van <= %(bekend)s AND bekend_tot > %(bekend)s
 ORDER BY nummer
""")


_VRAAGT: frozenset[type] = frozenset({o.StatusGewijzigd, o.GebeurtenisHerzien})
_ALTIJD = datetime.min.replace(tzinfo=UTC)


class Lijn(msgspec.Struct, gc=False):
    """The rectangles of the pupil, or of one aanmelding at an MBO, that a batch touches.

    The open ones follow one another in time; those whose rows are still to be written stand at the end.
    """

    brin: str | None = None
    open: list[Rechthoek] = []
    gesloten: list[Rechthoek] = []

    @property
    def laatste(self) -> Stand | None:
        """What the line says without end: the last thing recorded."""
        return self.open[-1].stand if self.open else None


class Lijnen(msgspec.Struct, gc=False):
    """The lines of one pupil, by number; of the open rectangles at least those that reach beyond `vanaf`."""

    regio: str
    overstapjaar: int
    vanaf: datetime
    van: dict[int, Lijn] = {}


class StatusperiodesProjectie:
    """Fold events into statusperiodes."""

    naam: ClassVar[str] = "statusperiodes"
    versie: ClassVar[int] = 2
    tabellen: ClassVar[tuple[str, ...]] = ("statusperiodes",)
    feiten: ClassVar[frozenset[type]] = OVERSTAPFEITEN
    schrijvers: ClassVar[tuple[Rijschrijver, ...]] = (_TABEL,)
    leest: ClassVar[type[Voorval]] = Voorval

    def __init__(self) -> None:
        self._geheugen: Geheugen[Lijnen] = Geheugen()

    def vouw(self, cursor: Cursor[Any], batch: Batch, geschiedenis: Geschiedenis) -> None:
        """Fold a batch: read the open rectangles it reaches, change them in memory, write what is new or closed."""
        bekend = self._geheugen.op(batch.begin)
        if batch.overstappen:
            stromen = geschiedenis(
                stroom
                for stroom, eigen in batch.overstappen.items()
                if any(type(g.feit) in _VRAAGT and (vraagt_stroom(g) or _mist_oorzaak(g, eigen)) for g in eigen)
            )
            _lees_open(cursor, batch.overstappen, bekend)
            geraakt: list[tuple[UUID, Lijnen]] = []
            for overstap, eigen in batch.overstappen.items():
                lijnen, stroom = bekend.get(overstap), stromen.get(overstap, ())
                for g in eigen:
                    lijnen = vouw_in(lijnen, g, _oorzaak(g, eigen, stroom), stroom)
                if lijnen is not None:
                    geraakt.append((overstap, lijnen))
            bekend.update(geraakt)
            _schrijf(cursor, geraakt)
        self._geheugen.bewaar(batch.einde)

    def bouw(self, stroom: Sequence[Voorval]) -> Iterable[tuple[int, Rij]]:
        """Fold all events of one stream into its rectangles."""
        if type(stroom[0].feit) not in OVERSTAPFEITEN:
            return
        overstap = stroom[0].originator_id
        lijnen = vouw_in(None, stroom[0], None, stroom)
        for g in stroom[1:]:
            vouw_in(lijnen, g, _oorzaak(g, stroom, stroom), stroom)
        for nummer, lijn in lijnen.van.items():
            for r in (*lijn.gesloten, *lijn.open):
                if r.bekend_van < r.bekend_tot:
                    yield 0, _rij(overstap, nummer, r, lijn, lijnen)


def vouw_in(lijnen: Lijnen | None, gebeurtenis: Voorval, oorzaak: Feit | None, stroom: Sequence[Voorval]) -> Lijnen:
    """Apply one event to a pupil's lines, and give them; stroom may be empty where `vraagt_stroom` does not ask for it.

    Raises:
        ValueError: when a stream does not begin with overstap-opgevoerd.

    """
    feit = gebeurtenis.feit
    if lijnen is None:
        if not isinstance(feit, o.OverstapOpgevoerd):
            message = f"stream {gebeurtenis.originator_id} begins with {type(feit).__name__}"
            raise ValueError(message)
        lijnen = Lijnen(gebeurtenis.regio, feit.overstapjaar, _ALTIJD, {LEERLING: Lijn()})
    elif isinstance(feit, a.AanmeldingOntvangen):
        lijnen.van[feit.nummer] = Lijn(feit.brin)
    vorige = lijnen.van[LEERLING].laatste if isinstance(feit, o.StatusGewijzigd) else None
    for wijziging in wijzigingen_bij(gebeurtenis, oorzaak, vorige, stroom[: gebeurtenis.originator_version]):
        lijn = lijnen.van[wijziging.nummer]
        lijn.gesloten += rechthoeken_na(lijn.open, wijziging)
    return lijnen


def standen(cursor: Cursor[Any], overstap: UUID, op: datetime, bekend: datetime) -> dict[int, str]:
    """Give the status of the pupil (0) and of each aanmelding at an instant, as known at another."""
    return dict(cursor.execute(_OP, {"overstap": overstap, "op": op, "bekend": bekend}).fetchall())


def _mist_oorzaak(gebeurtenis: Voorval, eigen: Sequence[Voorval]) -> bool:
    """Tell whether a batch begins between a fact with a reason and the change of status that it caused."""
    feit = gebeurtenis.feit
    if not isinstance(feit, o.StatusGewijzigd) or feit.naar not in MET_REDEN:
        return False
    return feit.oorzaak < eigen[0].originator_version


def _oorzaak(gebeurtenis: Voorval, eigen: Sequence[Voorval], stroom: Sequence[Voorval]) -> Feit | None:
    feit = gebeurtenis.feit
    if not isinstance(feit, o.StatusGewijzigd):
        return None
    eerste = eigen[0].originator_version
    if feit.oorzaak >= eerste:
        return eigen[feit.oorzaak - eerste].feit
    return stroom[feit.oorzaak - 1].feit if stroom else None


def _lees_open(cursor: Cursor[Any], stromen: Mapping[UUID, Sequence[Voorval]], bekend: dict[UUID, Lijnen]) -> None:
    """Read what a batch reaches and is not known yet."""
    vanaf: dict[UUID, datetime] = {}
    for stroom, eigen in stromen.items():
        if eigen[0].originator_version > 1:
            moment = min(geldt_vanaf(g) for g in eigen)
            lijnen = bekend.get(stroom)
            if lijnen is None or moment < lijnen.vanaf:
                vanaf[stroom] = moment
                bekend.pop(stroom, None)
    if not vanaf:
        return
    rijen = cursor.execute(_LEES, (list(vanaf), list(vanaf.values())), binary=True).fetchall()
    for overstap, nummer, geldig_van, geldig_tot, bekend_van, status, telt_als, rang, reden, brin, regio, jaar in rijen:
        lijnen = bekend.get(overstap)
        if lijnen is None:
            lijnen = bekend[overstap] = Lijnen(regio, jaar, vanaf[overstap])
        lijn = lijnen.van.get(nummer)
        if lijn is None:
            lijn = lijnen.van[nummer] = Lijn(brin)
        stand = Stand(status, telt_als, rang, reden)
        lijn.open.append(Rechthoek(geldig_van, geldig_tot or ONEINDIG, bekend_van, ONEINDIG, stand, is_bewaard=True))


def _schrijf(cursor: Cursor[Any], alle: Iterable[tuple[UUID, Lijnen]]) -> None:
    """Write what is new or closed, and remove what turned out to be known for no time and nothing replaces."""
    weg: list[tuple[UUID, int, datetime, datetime]] = []
    rijen: list[tuple[object, ...]] = []
    for overstap, lijnen in alle:
        for nummer, lijn in lijnen.van.items():
            if not lijn.gesloten and (not lijn.open or lijn.open[-1].is_bewaard):
                continue
            anders = lijn.gesloten
            for r in reversed(lijn.open):
                if r.is_bewaard:
                    break
                anders.append(r)
            vervallen = []
            for r in anders:
                if r.bekend_van < r.bekend_tot:
                    rijen.append(_rij(overstap, nummer, r, lijn, lijnen))
                elif r.is_bewaard:
                    vervallen.append(r)
                r.is_bewaard = True
            if vervallen:
                vervangen = {(r.bekend_van, r.geldig_van) for r in anders if r.bekend_van < r.bekend_tot}
                sleutels = [(r.bekend_van, r.geldig_van) for r in vervallen]
                weg += [(overstap, nummer, *sleutel) for sleutel in sleutels if sleutel not in vervangen]
            lijn.gesloten = []
    if weg:
        cursor.execute(_WIS, [list(kolom) for kolom in zip(*weg, strict=True)])
    _TABEL.schrijf(cursor, rijen)


def _rij(overstap: UUID, nummer: int, r: Rechthoek, lijn: Lijn, lijnen: Lijnen) -> tuple[object, ...]:
    tijden = r.geldig_van, r.geldig_tot, r.bekend_van, r.bekend_tot
    return overstap, nummer, *r.stand, lijn.brin, lijnen.regio, lijnen.overstapjaar, *tijden
