"""A small year played by `overstap demo`, and every other command on the database it leaves."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.cli.conftest import Overstap, Uitvoer, draai

LEERLINGEN = 60
OP_EEN_APRIL = ("--op", "2026-04-01")


@pytest.fixture(scope="module")
def gespeeld(overstap: Overstap) -> Uitvoer:
    return overstap("demo", "--once", "--json", "--pupils", str(LEERLINGEN))


@pytest.fixture(scope="module")
def verslag(gespeeld: Uitvoer) -> dict[str, Any]:
    assert gespeeld.uitgang == 0, gespeeld.fout[-2_000:]
    inhoud = gespeeld.json
    assert isinstance(inhoud, dict)
    return inhoud


@pytest.fixture(scope="module")
def manifest(datamap: Path, verslag: dict[str, Any]) -> dict[str, Any]:
    assert verslag
    inhoud = json.loads((datamap / "demo" / "manifest.json").read_text(encoding="utf-8"))
    assert isinstance(inhoud, dict)
    return inhoud


@pytest.fixture(scope="module")
def met_leerplicht(overstap: Overstap, verslag: dict[str, Any]) -> str:
    """Give the overstap of a pupil in whose story people of several organisations act."""
    assert verslag["worklists"]["met_leerplicht"] > 0
    eerste: str = overstap("worklist", "met_leerplicht", "--json").json[0]["onderwerp"]
    return eerste


def test_all_pupils_are_followed_on_each_of_the_three_days(verslag: dict[str, Any]) -> None:
    assert verslag["pupils"] == LEERLINGEN
    assert {dag: sum(stand.values()) for dag, stand in verslag["statusOn"].items()} == {
        "1 apr": LEERLINGEN,
        "1 jun": LEERLINGEN,
        "1 okt": LEERLINGEN,
    }


def test_every_line_came_to_something(verslag: dict[str, Any]) -> None:
    uitkomsten = verslag["accepted"] + verslag["unchanged"] + verslag["wachtbak"] + sum(verslag["refused"].values())
    assert uitkomsten == verslag["lines"]


def test_every_refusal_code_has_a_sentence(verslag: dict[str, Any]) -> None:
    assert verslag["refused"].keys() == verslag["refusalExamples"].keys()


def test_the_norms_are_measured_on_their_own_days_for_region_leerweg_and_gemeente(verslag: dict[str, Any]) -> None:
    gemeten = {(een["per"], een["norm"], een["op"]) for een in verslag["norms"]}
    assert gemeten == {
        (per, norm, op)
        for per in ("regio", "leerweg", "gemeente")
        for norm, op in (
            ("aangemeld", "1 apr"),
            ("aangemeld_vmbo", "1 apr"),
            ("voorlopig_geplaatst", "1 jun"),
            ("geplaatst_en_gestart", "1 okt"),
        )
    }


def test_each_delivery_is_one_log_line(gespeeld: Uitvoer, verslag: dict[str, Any]) -> None:
    assert len(gespeeld.logregels("import")) == verslag["deliveries"]


def test_the_log_is_whole_and_everything_is_folded(overstap: Overstap, verslag: dict[str, Any]) -> None:
    assert verslag["events"] > 0
    bevindingen = overstap("doctor", "--json").json
    assert [een for een in bevindingen if not een["isGoed"]] == []


def test_the_clock_of_the_log_ran_with_the_deliveries(
    overstap: Overstap, verslag: dict[str, Any], manifest: dict[str, Any]
) -> None:
    regels = [json.loads(regel) for regel in overstap("tail", "--once", "--json", "--na", "0").uit.splitlines()]
    assert len(regels) == verslag["events"]
    geleverd = {levering["op"] for levering in manifest["leveringen"]}
    vastgelegd = {regel["vastgelegdOp"] for regel in regels}
    assert vastgelegd - geleverd == {"2026-10-02T07:00:00Z"}, "only closing the year has a moment of its own"
    assert all(regel["gebeurdOp"] <= regel["vastgelegdOp"] for regel in regels if regel["feit"] != "jaar-gesloten.v1")


def test_the_same_demo_again_gives_the_same_year(overstap: Overstap, verslag: dict[str, Any]) -> None:
    assert verslag
    eerste = overstap("counts", *OP_EEN_APRIL, "--json").json
    overstap("demo", "--once", "--json", "--pupils", str(LEERLINGEN))
    assert overstap("counts", *OP_EEN_APRIL, "--json").json == eerste


@pytest.mark.parametrize("per", ["school", "gemeente", "leerweg"])
def test_the_groups_of_a_split_add_up_to_the_region(per: str, overstap: Overstap, verslag: dict[str, Any]) -> None:
    assert verslag
    [regio] = overstap("counts", *OP_EEN_APRIL, "--json").json["groepen"]
    groepen = overstap("counts", *OP_EEN_APRIL, "--per", per, "--json").json["groepen"]
    assert sum(groep["leerlingen"] for groep in groepen) == regio["leerlingen"]
    assert sum(groep["aangemeld"]["aantal"] for groep in groepen) == regio["aangemeld"]["aantal"]


def test_less_was_known_in_march_about_the_first_of_april(overstap: Overstap) -> None:
    toen = overstap("counts", *OP_EEN_APRIL, "--bekend-op", "2026-03-01T12:00", "--json").json
    nu = overstap("counts", *OP_EEN_APRIL, "--json").json
    assert toen["groepen"][0]["aangemeld"]["aantal"] < nu["groepen"][0]["aangemeld"]["aantal"]


def test_before_its_day_a_norm_has_no_verdict(overstap: Overstap) -> None:
    [regio] = overstap("counts", *OP_EEN_APRIL, "--json").json["groepen"]
    assert regio["aangemeld"]["haaltNorm"] is not None
    assert regio["geplaatstEnGestart"]["haaltNorm"] is None


def test_the_figures_are_a_table_for_a_person(overstap: Overstap) -> None:
    uitvoer = overstap("counts", *OP_EEN_APRIL)
    assert "Overstapjaar 2026 op 1 april 2026, zoals bekend op 2 oktober 2026, 9.00 uur" in uitvoer.uit
    assert "geen vorig jaar" in uitvoer.uit


@pytest.mark.parametrize(
    "argumenten", [("--op", "2026-02-30"), ("--bekend-op", "gisteren"), ("--per", "klas"), ("--jaar", "twee")]
)
def test_a_day_or_split_that_does_not_exist_is_wrong_use(argumenten: tuple[str, str], overstap: Overstap) -> None:
    assert overstap("counts", *argumenten).uitgang == 2


def test_a_year_nobody_set_up_has_no_figures(overstap: Overstap) -> None:
    assert overstap("counts", "--jaar", "2040").uitgang == 1


def test_the_worklists_have_the_sizes_the_demo_told(overstap: Overstap, verslag: dict[str, Any]) -> None:
    lijsten = {een["lijst"]: een["aantal"] for een in overstap("worklist", "--json").json}
    assert lijsten == verslag["worklists"]
    for lijst, aantal in lijsten.items():
        assert len(overstap("worklist", lijst, "--json").json) == aantal


def test_a_worklist_is_narrowed_to_a_school(overstap: Overstap, verslag: dict[str, Any]) -> None:
    assert verslag
    alle = overstap("worklist", "stil", "--json").json
    school = alle[0]["school"]
    assert overstap("worklist", "stil", "--school", school, "--json").json == [
        post for post in alle if post["school"] == school
    ]


def test_every_pupil_who_is_followed_flows_somewhere(overstap: Overstap, verslag: dict[str, Any]) -> None:
    assert verslag
    [regio] = overstap("counts", "--op", "2026-10-01", "--json").json["groepen"]
    doorstroom = overstap("flow", "--op", "2026-10-01", "--json").json
    assert sum(stroom["leerlingen"] for stroom in doorstroom["stromen"]) == regio["leerlingen"]
    assert {een["status"] for een in doorstroom["duur"]} > {"nog_niet_aangemeld", "aangemeld", "geplaatst"}
    assert all(een["aantal"] >= een["nogZonderPlaats"] >= 0 for een in doorstroom["uitval"])


def test_pupils_come_in_pages_until_all_were_shown(overstap: Overstap, verslag: dict[str, Any]) -> None:
    gezien: list[str] = []
    na: list[str] = []
    while True:
        blad = overstap("pupils", "--aantal", "25", "--json", *na).json
        gezien += [leerling["overstap"] for leerling in blad["leerlingen"]]
        if blad["verder"] is None:
            break
        na = ["--na", blad["verder"]]
    assert len(gezien) == len(set(gezien)) == blad["totaal"] == verslag["pupils"]
    assert overstap("pupils", "--na", "niets").uitgang == 2
    assert "Kies uit: school, langst" in overstap("pupils", "--volgorde", "naam").zin


def test_pupils_on_a_worklist_are_as_many_as_it_says(overstap: Overstap, verslag: dict[str, Any]) -> None:
    blad = overstap("pupils", "--werklijst", "met_leerplicht", "--json").json
    assert blad["totaal"] == verslag["worklists"]["met_leerplicht"] == len(blad["leerlingen"])


def test_deliveries_tell_what_came_of_each_and_when_a_koppeling_was_last_heard(
    overstap: Overstap, verslag: dict[str, Any]
) -> None:
    assert verslag
    inhoud = overstap("deliveries", "--aantal", "1000", "--json").json
    ontvangen = [levering["ontvangenOp"] for levering in inhoud["aanleveringen"]]
    assert ontvangen == sorted(ontvangen, reverse=True)
    geweigerd = {code for levering in inhoud["aanleveringen"] for code in levering["perCode"]}
    assert geweigerd == verslag["refused"].keys()
    koppelingen = inhoud["koppelingen"]
    assert koppelingen
    assert all(koppelingen.values())
    mbo, laatst = list(koppelingen.items())[-1]
    eigen = overstap("deliveries", "--organisatie", mbo, "--aantal", "1", "--json").json["aanleveringen"]
    assert [(levering["organisatie"], levering["laatsteOp"]) for levering in eigen] == [(mbo, laatst)]


def test_the_inflow_of_an_mbo_is_told_by_school(overstap: Overstap, verslag: dict[str, Any]) -> None:
    assert verslag
    stromen = overstap("flow", "--op", "2026-10-01", "--json").json["stromen"]
    mbo = next(stroom["bestemming"] for stroom in stromen if stroom["soort"] == "mbo")
    uit = overstap("flow", "--op", "2026-10-01", "--mbo", mbo).uit
    assert all(stroom["school"] in uit for stroom in stromen if stroom["bestemming"] == mbo)
    assert "Hoe lang een status duurt" in uit


def test_an_unknown_worklist_is_wrong_use_and_names_those_there_are(overstap: Overstap) -> None:
    geweigerd = overstap("worklist", "zoek")
    assert geweigerd.uitgang == 2
    assert "uit_beeld" in geweigerd.zin


def test_a_worklist_names_people_only_with_a_reason(overstap: Overstap, met_leerplicht: str) -> None:
    zonder = overstap("worklist", "met_leerplicht", "--json")
    met = overstap("worklist", "met_leerplicht", "--json", "--reden", "weekoverleg")
    assert all("naam" not in een for een in zonder.json)
    assert all(een["naam"] for een in met.json)
    [inzage] = met.logregels("inzage")
    assert met_leerplicht in inzage["overstappen"]
    assert met.json[0]["naam"] not in met.fout


def test_a_story_tells_both_times_who_and_why(overstap: Overstap, met_leerplicht: str) -> None:
    verhaal = overstap("history", met_leerplicht[:8])
    assert verhaal.uitgang == 0
    assert "heeft de leerling opgevoerd voor overstapjaar 2026" in verhaal.uit
    assert "Leerplicht ingeschakeld" in verhaal.uit
    assert " uur" in verhaal.uit
    assert "door gebeurtenis" in verhaal.uit


def test_sealed_text_of_a_story_opens_only_with_a_reason(overstap: Overstap, met_leerplicht: str) -> None:
    zonder, met = overstap("history", met_leerplicht), overstap("history", met_leerplicht, "--reden", "klacht 12")
    assert "gesproken met (niet leesbaar)" in zonder.uit
    assert "gesproken met “" in met.uit
    assert [len(uitvoer.logregels("inzage")) for uitvoer in (zonder, met)] == [0, 1]


def test_a_pupil_is_shown_without_his_name_unless_there_is_a_reason(overstap: Overstap, met_leerplicht: str) -> None:
    zonder = overstap("show", met_leerplicht, "--json").json
    met = overstap("show", met_leerplicht, "--json", "--reden", "vraag van de school").json
    assert "persoon" not in zonder
    assert {"pgn", "achternaam", "voornaam", "geboortedatum"} <= met["persoon"].keys()
    assert zonder["status"] == "leerplicht_ingeschakeld"
    assert zonder["verantwoordelijk"] == "leerplicht"


def test_who_looked_at_a_pupil_is_told_with_a_reason(overstap: Overstap, met_leerplicht: str) -> None:
    assert overstap("show", met_leerplicht, "--reden", "vraag 17 van de ouders").uitgang == 0
    regels = overstap("access-log", "--pupil", met_leerplicht, "--reden", "inzageverzoek", "--json").json
    [gezien] = [regel for regel in regels if regel["reden"] == "vraag 17 van de ouders"]
    assert (gezien["handeling"], gezien["account"], gezien["rol"]) == ("show", "opdrachtregel", "regiebeheerder")
    assert "naam" in gezien["velden"]
    assert regels[-1]["onderwerp"] == "toegangslog"  # this very question
    van_account = overstap("access-log", "--account", "opdrachtregel", "--reden", "controle")
    assert "vraag 17 van de ouders" in van_account.uit


@pytest.mark.parametrize(
    "argumenten",
    [(), ("--account", "opdrachtregel"), ("--account", "a", "--pupil", "abc", "--reden", "x")],
    ids=["of nobody", "without a reason", "of both"],
)
def test_who_looked_is_asked_of_one_pupil_or_account_and_with_a_reason(
    overstap: Overstap, argumenten: tuple[str, ...]
) -> None:
    assert overstap("access-log", *argumenten).uitgang == 2


def test_a_pupil_is_found_by_his_pgn_on_stdin(overstap: Overstap, met_leerplicht: str) -> None:
    persoon = overstap("show", met_leerplicht, "--json", "--reden", "proef").json["persoon"]
    gevonden = overstap("show", "-", "--json", invoer=f"{persoon['pgn']}\n")
    assert gevonden.json["overstap"] == met_leerplicht
    assert persoon["pgn"] not in gevonden.uit + gevonden.fout


def test_a_reason_that_names_the_pupil_is_refused(overstap: Overstap, met_leerplicht: str) -> None:
    persoon = overstap("show", met_leerplicht, "--json", "--reden", "proef").json["persoon"]
    geweigerd = overstap("show", met_leerplicht, "--reden", f"moeder van {persoon['voornaam']} belde")
    assert (geweigerd.uitgang, geweigerd.uit) == (2, "")
    assert persoon["voornaam"] not in geweigerd.fout


@pytest.mark.parametrize("reden", ["", "  ", "x" * 201, "nummer 900180730"])
def test_a_reason_that_says_nothing_or_holds_a_number_is_refused(
    reden: str, overstap: Overstap, met_leerplicht: str
) -> None:
    assert overstap("show", met_leerplicht, "--reden", reden).uitgang == 2


def test_a_file_delivered_again_adds_nothing(
    overstap: Overstap, datamap: Path, manifest: dict[str, Any], verslag: dict[str, Any]
) -> None:
    levering = next(een for een in manifest["leveringen"] if een["soort"] == "koppeling")
    bestand = str(datamap / "demo" / levering["bestand"])
    ingenomen = overstap("import", bestand, "--namens", levering["namens"], "--rol", levering["rol"], "--json").json
    assert (ingenomen["gebeurtenissen"], ingenomen["aanvaard"]) == (0, 0)
    assert len(overstap("tail", "--once", "--na", "0").uit.splitlines()) == verslag["events"]


def test_refused_lines_are_told_and_kept_when_asked(
    overstap: Overstap, datamap: Path, manifest: dict[str, Any], tmp_path: Path
) -> None:
    levering = next(een for een in manifest["leveringen"] if een["soort"] == "leerlingen")
    bestand, geweigerd = datamap / "demo" / levering["bestand"], tmp_path / "geweigerd.csv"
    uitvoer = overstap("import", str(bestand), "--namens", "99ZZ", "--rol", "vo_beheerder", "--refused", str(geweigerd))
    assert uitvoer.uitgang == 1
    assert uitvoer.zin == "Deze organisatie is hier niet bekend."
    assert not geweigerd.exists()


def test_a_file_that_is_not_there_is_wrong_use(overstap: Overstap, verslag: dict[str, Any]) -> None:
    assert verslag
    uitvoer = overstap("import", "weg.csv", "--namens", "99AA", "--rol", "vo_beheerder")
    assert uitvoer.uitgang == 2
    assert "weg.csv" in uitvoer.zin


def test_closing_the_year_again_closes_nobody(overstap: Overstap, verslag: dict[str, Any]) -> None:
    assert verslag["closed"] > 0
    assert overstap("sluit-jaar", "2026", "--json").json["afgesloten"] == 0


def test_the_log_of_access_tells_of_every_pupil_whom_the_year_closed(
    overstap: Overstap, verslag: dict[str, Any]
) -> None:
    regels = overstap("access-log", "--account", "systeem", "--reden", "proef", "--json").json
    gesloten = {een["overstap"] for een in regels if een["handeling"] == "sluit_af"}
    assert len(gesloten) == verslag["closed"]
    assert "sluit_jaar" in {een["handeling"] for een in regels}


def test_nothing_personal_reaches_the_log_lines_or_the_report(
    gespeeld: Uitvoer, overstap: Overstap, verslag: dict[str, Any]
) -> None:
    assert verslag
    for een in overstap("worklist", "stil", "--json", "--reden", "proef").json:
        assert een["naam"].split()[-1] not in gespeeld.uit + gespeeld.fout


@pytest.fixture
def volger(datamap: Path, verslag: dict[str, Any]) -> Iterator["subprocess.Popen[str]"]:
    assert verslag
    omgeving = dict(os.environ) | {"OVERSTAP_DATAMAP": str(datamap)}
    opdracht = "import sys; from overstap.adapters.cli import main; sys.exit(main())"
    with subprocess.Popen(
        [sys.executable, "-c", opdracht, "tail", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=omgeving,
        cwd=datamap.parent,
    ) as proces:
        yield proces
        proces.kill()


def test_who_follows_the_log_sees_what_another_process_records(volger: "subprocess.Popen[str]", datamap: Path) -> None:
    assert volger.stdout is not None
    for _ in range(10):
        volger.stdout.readline()
    draai(datamap, "open-jaar", "2035")
    assert [json.loads(volger.stdout.readline())["feit"] for _ in range(2)] == [
        "procedure-vastgesteld.v1",
        "jaar-geopend.v1",
    ]
    volger.send_signal(signal.SIGINT)
    assert volger.wait(timeout=20) == 0
