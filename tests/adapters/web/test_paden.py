"""The main path of each role, walked in browsers by people who signed in at an OpenID provider."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from overstap.adapters.klok import GezetteKlok
from overstap.adapters.koppelingen.invoer import importeer_als
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.web import aanleveren
from overstap.domain.rollen import Rol
from tests.adapters.http.deur import Deur, open_deur
from tests.adapters.http.uitgever import echte_provider
from tests.adapters.opstelling import DECAAN, MBO, app, richt_regio_in
from tests.adapters.web.leverancier import lijst, regel, vind
from tests.adapters.web.meelezen import ga_meelezen
from tests.adapters.web.mensen import Mens, geef_rollen, schrijf_provider
from tests.adapters.web.school import PGNS, meld, voer_op, wacht_tot
from tests.adapters.web.vensters import Vensters

IN_APRIL = datetime.fromisoformat("2026-04-15T09:30:00+02:00")
_NAMEN = (f"Zwaan{nummer}" for nummer in count(1))
_OVERLEG = {"Met wie bij Leerplicht": "Team Noord", "Datum van het overleg": "2026-04-14"}
Word = Callable[..., Mens]


@pytest.fixture(scope="module")
def databank(demo_databank: Databank) -> Databank:
    with app(demo_databank, IN_APRIL) as geheel:
        richt_regio_in(geheel)
    return demo_databank


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with echte_provider() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def deur(databank: Databank, provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deur]:
    datamap = tmp_path_factory.mktemp("paden")
    with app(databank, IN_APRIL) as geheel:
        geef_rollen(geheel, provider)
    uitgevers = schrijf_provider(provider, datamap)
    with open_deur(databank, datamap, uitgevers=uitgevers, missers_per_minuut=0) as open_:
        yield open_


@pytest.fixture
def word(deur: Deur, vensters: Vensters, provider: str) -> Iterator[Word]:
    """Be somebody: sign in at the provider, and come where one was going."""
    open_: list[Mens] = []

    def word_iemand(rol: Rol, naar: str = "/", *, met_script: bool = True) -> Mens:
        open_.append(Mens(vensters, deur.adres, provider, rol, naar, met_script=met_script))
        return open_[-1]

    yield word_iemand
    for een in open_:
        een.sluit()


@pytest.fixture
def leerling(deur: Deur) -> tuple[UUID, str]:
    """Give a pupil of the school who applied at the MBO, and what he is called."""
    pgn, naam = next(PGNS), next(_NAMEN)
    overstap = voer_op(deur, naam, pgn=pgn)
    meld(deur, pgn, "AO")
    wacht_tot(deur, overstap, "aangemeld")
    return overstap, naam


@pytest.fixture
def mag_verder(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold every import up until one may go on, so that its page of progress is there to be seen."""
    verder = threading.Event()

    def wacht_eerst(*wat: Any, **hoe: Any) -> Any:  # noqa: ANN401  # as the real one
        assert verder.wait(60)
        return importeer_als(*wat, **hoe)

    monkeypatch.setattr("overstap.adapters.http.aanleveringen.importeer_als", wacht_eerst)
    monkeypatch.setattr(aanleveren, "GEDULD", 0.05)
    yield verder
    verder.set()


def test_pupils_are_uploaded_by_their_school_apply_and_are_placed_by_the_mbo(
    word: Word, deur: Deur, mag_verder: threading.Event, tmp_path: Path
) -> None:
    pgn, naam = next(PGNS), next(_NAMEN)
    bestand = tmp_path / "klas 4a.csv"
    bestand.write_bytes(lijst(regel(naam, pgn, klas="4a"), regel(next(_NAMEN)), regel("Onjuist", "123456789")))
    beheerder = word(Rol.VO_BEHEERDER)
    beheerder.blad.get_by_role("link", name="Aanleveringen").click()
    beheerder.blad.get_by_role("link", name="Lever een bestand aan").click()
    beheerder.blad.get_by_label("Bestand").set_input_files(bestand)
    beheerder.blad.get_by_role("button", name="Bekijk wat eruit komt").click()
    voorbeeld = beheerder.blad.locator("main").inner_text()
    assert ("klas 4a.csv" in voorbeeld, "Regel 4" in voorbeeld, "elfproef" in voorbeeld) == (True, True, True)
    beheerder.blad.get_by_role("button", name="Leg 2 regels vast").click()
    assert beheerder.kop == "Het bestand wordt verwerkt"
    mag_verder.set()
    beheerder.blad.get_by_role("heading", name="Aanlevering: Leerlingenlijst").wait_for()
    assert "1 regel is geweigerd" in beheerder.blad.get_by_role("status").inner_text()
    overstap = UUID(vind(deur, pgn)["id"])
    meld(deur, pgn, "AO", 1)
    meld(deur, pgn, "IG", 2)
    wacht_tot(deur, overstap, "intake")
    intaker = word(Rol.MBO_INTAKER, "/leerlingen?status=intake_gepland")
    intaker.blad.get_by_role("link", name=naam).click()
    intaker.zet("Rond de intake af")
    intaker.zet("Plaats voorlopig")
    beheerder.ga(f"/leerlingen/{overstap}")
    assert beheerder.staat == "Geplaatst"
    assert "voorlopig geplaatst" in beheerder.blad.locator(".aanmelding").inner_text().lower()


