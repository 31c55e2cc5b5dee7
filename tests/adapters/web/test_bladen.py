"""Every page is for everybody: with a keyboard, a screen reader, a small screen, in the dark, and without scripts."""

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.adapters.opstelling import SCHOOL
from tests.adapters.web.kijker import Kijker
from tests.bewijzen import IS_VOL

Kijk = Callable[..., Kijker]
NERGENS_GEVONDEN = ("/leerlingen?klas=4b", "/leerlingen?status=aangemeld&werklijst=stil")
"""Where no link leads: what links lead to test_wandeling.py looks at, and `make prove` once more here."""
BLADEN = (
    "/",
    *NERGENS_GEVONDEN,
    "/leerlingen",
    "/opvoeren",
    "/overdracht",
    "/aanleveren",
    "/aanleveringen",
    "/regio",
    "/regio/verdeling",
    "/regio/doorstroom",
    "/regio/verslag",
    "/organisaties",
    "/organisaties/99XX",
)
pytestmark = pytest.mark.usefixtures("leerlingen")


@pytest.mark.proof
def test_axe_finds_nothing_wrong_with_any_page_and_none_is_wider_than_the_smallest_screen(kijk: Kijk) -> None:
    kijker = kijk()
    kijker.ga("/aanmelden")
    gevonden = {"/aanmelden": kijker.bezwaren()}
    kijker.meld_aan("decaan", SCHOOL)
    for pad in BLADEN if IS_VOL else NERGENS_GEVONDEN:
        kijker.ga(pad)
        gevonden[pad] = kijker.bezwaren()
    kijker.mag = ["404"]
    kijker.ga("/leerlingen/00000000-0000-4000-8000-000000000000")
    gevonden["nergens"] = kijker.bezwaren()
    assert {pad: fouten for pad, fouten in gevonden.items() if fouten} == {}


@pytest.mark.parametrize("met_script", [True, False])
def test_a_decaan_signs_in_sees_where_his_pupils_stand_and_picks_some(kijk: Kijk, *, met_script: bool) -> None:
    kijker = kijk(met_script=met_script)
    kijker.meld_aan_met_formulier("decaan", SCHOOL)
    assert kijker.kop == "Goedemorgen"
    kijker.blad.get_by_role("link", name="Intake").click()
    assert (kijker.pad, kijker.namen()) == ("/leerlingen?status=intake", ["Adelaar, Noor van der"])
    kijker.blad.get_by_role("link", name="Status").click()
    kijker.blad.get_by_label("Klas").select_option("4b")
    kijker.blad.get_by_role("button", name="Toon").click()
    kijker.blad.wait_for_url("**/leerlingen?**klas=4b**")
    assert kijker.namen() == ["Duif, Noor van der"]


def test_a_name_is_found_and_stays_out_of_the_address(kijk: Kijk) -> None:
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    kijker.ga("/leerlingen")
    kijker.blad.get_by_label("Zoek op naam").fill("noor çel")
    kijker.blad.get_by_role("button", name="Zoek").click()
    kijker.zie("Gezocht op").wait_for()
    assert (kijker.namen(), kijker.pad) == (["Çelik, Noor van der"], "/leerlingen")


def test_the_keyboard_alone_leads_from_the_first_key_to_a_pupil(kijk: Kijk, leerlingen: dict[str, UUID]) -> None:
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    kijker.ga("/leerlingen?status=intake")
    kijker.blad.keyboard.press("Tab")
    kijker.blad.keyboard.press("Enter")  # past the menu
    assert kijker.blad.evaluate("document.activeElement.id") == "inhoud"
    for _ in range(40):
        kijker.blad.keyboard.press("Tab")
        if kijker.blad.evaluate("document.activeElement.pathname") == f"/leerlingen/{leerlingen['Adelaar']}":
            break
    assert kijker.blad.evaluate("document.activeElement.textContent") == "Adelaar, Noor van der"


def test_who_reads_english_gets_english(kijk: Kijk) -> None:
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    kijker.ga("/")
    kijker.blad.get_by_role("button", name="English").click()
    kijker.zie("Where your pupils stand").wait_for()
    assert kijker.blad.locator("html").get_attribute("lang") == "en"
