"""A first look tells what a file is and how it is written, or why nothing of it can be read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from overstap.adapters.koppelingen.regels import STUK
from overstap.adapters.koppelingen.vooronderzoek import Soort, onderzoek
from overstap.adapters.vault import Hoofdsleutel, Kluis

KLUIS = Kluis(Hoofdsleutel(bytes(range(32))), lambda _stromen: {})
Schrijf = Callable[..., Path]


@pytest.fixture
def schrijf(tmp_path: Path) -> Schrijf:
    def _schrijf(inhoud: bytes, naam: str = "lijst.csv") -> Path:
        pad = tmp_path / naam
        pad.write_bytes(inhoud)
        return pad

    return _schrijf


@pytest.mark.parametrize(
    ("naam", "inhoud", "soort"),
    [
        ("a.csv", b"BSN;Achternaam\n", Soort.LEERLINGEN),
        ("a.csv", b"\xef\xbb\xbfregel;code;soort\n", Soort.ORGANISATIES),
        ("a.txt", b"BSN,Achternaam\n", Soort.LEERLINGEN),
        ("a.toml", b'regio = "21"\n', Soort.PARAMETERS),
        ("a", b'regio = "21"\n[kalender]\n', Soort.PARAMETERS),
        ("a.json", b"kapot", Soort.KOPPELING),
        ("a.json", b'{"verzoek": "hervat"}', Soort.STAPPEN),
        ("a.ndjson", b'kapot\n{"wijzigingsvolgnummer": 1}\n', Soort.KOPPELING),
        ("a.ndjson", b'kapot\n{"verzoek": "x"}\n', Soort.STAPPEN),
        ("a.ndjson", b"kapot", Soort.STAPPEN),
        ("a.txt", b'[{"wijzigingsvolgnummer": 1}]', Soort.KOPPELING),
        ("a", b"[kalender]\n", Soort.PARAMETERS),
    ],
)
def test_a_file_is_recognised_by_how_it_begins_and_by_its_name(
    naam: str, inhoud: bytes, soort: Soort, schrijf: Schrijf
) -> None:
    assert onderzoek(schrijf(inhoud, naam), KLUIS).soort is soort


@pytest.mark.parametrize(
    ("inhoud", "code"),
    [
        (b"", "bestand_leeg"),
        (b"\xef\xbb\xbf \r\n\n", "bestand_leeg"),
        (b"PK\x03\x04\x00\x00", "bestand_onleesbaar"),
        ("BSN;Naam\n".encode("utf-16"), "codering_ongeldig"),
        (b"zomaar een brief\n", "bestand_onleesbaar"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_says_why(inhoud: bytes, code: str, schrijf: Schrijf) -> None:
    gebrek = onderzoek(schrijf(inhoud), KLUIS).gebrek

    assert gebrek is not None
    assert gebrek.code == code


@pytest.mark.parametrize(
    ("inhoud", "codering"),
    [
        (b"Jan", "utf-8"),
        ("Zoë".encode(), "utf-8"),
        ("Zoë".encode("utf-8-sig"), "utf-8"),
        ("Zoë".encode("cp1252"), "cp1252"),
        ("Zoë Renée Ürün ".encode() + b"\xeb", "utf-8"),
    ],
    ids=["ascii", "utf-8", "bom", "cp1252", "one stray byte among letters"],
)
def test_the_encoding_is_chosen_once_for_the_whole_file(inhoud: bytes, codering: str, schrijf: Schrijf) -> None:
    assert onderzoek(schrijf(b"BSN;Naam\n" + inhoud), KLUIS).codering == codering


def test_a_byte_order_mark_says_utf_8_whatever_follows(schrijf: Schrijf) -> None:
    assert onderzoek(schrijf(b"\xef\xbb\xbfBSN;Naam\nZo\xeb;Ren\xe9e"), KLUIS).codering == "utf-8"


@pytest.mark.parametrize("voor", range(4))
def test_a_letter_cut_in_two_between_pieces_is_one_letter(voor: int, schrijf: Schrijf) -> None:
    inhoud = b"x" * (STUK - voor) + "€".encode() * 2

    assert onderzoek(schrijf(inhoud), KLUIS).codering == "utf-8"


def test_the_fingerprint_is_of_every_byte_and_of_our_key(schrijf: Schrijf) -> None:
    een, ander = onderzoek(schrijf(b"a;b\n1;2", "a"), KLUIS), onderzoek(schrijf(b"a;b\n1;3", "b"), KLUIS)
    vreemd = onderzoek(schrijf(b"a;b\n1;2", "c"), Kluis(Hoofdsleutel(bytes(32)), lambda _stromen: {}))

    assert een.vingerafdruk == onderzoek(schrijf(b"a;b\n1;2", "d"), KLUIS).vingerafdruk
    assert len({een.vingerafdruk, ander.vingerafdruk, vreemd.vingerafdruk}) == 3
