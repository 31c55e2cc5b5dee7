"""Steps over HTTP: recorded once, on the version the caller saw, or refused with their reasons."""

from itertools import count
from uuid import UUID

import pytest

from overstap.adapters.app import App
from overstap.adapters.http.stapverzoeken import ELDERS, STAPPEN, pad_van
from overstap.domain.rollen import Actor, Rol
from overstap.statemachine.bevoegdheden import BEVOEGD
from overstap.statemachine.tabel import AANMELDING, OVERSTAP
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import ANDERE_SCHOOL, DECAAN, KOPPELING, REGIO, VO_BEHEERDER, opgevoerd

_PGNS = (str(nummer) for nummer in count(700_000_000))
_OVERDRACHT = {"datum": "2026-01-05"}


def test_a_step_is_recorded_and_answered_with_the_new_version(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, next(_PGNS))
    antwoord = deur.stap(overstap, "leg-warme-overdracht-vast", _OVERDRACHT, DECAAN, versie='"1"')
    assert antwoord.status_code == 200, antwoord.text
    assert (antwoord.headers["ETag"], antwoord.json()["versie"], antwoord.json()["gebeurtenissen"]) == ('"2"', 2, 1)
    assert [een.feit.datum for een in geheel.log.laad([overstap])[overstap][1:]] == ["2026-01-05"]  # type: ignore[union-attr]


def test_the_same_request_again_gets_the_same_answer_and_adds_nothing(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, next(_PGNS))
    eerste, tweede = (
        deur.stap(overstap, "leg-warme-overdracht-vast", _OVERDRACHT, DECAAN, versie='"1"', sleutel="eens")
        for _ in range(2)
    )
    assert (tweede.status_code, tweede.json()) == (200, eerste.json())
    assert len(geheel.log.laad([overstap])[overstap]) == 2


def test_a_key_used_for_something_else_is_refused(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, next(_PGNS))
    deur.stap(overstap, "leg-warme-overdracht-vast", _OVERDRACHT, DECAAN, sleutel="ander")
    antwoord = deur.stap(overstap, "leg-ddd-status-vast", _OVERDRACHT, DECAAN, sleutel="ander")
    assert (antwoord.status_code, antwoord.json()["code"]) == (422, "andere_inhoud")


def test_a_version_that_has_passed_is_told(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, next(_PGNS))
    deur.stap(overstap, "leg-warme-overdracht-vast", _OVERDRACHT, DECAAN, versie='"1"')
    antwoord = deur.stap(overstap, "leg-ddd-status-vast", _OVERDRACHT, DECAAN, versie='"1"')
    assert (antwoord.status_code, antwoord.json()["code"]) == (412, "conflict")


def test_a_step_without_the_version_is_refused(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, next(_PGNS))
    antwoord = deur.client.post(
        f"/v1/overstappen/{overstap}/stappen/leg-ddd-status-vast",
        json=_OVERDRACHT,
        headers={**deur.als(DECAAN), "Idempotency-Key": "x"},
    )
    assert (antwoord.status_code, antwoord.json()["type"]) == (428, f"{deur.adres}/v1/problemen/versie-ontbreekt")


def test_a_refusal_of_the_procedure_says_why_and_what_is_needed(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, next(_PGNS))
    antwoord = deur.stap(overstap, "kies-vervolg-vo", {"reden": "havo"}, DECAAN)
    assert antwoord.status_code == 409
    assert antwoord.headers["Content-Type"] == "application/problem+json"
    probleem = antwoord.json()
    assert (probleem["code"], probleem["errors"][0]["code"]) == ("te_vroeg", "voor_de_vervolgkeuze")
    assert probleem["watNodig"] == "Een vervolgkeuze VO vastleggen kan vanaf 1 april 2026."


def test_everything_wrong_with_a_body_is_told_at_once(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, next(_PGNS))
    antwoord = deur.stap(overstap, "kies-vervolg-vo", {"reden": "geheim", "brin": "x", "vreemd": 1}, DECAAN)
    assert antwoord.status_code == 400
    assert sorted(fout["plaats"] for fout in antwoord.json()["errors"]) == ["body.brin", "body.reden", "body.vreemd"]
    assert "geheim" not in antwoord.text


@pytest.mark.parametrize("verschil", [0, 1], ids=["van een ander", "van niemand"])
def test_who_may_not_see_a_pupil_is_told_what_is_told_of_nobody(deur: Deur, geheel: App, verschil: int) -> None:
    overstap = UUID(int=opgevoerd(geheel, next(_PGNS)).int ^ verschil)
    vreemde = Actor(account="decaan-99ab", rol=Rol.DECAAN, organisatie=ANDERE_SCHOOL, regio=REGIO)
    stap = deur.stap(overstap, "hervat", {}, vreemde)
    blik = deur.toon(overstap, vreemde)
    assert {
        (een.status_code, een.json()["detail"], een.json()["code"], tuple(sorted(een.json()))) for een in (stap, blik)
    } == {(404, "Dit is hier niet bekend.", "niet_gevonden", tuple(sorted(blik.json())))}


def test_every_row_of_both_charts_and_every_other_request_has_its_place() -> None:
    procedure = {stap for _, stap in (*AANMELDING, *OVERSTAP)} | set(BEVOEGD)
    assert procedure - set(STAPPEN) == set(ELDERS)
    assert set(STAPPEN) - procedure == set()


def test_every_step_has_an_address_that_takes_it(deur: Deur) -> None:
    paden = deur.client.get("/v1/openapi.json").json()["paths"]
    adressen = {f"/v1/overstappen/{{overstapId}}/stappen/{pad_van(stap)}" for stap in STAPPEN}
    assert adressen - set(paden) == set()


def test_a_message_that_waited_goes_to_the_pupil_that_a_person_names(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, next(_PGNS))
    bericht = {
        "ketenId": "99XX:90007777",
        "wijzigingsvolgnummer": 7,
        "pgn": "900180730",
        "status": "AO",
        "laatsteWijziging": "2026-01-10T08:00:00Z",
        "brin": "99XX",
        "opleidingCreboCode": "25647",
        "opleidingAanmeldjaar": "2026-2027",
    }
    een = {"specversion": "1.0", "id": "1", "source": "urn:x", "type": "nl.overstappen.koppelbericht.v1"}
    koppen = {**deur.als(KOPPELING), "Content-Type": "application/cloudevents+json", "Idempotency-Key": "wacht"}
    aangeleverd = deur.client.post("/v1/aanleveringen", json={**een, "data": bericht}, headers=koppen)
    assert aangeleverd.json()["wachtbak"] == 1, aangeleverd.text
    antwoord = deur.stap(overstap, "koppel-wachtbak", {"ketenId": "99XX:90007777"}, VO_BEHEERDER)
    assert antwoord.status_code == 200, antwoord.text
    assert [een["ketenId"] for een in deur.toon(overstap, DECAAN).json()["aanmeldingen"]] == ["99XX:90007777"]
