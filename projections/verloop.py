"""How did the year go: how many were in each status at the end of every day, as known at a moment?

What it gives for a day is what `standen_op` counts on that day; a test holds the two together. One reading of the log's
rectangles serves all days: each stay adds one on the first day that it covers and takes one off after the last.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import accumulate
from typing import Any

from psycopg import Cursor

from overstap.domain.kalender import Regels, einde_van
from overstap.projections.cijfers import Indeling, wie_telt
from overstap.projections.projectie import ONEINDIG, sql_bestand

Verloop = dict[str, list[int]]
"""Of each status that occurred how many were in it, on every day that was asked."""

_ALLEN, _DEEL, _MBO = (sql_bestand(f"verloop{welk}.sql").encode() for welk in ("", "_deel", "_mbo"))
_KENMERKEN = (Indeling.SCHOOL, Indeling.LEERWEG, Indeling.GEMEENTE)


def verloop_op(cursor: Cursor[Any], regels: Regels, dagen: Sequence[date], bekend: datetime | None = None) -> Verloop:
    """Count the pupils by status on each of some days (in order), as known at an instant (None: now)."""
    return _tel(cursor, _ALLEN, _moment(regels, dagen, bekend), len(dagen))


def verloop_van_deel(
    cursor: Cursor[Any],
    regels: Regels,
    dagen: Sequence[date],
    deel: tuple[Indeling, str],
    bekend: datetime | None = None,
) -> Verloop:
    """Do the same for one school, leerweg or gemeente, or for the aanmeldingen (by their own status) at one MBO."""
    indeling, groep = deel
    moment = _moment(regels, dagen, bekend)
    if indeling is Indeling.MBO:
        return _tel(cursor, _MBO, moment | {"mbo": groep}, len(dagen))
    kenmerken = {een.value: groep if een is indeling else None for een in _KENMERKEN}
    return _tel(cursor, _DEEL, moment | kenmerken, len(dagen))


def _moment(regels: Regels, dagen: Sequence[date], bekend: datetime | None) -> dict[str, object]:
    return {
        "regio": regels.regio,
        "overstapjaar": regels.overstapjaar,
        "bekend": bekend or ONEINDIG,
        "dagen": [einde_van(dag) for dag in dagen],
    }


def _tel(cursor: Cursor[Any], vraag: bytes, parameters: Mapping[str, object], aantal: int) -> Verloop:
    erbij: Verloop = {}
    for status, dag, bij in cursor.execute(vraag, {**parameters, **wie_telt(cursor)}, prepare=False).fetchall():
        if dag < aantal:  # what comes or goes after the last day that was asked
            erbij.setdefault(status, [0] * aantal)[dag] = bij
    return {status: list(accumulate(wissels)) for status, wissels in erbij.items()}
