"""Where did a pupil go to school and live, and what did he learn, when, as known when? For figures of a day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.sql import SQL

from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Voorval
from overstap.domain.kalender import einde_van
from overstap.projections.projectie import (
    ONEINDIG,
    Batch,
    Geschiedenis,
    Rij,
    Rijschrijver,
    geldt_vanaf,
    vastgelegd_op,
)
from overstap.projections.wegschrijven import Tabel, Veld, boolean, overschrijf, smallint, text, timestamptz, uuid


class Kenmerken(NamedTuple):
    """What figures are divided by; overgedragen: the warme overdracht was there."""

    school: str
    vestiging: str
    leerweg: str
    gemeente: str
    overgedragen: bool


class Vlak(msgspec.Struct, gc=False):
    """These held over [geldig_van, geldig_tot), as known in [bekend_van, bekend_tot)."""

    geldig_van: datetime
    geldig_tot: datetime
    bekend_van: datetime
    bekend_tot: datetime
    kenmerken: Kenmerken


class Wijziging(NamedTuple):
    """Some of them are something else from `vanaf` on, as known from `bekend` on; the others stay as they were."""

    vanaf: datetime
    bekend: datetime
    nieuw: Mapping[str, str | bool]


class Leerling(msgspec.Struct, gc=False):
    """What a batch knows of one pupil: the open rectangles in order of time, and those to be written."""

    regio: str
    overstapjaar: int
    open: list[Vlak]
    anders: list[Vlak]


KOLOMMEN: dict[str, Veld] = {
    "overstap": uuid,
    "regio": text,
    "overstapjaar": smallint,
    "geldig_van": timestamptz,
    "geldig_tot": timestamptz,
    "bekend_van": timestamptz,
    "bekend_tot": timestamptz,
    "school": text,
    "vestiging": text,
    "leerweg": text,
    "gemeente": text,
    "overgedragen": boolean,
}
_TABEL = Tabel("kenmerkperiodes", KOLOMMEN, overschrijf(("overstap", "bekend_van", "geldig_van"), KOLOMMEN))
_ALTIJD = datetime(2000, 1, 1, tzinfo=UTC)
"""Before all that is told of a pupil: what he was entered with holds on the day of a late message too."""
_EIGEN: frozenset[type] = frozenset(
    {o.OverstapOpgevoerd, o.PersoonsgegevensGewijzigd, o.LeerlingOvergedragen, o.WarmeOverdrachtVastgelegd}
)
_LEES = SQL("""
SELECT overstap, regio, overstapjaar, geldig_van, nullif(geldig_tot, 'infinity'), bekend_van,
       school, vestiging, leerweg, gemeente, overgedragen
  FROM kenmerkperiodes
 WHERE overstap = ANY(%s) AND bekend_tot = 'infinity'
 ORDER BY geldig_van
