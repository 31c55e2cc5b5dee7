"""The operator sees how each read model is, builds one anew from a page, and says what becomes of a parked stream."""

import re
import threading
from collections.abc import Callable, Iterator
from uuid import UUID

import httpx
import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import SCHOOL
from tests.adapters.postgres.beelden import wacht_tot
from tests.adapters.web.ingelogd import Ingelogd
from tests.adapters.web.kijker import Kijker

Kijk = Callable[..., Kijker]
REDEN = "dubbel geleverd in de proef"
_PARKEER = """
INSERT INTO beeld.geparkeerd (projectie, stroom, positie, versie, feit, fout)
VALUES ('wachtbak', %s, 1, 1, 'overstap-opgevoerd.v1', 'ValueError: …')
"""


@pytest.fixture(scope="module")
def adelaar(leerlingen: dict[str, UUID]) -> UUID:
    return leerlingen["Adelaar"]


@pytest.fixture
def regie(deur: Deur, adelaar: UUID) -> Iterator[Ingelogd]:  # there must be something to fold
    with Ingelogd(deur, "regiebeheerder") as een:
        yield een


@pytest.fixture
def geparkeerd(databank: Databank, adelaar: UUID) -> Iterator[UUID]:
    with databank.verbind(Login.PROJECTIE) as verbinding:
        verbinding.execute(_PARKEER, (adelaar,))
        yield adelaar
        verbinding.execute("DELETE FROM beeld.geparkeerd")


def klaar(regie: Ingelogd) -> str:
    """Give what the page says once the work is done."""
    for _ in range(1_200):
        blad = regie.blad("/beelden/stand")
        if "<progress" not in blad:
            return blad
        threading.Event().wait(0.05)
    raise AssertionError("the work does not end")


def afgerond(databank: Databank) -> int:
    """Count the work that went well; what an earlier test had done still stands on the page."""
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        vraag = "SELECT count(*)::int FROM toegang.taken WHERE soort = 'herbouw' AND uitslag IS NOT NULL"
        [(aantal,)] = verbinding.execute(vraag).fetchall()
        return int(aantal)


def acties(databank: Databank) -> list[tuple[str, str, str]]:
    with databank.verbind(Login.AUDIT) as verbinding:
        vraag = "SELECT handeling, onderwerp, reden FROM toegang.toegangslog WHERE rol = 'regiebeheerder' ORDER BY op"
        return verbinding.execute(vraag).fetchall()


@pytest.mark.parametrize(("rol", "organisatie"), [("decaan", SCHOOL), ("auditor", "21"), ("mbo_beheerder", "99XX")])
def test_for_another_role_there_are_no_read_models(deur: Deur, adelaar: UUID, rol: str, organisatie: str) -> None:
    with Ingelogd(deur, rol, organisatie) as ander:
        assert {ander.status(pad) for pad in ("/beelden", "/beelden/stand")} == {httpx.codes.NOT_FOUND}
        werk = ander.stuur("/beelden/werk", wat="herbouw", naam="alle")
        opgeven = ander.stuur("/beelden/geparkeerd", naam="wachtbak", stroom=str(adelaar), wat="opgeven", reden=REDEN)
        assert {werk.status_code, opgeven.status_code} == {httpx.codes.NOT_FOUND}


def test_every_read_model_stands_there_with_its_state(regie: Ingelogd) -> None:
    blad = regie.blad("/beelden")
    namen = re.findall(r'<th scope="row">([a-z]+)<span', blad)
    assert namen == sorted(een.naam for een in PROJECTIES)


def test_a_comparison_says_that_nothing_differs_and_changes_nothing(databank: Databank, regie: Ingelogd) -> None:
    assert regie.stuur("/beelden/werk", wat="controle", naam="alle").headers["location"] == "/beelden#werk"
    blad = klaar(regie)
    assert "Er was geen verschil met wat dienst deed." in blad
    assert "is bewaard" not in blad
    assert ("beeld_controle", "alle", "") in acties(databank)


def test_a_difference_is_told_by_table_and_row(databank: Databank, regie: Ingelogd) -> None:
    with databank.verbind(Login.PROJECTIE) as verbinding:
        verbinding.execute("UPDATE beeld.organisaties SET naam = 'Een andere' WHERE code = '99AA'")
        regie.stuur("/beelden/werk", wat="controle", naam="organisaties")
        blad = klaar(regie)
        verbinding.execute("UPDATE beeld.organisaties SET naam = 'Eerste School' WHERE code = '99AA'")
    assert "1 rij verschilde van wat dienst deed." in blad
    assert re.search(r"organisaties: 1 van [0-9]+ rijen", blad)


