"""The drawings say what the chart classes say, all of it, and can be read."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from statemachine import State, StateMachine

from overstap.adapters.procedurekaart import Kaart, als_markdown, als_mermaid, als_svg, kaarten
from overstap.adapters.procedurekaart.groepen import Tekening, groepeer
from overstap.adapters.procedurekaart.lezen import lees
from overstap.adapters.procedurekaart.maten import KLEINE_LETTER, REGEL, Opschriften, Vak
from overstap.adapters.procedurekaart.plattegrond import Lijn, Plattegrond, leg_uit
from overstap.statemachine.aanmelding_chart import AanmeldingChart
from overstap.statemachine.overstap_chart import OverstapChart

REPO = Path(__file__).resolve().parents[3]
SVG = "{http://www.w3.org/2000/svg}"
KLASSEN = {kaart.titel: klasse for kaart, klasse in zip(kaarten(), (AanmeldingChart, OverstapChart), strict=True)}


@pytest.fixture(params=kaarten(), ids=["aanmelding", "overstap"])
def kaart(request: pytest.FixtureRequest) -> Kaart:
    gevraagd = request.param
    assert isinstance(gevraagd, Kaart)
    return gevraagd


def overgangen_van_de_klasse(chart: type[StateMachine]) -> set[tuple[str, str, str]]:
    return {
        (str(toestand.value), stap, str(overgang.target.value))
        for toestand in chart.states
        for overgang in toestand.transitions
        if overgang.target is not None
        for stap in str(overgang.event).split()
    }


def overgangen_van_de_tekening(tekening: Tekening) -> set[tuple[str, str, str]]:
    """Read the drawing back: an arrow stands for each member it leaves, and a step leads to where its members say."""
    doelen = {stap.naam: set(stap.doelen) for stap in tekening.kaart.stappen}
    gelezen: set[tuple[str, str, str]] = set()
    for pijl in tekening.pijlen:
        blok = tekening.blokken[pijl.naar_blok].groepen
        groepen = blok if pijl.naar_groep is None else (pijl.naar_groep,)
        naar = {lid for groep in groepen for lid in tekening.groepen[groep].leden}
        for van in tekening.groepen[pijl.van].leden:
            for etiket in pijl.etiketten:
                gelezen |= {(van, etiket.stap, lid) for lid in naar & doelen[etiket.stap]}
    for groep in tekening.groepen:
        blijft = {stap.naam for stap in tekening.kaart.stappen if stap.blijft}
        gelezen |= {(lid, etiket.stap, lid) for lid in groep.leden for etiket in groep.binnen if etiket.stap in blijft}
        gelezen |= _stappen_binnen(tekening, groep.leden)
    for omhulsel in tekening.blokken:
        leden = [lid for nummer in omhulsel.groepen for lid in tekening.groepen[nummer].leden]
        gelezen |= {(van, etiket.stap, lid) for etiket in omhulsel.binnen for van in leden for lid in leden}
    return gelezen


def _stappen_binnen(tekening: Tekening, leden: tuple[str, ...]) -> set[tuple[str, str, str]]:
    [groep] = [groep for groep in tekening.groepen if groep.leden == leden]
    bronnen = {stap.naam: set(stap.bronnen) for stap in tekening.kaart.stappen}
    return {
        (van, etiket.stap, lid)
        for lid, etiketten in groep.per_lid.items()
        for etiket in etiketten
        for van in leden
        if van != lid and bronnen[etiket.stap] & set(leden)
    }


def test_the_drawing_holds_every_transition_of_the_class_and_no_other(kaart: Kaart) -> None:
    tekening = groepeer(kaart)
    van_de_klasse = overgangen_van_de_klasse(KLASSEN[kaart.titel])
    te_tekenen = {overgang for overgang in van_de_klasse if overgang[1] not in tekening.overal}
    assert overgangen_van_de_tekening(tekening) == te_tekenen


def test_only_corrections_lead_from_everywhere_to_everywhere(kaart: Kaart) -> None:
    assert [stap for stap in groepeer(kaart).overal if not stap.startswith("herzie")] == []


def test_the_boxes_of_the_drawing_do_not_overlap(kaart: Kaart) -> None:
    vakken = _teken(kaart).groepen.values()
    assert [paar for paar in combinations(vakken, 2) if _overlappen(*paar)] == []


def test_the_texts_at_the_arrows_overlap_neither_each_other_nor_a_box(kaart: Kaart) -> None:
    grond = _teken(kaart)
    teksten = [_vak_van_tekst(lijn) for lijn in grond.lijnen]
    assert [paar for paar in combinations(teksten, 2) if _overlappen(*paar)] == []
    assert [(tekst, vak) for tekst in teksten for vak in grond.groepen.values() if _overlappen(tekst, vak)] == []


def test_an_arrow_runs_through_no_box(kaart: Kaart) -> None:
    grond = _teken(kaart)
    door = [
        (lijn.tekst, nummer)
        for lijn in grond.lijnen
        for (ax, ay), (bx, by) in pairwise(lijn.punten)
        for nummer, vak in grond.groepen.items()
        if _overlappen(Vak(min(ax, bx) + 0.2, min(ay, by) + 0.2, abs(ax - bx) - 0.4, abs(ay - by) - 0.4), vak)
    ]
    assert door == []


def test_each_status_and_step_is_named_in_all_three_forms() -> None:
    plaatje = "".join(ET.fromstring(als_svg(kaarten())).itertext())  # noqa: S314  # our own text
    for kaart in kaarten():
        for status in kaart.statussen:
            assert status.woorden in plaatje
            assert status.woorden in als_mermaid([kaart])
            assert f"| `{status.code}` |" in als_markdown([kaart])
        for stap in kaart.stappen:
            assert stap.naam.replace("_", " ") in plaatje
            assert stap.naam.replace("_", " ") in als_mermaid([kaart])
            assert f"| `{stap.naam}` |" in als_markdown([kaart])


def test_a_chart_with_another_topology_is_drawn_as_it_is() -> None:
    class Klein(StateMachine):
        begonnen = State("begonnen", value="begonnen", initial=True)
        bezig = State("bezig", value="bezig")
        klaar = State("klaar", value="klaar")
        ga_verder = begonnen.to(bezig, unless="te_vroeg")
        maak_af = bezig.to(klaar)
        begin_opnieuw = klaar.to(begonnen)

    kaart = lees(Klein, "Klein", {})
    teksten = [tekst.text for tekst in ET.fromstring(als_svg([kaart])).iter(f"{SVG}text")]  # noqa: S314  # our own text
    statussen = ["begonnen", "bezig", "klaar"]
    stappen = ["begin opnieuw", "ga verder ¹", "maak af"]
    assert sorted(map(str, teksten)) == sorted(["Klein", "1  kan niet: te vroeg", *statussen, *stappen])


def test_the_picture_needs_no_program_of_the_system(tmp_path: Path) -> None:
    script = "from overstap.adapters.procedurekaart import *; print(len(als_svg(kaarten())))"
    omgeving = {naam: waarde for naam, waarde in os.environ.items() if naam.startswith("PYTHON")} | {"PATH": ""}
    uitvoer = subprocess.run(
        [sys.executable, "-c", script], env=omgeving, cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert int(uitvoer.stdout) > 10_000


def test_the_document_in_docs_is_the_one_the_classes_give() -> None:
    assert (REPO / "docs" / "procedure.md").read_text(encoding="utf-8") == als_markdown(kaarten())


def _teken(kaart: Kaart) -> Plattegrond:
    tekening = groepeer(kaart)
    return leg_uit(tekening, Opschriften(tekening))


def _vak_van_tekst(lijn: Lijn) -> Vak:
    (x, y), breed = lijn.tekst_op, max(map(len, lijn.tekst)) * KLEINE_LETTER * 0.9
    links = x - breed / 2 if lijn.gecentreerd else x
    return Vak(links, y - REGEL * 0.7, breed, REGEL * len(lijn.tekst) - REGEL * 0.2)


def _overlappen(een: Vak, ander: Vak) -> bool:
    return een.x < ander.rechts and ander.x < een.rechts and een.y < ander.onder and ander.y < een.onder
