"""Every operation and page is found in one look, and it is the one that a search through all of them would find."""

import re

import pytest
from fastapi import FastAPI
from starlette.routing import Match, Route
from starlette.types import Scope

from overstap.adapters.http.opties import Opties
from overstap.adapters.http.toepassing import maak_toepassing
from overstap.adapters.http.wegwijzer import Wegwijzer
from tests.adapters.http.deur import instellingen

_UUID = "3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a"


@pytest.fixture(scope="module")
def toepassing(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return maak_toepassing(Opties(is_proef=True), instellingen(tmp_path_factory.mktemp("wegwijzer")))


def _adres(route: Route) -> str:
    ingevuld = re.sub(r"\{[^{}:]+:uuid\}", _UUID, route.path)
    return re.sub(r"\{[^{}]+\}", "2026", ingevuld)


def _vraag(pad: str, methode: str) -> Scope:
    return {"type": "http", "path": pad, "root_path": "", "method": methode, "headers": []}


def test_each_is_found_and_no_other(toepassing: FastAPI) -> None:
    wijzer, *routes = toepassing.router.routes
    assert isinstance(wijzer, Wegwijzer)
    for route in routes:
        if not isinstance(route, Route):
            continue
        for methode in route.methods or {"GET"}:
            vraag = _vraag(_adres(route), methode)
            gezocht = next(een for een in routes if een.matches(vraag)[0] is Match.FULL)
            match, erbij = wijzer.matches(vraag)
            assert (match, erbij.get("route")) == (Match.FULL, gezocht), (methode, route.path)


@pytest.mark.parametrize(
    ("pad", "methode"), [("/v1/nergens", "GET"), ("/v1/werklijsten", "DELETE"), (f"/v1/overstappen/{_UUID}", "PUT")]
)
def test_what_is_wrong_is_left_to_the_others(toepassing: FastAPI, pad: str, methode: str) -> None:
    assert toepassing.router.routes[0].matches(_vraag(pad, methode)) == (Match.NONE, {})
