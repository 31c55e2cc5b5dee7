"""The screens give nothing away: to other sites, to scripts in a name, to who is not signed in or may not see."""

import re
from uuid import UUID

import pytest

from overstap.adapters.http.identiteit.sessies import KOEKJE
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from tests.adapters.opstelling import ANDERE_SCHOOL, MBO, SCHOOL
from tests.adapters.web.school import KWAAD, REKENEND
from tests.adapters.web.zonder import Zonder

_HOOGSTENS = 120 * 1024


@pytest.fixture
def decaan(zonder: Zonder, leerlingen: dict[str, UUID]) -> Zonder:
    zonder.meld_aan("decaan", SCHOOL)
    return zonder


def test_who_is_not_signed_in_signs_in_first_and_then_goes_on(zonder: Zonder) -> None:
    eerst = zonder.client.get("/leerlingen?status=intake")
    assert (eerst.status_code, eerst.headers["location"]) == (303, "/aanmelden?naar=%2Fleerlingen%3Fstatus%3Dintake")
    blad = zonder.client.get(eerst.headers["location"]).text
    [naar] = set(re.findall(r'name="naar" value="(/leerlingen[^"]*)"', blad))
    assert zonder.meld_aan("decaan", SCHOOL, naar=naar).headers["location"] == "/leerlingen?status=intake"


@pytest.mark.parametrize("naar", ["//elders.example", "/\\elders.example", "https://elders.example", "/a\r\nb: c"])
def test_signing_in_leads_to_no_other_site(zonder: Zonder, naar: str) -> None:
    assert zonder.meld_aan("decaan", SCHOOL, naar=naar).headers["location"] == "/"


def test_a_session_that_is_over_says_so(zonder: Zonder) -> None:
    zonder.client.headers["cookie"] = f"{KOEKJE}=niet-van-ons"
    assert zonder.client.get("/").headers["location"] == "/aanmelden?verlopen=ja"


def test_no_page_may_run_or_style_anything_that_is_not_ours(decaan: Zonder) -> None:
    for pad in ("/", "/leerlingen", "/aanmelden", "/leerlingen/niets"):
        antwoord = decaan.client.get(pad)
        beleid = antwoord.headers["content-security-policy"]
        assert "unsafe" not in beleid
        assert beleid.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert antwoord.headers["cache-control"] == "no-store"
        assert re.findall(r"<style|<script(?! src=)|<[^>]*\s(?:style|on[a-z]+)=", antwoord.text) == []


@pytest.mark.parametrize(
    ("velden", "koppen"), [({}, {}), ({"merk": "0" * 64}, {}), ({}, {"Sec-Fetch-Site": "cross-site"})]
)
def test_another_site_signs_nobody_out(decaan: Zonder, velden: dict[str, str], koppen: dict[str, str]) -> None:
    assert decaan.client.post("/afmelden", data=velden, headers=koppen).status_code == 403
    assert decaan.client.get("/").status_code == 200


def test_who_signs_out_is_out(decaan: Zonder) -> None:
    antwoord = decaan.client.post("/afmelden", data={"merk": decaan.merk()})
    assert (antwoord.status_code, antwoord.headers["location"]) == (303, "/aanmelden")
    assert decaan.client.get("/").headers["location"] == "/aanmelden?verlopen=ja"


def test_a_name_is_shown_as_text_whatever_it_says(decaan: Zonder) -> None:
    blad = decaan.client.get("/leerlingen").text
    assert "&lt;img src=x" in blad
    assert KWAAD not in blad


def test_what_one_searches_for_is_shown_as_text(decaan: Zonder) -> None:
    antwoord = decaan.client.post("/leerlingen", data={"merk": decaan.merk(), "naam": '"><script>x</script>'})
    assert (antwoord.status_code, "<script>x" in antwoord.text) == (200, False)


@pytest.mark.parametrize(
    "pad", ["/leerlingen?status=x", "/leerlingen?na=%00", "/leerlingen?school=99", "/leerlingen/x"]
)
def test_a_wrong_address_gets_a_page_that_says_so(decaan: Zonder, pad: str) -> None:
    antwoord = decaan.client.get(pad)
    assert antwoord.status_code in {400, 404}
    assert antwoord.headers["content-type"].startswith("text/html")


