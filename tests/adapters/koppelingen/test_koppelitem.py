"""An item read in one go says the same as one read field by field, and what is not in doubt is forgiven."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overstap.adapters.koppelingen.fouten import Onbruikbaar
from overstap.adapters.koppelingen.koppelitem import Koppelitem, lees_koppelitem, lees_tolerant
from tests.adapters.koppelingen.bestanden import bericht

GOED = bericht("900180730", "99XX:90001119", 12)
VREEMD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=6),
    st.lists(st.integers(), max_size=1),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
    st.sampled_from(
        ["2026-02-30", "2026-08-24", "2026-2027", "BOL", "bbl", "25647", "99XX01", "2026-01-12T09:30:00+02:00"]
    ),
)


def uitkomst(lees: Any, item: dict[str, Any]) -> Koppelitem | str:  # noqa: ANN401  # either of the two readers
    try:
        gelezen: Koppelitem = lees(item)
    except Onbruikbaar as fout:
        return fout.weigering.code
    return gelezen


@given(st.sampled_from(sorted(GOED)), VREEMD)
def test_both_ways_of_reading_agree_whatever_stands_in_a_field(veld: str, waarde: object) -> None:
    item = GOED | {veld: waarde}

    assert uitkomst(lees_koppelitem, item) == uitkomst(lees_tolerant, item)


@given(st.sampled_from(sorted(GOED)))
def test_both_ways_of_reading_agree_whatever_field_is_missing(veld: str) -> None:
    item = {naam: waarde for naam, waarde in GOED.items() if naam != veld}

    assert uitkomst(lees_koppelitem, item) == uitkomst(lees_tolerant, item)


@pytest.mark.parametrize(
    "anders",
    [
        {"pgn": 900180730},
        {"pgn": " 900180730 "},
        {"wijzigingsvolgnummer": "12"},
        {"opleidingCreboCode": 25647},
        {"leertraject": "bol"},
        {"leertraject": "", "leeratraject": "BOL"},
        {"laatsteWijziging": "2026-01-10T10:30:00.123456+01:00"},
        {"nieuwVeld": {"van": "de sector"}},
    ],
)
def test_what_is_not_in_doubt_is_read_as_it_is_meant(anders: dict[str, object]) -> None:
    assert uitkomst(lees_koppelitem, GOED | anders) == lees_koppelitem(GOED)


def test_an_item_does_not_show_itself() -> None:
    assert repr(lees_koppelitem(GOED)) == "Koppelitem(***)"
