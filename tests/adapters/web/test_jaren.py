"""The years on screen: what opening and closing will do is told first, then done, then told in the log of access."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import DECAAN, JAAR, REGIO, SCHOOL, app, richt_regio_in
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.school import voer_op
from tests.adapters.web.zonder_script import zonder_script

Kijk = Callable[..., Kijker]
_NA_DE_METING = datetime(2026, 10, 5, 9, tzinfo=UTC)
_GEVRAAGD = (
    b"SELECT overstap, handeling, onderwerp, rol, uitkomst FROM toegang.toegangslog"
    b" WHERE handeling = ANY (%s) AND herkomst = 'web' ORDER BY overstap NULLS LAST"
)


@pytest.fixture(scope="module")
def databank(demo_databank: Databank) -> Databank:
    """Give a region whose clock stands after the measurement of its year."""
    with app(demo_databank, _NA_DE_METING) as geheel:
        richt_regio_in(geheel)
    return demo_databank


@pytest.fixture(scope="module")
def vogels(deur: Deur) -> dict[str, UUID]:
    """Enter pupils while the year is open: nobody is entered in one that was closed."""
    return {naam: voer_op(deur, naam) for naam in ("Lijster", "Merel", "Nachtegaal")}


def _bereikt_einde(deur: Deur, overstap: UUID) -> None:
    """Let a pupil go on in the VO: an end of this year."""
    antwoord = deur.stap(overstap, "kies-vervolg-vo", {"reden": "havo"}, DECAAN)
    assert antwoord.status_code == 200, antwoord.text
    deur.client.get(
        "/v1/werklijsten", params={"minPositie": antwoord.json()["positie"]}, headers=deur.als(DECAAN)
    ).raise_for_status()


def _gevraagd(databank: Databank, *handelingen: str) -> list[tuple[object, ...]]:
    with databank.verbind(Login.EIGENAAR) as verbinding:
        return verbinding.execute(_GEVRAAGD, (list(handelingen),)).fetchall()


def test_a_year_is_closed_after_it_was_told_what_that_does(
    kijk: Kijk, deur: Deur, databank: Databank, vogels: dict[str, UUID]
) -> None:
    klaar, open_ = vogels["Lijster"], vogels["Merel"]
    _bereikt_einde(deur, klaar)
    kijker = kijk(met_script=False)
    kijker.meld_aan("regiebeheerder")
    kijker.ga("/")
    kijker.blad.get_by_role("link", name="Overstapjaren").click()
    kijker.blad.get_by_role("link", name=f"Sluit overstapjaar {JAAR}").click()
    assert kijker.blad.locator("#klaar").inner_text() == "1 leerling wordt afgerond"
    assert deur.toon(klaar, DECAAN).json()["status"] == "vervolgkeuze_vo"
    kijker.blad.get_by_role("button", name=f"Sluit overstapjaar {JAAR}").click()
    assert kijker.blad.get_by_role("status").inner_text() == f"1 overstap van {JAAR} is afgesloten."
    assert deur.toon(klaar, DECAAN).json()["status"] == "afgerond"
    assert deur.toon(open_, DECAAN).json()["status"] == "nog_niet_aangemeld"
    regels = _gevraagd(databank, "sluit_af", "sluit_jaar")
    assert (klaar, "sluit_af", "overstap", "regiebeheerder", "toegestaan") in regels
    assert (None, "sluit_jaar", f"overstapjaar {JAAR}", "regiebeheerder", "toegestaan") in regels
    assert open_ not in {regel[0] for regel in regels}
    kijker.ga("/jaren")
    assert "gesloten" in kijker.blad.locator(f".jaar:has(a[href*='{JAAR}/sluiten'])").inner_text()


def test_closing_again_takes_whoever_is_ready_by_then(deur: Deur, vogels: dict[str, UUID]) -> None:
    later = vogels["Nachtegaal"]
    with zonder_script(deur, "regiebeheerder", REGIO) as regie:
        pad = f"/jaren/{JAAR}/sluiten"
        regie.stuur(pad)
        _bereikt_einde(deur, later)
        antwoord = regie.stuur(pad)
        assert antwoord.headers["location"] == f"{pad}?afgesloten=1&geweigerd=0"
        assert regie.stuur(pad).headers["location"] == f"{pad}?afgesloten=0&geweigerd=0"
    assert deur.toon(later, DECAAN).json()["status"] == "afgerond"


def test_the_next_year_is_opened_with_the_calendar_that_was_shown(kijk: Kijk, databank: Databank) -> None:
    kijker = kijk()
    kijker.meld_aan("regiebeheerder")
    kijker.ga("/jaren")
    kijker.blad.get_by_role("link", name=f"Open overstapjaar {JAAR + 1}").click()
    assert "1 oktober 2026" in kijker.blad.locator("main table").inner_text()
    assert "wettelijke kalender" in kijker.blad.locator("main").inner_text()
    kijker.blad.get_by_role("button", name=f"Open overstapjaar {JAAR + 1}").click()
    assert kijker.blad.get_by_role("status").inner_text() == f"Overstapjaar {JAAR + 1} is open."
    assert "open" in kijker.blad.locator(f".jaar:has(a[href*='{JAAR + 1}/sluiten'])").inner_text()
    wie = (None, "open_jaar", f"overstapjaar {JAAR + 1}", "regiebeheerder", "toegestaan")
    assert _gevraagd(databank, "open_jaar") == [wie]


def test_a_year_that_was_not_measured_says_when_it_can_be_closed(deur: Deur) -> None:
    with zonder_script(deur, "regiebeheerder", REGIO) as regie:
        regie.stuur(f"/jaren/{JAAR + 1}/openen")
        blad = regie.ga(f"/jaren/{JAAR + 1}/sluiten")
        antwoord = regie.stuur(f"/jaren/{JAAR + 1}/sluiten")
    assert "Het jaar sluiten kan vanaf 2 oktober 2027, na de meting." in blad
    assert f'action="/jaren/{JAAR + 1}/sluiten"' not in blad
    assert (antwoord.status_code, "2 oktober 2027" in antwoord.text) == (409, True)


def test_the_pupils_of_another_year_are_found_on_the_list(deur: Deur, vogels: dict[str, UUID]) -> None:
    with zonder_script(deur, "regiebeheerder", REGIO) as regie:
        regie.stuur(f"/jaren/{JAAR + 1}/openen")
    with zonder_script(deur, "decaan", SCHOOL) as decaan:
        van_nu, van_toen = decaan.ga("/leerlingen"), decaan.ga(f"/leerlingen?overstapjaar={JAAR}")
        bestand = decaan.ga(f"/leerlingen.csv?overstapjaar={JAAR}")
    assert f'<option value="{JAAR}">' in van_nu  # who works on the year that began can choose the one before
    assert f"/leerlingen/{vogels['Merel']}" not in van_nu
    assert f'<option value="{JAAR}" selected>' in van_toen
    assert f"/leerlingen/{vogels['Merel']}" in van_toen
    assert str(vogels["Merel"]) in bestand


@pytest.mark.parametrize("rol", ["decaan", "vo_beheerder"])
def test_the_years_are_the_regions(deur: Deur, rol: str) -> None:
    with zonder_script(deur, rol, SCHOOL) as iemand:
        for pad in ("/jaren", f"/jaren/{JAAR}/sluiten", f"/jaren/{JAAR + 1}/openen"):
            assert iemand.client.get(pad).status_code == 404
        assert iemand.stuur(f"/jaren/{JAAR}/sluiten").status_code == 404
        assert "/jaren" not in iemand.ga("/")


def test_a_year_is_not_closed_without_the_mark_of_the_form(deur: Deur) -> None:
    with zonder_script(deur, "regiebeheerder", REGIO) as regie:
        assert regie.client.post(f"/jaren/{JAAR}/sluiten").status_code == 403
        assert regie.client.get("/jaren/2090/openen").status_code == 404


def test_axe_finds_nothing_wrong_with_what_was_done_and_it_fits_the_smallest_screen(kijk: Kijk) -> None:
    kijker = kijk(breedte=320)
    kijker.meld_aan("regiebeheerder")
    kijker.ga(f"/jaren/{JAAR}/sluiten?afgesloten=12&geweigerd=1")
    assert kijker.bezwaren() == []
