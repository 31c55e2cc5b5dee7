"""A session ends when nobody asks for anything; a stream that stays open does not ask."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from tests.adapters.http.deur import GEDULD, ZONDER_TLS, Deur, open_deur
from tests.adapters.opstelling import SCHOOL

_STIL = "UPDATE toegang.sessies SET laatst_op = clock_timestamp() - interval '10 minutes'"
_HOE_LANG = "SELECT min(clock_timestamp() - laatst_op) FROM toegang.sessies"


@pytest.fixture(scope="module")
def deur(databank: Databank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deur]:
    with open_deur(databank, tmp_path_factory.mktemp("sessies"), hartslag=0.1) as open_:
        yield open_


@pytest.fixture
def koek(deur: Deur, databank: Databank) -> dict[str, str]:
    begin = deur.client.post("/v1/aanmelden/proef", data={"rol": "decaan", "organisatie": SCHOOL})
    deur.client.cookies.clear()
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        verbinding.execute(_STIL.encode())
    return {"Cookie": begin.headers["set-cookie"].partition(";")[0]}


def _stil(databank: Databank) -> timedelta:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        [(hoe_lang,)] = verbinding.execute(_HOE_LANG.encode()).fetchall()
    assert isinstance(hoe_lang, timedelta)
    return hoe_lang


def test_who_asks_for_something_is_not_idle(deur: Deur, databank: Databank, koek: dict[str, str]) -> None:
    assert httpx.get(f"{deur.adres}/v1/organisaties", headers=koek, verify=ZONDER_TLS).status_code == 200
    assert _stil(databank) < timedelta(minutes=1)


def test_the_heartbeats_of_a_stream_keep_nobody_awake(deur: Deur, databank: Databank, koek: dict[str, str]) -> None:
    koppen = {**koek, "Accept": "text/event-stream"}
    with httpx.stream("GET", f"{deur.adres}/v1/gebeurtenissen", headers=koppen, timeout=GEDULD) as stroom:
        slagen = (regel for regel in stroom.iter_lines() if regel == ": hartslag")
        next(slagen)
        with databank.verbind(Login.SCHRIJVER) as verbinding:
            verbinding.execute(_STIL.encode())
        for _ in range(3):
            next(slagen)
    assert _stil(databank) > timedelta(minutes=9)


def test_a_stream_ends_with_the_session(deur: Deur, koek: dict[str, str]) -> None:
    koppen = {**koek, "Accept": "text/event-stream"}
    with httpx.stream("GET", f"{deur.adres}/v1/gebeurtenissen", headers=koppen, timeout=GEDULD) as stroom:
        regels = stroom.iter_lines()
        next(regels)
        assert httpx.post(f"{deur.adres}/v1/afmelden", headers=koek, verify=ZONDER_TLS).status_code == 204
        assert [*regels][-3:] == ["event: einde", 'data: {"reden":"afgemeld"}', ""]


def test_no_script_and_no_other_site_gets_the_cookie_of_a_session(deur: Deur) -> None:
    begin = deur.client.post("/v1/aanmelden/proef", data={"rol": "decaan", "organisatie": SCHOOL})
    deur.client.cookies.clear()
    koekje, *rest = begin.headers["set-cookie"].split("; ")
    assert koekje.startswith("__Host-overstap=")
    assert {een.lower() for een in rest} >= {"secure", "httponly", "samesite=lax", "path=/"}
    assert not any(een.lower().startswith("domain") for een in rest)
