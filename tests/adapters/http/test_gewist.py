"""Who was erased, over HTTP: told as erased where his name would stand, and nothing more can be done about him."""

import time
from uuid import UUID

from overstap.adapters.app import App
from overstap.adapters.http.bladen import GEWIST
from overstap.adapters.http.werklijsten import open_namen
from overstap.adapters.postgres.logins import Login
from overstap.adapters.wissen.wisser import wis
from overstap.domain.verzoeken_wissen import WisPersoon
from tests.adapters.http.deur import GEDULD, Deur
from tests.adapters.koppelingen.bestanden import bsn
from tests.adapters.opstelling import DECAAN, HOOFDSLEUTEL, REGIEBEHEERDER, VO_BEHEERDER, opgevoerd


def _gewist(geheel: App, deur: Deur) -> UUID:
    overstap = opgevoerd(geheel, bsn())
    assert deur.toon(overstap, DECAAN).json()["persoon"]["pgn"]
    with geheel.databank.verbind(Login.SCHRIJVER) as verbinding:
        wis(verbinding, [overstap], WisPersoon(aanleiding="verzoek"), REGIEBEHEERDER, geheel.klok)
    return overstap


def test_his_page_says_that_he_was_erased_and_no_step_is_open(deur: Deur, geheel: App) -> None:
    overstap = _gewist(geheel, deur)
    einde = time.monotonic() + GEDULD
    while (blad := deur.toon(overstap, DECAAN).json())["versie"] < 2:  # the read model follows
        assert time.monotonic() < einde
    assert blad["persoon"] == {"isGewist": True}
    assert [een["stap"] for een in blad["stappen"] if een["isOpen"]] == []
    assert {een["weigering"]["code"] for een in blad["stappen"]} == {"gewist"}


def test_a_step_is_refused_with_what_to_do(deur: Deur, geheel: App) -> None:
    overstap = _gewist(geheel, deur)
    antwoord = deur.stap(overstap, "wijzig-persoonsgegevens", {"klas": "4b"}, VO_BEHEERDER)
    assert (antwoord.status_code, antwoord.json()["code"]) == (409, "gewist")
    assert "opnieuw op" in antwoord.json()["watNodig"]


def test_his_story_and_a_search_are_served_without_him(deur: Deur, geheel: App) -> None:
    overstap = _gewist(geheel, deur)
    verhaal = deur.client.get(f"/v1/overstappen/{overstap}/gebeurtenissen", headers=deur.als(DECAAN))
    assert verhaal.status_code == 200, verhaal.text
    lijst = deur.client.post("/v1/overstappen/_zoek", json={"limit": 100}, headers=deur.als(DECAAN)).json()
    [gevonden] = [een for een in lijst["gevonden"] if een["id"] == str(overstap)]
    assert gevonden["persoon"] == {"isGewist": True}


def test_on_a_worklist_he_stands_as_erased(deur: Deur, geheel: App) -> None:
    overstap = _gewist(geheel, deur)
    met_de_hand = open_namen(
        HOOFDSLEUTEL, DECAAN, [(overstap, {"achternaam": ("overstap-opgevoerd.v1", "AAAA")}, None)], met_reden=False
    )
    assert met_de_hand == {overstap: GEWIST}
