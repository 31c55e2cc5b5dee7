"""Items of a koppeling are found one by one, read tolerantly where nothing is in doubt, and lost never."""

import json
import tracemalloc
from collections.abc import Iterator
from itertools import repeat
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overstap.adapters.koppelingen.itemlezer import lees_items
from overstap.adapters.koppelingen.regels import LANGSTE_REGEL
from overstap.domain.weigering import Weigering

EEN, TWEE, DRIE = ({"ketenId": f"99XX:9000000{n}", "links": {"self": "/a"}, "status": "AO"} for n in (1, 2, 3))


def lees(tekst: str | bytes, grootte: int = 1 << 18) -> list[tuple[int, Any]]:
    inhoud = tekst if isinstance(tekst, bytes) else tekst.encode()
    stukken = [inhoud[plek : plek + grootte] for plek in range(0, len(inhoud), grootte)]
    return [
        (item.nummer, item.inhoud.code if isinstance(item.inhoud, Weigering) else item.inhoud)
        for item in lees_items(stukken)
    ]


def inhouden(tekst: str | bytes) -> list[Any]:
    return [inhoud for _, inhoud in lees(tekst)]


@pytest.mark.parametrize(
    "tekst",
    [
        json.dumps({"koppelpuntCode": "0234AS", "aanmeldingen": [EEN, TWEE]}),
        json.dumps({"koppelpuntCode": "0234AS", "x": {"y": 1}, "z": [1, 2], "aanmeldingen": [EEN, TWEE], "na": "af"}),
        json.dumps([EEN, TWEE]),
        json.dumps([EEN, TWEE], indent=3),
        "\ufeff" + json.dumps([EEN, TWEE]),
        json.dumps(EEN) + "\n" + json.dumps(TWEE) + "\n",
        json.dumps(EEN) + ",\n" + json.dumps(TWEE),
        "[" + json.dumps(EEN) + ",\n" + json.dumps(TWEE)[:-1] + ",},]",
    ],
    ids=["envelope", "envelope with more", "array", "pretty", "bom", "one a line", "commas between", "trailing commas"],
)
def test_items_are_found_in_every_wrapping(tekst: str) -> None:
    assert inhouden(tekst) == [EEN, TWEE]


def test_an_item_carries_the_line_on_which_it_begins() -> None:
    tekst = '{"aanmeldingen": [\n' + json.dumps(EEN, indent=1) + ",\n" + json.dumps(TWEE) + "\n]}"

    assert [nummer for nummer, _ in lees(tekst)] == [2, 2 + json.dumps(EEN, indent=1).count("\n") + 1]


@given(st.integers(1, 60), st.lists(st.text(max_size=8), min_size=1, max_size=4))
def test_items_are_the_same_however_the_file_is_cut(grootte: int, teksten: list[str]) -> None:
    items = [{"ketenId": tekst, "x": {"y": [tekst, '"}{\\']}} for tekst in teksten]

    gelezen = lees(json.dumps({"aanmeldingen": items}, ensure_ascii=False).encode("utf-8", "replace"), grootte)

    assert [inhoud for _, inhoud in gelezen] == json.loads(json.dumps(items).encode().decode("utf-8", "replace"))


def test_brackets_and_quotes_within_a_string_end_nothing() -> None:
    lastig = {"ketenId": 'a"}],[{\\', "x": "]"}

    assert inhouden("[" + json.dumps(lastig)[:-1] + ",}, " + json.dumps(EEN) + "]") == [lastig, EEN]


@pytest.mark.parametrize("kapot", ['{"ketenId": "1", status: AO}', '{"ketenId" "1"}', '{"$type": "aanmelding", "k'])
def test_an_item_that_cannot_be_read_is_refused_alone(kapot: str) -> None:
    assert inhouden("[" + json.dumps(EEN) + ",\n" + kapot + ",\n" + json.dumps(TWEE) + "]") == [
        EEN,
        "regel_onleesbaar",
        TWEE,
    ]


def test_a_broken_line_among_items_one_a_line_is_refused_alone() -> None:
    regels = [json.dumps(EEN), '{"$type": "aanmelding", "ket', json.dumps(TWEE), "flauwekul", json.dumps(DRIE), ""]

    assert lees("\n".join(regels)) == [
        (1, EEN),
        (2, "regel_onleesbaar"),
        (3, TWEE),
        (4, "regel_onleesbaar"),
        (5, DRIE),
    ]


def test_a_broken_last_line_with_its_end_is_one_refused_line() -> None:
    assert inhouden(json.dumps(EEN) + '\n{"$type": "aanmelding", "ket\n') == [EEN, "regel_onleesbaar"]


@pytest.mark.parametrize("waarde", ['"los"', "12", "null", "flauwekul"])
def test_something_in_the_array_that_is_no_item_is_refused(waarde: str) -> None:
    assert inhouden(f"[{json.dumps(EEN)},\n{waarde}\n,{json.dumps(TWEE)}]") == [EEN, "regel_onleesbaar", TWEE]


def test_every_place_where_a_file_may_be_cut_off_is_told_and_costs_one_item_at_most() -> None:
    tekst = json.dumps({"aanmeldingen": [EEN, TWEE]})
    einde_van_een = tekst.index(json.dumps(EEN)) + len(json.dumps(EEN))

    for plek in range(1, tekst.rindex("]")):
        gelezen = inhouden(tekst[:plek])
        assert gelezen[-1] == "bestand_afgebroken", plek
        assert gelezen.count("bestand_afgebroken") == 1, plek
        assert (EEN in gelezen) == (plek >= einde_van_een), plek


def test_an_item_in_another_encoding_is_refused_alone() -> None:
    vreemd = json.dumps({"ketenId": "Zo?"}).encode().replace(b"?", b"\xeb")

    assert inhouden(b"[" + json.dumps(EEN).encode() + b"," + vreemd + b"," + json.dumps(TWEE).encode() + b"]") == [
        EEN,
        "codering_ongeldig",
        TWEE,
    ]


@pytest.mark.parametrize("lengte", [LANGSTE_REGEL, 10 * LANGSTE_REGEL])
def test_an_item_that_is_too_long_is_refused_alone(lengte: int) -> None:
    lang = {"$type": "aanmelding", "x": "y" * lengte}

    assert inhouden(json.dumps([EEN, lang, TWEE])) == [EEN, "regel_te_lang", TWEE]


def test_an_item_nested_too_deep_is_refused_alone() -> None:
    diep = '{"a":' * 9_000 + "1" + "}" * 9_000

    assert inhouden(f"[{json.dumps(EEN)},{diep},{json.dumps(TWEE)}]") == [EEN, "regel_onleesbaar", TWEE]


def test_a_number_without_end_is_refused_alone() -> None:
    assert inhouden("[" + '{"a": ' + "9" * 9_000 + "}," + json.dumps(EEN) + "]") == ["regel_onleesbaar", EEN]


def test_a_file_of_any_size_takes_the_memory_of_a_few_items() -> None:
    een = json.dumps(EEN).encode() + b","

    def veel(aantal: int) -> Iterator[bytes]:
        yield b'{"aanmeldingen": ['
        yield from repeat(een, aantal)
        yield b"]}"

    hoogste = []
    for aantal in (2_000, 40_000):
        tracemalloc.start()
        assert sum(1 for _ in lees_items(veel(aantal))) == aantal
        hoogste.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert hoogste[1] < hoogste[0] + 300_000
