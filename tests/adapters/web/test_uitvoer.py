"""The list as a file: what the role may see, text that nothing computes, dates that are dates, and nobody left out."""

import io
import re
import zipfile
from datetime import date, timedelta
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.web import uitvoer
from overstap.adapters.web.xlsx_uitvoer import SOORT
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import MBO, SCHOOL
from tests.adapters.web.school import REKENEND, voer_op
from tests.adapters.web.zonder_script import ZonderScript, zonder_script

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DAG_NUL = date(1899, 12, 30)
_GEVAARLIJK = (REKENEND, "+31", "-1", "@SUM")


class Werkboek:
    """A workbook as what it is: XML in a zip."""

    def __init__(self, inhoud: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(inhoud))
        assert self._zip.testzip() is None
        self.blad = self._xml("xl/worksheets/sheet1.xml")
        self._teksten = [
            "".join(deel.text or "" for deel in een.iter(f"{_NS}t"))
            for een in self._xml("xl/sharedStrings.xml").iter(f"{_NS}si")
        ]
        self._vormen = list(self._xml("xl/styles.xml").find(f"{_NS}cellXfs") or ())

    def _xml(self, naam: str) -> ET.Element:
        return ET.fromstring(self._zip.read(naam))  # noqa: S314  # our own file

    def rijen(self) -> list[list[str | date]]:
        """Give the values, row by row; a number with a form of its own is a date."""
        return [[self._waarde(cel) for cel in rij] for rij in self.blad.iter(f"{_NS}row")]

    def _waarde(self, cel: ET.Element) -> str | date:
        tekst = cel.findtext(f"{_NS}v") or ""
        if cel.get("t") == "s":
            return self._teksten[int(tekst)]
        vorm = self._vormen[int(cel.get("s") or 0)]
        return _DAG_NUL + timedelta(days=int(tekst)) if int(vorm.get("numFmtId") or 0) else tekst


@pytest.fixture(scope="module")
def vele(deur: Deur, leerlingen: dict[str, UUID]) -> dict[str, UUID]:
    return leerlingen | {naam: voer_op(deur, naam) for naam in _GEVAARLIJK[1:]}


def _haal(iemand: ZonderScript, pad: str = "/leerlingen.xlsx") -> Werkboek:
    antwoord = iemand.client.get(pad)
    assert antwoord.status_code == 200, antwoord.text
    assert antwoord.headers["content-type"] == SOORT
    assert re.fullmatch(
        r'attachment; filename="leerlingen-\d{4}-\d\d-\d\d\.xlsx"', antwoord.headers["content-disposition"]
    )
    return Werkboek(antwoord.content)


def test_everybody_is_in_it_with_the_columns_of_a_decaan(deur: Deur, vele: dict[str, UUID]) -> None:
    with zonder_script(deur, "decaan", SCHOOL) as decaan:
        kop, *rijen = _haal(decaan).rijen()
    assert kop[:5] == ["Nummer", "Naam", "School", "Vestiging", "Klas"]
    assert kop[-3:] == ["MBO", "Aanmelding", "Werklijsten"]
    assert {str(rij[0]) for rij in rijen} == {str(nummer) for nummer in vele.values()}
    assert "Adelaar, Noor van der" in {rij[1] for rij in rijen}


def test_what_a_spreadsheet_would_compute_is_text(deur: Deur, vele: dict[str, UUID]) -> None:
    assert set(_GEVAARLIJK) <= vele.keys()
    with zonder_script(deur, "decaan", SCHOOL) as decaan:
        boek = _haal(decaan)
        csv = decaan.client.get("/leerlingen.csv").text
    assert list(boek.blad.iter(f"{_NS}f")) == []  # not one formula
    namen = {rij[1] for rij in boek.rijen()}
    assert {f"{naam}, Noor van der" for naam in _GEVAARLIJK} <= namen  # and nothing was put before it
    assert all(f";'{naam}, Noor van der;" in csv for naam in _GEVAARLIJK)


def test_a_date_is_a_date_and_a_number_a_number(deur: Deur, vele: dict[str, UUID]) -> None:
    with zonder_script(deur, "decaan", SCHOOL) as decaan:
        kop, *rijen = _haal(decaan).rijen()
    [adelaar] = [rij for rij in rijen if rij[0] == str(vele["Adelaar"])]
    sinds, dagen = adelaar[kop.index("Sinds")], adelaar[kop.index("Dagen")]
    assert isinstance(sinds, date)
    assert str((date(2026, 1, 12) - sinds).days) == dagen


def test_the_header_stays_in_sight_and_columns_are_as_wide_as_what_is_in_them(
    deur: Deur, vele: dict[str, UUID]
) -> None:
    assert vele
    with zonder_script(deur, "decaan", SCHOOL) as decaan:
        boek = _haal(decaan)
    [ruit] = boek.blad.iter(f"{_NS}pane")
    assert (ruit.get("ySplit"), ruit.get("state")) == ("1", "frozen")
    kolommen = list(boek.blad.iter(f"{_NS}col"))  # neighbours of one width are one
    assert int(kolommen[-1].get("max") or 0) == len(boek.rijen()[0])
    assert {float(kolom.get("width") or 0) // 1 for kolom in kolommen} >= {8, 30, 40}


def test_an_mbo_gets_its_own_columns_and_its_own_aanmeldingen(deur: Deur, vele: dict[str, UUID]) -> None:
    with zonder_script(deur, "mbo_intaker", MBO) as intaker:
        kop, *rijen = _haal(intaker).rijen()
    assert (kop[-1], "Status" in kop, "Gemeente" in kop) == ("Elders geplaatst", False, False)
    assert [rij[0] for rij in rijen] == [str(vele["Adelaar"])]


def test_the_choices_of_the_list_hold_for_the_file(deur: Deur, vele: dict[str, UUID]) -> None:
    with zonder_script(deur, "decaan", SCHOOL) as decaan:
        assert "leerlingen.xlsx?klas=4b" in decaan.ga("/leerlingen?klas=4b")
        _, *rijen = _haal(decaan, "/leerlingen.xlsx?klas=4b").rijen()
    assert [rij[0] for rij in rijen] == [str(vele["Duif"])]


def test_whoever_goes_out_in_a_file_is_in_the_log_of_access(
    deur: Deur, databank: Databank, vele: dict[str, UUID]
) -> None:
    tel = b"SELECT count(*) FROM toegang.toegangslog WHERE handeling = 'uitvoer' AND overstap = %s"
    with databank.verbind(Login.EIGENAAR) as verbinding, zonder_script(deur, "decaan", SCHOOL) as decaan:
        [(eerst,)] = verbinding.execute(tel, (vele["Duif"],)).fetchall()
        _haal(decaan)
        [(daarna,)] = verbinding.execute(tel, (vele["Duif"],)).fetchall()
    assert daarna == eerst + 1


def test_who_has_no_persons_has_no_file(deur: Deur) -> None:
    with zonder_script(deur, "manager", SCHOOL) as manager:
        assert manager.client.get("/leerlingen.xlsx").status_code == 403


def test_nobody_is_left_out_in_silence(deur: Deur, vele: dict[str, UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uitvoer, "HOOGSTENS", len(vele) - 1)
    with zonder_script(deur, "decaan", SCHOOL) as decaan:
        for soort in ("xlsx", "csv"):
            antwoord = decaan.client.get(f"/leerlingen.{soort}")
            assert (antwoord.status_code, f"hoogstens {len(vele) - 1} leerlingen" in antwoord.text) == (400, True)
