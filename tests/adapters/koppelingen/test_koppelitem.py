"""An item read in one go says the same as one read field by field, and what is not in doubt is forgiven."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overstap.adapters.koppelingen.fouten import Onbruikbaar
from overstap.adapters.koppelingen.itemlezer import lees_items
from overstap.adapters.koppelingen.koppelitem import (
    Koppelitem,
    Strikt,
    lees_koppelitem,
    lees_snel,
    lees_tolerant,
)
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


@given(st.sampled_from(sorted(GOED)), VREEMD)
def test_an_item_read_from_its_line_says_the_same_as_one_read_in_full(veld: str, waarde: object) -> None:
    regel = json.dumps(GOED | {veld: waarde}).encode()

    [[_, _, snel]] = lees_items([regel, b"\n"], lees_snel)
    [[_, _, gewoon]] = lees_items([regel, b"\n"])

    assert uitkomst(lees_koppelitem, snel) == uitkomst(lees_koppelitem, gewoon)


def test_items_on_lines_of_their_own_are_read_in_one_go() -> None:
    bladzijde = '{"aanmeldingen": [\r\n' + ",\r\n".join([json.dumps(GOED)] * 3) + ",\r\n]}"

    items = list(lees_items([bladzijde.encode()], lees_snel))

    assert [(item.nummer, type(item.inhoud)) for item in items] == [(2, Strikt), (3, Strikt), (4, Strikt)]
    assert {item.ruw for item in items} == {json.dumps(GOED).encode()}


def test_an_item_does_not_show_itself() -> None:
    assert repr(lees_koppelitem(GOED)) == "Koppelitem(***)"
