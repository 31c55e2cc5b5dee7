"""Whom to call about a pupil, what was written about him, and what is left of who was erased."""

import re
import time
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from overstap.adapters.app import App
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.wissen.wisser import wis
from overstap.domain.rollen import Actor, Rol
from overstap.domain.verzoeken_wissen import WisPersoon
from tests.adapters.http.deur import GEDULD, Deur
from tests.adapters.opstelling import DECAAN, GEMEENTE, MBO, REGIEBEHEERDER, REGIO, SCHOOL, VO_BEHEERDER, app
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.school import INTAKER, PGNS, meld, voer_op, wacht_tot
from tests.adapters.web.zonder_script import zonder_script

Kijk = Callable[..., Kijker]
_MBO_BEHEERDER = Actor(account="beheer-99xx", rol=Rol.MBO_BEHEERDER, organisatie=MBO, regio=REGIO)


def _noem(deur: Deur, actor: Actor, code: str, onderwerp: str, **wie: str) -> None:
    koppen = {**deur.als(actor), "If-Match": "*", "Idempotency-Key": uuid4().hex}
    antwoord = deur.client.post(
        f"/v1/organisaties/{code}/stappen/leg-contact-vast",
        json={"onderwerp": onderwerp, "contact": wie},
        headers=koppen,
    )
    antwoord.raise_for_status()
    deur.client.get(
        f"/v1/organisaties/{code}/contacten",
        params={"minPositie": antwoord.json()["positie"]},
        headers=deur.als(actor),
    ).raise_for_status()


@pytest.fixture(scope="module")
def gids(deur: Deur) -> None:
    """Let school, MBO and gemeente name somebody."""
    _noem(deur, VO_BEHEERDER, SCHOOL, "overstap", naam="M. Kanarie", telefoon="020 555 01 01")
    _noem(deur, _MBO_BEHEERDER, MBO, "intake", naam="N. Merel", email="intake@99xx.example")
    _noem(deur, REGIEBEHEERDER, GEMEENTE, "leerplicht", naam="O. Mus", telefoon="020 555 02 02")


@pytest.fixture(scope="module")
def leerling(deur: Deur, gids: None) -> UUID:
    assert gids is None
    pgn = next(PGNS)
    overstap = voer_op(deur, "Fitis", pgn=pgn)
    meld(deur, pgn, "AO")
    wacht_tot(deur, overstap, "aangemeld")
    return overstap


@pytest.fixture
def gewist(deur: Deur, databank: Databank) -> UUID:
    overstap = voer_op(deur, "Gors")
    with app(databank) as geheel, databank.verbind(Login.SCHRIJVER) as verbinding:
        _wis(geheel, verbinding, overstap)
    einde = time.monotonic() + GEDULD
    while deur.toon(overstap, DECAAN).json()["versie"] < 2:  # the read model follows
        assert time.monotonic() < einde
    return overstap


def _wis(geheel: App, verbinding: object, overstap: UUID) -> None:
    verzoek = WisPersoon(aanleiding="verzoek", reden="brief 12")
    wis(verbinding, [overstap], verzoek, REGIEBEHEERDER, geheel.klok)  # type: ignore[arg-type]


def _bellen(html: str) -> str:
    gevonden = re.search(r'aria-labelledby="bellen">(.*?)</section>', html, re.DOTALL)
    return gevonden[1] if gevonden else ""


def test_a_decaan_reads_whom_to_call_at_school_mbo_and_leerplicht(deur: Deur, leerling: UUID) -> None:
    with zonder_script(deur, "decaan", SCHOOL) as decaan:
        bellen = _bellen(decaan.ga(f"/leerlingen/{leerling}"))
    assert re.findall(r"<strong>(.*?)</strong>", bellen) == ["de school", "M. Kanarie", "N. Merel", "O. Mus"]
    assert 'href="tel:0205550101"' in bellen
    assert 'href="mailto:intake@99xx.example"' in bellen
    assert bellen.count("let nu op de leerling") == 1


def test_an_mbo_is_not_told_of_leerplicht_nor_who_looks_after_him(deur: Deur, leerling: UUID) -> None:
    with zonder_script(deur, "mbo_intaker", MBO) as intaker:
        bellen = _bellen(intaker.ga(f"/leerlingen/{leerling}"))
    assert re.findall(r"<strong>(.*?)</strong>", bellen) == ["M. Kanarie", "N. Merel"]
    assert "let nu op de leerling" not in bellen


