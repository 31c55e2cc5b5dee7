"""How many are aangemeld, placed, started, on a day as known on another, against the norm and last year?

The population are the overstappen of a year that are not uitgeschreven on the day; vmbo is bb, kb, gl and tl. A day
counts to its end in Amsterdam. Status, school, leerweg and gemeente of a pupil are those of the day, as known then.

- aangemeld: had at least one aanmelding by then (by hand included), or vervolgkeuze mbo_buiten_regio;
- voorlopig geplaatst: of those aangemeld on the aanmelddatum, best rank at least voorlopig_geplaatst, or any
  vervolgkeuze VO;
- geplaatst en gestart: of those aangemeld on the aanmelddatum, gestart, or a vervolgkeuze VO with an education reason;
- warme overdracht: of those placed, recorded.

Of an MBO the pupils are those aangemeld there, and only what they reached there counts.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import replace
from psycopg import Cursor
from psycopg.rows import class_row

from overstap.domain.kalender import Kalender, Normen, Regels, einde_van, kalender_van
from overstap.domain.redenen import ONDERWIJSREDENEN, VMBO
from overstap.domain.statussen import OverstapStatus
from overstap.projections.projectie import ONEINDIG, sql_bestand


class Indeling(StrEnum):
    """By what the region is divided; regio is the whole."""

    REGIO = "regio"
    LEERWEG = "leerweg"
    GEMEENTE = "gemeente"
    SCHOOL = "school"
    MBO = "mbo"


class Aandeel(msgspec.Struct, frozen=True, rename="camel"):
    """So many of so many; norm and vorig_jaar are percentages, None where there is no norm, and where no last year.

    toen is what vorig_jaar is the percentage of: last year's so many of so many.
    """

    aantal: int
    van: int
    norm: int | None = None
    vorig_jaar: float | None = None
    toen: tuple[int, int] | None = None

    @property
    def percentage(self) -> float | None:
        """The share with one decimal, None of nobody."""
        return round(100 * self.aantal / self.van, 1) if self.van else None

    @property
    def haalt_norm(self) -> bool | None:
        """Whether the share is at least the norm; None of nobody, and without a norm."""
        return None if self.norm is None or not self.van else 100 * self.aantal >= self.norm * self.van


class Cijfers(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The figures of one group: the whole region, or one leerweg, gemeente, school or MBO by its code."""

    indeling: Indeling
    groep: str
    leerlingen: int
    aangemeld: Aandeel
    aangemeld_vmbo: Aandeel
    voorlopig_geplaatst: Aandeel
    geplaatst_en_gestart: Aandeel
    warme_overdracht: Aandeel


class _Rij(msgspec.Struct):
    indeling: str
    groep: str
    leerlingen: int
    aangemeld: int
    vmbo: int
    vmbo_aangemeld: int
    op_tijd: int
    voorlopig_geplaatst: int
    gestart: int
    geplaatst: int
    overgedragen: int


_CIJFERS = sql_bestand("cijfers.sql").encode()
_STANDEN = b"""
SELECT status, count(*) FROM beeld.statusperiodes
 WHERE regio = %(regio)s AND overstapjaar = %(overstapjaar)s AND nummer = 0
   AND geldig_van <= %(op)s AND geldig_tot > %(op)s AND bekend_van <= %(bekend)s AND bekend_tot > %(bekend)s
 GROUP BY status
"""
_WIE = b"""
SELECT CASE WHEN current_setting('overstap.organisatie', true) <> current_setting('overstap.regio', true)
            THEN ARRAY(SELECT toegang.in_bereik()) END
"""
_EVEN = timedelta(microseconds=1)
_VOLGORDE = list(Indeling)


