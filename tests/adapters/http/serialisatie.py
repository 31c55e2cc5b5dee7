"""How schemathesis writes the media types it does not know, as they stand; and which operations it reached."""

import os
from pathlib import Path
from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson", "text/csv", "application/toml")
def als_tekst(_context: object, waarde: object) -> bytes:
    return waarde if isinstance(waarde, bytes) else str(waarde).encode("utf-8", "surrogatepass")


@schemathesis.hook
def filter_case(_context: object, geval: schemathesis.Case[Any]) -> bool:
    """Leave out headers that nobody named: they come over any HTTP API, of browsers and proxies; none refuses them."""
    return not any(naam.startswith("x-schemathesis-unknown") for naam in (geval.headers or {}))


@schemathesis.hook
def after_call(_context: object, geval: schemathesis.Case[Any], antwoord: schemathesis.Response) -> None:
    """Write down what each operation answered."""
    with Path(os.environ["OVERSTAP_BEREIKT"]).open("a", encoding="utf-8") as bestand:
        bestand.write(f"{geval.operation.definition.raw['operationId']} {antwoord.status_code}\n")
