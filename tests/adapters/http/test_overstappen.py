"""One overstap over HTTP: where it stands, its version, and what the caller may do."""

from overstap.adapters.app import App
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import DECAAN, VO_BEHEERDER, opgevoerd


def test_an_overstap_shows_its_status_and_its_version(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, "710000000")
    antwoord = deur.toon(overstap, DECAAN)
    assert antwoord.status_code == 200, antwoord.text
    blad = antwoord.json()
    assert (antwoord.headers["ETag"], blad["versie"], blad["status"]) == ('"1"', 1, "nog_niet_aangemeld")
    assert blad["sindsOp"].endswith("Z")


def test_who_has_this_version_already_is_sent_nothing(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, "710000001")
    antwoord = deur.toon(overstap, DECAAN, **{"If-None-Match": '"1"'})
    assert (antwoord.status_code, antwoord.content, antwoord.headers["ETag"]) == (304, b"", '"1"')


def test_every_step_is_open_or_says_why_not(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, "710000002")
    stappen = {een["stap"]: een for een in deur.toon(overstap, VO_BEHEERDER).json()["stappen"]}
    assert stappen["schrijf_uit"]["isOpen"]
    assert stappen["hervat"]["weigering"]["code"] == "niet_bevoegd"
    assert {stap["isOpen"] is (stap["weigering"] is None) for stap in stappen.values()} == {True}
