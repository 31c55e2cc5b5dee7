"""Say of an operation what the OpenAPI document must know: its body, its answer, its problems, examples."""

from collections.abc import Mapping
from http import HTTPMethod
from typing import Any, Final

import msgspec

JSON: Final = "application/json"
VERWIJZING: Final = "#/components/schemas/{name}"
ALTIJD: Final = (
    "ongeldige-invoer",
    "geen-toegang",
    "te-traag",
    "te-groot",
    "te-veel-verzoeken",
    "koppen-te-groot",
    "interne-fout",
    "niet-beschikbaar",
)
"""What the gate and the connection may answer to any request, before it comes to its operation or instead of it."""
ACHTER_DE_DEUR: Final = ("niet-aangemeld",)
MET_LICHAAM: Final = ("verkeerd-mediatype",)
VASTLEGGEND: Final = ("geweigerd", "bezig", "andere-inhoud")
"""The problems of a POST that records something."""

_structs: dict[str, type[msgspec.Struct]] = {}


def operatie(  # noqa: PLR0913  # what an operation has
    *,
    antwoord: type[msgspec.Struct] | Mapping[str, Any] | None = None,
    voorbeeld: Any = None,  # noqa: ANN401  # any JSON
    status: int = 200,
    betekenis: str = "Gelukt.",
    media: str = JSON,
    lichaam: type[msgspec.Struct] | Mapping[str, Any] | None = None,
    vraag_voorbeeld: Any = None,  # noqa: ANN401  # any JSON
    problemen: tuple[str, ...] = (),
    is_open: bool = False,
    koppen: Mapping[str, str] | None = None,
    is_lijst: bool = False,
) -> dict[str, Any]:
    """Give `openapi_extra` of a route.

    antwoord is a struct, or a schema of its own (None: text); lichaam is the struct of the body, or a content object.
    problemen are the kinds (problemen.py) that come on top of those of every operation; koppen maps a header of the
    answer to what it says.
    """
    inhoud: dict[str, Any] = {"schema": _schema(antwoord, is_lijst=is_lijst)}
    if voorbeeld is not None:
        inhoud["example"] = voorbeeld
    antwoorden: dict[str, Any] = {
        str(status): {
            "description": betekenis,
            "content": {media: inhoud},
            "headers": {naam: _kop(wat) for naam, wat in (koppen or {}).items()},
        }
    }
    soorten = (*ALTIJD, *(() if is_open else ACHTER_DE_DEUR), *(MET_LICHAAM if lichaam else ()), *problemen)
    extra: dict[str, Any] = {"responses": antwoorden, "x-problemen": sorted(set(soorten))}
    if lichaam is not None:
        eigen: Mapping[str, Any] = (
            lichaam
            if isinstance(lichaam, Mapping)
            else {JSON: {"schema": _schema(lichaam), "example": vraag_voorbeeld}}
        )
        extra["requestBody"] = {"required": True, "content": dict(eigen)}
    if is_open:
        extra["security"] = []
    return extra


def geen_inhoud(status: int, betekenis: str) -> dict[str, Any]:
    """Give an answer without content, such as 304, to add to the responses of an operation."""
    return {str(status): {"description": betekenis}}


def schema_van(soort: type[msgspec.Struct]) -> dict[str, Any]:
    """Refer to the schema of a struct, which then stands in the document."""
    return _schema(soort)


def bekende_structs() -> list[type[msgspec.Struct]]:
    """Give every struct that an operation named."""
    return list(_structs.values())


def _schema(soort: type[msgspec.Struct] | Mapping[str, Any] | None, *, is_lijst: bool = False) -> dict[str, Any]:
    if soort is None:
        return {"type": "string"}
    if isinstance(soort, Mapping):
        return dict(soort)
    if _structs.setdefault(soort.__name__, soort) is not soort:
        raise TypeError(f"two structs are called {soort.__name__}: in the document they would be one")
    verwijzing = {"$ref": VERWIJZING.format(name=soort.__name__)}
    return {"type": "array", "items": verwijzing} if is_lijst else verwijzing


def _kop(wat: str) -> dict[str, Any]:
    return {"description": wat, "schema": {"type": "string"}}


METHODEN: Final = frozenset(methode.value.lower() for methode in HTTPMethod)
