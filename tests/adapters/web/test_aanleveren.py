"""A file by a page: previewed, confirmed, followed, reported; and whatever somebody sends in its place."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from overstap.adapters.koppelingen.invoer import importeer_als
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.web import aanleveren
from tests.adapters.http.deur import Deur, open_deur
from tests.adapters.opstelling import DECAAN, SCHOOL
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.leverancier import KOP, VERZEGELD, Leverancier, lijst, regel, stand, tellingen, vind
from tests.adapters.web.school import PGNS, voer_op, wacht_op_beelden
from tests.adapters.web.zonder import Zonder

Kijk = Callable[..., Kijker]


@pytest.mark.parametrize("met_script", [True, False])
def test_a_list_is_previewed_confirmed_and_reported(
    kijk: Kijk, deur: Deur, tmp_path: Path, databank: Databank, *, met_script: bool
) -> None:
    bestand = tmp_path / "leerlingen 4b.csv"
    bestand.write_bytes(lijst(regel("Aalscholver"), regel("Bergeend", "123456789"), regel("Casarca")))
    kijker, eerst = kijk(met_script=met_script), stand(databank)
    kijker.meld_aan("vo_beheerder", SCHOOL)
    kijker.ga("/")
    kijker.blad.get_by_role("link", name="Aanleveringen").click()
    kijker.blad.get_by_role("link", name="Lever een bestand aan").click()
    kijker.blad.get_by_label("Bestand").set_input_files(bestand)
    kijker.blad.get_by_role("button", name="Bekijk wat eruit komt").click()
    assert "leerlingen 4b.csv" in kijker.blad.locator(".lead").inner_text()
    assert tellingen(kijker.blad.content()) == {"nieuw": 2, "gewijzigd": 0, "ongewijzigd": 0, "geweigerd": 1}
    [fout] = kijker.blad.locator(".lijst-regels tbody tr").all_inner_texts()
    assert ("Regel 3" in fout, "elfproef" in fout, "Bergeend" in fout) == (True, True, False)
    assert not met_script or kijker.ontoegankelijk() == []
    assert stand(databank) == eerst
    kijker.blad.get_by_role("button", name="Leg 2 regels vast").click()
    assert "1 regel is geweigerd" in kijker.blad.get_by_role("status").inner_text()
    assert tellingen(kijker.blad.content()) == {"regels": 3, "aanvaard": 2, "ongewijzigd": 0, "geweigerd": 1}
    assert stand(databank) != eerst
    wacht_op_beelden(deur)
    kijker.ga("/leerlingen")
    assert {"Aalscholver, Sam", "Casarca, Sam"} <= set(kijker.namen())


def test_who_is_there_already_is_changed_or_left_as_he_is(school: Leverancier, deur: Deur) -> None:
    zelfde, anders, nieuw = next(PGNS), next(PGNS), next(PGNS)
    school.bevestig(school.bekijk(lijst(regel("Dodaars", zelfde), regel("Eider", anders))))
    voorbeeld = school.bekijk(lijst(regel("Dodaars", zelfde), regel("Eider", anders, klas="4c"), regel("Fuut", nieuw)))
    assert tellingen(voorbeeld.text) == {"nieuw": 1, "gewijzigd": 1, "ongewijzigd": 1, "geweigerd": 0}
    assert "Wat er verandert van wie er al is:</strong> klas bij 1 leerling." in voorbeeld.text
    verslag = school.lees(school.bevestig(voorbeeld))
    assert tellingen(verslag) == {"regels": 3, "aanvaard": 2, "ongewijzigd": 1, "geweigerd": 0}
    assert "Het liep anders" not in verslag
    gewijzigd = vind(deur, anders)["id"]
    assert deur.toon(gewijzigd, DECAAN).json()["klas"] == "4c"


def test_one_pupil_twice_in_a_list_is_new_once(school: Leverancier) -> None:
    pgn = next(PGNS)
    voorbeeld = school.bekijk(
        lijst(regel("Grutto", pgn), regel("Grutto", pgn, klas="4c"), regel("Grutto", pgn, klas="4c"))
    )
    verwacht = {"nieuw": 1, "gewijzigd": 1, "ongewijzigd": 1, "geweigerd": 0}
    assert tellingen(voorbeeld.text) == verwacht
    assert tellingen(school.lees(school.bevestig(voorbeeld))) == {
        "regels": 3,
        "aanvaard": 2,
        "ongewijzigd": 1,
        "geweigerd": 0,
    }


def test_what_moved_since_the_preview_is_judged_anew_and_said(school: Leverancier, deur: Deur) -> None:
    pgn = next(PGNS)
    voorbeeld = school.bekijk(lijst(regel("Houtduif", pgn), regel("IJseend")))
    voer_op(deur, "Houtduif", pgn=pgn, klas="4b", voornaam="Sam", tussenvoegsel=None)
    verslag = school.lees(school.bevestig(voorbeeld))
    assert "Het liep anders dan het voorbeeld zei." in verslag
    assert tellingen(verslag)["ongewijzigd"] == 1


def test_a_file_that_was_delivered_before_says_so_and_changes_nothing(school: Leverancier, databank: Databank) -> None:
    inhoud = lijst(regel("Kluut"))
    antwoord = school.bevestig(school.bekijk(inhoud))
    verslag, eerst = antwoord.headers["location"].partition("?")[0], stand(databank)
    weer = school.bekijk(inhoud)
    assert "Dit bestand is al eerder aangeleverd" in weer.text
    assert (verslag in weer.text, VERZEGELD.search(weer.text), stand(databank)) == (True, None, eerst)


def test_a_confirmation_sent_twice_is_one_delivery(school: Leverancier, databank: Databank) -> None:
    voorbeeld = school.bekijk(lijst(regel("Lepelaar")))
    eerste = school.bevestig(voorbeeld)
    na_een = stand(databank)
    assert (school.bevestig(voorbeeld).headers["location"], stand(databank)) == (eerste.headers["location"], na_een)


def test_lines_in_windows_1252_are_read_as_such(school: Leverancier, deur: Deur) -> None:
    pgn = next(PGNS)
    inhoud = "\r\n".join((KOP, regel("Müller", pgn), "")).encode("cp1252")
    school.bevestig(school.bekijk(inhoud))
    assert vind(deur, pgn)["persoon"]["achternaam"] == "Müller"


def test_a_list_as_long_as_may_be_is_judged(school: Leverancier) -> None:
    """More refused lines than a page shows, over more than one batch."""
    inhoud = lijst(*(regel("Pijlstaart", f"{nummer:09}") for nummer in range(1, 2_502)))
    voorbeeld = school.bekijk(inhoud)
    geteld = tellingen(voorbeeld.text)
    assert geteld["geweigerd"] + geteld["nieuw"] == 2_501
    assert voorbeeld.text.count('<tr><th scope="row">Regel') == aanleveren.GETOOND
    assert "Hiervan staan er 200" in voorbeeld.text


def test_that_somebody_previewed_is_in_the_log_of_access(school: Leverancier, databank: Databank) -> None:
    vraag = b"SELECT count(*) FROM toegang.toegangslog WHERE handeling = 'bekijk_aanlevering'"
    with databank.verbind(Login.EIGENAAR) as verbinding:
        [eerst] = verbinding.execute(vraag).fetchall()
        school.bekijk(lijst(regel("Appelvink")))
        [daarna] = verbinding.execute(vraag).fetchall()
    assert daarna[0] == eerst[0] + 1


@pytest.mark.parametrize("met_script", [True, False])
def test_what_takes_long_is_followed_on_a_page_until_its_report(
    kijk: Kijk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, met_script: bool
) -> None:
    mag_verder = threading.Event()

    def wacht_eerst(*wat: Any, **hoe: Any) -> Any:  # noqa: ANN401  # as the real one
        assert mag_verder.wait(60)
        return importeer_als(*wat, **hoe)

    monkeypatch.setattr("overstap.adapters.http.aanleveringen.importeer_als", wacht_eerst)
    monkeypatch.setattr(aanleveren, "GEDULD", 0.05)
    bestand = tmp_path / "lijst.csv"
    bestand.write_bytes(lijst(regel("Barmsijs")))
    kijker = kijk(met_script=met_script)
    kijker.meld_aan("vo_beheerder", SCHOOL)
    kijker.ga("/aanleveren")
    kijker.blad.get_by_label("Bestand").set_input_files(bestand)
    kijker.blad.get_by_role("button", name="Bekijk wat eruit komt").click()
    try:
        kijker.blad.get_by_role("button", name="Leg 1 regel vast").click()
        assert kijker.kop == "Het bestand wordt verwerkt"
        assert not met_script or kijker.ontoegankelijk() == []
    finally:
        mag_verder.set()
    if not met_script:
        _klik_tot(kijker, "Vernieuw deze bladzijde", "Aanlevering: Leerlingenlijst")
    kijker.blad.get_by_role("heading", name="Aanlevering: Leerlingenlijst").wait_for()
    assert "helemaal verwerkt" in kijker.blad.get_by_role("status").inner_text()


def _klik_tot(kijker: Kijker, link: str, kop: str) -> None:
    for _ in range(100):
        if kijker.kop == kop:
            return
        kijker.blad.get_by_role("link", name=link).click()
    raise AssertionError(kijker.kop)


@contextmanager
def _een_deur(databank: Databank, datamap: Path) -> Iterator[Leverancier]:
    with open_deur(databank, datamap, missers_per_minuut=0) as deur:
        zonder = Zonder(deur)
        with zonder.client:
            yield Leverancier(zonder)


def test_a_file_outlives_the_process_that_previewed_it(databank: Databank, tmp_path: Path) -> None:
    with _een_deur(databank, tmp_path) as school:
        voorbeeld, eerst = school.bekijk(lijst(regel("Citroenkwikstaart"))), stand(databank)
        koekje = school.zonder.client.headers["cookie"]
    assert stand(databank) == eerst
    with _een_deur(databank, tmp_path) as ander:
        ander.zonder.client.headers["cookie"] = koekje
        ander.merk = school.merk
        verslag = ander.lees(ander.bevestig(voorbeeld))
    assert tellingen(verslag) == {"regels": 1, "aanvaard": 1, "ongewijzigd": 0, "geweigerd": 0}


def test_axe_finds_nothing_wrong_with_a_preview_or_where_there_is_none_and_all_fits_the_smallest_screen(
    kijk: Kijk, tmp_path: Path
) -> None:
    bestand = tmp_path / ("een heel lange naam van een bestand " * 4 + ".csv")
    bestand.write_bytes(lijst(regel("Draaihals"), regel("Ekster", "1")))
    kijker = kijk(breedte=320)
    kijker.meld_aan("vo_beheerder", SCHOOL)
    kijker.ga(f"/aanleveren/{UUID(int=7)}")
    assert kijker.bezwaren() == []
    kijker.ga("/aanleveren")
    kijker.blad.get_by_label("Bestand").set_input_files(bestand)
    kijker.blad.get_by_role("button", name="Bekijk wat eruit komt").click()
    kijker.blad.get_by_role("button", name="Leg 1 regel vast").wait_for()
    assert kijker.bezwaren() == []