def test_an_export_has_the_columns_of_the_role_and_no_cell_that_computes(decaan: Zonder) -> None:
    antwoord = decaan.client.get("/leerlingen.csv")
    regels = antwoord.text.removeprefix("\ufeff").splitlines()
    assert (
        regels[0] == "Nummer;Naam;School;Vestiging;Klas;Leerweg;Gemeente;Status;Sinds;Dagen;MBO;Aanmelding;Werklijsten"
    )
    [rekenend] = [regel for regel in regels if REKENEND in regel]
    assert rekenend.split(";")[1] == f"'{REKENEND}, Noor van der"
    assert antwoord.headers["content-disposition"].startswith("attachment;")


def test_another_school_sees_nobody(zonder: Zonder, leerlingen: dict[str, UUID]) -> None:
    zonder.meld_aan("decaan", ANDERE_SCHOOL)
    assert "Geen leerling past bij deze keuze." in zonder.client.get("/leerlingen").text
    assert zonder.client.get(f"/leerlingen/{leerlingen['Adelaar']}").status_code == 404


def test_an_mbo_sees_its_own_aanmeldingen_and_no_status_of_the_overstap(
    zonder: Zonder, leerlingen: dict[str, UUID]
) -> None:
    zonder.meld_aan("mbo_intaker", MBO)
    blad = zonder.client.get("/leerlingen").text
    assert re.findall(r'<tr id="l-([0-9a-f-]+)"', blad) == [str(leerlingen["Adelaar"])]
    assert "status-intake_gepland" in blad
    assert 'name="gemeente"' not in blad
    assert zonder.client.get("/leerlingen?gemeente=0363").status_code == 403


@pytest.mark.parametrize("rol", ["manager", "mbo_beheerder"])
def test_who_sees_no_persons_has_a_first_page_and_no_list(zonder: Zonder, rol: str) -> None:
    zonder.meld_aan(rol, MBO)
    eerste = zonder.client.get("/")
    assert (eerste.status_code, zonder.client.get("/leerlingen").status_code) == (200, 403)
    assert 'data-maat="voorlopig_geplaatst"' in eerste.text


def test_what_an_mbo_has_still_to_decide_stands_on_its_first_page(zonder: Zonder) -> None:
    zonder.meld_aan("mbo_intaker", MBO)
    gevraagd = re.findall(r'class="kaartje-aantal">(\d+).*?status=(\w+)', zonder.client.get("/").text, re.DOTALL)
    assert gevraagd == [("1", "intake_gepland")]


def test_the_way_in_says_how_many_pupils_each_place_has(zonder: Zonder, leerlingen: dict[str, UUID]) -> None:
    blad = zonder.client.get("/aanmelden").text
    assert re.search(rf'<option value="{SCHOOL}">[^<]*: {len(leerlingen)} leerlingen<', blad)
    assert re.search(rf'<option value="{MBO}">[^<]*: 1 leerling<', blad)
    assert re.search(rf"Regiebeheerder van [^<]*: {len(leerlingen)} leerlingen<", blad)


def test_what_goes_wrong_is_told_with_the_menu_at_hand(decaan: Zonder) -> None:
    assert 'href="/regio"' in decaan.client.get("/leerlingen?status=x").text


def test_whoever_is_shown_is_in_the_log_of_access(
    decaan: Zonder, databank: Databank, leerlingen: dict[str, UUID]
) -> None:
    with databank.verbind(Login.EIGENAAR) as verbinding:
        tel = b"SELECT count(*) FROM toegang.toegangslog WHERE herkomst = 'web' AND overstap = %s"
        welke = (leerlingen["Çelik"],)
        [(eerst,)] = verbinding.execute(tel, welke).fetchall()
        decaan.client.get("/leerlingen")
        [(daarna,)] = verbinding.execute(tel, welke).fetchall()
    assert daarna == eerst + 1


def test_the_first_page_is_small(decaan: Zonder) -> None:
    eerste = decaan.client.get("/", headers={"Accept-Encoding": "gzip"})
    grootte = int(eerste.headers["content-length"])
    bij = set(re.findall(r'(?:href|src)="(/middelen/[^"]+)"', eerste.text))
    stijl = next(pad for pad in bij if pad.endswith(".css"))
    bij |= {
        f"/middelen/{naam}" for naam in re.findall(r"url\((letter-latin-[46][^)]+)\)", decaan.client.get(stijl).text)
    }
    for pad in bij:
        antwoord = decaan.client.get(pad, headers={"Accept-Encoding": "gzip"})
        assert "immutable" in antwoord.headers["cache-control"]
        grootte += int(antwoord.headers["content-length"])
    assert grootte <= _HOOGSTENS
