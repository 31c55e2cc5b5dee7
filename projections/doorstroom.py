"""Where do pupils go from each school, how long does each status last, and where do aanmeldingen end?

On a day as known on another, as the figures: school, status and MBO of a pupil are those of the day. Of who is
uitgeschreven on the day nothing is counted but the time that he spent in each status.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

import msgspec
from psycopg import Cursor
from psycopg.rows import dict_row

from overstap.domain.kalender import Regels
from overstap.domain.statussen import VOLGT_AANMELDINGEN, AanmeldingStatus, OverstapStatus
from overstap.projections.cijfers import moment_van, wie_telt
from overstap.projections.projectie import sql_bestand

T = TypeVar("T", bound=msgspec.Struct)


class Bestemming(StrEnum):
    """The kinds of destinations: an MBO with a place, another choice, Leerplicht, still applying, nothing."""

    MBO = "mbo"
    VERVOLGKEUZE_VO = "vervolgkeuze_vo"
    LEERPLICHT = "leerplicht"
    ONDERWEG = "onderweg"
    GEEN = "geen"


class Stroom(msgspec.Struct, frozen=True, kw_only=True):
    """So many pupils of a school with one destination, of whom so many started.

    bestemming is the MBO (of onderweg: where the best aanmelding is), the reason of the vervolgkeuze, or ''.
    """

    school: str
    soort: Bestemming
    bestemming: str
    leerlingen: int
    gestart: int


class Duur(msgspec.Struct, frozen=True, kw_only=True):
    """How long a status lasts, in days, of the stays that ended by the day; lopend counts those that had not."""

    status: OverstapStatus
    beeindigd: int
    lopend: int
    mediaan: float | None
    p90: float | None


class Uitval(msgspec.Struct, frozen=True, kw_only=True):
    """So many aanmeldingen at an MBO ended, from a status; of their pupils so many have no place on the day."""

    mbo: str
    van: AanmeldingStatus
    naar: AanmeldingStatus
    aantal: int
    nog_zonder_plaats: int


_STROMEN, _DUUR, _UITVAL = (sql_bestand(f"doorstroom_{deel}.sql").encode() for deel in ("stromen", "duur", "uitval"))


def stromen_op(cursor: Cursor[Any], regels: Regels, dag: date, bekend: datetime | None = None) -> list[Stroom]:
    """Give where the pupils of each school go on a day, as known at an instant (None: now), by school."""
    return _vraag(cursor, _STROMEN, moment_van(regels, dag, bekend), Stroom)


def duur_tot(cursor: Cursor[Any], regels: Regels, dag: date, bekend: datetime | None = None) -> list[Duur]:
    """Give how long each status lasts that anybody was in by a day, as known at an instant (None: now)."""
    gevonden = {duur.status: duur for duur in _vraag(cursor, _DUUR, moment_van(regels, dag, bekend), Duur)}
    return [gevonden[status] for status in OverstapStatus if status in gevonden]


def uitval_tot(cursor: Cursor[Any], regels: Regels, dag: date, bekend: datetime | None = None) -> list[Uitval]:
    """Give where aanmeldingen ended by a day, as known at an instant (None: now), by MBO, the most first."""
    volgt = {"volgt": [status.value for status in VOLGT_AANMELDINGEN]}
    return _vraag(cursor, _UITVAL, moment_van(regels, dag, bekend) | volgt, Uitval)


def _vraag(cursor: Cursor[Any], vraag: bytes, parameters: dict[str, object], soort: type[T]) -> list[T]:
    with cursor.connection.cursor(row_factory=dict_row) as rijen:
        return [
            msgspec.convert(rij, soort)
            for rij in rijen.execute(vraag, parameters | wie_telt(cursor), prepare=False).fetchall()
        ]
