"""The feed over HTTP: what the caller may see of the log, in its order, and nothing that is sealed."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from overstap.adapters.app import App
from overstap.adapters.beelden import werk_bij
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.domain.rollen import Actor, Rol
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import ANDERE_SCHOOL, DECAAN, REGIEBEHEERDER, REGIO, SCHOOL, VO_BEHEERDER, opgevoerd

ANDERE_DECAAN = Actor(account="decaan-99ab", rol=Rol.DECAAN, organisatie=ANDERE_SCHOOL, regio=REGIO)


def voeding(
    deur: Deur,
    actor: Actor,
    *,
    accept: str = "application/cloudevents-batch+json",
    **vraag: Any,  # noqa: ANN401  # any parameter
) -> httpx.Response:
    antwoord = deur.client.get("/v1/gebeurtenissen", params=vraag, headers={**deur.als(actor), "Accept": accept})
    assert antwoord.status_code == 200, antwoord.text
    return antwoord


def na_van(antwoord: httpx.Response) -> int:
    return int(parse_qs(urlsplit(antwoord.links["next"]["url"]).query)["na"][0])


def test_an_event_goes_out_as_a_cloudevent_of_the_profile(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, "720000000")
    werk_bij(geheel)
    antwoord = voeding(deur, DECAAN, overstap=overstap)
    assert antwoord.headers["Content-Type"] == "application/cloudevents-batch+json"
    [event] = antwoord.json()
    data = event.pop("data")
    assert event.pop("time").endswith("Z")
    assert int(event.pop("sequence")) == int(antwoord.headers["Overstap-Positie"])
    assert event == {
        "specversion": "1.0",
        "id": f"{overstap}@1",
        "source": "urn:nld:oin:00000000000000000000:systeem:overstap",
        "type": "nl.overstappen.overstap-opgevoerd.v1",
        "subject": str(overstap),
        "datacontenttype": "application/json",
    }
    assert (data["inhoud"]["soortPgn"], data["inhoud"]["overstapjaar"], data["rol"]) == ("bsn", 2026, "vo_beheerder")


def test_what_is_sealed_is_named_and_stays_behind(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, "720000001")
    werk_bij(geheel)
    [gebeurtenis] = geheel.log.laad([overstap])[overstap]
    antwoord = voeding(deur, VO_BEHEERDER, overstap=overstap)
    assert antwoord.json()[0]["data"]["verzegeld"] == ["persoon.pgn"]
    assert gebeurtenis.feit.persoon["pgn"] not in antwoord.text  # type: ignore[union-attr]


def test_a_school_sees_nothing_of_the_pupils_of_another(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, "720000002")
    werk_bij(geheel)
    assert voeding(deur, ANDERE_DECAAN, overstap=overstap).json() == []
    assert len(voeding(deur, DECAAN, overstap=overstap).json()) == 1


def test_pages_follow_each_other_without_gap_or_repetition(deur: Deur, geheel: App) -> None:
    for nummer in range(5):
        opgevoerd(geheel, f"7200001{nummer:02}")
    werk_bij(geheel)
    heel = [een["sequence"] for een in voeding(deur, REGIEBEHEERDER, limit=1000).json()]
    delen: list[str] = []
    na = 0
    while deel := (antwoord := voeding(deur, REGIEBEHEERDER, na=na, limit=2)).json():
        assert len(deel) <= 2
        delen += [een["sequence"] for een in deel]
        na = na_van(antwoord)
    assert (delen, delen == sorted(delen), len(delen) > 5) == (heel, True, True)


def test_only_what_is_asked_for_is_shown(deur: Deur, geheel: App) -> None:
    overstap = opgevoerd(geheel, "720000003")
    deur.stap(overstap, "leg-warme-overdracht-vast", {"datum": "2026-01-05"}, DECAAN)
    werk_bij(geheel)
    gezien = voeding(deur, DECAAN, overstap=overstap, feit=["warme-overdracht-vastgelegd"]).json()
    assert [een["type"] for een in gezien] == ["nl.overstappen.warme-overdracht-vastgelegd.v1"]
    organisaties = {een["data"]["organisatie"] for een in voeding(deur, REGIEBEHEERDER, organisatie=SCHOOL).json()}
    assert organisaties == {SCHOOL}


def test_lines_hold_the_same_as_the_list(deur: Deur, geheel: App) -> None:
    opgevoerd(geheel, "720000004")
    werk_bij(geheel)
    regels = voeding(deur, DECAAN, accept="application/x-ndjson")
    assert regels.headers["Content-Type"] == "application/x-ndjson"
    gelezen = [httpx.Response(200, content=regel).json() for regel in regels.text.splitlines()]
    assert gelezen == voeding(deur, DECAAN).json() != []


def test_who_reads_the_feed_stands_in_the_log_of_access(deur: Deur, geheel: App, databank: Databank) -> None:
    overstap = opgevoerd(geheel, "720000006")
    voeding(deur, REGIEBEHEERDER, overstap=overstap, na=3)
    with databank.verbind(Login.AUDIT) as verbinding:
        vraag = "SELECT account, handeling, onderwerp FROM toegang.toegangslog WHERE overstap = %s"
        regels = verbinding.execute(vraag, (overstap,)).fetchall()
    assert regels == [("regie-21", "volgen", "gebeurtenissen na 3")]


@pytest.mark.parametrize("vraag", [{"na": -1}, {"limit": 0}, {"limit": 1001}, {"feit": "iets"}, {"overstap": "x"}])
def test_a_parameter_outside_its_bounds_is_refused(deur: Deur, vraag: dict[str, Any]) -> None:
    antwoord = deur.client.get("/v1/gebeurtenissen", params=vraag, headers=deur.als(DECAAN))
    assert (antwoord.status_code, [een["plaats"].split(".")[1] for een in antwoord.json()["errors"]]) == (400, [*vraag])
