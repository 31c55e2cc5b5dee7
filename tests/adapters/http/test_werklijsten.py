"""Worklists and figures over HTTP: for whom they are, in pages, and after one's own write."""

from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import httpx
import pytest

from overstap.adapters.app import App
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.domain.rollen import Actor, Rol
from tests.adapters.http.deur import Deur
from tests.adapters.http.meelezen import laatste_positie
from tests.adapters.opstelling import (
    ANDERE_SCHOOL,
    DECAAN,
    GEMEENTE,
    IN_JANUARI,
    KOPPELING,
    MBO,
    REGIEBEHEERDER,
    REGIO,
    SCHOOL,
    VO_BEHEERDER,
    opgevoerd,
)

_PGNS = (str(nummer) for nummer in count(740_000_000))
MANAGER = Actor(account="manager-99aa", rol=Rol.MANAGER, organisatie=SCHOOL, regio=REGIO)
LEERPLICHT = Actor(account="leerplicht-0363", rol=Rol.LEERPLICHTAMBTENAAR, organisatie=GEMEENTE, regio=REGIO)
INTAKER = Actor(account="intake-99xx", rol=Rol.MBO_INTAKER, organisatie=MBO, regio=REGIO)
ANDERE_DECAAN = Actor(account="decaan-99ab", rol=Rol.DECAAN, organisatie=ANDERE_SCHOOL, regio=REGIO)


def vraag(deur: Deur, pad: str, actor: Actor, **wat: Any) -> httpx.Response:  # noqa: ANN401  # any parameter
    koppen = {**deur.als(actor), **wat.pop("koppen", {})}
    return deur.client.get(f"/v1/{pad}", params=wat, headers=koppen)


def bij_leerplicht(deur: Deur, geheel: App) -> UUID:
    overstap = opgevoerd(geheel, next(_PGNS))
    for stap, inhoud in (
        ("leg-overleg-vast", {"contact": "Team Noord", "overlegDatum": "2026-01-09"}),
        ("schakel-leerplicht-in", {}),
    ):
        antwoord = deur.stap(overstap, stap, inhoud, DECAAN)
        assert antwoord.status_code == 200, antwoord.text
    return overstap


def test_a_worklist_is_of_the_callers_own_pupils_and_in_pages(deur: Deur, geheel: App) -> None:
    eigen = [bij_leerplicht(deur, geheel) for _ in range(3)]
    positie = laatste_positie(geheel)
    gezien: list[str] = []
    na: str | None = None
    while True:
        antwoord = vraag(
            deur, "werklijsten/met_leerplicht", DECAAN, limit=2, minPositie=positie, **({"na": na} if na else {})
        )
        assert antwoord.status_code == 200, antwoord.text
        gezien += [post["onderwerp"] for post in antwoord.json()]
        assert len(antwoord.json()) <= 2
        if "next" not in antwoord.links:
            break
        na = httpx.URL(antwoord.links["next"]["url"]).params["na"]
    assert len(gezien) == len(set(gezien))
    assert {*map(str, eigen)} <= {*gezien}
    assert vraag(deur, "werklijsten/met_leerplicht", ANDERE_DECAAN).json() == []
    lengte = {een["lijst"]: een["aantal"] for een in vraag(deur, "werklijsten", DECAAN).json()}
    assert lengte["met_leerplicht"] == len(gezien)
    assert "wachtbak" not in lengte


def test_leerplicht_has_the_list_of_its_pupils_alone(deur: Deur, geheel: App) -> None:
    overstap = bij_leerplicht(deur, geheel)
    positie = laatste_positie(geheel)
    antwoord = vraag(deur, "werklijsten/met_leerplicht", LEERPLICHT, minPositie=positie)
    assert str(overstap) in {post["onderwerp"] for post in antwoord.json()}
    assert [een["lijst"] for een in vraag(deur, "werklijsten", LEERPLICHT).json()] == ["met_leerplicht"]
    assert vraag(deur, "werklijsten/stil", LEERPLICHT).status_code == 403


@pytest.mark.parametrize("wie", [INTAKER, MANAGER, KOPPELING], ids=lambda wie: str(wie.rol))
def test_who_sees_no_signals_has_no_worklists(deur: Deur, wie: Actor) -> None:
    assert vraag(deur, "werklijsten", wie).json() == []
    antwoord = vraag(deur, "werklijsten/stil", wie)
    assert (antwoord.status_code, antwoord.json()["code"]) == (403, "geen_werklijst")


def test_everybody_who_is_shown_stands_in_the_log_of_access(deur: Deur, geheel: App, databank: Databank) -> None:
    overstap = bij_leerplicht(deur, geheel)
    positie = laatste_positie(geheel)
    vraag(deur, "werklijsten/met_leerplicht", VO_BEHEERDER, minPositie=positie, limit=200)
    with databank.verbind(Login.AUDIT) as verbinding:
        regels = verbinding.execute(
            "SELECT account, handeling FROM toegang.toegangslog WHERE overstap = %s AND onderwerp LIKE 'werklijst%%'",
            (overstap,),
        ).fetchall()
    assert regels == [(VO_BEHEERDER.account, "inzage")]


