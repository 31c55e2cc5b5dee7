"""The charts compiled to plain tables, so that a decision costs a look-up: (status, step) gives the rows, in order."""

from collections.abc import Callable, Mapping
from itertools import product
from typing import cast

import msgspec
from statemachine import StateMachine

from overstap.domain.statussen import RANG, VOLGT_AANMELDINGEN, AanmeldingStatus, OverstapStatus
from overstap.domain.weigering import Reden
from overstap.statemachine.aanmelding_chart import AanmeldingChart
from overstap.statemachine.beletselen import Beletselen
from overstap.statemachine.overstap_chart import OverstapChart

Beletsel = Callable[[Beletselen], Reden | None]
Keuze = Callable[[Beletselen], bool]


class Rij(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a chart: where it leads, which choices must hold, which obstacles must be absent."""

    doel: str
    keuzes: tuple[Keuze, ...] = ()
    beletselen: tuple[Beletsel, ...] = ()


Tabel = Mapping[tuple[str, str], tuple[Rij, ...]]


def compileer(chart: type[StateMachine]) -> Tabel:
    """Compile a chart class; rows stand in the order in which the library would try them.

    Raises:
        AttributeError: when the chart names an obstacle or a choice that Beletselen does not know.

    """
    tabel: dict[tuple[str, str], tuple[Rij, ...]] = {}
    for toestand in chart.states:
        for overgang in toestand.transitions:
            rij = Rij(
                doel=str(overgang.target.value),
                keuzes=tuple(getattr(Beletselen, c.func) for c in overgang.cond if c.expected_value),
                beletselen=tuple(getattr(Beletselen, c.func) for c in overgang.cond if not c.expected_value),
            )
            for stap in str(overgang.event).split():
                sleutel = (str(toestand.value), stap)
                tabel[sleutel] = (*tabel.get(sleutel, ()), rij)
    return tabel


def volgende(tabel: Tabel, van: str, stap: str, beletselen: Beletselen) -> str | tuple[Reden, ...] | None:
    """Give the status a step leads to, or all the obstacles in its way, or None when the chart has no such row.

    A row none of whose choices hold is no row for this request.
    """
    redenen: tuple[Reden, ...] = ()
    for rij in tabel.get((van, stap), ()):
        if rij.keuzes and not all([keuze(beletselen) for keuze in rij.keuzes]):  # noqa: C419 - a list is twice as fast
            continue
        tegen = tuple([reden for beletsel in rij.beletselen if (reden := beletsel(beletselen)) is not None])
        if not tegen:
            return rij.doel
        redenen += tegen
    return redenen or None


def statussen_met(tabel: Tabel) -> Mapping[str, tuple[str, ...]]:
    """Give for each step the statuses that have it."""
    stappen = dict.fromkeys(stap for _, stap in tabel)
    return {stap: tuple(dict.fromkeys(bron for bron, naam in tabel if naam == stap)) for stap in stappen}


def stappen_vanuit(tabel: Tabel, van: str) -> tuple[str, ...]:
    """Name the steps the chart has from a status."""
    return tuple(dict.fromkeys(stap for bron, stap in tabel if bron == van))


AANMELDING = compileer(AanmeldingChart)
OVERSTAP = compileer(OverstapChart)


class _Rang(msgspec.Struct, frozen=True):
    """All that the rows of volg_aanmelding ask; a row that asked more would not compile."""

    rang: int


def _gevolgd() -> dict[tuple[OverstapStatus, int], OverstapStatus]:
    gevolgd = {}
    for van, rang in product(VOLGT_AANMELDINGEN, {0, *RANG.values()}):
        # What the choices are asked of has a rank, and that is all they may look at.
        naar = volgende(OVERSTAP, van, "volg_aanmelding", cast("Beletselen", _Rang(rang)))
        if isinstance(naar, str):
            gevolgd[van, rang] = OverstapStatus(naar)
    return gevolgd


STATUS_BIJ_RANG = _gevolgd()
"""Where volg_aanmelding leads from each status that follows, by the best active rank."""

AANMELDING_STATUS: dict[str, AanmeldingStatus] = {str(status): status for status in AanmeldingStatus}
OVERSTAP_STATUS: dict[str, OverstapStatus] = {str(status): status for status in OverstapStatus}
