"""Figures that name nobody: rounded to five, and cells under five hidden with a second one beside each."""

from collections.abc import Mapping, Sequence

STAP = 5
"""To what figures are rounded, and under what a cell is hidden."""
TOTAAL = "totaal"
"""The name of the row and the column of sums."""

Tabel = Mapping[str, Mapping[str, int]]
Afgerond = dict[str, dict[str, int | None]]
"""The same table with its row and column of sums; None is hidden."""


def rond_af(tabel: Tabel) -> Afgerond:
    """Give a table of counts, every row with the same columns, as somebody may have it who may know no persons.

    Every figure, each sum included, is rounded to the nearest five: so figures of two days differ by five or nothing. A
    figure under five is hidden, nought too (or its first pupil would show). Where that leaves one hidden figure in a
    line, whose sum would tell it, the smallest other one of that line is hidden with it; a line is a row or a column
    with its sum. Statistical disclosure control calls these primary and secondary suppression.
    """
    geheel = _met_totalen(tabel)
    rijen, kolommen = list(geheel), list(next(iter(geheel.values())))
    verborgen = {(rij, kolom) for rij in rijen for kolom in kolommen if geheel[rij][kolom] < STAP}
    lijnen = [
        *([(rij, kolom) for kolom in kolommen] for rij in rijen),
        *([(rij, kolom) for rij in rijen] for kolom in kolommen),
    ]
    while tweede := _tweede(geheel, lijnen, verborgen):
        verborgen.add(tweede)
    return {
        rij: {kolom: None if (rij, kolom) in verborgen else _gerond(geheel[rij][kolom]) for kolom in kolommen}
        for rij in rijen
    }


def rond_deel_af(aantal: int, van: int) -> tuple[int | None, int | None]:
    """Give 'so many of so many' rounded: those who do and those who do not are both cells under the same sum."""
    lijn = rond_af({"": {"wel": aantal, "niet": van - aantal}})[""]
    return lijn["wel"], lijn[TOTAAL]


def _met_totalen(tabel: Tabel) -> dict[str, dict[str, int]]:
    rijen = {rij: {**cellen, TOTAAL: sum(cellen.values())} for rij, cellen in tabel.items()}
    if len(rijen) == 1:
        return rijen  # its sums would be itself
    kolommen = next(iter(rijen.values()), {TOTAAL: 0})
    return {**rijen, TOTAAL: {kolom: sum(cellen[kolom] for cellen in rijen.values()) for kolom in kolommen}}


def _tweede(
    geheel: Mapping[str, Mapping[str, int]],
    lijnen: Sequence[Sequence[tuple[str, str]]],
    verborgen: set[tuple[str, str]],
) -> tuple[str, str] | None:
    """Give the cell to hide beside one that stands alone in its line: the smallest, a sum only when nothing else."""
    for lijn in lijnen:
        open_ = [cel for cel in lijn if cel not in verborgen]
        if len(lijn) > 1 and len(open_) == len(lijn) - 1:
            return min(open_, key=lambda cel: (TOTAAL in cel, geheel[cel[0]][cel[1]], cel))
    return None


def _gerond(aantal: int) -> int:
    return STAP * ((2 * aantal + STAP) // (2 * STAP))
