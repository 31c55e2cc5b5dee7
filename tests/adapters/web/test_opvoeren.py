"""One pupil by a form: entered once, refused as the API refuses, and taken over from another school."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from overstap.adapters.http.opvoer import Opvoer
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.web.opvoeren import GROEPEN
from overstap.adapters.web.stapvelden import velden_uit
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import ANDERE_SCHOOL, DECAAN, GEMEENTE, SCHOOL
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.school import PGNS, voer_op
from tests.adapters.web.zonder import Zonder

Kijk = Callable[..., Kijker]
MENTOR_ZIET_NIET = 403


def _vul(kijker: Kijker, pgn: str, **anders: str) -> None:
    velden = {
        "Persoonsgebonden nummer": pgn,
        "Voornaam": "Sanne",
        "Achternaam": "Fazant",
        "Geboortedatum": "2010-05-06",
        "Klas": "4c",
        "Gemeentecode": GEMEENTE,
    }
    for naam, waarde in (velden | anders).items():
        kijker.blad.get_by_label(naam).fill(waarde)
    kijker.blad.get_by_label("Leerweg").select_option("kb")


def _leerlingen(databank: Databank) -> int:
    with databank.verbind(Login.EIGENAAR) as verbinding:
        rij = verbinding.execute(b"SELECT count(*) FROM kluis.pgn").fetchone()
    assert rij is not None
    return int(rij[0])


@pytest.mark.parametrize("met_script", [True, False])
def test_a_pupil_is_entered_and_shown(kijk: Kijk, *, met_script: bool) -> None:
    kijker = kijk(met_script=met_script)
    kijker.meld_aan("decaan", SCHOOL)
    kijker.ga("/leerlingen")
    kijker.blad.get_by_role("link", name="Voer een leerling in").click()
    _vul(kijker, next(PGNS))
    kijker.blad.get_by_role("button", name="Voer in", exact=True).click()
    assert kijker.blad.get_by_role("status").inner_text() == "Vastgelegd: Voer de leerling in."
    assert kijker.kop == "Sanne Fazant"


def test_after_one_pupil_the_next_can_be_entered_at_once(kijk: Kijk) -> None:
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    kijker.ga("/opvoeren")
    _vul(kijker, next(PGNS))
    kijker.blad.get_by_role("button", name="Voer in en ga door").click()
    assert "De leerling is ingevoerd." in kijker.blad.get_by_role("status").inner_text()
    assert kijker.blad.get_by_label("Achternaam").input_value() == ""
    kijker.blad.get_by_role("link", name="Bekijk de leerling").click()
    assert kijker.kop == "Sanne Fazant"


def test_each_wrong_field_is_named_and_nothing_that_was_filled_in_is_lost(kijk: Kijk, databank: Databank) -> None:
    kijker, eerst = kijk(), _leerlingen(databank)
    kijker.mag = ["400"]
    kijker.meld_aan("decaan", SCHOOL)
    kijker.ga("/opvoeren")
    _vul(kijker, "123456789", Klas="Van der Berg", Geboortedatum="2030-01-01")
    kijker.blad.get_by_label("Heeft een startkwalificatie").check()
    kijker.blad.get_by_role("button", name="Voer in", exact=True).click()
    for naam, waarde in (("Persoonsgebonden", "123456789"), ("Klas", "Van der Berg"), ("Geboortedatum", "2030-01-01")):
        veld = kijker.blad.get_by_label(naam)
        assert (naam, veld.input_value(), veld.get_attribute("aria-invalid")) == (naam, waarde, "true")
    assert "elfproef" in kijker.blad.locator("#v-pgn-fout").inner_text()
    assert kijker.blad.get_by_label("Achternaam").input_value() == "Fazant"
    assert kijker.blad.get_by_label("Heeft een startkwalificatie").is_checked()
    assert kijker.ontoegankelijk() == []
    assert _leerlingen(databank) == eerst


def test_who_is_followed_already_is_refused_as_the_api_does(kijk: Kijk, deur: Deur) -> None:
    kijker, pgn = kijk(), next(PGNS)
    voer_op(deur, "Gans", pgn=pgn)
    kijker.mag = ["409"]
    kijker.meld_aan("decaan", SCHOOL)
    kijker.ga("/opvoeren")
    _vul(kijker, pgn)
    kijker.blad.get_by_role("button", name="Voer in", exact=True).click()
    melding = kijker.blad.get_by_role("alert").inner_text()
    assert "Deze leerling wordt in dit overstapjaar al gevolgd." in melding
    assert kijker.blad.get_by_label("Achternaam").input_value() == "Fazant"


def _formulier(zonder: Zonder, **anders: str) -> dict[str, Any]:
    velden = {"pgn": next(PGNS), "voornaam": "Sanne", "achternaam": "Haas", "geboortedatum": "2010-05-06"}
    velden |= {"leerweg": "kb", "klas": "4c", "vestiging": "00", "gemeente": GEMEENTE, "sleutel": "s1"}
    return {**velden, "merk": zonder.merk(), **anders}


def test_the_same_form_sent_twice_enters_one_pupil(zonder: Zonder, databank: Databank) -> None:
    zonder.meld_aan("decaan", SCHOOL)
    eerst, velden = _leerlingen(databank), _formulier(zonder)
    adressen = {zonder.client.post("/opvoeren", data=velden).headers["location"] for _ in range(2)}
    assert (len(adressen), _leerlingen(databank)) == (1, eerst + 1)


def test_another_site_enters_nobody(zonder: Zonder, databank: Databank) -> None:
    zonder.meld_aan("decaan", SCHOOL)
    eerst = _leerlingen(databank)
    antwoord = zonder.client.post("/opvoeren", data=_formulier(zonder, merk="0" * 64))
    assert (antwoord.status_code, _leerlingen(databank)) == (403, eerst)


@pytest.mark.parametrize("pad", ["/opvoeren", "/overdracht"])
@pytest.mark.parametrize(("rol", "organisatie"), [("mentor", SCHOOL), ("manager", SCHOOL), ("mbo_intaker", "99XX")])
def test_a_role_that_enters_nobody_has_no_form_and_no_way_to_it(
    zonder: Zonder, rol: str, organisatie: str, pad: str
) -> None:
    zonder.meld_aan(rol, organisatie)
    assert zonder.client.get(pad).status_code == MENTOR_ZIET_NIET
    assert zonder.client.post(pad, data={"merk": "x"}).status_code == MENTOR_ZIET_NIET
    assert pad not in zonder.client.get("/").text


def test_what_was_filled_in_comes_back_as_text(zonder: Zonder) -> None:
    zonder.meld_aan("decaan", SCHOOL)
    kwaad = '"><script>x</script>'
    antwoord = zonder.client.post("/opvoeren", data=_formulier(zonder, pgn="1", achternaam=kwaad))
    assert (antwoord.status_code, "<script>x" in antwoord.text) == (400, False)
    assert "&lt;script&gt;x" in antwoord.text


def test_a_pupil_is_handed_over_and_taken_over_by_number(kijk: Kijk, deur: Deur) -> None:
    pgn = next(PGNS)
    overstap = voer_op(deur, "IJsvogel", pgn=pgn)
    kijker = kijk()
    kijker.mag = ["404"]
    kijker.meld_aan("decaan", ANDERE_SCHOOL)
    kijker.ga("/opvoeren")
    kijker.blad.get_by_role("link", name="Neem een leerling over").click()
    kijker.blad.get_by_label("Persoonsgebonden nummer").fill(pgn)
    kijker.blad.get_by_label("Klas").fill("4d")
    kijker.blad.get_by_role("button", name="Neem over").click()
    assert "Er is geen leerling met dit nummer" in kijker.blad.get_by_role("alert").inner_text()
    antwoord = deur.stap(overstap, "draag-over", {"naar": ANDERE_SCHOOL}, DECAAN)
    assert antwoord.status_code == httpx.codes.OK, antwoord.text
    kijker.blad.get_by_role("button", name="Neem over").click()
    assert kijker.blad.get_by_role("status").inner_text() == "Vastgelegd: Aanvaard de overdracht."
    assert "4d" in kijker.blad.locator(".onder-kop").inner_text()
    assert deur.toon(overstap, DECAAN).status_code == httpx.codes.NOT_FOUND


def test_of_who_was_not_offered_nothing_is_told(zonder: Zonder, deur: Deur) -> None:
    pgn = next(PGNS)
    voer_op(deur, "Jan-van-gent", pgn=pgn)
    zonder.meld_aan("decaan", ANDERE_SCHOOL)
    bladen = []
    for nummer in (pgn, next(PGNS)):
        velden = {"merk": zonder.merk(), "sleutel": "s", "pgn": nummer}
        antwoord = zonder.client.post("/overdracht", data=velden)
        assert antwoord.status_code == httpx.codes.NOT_FOUND
        bladen.append(zonder.eender(antwoord.text).replace(nummer, "?"))
    assert bladen[0] == bladen[1]


def test_the_form_has_every_field_that_the_api_takes() -> None:
    assert {naam for groep in GROEPEN.values() for naam in groep} == {veld.naam for veld in velden_uit(Opvoer)}
