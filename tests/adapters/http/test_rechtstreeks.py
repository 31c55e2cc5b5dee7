"""Parameters that are read straight are read as FastAPI reads them; what it leans on of FastAPI is as it was."""

import asyncio
import dataclasses
import inspect
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from fastapi import Depends, Header, Path, Query, Request, Response
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant, request_params_to_args

from overstap.adapters.http.bron import Bron
from overstap.adapters.http.opties import Opties
from overstap.adapters.http.rechtstreeks import _lees, _Plan, _plan, rechtstreeks
from overstap.adapters.http.toepassing import maak_toepassing
from tests.adapters.http.deur import instellingen

_DEPENDANT = {
    "path_params", "query_params", "header_params", "cookie_params", "body_params", "dependencies", "name", "call",
    "request_param_name", "websocket_param_name", "http_connection_param_name", "response_param_name",
    "background_tasks_param_name", "security_scopes_param_name", "own_oauth_scopes", "parent_oauth_scopes", "use_cache",
    "path", "scope", "concurrency",
}  # fmt: skip
"""All that a function can ask for, as this version of FastAPI has it: rechtstreeks.py knows what to do with each."""
_RUW = (
    "", " ", "0", "1", "-1", "200", "5000", "1.5", "abc", "null", "true", "2026", "2026-05-12", "2026-05-12T10:04:00Z",
    "2026-05-12T10:04:00", "99AA", "99aa", "kb", "00", "é\x00", "3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a", "x" * 300,
    "9" * 30,
)  # fmt: skip
"""What somebody may write in any place."""


@pytest.fixture(scope="module")
def bronnen(tmp_path_factory: pytest.TempPathFactory) -> list[Bron]:
    app = maak_toepassing(Opties(), instellingen(tmp_path_factory.mktemp("bronnen")))
    return [route for route in app.routes if isinstance(route, Bron)]


def _verzoek(pad: dict[str, Any], vraag: list[tuple[str, str]], koppen: list[tuple[str, str]]) -> Request:
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path": "/",
            "path_params": pad,
            "query_string": urlencode(vraag).encode(),
            "headers": [(naam.lower().encode(), waarde.encode("latin-1", "replace")) for naam, waarde in koppen],
        }
    )


def _paren(plan: _Plan, dependant: Dependant) -> Iterator[tuple[_Plan, Dependant]]:
    yield plan, dependant
    for (_, deel), hoort in zip(plan.delen, dependant.dependencies, strict=True):
        yield from _paren(deel, hoort)


def _velden(dependant: Dependant) -> Iterator[tuple[str, ModelField]]:
    for plek in ("path_params", "query_params", "header_params"):
        for veld in getattr(dependant, plek):
            yield plek, veld
    for deel in dependant.dependencies:
        yield from _velden(deel)


def _als_fastapi(dependant: Dependant, verzoek: Request) -> dict[str, Any] | None:
    """Read what one function asks for as FastAPI's own solver does; None when something is wrong with it."""
    samen: dict[str, Any] = {}
    for velden, ontvangen in (
        (dependant.path_params, verzoek.path_params),
        (dependant.query_params, verzoek.query_params),
        (dependant.header_params, verzoek.headers),
    ):
        waarden, fouten = request_params_to_args(velden, ontvangen)
        if fouten:
            return None
        samen |= waarden
    return samen


def _vergelijk(plan: _Plan, dependant: Dependant, verzoek: Request) -> None:
    gelezen: dict[int, dict[str, Any]] = {}
    is_goed = _lees(plan, verzoek, gelezen)
    verwacht = [(deel, _als_fastapi(hoort, verzoek)) for deel, hoort in _paren(plan, dependant)]
    assert is_goed is all(waarden is not None for _, waarden in verwacht)
    if is_goed:
        assert [gelezen[id(deel)] for deel, _ in verwacht] == [waarden for _, waarden in verwacht]


def _verzoeken(dependant: Dependant) -> Iterator[Request]:
    """Write each parameter in every way, the others left out or all given."""
    velden = list(_velden(dependant))
    pad = {
        veld.alias: uuid4() if veld.field_info.annotation is UUID else "99AA"
        for plek, veld in velden
        if plek == "path_params"
    }
    alle = {plek: [(v.alias, "1") for p, v in velden if p == plek] for plek in ("query_params", "header_params")}
    yield _verzoek(pad, [], [])
    yield _verzoek(pad, [("onbekend", "1")], [("X-Onbekend", "1")])
    for plek, veld in velden:
        for ruw in _RUW:
            if plek == "path_params":
                yield _verzoek(pad | {veld.alias: ruw}, alle["query_params"], alle["header_params"])
            elif plek == "query_params":
                yield _verzoek(pad, [(veld.alias, ruw)], alle["header_params"])
                yield _verzoek(pad, [*alle["query_params"], (veld.alias, ruw)], alle["header_params"])
                yield _verzoek(pad, [(veld.name, ruw)], alle["header_params"])
            else:
                yield _verzoek(pad, alle["query_params"], [(veld.alias, ruw)])
                yield _verzoek(pad, alle["query_params"], [*alle["header_params"], (veld.alias.upper(), ruw)])


