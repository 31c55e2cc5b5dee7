"""Bad input of every kind gets its documented answer, and nothing of it is stored."""

import socket
from collections.abc import Iterator
from contextlib import closing
from uuid import UUID, uuid4

import httpx
import pytest

from overstap.adapters.http.verbinding import Verbinding
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from tests.adapters.http.deur import GEDULD, Deur, open_deur
from tests.adapters.opstelling import DECAAN, SCHOOL, app, opgevoerd

_ONBEKEND_EVENT = b'{"specversion":"1.0","id":"1","source":"x","type":"y","data":1}'
_PGNS = iter(range(750_000_000, 759_999_999))


@pytest.fixture(scope="module")
def deur(databank: Databank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deur]:
    with open_deur(databank, tmp_path_factory.mktemp("slecht"), geduld_lichaam=1.0) as open_:
        yield open_


@pytest.fixture(scope="module")
def overstap(databank: Databank) -> UUID:
    with app(databank) as geheel:
        return opgevoerd(geheel, next(map(str, _PGNS)))


@pytest.fixture(autouse=True)
def _niets_vastgelegd(databank: Databank, overstap: UUID, deur: Deur) -> Iterator[None]:
    """See to it that nothing was recorded, but that something was delivered and refused."""
    with databank.verbind(Login.AUDIT) as verbinding:
        telling = "SELECT count(*) FROM log.gebeurtenissen WHERE topic !~ '^(aanlevering|regel)-'"
        voor = verbinding.execute(telling).fetchone()
        yield
        assert verbinding.execute(telling).fetchone() == voor


def _stuur(deur: Deur, overstap: UUID, inhoud: bytes, stap: str = "plaats-bericht", **anders: str) -> httpx.Response:
    koppen = {
        **deur.als(DECAAN),
        "Content-Type": "application/json",
        "Idempotency-Key": uuid4().hex,
        "If-Match": "*",
        **anders,
    }
    return deur.client.post(f"/v1/overstappen/{overstap}/stappen/{stap}", content=inhoud, headers=koppen)


@pytest.mark.parametrize(
    "inhoud",
    [
        b"",
        b"null",
        b"[]",
        b'"tekst"',
        b"{",
        b'{"aan":',
        b"\xff\xfe\x00",
        b'{"aan":"99XX","tekst":"\xe9"}',
        b'{"aan":"99XX","tekst":"a\\u0000b"}',
        b'{"aan":"99XX","tekst":"\\ud800"}',
        b'{"aan":"99XX\\n","tekst":"x"}',
        b'{"aan":"99XX","tekst":" "}',
        b'{"aan":"99XX","tekst":1}',
        b'{"aan":{},"tekst":[]}',
        b'{"aan":"99XX","tekst":"x","vreemd":1}',
        b'{"aan":"99XX","tekst":"x","gebeurdOp":"2026-01-01T00:00:00"}',
        b'{"aan":"99XX","tekst":"x","gebeurdOp":"9999999"}',
        b'{"tekst":"' + b"x" * 1001 + b'","aan":"99XX"}',
        b"[" * 100_000,
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        b'{"aan":"99XX","tekst":1e999}',
    ],
    ids=lambda een: een[:24].decode("latin-1"),
)
def test_a_body_that_is_not_of_its_form_is_told_so(deur: Deur, overstap: UUID, inhoud: bytes) -> None:
    antwoord = _stuur(deur, overstap, inhoud)
    assert (antwoord.status_code, antwoord.headers["Content-Type"]) == (400, "application/problem+json")
    assert antwoord.json()["errors"]


