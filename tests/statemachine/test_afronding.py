"""Figures for who may know no persons: rounded, and what is small is hidden with a second one beside it."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overstap.statemachine.afronding import TOTAAL, Afgerond, rond_af, rond_deel_af

TABELLEN = st.integers(1, 4).flatmap(
    lambda breedte: st.lists(
        st.lists(st.integers(0, 40), min_size=breedte, max_size=breedte).map(
            lambda cellen: {f"k{nr}": aantal for nr, aantal in enumerate(cellen)}
        ),
        min_size=1,
        max_size=5,
    ).map(lambda rijen: {f"r{nr}": rij for nr, rij in enumerate(rijen)})
)


def lijnen(afgerond: Afgerond) -> list[list[int | None]]:
    rijen = [list(rij.values()) for rij in afgerond.values()]
    return [lijn for lijn in [*rijen, *map(list, zip(*rijen, strict=True))] if len(lijn) > 1]


def test_a_table_without_small_figures_is_rounded_to_five() -> None:
    assert rond_af({"a": {"x": 12, "y": 13}, "b": {"x": 7, "y": 8}}) == {
        "a": {"x": 10, "y": 15, TOTAAL: 25},
        "b": {"x": 5, "y": 10, TOTAAL: 15},
        TOTAAL: {"x": 20, "y": 20, TOTAAL: 40},
    }


def test_a_small_figure_takes_a_second_one_of_its_row_and_of_its_column_along() -> None:
    afgerond = rond_af(
        {"a": {"x": 3, "y": 12, "z": 30}, "b": {"x": 20, "y": 14, "z": 40}, "c": {"x": 50, "y": 60, "z": 70}}
    )
    assert afgerond["a"] == {"x": None, "y": None, "z": 30, TOTAAL: 45}
    assert afgerond["b"] == {"x": None, "y": None, "z": 40, TOTAAL: 75}
    assert afgerond["c"] == {"x": 50, "y": 60, "z": 70, TOTAAL: 180}


def test_of_a_line_with_one_figure_the_sum_is_hidden_with_it() -> None:
    assert rond_af({"a": {"x": 3}, "b": {"x": 33}, "c": {"x": 44}})["a"] == {"x": None, TOTAAL: None}


def test_a_table_of_nothing_gives_nothing_away() -> None:
    assert set(rond_af({"": {"x": 0, "y": 0}})[""].values()) == {None}
    assert rond_af({}) == {TOTAAL: {TOTAAL: None}}


@pytest.mark.parametrize(
    ("aantal", "van", "gerond"),
    [(12, 26, (10, 25)), (3, 30, (None, 30)), (28, 30, (None, 30)), (0, 30, (None, 30)), (2, 3, (None, None))],
)
def test_so_many_of_so_many_hides_who_do_and_who_do_not(
    aantal: int, van: int, gerond: tuple[int | None, int | None]
) -> None:
    assert rond_deel_af(aantal, van) == gerond


@given(TABELLEN)
def test_no_figure_is_shown_that_is_not_rounded_or_that_stands_for_fewer_than_five(
    tabel: dict[str, dict[str, int]],
) -> None:
    for rij, cellen in rond_af(tabel).items():
        for kolom, getoond in cellen.items():
            echt = sum(
                aantal
                for r, c in tabel.items()
                if rij in {r, TOTAAL}
                for k, aantal in c.items()
                if kolom in {k, TOTAAL}
            )
            if getoond is not None:
                assert echt >= 5
                assert getoond % 5 == 0
                assert abs(getoond - echt) <= 2


@given(TABELLEN)
def test_no_hidden_figure_stands_alone_in_a_line(tabel: dict[str, dict[str, int]]) -> None:
    assert all(lijn.count(None) != 1 for lijn in lijnen(rond_af(tabel)))


@given(TABELLEN, st.data())
def test_two_days_differ_by_five_or_nothing(tabel: dict[str, dict[str, int]], data: st.DataObject) -> None:
    rij = data.draw(st.sampled_from(sorted(tabel)))
    kolom = data.draw(st.sampled_from(sorted(tabel[rij])))
    erbij = {**tabel, rij: {**tabel[rij], kolom: tabel[rij][kolom] + 1}}
    voor, na = rond_af(tabel), rond_af(erbij)
    verschillen = {
        na[r][k] - voor[r][k]  # type: ignore[operator]
        for r in voor
        for k in voor[r]
        if voor[r][k] is not None and na[r][k] is not None
    }
    assert verschillen <= {0, 5}


@pytest.mark.parametrize("cellen", [(3, 9), (4, 20), (0, 6), (2, 3)])
def test_more_than_one_row_of_figures_could_lie_behind_what_is_shown(cellen: tuple[int, int]) -> None:
    getoond = rond_af({"": dict(zip("xy", cellen, strict=True))})
    mogelijk = {x for x, y in product(range(30), repeat=2) if rond_af({"": {"x": x, "y": y}}) == getoond}
    assert len(mogelijk) >= 5
