"""What happened lately that somebody should hear of? The newest signals, the latest first."""

from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor

from overstap.domain.kalender import Regels
from overstap.domain.statussen import OverstapStatus
from overstap.projections.werklijsten import TAKKEN, Werklijst

SEINEND = (
    Werklijst.NIVEAU_GEDAALD,
    Werklijst.ALLE_AANMELDINGEN_BEEINDIGD,
    Werklijst.NIET_VERSCHENEN,
    Werklijst.TEGENSTRIJDIG,
)
"""The worklists on which an event puts a pupil; on the others time alone does."""
_LEES = (
    "SELECT a.overstap, a.{kolom}, a.school, a.klas, a.status FROM beeld.actueel AS a"
    " WHERE a.regio = %(regio)s AND a.overstapjaar = %(overstapjaar)s AND {waar} AND a.{kolom} <= %(tot)s"
    " ORDER BY a.{kolom} DESC, a.overstap LIMIT %(aantal)s"
)


class Seintje(msgspec.Struct, frozen=True, kw_only=True):
    """One signal: the pupil, the worklists that he came on at once, when, and where he stands."""

    overstap: UUID
    lijsten: tuple[Werklijst, ...]
    op: datetime
    school: str
    klas: str
    status: OverstapStatus


def laatste_seintjes(cursor: Cursor[Any], regels: Regels, op: datetime, aantal: int) -> list[Seintje]:
    """Give the newest signals of a year at an instant, as far as the reader sees the pupils."""
    gevonden: dict[tuple[UUID, datetime], Seintje] = {}
    for lijst in SEINEND:
        [tak] = TAKKEN[lijst]
        parameters = {"regio": regels.regio, "overstapjaar": regels.overstapjaar, "aantal": aantal}
        parameters |= {"tot": tak.tot(regels, op)}
        vraag = _LEES.format(kolom=tak.kolom, waar=tak.waar).encode()
        for overstap, moment, school, klas, status in cursor.execute(vraag, parameters).fetchall():
            eerder = gevonden.get((overstap, moment))
            gevonden[overstap, moment] = Seintje(
                overstap=overstap,
                lijsten=(*(eerder.lijsten if eerder else ()), lijst),
                op=moment,
                school=school,
                klas=klas,
                status=OverstapStatus(status),
            )
    return sorted(gevonden.values(), key=attrgetter("op"), reverse=True)[:aantal]
