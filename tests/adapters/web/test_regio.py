"""The figures pages show what the API gives, to each role its own, at any date, and small figures to nobody else."""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.domain.rollen import Rol
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import ANDER_MBO, ANDERE_SCHOOL, GEMEENTE, MBO, REGIO, SCHOOL, app, richt_regio_in
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.streek import VAN_SCHOOL, VANDAAG, VERBAND, vul_streek
from tests.adapters.web.zonder import Zonder
from tests.bewijzen import IS_VOL

Kijk = Callable[..., Kijker]
BLADEN = ("/regio", "/regio/verdeling?per=school", "/regio/doorstroom", "/regio/verslag")
MATEN = {
    "aangemeld_vmbo": "aangemeldVmbo",
    "aangemeld": "aangemeld",
    "voorlopig_geplaatst": "voorlopigGeplaatst",
    "geplaatst_en_gestart": "geplaatstEnGestart",
    "warme_overdracht": "warmeOverdracht",
}
WIE = [
    ("mentor", SCHOOL),
    ("decaan", SCHOOL),
    ("vo_beheerder", SCHOOL),
    ("vo_beheerder", ANDERE_SCHOOL),
    ("mbo_intaker", MBO),
    ("mbo_beheerder", ANDER_MBO),
    ("leerplichtambtenaar", GEMEENTE),
    ("samenwerkingsverband", VERBAND),
    ("manager", SCHOOL),
    ("manager", MBO),
    ("manager", REGIO),
    ("regiebeheerder", None),
    ("auditor", None),
]


@pytest.fixture(scope="module")
def databank(demo_databank: Databank) -> Databank:
    with app(demo_databank) as geheel:
        richt_regio_in(geheel)
        vul_streek(geheel)
    return demo_databank


@pytest.fixture(scope="module", autouse=True)
def _geteld(deur: Deur) -> None:
    """Begin when everything that was entered counts."""
    laatste = deur.dienst.bus.app.log.laatste_positie()
    for beeld in ("actueel", "statusperiodes", "kenmerkperiodes"):
        deur.dienst.voortgang.tot(beeld, laatste, 20)


def tegels(blad: str) -> dict[str, tuple[int, int] | None]:
    """Read of each measure so many of so many; None where they are not shown."""
    gevonden: dict[str, tuple[int, int] | None] = {}
    for stuk in blad.split('data-maat="')[1:]:
        naam, deel = stuk.partition('"')[0], re.search(r'maat-van">(\d+) van (\d+)<', stuk)
        gevonden[naam] = (int(deel[1]), int(deel[2])) if deel else None
    return gevonden


def oordeel(blad: str, maat: str) -> str:
    """Read how a measure is judged against its norm."""
    gevonden = re.search(rf'data-maat="{maat}".*?class="oordeel .*?<span>(.*?)</span></span>', blad, re.DOTALL)
    assert gevonden
    return gevonden[1]


def volgens_api(zonder: Zonder, indeling: str | None = None, groep: str | None = None, **vraag: str) -> dict[str, Any]:
    """Give what the API says to the same session of one group; without one of the first, which is the whole."""
    antwoord = zonder.client.get("/v1/cijfers", params=vraag)
    assert antwoord.status_code == 200, antwoord.text
    gezocht: list[dict[str, Any]] = [
        een for een in antwoord.json() if indeling is None or (een["indeling"], een["groep"]) == (indeling, groep)
    ]
    return gezocht[0]


def delen(groep: Mapping[str, Any]) -> dict[str, tuple[int, int] | None]:
    return {
        naam: None
        if groep[veld]["aantal"] is None or not groep[veld]["van"]
        else (groep[veld]["aantal"], groep[veld]["van"])
        for naam, veld in MATEN.items()
    }


