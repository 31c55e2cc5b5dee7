"""The region looks as it should: what it counts, and shares of pupils and of messages, within a stated tolerance."""

from collections import Counter
from datetime import datetime

import pytest

from tests.adapters.synthetische_regio.lezers import Bestanden

HALF_PROCENT = 0.005
GEDEELD = {
    "vervolgkeuze_vo": 0.21 + 0.06 + 0.045 + 0.013 + 0.0035,
    "gestart": 0.64,
    "leerplicht_ingeschakeld": 0.015,
    "uitgeschreven": 0.0035,
}
REDENEN = {
    "mbo_buiten_regio": 0.21,
    "havo": 0.06,
    "doubleert": 0.045,
}


def test_every_pupil_is_entered_once(groot: Bestanden, klein: Bestanden) -> None:
    for bestanden, aantal in ((groot, 7_000), (klein, 400)):
        assert bestanden.manifest["leerlingen"] == aantal
        assert bestanden.verwacht["overstappen"] == aantal
        assert len(_leerlingen(bestanden)) == aantal


def test_no_line_had_to_be_left_out_in_the_large_region(groot: Bestanden) -> None:
    assert groot.verwacht["vervallen"] == 0


def test_the_measuring_days_count_everybody_who_was_entered_by_then(groot: Bestanden) -> None:
    for naam, moment in groot.verwacht["peilmomenten"].items():
        assert moment["moment"].endswith("T21:59:59Z")
        assert sum(moment["eind"]["perStatus"].values()) == 7_000, naam


def test_more_is_known_in_the_end_than_was_known_then(groot: Bestanden) -> None:
    april = groot.verwacht["peilmomenten"]["1 apr"]
    assert april["toen"]["norm"]["alleAangemeld"] < april["eind"]["norm"]["alleAangemeld"]
    oktober = groot.verwacht["peilmomenten"]["1 okt"]
    assert oktober["toen"]["perStatus"]["gestart"] < oktober["eind"]["perStatus"]["gestart"]


@pytest.mark.parametrize(("status", "aandeel"), GEDEELD.items())
def test_pupils_stand_on_1_october_where_they_should(groot: Bestanden, status: str, aandeel: float) -> None:
    stand = groot.verwacht["peilmomenten"]["1 okt"]["eind"]["perStatus"]
    assert stand[status] / 7_000 == pytest.approx(aandeel, abs=HALF_PROCENT)


@pytest.mark.parametrize(("reden", "aandeel"), REDENEN.items())
def test_other_choices_have_their_share(groot: Bestanden, reden: str, aandeel: float) -> None:
    laatste = {regel.pgn: regel.inhoud["reden"] for regel in groot.verzoeken("kies_vervolg_vo") if regel.inhoud}
    for regel in groot.verzoeken("trek_vervolgkeuze_in"):
        del laatste[regel.pgn]
    assert Counter(laatste.values())[reden] / 7_000 == pytest.approx(aandeel, abs=HALF_PROCENT)


def test_one_in_a_hundred_pupils_is_out_of_sight(groot: Bestanden) -> None:
    stand = groot.verwacht["peilmomenten"]["1 okt"]["eind"]["perStatus"]
    uit_beeld = stand["nog_niet_aangemeld"] + stand.get("aangemeld", 0) + stand.get("intake", 0)
    assert uit_beeld / 7_000 == pytest.approx(0.01, abs=HALF_PROCENT)


@pytest.mark.parametrize(("aantal", "aandeel"), [("0", 0.03), ("1", 0.62), ("2", 0.25), ("3", 0.10)])
def test_pupils_have_their_number_of_applications(groot: Bestanden, aantal: str, aandeel: float) -> None:
    assert groot.verwacht["leerlingenPerAantalAanmeldingen"][aantal] / 7_000 == pytest.approx(aandeel, abs=HALF_PROCENT)


@pytest.mark.parametrize(
    ("leerweg", "aandeel"),
    [("bb", 0.20), ("kb", 0.25), ("gl+tl", 0.42), ("havo", 0.06), ("pro", 0.04), ("vso+isk+vavo", 0.03)],
)
def test_every_leerweg_has_its_share(groot: Bestanden, leerweg: str, aandeel: float) -> None:
    aantal = sum(groot.verwacht["perLeerweg"][deel] for deel in leerweg.split("+"))
    assert aantal / 7_000 == pytest.approx(aandeel, abs=0.001)


@pytest.mark.parametrize(
    ("soort", "aandeel"),
    [
        ("afgewezen", 0.06),
        ("ingetrokken_na_plaatsing", 0.03),
        ("niet_verschenen", 0.015),
        ("tegenstrijdig", 0.05),
        ("pgn_wijziging", 0.01),
        ("schoolwissel", 0.01),  # two lines for each of 0.5 %
    ],
)
def test_trouble_of_pupils_has_its_share(groot: Bestanden, soort: str, aandeel: float) -> None:
    aantal = sum(geval["soort"] == soort for geval in groot.moeilijkheden)
    assert aantal / 7_000 == pytest.approx(aandeel, rel=0.1)


@pytest.mark.parametrize(("uitkomst", "aandeel"), [("wachtbak", 0.02), ("ongewijzigd", 0.02), ("niet_toegepast", 0.01)])
def test_trouble_of_messages_has_its_share(groot: Bestanden, uitkomst: str, aandeel: float) -> None:
    telling = groot.verwacht["regels"]["koppeling"]
    assert telling[uitkomst] / sum(telling.values()) == pytest.approx(aandeel, rel=0.25)


def test_the_year_comes_to_about_seventy_thousand_facts_in_some_thousands_of_files(groot: Bestanden) -> None:
    assert groot.verwacht["feitenOngeveer"] == pytest.approx(70_000, rel=0.05)
    assert groot.verwacht["aanmeldingen"] == pytest.approx(10_000, rel=0.05)
    assert 1_500 < len(groot.manifest["leveringen"]) < 3_000


def test_applications_and_starts_have_their_peaks(groot: Bestanden) -> None:
    per_week = Counter(_week(regel.inhoud["laatsteWijziging"]) for regel in groot.van("koppeling") if regel.inhoud)
    (top, _), (volgende, _) = per_week.most_common(2)
    assert {top, volgende} == {"2026-13", "2026-36"}


def test_small_regions_keep_the_shares_within_two_pupils(klein: Bestanden) -> None:
    stand = klein.verwacht["peilmomenten"]["1 okt"]["eind"]["perStatus"]
    assert all(abs(stand[status] - aandeel * 400) <= 2 for status, aandeel in GEDEELD.items())


def _week(tijdstip: str) -> str:
    jaar, week, _ = datetime.fromisoformat(tijdstip).isocalendar()
    return f"{jaar}-{week}"


def _leerlingen(bestanden: Bestanden) -> set[str]:
    """Give everybody whom a list enters, under his latest number."""
    nieuw = {regel.pgn: str(regel.inhoud["nieuwePgn"]) for regel in bestanden.verzoeken("vervang_pgn") if regel.inhoud}
    eerste: dict[str, str] = {}
    for regel in bestanden.van("koppeling"):
        if regel.inhoud and bestanden.mag(regel):
            oud = eerste.setdefault(regel.inhoud["ketenId"], regel.pgn)
            if oud != regel.pgn and oud.startswith("10"):
                nieuw[oud] = regel.pgn
    return {nieuw.get(regel.pgn, regel.pgn) for regel in bestanden.van("leerlingen") if bestanden.mag(regel)}