def cijfers_op(
    cursor: Cursor[Any], regels: Regels, dag: date, bekend: datetime | None = None, vorig: Regels | None = None
) -> list[Cijfers]:
    """Give the figures of every group on a day, as known at an instant (None: now); the whole region comes first.

    vorig are the rules of the year before; None stands for the statutory calendar.
    """
    wie = wie_telt(cursor)
    if vorig is None:
        jaar = regels.overstapjaar - 1
        vorig = replace(regels, overstapjaar=jaar, kalender=kalender_van(jaar))
    toen = {
        (rij.indeling, rij.groep): _cijfers(rij, vorig.normen, None)
        for rij in _tel(cursor, vorig, _vorige_dag(dag, regels.kalender, vorig.kalender), bekend, wie)
        if rij.leerlingen
    }
    groepen = [
        _cijfers(rij, regels.normen, toen.get((rij.indeling, rij.groep)))
        for rij in _tel(cursor, regels, dag, bekend, wie)
    ]
    return sorted(groepen, key=lambda groep: (_VOLGORDE.index(groep.indeling), groep.groep))


def standen_op(
    cursor: Cursor[Any], regels: Regels, dag: date, bekend: datetime | None = None
) -> dict[OverstapStatus, int]:
    """Count the pupils in each status on a day, as known at an instant (None: now)."""
    parameters = moment_van(regels, dag, bekend)
    geteld = dict(cursor.execute(_STANDEN, parameters).fetchall())
    return {status: geteld.get(status.value, 0) for status in OverstapStatus}


def moment_van(regels: Regels, dag: date, bekend: datetime | None) -> dict[str, object]:
    """Give the parameters of a question about a day (its last instant) as known at another moment (None: now)."""
    return {
        "regio": regels.regio,
        "overstapjaar": regels.overstapjaar,
        "op": einde_van(dag) - _EVEN,
        "bekend": bekend or ONEINDIG,
    }


def wie_telt(cursor: Cursor[Any]) -> dict[str, object]:
    """Give the parameter of which pupils a question is, None the whole region; row security sees to it anyhow.

    Of an organisation it names them: else every row of the region is read to find those of one school. Ask with
    prepare=False: a plan that is made for both reads them all.
    """
    [(wie,)] = cursor.execute(_WIE).fetchall()
    return {"wie": wie}


def _tel(cursor: Cursor[Any], regels: Regels, dag: date, bekend: datetime | None, wie: dict[str, object]) -> list[_Rij]:
    parameters = moment_van(regels, dag, bekend) | {
        "op_aanmelding": einde_van(min(dag, regels.kalender.aanmelddatum)) - _EVEN,
        "vmbo": [leerweg.value for leerweg in VMBO],
        "onderwijs": [reden.value for reden in ONDERWIJSREDENEN],
        **wie,
    }
    with cursor.connection.cursor(row_factory=class_row(_Rij)) as rijen:
        return rijen.execute(_CIJFERS, parameters, prepare=False).fetchall()


def _cijfers(rij: _Rij, normen: Normen, vorig: Cijfers | None) -> Cijfers:
    delen: dict[str, tuple[int, int, int | None]] = {
        "aangemeld": (rij.aangemeld, rij.leerlingen, normen.aangemeld_alle),
        "aangemeld_vmbo": (rij.vmbo_aangemeld, rij.vmbo, normen.aangemeld_vmbo),
        "voorlopig_geplaatst": (rij.voorlopig_geplaatst, rij.op_tijd, normen.voorlopig_geplaatst),
        "geplaatst_en_gestart": (rij.gestart, rij.op_tijd, normen.geplaatst_en_gestart),
        "warme_overdracht": (rij.overgedragen, rij.geplaatst, None),
    }
    aandelen = {}
    for naam, deel in delen.items():
        toen: Aandeel | None = getattr(vorig, naam) if vorig else None
        aandelen[naam] = Aandeel(
            *deel, vorig_jaar=toen.percentage if toen else None, toen=(toen.aantal, toen.van) if toen else None
        )
    return Cijfers(indeling=Indeling(rij.indeling), groep=rij.groep, leerlingen=rij.leerlingen, **aandelen)


def _vorige_dag(dag: date, kalender: Kalender, toen: Kalender) -> date:
    """Give the day of last year that compares: the same one of its calendar, which may have moved, or a year ago."""
    for naam in ("aanmelddatum", "voorlopig_op", "meting_op"):
        if getattr(kalender, naam) == dag:
            gelijke: date = getattr(toen, naam)
            return gelijke
    if (dag.month, dag.day) == (2, 29):
        return date(dag.year - 1, 2, 28)
    return dag.replace(year=dag.year - 1)
