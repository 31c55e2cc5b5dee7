"""How schemathesis writes the media types it does not know, what it cannot guess, and which operations it reached."""

import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import schemathesis


@schemathesis.serializer("application/x-ndjson", "text/csv", "application/toml")
def als_tekst(_context: object, waarde: object) -> bytes:
    return waarde if isinstance(waarde, bytes) else str(waarde).encode("utf-8", "surrogatepass")


@schemathesis.hook
def filter_case(_context: object, geval: schemathesis.Case[Any]) -> bool:
    """Leave out headers that nobody named: they come over any HTTP API, of browsers and proxies; none refuses them."""
    return not any(naam.startswith("x-schemathesis-unknown") for naam in (geval.headers or {}))


_GEWICHTEN = (9, 8, 7, 6, 5, 4, 3, 2)
_GEBOREN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@schemathesis.hook
def map_body(_context: object, inhoud: Any) -> Any:  # noqa: ANN401  # any JSON
    """Make of a number, a day of birth and a year that have their form ones that can be: else nobody is entered."""
    for een in (inhoud, *_leerlingen(inhoud)):
        if not isinstance(een, dict):
            continue
        for veld in ("pgn", "nieuwePgn"):
            if isinstance(een.get(veld), str) and re.fullmatch(r"[0-9]{9}", een[veld], re.ASCII):
                een[veld] = _pgn(een[veld])
        if _is_dag(een.get("geboortedatum")):
            een["geboortedatum"] = "2010-03-14"
        if "pgn" in een and type(een.get("overstapjaar")) is int and 2000 <= een["overstapjaar"] <= 2100:
            een["overstapjaar"] = 2026
    return inhoud


def _is_dag(waarde: object) -> bool:
    """Tell whether it is a day: what was made wrong on purpose stays wrong."""
    try:
        return isinstance(waarde, str) and _GEBOREN.fullmatch(waarde) is not None and bool(date.fromisoformat(waarde))
    except ValueError:
        return False


def _leerlingen(inhoud: Any) -> list[Any]:  # noqa: ANN401  # any JSON
    lijst = inhoud.get("leerlingen") if isinstance(inhoud, dict) else None
    return lijst if isinstance(lijst, list) else []


def _pgn(cijfers: str) -> str:
    """Give a number of the test range that passes the eleven-test, by the digits given."""
    begin = "9" + cijfers[1:7]
    for cijfer in "0123456789":
        rest = sum(gewicht * int(deel) for gewicht, deel in zip(_GEWICHTEN, begin + cijfer, strict=True)) % 11
        if rest < 10:
            return f"{begin}{cijfer}{rest}"
    raise AssertionError(begin)


_KLAAR: dict[str, list[dict[str, Any]]] = json.loads(Path(os.environ["OVERSTAP_KLAAR"]).read_bytes())


@schemathesis.hook
def before_call(_context: object, geval: schemathesis.Case[Any], _kwargs: object) -> None:
    """Ask the first few times about somebody for whom it is in order: an id that was made up is nobody's."""
    wat = geval.operation.definition.raw
    klaar = _KLAAR.get(wat["operationId"])
    if not klaar or geval.meta is None or geval.meta.generation.mode.is_negative:
        return
    een = klaar.pop()
    geval.path_parameters.update(een["pad"])
    if een["inhoud"] is not None:
        geval.body = een["inhoud"]
    geval.headers.update({"If-Match": "*", "Idempotency-Key": uuid4().hex})


@schemathesis.hook
def after_call(_context: object, geval: schemathesis.Case[Any], antwoord: schemathesis.Response) -> None:
    """Write down what each operation answered."""
    with Path(os.environ["OVERSTAP_BEREIKT"]).open("a", encoding="utf-8") as bestand:
        bestand.write(f"{geval.operation.definition.raw['operationId']} {antwoord.status_code}\n")