def test_the_norms_are_the_figures_of_the_api_on_any_day_as_known_on_any_other(zonder: Zonder) -> None:
    zonder.meld_aan("regiebeheerder", REGIO)
    gezien = {}
    for dag in ("2026-01-31", "2026-04-01", VANDAAG):
        gezien[dag] = tegels(zonder.client.get(f"/regio?peildatum={dag}").text)
        assert gezien[dag] == delen(volgens_api(zonder, peildatum=dag))
    assert [gezien[dag]["aangemeld"] for dag in gezien] == [(0, 29), (24, 29), (24, 29)]
    assert gezien[VANDAAG]["voorlopig_geplaatst"] == (19, 24)
    toen = tegels(zonder.client.get("/regio?peildatum=2026-04-01&bekend=2026-04-01").text)
    kennismoment = "2026-04-01T23:59:59+02:00"
    assert toen == delen(volgens_api(zonder, peildatum="2026-04-01", kennismoment=kennismoment))
    assert toen["aangemeld"] == (23, 29)  # one was told of later


def test_a_norm_is_judged_only_from_its_day_on(zonder: Zonder) -> None:
    zonder.meld_aan("regiebeheerder", REGIO)
    ervoor = zonder.client.get("/regio?peildatum=2026-05-31").text
    erna = zonder.client.get("/regio?peildatum=2026-06-01").text
    # 90 % of 24 is 22, and 18 were placed; 95 % of 24 is 23
    assert (oordeel(ervoor, "voorlopig_geplaatst"), oordeel(erna, "voorlopig_geplaatst")) == (
        "Nog 4 leerlingen tot de norm",
        "Norm niet gehaald: 4 leerlingen te weinig",
    )
    assert oordeel(erna, "geplaatst_en_gestart") == "Nog 23 leerlingen tot de norm"


def test_a_part_is_chosen_in_the_address_and_its_year_is_its_own(zonder: Zonder) -> None:
    zonder.meld_aan("regiebeheerder", REGIO)
    blad = zonder.client.get(f"/regio?deel=school.{SCHOOL}").text
    assert tegels(blad) == delen(volgens_api(zonder, "school", SCHOOL))
    assert '<h1 class="utrecht-heading-1">Cijfers van Eerste School</h1>' in blad
    dagen = zonder.client.get(f"/regio/verloop.csv?deel=school.{SCHOOL}").text.splitlines()
    assert dagen[0] == "\ufeffDatum;Geplaatst;Aangemeld;Nog niet aangemeld"
    assert (dagen[-1], len(dagen) - 1) == (f"{VANDAAG};13;3;4", 245)


@pytest.mark.parametrize("deel", ["school.99ZZ", "gemeente.9999", "mbo.99AA"])
def test_of_a_part_that_is_not_there_no_page_is(zonder: Zonder, deel: str) -> None:
    zonder.meld_aan("regiebeheerder", REGIO)
    assert zonder.client.get(f"/regio?deel={deel}").status_code == 404


@pytest.mark.parametrize(
    "vraag", ["peildatum=gisteren", "bekend=1", "deel=klas.4a", "overstapjaar=1", "peildatum=9999-12-31", "wat=x"]
)
def test_a_question_that_is_none_gets_a_page_that_says_so(zonder: Zonder, vraag: str) -> None:
    zonder.meld_aan("regiebeheerder", REGIO)
    antwoord = zonder.client.get(f"/regio?{vraag}")
    assert (antwoord.status_code, antwoord.headers["content-type"]) == (400, "text/html; charset=utf-8")


def test_an_unknown_year_is_not_there(zonder: Zonder) -> None:
    zonder.meld_aan("regiebeheerder", REGIO)
    assert zonder.client.get("/regio?overstapjaar=2040").status_code == 404


@pytest.mark.parametrize(("rol", "organisatie"), WIE)
def test_each_role_has_the_way_in_and_sees_there_what_the_api_gives_it(
    zonder: Zonder, rol: str, organisatie: str | None
) -> None:
    zonder.meld_aan(rol, organisatie or REGIO)
    assert 'href="/regio"' in zonder.client.get("/").text
    blad = zonder.client.get("/regio").text
    cijfers = zonder.client.get("/v1/cijfers").json()
    verwacht = delen(cijfers[0]) if cijfers else {}
    if organisatie in {MBO, ANDER_MBO}:  # at an MBO everybody is aangemeld
        del verwacht["aangemeld_vmbo"], verwacht["aangemeld"]
    assert tegels(blad) == verwacht
    for pad in BLADEN:
        assert zonder.client.get(pad).status_code == 200, pad


