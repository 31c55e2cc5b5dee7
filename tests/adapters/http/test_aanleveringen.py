"""Deliveries over HTTP: judged line by line, known again, readable later by who delivered."""

import json
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from overstap.adapters.app import App
from overstap.domain.identificaties import is_bsn
from overstap.domain.rollen import Actor, Rol
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import ANDERE_SCHOOL, DECAAN, KOPPELING, REGIO, VO_BEHEERDER, opgevoerd

_PGNS = (str(nummer) for nummer in count(730_000_000))
_NDJSON = "application/x-ndjson"


def _lever(
    deur: Deur, inhoud: str | bytes, actor: Actor, media: str = _NDJSON, sleutel: str | None = None
) -> httpx.Response:
    koppen = {**deur.als(actor), "Content-Type": media, "Idempotency-Key": sleutel or uuid4().hex}
    return deur.client.post("/v1/aanleveringen", content=inhoud, headers=koppen)


def _stap(overstap: UUID, **anders: Any) -> str:  # noqa: ANN401  # any field
    regel = {"verzoek": "leg_warme_overdracht_vast", "leerling": {"overstap": str(overstap)}, "datum": "2026-01-09"}
    return json.dumps({**regel, **anders})


def test_every_line_is_judged_and_what_was_refused_is_told_with_its_number(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, next(_PGNS))
    antwoord = _lever(deur, f"{_stap(overstap)}\n{_stap(uuid4())}\n", DECAAN)
    assert antwoord.status_code == 201, antwoord.text
    blad = antwoord.json()
    assert (blad["soort"], blad["regels"], blad["aanvaard"], blad["geweigerd"]) == ("stappen", 2, 1, 1)
    assert [(een["regel"], een["code"]) for een in blad["geweigerdeRegels"]] == [(2, "onbekende_leerling")]


def test_a_delivery_is_readable_later_by_its_organisation_alone(deur: Deur, geheel: App) -> None:
    adres = _lever(deur, _stap(opgevoerd(geheel, next(_PGNS))), DECAAN).headers["Location"]
    vreemde = Actor(account="decaan-99ab", rol=Rol.DECAAN, organisatie=ANDERE_SCHOOL, regio=REGIO)
    assert [deur.client.get(adres, headers=deur.als(wie)).status_code for wie in (DECAAN, vreemde)] == [200, 404]


def test_the_same_delivery_again_adds_nothing(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, next(_PGNS))
    eerste, tweede = (_lever(deur, _stap(overstap), DECAAN, sleutel="zelfde") for _ in range(2))
    assert (tweede.status_code, tweede.json()) == (201, eerste.json())
    assert len(geheel.log.laad([overstap])[overstap]) == 2


def test_a_key_is_bound_to_its_content(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, next(_PGNS))
    _lever(deur, _stap(overstap), DECAAN, sleutel="bezet")
    antwoord = _lever(deur, _stap(overstap, datum="2026-01-08"), DECAAN, sleutel="bezet")
    assert (antwoord.status_code, antwoord.json()["code"]) == (422, "andere_inhoud")


def test_nobody_speaks_for_another_account(deur: Deur, geheel: App) -> None:
    antwoord = _lever(deur, _stap(opgevoerd(geheel, next(_PGNS)), account="decaan-99aa-2"), DECAAN)
    assert [een["code"] for een in antwoord.json()["geweigerdeRegels"]] == ["niet_bevoegd"]


def test_a_list_of_pupils_comes_as_csv(deur: Deur) -> None:
    kop = "pgn;achternaam;voornaam;geboortedatum;leerweg;klas;gemeente"
    antwoord = _lever(deur, f"{kop}\n900180730;Voorbeeld;Noor;14-03-2010;kb;4b;0363\n", VO_BEHEERDER, "text/csv")
    assert (antwoord.json()["soort"], antwoord.json()["aanvaard"]) == ("leerlingen", 1)


def _cloudevent(overstap: UUID, **anders: Any) -> dict[str, Any]:  # noqa: ANN401  # any attribute
    return {
        "specversion": "1.0",
        "id": uuid4().hex,
        "source": "urn:nld:oin:00000001003214345000:systeem:leerlingvolg",
        "type": "nl.overstappen.verzoek.leg-warme-overdracht-vast.v1",
        "data": {"leerling": {"overstap": str(overstap)}, "datum": "2026-01-09"},
        **anders,
    }


@pytest.mark.parametrize("is_stapel", [0, 1], ids=["een", "een stapel"])
def test_requests_come_as_cloudevents(deur: Deur, geheel: App, is_stapel: int) -> None:
    een = _cloudevent(opgevoerd(geheel, next(_PGNS)))
    media = "application/cloudevents-batch+json" if is_stapel else "application/cloudevents+json"
    antwoord = _lever(deur, json.dumps([een] if is_stapel else een), DECAAN, media)
    assert antwoord.status_code == 201, antwoord.text
    assert antwoord.json()["aanvaard"] == 1


def test_an_event_of_an_unknown_type_is_told(deur: Deur) -> None:
    antwoord = _lever(
        deur, json.dumps(_cloudevent(uuid4(), type="org.vreemd.v1")), DECAAN, "application/cloudevents+json"
    )
    assert (antwoord.status_code, antwoord.json()["errors"][0]["plaats"]) == (400, "body[0].type")


def test_a_message_of_a_koppeling_waits_for_its_pupil(deur: Deur) -> None:
    bericht = {
        "ketenId": "99XX:90001119",
        "wijzigingsvolgnummer": 7,
        "pgn": next(str(nummer) for nummer in count(900_200_000) if is_bsn(str(nummer))),
        "status": "AO",
        "laatsteWijziging": "2026-01-10T08:00:00Z",
        "brin": "99XX",
        "opleidingCreboCode": "25647",
        "opleidingAanmeldjaar": "2026-2027",
    }
    een = _cloudevent(uuid4(), type="nl.overstappen.koppelbericht.v1", data=bericht)
    antwoord = _lever(deur, json.dumps(een), KOPPELING, "application/cloudevents+json")
    assert (antwoord.status_code, antwoord.json()["wachtbak"]) == (201, 1), antwoord.text


def test_another_kind_of_content_is_not_read(deur: Deur) -> None:
    assert _lever(deur, "x", DECAAN, "application/pdf").status_code == 415
