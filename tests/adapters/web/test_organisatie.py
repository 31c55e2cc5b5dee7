"""An organisation on screen: whom to call, who may act for it, what its administrator records, what the region may."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import ANDERE_SCHOOL, MBO, REGIEBEHEERDER, REGIO, SCHOOL
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.zonder_script import zonder_script

Kijk = Callable[..., Kijker]
_STAPPEN = f"/organisaties/{SCHOOL}/stappen"


def _accounts(html: str) -> list[str]:
    tabel = re.search(r'aria-labelledby="accounts">(.*?)</section>', html, re.DOTALL)
    return re.findall(r'<span class="klein blok account">(.*?)</span>', tabel[1]) if tabel else []


@pytest.mark.parametrize("met_script", [True, False])
def test_the_administrator_grants_a_role_and_takes_it_back(kijk: Kijk, *, met_script: bool) -> None:
    kijker, account = kijk(met_script=met_script), f"mentor-{'js' if met_script else 'html'}"
    kijker.meld_aan("vo_beheerder", SCHOOL)
    kijker.ga("/")
    kijker.blad.get_by_role("link", name="Organisatie").click()
    formulier = kijker.blad.locator("form[action$=ken_rol_toe]").last
    formulier.get_by_label("Account").fill(account)
    formulier.get_by_label("Rol").select_option("mentor")
    formulier.get_by_label("Klas").fill("4b")
    formulier.get_by_label("Naam").fill("M. in 't Veld")
    formulier.get_by_role("button").click()
    assert kijker.blad.get_by_role("status").inner_text() == "Vastgelegd: Geef een rol."
    rij = kijker.blad.locator(f"tr:has-text('{account}')")
    assert "klas 4b" in rij.inner_text()
    assert "gaf M. in 't Veld de rol mentor" in kijker.blad.locator(".verhaal li").first.inner_text()
    rij.locator("summary").click()
    rij.get_by_role("button", name="Neem de rol mentor terug").click()
    assert kijker.blad.get_by_role("status").inner_text() == "Vastgelegd: Neem een rol terug."
    assert account not in kijker.blad.locator("main table").all_inner_texts()
    assert f"nam de rol mentor van {account} terug" in kijker.blad.locator(".verhaal li").first.inner_text()


def test_whom_to_call_is_named_changed_and_seen_by_others(kijk: Kijk, deur: Deur) -> None:
    kijker = kijk()
    kijker.meld_aan("mbo_beheerder", MBO)
    kijker.ga("/organisatie")
    kijker.blad.get_by_label("Waarvoor men belt").fill("intake")
    kijker.blad.get_by_label("Naam").first.fill("N. Merel")
    kijker.blad.get_by_label("Telefoon").first.fill("020 555 03 03")
    kijker.blad.locator("form[action$=leg_contact_vast]").get_by_role("button").click()
    kijker.blad.get_by_role("link", name="Wijzig intake").click()
    naam = kijker.blad.locator("form[action$=leg_contact_vast]").get_by_label("Naam")
    assert naam.input_value() == "N. Merel"
    naam.fill("O. Spreeuw")
    kijker.blad.locator("form[action$=leg_contact_vast]").get_by_role("button").click()
    kijker.zie("O. Spreeuw").wait_for()
    with zonder_script(deur, "decaan", SCHOOL) as decaan:
        blad = decaan.ga(f"/organisaties/{MBO}")
    assert ("O. Spreeuw" in blad, "N. Merel" in blad, 'href="tel:0205550303"' in blad) == (True, False, True)
    assert 'id="accounts"' not in blad
    assert "<form" not in blad.split("<main", 1)[1].split("</main>", 1)[0]


def test_who_was_overtaken_is_told_and_keeps_what_he_filled_in(deur: Deur) -> None:
    with zonder_script(deur, "vo_beheerder", SCHOOL) as beheerder:
        versie = beheerder.verborgen("/organisatie", "versie")
        velden = {"versie": versie, "onderwerp": "overstap", "contact.naam": "P. Uil"}
        eerst = beheerder.stuur(f"{_STAPPEN}/leg_contact_vast", sleutel="uil-een", **velden)
        daarna = beheerder.stuur(f"{_STAPPEN}/leg_contact_vast", sleutel="uil-twee", **velden | {"contact.naam": "Q"})
    assert (eerst.status_code, daarna.status_code) == (303, 412)
    assert 'name="contact.naam" value="Q"' in daarna.text
    assert 'role="alert"' in daarna.text


def test_what_is_wrong_is_said_at_its_field(deur: Deur) -> None:
    with zonder_script(deur, "vo_beheerder", SCHOOL) as beheerder:
        velden = {"account": "Niet Goed", "functionaris.naam": "R. Valk"}
        antwoord = beheerder.stuur(f"{_STAPPEN}/ken_rol_toe", sleutel="valk", **velden)
    assert antwoord.status_code == 400
    assert 'id="ken_rol_toe-account-fout"' in antwoord.text
    assert re.search(r'id="ken_rol_toe-rol-fout".*Vul dit veld in\.', antwoord.text)
    assert 'name="functionaris.naam" value="R. Valk"' in antwoord.text


def test_nobody_grants_a_role_at_another_school(deur: Deur) -> None:
    with zonder_script(deur, "vo_beheerder", ANDERE_SCHOOL) as ander:
        blad = ander.ga(f"/organisaties/{SCHOOL}")
        geweigerd = ander.stuur(f"{_STAPPEN}/ken_rol_toe", account="vreemde", rol="mentor", sleutel="vreemd")
    assert geweigerd.status_code == 403
    assert 'action="/organisaties' not in blad
    with zonder_script(deur, "vo_beheerder", SCHOOL) as beheerder:
        assert "vreemde" not in _accounts(beheerder.ga("/organisatie"))


def test_a_form_without_its_mark_records_nothing(deur: Deur) -> None:
    with zonder_script(deur, "vo_beheerder", SCHOOL) as beheerder:
        velden = {"account": "zonder-merk", "rol": "mentor", "sleutel": "zonder-merk"}
        assert beheerder.client.post(f"{_STAPPEN}/ken_rol_toe", data=velden).status_code == 403
        assert "zonder-merk" not in beheerder.ga("/organisatie")


def test_the_region_takes_up_an_organisation_and_gives_it_its_first_administrator(kijk: Kijk) -> None:
    kijker = kijk()
    kijker.mag = ["400", "412"]
    kijker.meld_aan("regiebeheerder")
    kijker.ga("/")
    kijker.blad.get_by_role("link", name="Organisaties").click()
    kijker.blad.get_by_role("link", name="Nieuwe organisatie").click()
    kijker.blad.locator("#code").fill(SCHOOL)
    kijker.blad.get_by_label("Soort organisatie").select_option("vo")
    kijker.blad.get_by_label("Naam").fill("Derde School")
    kijker.blad.get_by_label("Werkt zelf in Overstap").check()
    kijker.blad.get_by_role("button", name="Neem op in de regio").click()
    assert "doet al mee" in kijker.blad.locator("#code-fout").inner_text()
    assert kijker.blad.get_by_label("Werkt zelf in Overstap").is_checked()
    kijker.blad.locator("#code").fill("99AC")
    kijker.blad.get_by_role("button", name="Neem op in de regio").click()
    assert (kijker.kop, kijker.pad.partition("?")[0]) == ("Derde School", "/organisaties/99AC")
    formulier = kijker.blad.locator("form[action$=ken_rol_toe]")
    assert formulier.get_by_label("Rol").locator("option").all_inner_texts() == ["Kies", "vo-beheerder"]
    formulier.get_by_label("Account").fill("beheer-99ac")
    formulier.get_by_label("Rol").select_option("vo_beheerder")
    formulier.get_by_role("button").click()
    assert "beheer-99ac" in kijker.blad.locator("main table").inner_text()
    assert kijker.blad.locator("form[action$=ken_rol_toe]").count() == 0  # from now on its own administrator grants
    kijker.ga("/organisaties?soort=vo")
    assert "Derde School" in kijker.blad.locator("main table").inner_text()


def test_the_region_sees_names_with_a_reason_that_is_logged(deur: Deur, databank: Databank) -> None:
    with zonder_script(deur, "vo_beheerder", SCHOOL) as beheerder:
        velden = {"account": "mentor-havik", "rol": "mentor", "functionaris.naam": "S. Havik"}
        assert beheerder.stuur(f"{_STAPPEN}/ken_rol_toe", sleutel="havik", **velden).status_code == 303
    with zonder_script(deur, "regiebeheerder", REGIO) as regie:
        zonder = regie.ga(f"/organisaties/{SCHOOL}")
        met = regie.stuur(f"/organisaties/{SCHOOL}", reden="Jaarlijkse controle van accounts").text
    assert ("S. Havik" in zonder, "mentor-havik" in zonder, "S. Havik" in met) == (False, True, True)
    vraag = b"SELECT DISTINCT onderwerp FROM toegang.toegangslog WHERE reden = 'Jaarlijkse controle van accounts'"
    with databank.verbind(Login.EIGENAAR) as verbinding:
        assert (f"accounts van {SCHOOL}",) in verbinding.execute(vraag).fetchall()


def _stap(deur: Deur, stap: str, inhoud: dict[str, str]) -> None:
    koppen = {**deur.als(REGIEBEHEERDER), "If-Match": "*", "Idempotency-Key": uuid4().hex}
    antwoord = deur.client.post(f"/v1/organisaties/{REGIO}/stappen/{stap}", json=inhoud, headers=koppen)
    assert antwoord.status_code == 200, antwoord.text
    deur.client.get(
        f"/v1/organisaties/{REGIO}/accounts",
        params={"minPositie": antwoord.json()["positie"]},
        headers=deur.als(REGIEBEHEERDER),
    ).raise_for_status()


def test_an_auditor_is_proposed_by_one_and_confirmed_by_another(kijk: Kijk, deur: Deur) -> None:
    _stap(deur, "neem-organisatie-op", {"soort": "regio", "naam": "De Regio"})
    _stap(deur, "ken-rol-toe", {"account": "auditor-wouw", "rol": "auditor"})
    kijker = kijk()
    kijker.meld_aan("regiebeheerder")
    kijker.ga("/organisatie")
    assert f"Voorgesteld door {REGIEBEHEERDER.account}" in kijker.blad.locator("#voorstellen + p + ul").inner_text()
    kijker.blad.get_by_role("button", name="Bekrachtig").click()
    assert "auditor-wouw" in kijker.blad.locator("main table").inner_text()
    formulier = kijker.blad.locator("form[action$=ken_rol_toe]")
    formulier.get_by_label("Account").fill("auditor-zwaan")
    formulier.get_by_label("Rol").select_option("auditor")
    formulier.get_by_role("button").click()
    kijker.zie("Dit wacht op een andere regiebeheerder.").wait_for()
    assert kijker.blad.get_by_role("button", name="Bekrachtig").count() == 0
    assert kijker.ontoegankelijk() == []


def test_only_the_region_takes_up_an_organisation(deur: Deur) -> None:
    with zonder_script(deur, "vo_beheerder", SCHOOL) as beheerder:
        assert "/nieuwe-organisatie" not in beheerder.ga("/organisaties")
        assert beheerder.client.get("/nieuwe-organisatie").status_code == 404
        velden = {"code": "99AD", "soort": "vo", "naam": "Eigen school", "sleutel": "eigen"}
        assert beheerder.stuur("/nieuwe-organisatie", **velden).status_code == 404
        assert beheerder.stuur("/organisaties/99AD/stappen/neem_organisatie_op", **velden).status_code == 404
        assert beheerder.client.get("/organisaties/99AD").status_code == 404


def test_a_link_that_looks_like_a_button_can_be_read(kijk: Kijk) -> None:
    kijker = kijk()
    kijker.meld_aan("regiebeheerder")
    kijker.ga("/organisaties")
    knop = kijker.blad.get_by_role("link", name="Nieuwe organisatie")
    kleuren = "een => [getComputedStyle(een).color, getComputedStyle(een).backgroundColor]"
    letter, grond = knop.evaluate(kleuren)
    assert letter != grond  # a checker of contrast takes text in the colour of its ground for hidden on purpose
    with kijker.in_het_donker():
        letter, grond = knop.evaluate(kleuren)
    assert letter != grond


def test_axe_finds_nothing_wrong_with_what_was_done_and_it_fits_the_smallest_screen(kijk: Kijk) -> None:
    kijker = kijk(breedte=320)
    kijker.meld_aan("vo_beheerder", SCHOOL)
    kijker.ga("/organisatie?gedaan=ken_rol_toe&contact=overstap")
    kijker.vouw_open()
    assert kijker.bezwaren() == []