def test_a_bookmark_of_another_list_is_refused(deur: Deur) -> None:
    antwoord = vraag(deur, "werklijsten/stil", DECAAN, na="bestaat-niet")
    assert (antwoord.status_code, antwoord.json()["errors"][0]["plaats"]) == (400, "query.na")


def test_an_answer_that_waits_in_vain_says_so(deur: Deur, geheel: App, databank: Databank) -> None:
    with databank.verbind(Login.PROJECTIE) as verbinding, verbinding.transaction():
        verbinding.execute("SELECT 1 FROM beeld.voortgang WHERE naam = 'actueel' FOR UPDATE")  # so nothing is folded
        opgevoerd(geheel, next(_PGNS))
        later = geheel.log.laatste_positie()
        antwoord = vraag(deur, "werklijsten", DECAAN, minPositie=later, koppen={"Prefer": "wait=1"})
    assert (antwoord.status_code, antwoord.json()["code"]) == (503, "nog_niet_zichtbaar")
    assert antwoord.headers["Retry-After"] == "1"


def test_for_a_position_that_nobody_was_given_nobody_waits(deur: Deur, geheel: App) -> None:
    antwoord = vraag(deur, "werklijsten", DECAAN, minPositie=geheel.log.laatste_positie() + 1_000)
    assert (antwoord.status_code, antwoord.json()["errors"][0]["plaats"]) == (400, "query.minPositie")


def test_figures_count_what_was_entered_and_nothing_before_it_was_known(deur: Deur, geheel: App) -> None:
    bij_leerplicht(deur, geheel)
    positie = laatste_positie(geheel)
    nu = vraag(deur, "cijfers", REGIEBEHEERDER, minPositie=positie).json()
    assert (nu[0]["indeling"], nu[0]["isAfgerond"]) == ("regio", False)
    assert nu[0]["leerlingen"] >= 1
    eerder = vraag(deur, "cijfers", REGIEBEHEERDER, kennismoment=datetime(2026, 1, 1, tzinfo=UTC).isoformat()).json()
    assert sum(een["leerlingen"] for een in eerder) == 0


def test_a_manager_gets_figures_of_the_own_school_rounded_and_small_ones_hidden(deur: Deur, geheel: App) -> None:
    for _ in range(4):
        opgevoerd(geheel, next(_PGNS))
    positie = laatste_positie(geheel)
    bladen = vraag(deur, "cijfers", MANAGER, minPositie=positie).json()
    assert {een["groep"] for een in bladen if een["indeling"] == "school"} == {SCHOOL}
    for een in bladen:
        assert een["isAfgerond"]
        for aantal in (een["leerlingen"], een["aangemeld"]["aantal"], een["aangemeld"]["van"]):
            assert aantal is None or (aantal >= 5 and aantal % 5 == 0)


def test_where_pupils_go_is_told_exactly_to_the_region_and_rounded_to_a_manager(deur: Deur, geheel: App) -> None:
    bij_leerplicht(deur, geheel)
    positie = laatste_positie(geheel)
    precies = vraag(deur, "doorstroom", REGIEBEHEERDER, minPositie=positie).json()
    assert sum(een["leerlingen"] for een in precies["stromen"] if een["soort"] == "leerplicht") >= 1
    rond = vraag(deur, "doorstroom", MANAGER, peildatum=IN_JANUARI.date().isoformat()).json()
    assert rond["isAfgerond"]
    assert all(een["leerlingen"] is None or een["leerlingen"] % 5 == 0 for een in rond["stromen"])


def test_a_koppeling_gets_no_figures(deur: Deur) -> None:
    assert [vraag(deur, pad, KOPPELING).status_code for pad in ("cijfers", "doorstroom")] == [403, 403]


def test_a_year_that_is_not_there_is_not_found(deur: Deur) -> None:
    paden = ("cijfers", "doorstroom", "werklijsten", "werklijsten/stil")
    assert {vraag(deur, pad, REGIEBEHEERDER, overstapjaar=2099).status_code for pad in paden} == {404}


@pytest.mark.parametrize("dag", ["0", "1800000000", "2026", "morgen"])
def test_a_day_is_written_as_one(deur: Deur, dag: str) -> None:
    antwoord = vraag(deur, "cijfers", REGIEBEHEERDER, peildatum=dag, kennismoment=dag)
    fouten = antwoord.json()["errors"]
    assert (antwoord.status_code, [een["plaats"] for een in fouten]) == (400, ["query.peildatum", "query.kennismoment"])