def test_the_region_reads_those_names_with_a_reason_that_is_logged(
    deur: Deur, databank: Databank, leerling: UUID
) -> None:
    with zonder_script(deur, "regiebeheerder", REGIO) as regie:
        zonder = _bellen(regie.ga(f"/leerlingen/{leerling}"))
        met = _bellen(regie.stuur(f"/leerlingen/{leerling}", reden="Wie te bellen over hem").text)
    assert ("Kanarie" in zonder, "Er is iemand genoemd" in zonder, "Kanarie" in met) == (False, True, True)
    vraag = (
        b"SELECT onderwerp FROM toegang.toegangslog"
        b" WHERE overstap IS NULL AND reden = 'Wie te bellen over hem' AND herkomst = 'web'"
    )
    with databank.verbind(Login.EIGENAAR) as verbinding:
        assert verbinding.execute(vraag).fetchall() == [(f"contacten van {SCHOOL} {MBO} {GEMEENTE}",)]


def test_school_and_mbo_write_each_other_and_both_read_it(kijk: Kijk, leerling: UUID) -> None:
    school, mbo = kijk(), kijk(met_script=False)
    school.meld_aan("decaan", SCHOOL)
    school.ga(f"/leerlingen/{leerling}")
    school.blad.get_by_role("link", name="Schrijf een bericht").first.click()
    school.blad.get_by_label("Aan wie").fill(MBO)
    school.blad.get_by_label("Bericht").fill("Kan de intake op vrijdag?")
    school.blad.get_by_role("button", name="Vastleggen").click()
    school.zie("Eerste School (decaan) aan Eerste MBO").wait_for()
    mbo.meld_aan("mbo_intaker", MBO)
    mbo.ga(f"/leerlingen/{leerling}")
    assert mbo.blad.locator(".bericht-tekst").all_inner_texts() == ["Kan de intake op vrijdag?"]
    mbo.blad.locator("section[aria-labelledby=berichten]").get_by_role("link", name="Schrijf een bericht").click()
    mbo.blad.get_by_label("Aan wie").fill(SCHOOL)
    mbo.blad.get_by_label("Bericht").fill("Ja, om tien uur.")
    mbo.blad.get_by_role("button", name="Vastleggen").click()
    school.ga(f"/leerlingen/{leerling}")
    assert school.blad.locator(".bericht-tekst").all_inner_texts() == ["Kan de intake op vrijdag?", "Ja, om tien uur."]
    assert school.ontoegankelijk() == []


def test_the_region_reads_a_message_with_a_reason_alone(deur: Deur, leerling: UUID) -> None:
    bericht = {"aan": SCHOOL, "tekst": "Dit leest niet iedereen."}
    assert deur.stap(leerling, "plaats-bericht", bericht, INTAKER).status_code == 200
    with zonder_script(deur, "regiebeheerder", REGIO) as regie:
        zonder = regie.ga(f"/leerlingen/{leerling}")
        met = regie.stuur(f"/leerlingen/{leerling}", reden="Klacht over een bericht").text
    assert ("Dit leest niet iedereen." in zonder, "Dit leest niet iedereen." in met) == (False, True)
    assert "Wat er staat, is voor u niet te lezen." in zonder


def test_who_was_erased_has_a_calm_page_that_offers_no_steps(kijk: Kijk, gewist: UUID) -> None:
    kijker = kijk(breedte=320)
    kijker.meld_aan("decaan", SCHOOL)
    kijker.ga(f"/leerlingen/{gewist}")
    assert kijker.kop == "Deze leerling is gewist"
    inhoud = kijker.blad.locator("main").inner_text()
    assert "Op verzoek van de leerling of zijn ouders." in inhoud
    assert "Gewist op" in inhoud
    assert "brief 12" in inhoud
    assert kijker.blad.locator("main a[href*='/stappen/'], main form").count() == 0
    assert kijker.bezwaren() == []


def test_in_the_list_he_stands_as_erased(deur: Deur, gewist: UUID) -> None:
    with zonder_script(deur, "decaan", SCHOOL) as decaan:
        lijst = decaan.ga("/leerlingen?volgorde=nieuwst")
    assert f'<a href="/leerlingen/{gewist}">Gewist ({str(gewist)[:8]})</a>' in lijst
    assert "Gors" not in lijst
