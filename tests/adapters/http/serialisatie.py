"""How schemathesis writes the media types it does not know: as they stand."""

from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson", "text/csv", "application/toml")
def als_tekst(_context: object, waarde: object) -> bytes:
    return waarde if isinstance(waarde, bytes) else str(waarde).encode("utf-8", "surrogatepass")


@schemathesis.hook
def filter_case(_context: object, geval: schemathesis.Case[Any]) -> bool:
    """Leave out headers that nobody named: they come over any HTTP API, of browsers and proxies; none refuses them."""
    return not any(naam.startswith("x-schemathesis-unknown") for naam in (geval.headers or {}))