def test_every_parameter_of_every_operation_is_read_as_fastapi_reads_it(bronnen: list[Bron]) -> None:
    gelezen = 0
    for bron in bronnen:
        plan = _plan(bron.dependant)
        if plan is not None:
            for verzoek in _verzoeken(bron.dependant):
                _vergelijk(plan, bron.dependant, verzoek)
                gelezen += 1
    assert gelezen > 3_000


def test_every_operation_but_those_with_a_list_or_a_form_is_read_straight(bronnen: list[Bron]) -> None:
    algemeen = [bron.operation_id or bron.name for bron in bronnen if _plan(bron.dependant) is None]
    assert algemeen == ["volg_gebeurtenissen", "meld_aan_als_proef"]


async def _wie(soort: Annotated[str, Header(alias="X-Soort")] = "niemand") -> str:
    return soort


Wie = Annotated[str, Depends(_wie)]


async def _samen(
    request: Request,
    wie: Wie,
    nummer: Annotated[int, Path()],
    dag: Annotated[date | None, Query(alias="opDag")] = None,
    limit: Annotated[int, Query(ge=1, le=10)] = 5,
) -> Response:
    return Response(f"{wie} {nummer} {dag} {limit} {request.url.path}")


async def _gewoon(_request: Request) -> Response:
    return Response("de algemene weg")


@pytest.mark.parametrize(
    ("verzoek", "antwoord"),
    [
        (_verzoek({"nummer": "7"}, [], []), "niemand 7 None 5 /"),
        (_verzoek({"nummer": 7}, [("opDag", "2026-05-12"), ("limit", "3")], []), "niemand 7 2026-05-12 3 /"),
        (_verzoek({"nummer": "7"}, [], [("x-soort", "decaan")]), "decaan 7 None 5 /"),
        (_verzoek({"nummer": "7"}, [("limit", "3"), ("limit", "4")], []), "niemand 7 None 4 /"),
        (_verzoek({"nummer": "7"}, [("dag", "2026-05-12")], []), "niemand 7 None 5 /"),
        (_verzoek({"nummer": "zeven"}, [], []), "de algemene weg"),
        (_verzoek({}, [], []), "de algemene weg"),
        (_verzoek({"nummer": "7"}, [("limit", "11")], []), "de algemene weg"),
        (_verzoek({"nummer": "7"}, [("opDag", "")], []), "de algemene weg"),
    ],
)
def test_what_is_right_is_handled_straight_and_what_is_not_the_general_way(verzoek: Request, antwoord: str) -> None:
    behandel = rechtstreeks(get_dependant(path="/{nummer}", call=_samen), _gewoon)
    assert bytes(asyncio.run(behandel(verzoek)).body).decode() == antwoord


async def _tel(request: Request) -> int:
    request.scope["keren"] = request.scope.get("keren", 0) + 1
    return int(request.scope["keren"])


async def _twee(een: Annotated[int, Depends(_tel)], ander: Annotated[int, Depends(_tel)]) -> Response:
    return Response(f"{een} {ander}")


def test_what_two_ask_for_is_made_once() -> None:
    behandel = rechtstreeks(get_dependant(path="/", call=_twee), _gewoon)
    assert bytes(asyncio.run(behandel(_verzoek({}, [], []))).body) == b"1 1"


def _synchroon(request: Request) -> Response:
    return Response(request.url.path)


async def _met_lijst(feit: Annotated[list[str] | None, Query()] = None) -> Response:
    return Response(str(feit))


async def _met_antwoord(response: Response) -> Response:
    return response


async def _gedekt(dag: Annotated[int, Query(validate_default=True)] = 5) -> Response:
    return Response(str(dag))


@pytest.mark.parametrize("functie", [_synchroon, _met_lijst, _met_antwoord, _gedekt])
def test_a_function_that_asks_for_more_is_left_to_fastapi(functie: Any) -> None:  # noqa: ANN401  # each asks another thing
    assert rechtstreeks(get_dependant(path="/", call=functie), _gewoon) is _gewoon


def test_fastapi_has_nothing_that_a_function_can_ask_for_which_is_not_known_here() -> None:
    assert {veld.name for veld in dataclasses.fields(Dependant)} == _DEPENDANT, (
        "FastAPI changed what a function can ask for: look whether rechtstreeks.py must know it, then mend this list"
    )


def test_a_field_of_fastapi_validates_as_it_did() -> None:
    assert list(inspect.signature(ModelField.validate).parameters) == ["self", "value", "values", "loc"]
    veld = get_dependant(path="/{nummer}", call=_samen).query_params[1]
    assert (veld.alias, veld.name, veld.default, veld.field_info.is_required()) == ("limit", "limit", 5, False)
    assert veld.validate("7", {}, loc=()) == (7, [])
    assert [een["type"] for een in veld.validate("11", {}, loc=())[1]] == ["less_than_equal"]
