"""The shape of every fact as the archive has it: `python -m tests.domain.vormen` writes down what is new, nothing else.

A shape is the JSON Schema of a fact without the names of our classes: its fields, their types and their defaults. What
was written down once stays: stored events have that shape. Only a list of words may get longer.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from overstap.domain.feiten import ARCHIEF, Archief, Vorm

LIJST = Path(__file__).parent / "vormen.json"
WAT_NU = """
Stored events have the old shape for ever. So:
1. leave the shape of {naam} as it was: move that class to domain/feiten/oud.py;
2. give the new shape the tag {volgende}, and in OPWAARDERINGEN the function that makes it of the old one;
3. add tests/domain/voorbeelden/{volgende}.json, with every field in it;
4. run `python -m tests.domain.vormen`.
See docs/log.md, "A fact gets another shape"."""

_ZONDER_VOLGORDE = {"required", "enum", "anyOf"}

Vormen = Mapping[str, Any]


def vorm_van(soort: type[Vorm]) -> dict[str, Any]:
    """Describe the shape of a fact."""
    schema = msgspec.json.decode(msgspec.json.encode(msgspec.json.schema(soort)), type=dict[str, Any])
    vorm: dict[str, Any] = _plat({"$ref": schema["$ref"]}, schema["$defs"])
    return vorm


def _plat(deel: Any, namen: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any part of a JSON document
    """Put in the place of each reference what it refers to, and in one order what has none."""
    match deel:
        case {"$ref": verwijzing, **eigen}:
            return {**_plat(namen[verwijzing.rpartition("/")[2]], namen), **eigen}
        case dict():
            return {
                naam: sorted(_plat(waarde, namen), key=str) if naam in _ZONDER_VOLGORDE else _plat(waarde, namen)
                for naam, waarde in deel.items()
                if naam not in {"title", "description"}
            }
        case list():
            return [_plat(een, namen) for een in deel]
        case _:
            return deel


def vormen_van(archief: Archief[Any]) -> dict[str, Any]:
    """Describe the shape of every fact, in every version."""
    soorten = {**archief.huidig, **archief.oud}
    return {naam: vorm_van(soorten[naam]) for naam in sorted(soorten)}


def gewijzigd(opgeschreven: Vormen, nu: Vormen) -> dict[str, str]:
    """Say of each fact whose stored shape is no longer there what differs, and what to do."""
    fouten = {}
    for naam, oud in opgeschreven.items():
        verschil = "it is gone" if naam not in nu else _verschil(oud, nu[naam], "")
        if verschil:
            kaal, _, versie = naam.rpartition(".v")
            volgende = f"{kaal}.v{int(versie) + 1}"
            fouten[naam] = f"The shape of {naam} changed: {verschil}.{WAT_NU.format(naam=naam, volgende=volgende)}"
    return fouten


def _verschil(oud: Any, nu: Any, waar: str) -> str:  # noqa: ANN401 - any part of a JSON document
    """Name the first difference, empty when there is none; a list of words may have got longer."""
    if isinstance(oud, dict) and isinstance(nu, dict):
        for naam in sorted({*oud, *nu}):
            plek = f"{waar}/{naam}"
            if naam not in nu:
                return f"{plek} is gone"
            if naam not in oud:
                return f"{plek} is new"
            if naam == "enum":
                weg = sorted(set(oud[naam]) - set(nu[naam]))
                if weg:
                    return f"{plek} lacks {', '.join(weg)}"
                continue
            if verschil := _verschil(oud[naam], nu[naam], plek):
                return verschil
        return ""
    if isinstance(oud, list) and isinstance(nu, list) and len(oud) == len(nu):
        return next(filter(None, (_verschil(*paar, waar) for paar in zip(oud, nu, strict=True))), "")
    return "" if oud == nu else f"{waar} was {oud} and is {nu}"


def opgeschreven() -> dict[str, Any]:
    """Read the list."""
    gelezen: dict[str, Any] = msgspec.json.decode(LIJST.read_bytes()) if LIJST.exists() else {}
    return gelezen


def hoofd() -> int:
    """Write down the shapes that are new; refuse when one that was written down is no longer there."""
    nu = vormen_van(ARCHIEF)
    fouten = gewijzigd(opgeschreven(), nu)
    if fouten:
        sys.stderr.write("\n\n".join(fouten.values()) + "\n")
        return 1
    regels = [f'"{naam}": {msgspec.json.encode(vorm, order="sorted").decode()}' for naam, vorm in nu.items()]
    LIJST.write_text("{\n" + ",\n".join(regels) + "\n}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(hoofd())