def test_what_one_person_records_another_sees_without_asking(
    word: Word, deur: Deur, leerling: tuple[UUID, str], record_property: Callable[[str, object], None]
) -> None:
    decaan = word(Rol.DECAAN)
    ga_meelezen(decaan, deur, "/leerlingen")
    decaan.blad.evaluate(
        """regel => { window.gezien = new Promise((klaar, nooit) => {
          new MutationObserver(() => {
            if (document.querySelector(regel)?.innerText.includes('Geplaatst')) klaar(Date.now());
          }).observe(document.body, {subtree: true, childList: true, characterData: true});
          setTimeout(() => nooit(new Error('the line did not change')), 20000);
        }); }""",
        f"#l-{leerling[0]}",
    )
    intaker = word(Rol.MBO_INTAKER, f"/leerlingen/{leerling[0]}")
    intaker.open_stap("Plaats voorlopig")
    intaker.leg_vast("Plaats voorlopig")
    verteld = intaker.blad.evaluate(
        "performance.timeOrigin + performance.getEntriesByType('navigation')[0].responseStart"
    )
    later = (decaan.blad.evaluate("window.gezien") - verteld) / 1_000
    record_property("seconden tussen het ene en het andere scherm", round(later, 2))
    assert "Geplaatst" in decaan.blad.locator(f"#l-{leerling[0]}").inner_text()


@pytest.mark.parametrize("met_script", [True, False])
def test_a_decaan_records_a_vervolgkeuze_and_takes_it_back(
    word: Word, leerling: tuple[UUID, str], *, met_script: bool
) -> None:
    decaan = word(Rol.DECAAN, f"/leerlingen/{leerling[0]}", met_script=met_script)
    decaan.zet("Leg een vervolgkeuze VO vast", keuzes={"Reden": "havo"})
    assert decaan.staat == "Vervolgkeuze VO"
    decaan.zet("Trek de vervolgkeuze in")
    assert decaan.staat == "Aangemeld"


def test_leerplicht_is_called_in_only_after_overleg_and_hands_the_pupil_back(
    word: Word, leerling: tuple[UUID, str]
) -> None:
    decaan = word(Rol.DECAAN, f"/leerlingen/{leerling[0]}")
    decaan.mag = ["409"]
    ambtenaar = word(Rol.LEERPLICHTAMBTENAAR, "/leerlingen")
    assert ambtenaar.blad.get_by_role("link", name=leerling[1]).count() == 0
    decaan.open_stap("Schakel Leerplicht in")
    decaan.blad.get_by_role("button", name="Vastleggen").click()
    assert "leg eerst het overleg met Leerplicht vast" in decaan.blad.get_by_role("alert").inner_text()
    decaan.vul(_OVERLEG)
    decaan.leg_vast("Schakel Leerplicht in")
    ambtenaar.ga("/leerlingen")
    ambtenaar.blad.get_by_role("link", name=leerling[1]).click()
    ambtenaar.zet("Handel af en geef terug", keuzes={"Uitkomst": "terug_naar_vo"})
    decaan.ga(f"/leerlingen/{leerling[0]}")
    assert decaan.staat == "Leerplicht afgehandeld"
    decaan.zet("Hervat de overstap")
    assert decaan.staat == "Aangemeld"


def test_two_work_on_one_pupil_and_neither_loses_what_he_did(word: Word, leerling: tuple[UUID, str]) -> None:
    """The one writes the other a message, who plans the intake meanwhile."""
    decaan = word(Rol.DECAAN, f"/leerlingen/{leerling[0]}")
    decaan.mag = ["412"]
    decaan.open_stap("Schrijf een bericht")
    decaan.vul({"Aan wie": MBO, "Bericht": "Belt u mij over de intake?"})
    intaker = word(Rol.MBO_INTAKER, f"/leerlingen/{leerling[0]}")
    intaker.zet("Plan de intake")
    decaan.blad.get_by_role("button", name="Vastleggen").click()
    melding = decaan.blad.get_by_role("alert").inner_text()
    assert ("Iemand anders was u voor" in melding, "intake" in melding) == (True, True)
    assert decaan.blad.get_by_label("Bericht").input_value() == "Belt u mij over de intake?"
    decaan.leg_vast("Schrijf een bericht", "Toch vastleggen")
    assert decaan.staat == "Intake"
    intaker.ga(f"/leerlingen/{leerling[0]}")
    assert "Belt u mij over de intake?" in intaker.blad.locator(".berichten").inner_text()


