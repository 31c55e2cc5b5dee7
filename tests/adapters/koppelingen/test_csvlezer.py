"""Records of a CSV are read as a school's administration writes them, and reading resumes after what cannot be read."""

import pytest

from overstap.adapters.koppelingen.csvlezer import MEESTE_REGELS, Kop, lees_kop, lees_records
from overstap.adapters.koppelingen.leerlingen import KOLOMMEN
from overstap.adapters.koppelingen.regels import Bronregel, bronregels
from overstap.domain.weigering import Weigering

NAMEN = {"a": "a", "b": "b"}


def lees(tekst: str, codering: str = "utf-8") -> list[tuple[int, object]]:
    bron = bronregels([tekst.encode(codering)])
    kop = lees_kop(next(bron), codering, NAMEN)
    assert isinstance(kop, Kop)
    return [
        (regel.nummer, regel.inhoud.code if isinstance(regel.inhoud, Weigering) else regel.inhoud)
        for regel in lees_records(bron, kop, codering)
    ]


@pytest.mark.parametrize("scheiding", [";", ",", "\t"])
def test_the_separator_is_found_in_the_header(scheiding: str) -> None:
    assert lees(f"A{scheiding}B\n1{scheiding}2\n") == [(2, {"a": "1", "b": "2"})]


@pytest.mark.parametrize(
    ("kop", "naam"),
    [
        ("BSN", "pgn"),
        ("Burger_Service.Nummer", "pgn"),
        ("burger service nummer", "pgn"),
        ("ROEPNAAM", "voornaam"),
        ("roep_naam", "voornaam"),
        ("gemeente.code", "gemeente"),
        ("E-mail", "email"),
        ("post code", "postcode"),
        ("Vrijgesteld", "startkwalificatie"),
    ],
)
def test_header_names_are_matched_however_they_are_written(kop: str, naam: str) -> None:
    gelezen = lees_kop(Bronregel(1, f"{kop};onbekend".encode()), "utf-8", KOLOMMEN)

    assert isinstance(gelezen, Kop)
    assert gelezen.kolommen == (naam, None)


def test_a_byte_order_mark_before_the_header_is_no_part_of_its_name() -> None:
    gelezen = lees_kop(Bronregel(1, b"\xef\xbb\xbfBSN;Klas"), "utf-8", KOLOMMEN)

    assert isinstance(gelezen, Kop)
    assert gelezen.kolommen == ("pgn", "klas")


def test_quotes_separators_and_line_ends_within_quotes_belong_to_the_field() -> None:
    tekst = 'a;b\n"een ""twee""; drie";"vier\nvijf"\nzes;zeven\n'

    assert lees(tekst) == [(2, {"a": 'een "twee"; drie', "b": "vier\nvijf"}), (4, {"a": "zes", "b": "zeven"})]


def test_a_stray_quote_costs_one_line_and_no_other() -> None:
    tekst = 'a;b\n1;2\n"3;4\n5;6\n7;8\n'

    assert lees(tekst) == [
        (2, {"a": "1", "b": "2"}),
        (3, "regel_onleesbaar"),
        (4, {"a": "5", "b": "6"}),
        (5, {"a": "7", "b": "8"}),
    ]


def test_a_stray_quote_far_from_the_next_one_swallows_nothing() -> None:
    midden = "".join(f"{n};{n}\n" for n in range(MEESTE_REGELS + 5))

    gelezen = lees(f'a;b\n"3;4\n{midden}"8";9\n')

    assert [nummer for nummer, inhoud in gelezen if inhoud == "regel_onleesbaar"] == [2]
    assert len(gelezen) == MEESTE_REGELS + 7


def test_two_stray_quotes_near_each_other_cost_two_lines() -> None:
    assert [inhoud for _, inhoud in lees('a;b\n"1;2\n3;4\n"5;6\n7;8\n')] == [
        "regel_onleesbaar",
        {"a": "3", "b": "4"},
        "regel_onleesbaar",
        {"a": "7", "b": "8"},
    ]


@pytest.mark.parametrize("regel", ["1", "1;2;3", '"1"x;2'])
def test_a_line_that_does_not_fit_the_header_is_refused_alone(regel: str) -> None:
    assert lees(f"a;b\n{regel}\n1;2\n") == [(2, "regel_onleesbaar"), (3, {"a": "1", "b": "2"})]


def test_empty_columns_too_many_are_forgiven() -> None:
    assert lees("a;b\n1;2;;\n") == [(2, {"a": "1", "b": "2"})]


@pytest.mark.parametrize("staart", ["1", '"1;2', '"1";"2'])
def test_a_file_that_ends_within_a_line_says_so(staart: str) -> None:
    assert lees(f"a;b\n1;2\n{staart}")[-1] == (3, "bestand_afgebroken")


def test_a_whole_last_line_needs_no_end_of_line() -> None:
    assert lees("a;b\n1;2") == [(2, {"a": "1", "b": "2"})]


def test_empty_lines_are_skipped_and_still_counted() -> None:
    assert lees("a;b\n\n1;2\n  \n3;4\n") == [(3, {"a": "1", "b": "2"}), (5, {"a": "3", "b": "4"})]


def test_a_line_in_another_encoding_is_refused_alone() -> None:
    bron = bronregels([b"a;b\nZo\xc3\xab;1\nZo\xeb;2\nJan;3\n"])
    kop = lees_kop(next(bron), "utf-8", NAMEN)
    assert isinstance(kop, Kop)

    uitkomsten = [regel.inhoud for regel in lees_records(bron, kop, "utf-8")]

    assert uitkomsten[0] == {"a": "Zoë", "b": "1"}
    assert isinstance(uitkomsten[1], Weigering)
    assert uitkomsten[1].code == "codering_ongeldig"
    assert uitkomsten[2] == {"a": "Jan", "b": "3"}
