"""Where do they stand now? How many pupils have each status, as far as the reader sees them."""

from datetime import datetime
from typing import Any

from psycopg import Cursor

from overstap.domain.kalender import Regels
from overstap.domain.statussen import RANG, AanmeldingStatus, OverstapStatus

_PER_STATUS = (
    b"SELECT a.status, count(*)::int FROM beeld.actueel AS a"
    b" WHERE a.regio = %(regio)s AND a.overstapjaar = %(overstapjaar)s GROUP BY a.status"
)
_BIJ_MBO = b"""
SELECT beste.status, count(*)::int, count(*) FILTER (WHERE beste.sinds > %(vanaf)s::timestamptz)::int
  FROM beeld.actueel AS a
 CROSS JOIN LATERAL toegang.bij_mbo(a.overstap) AS m
 CROSS JOIN LATERAL (
     SELECT e.een ->> 'status' AS status, (e.een ->> 'sinds')::timestamptz AS sinds
       FROM jsonb_array_elements(m.eigen_aanmeldingen) AS e (een)
      ORDER BY (%(rangen)s::jsonb ->> (e.een ->> 'status'))::int DESC, (e.een ->> 'nummer')::int
      LIMIT 1
 ) AS beste
 WHERE a.regio = %(regio)s AND a.overstapjaar = %(overstapjaar)s
 GROUP BY beste.status
"""
_RANGEN = "{" + ", ".join(f'"{status}": {rang}' for status, rang in RANG.items()) + "}"


def standen(cursor: Cursor[Any], regels: Regels) -> dict[OverstapStatus, int]:
    """Count the pupils of a year by status, in the order of the chart."""
    rijen = cursor.execute(_PER_STATUS, _jaar(regels)).fetchall()
    geteld = {OverstapStatus(status): aantal for status, aantal in rijen}
    return {status: geteld[status] for status in OverstapStatus if status in geteld}


def standen_bij_mbo(
    cursor: Cursor[Any], regels: Regels, vanaf: datetime | None = None
) -> dict[AanmeldingStatus, tuple[int, int]]:
    """Count the pupils of an MBO by the furthest of their aanmeldingen there; the reader is its mbo_intaker.

    Of each status all, and those who have it since after `vanaf` (None: none).
    """
    rijen = cursor.execute(_BIJ_MBO, _jaar(regels) | {"rangen": _RANGEN, "vanaf": vanaf}).fetchall()
    geteld = {AanmeldingStatus(status): (aantal, nieuw) for status, aantal, nieuw in rijen}
    return {status: geteld[status] for status in AanmeldingStatus if status in geteld}


def _jaar(regels: Regels) -> dict[str, object]:
    return {"regio": regels.regio, "overstapjaar": regels.overstapjaar}
