"""An example of each parameter by its name, as it stands in the documentation; a test sends them all."""

from collections.abc import Mapping
from typing import Any, Final

_NUMMER: Final = "3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a"
VOORBEELDEN: Final[Mapping[str, Any]] = {
    "aanleveringId": _NUMMER,
    "error": "access_denied",
    "feit": ["overstap-opgevoerd"],
    "gemeente": "0363",
    "Idempotency-Key": "9d1c7f0e-2b61-4f0a-8a39-5b7f3f5f0c11",
    "If-Match": '"17"',
    "If-None-Match": '"17"',
    "iss": "https://login.example",
    "kennismoment": "2026-07-03T12:00:00Z",
    "klas": "4b",
    "Last-Event-ID": 1,
    "leerweg": "kb",
    "lijst": "stil",
    "limit": 20,
    "mbo": "99XX",
    "minPositie": 1,
    "naar": "/",
    "organisatie": "99AA",
    "overstap": _NUMMER,
    "overstapId": _NUMMER,
    "overstapjaar": 2026,
    "peildatum": "2026-04-01",
    "peilmoment": "2026-07-01T00:00:00+02:00",
    "Prefer": "wait=5",
    "Reden": "Vraag van de ouders",
    "school": "99AA",
    "state": "x4Qm0vJt7c",
    "status": "aangemeld",
    "uitgever": "https://login.example",
    "vestiging": "00",
}
"""By name. `na` has none: only an answer tells where the next page begins."""
_CODES: Final = {"path": "99AA", "query": "b7Kd2fWq"}
"""Of `code`, which names an organisation in an address, and what an issuer gave in a question."""


def voorbeeld_van(parameter: Mapping[str, Any]) -> Any:  # noqa: ANN401  # any JSON
    """Give the example of a parameter of the document; None when it has none."""
    if parameter["name"] == "code":
        return _CODES[parameter["in"]]
    return VOORBEELDEN.get(parameter["name"])
