"""The catalogue: both languages have every text, and every text that a page asks for is there."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter

import pytest

from overstap.adapters.http.stapverzoeken import STAPPEN
from overstap.adapters.koppelingen.vooronderzoek import Soort
from overstap.adapters.web.stapvelden import Soort as Veldsoort
from overstap.adapters.web.stapvelden import velden_van
from overstap.adapters.web.taal import ENGELS, NEDERLANDS, TALEN, Taal, catalogus
from overstap.domain.rollen import Rol
from overstap.domain.statussen import AanmeldingStatus, OverstapStatus
from overstap.projections.werklijsten import Werklijst
from tests.huis.bron import REPO

_WEB = REPO / "adapters" / "web"
_GEVRAAGD = re.compile(r"""\bt(?:aal)?\(\s*["']([a-z_]+\.[a-z_.-]+)["']\s*[,)]""")
_GETELD = re.compile(r"""\.aantal\(\s*["']([a-z_.-]+)["']""")


def _bronnen() -> list[Path]:
    return [*_WEB.glob("*.py"), *(_WEB / "sjablonen").glob("*.html")]


def _velden(tekst: str) -> set[str]:
    return {veld for _, veld, _, _ in Formatter().parse(tekst) if veld}


def test_every_text_is_there_in_every_language_with_the_same_values() -> None:
    per_taal = {code: {naam: _velden(tekst) for naam, tekst in catalogus(code).items()} for code in TALEN}
    assert per_taal[ENGELS] == per_taal[NEDERLANDS]


def test_every_text_that_is_asked_for_is_there() -> None:
    gevraagd = {naam for bron in _bronnen() for naam in _GEVRAAGD.findall(bron.read_text(encoding="utf-8"))}
    geteld = {naam for bron in _bronnen() for naam in _GETELD.findall(bron.read_text(encoding="utf-8"))}
    nodig = gevraagd | {f"{naam}.{vorm}" for naam in geteld for vorm in ("een", "meer")}
    assert len(nodig) > 40
    assert nodig - catalogus(NEDERLANDS).keys() == set()


@pytest.mark.parametrize(
    ("soort", "codes"),
    [
        ("status", [*OverstapStatus, *AanmeldingStatus]),
        ("werklijst", list(Werklijst)),
        ("werklijst_uitleg", list(Werklijst)),
        ("rol", [rol for rol in Rol if rol not in {Rol.KOPPELING, Rol.SYSTEEM}]),
        ("stap", list(STAPPEN)),
        ("levering", list(Soort)),
        (
            "veld",
            [veld.woord for stap in STAPPEN for veld in velden_van(stap) if veld.soort is not Veldsoort.MOMENT],
        ),
        ("aanmelden.zin", [rol for rol in Rol if rol not in {Rol.KOPPELING, Rol.SYSTEEM}]),
    ],
)
def test_every_code_has_a_name(soort: str, codes: list[str]) -> None:
    assert [code for code in codes if f"{soort}.{code}" not in catalogus(NEDERLANDS)] == []


def test_numbers_and_dates_are_written_as_their_reader_does() -> None:
    nl, en = Taal(NEDERLANDS), Taal(ENGELS)
    assert (nl.getal(12_345), en.getal(12_345)) == ("12.345", "12,345")
    assert (nl.datum(date(2026, 11, 21)), en.datum(date(2026, 11, 21))) == ("21 november 2026", "21 November 2026")
    laat = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert (nl.datum(laat), en.moment(laat)) == ("2 juli 2026", "2 July 2026, 00:30")


@pytest.mark.parametrize(
    ("ingevuld", "nederlands", "engels"),
    [
        ("2026-06-01", "maandag 1 juni 2026", "Monday 1 June 2026"),
        ("2026-06-01T09:05", "maandag 1 juni 2026, 9.05 uur", "Monday 1 June 2026, 09:05"),
        ("", "", ""),
        ("2026-13-01", "", ""),
    ],
)
def test_what_stands_in_a_field_for_a_day_is_written_in_words(ingevuld: str, nederlands: str, engels: str) -> None:
    assert (Taal(NEDERLANDS).weekdag(ingevuld), Taal(ENGELS).weekdag(ingevuld)) == (nederlands, engels)


def test_an_unknown_language_is_dutch() -> None:
    assert Taal("xx").code == NEDERLANDS
