"""The OpenAPI document is whole: its examples are sent for real, its problems have pages, it keeps the standard."""

import json
import re
from collections.abc import Iterator
from types import GenericAlias
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from overstap.adapters.app import App
from overstap.adapters.http.operaties import METHODEN, _structs, schema_van
from overstap.adapters.http.problemen import PROBLEMEN
from overstap.domain.rollen import Actor, Rol
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import DECAAN, MBO, REGIO, SCHOOL, VO_BEHEERDER, opgevoerd

_INTAKER = Actor(account="intaker-99xx", rol=Rol.MBO_INTAKER, organisatie=MBO, regio=REGIO)
_VOORBEELD = "3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a"


@pytest.fixture(scope="module")
def document(deur: Deur) -> dict[str, Any]:
    antwoord = deur.client.get("/v1/openapi.json")
    assert antwoord.headers["Access-Control-Allow-Origin"] == "*"
    inhoud: dict[str, Any] = antwoord.json()
    return inhoud


def _bewerkingen(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for pad, van_pad in document["paths"].items():
        for methode, bewerking in van_pad.items():
            if methode in METHODEN:
                yield methode, pad, bewerking


def test_the_document_says_what_the_standard_asks(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert set(document["info"]["contact"]) == {"name", "email", "url"}
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])
    assert set(document["components"]["securitySchemes"]) == {"token", "sessie"}


def test_every_operation_has_a_name_an_explanation_and_its_400(document: dict[str, Any]) -> None:
    bewerkingen = list(_bewerkingen(document))
    namen = [bewerking["operationId"] for _, _, bewerking in bewerkingen]
    assert len(namen) == len(set(namen))
    zonder = [pad for _, pad, een in bewerkingen if "400" not in een["responses"] or not een.get("description")]
    assert zonder == []


def test_every_operation_tells_what_the_gate_may_answer(document: dict[str, Any]) -> None:
    van_de_poort = {"400", "403", "408", "413", "429", "431", "500", "503"}
    for _, pad, een in _bewerkingen(document):
        ontbreekt = van_de_poort - een["responses"].keys()
        assert not ontbreekt, (pad, ontbreekt)
        if een.get("security", True):
            assert "401" in een["responses"], pad
        assert all("Retry-After" in een["responses"][status]["headers"] for status in ("429", "503")), pad


def test_every_name_that_the_document_refers_to_is_in_it(document: dict[str, Any]) -> None:
    tekst = json.dumps(document)
    schemas = {f"#/components/schemas/{naam}" for naam in document["components"]["schemas"]}
    assert {*re.findall(r'"\$ref": "([^"]+)"', tekst)} <= schemas
    namen = {een["operationId"] for _, _, een in _bewerkingen(document)}
    verder = {
        naam for _, _, een in _bewerkingen(document) for x in een["responses"].values() for naam in x.get("links", ())
    }
    assert verder <= namen
    assert {
        naam for _, pad, een in _bewerkingen(document) if "{overstapId}" in pad and (naam := een["operationId"])
    } <= (verder | {"toon_overstap"})


def test_two_structs_of_one_name_are_not_let_into_the_document() -> None:
    eerste, tweede = (msgspec.defstruct("Zelfde", [("veld", soort)]) for soort in (int, str))
    schema_van(eerste)
    try:
        with pytest.raises(TypeError, match="Zelfde"):
            schema_van(tweede)
    finally:
        del _structs[eerste.__name__]


def test_paths_are_kebab_case_and_names_lower_camel_case(document: dict[str, Any]) -> None:
    for _, pad, bewerking in _bewerkingen(document):
        assert re.fullmatch(r"(/(_?[a-z0-9]+([.-][a-z0-9]+)*|\{[a-z][A-Za-z]*\}))+", pad), pad
        for een in bewerking.get("parameters", ()):
            if een["in"] in {"query", "path"}:
                assert re.fullmatch(r"[a-z][A-Za-z]*", een["name"]), een["name"]
    for naam, schema in document["components"]["schemas"].items():
        for veld in schema.get("properties", ()):
            assert re.fullmatch(r"[a-z][A-Za-z0-9]*", veld), f"{naam}.{veld}"


def test_an_instant_is_named_as_one_and_so_is_a_date(document: dict[str, Any]) -> None:
    vormen: dict[str, set[str]] = {}
    for schema in document["components"]["schemas"].values():
        for naam, veld in schema.get("properties", {}).items():
            vormen.setdefault(naam, set()).update(
                een["format"] for een in veld.get("anyOf", (veld,)) if een.get("format") in {"date", "date-time"}
            )
    for naam, gevonden in vormen.items():
        assert (gevonden == {"date-time"}) is naam.endswith(("Op", "Tijdstip")), naam
        assert not (naam.endswith("Datum") and gevonden != {"date"}), naam


def test_every_type_of_problem_that_is_promised_has_its_page(deur: Deur, document: dict[str, Any]) -> None:
    beloofd = {
        voorbeeld["value"]["type"]
        for _, _, bewerking in _bewerkingen(document)
        for antwoord in bewerking["responses"].values()
        for inhoud in antwoord.get("content", {}).values()
        for voorbeeld in inhoud.get("examples", {}).values()
    }
    assert beloofd <= {f"{deur.adres}/v1/problemen/{code}" for code in PROBLEMEN}
    assert {deur.client.get(adres).status_code for adres in beloofd} == {200}