def test_a_rebuild_goes_on_without_the_page_and_leaves_a_way_back(databank: Databank, regie: Ingelogd) -> None:
    regie.stuur("/beelden/werk", wat="herbouw", naam="organisaties")
    blad = klaar(regie)
    assert "Herbouw van organisaties." in blad
    assert "is bewaard" in blad
    assert ("beeld_herbouw", "organisaties", "") in acties(databank)
    regie.stuur("/beelden/werk", wat="terug", naam="organisaties")
    assert "Terug naar het vorige: organisaties." in klaar(regie)
    regie.stuur("/beelden/werk", wat="opruimen", naam="alle")
    assert "is bewaard" not in klaar(regie)


def test_what_cannot_be_done_says_why(regie: Ingelogd) -> None:
    regie.stuur("/beelden/werk", wat="opruimen", naam="alle")
    klaar(regie)
    regie.stuur("/beelden/werk", wat="terug", naam="wachtbak")
    assert "Van wachtbak is niets bewaard om naar terug te gaan." in klaar(regie)


def test_one_is_built_at_a_time(databank: Databank, regie: Ingelogd) -> None:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        verbinding.execute("SELECT pg_advisory_lock(730580889, hashtext('herbouw'))")
        antwoord = regie.stuur("/beelden/werk", wat="herbouw", naam="wachtbak")
    assert antwoord.headers["location"] == "/beelden?bezig=ja#werk"
    assert "Er wordt al gebouwd of vergeleken." in regie.blad("/beelden?bezig=ja")


@pytest.mark.parametrize("velden", [{"wat": "wissen", "naam": "alle"}, {"wat": "herbouw", "naam": "niets"}, {}])
def test_what_makes_no_sense_is_refused(regie: Ingelogd, velden: dict[str, str]) -> None:
    assert regie.stuur("/beelden/werk", **velden).status_code == httpx.codes.BAD_REQUEST


def test_a_form_without_its_mark_does_nothing(regie: Ingelogd) -> None:
    antwoord = regie.client.post("/beelden/werk", data={"wat": "herbouw", "naam": "alle"})
    assert antwoord.status_code == httpx.codes.FORBIDDEN


def test_a_parked_stream_is_shown_with_its_error_and_folded_again(regie: Ingelogd, geparkeerd: UUID) -> None:
    blad = regie.blad("/beelden")
    assert f'wachtbak</strong> · <span class="code">{geparkeerd}' in blad
    assert "ValueError: …" in blad
    assert "stromen geparkeerd" in blad
    antwoord = regie.stuur("/beelden/geparkeerd", naam="wachtbak", stroom=str(geparkeerd), wat="opnieuw")
    assert antwoord.headers["location"] == "/beelden#geparkeerd"
    assert "Er staat geen enkele stroom opzij." in regie.blad("/beelden")


def test_a_stream_is_given_up_with_a_reason_that_is_kept(databank: Databank, regie: Ingelogd, geparkeerd: UUID) -> None:
    velden = {"naam": "wachtbak", "stroom": str(geparkeerd), "wat": "opgeven"}
    assert regie.stuur("/beelden/geparkeerd", **velden, reden=" ").status_code == httpx.codes.BAD_REQUEST
    assert regie.stuur("/beelden/geparkeerd", **velden, reden=REDEN).status_code == httpx.codes.SEE_OTHER
    blad = regie.blad("/beelden")
    assert "Opgegeven door regiebeheerder-21" in blad
    assert REDEN in blad
    assert acties(databank)[-1] == ("geparkeerd_opgeven", "wachtbak", REDEN)
    assert regie.stuur("/beelden/geparkeerd", **velden, reden=REDEN).status_code == httpx.codes.NOT_FOUND


def test_axe_finds_nothing_wrong_and_nothing_sticks_out(kijk: Kijk, geparkeerd: UUID) -> None:
    kijker = kijk()
    kijker.meld_aan("regiebeheerder")
    kijker.ga("/beelden")
    assert kijker.bezwaren() == []


@pytest.mark.parametrize("met_script", [True, False])
def test_an_operator_compares_a_read_model_from_the_page(
    kijk: Kijk, databank: Databank, adelaar: UUID, *, met_script: bool
) -> None:
    eerder = afgerond(databank)
    kijker = kijk(met_script=met_script)
    kijker.meld_aan("regiebeheerder")
    kijker.ga("/")
    kijker.blad.get_by_role("link", name="Beelden", exact=True).click()
    kijker.blad.get_by_label("Leesmodel").select_option("wachtbak")
    kijker.blad.get_by_role("button", name="Begin").click()
    kijker.blad.wait_for_url("**/beelden#werk")
    wacht_tot(lambda: afgerond(databank) == eerder + 1)
    if not met_script:
        kijker.ga("/beelden")
    kijker.zie("Er was geen verschil").wait_for()
