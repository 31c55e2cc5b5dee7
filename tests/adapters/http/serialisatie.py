"""How schemathesis writes the media types it does not know: as they stand."""

import schemathesis


@schemathesis.serializer("application/x-ndjson", "text/csv", "application/toml")
def als_tekst(_context: object, waarde: object) -> bytes:
    return waarde if isinstance(waarde, bytes) else str(waarde).encode("utf-8", "surrogatepass")