def test_every_example_of_a_request_is_understood(deur: Deur, geheel: App, document: dict[str, Any]) -> None:
    misverstaan = []
    pgns = iter(range(790_000_000, 799_999_999))
    for methode, pad, bewerking in _bewerkingen(document):
        for media, inhoud in bewerking.get("requestBody", {}).get("content", {}).items():
            if inhoud.get("example") is None or "sessie" in pad:
                continue
            overstap = opgevoerd(geheel, str(next(pgns)))
            deur.stap(overstap, "meld-aan", {"brin": MBO, "crebo": "25647"}, _INTAKER)
            voorbeeld = inhoud["example"]
            tekst = voorbeeld if isinstance(voorbeeld, str) else json.dumps(voorbeeld)
            antwoord = deur.client.request(
                methode,
                pad.replace("{overstapId}", str(overstap)).replace("{code}", SCHOOL),
                content=tekst.replace(_VOORBEELD, str(overstap)),
                headers=_koppen(deur, pad, media, overstap),
            )
            if antwoord.status_code not in {200, 201, 403, 409}:
                misverstaan.append((pad, media, antwoord.status_code, antwoord.text[:300]))
    assert misverstaan == []


def test_every_example_of_a_parameter_is_understood(deur: Deur, geheel: App, document: dict[str, Any]) -> None:
    overstap = str(opgevoerd(geheel, "780000900"))
    for methode, pad, bewerking in _bewerkingen(document):
        waarden: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
        for een in bewerking.get("parameters", ()):
            assert (een["name"] == "na") is not ("example" in een or "examples" in een["schema"]), (pad, een["name"])
            waarden[een["in"]][een["name"]] = een.get("example") or een["schema"].get("examples", [None])[0]
        if methode == "get" and bewerking["operationId"] != "kom_terug_van_oidc":  # only who began can come back
            waarden["query"].pop("na", None)
            koppen = {**{naam: str(waarde) for naam, waarde in waarden["header"].items()}, **deur.als(DECAAN)}
            adres = pad.format_map(waarden["path"]).replace(_VOORBEELD, overstap)
            antwoord = deur.client.get(adres, params=waarden["query"], headers=koppen)
            assert antwoord.status_code in {200, 304, 401, 403, 404}, (pad, antwoord.text[:300])
            assert antwoord.status_code != 401 or bewerking["security"] == [], pad


def test_every_example_of_an_answer_has_the_form_that_is_promised(document: dict[str, Any]) -> None:
    voorbeelden = [
        (een["operationId"], inhoud["schema"], inhoud["example"])
        for _, _, een in _bewerkingen(document)
        for antwoord in een["responses"].values()
        for inhoud in antwoord.get("content", {}).values()
        if "example" in inhoud
    ]
    for naam, schema, voorbeeld in voorbeelden:
        vormen = _vormen(schema)
        assert any(_past(voorbeeld, vorm) for vorm in vormen), naam
    assert len(voorbeelden) > 40


def _vormen(schema: dict[str, Any]) -> list[Any]:
    if "items" in schema:
        return [GenericAlias(list, (vorm,)) for vorm in _vormen(schema["items"])]
    if "oneOf" in schema:
        return [vorm for een in schema["oneOf"] for vorm in _vormen(een)]
    return [_structs[schema["$ref"].rpartition("/")[2]]] if "$ref" in schema else [object]


def _past(voorbeeld: object, vorm: Any) -> bool:  # noqa: ANN401  # a struct, or a list of one
    try:
        gelezen = msgspec.json.decode(msgspec.json.encode(voorbeeld), type=vorm)
    except msgspec.ValidationError:
        return False
    return set(_namen(msgspec.to_builtins(gelezen, order="sorted"))) == set(_namen(voorbeeld))


def _namen(waarde: object) -> Iterator[str]:
    """Give every name in it: what a struct does not know it drops, and an example must not."""
    match waarde:
        case dict():
            for naam, inhoud in waarde.items():
                yield naam
                yield from _namen(inhoud)
        case list():
            for een in waarde:
                yield from _namen(een)


def _koppen(deur: Deur, pad: str, media: str, _overstap: UUID) -> dict[str, str]:
    actor = VO_BEHEERDER if pad == "/v1/overstappen" or media == "text/csv" else DECAAN
    return {**deur.als(actor), "Content-Type": media, "Idempotency-Key": uuid4().hex, "If-Match": "*"}


def test_the_documentation_shows_every_operation_without_anything_from_elsewhere(
    deur: Deur, document: dict[str, Any]
) -> None:
    blad = deur.client.get("/v1/documentatie").text
    assert [naam for _, _, een in _bewerkingen(document) if f'id="{(naam := een["operationId"])}"' not in blad] == []
    assert "<script" not in blad
    assert re.findall(r'(?:src|href)="(?:https?:)?//', blad) == []