def test_every_role_of_people_is_tried() -> None:
    assert {rol for rol, _ in WIE} == {str(rol) for rol in Rol} - {"koppeling", "systeem"}


def test_a_school_sees_its_own_pupils_alone(zonder: Zonder) -> None:
    zonder.meld_aan("vo_beheerder", SCHOOL)
    blad = zonder.client.get("/regio").text
    assert tegels(blad)["aangemeld"] == (16, VAN_SCHOOL)
    assert ANDERE_SCHOOL not in blad + zonder.client.get("/regio/doorstroom").text
    assert "Cijfers van Eerste School" in blad


def test_an_mbo_sees_what_was_reached_there_and_the_year_of_its_own_aanmeldingen(zonder: Zonder) -> None:
    zonder.meld_aan("mbo_intaker", MBO)
    blad = zonder.client.get("/regio").text
    assert "waar de aanmeldingen staan" in blad
    kop, *dagen = zonder.client.get("/regio/verloop.csv").text.splitlines()
    assert kop == "\ufeffDatum;Voorlopig geplaatst;Aangemeld;Niet getoond (te klein)"
    assert dagen[-1].startswith(f"{VANDAAG};")
    assert "Nog niet aangemeld" not in blad


def test_small_figures_are_shown_to_who_sees_every_pupil_and_to_nobody_else(zonder: Zonder) -> None:
    zonder.meld_aan("regiebeheerder", REGIO)
    precies = zonder.client.get("/regio/verdeling?per=school").text
    assert "8 van 9" in precies
    zonder.meld_aan("manager", REGIO)
    afgerond = zonder.client.get("/regio/verdeling?per=school").text
    assert "8 van 9" not in afgerond
    assert "niet getoond" in afgerond
    assert "afgerond op vijf" in afgerond
    for aantal, van in re.findall(r"(\d+) van (\d+)<", afgerond + zonder.client.get("/regio").text):
        assert (int(aantal) % 5, int(van) % 5, int(aantal) >= 5) == (0, 0, True)


def test_the_days_of_who_gets_rounded_figures_are_rounded_and_of_the_whole_alone(zonder: Zonder) -> None:
    zonder.meld_aan("manager", REGIO)
    heel = zonder.client.get("/regio/verloop.csv").text
    getallen = [int(cel) for lijn in heel.splitlines()[1:] for cel in lijn.split(";")[1:] if cel]
    assert {getal % 5 for getal in getallen} == {0}
    assert zonder.client.get(f"/regio/verloop.csv?deel=school.{SCHOOL}").text == heel
    assert "van een deel zouden afgeronde dagen" in zonder.client.get(f"/regio?deel=school.{SCHOOL}").text


def test_every_group_of_a_division_has_its_line_and_can_be_put_in_order(zonder: Zonder) -> None:
    zonder.meld_aan("regiebeheerder", REGIO)
    for per in ("school", "mbo"):
        groepen = [een for een in zonder.client.get("/v1/cijfers").json() if een["indeling"] == per]
        blad = zonder.client.get(f"/regio/verdeling?per={per}").text
        cellen = re.findall(r'class="maatcel">.*?</td>', blad, re.DOTALL)
        getoond = [
            tuple(map(int, gevonden.groups())) if (gevonden := re.search(r"(\d+) van (\d+)<", cel)) else None
            for cel in cellen
        ]
        verwacht = [deel for groep in groepen for deel in list(delen(groep).values())[2 if per == "mbo" else 0 :]]
        assert getoond[: len(verwacht)] == verwacht
    laagst = zonder.client.get("/regio/verdeling?per=school&volgorde=aangemeld").text
    assert laagst.index("Eerste School") < laagst.index("Tweede School")  # 80 % against 89 %
    meest = zonder.client.get("/regio/verdeling?per=school&volgorde=voorlopig_geplaatst").text
    assert meest.index("Tweede School") < meest.index("Eerste School")  # 75 % against 81 %