@pytest.mark.parametrize(
    "inhoud",
    [b"", b"null", b"[" * 100_000, b'{"a":' * 20_000, b"\xff\xfe\x00", b'{"vreemd":"a\\u0000b"}', b'"tekst"'],
    ids=lambda een: een[:12].decode("latin-1"),
)
def test_no_operation_takes_in_what_it_cannot_read(deur: Deur, inhoud: bytes) -> None:
    paden = deur.client.get("/v1/openapi.json").json()["paths"]
    gevraagd = {
        pad: deur.client.post(
            pad.replace("{overstapId}", str(uuid4())).replace("{code}", SCHOOL),
            content=inhoud,
            headers={
                **deur.als(DECAAN),
                "Content-Type": "application/json",
                "Idempotency-Key": uuid4().hex,
                "If-Match": "*",
            },
        )
        for pad, van_pad in paden.items()
        if "application/json" in van_pad.get("post", {}).get("requestBody", {}).get("content", {})
        and pad not in {"/v1/aanleveringen", "/v1/sessie"}  # a file is judged line by line, a session has a cookie
    }
    assert len(gevraagd) > 35
    anders = {pad: een.status_code for pad, een in gevraagd.items() if een.status_code != 400}
    assert anders == {}


@pytest.mark.parametrize(
    ("koppen", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": ""}, 415),
        ({"Content-Type": "application/json; charset=latin-1"}, 415),
        ({"Content-Encoding": "gzip"}, 415),
        ({"If-Match": "17"}, 400),
        ({"If-Match": 'W/"17"'}, 400),
        ({"If-Match": '"1","2"'}, 400),
        ({"Idempotency-Key": ""}, 400),
        ({"Idempotency-Key": "x" * 256}, 400),
        ({"Authorization": "Basic eDp5"}, 401),
        ({"Authorization": "Bearer"}, 401),
        ({"Authorization": "Bearer x.y.z"}, 401),
    ],
    ids=str,
)
def test_a_header_that_is_not_of_its_form_is_told_so(
    deur: Deur, overstap: UUID, koppen: dict[str, str], status: int
) -> None:
    antwoord = _stuur(deur, overstap, b'{"aan":"99XX","tekst":"x"}', **koppen)
    assert (antwoord.status_code, antwoord.headers["Content-Type"]) == (status, "application/problem+json")


@pytest.mark.parametrize("nummer", ["1", "3f2a", "%00", "' OR 1=1", "..%2f..", "x" * 3_000])
def test_a_number_that_is_none_is_told_so(deur: Deur, nummer: str) -> None:
    antwoord = deur.client.get(f"/v1/overstappen/{nummer}", headers=deur.als(DECAAN))
    assert antwoord.status_code in {400, 404}


def test_a_body_that_is_too_large_is_refused_while_it_comes_in(deur: Deur, overstap: UUID) -> None:
    def stukken() -> Iterator[bytes]:
        yield b'{"tekst":"'
        for _ in range(100):
            yield b"x" * 10_000

    koppen = {**deur.als(DECAAN), "Content-Type": "application/json", "Idempotency-Key": "groot", "If-Match": "*"}
    antwoord = deur.client.post(f"/v1/overstappen/{overstap}/stappen/plaats-bericht", content=stukken(), headers=koppen)
    assert (antwoord.status_code, antwoord.json()["code"]) == (413, "te_groot")


def _bel(deur: Deur) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(deur.adres.rpartition(":")[2])), timeout=GEDULD)


def test_headers_that_come_too_slowly_are_refused(deur: Deur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Verbinding, "geduld", 0.2)
    with closing(_bel(deur)) as lijn:
        lijn.sendall(b"GET /v1/organisaties HTTP/1.1\r\nHost: x\r\nX-Traag: ")
        antwoord = lijn.recv(4_096)
    assert antwoord.startswith(b"HTTP/1.1 408")
    assert b'"code":"te_traag"' in antwoord


def test_who_connects_and_says_nothing_is_not_waited_for(deur: Deur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Verbinding, "geduld", 0.2)
    with closing(_bel(deur)) as lijn:
        assert lijn.recv(64) == b""


