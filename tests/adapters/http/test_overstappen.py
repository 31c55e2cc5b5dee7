"""One overstap over HTTP: where it stands, its version, and what the caller may do."""

from msgspec.structs import replace

from overstap.adapters.app import App
from overstap.adapters.opdracht import ONLEESBAAR
from tests.adapters.http.deur import Deur
from tests.adapters.http.meelezen import laatste_positie
from tests.adapters.opstelling import ANDERE_SCHOOL, DECAAN, VO_BEHEERDER, opgevoerd
from tests.adapters.postgres.test_projectie_onleesbaar import leg_onleesbaar_vast


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


def test_what_cannot_be_read_is_told_to_who_may_see_the_pupil_alone(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, "710000003")
    leg_onleesbaar_vast(geheel.log, overstap)
    laatste_positie(geheel)
    vreemde = replace(DECAAN, account="decaan-99ab", organisatie=ANDERE_SCHOOL)
    zelf, ander = deur.toon(overstap, DECAAN), deur.toon(overstap, vreemde)
    assert (zelf.status_code, zelf.json()["code"], ander.status_code) == (503, ONLEESBAAR.code, 404)
    assert "overstap audit verify" in zelf.json()["detail"]
    stap = deur.client.post(
        f"/v1/overstappen/{overstap}/stappen/leg-warme-overdracht-vast",
        json={"datum": "2026-01-05"},
        headers={**deur.als(DECAAN), "If-Match": "*", "Idempotency-Key": "onleesbaar"},
    )
    assert (stap.status_code, stap.json()["code"]) == (503, ONLEESBAAR.code)