def test_the_flow_is_what_the_api_gives(zonder: Zonder) -> None:
    zonder.meld_aan("regiebeheerder", REGIO)
    blad = zonder.client.get("/regio/doorstroom").text
    stromen = zonder.client.get("/v1/doorstroom").json()["stromen"]
    getekend = {(van, naar): int(aantal) for van, naar, aantal in re.findall(r"<title>(.*?) → (.*?): (\d+)<", blad)}
    namen = {SCHOOL: "Eerste School", ANDERE_SCHOOL: "Tweede School", MBO: "Eerste MBO"}
    soorten = {"onderweg": "Nog onderweg", "geen": "Nog nergens"}
    verwacht: dict[tuple[str, str], int] = {}
    for een in stromen:
        plek = (namen[een["school"]], soorten.get(een["soort"]) or namen[een["bestemming"]])
        verwacht[plek] = verwacht.get(plek, 0) + een["leerlingen"]
    assert getekend == verwacht
    assert getekend["Eerste School", "Eerste MBO"] == 13
    uit = zonder.client.get("/regio/doorstroom.csv").text.splitlines()
    assert len(uit) == len(stromen) + 1
    assert f"{SCHOOL};Eerste School;MBO;Eerste MBO;13;0" in uit


def test_the_flow_narrows_to_a_school_or_an_mbo_and_to_nothing_else(zonder: Zonder) -> None:
    zonder.meld_aan("regiebeheerder", REGIO)
    school = zonder.client.get(f"/regio/doorstroom?deel=school.{SCHOOL}").text
    assert "<title>Eerste School" in school
    assert "<title>Tweede School" not in school
    mbo = zonder.client.get(f"/regio/doorstroom?deel=mbo.{MBO}").text
    assert set(re.findall(r"<title>.*? → (.*?):", mbo)) == {"Eerste MBO"}
    assert zonder.client.get(f"/regio/doorstroom?deel=gemeente.{GEMEENTE}").status_code == 404


def test_the_file_of_figures_has_every_group_and_measure(zonder: Zonder) -> None:
    zonder.meld_aan("regiebeheerder", REGIO)
    kop, *lijnen = zonder.client.get("/regio/cijfers.csv?peildatum=2026-04-01").text.splitlines()
    assert kop == "\ufeffIndeling;Code;Naam;Maat;Aantal;Van;Norm (%);Vorig jaar (%)"
    assert len(lijnen) == 5 * len(zonder.client.get("/v1/cijfers?peildatum=2026-04-01").json())
    assert f"school;{SCHOOL};Eerste School;Aangemeld (alle);16;20;90;" in lijnen


@pytest.mark.parametrize("pad", BLADEN)
def test_no_figures_page_holds_a_style_or_script_of_its_own(zonder: Zonder, pad: str) -> None:
    zonder.meld_aan("regiebeheerder", REGIO)
    blad = zonder.client.get(pad).text
    assert re.findall(r"<style|<script(?! src=)|<[^>]*\s(?:style|on[a-z]+)=", blad) == []


@pytest.mark.proof
def test_axe_finds_nothing_wrong_with_the_figures(kijk: Kijk) -> None:
    """In full; in small, that with the chart as the region has it: test_wandeling.py looks at each of them once."""
    kijker = kijk()
    gevonden = {}
    for rol, organisatie in (("regiebeheerder", None), ("manager", SCHOOL))[: 2 if IS_VOL else 1]:
        kijker.meld_aan(rol, organisatie)
        for pad in BLADEN if IS_VOL else BLADEN[:1]:
            kijker.ga(pad)
            kijker.vouw_open()
            gevonden[rol, pad] = kijker.bezwaren()
    assert {waar: fouten for waar, fouten in gevonden.items() if fouten} == {}


