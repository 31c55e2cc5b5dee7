"""The numbers of the field: what each check lets through, and the one digit that makes or breaks it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overstap.domain.identificaties import (
    SoortPgn,
    is_account,
    is_brin,
    is_bsn,
    is_crebo,
    is_gemeentecode,
    is_keten_id,
    is_oin,
    is_onderwijsaanbiedercode,
    is_onderwijsnummer,
    soort_pgn,
)

Controle = Callable[[str], bool]

GOED: dict[Controle, tuple[str, ...]] = {
    is_bsn: ("182071649", "900180730", "000000012"),
    is_onderwijsnummer: ("100310303",),
    is_brin: ("99XX", "99XX01", "00AA", "00AA00"),
    is_keten_id: ("99XX:90001119", "99XX01:90001119"),
    is_crebo: ("25647", "00001"),
    is_oin: ("00000001823288444000",),
    is_gemeentecode: ("0363", "1680"),
    is_onderwijsaanbiedercode: ("101A620",),
    is_account: ("decaan-99aa-1", "abc", "a" * 64),
}
FOUT: dict[Controle, tuple[str, ...]] = {
    is_bsn: ("182071648", "18207164", "1820716490", "000000000", "18207164a", "182.071.649"),
    is_onderwijsnummer: ("100310304", "10031030", "200310303", "110310300", "1003103030", "000000005"),
    is_brin: ("9XX", "99xx", "99X", "99XXX", "99XX1", "99XX001", "X9XX", "99ÄX"),
    is_keten_id: ("99XX", "99XX:9000111", "99XX:900011190", "99xx:90001119", "99XX-90001119", "99XX1:90001119"),
    is_crebo: ("2564", "256470", "2564a"),
    is_oin: ("0000000182328844400", "000000018232884440001", "0000000182328844400a"),
    is_gemeentecode: ("363", "00363", "036A"),
    is_onderwijsaanbiedercode: ("101a620", "101B620", "1010620", "10A620", "101A62"),
    is_account: ("ab", "a" * 65, "Decaan-1", "decaan 1", "jan@school.nl"),
}
CIJFERS_VAN_ELDERS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def gevallen(waarden: dict[Controle, tuple[str, ...]]) -> list[tuple[Controle, str]]:
    return [(controle, waarde) for controle, lijst in waarden.items() for waarde in lijst]


@pytest.mark.parametrize(("controle", "waarde"), gevallen(GOED))
def test_a_number_of_the_right_form_passes(controle: Controle, waarde: str) -> None:
    assert controle(waarde)


@pytest.mark.parametrize(("controle", "waarde"), gevallen(FOUT))
def test_a_number_of_another_form_is_refused(controle: Controle, waarde: str) -> None:
    assert not controle(waarde)


@pytest.mark.parametrize(("controle", "waarde"), gevallen(GOED))
@pytest.mark.parametrize("vorm", ["", " {}", "{} ", "{}\n", "\n{}"])
def test_nothing_and_space_around_a_number_are_refused(controle: Controle, waarde: str, vorm: str) -> None:
    assert not controle(vorm.format(waarde))


@pytest.mark.parametrize("controle", [controle for controle in GOED if controle is not is_account])
def test_digits_of_another_script_are_refused(controle: Controle) -> None:
    assert not controle(GOED[controle][0].translate(CIJFERS_VAN_ELDERS))


@given(st.integers(1, 99_999_999))
def test_of_the_eleven_outcomes_of_the_first_eight_digits_one_makes_a_bsn(acht: int) -> None:
    begin = f"{acht:08d}"
    uitkomst = sum(gewicht * int(cijfer) for gewicht, cijfer in zip(range(9, 1, -1), begin, strict=True)) % 11
    assert [cijfer for cijfer in range(10) if is_bsn(f"{begin}{cijfer}")] == ([uitkomst] if uitkomst < 10 else [])


@given(st.integers(10_000_000, 10_999_999))
def test_of_the_eleven_outcomes_one_makes_an_onderwijsnummer(acht: int) -> None:
    uitkomst = sum(gewicht * int(cijfer) for gewicht, cijfer in zip(range(9, 1, -1), str(acht), strict=True)) % 11
    verwacht = (uitkomst - 5) % 11
    assert [cijfer for cijfer in range(10) if is_onderwijsnummer(f"{acht}{cijfer}")] == (
        [verwacht] if verwacht < 10 else []
    )


def test_one_digit_changed_breaks_a_bsn() -> None:
    goed = "900180730"
    anders = {
        goed[:plek] + cijfer + goed[plek + 1 :] for plek in range(9) for cijfer in "0123456789" if cijfer != goed[plek]
    }
    assert {waarde for waarde in anders if is_bsn(waarde)} == set()


def test_a_bsn_keeps_its_leading_zeros() -> None:
    assert is_bsn("010000008")
    assert not is_bsn("10000008")


@pytest.mark.parametrize(
    ("pgn", "soort"),
    [("900180730", SoortPgn.BSN), ("100310303", SoortPgn.ONDERWIJSNUMMER), ("100310304", None), ("", None)],
)
def test_a_pgn_is_a_bsn_or_an_onderwijsnummer(pgn: str, soort: SoortPgn | None) -> None:
    assert soort_pgn(pgn) is soort
