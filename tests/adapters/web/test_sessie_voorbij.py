"""When a session is over the page says so and brings one back; a sign-in that went wrong is told in words."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from overstap.adapters.http.identiteit.sessies import KOEKJE
from overstap.adapters.http.identiteit.wie import account_van
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from tests.adapters.http.deur import ZONDER_TLS, Deur, open_deur
from tests.adapters.http.uitgever import EigenUitgever, echte_provider, eigen_uitgever, schrijf_uitgevers
from tests.adapters.opstelling import DECAAN, HOOFDSLEUTEL, SCHOOL
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.meelezen import ga_meelezen
from tests.adapters.web.zonder_script import zonder_script

Kijk = Callable[..., Kijker]
_SUB = "piet"
_BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with echte_provider() as issuer:
        httpx.put(f"{issuer}/users/{_SUB}", json={"brin": SCHOOL}, verify=ZONDER_TLS).raise_for_status()
        yield issuer


@pytest.fixture(scope="module")
def vals() -> Iterator[EigenUitgever]:
    with eigen_uitgever() as uitgever:
        yield uitgever


@pytest.fixture(scope="module")
def deur(
    databank: Databank, provider: str, vals: EigenUitgever, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deur]:
    datamap: Path = tmp_path_factory.mktemp("voorbij")
    geheim = datamap / "client-geheim"
    geheim.write_text("niet-echt-geheim", encoding="utf-8")
    tabel = {"client_id": "overstap", "client_geheim_bestand": str(geheim), "claim": "brin"}
    tabellen = [{"issuer": issuer, **tabel, "organisaties": {SCHOOL: SCHOOL}} for issuer in (provider, vals.issuer)]
    uitgevers = schrijf_uitgevers(datamap / "uitgevers.toml", *tabellen)
    with open_deur(databank, datamap, uitgevers=uitgevers, missers_per_minuut=0, hartslag=0.5) as open_:
        yield open_


def _laat_verlopen(databank: Databank) -> None:
    """Let every session be as old as one that nobody used for a day."""
    with databank.verbind(Login.EIGENAAR) as verbinding:
        verbinding.execute(b"UPDATE toegang.sessies SET laatst_op = laatst_op - interval '1 day'")


# --- a session that is over -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("met_script", [True, False])
def test_who_was_away_signs_in_again_and_is_where_he_was(
    kijk: Kijk, databank: Databank, leerlingen: dict[str, UUID], *, met_script: bool
) -> None:
    assert leerlingen
    kijker = kijk(met_script=met_script)
    kijker.meld_aan("decaan", SCHOOL)
    _laat_verlopen(databank)
    kijker.ga("/leerlingen?klas=4b")
    assert "Uw sessie is voorbij." in kijker.blad.get_by_role("status").inner_text()
    assert kijker.ontoegankelijk() == [] if met_script else True
    formulier = kijker.blad.locator('form:has(input[name="rol"][value="decaan"])')
    formulier.locator("select").select_option(SCHOOL)
    formulier.get_by_role("button").click()
    kijker.blad.wait_for_url("**/leerlingen?klas=4b")
    assert kijker.namen() == ["Duif, Noor van der"]


def test_a_form_that_came_too_late_is_not_lost_in_silence(
    kijk: Kijk, deur: Deur, databank: Databank, leerlingen: dict[str, UUID]
) -> None:
    kijker, pad = kijk(), f"/leerlingen/{leerlingen['Buizerd']}/stappen/leg_warme_overdracht_vast"
    kijker.meld_aan("decaan", SCHOOL)
    kijker.ga(pad)
    versie = deur.toon(leerlingen["Buizerd"], DECAAN).json()["versie"]
    kijker.blad.get_by_label("Datum").fill("2026-01-08")
    _laat_verlopen(databank)
    kijker.blad.get_by_role("button", name="Vastleggen").click()
    assert "Wat u invulde, is niet vastgelegd." in kijker.blad.get_by_role("alert").inner_text()
    assert kijker.ontoegankelijk() == []
    formulier = kijker.blad.locator('form:has(input[name="rol"][value="decaan"])')
    formulier.locator("select").select_option(SCHOOL)
    formulier.get_by_role("button").click()
    kijker.blad.wait_for_url(f"**{pad}")
    assert deur.toon(leerlingen["Buizerd"], DECAAN).json()["versie"] == versie


def test_a_list_that_was_live_says_that_it_is_no_more(
    kijk: Kijk, deur: Deur, databank: Databank, leerlingen: dict[str, UUID]
) -> None:
    assert leerlingen
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    ga_meelezen(kijker, deur, "/leerlingen?klas=4b")
    _laat_verlopen(databank)
    kijker.zie("Deze lijst verandert niet meer.").wait_for()
    assert kijker.ontoegankelijk() == []
    kijker.blad.get_by_role("link", name="Meld u opnieuw aan").click()
    kijker.blad.wait_for_url("**/aanmelden?naar=%2Fleerlingen%3Fklas%3D4b&verlopen=ja")


def test_a_stream_and_a_part_of_a_page_are_told_so_too(deur: Deur) -> None:
    voorbij = {"Cookie": f"{KOEKJE}=voorbij"}
    stroom = deur.client.get("/leerlingen/live?stand=", headers={"Accept": "text/event-stream", **voorbij})
    assert (stroom.status_code, stroom.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert "Deze lijst verandert niet meer." in stroom.text
    assert stroom.text.endswith("event: einde\ndata: afgemeld\n\n")
    koppen = {"HX-Request": "true", "HX-Current-URL": f"{deur.adres}/leerlingen?klas=4b", **voorbij}
    deel = deur.client.get("/leerlingen", headers=koppen)
    assert deel.headers["HX-Redirect"] == "/aanmelden?naar=%2Fleerlingen%3Fklas%3D4b&verlopen=ja"


def test_another_site_is_not_gone_to_afterwards(deur: Deur) -> None:
    koppen = {"HX-Request": "true", "HX-Current-URL": "https://elders.example//elders.example/x"}
    naar = httpx.URL(deur.client.get("/leerlingen", headers=koppen).headers["HX-Redirect"]).params["naar"]
    blad = deur.client.get("/aanmelden", params={"naar": naar}).text
    assert 'name="naar" value="/"' in blad
    assert "elders.example" not in blad


# --- a sign-in that went wrong ----------------------------------------------------------------------------------------


def _begin(deur: Deur, issuer: str) -> tuple[dict[str, str], httpx.URL]:
    antwoord = deur.client.get("/v1/aanmelden", params={"uitgever": issuer, "naar": "/leerlingen"})
    koekje = antwoord.headers["set-cookie"].partition(";")[0]
    return {"Cookie": koekje, **_BROWSER}, httpx.URL(antwoord.headers["location"])


def _terug(deur: Deur, koppen: dict[str, str], **vraag: str) -> str:
    """Come back from the issuer, and give the page that one reads."""
    antwoord = deur.client.get("/v1/aanmelden/terug", params=vraag, headers=koppen)
    assert antwoord.status_code == 303, antwoord.text
    blad = deur.client.get(antwoord.headers["location"], headers=_BROWSER)
    assert blad.headers["content-type"].startswith("text/html")
    assert "Het aanmelden is niet gelukt" in blad.text
    return blad.text


def _code(issuer: str, adres: httpx.URL) -> dict[str, str]:
    antwoord = httpx.post(f"{issuer}/oauth2/authorize", params=adres.params, data={"sub": _SUB}, verify=ZONDER_TLS)
    return dict(httpx.URL(antwoord.headers["Location"]).params)


def test_a_wrong_state_is_told_in_words(deur: Deur, provider: str) -> None:
    koppen, adres = _begin(deur, provider)
    gekregen = _code(provider, adres)
    assert "Begin hier opnieuw." in _terug(deur, koppen, **gekregen | {"state": "een-andere"})


def test_an_answer_that_comes_twice_is_told_in_words(deur: Deur, provider: str) -> None:
    koppen, adres = _begin(deur, provider)
    gekregen = _code(provider, adres)
    assert deur.client.get("/v1/aanmelden/terug", params=gekregen, headers=koppen).headers["location"] == "/leerlingen"
    assert "een oude bladzijde" in _terug(deur, koppen, **gekregen)


def test_who_did_not_go_on_at_the_issuer_is_told_in_words(deur: Deur, provider: str) -> None:
    koppen, adres = _begin(deur, provider)
    vraag = {"error": "access_denied", "error_description": "<b>nee</b>", "state": adres.params["state"]}
    blad = _terug(deur, koppen, **vraag, iss=provider, session_state="x")  # and what we do not know is ignored
    assert "niet verder gegaan" in blad
    assert "<b>nee" not in blad


def test_an_answer_of_another_issuer_is_not_taken(deur: Deur, provider: str) -> None:
    koppen, adres = _begin(deur, provider)
    assert "klopt niet" in _terug(deur, koppen, **_code(provider, adres), iss="https://elders.example")


def test_an_organisation_that_does_not_take_part_is_told_in_words(deur: Deur, vals: EigenUitgever) -> None:
    koppen, adres = _begin(deur, vals.issuer)
    vals.antwoord = lambda _velden: vals.token(
        {"aud": "overstap", "sub": _SUB, "brin": "98ZZ", "nonce": adres.params["nonce"]}
    )
    assert "geen organisatie die hier meedoet" in _terug(deur, koppen, code="x", state=adres.params["state"])


def test_a_machine_still_gets_a_problem(deur: Deur) -> None:
    antwoord = deur.client.get("/v1/aanmelden/terug", params={"code": "x", "state": "y"})
    assert (antwoord.status_code, antwoord.headers["content-type"]) == (401, "application/problem+json")


def test_who_has_no_role_reads_his_account_and_can_sign_out(
    kijk: Kijk, deur: Deur, databank: Databank, provider: str
) -> None:
    account = account_van(HOOFDSLEUTEL, provider, _SUB)
    kijker = kijk()
    kijker.mag = ["asked elsewhere", "ERR_FAILED", "403"]  # the page of the provider is not ours
    kijker.blad.route(lambda adres: "127.0.0.1" not in adres, lambda route: route.abort())
    kijker.ga("/leerlingen")
    kijker.blad.get_by_role("link", name=provider).click()
    kijker.blad.locator('input[name="sub"]').fill(_SUB)
    kijker.blad.get_by_role("button", name="Authorize").click()
    kijker.blad.get_by_text(account).wait_for()
    assert "Vraag de beheerder" in kijker.blad.locator("main").inner_text()
    assert kijker.ontoegankelijk() == []
    kijker.blad.get_by_role("button", name="Afmelden en opnieuw aanmelden").click()
    kijker.blad.wait_for_url(f"{deur.adres}/aanmelden")
    with databank.verbind(Login.EIGENAAR) as verbinding:
        tel = b"SELECT count(*) FROM toegang.toegangslog WHERE handeling = 'afmelden' AND account = %s"
        assert verbinding.execute(tel, (account,)).fetchall() == [(1,)]


def test_who_signs_out_needs_the_mark_of_the_page(deur: Deur) -> None:
    with zonder_script(deur, "decaan", SCHOOL) as decaan:
        assert decaan.client.post("/afmelden").status_code == 403
        assert decaan.stuur("/afmelden").headers["location"] == "/aanmelden"
        assert decaan.client.get("/leerlingen").headers["location"].startswith("/aanmelden?naar=")
