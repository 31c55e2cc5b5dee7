"""An axis of time to draw: where on it each event stands and the days named under it, in parts of a hundred."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from overstap.adapters.web.taal import Taal
from overstap.domain.kalender import AMSTERDAM

BAAN: Final = 44
"""Pixels from one lane to the next."""
_RAND: Final = 1.5
"""Parts of a hundred that stay free at either end, so that no mark is cut off."""
_STREPEN: Final = 5
_KORTST: Final = timedelta(minutes=1)
_DAG: Final = timedelta(days=1)
_WEKEN: Final = timedelta(days=60)

Moment = tuple[datetime, int, str]
"""When, the position of the event, and what kind it is."""


class Stip(msgspec.Struct, frozen=True):
    """One event: where on the axis, its position, what it is called."""

    x: float
    positie: int
    naam: str


class Streep(msgspec.Struct, frozen=True):
    """A moment that is named under the axis; anker says at which end its words stand."""

    x: float
    tekst: str
    anker: str


class As(msgspec.Struct, frozen=True, kw_only=True):
    """An axis with a lane for each stream; peil is where the moment stands that was asked about."""

    banen: list[list[Stip]]
    strepen: list[Streep]
    peil: float | None

    @property
    def hoogte(self) -> int:
        """How many pixels it takes."""
        return BAAN * len(self.banen) + 30


def maak_as(taal: Taal, banen: Sequence[Sequence[Moment]], peil: datetime | None) -> As:
    """Lay lanes along one axis, from the first event of all to the last."""
    alle = [moment for baan in banen for moment, _, _ in baan]
    begin, einde = min(alle), max(alle)
    duur = max(einde - begin, _KORTST)

    def plek(moment: datetime) -> float:
        deel = (moment - begin) / duur
        return round(_RAND + (100 - 2 * _RAND) * min(1.0, max(0.0, deel)), 3)

    return As(
        banen=[[Stip(plek(moment), positie, naam) for moment, positie, naam in baan] for baan in banen],
        strepen=[_streep(taal, plek(moment), moment, duur) for moment in _momenten(begin, duur)],
        peil=plek(peil) if peil is not None else None,
    )


def _momenten(begin: datetime, duur: timedelta) -> list[datetime]:
    """Choose the moments to name: firsts of months where there are enough, else evenly spread."""
    if duur < _WEKEN:
        return [begin + duur * deel / (_STREPEN - 2) for deel in range(_STREPEN - 1)]
    ter_plaatse = begin.astimezone(AMSTERDAM)
    maanden, plek = [], ter_plaatse.year * 12 + ter_plaatse.month
    while (eerste := datetime(plek // 12, plek % 12 + 1, 1, tzinfo=AMSTERDAM)) <= begin + duur:
        maanden.append(eerste)
        plek += 1
    stap = -(-len(maanden) // _STREPEN)
    return maanden[::stap]


def _streep(taal: Taal, x: float, moment: datetime, duur: timedelta) -> Streep:
    anker = "start" if x < 8 else "end" if x > 92 else "middle"  # noqa: PLR2004  # so that no word is cut off
    if duur < _DAG:
        return Streep(x, f"{moment.astimezone(AMSTERDAM):%H:%M}", anker)
    return Streep(x, taal.kort(moment), anker)
