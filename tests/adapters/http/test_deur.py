"""What the door asks of every request, and gives with every answer."""

from uuid import uuid4

import httpx
import pytest

from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import DECAAN


def test_every_answer_has_the_headers_that_the_standard_asks(deur: Deur) -> None:
    for antwoord in (deur.client.get("/v1/gezondheid/live"), deur.client.get("/v1/bestaat-niet")):
        gegeven = {naam: antwoord.headers.get(naam) for naam in ("Cache-Control", "X-Frame-Options", "API-Version")}
        assert gegeven == {"Cache-Control": "no-store", "X-Frame-Options": "DENY", "API-Version": "0.1.0"}
        assert antwoord.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in antwoord.headers["Content-Security-Policy"]


def test_the_trace_of_the_caller_comes_back_as_correlation(deur: Deur) -> None:
    spoor = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    antwoord = deur.client.get("/v1/gezondheid/live", headers={"traceparent": spoor})
    assert antwoord.headers["X-Correlation-Id"] == "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"


@pytest.mark.parametrize("kop", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"])
def test_the_trial_refuses_what_came_through_a_proxy(deur: Deur, kop: str) -> None:
    assert deur.client.get("/v1/gezondheid/live", headers={kop: "x"}).status_code == 403


def test_without_a_token_nothing_is_told(deur: Deur) -> None:
    antwoord = deur.client.get("/v1/overstappen/3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a")
    assert (antwoord.status_code, antwoord.headers["WWW-Authenticate"]) == (401, 'Bearer realm="overstap"')


def test_a_token_that_was_tampered_with_counts_for_nothing(deur: Deur) -> None:
    kop, inhoud, _zegel = deur.uitgever.token(DECAAN).split(".")
    antwoord = deur.client.get(
        "/v1/overstappen/3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a",
        headers={"Authorization": f"Bearer {kop}.{inhoud}.{_zegel[::-1]}"},
    )
    assert (antwoord.status_code, 'error="invalid_token"' in antwoord.headers["WWW-Authenticate"]) == (401, True)


def test_another_method_is_told_which_ones_there_are(deur: Deur) -> None:
    antwoord = deur.client.put("/v1/gezondheid/live")
    assert (antwoord.status_code, antwoord.headers["Allow"]) == (405, "GET")


def test_an_address_with_a_slash_at_its_end_does_not_exist(deur: Deur) -> None:
    assert deur.client.get("/v1/gezondheid/live/").status_code == 404


def test_every_type_of_problem_has_its_page(deur: Deur) -> None:
    antwoord = deur.client.get("/v1/bestaat-niet")
    blad = httpx.get(antwoord.json()["type"])
    assert (blad.status_code, "Dit bestaat hier niet" in blad.text) == (200, True)


def test_a_body_that_is_too_large_is_not_read(deur: Deur) -> None:
    antwoord = deur.stap(uuid4(), "hervat", {"x": "y" * 300_000}, DECAAN)
    assert (antwoord.status_code, antwoord.json()["code"]) == (413, "te_groot")


def test_a_parameter_that_nobody_knows_is_told_together_with_what_else_is_wrong(deur: Deur) -> None:
    vraag = {"limit": "veel", "vreemd": "1", "<script>": "1"}
    antwoord = deur.client.get("/v1/gebeurtenissen", params=vraag, headers=deur.als(DECAAN))
    assert antwoord.status_code == 400
    plaatsen = sorted(een["plaats"] for een in antwoord.json()["errors"])
    assert plaatsen == ["query.?", "query.limit", "query.vreemd"]


def test_a_parameter_that_nobody_knows_keeps_anything_from_being_done(deur: Deur) -> None:
    antwoord = deur.client.post("/v1/afmelden", params={"vreemd": "1"})
    assert (antwoord.status_code, antwoord.json()["errors"][0]["code"]) == (400, "onbekend")