@pytest.mark.parametrize("einde", [b"", b"\r\n\r\n"], ids=["without an end", "whole"])
def test_headers_that_are_too_large_are_refused(deur: Deur, einde: bytes) -> None:
    with closing(_bel(deur)) as lijn:
        lijn.sendall(b"GET /v1/gezondheid/live HTTP/1.1\r\nHost: x\r\nX-Lang: " + b"x" * 70_000 + einde)
        antwoord = lijn.recv(4_096)
    assert antwoord.startswith(b"HTTP/1.1 431")
    assert b'"code":"koppen_te_groot"' in antwoord


@pytest.mark.parametrize("onzin", [b"zomaar wat\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET / HTTP/9\r\n\r\n"])
def test_what_is_no_http_is_told_so(deur: Deur, onzin: bytes) -> None:
    with closing(_bel(deur)) as lijn:
        lijn.sendall(onzin)
        antwoord = lijn.recv(4_096)
    assert antwoord.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in antwoord
    assert all(b"%b: " % kop in antwoord for kop in (b"api-version", b"cache-control", b"x-content-type-options"))


@pytest.mark.parametrize(
    ("media", "inhoud"),
    [
        ("application/x-ndjson", b"x" * 10_000_000),
        ("application/x-ndjson", b'{"verzoek":"hervat","leerling":' + b"[" * 50_000 + b"\n"),
        ("application/x-ndjson", b"\xff\xfe\x00\n\x00\n"),
        ("application/x-ndjson", b'{"verzoek":"hervat","leerling":{"overstap":"\xe9"}}\n'),
        ("application/x-ndjson", b'{"verzoek":"hervat","vreemd":1}\n'),
        ("text/csv", b"pgn;achternaam\n\x00;\x00\n"),
        ("text/csv", b'"' * 100_001),
        ("application/toml", b"a = " + b"[" * 10_000),
        ("application/json", b"{" * 10_000),
        ("application/x-ndjson", b""),
    ],
    ids=[
        "10 MB line",
        "deep",
        "utf-16",
        "latin-1",
        "unknown field",
        "NUL in CSV",
        "quotes",
        "deep TOML",
        "deep JSON",
        "empty",
    ],
)
def test_a_delivery_of_rubbish_is_refused_line_by_line(deur: Deur, media: str, inhoud: bytes) -> None:
    koppen = {**deur.als(DECAAN), "Content-Type": media, "Idempotency-Key": uuid4().hex}
    antwoord = deur.client.post("/v1/aanleveringen", content=inhoud, headers=koppen)
    assert antwoord.status_code == 201, antwoord.text
    assert (antwoord.json()["aanvaard"], antwoord.json()["wachtbak"]) == (0, 0)


@pytest.mark.parametrize(
    "inhoud",
    [
        b"{",
        b"[]",
        b'{"specversion":"1.0"}',
        b"\xff",
        b"[" * 50_000,
        _ONBEKEND_EVENT,
    ],
    ids=["half", "a list", "bare", "no UTF-8", "deep", "unknown type"],
)
def test_what_is_no_cloudevent_is_told_so(deur: Deur, inhoud: bytes) -> None:
    koppen = {**deur.als(DECAAN), "Content-Type": "application/cloudevents+json", "Idempotency-Key": uuid4().hex}
    antwoord = deur.client.post("/v1/aanleveringen", content=inhoud, headers=koppen)
    assert (antwoord.status_code, antwoord.headers["Content-Type"]) == (400, "application/problem+json")


def test_a_body_that_comes_too_slowly_is_refused(deur: Deur, overstap: UUID) -> None:
    token = deur.als(DECAAN)["Authorization"]
    kop = (
        f"POST /v1/overstappen/{overstap}/stappen/plaats-bericht HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n"
        "Content-Type: application/json\r\nIdempotency-Key: traag\r\nIf-Match: *\r\nContent-Length: 100\r\n\r\n{"
    )
    with closing(_bel(deur)) as lijn:
        lijn.sendall(kop.encode())
        assert lijn.recv(64).startswith(b"HTTP/1.1 408")