def test_no_figures_page_is_wider_than_the_smallest_screen_without_a_script(kijk: Kijk) -> None:
    kijker = kijk(breedte=320, met_script=False)
    kijker.meld_aan("regiebeheerder")
    gemeten = {}
    for pad in BLADEN:
        kijker.ga(pad)
        gemeten[pad] = kijker.steekt_uit()
    assert gemeten == dict.fromkeys(BLADEN, 0)


def test_the_day_under_the_cursor_tells_its_figures_and_a_click_opens_it(kijk: Kijk) -> None:
    kijker = kijk()
    kijker.meld_aan("regiebeheerder")
    kijker.ga("/regio")
    vlak = kijker.blad.locator(".verloop-doek .u-over")
    vlak.scroll_into_view_if_needed()
    doos = vlak.bounding_box()
    assert doos
    kijker.blad.mouse.move(doos["x"] + doos["width"] * 0.5, doos["y"] + 80)
    dag = kijker.blad.locator("[data-dag]")
    dag.get_by_text("april 2026").wait_for()
    assert kijker.blad.locator('[data-band="totaal"]').inner_text() == "29"
    assert kijker.blad.locator('[data-band="geplaatst"]').inner_text() == "0"
    kijker.blad.mouse.down()
    kijker.blad.mouse.up()
    kijker.blad.wait_for_url("**/regio?peildatum=2026-04-*")
    assert "Stand op" in kijker.blad.locator(".lead").inner_text()


def test_without_a_script_the_year_is_drawn_by_the_server(kijk: Kijk) -> None:
    kijker = kijk(met_script=False)
    kijker.meld_aan("regiebeheerder")
    kijker.ga("/regio")
    assert kijker.blad.locator(".verloop-banden path.band").count() == 3
    kijker.blad.get_by_label("Stand op", exact=True).fill("2026-04-01")
    kijker.blad.get_by_role("button", name="Toon").click()
    kijker.blad.wait_for_url("**/regio?peildatum=2026-04-01**")
    kijker.zie("Stand op 1 april 2026.").wait_for()


def test_a_wide_table_is_scrolled_with_the_keyboard(kijk: Kijk) -> None:
    kijker = kijk(breedte=360)
    kijker.meld_aan("regiebeheerder")
    kijker.ga("/regio/verdeling?per=school")
    gebied = kijker.blad.get_by_role("region", name="Cijfers per school")
    gebied.focus()
    kijker.blad.keyboard.press("ArrowRight")
    einde = time.monotonic() + 20
    while not gebied.evaluate("een => een === document.activeElement && een.scrollLeft > 0"):
        assert time.monotonic() < einde, "the table does not move"
        kijker.blad.wait_for_timeout(20)


def test_the_report_prints_on_a4_without_the_page_around_it(kijk: Kijk) -> None:
    kijker = kijk(schema="dark")
    kijker.meld_aan("regiebeheerder")
    kijker.ga("/regio/verslag")
    kijker.blad.emulate_media(media="print")
    for weg in (".kop", ".tabs", ".regio-keuze", ".verloop-doek"):
        assert not kijker.blad.locator(weg).first.is_visible(), weg
    assert kijker.blad.locator(".verloop-banden path.band").first.is_visible()
    pdf = kijker.blad.pdf(prefer_css_page_size=True)
    maten = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf))
    assert {(round(float(breed)), round(float(hoog))) for breed, hoog in maten} == {(595, 842)}
    assert 1 < len(re.findall(rb"/Type /Page\b", pdf)) <= 6


def test_who_reads_english_gets_the_figures_in_english(kijk: Kijk) -> None:
    kijker = kijk()
    kijker.meld_aan("regiebeheerder")
    kijker.ga("/regio")
    kijker.blad.get_by_role("button", name="English").click()
    kijker.zie("Against the norm").wait_for()
    assert kijker.kop == "Figures of Region 21"
