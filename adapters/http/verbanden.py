"""Which operation goes on where another left off: OpenAPI links, from an answer to the addresses that it names."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

OVERSTAP: Final = "overstapId"
_BRONNEN: Final[Mapping[str, tuple[str, str, str]]] = {
    "noem_overstappen": ("200", OVERSTAP, "$response.body#/0/id"),
    "zoek_overstappen": ("200", OVERSTAP, "$response.body#/gevonden/0/id"),
    "voer_op": ("201", OVERSTAP, "$response.body#/overstap"),
    "voer_velen_op": ("200", OVERSTAP, "$response.body#/regels/0/overstap"),
    "noem_organisaties": ("200", "code", "$response.body#/0/code"),
    "noem_werklijsten": ("200", "lijst", "$response.body#/0/lijst"),
    "lever_aan": ("201", "aanleveringId", "$response.body#/id"),
    "toon_overstap": ("200", OVERSTAP, "$request.path.overstapId"),
    "toon_organisatie": ("200", "code", "$request.path.code"),
}
"""Where an answer names what another operation is about: its status, the parameter, and where in it that stands."""
_IF_MATCH: Final = "If-Match"


def verbind(bewerkingen: Mapping[str, dict[str, Any]]) -> None:
    """Add to each of these answers the operations that go on from it; bewerkingen are all, by operationId.

    What names a pupil anew leads to the pupil, and the pupil to every step, with the version that was seen.
    """
    for naam, (status, parameter, waarde) in _BRONNEN.items():
        antwoord = bewerkingen[naam]["responses"][status]
        is_kennis = waarde.startswith("$request")
        for verder, bewerking in bewerkingen.items():
            namen = set(_parameters(bewerking))
            is_blad = _IF_MATCH not in {kop for _, kop in namen}
            if ("path", parameter) in namen and verder != naam and (is_blad or is_kennis):
                gegeven = {f"path.{parameter}": waarde}
                if not is_blad:
                    gegeven[f"header.{_IF_MATCH}"] = "$response.header.ETag"
                antwoord.setdefault("links", {})[verder] = {"operationId": verder, "parameters": gegeven}


def _parameters(bewerking: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for een in bewerking.get("parameters", ()):
        yield een["in"], een["name"]