def test_a_decision_is_corrected_and_what_was_known_before_stays_to_be_seen(
    word: Word, deur: Deur, leerling: tuple[UUID, str]
) -> None:
    keuze = deur.stap(leerling[0], "kies-vervolg-vo", {"reden": "havo"}, DECAAN)
    assert keuze.status_code == 200, keuze.text
    klok = deur.dienst.klok
    assert isinstance(klok, GezetteKlok)
    toen = klok()
    klok.zet(toen + timedelta(days=2))
    decaan = word(Rol.DECAAN, f"/leerlingen/{leerling[0]}")
    assert decaan.staat == "Vervolgkeuze VO"
    decaan.blad.get_by_role("listitem").filter(has_text="vervolgkeuze").get_by_role("link", name="Herzie").click()
    decaan.vul({"Reden": "Bij de verkeerde leerling vastgelegd."})
    decaan.leg_vast("Herzie een gebeurtenis")
    assert decaan.staat == "Aangemeld"
    dag = toen.date().isoformat()
    decaan.blad.locator("#op").fill(dag)
    decaan.blad.locator("#bekend").fill(dag)
    decaan.blad.get_by_role("button", name="Bekijk").click()
    assert "Vervolgkeuze VO" in decaan.blad.locator("#toen dl").inner_text()
    [verschil] = decaan.blad.locator("#toen li").all_inner_texts()
    assert "Vervolgkeuze VO → Aangemeld" in verschil


def test_a_list_is_taken_along_and_gone_on_with_after_the_session_was_over(
    word: Word, databank: Databank, leerling: tuple[UUID, str]
) -> None:
    decaan = word(Rol.DECAAN, "/leerlingen?status=aangemeld")
    with decaan.blad.expect_download() as bezig:
        decaan.blad.get_by_role("link", name="CSV").click()
    assert leerling[1] in bezig.value.path().read_text(encoding="utf-8-sig")
    assert bezig.value.suggested_filename.endswith(".csv")
    with databank.verbind(Login.EIGENAAR) as verbinding:
        verbinding.execute(b"UPDATE toegang.sessies SET laatst_op = laatst_op - interval '1 day'")
    decaan.blad.get_by_role("link", name=leerling[1]).click()
    assert "Uw sessie is voorbij." in decaan.blad.get_by_role("status").inner_text()
    decaan.meld_aan_bij_provider()
    assert decaan.pad == f"/leerlingen/{leerling[0]}"
    assert leerling[1] in decaan.kop


def test_a_mentor_records_a_talk_about_a_pupil_of_his_class(word: Word, leerling: tuple[UUID, str]) -> None:
    mentor = word(Rol.MENTOR, "/leerlingen")
    mentor.blad.get_by_role("link", name=leerling[1]).click()
    assert mentor.zie("Persoonsgebonden nummer").count() == 0
    mentor.zet("Leg de warme overdracht vast", {"Datum": "2026-04-13"})
    assert "warme overdracht" in mentor.blad.locator(".verhaal li").first.inner_text().lower()


def test_a_samenwerkingsverband_sees_a_pupil_of_its_school_and_not_his_number(
    word: Word, leerling: tuple[UUID, str]
) -> None:
    verband = word(Rol.SAMENWERKINGSVERBAND, f"/leerlingen/{leerling[0]}")
    assert leerling[1] in verband.kop
    assert (verband.zie("Persoonsgebonden nummer").count(), verband.blad.locator("#berichten").count()) == (0, 0)


def test_a_manager_sees_figures_and_nobody(word: Word) -> None:
    manager = word(Rol.MANAGER)
    ingangen = manager.blad.get_by_role("navigation").first
    assert ingangen.get_by_role("link", name="Leerlingen").count() == 0
    ingangen.get_by_role("link", name="Cijfers").click()
    assert "Eerste School" in manager.blad.locator("main").inner_text()


def test_an_administrator_of_an_mbo_grants_a_role(word: Word) -> None:
    beheerder = word(Rol.MBO_BEHEERDER, "/organisatie")
    formulier = beheerder.blad.locator("form[action$=ken_rol_toe]")
    formulier.get_by_label("Account").fill("intaker-uit-paden")
    formulier.get_by_label("Rol").select_option("mbo_intaker")
    formulier.get_by_role("button").click()
    assert "intaker-uit-paden" in beheerder.blad.locator("main table").inner_text()


def test_the_region_sees_who_a_pupil_is_with_a_reason(word: Word, leerling: tuple[UUID, str]) -> None:
    regie = word(Rol.REGIEBEHEERDER, f"/leerlingen/{leerling[0]}")
    assert leerling[1] not in regie.kop
    regie.vul({"Waarom wilt u dit weten?": "Vraag van de ouders"})
    regie.blad.get_by_role("button", name="Toon wie dit is").click()
    assert leerling[1] in regie.kop


def test_an_auditor_goes_from_a_pupil_to_the_delivery_that_moved_him(word: Word, leerling: tuple[UUID, str]) -> None:
    auditor = word(Rol.AUDITOR, f"/leerlingen/{leerling[0]}")
    assert leerling[1] not in auditor.kop
    auditor.ga(f"/log?stroom={leerling[0]}")
    auditor.blad.locator("main tbody a").first.click()
    assert "Uit de aanlevering" in auditor.blad.locator(".keten").inner_text()
