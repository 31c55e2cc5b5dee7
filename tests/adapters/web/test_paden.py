"""The main path of each role, walked in browsers by people who signed in at an OpenID provider."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Browser

from overstap.adapters.http.identiteit.wie import account_van
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.postgres.databank import Databank
from overstap.domain.rollen import Actor, Rol
from tests.adapters.http.deur import Deur, open_deur
from tests.adapters.http.rollen import geef_rol
from tests.adapters.http.uitgever import echte_provider, schrijf_uitgevers
from tests.adapters.opstelling import (
    DECAAN,
    GEMEENTE,
    HOOFDSLEUTEL,
    MBO,
    REGIEBEHEERDER,
    REGIO,
    SCHOOL,
    VO_BEHEERDER,
    app,
    richt_regio_in,
)
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.school import PGNS, meld, voer_op, wacht_tot

IN_APRIL = datetime.fromisoformat("2026-04-15T09:30:00+02:00")
_MENSEN = {
    Rol.VO_BEHEERDER: ("bea", SCHOOL),
    Rol.DECAAN: ("dirk", SCHOOL),
    Rol.MBO_INTAKER: ("imane", MBO),
    Rol.LEERPLICHTAMBTENAAR: ("loes", GEMEENTE),
}
_DOOR = {
    Rol.DECAAN: VO_BEHEERDER,
    Rol.MBO_INTAKER: Actor(account="beheer-99xx", rol=Rol.MBO_BEHEERDER, organisatie=MBO, regio=REGIO),
}
"""Who grants a role, where that is not the region."""
_NAMEN = (f"Zwaan{nummer}" for nummer in count(1))
Word = Callable[..., Kijker]


@pytest.fixture(scope="module")
def databank(demo_databank: Databank) -> Databank:
    with app(demo_databank, IN_APRIL) as geheel:
        richt_regio_in(geheel)
    return demo_databank


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with echte_provider() as issuer:
        for sub, organisatie in _MENSEN.values():
            httpx.put(f"{issuer}/users/{sub}", json={"organisatie": organisatie}).raise_for_status()
        yield issuer


@pytest.fixture(scope="module")
def deur(databank: Databank, provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deur]:
    datamap = tmp_path_factory.mktemp("paden")
    geheim = datamap / "client-geheim"
    geheim.write_text("niet-echt-geheim", encoding="utf-8")
    tabel = {"issuer": provider, "client_id": "overstap", "client_geheim_bestand": str(geheim), "claim": "organisatie"}
    waar = {code: code for _, code in _MENSEN.values()}
    uitgevers = schrijf_uitgevers(datamap / "uitgevers.toml", {**tabel, "organisaties": waar})
    with app(databank, IN_APRIL) as geheel:
        for rol, (sub, organisatie) in _MENSEN.items():
            account = account_van(HOOFDSLEUTEL, provider, sub)
            geef_rol(geheel, organisatie, account, rol, _DOOR.get(rol, REGIEBEHEERDER))
    with open_deur(databank, datamap, uitgevers=uitgevers, missers_per_minuut=0) as open_:
        yield open_


@pytest.fixture
def word(deur: Deur, browser: Browser, provider: str) -> Iterator[Word]:
    """Be somebody: sign in at the provider, and come where one was going."""
    open_: list[Kijker] = []

    def word_iemand(rol: Rol, naar: str = "/", *, met_script: bool = True) -> Kijker:
        een = Kijker(browser, deur.adres, breedte=1280, schema="light", met_script=met_script)
        open_.append(een)
        een.blad.route(lambda adres: "127.0.0.1" not in adres, lambda route: route.abort())  # the provider's own page
        een.ga(naar)
        een.blad.get_by_role("link", name=provider).click()
        een.blad.locator('input[name="sub"]').fill(_MENSEN[rol][0])
        een.blad.get_by_role("button", name="Authorize").click()
        een.blad.wait_for_url(f"{deur.adres}{naar}")
        een.fouten.clear()  # what the page of the provider asks for is not ours
        return een

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


def _zet(kijker: Kijker, stap: str, velden: dict[str, str] | None = None, keuzes: dict[str, str] | None = None) -> None:
    """Take a step from the page of a pupil."""
    kijker.blad.get_by_role("link", name=stap).first.click()
    for naam, waarde in (velden or {}).items():
        kijker.blad.get_by_label(naam).fill(waarde)
    for naam, waarde in (keuzes or {}).items():
        kijker.blad.get_by_label(naam).select_option(waarde)
    kijker.blad.get_by_role("button", name="Vastleggen").click()
    kijker.blad.get_by_role("status").get_by_text(f"Vastgelegd: {stap}").wait_for()


def _staat(kijker: Kijker) -> str:
    return kijker.blad.locator("[aria-current=step] > span:not(.verborgen)").inner_text()


def test_a_pupil_is_entered_by_his_school_applies_and_is_placed_by_the_mbo(word: Word, deur: Deur) -> None:
    pgn, naam = next(PGNS), next(_NAMEN)
    beheerder = word(Rol.VO_BEHEERDER, "/leerlingen")
    beheerder.blad.get_by_role("link", name="Voer een leerling in").click()
    velden = {"Persoonsgebonden nummer": pgn, "Voornaam": "Sanne", "Achternaam": naam, "Geboortedatum": "2010-05-06"}
    for veld, waarde in (velden | {"Klas": "4a", "Gemeentecode": GEMEENTE}).items():
        beheerder.blad.get_by_label(veld).fill(waarde)
    beheerder.blad.get_by_label("Leerweg").select_option("kb")
    beheerder.blad.get_by_role("button", name="Voer in", exact=True).click()
    overstap = UUID(beheerder.blad.url.partition("?")[0].rpartition("/")[2])
    meld(deur, pgn, "AO")
    wacht_tot(deur, overstap, "aangemeld")
    intaker = word(Rol.MBO_INTAKER, "/leerlingen")
    intaker.blad.get_by_role("link", name=naam).click()
    for stap in ("Plan de intake", "Rond de intake af", "Plaats voorlopig"):
        _zet(intaker, stap)
    beheerder.ga(f"/leerlingen/{overstap}")
    assert _staat(beheerder) == "Geplaatst"
    assert "voorlopig geplaatst" in beheerder.blad.locator(".aanmelding").inner_text().lower()


def test_what_one_person_records_another_sees_within_moments(
    word: Word, deur: Deur, leerling: tuple[UUID, str], record_property: Callable[[str, object], None]
) -> None:
    decaan = word(Rol.DECAAN, "/leerlingen")
    einde = time.monotonic() + 20
    while not deur.dienst.uitzender.lezers:
        assert time.monotonic() < einde, "the page does not listen"
        decaan.blad.wait_for_timeout(20)
    decaan.blad.evaluate(
        """regel => { window.gezien = new Promise(klaar => new MutationObserver(() => {
          if (document.querySelector(regel)?.innerText.includes('Geplaatst')) klaar(Date.now());
        }).observe(document.body, {subtree: true, childList: true, characterData: true})); }""",
        f"#l-{leerling[0]}",
    )
    intaker = word(Rol.MBO_INTAKER, f"/leerlingen/{leerling[0]}")
    intaker.blad.get_by_role("link", name="Plaats voorlopig").click()
    begin = time.time()
    intaker.blad.get_by_role("button", name="Vastleggen").click()
    seconden = decaan.blad.evaluate("window.gezien") / 1_000 - begin
    record_property("seconden tot het andere scherm", round(seconden, 2))
    assert 0 < seconden < 20, "the second is measured by `make bench ROW=screens`, on a machine that does nothing else"


@pytest.mark.parametrize("met_script", [True, False])
def test_a_decaan_records_a_vervolgkeuze_and_takes_it_back(
    word: Word, leerling: tuple[UUID, str], *, met_script: bool
) -> None:
    decaan = word(Rol.DECAAN, f"/leerlingen/{leerling[0]}", met_script=met_script)
    _zet(decaan, "Leg een vervolgkeuze VO vast", keuzes={"Reden": "havo"})
    assert _staat(decaan) == "Vervolgkeuze VO"
    _zet(decaan, "Trek de vervolgkeuze in")
    assert _staat(decaan) == "Aangemeld"


def test_leerplicht_hands_a_pupil_back_and_the_decaan_goes_on(word: Word, leerling: tuple[UUID, str]) -> None:
    decaan = word(Rol.DECAAN, f"/leerlingen/{leerling[0]}")
    overleg = {"Met wie bij Leerplicht": "Team Noord", "Datum van het overleg": "2026-04-14"}
    ambtenaar = word(Rol.LEERPLICHTAMBTENAAR, "/leerlingen")
    assert ambtenaar.blad.get_by_role("link", name=leerling[1]).count() == 0
    _zet(decaan, "Schakel Leerplicht in", overleg)
    ambtenaar.ga("/leerlingen")
    ambtenaar.blad.get_by_role("link", name=leerling[1]).click()
    _zet(ambtenaar, "Handel af en geef terug", keuzes={"Uitkomst": "terug_naar_vo"})
    decaan.ga(f"/leerlingen/{leerling[0]}")
    assert _staat(decaan) == "Leerplicht afgehandeld"
    _zet(decaan, "Hervat de overstap")
    assert _staat(decaan) == "Aangemeld"


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
    assert _staat(decaan) == "Vervolgkeuze VO"
    decaan.blad.get_by_role("listitem").filter(has_text="vervolgkeuze").get_by_role("link", name="Herzie").click()
    decaan.blad.get_by_label("Reden").fill("Bij de verkeerde leerling vastgelegd.")
    decaan.blad.get_by_role("button", name="Vastleggen").click()
    decaan.blad.get_by_role("status").get_by_text("Vastgelegd: Herzie een gebeurtenis").wait_for()
    assert _staat(decaan) == "Aangemeld"
    dag = toen.date().isoformat()
    decaan.blad.locator("#op").fill(dag)
    decaan.blad.locator("#bekend").fill(dag)
    decaan.blad.get_by_role("button", name="Bekijk").click()
    assert "Vervolgkeuze VO" in decaan.blad.locator("#toen").inner_text()


def test_a_list_is_taken_along_as_a_file(word: Word, leerling: tuple[UUID, str]) -> None:
    decaan = word(Rol.DECAAN, "/leerlingen?status=aangemeld")
    with decaan.blad.expect_download() as bezig:
        decaan.blad.get_by_role("link", name="CSV").click()
    regels = bezig.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert leerling[1] in "\n".join(regels)
    assert bezig.value.suggested_filename.endswith(".csv")