""")


def vlakken_na(vlakken: Sequence[Vlak], wijziging: Wijziging) -> tuple[list[Vlak], list[Vlak]]:
    """Give the open rectangles after a change, in order, and those to be written: what was opened, and what was closed.

    Each open one that reaches beyond `vanaf`, and says something else, is closed at `bekend`; its part before `vanaf`
    and the part from there on are opened. One that was known for no time at all is replaced by what is opened in its
    place, under the same key.
    """
    blijft: list[Vlak] = []
    anders: list[Vlak] = []
    vanaf, bekend, nieuw = wijziging
    for vlak in vlakken:
        kenmerken = vlak.kenmerken._replace(**nieuw)  # type: ignore[arg-type]
        if vlak.geldig_tot <= vanaf or kenmerken == vlak.kenmerken:
            blijft.append(vlak)
            continue
        delen = [Vlak(max(vlak.geldig_van, vanaf), vlak.geldig_tot, bekend, ONEINDIG, kenmerken)]
        if vlak.geldig_van < vanaf:
            delen.insert(0, Vlak(vlak.geldig_van, vanaf, bekend, ONEINDIG, vlak.kenmerken))
        blijft += delen
        anders += delen
        vlak.bekend_tot = bekend
        if vlak.bekend_van < bekend:
            anders.append(vlak)
    return blijft, anders


def wijziging_bij(gebeurtenis: Voorval) -> Wijziging | None:
    """Give what an event about a pupil who is known changes, None when nothing of this."""
    vanaf, bekend = geldt_vanaf(gebeurtenis), vastgelegd_op(gebeurtenis)
    match gebeurtenis.feit:
        case o.PersoonsgegevensGewijzigd() as feit:
            velden = {"vestiging": feit.vestiging, "leerweg": feit.leerweg and feit.leerweg.value}
            velden |= {"gemeente": feit.gemeente}
            nieuw = {naam: waarde for naam, waarde in velden.items() if waarde}
            return Wijziging(vanaf, bekend, nieuw) if nieuw else None
        case o.LeerlingOvergedragen() as feit:
            return Wijziging(vanaf, bekend, {"school": feit.naar, "vestiging": feit.vestiging})
        case o.WarmeOverdrachtVastgelegd() as feit:
            begin = einde_van(date.fromisoformat(feit.datum) - timedelta(days=1))
            return Wijziging(min(begin, bekend), bekend, {"overgedragen": True})
        case _:
            return None


class KenmerkperiodesProjectie:
    """Fold events into kenmerkperiodes."""

    naam: ClassVar[str] = "kenmerkperiodes"
    versie: ClassVar[int] = 1
    tabellen: ClassVar[tuple[str, ...]] = ("kenmerkperiodes",)
    feiten: ClassVar[frozenset[type]] = _EIGEN
    schrijvers: ClassVar[tuple[Rijschrijver, ...]] = (_TABEL,)
    leest: ClassVar[type[Voorval]] = Voorval

    def vouw(self, cursor: Cursor[Any], batch: Batch, geschiedenis: Geschiedenis) -> None:  # noqa: ARG002 - a row holds all it needs
        """Fold a batch: read the open rectangles it reaches, change them in memory, write what is not as it was."""
        if batch.soorten.isdisjoint(_EIGEN):
            return
        eigen = [g for g in batch.gebeurtenissen if type(g.feit) in _EIGEN]
        nieuw = {g.originator_id for g in eigen if isinstance(g.feit, o.OverstapOpgevoerd)}
        leerlingen = _lees_open(cursor, list({g.originator_id for g in eigen} - nieuw))
        for g in eigen:
            vouw_in(leerlingen, g)
        _TABEL.schrijf(cursor, list(_rijen(leerlingen)))

    def bouw(self, stroom: Sequence[Voorval]) -> Iterable[tuple[int, Rij]]:
        """Fold all events of one stream into its rectangles."""
        leerlingen: dict[UUID, Leerling] = {}
        for g in stroom:
            if type(g.feit) in _EIGEN:
                vouw_in(leerlingen, g)
        return ((0, rij) for rij in _rijen(leerlingen))


def vouw_in(leerlingen: dict[UUID, Leerling], gebeurtenis: Voorval) -> None:
    """Apply one event to what is known of pupils.

    Raises:
        ValueError: when a stream does not begin with overstap-opgevoerd.

    """
    feit, stroom = gebeurtenis.feit, gebeurtenis.originator_id
    leerling = leerlingen.get(stroom)
    if isinstance(feit, o.OverstapOpgevoerd):
        kenmerken = Kenmerken(feit.school, feit.vestiging, feit.leerweg.value, feit.gemeente, overgedragen=False)
        eerste = Vlak(_ALTIJD, ONEINDIG, vastgelegd_op(gebeurtenis), ONEINDIG, kenmerken)
        leerlingen[stroom] = Leerling(gebeurtenis.regio, feit.overstapjaar, [eerste], [eerste])
    elif leerling is None:
        message = f"stream {stroom} begins with {type(feit).__name__}"
        raise ValueError(message)
    elif wijziging := wijziging_bij(gebeurtenis):
        leerling.open, anders = vlakken_na(leerling.open, wijziging)
        leerling.anders += anders


def _lees_open(cursor: Cursor[Any], overstappen: list[UUID]) -> dict[UUID, Leerling]:
    leerlingen: dict[UUID, Leerling] = {}
    if not overstappen:
        return leerlingen
    rijen = cursor.execute(_LEES, (overstappen,), binary=True).fetchall()
    for overstap, regio, jaar, geldig_van, geldig_tot, bekend_van, *kenmerken in rijen:
        leerling = leerlingen.setdefault(overstap, Leerling(regio, jaar, [], []))
        vlak = Vlak(geldig_van, geldig_tot or ONEINDIG, bekend_van, ONEINDIG, Kenmerken(*kenmerken))
        leerling.open.append(vlak)
    return leerlingen


def _rijen(leerlingen: Mapping[UUID, Leerling]) -> Iterator[Rij]:
    """Give the rows to write; of what a batch changed more than once the last holds."""
    for stroom, leerling in leerlingen.items():
        for vlak in {(vlak.bekend_van, vlak.geldig_van): vlak for vlak in leerling.anders}.values():
            tijden = vlak.geldig_van, vlak.geldig_tot, vlak.bekend_van, vlak.bekend_tot
            yield stroom, leerling.regio, leerling.overstapjaar, *tijden, *vlak.kenmerken
