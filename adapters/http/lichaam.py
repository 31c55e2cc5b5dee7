"""Read the body of a request into a struct, or tell in Dutch everything that is wrong with it, quoting nothing."""

import re
from typing import Any, Final, TypeVar

import msgspec
from starlette.requests import Request

from overstap.adapters.http.problemen import Fout, Probleem, ongeldig

JSON: Final = "application/json"
DIEPST: Final = 32
"""How deep JSON may be nested."""
_ONTBREEKT: Final = re.compile(r"missing required field `([^`]+)`")
_VREEMD: Final = re.compile(r"contains unknown field `([^`]*)`")
_PAD: Final = re.compile(r" - at `(\$[^`]*)`$")
_GRENS: Final = re.compile(r"(>=|<=|<|>) ([0-9.-]+)")
_NAAM: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,39}")

S = TypeVar("S", bound=msgspec.Struct)


async def lees(request: Request, soort: type[S]) -> S:
    """Read JSON of one kind.

    Raises:
        Probleem: 415 when it is not sent as JSON, 400 with every error when it is not of its form.

    """
    eis_json(request)
    ruw = await request.body()
    try:
        return msgspec.json.decode(ruw, type=soort)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ongeldig(*fouten_in(ruw, soort)) from None


def eis_json(request: Request, *soorten: str) -> str:
    """Give the media type of the body, when it is one of these (default: JSON).

    Raises:
        Probleem: 415 when it is another, or compressed.

    """
    mag = soorten or (JSON,)
    soort, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Probleem("verkeerd-mediatype", "Stuur de inhoud zonder Content-Encoding.", koppen={"Accept-Encoding": ""})
    if soort.strip() not in mag or ("charset" in parameters and "utf-8" not in parameters):
        raise Probleem("verkeerd-mediatype", f"Stuur de inhoud als {' of '.join(mag)}, in UTF-8.")
    return soort.strip()


def fouten_in(ruw: bytes, soort: type[msgspec.Struct]) -> tuple[Fout, ...]:
    """Give everything that is wrong with a body."""
    if not ruw.strip():
        return (Fout(plaats="body", code="ontbreekt", uitleg="De inhoud ontbreekt."),)
    try:
        ruw.decode("utf-8")
    except UnicodeDecodeError:
        return (Fout(plaats="body", code="codering_ongeldig", uitleg="De inhoud is geen UTF-8."),)
    try:
        waarde = msgspec.json.decode(ruw)
    except (msgspec.DecodeError, RecursionError):
        return (Fout(plaats="body", code="onleesbaar", uitleg="De inhoud is geen JSON, of te diep genest."),)
    fouten = tuple(_van_struct(waarde, soort, "body"))
    return fouten or (Fout(plaats="body", code="ongeldig", uitleg="De inhoud heeft niet de gevraagde vorm."),)


def _van_struct(waarde: Any, soort: type[msgspec.Struct], plaats: str) -> list[Fout]:  # noqa: ANN401  # any JSON
    if not isinstance(waarde, dict):
        return [Fout(plaats=plaats, code="verkeerd_type", uitleg="Hier hoort een JSON-object.")]
    velden = {veld.encode_name: veld for veld in msgspec.structs.fields(soort)}
    fouten = [
        Fout(plaats=f"{plaats}.{naam}", code="ontbreekt", uitleg=f"Het veld {naam} ontbreekt.")
        for naam, veld in velden.items()
        if veld.required and naam not in waarde
    ]
    for naam, inhoud in waarde.items():
        if naam in velden:
            fouten += _van_veld(inhoud, velden[naam].type, f"{plaats}.{naam}")
        else:
            genoemd = naam if _NAAM.fullmatch(naam) else "?"
            fouten.append(
                Fout(plaats=f"{plaats}.{genoemd}", code="onbekend_veld", uitleg="Dit veld hoort niet bij dit verzoek.")
            )
    return fouten


def _van_veld(inhoud: Any, soort: Any, plaats: str) -> list[Fout]:  # noqa: ANN401  # any JSON, any type
    try:
        msgspec.convert(inhoud, soort)
    except msgspec.ValidationError as fout:
        struct = _struct_in(soort)
        if struct is not None and isinstance(inhoud, dict):
            return _van_struct(inhoud, struct, plaats)
        melding = str(fout)
        pad = _PAD.search(melding)
        return [Fout(plaats=plaats + (pad[1][1:] if pad else ""), code=_code(melding), uitleg=uitleg_van(melding))]
    except RecursionError:
        return [Fout(plaats=plaats, code="onleesbaar", uitleg="Dit is te diep genest.")]
    return []


def _struct_in(soort: Any) -> type[msgspec.Struct] | None:  # noqa: ANN401  # any type
    """Give the struct that a type is, or may be (`X | None`)."""
    for een in (soort, *getattr(soort, "__args__", ())):
        if isinstance(een, type) and issubclass(een, msgspec.Struct):
            return een
    return None


def _code(melding: str) -> str:
    if _ONTBREEKT.search(melding):
        return "ontbreekt"
    if _VREEMD.search(melding):
        return "onbekend_veld"
    return "verkeerd_type" if melding.startswith("Expected `") and ", got `" in melding else "ongeldig"


def uitleg_van(melding: str) -> str:
    """Say in Dutch what the library says in English; what was sent is not repeated."""
    if melding.startswith("Invalid enum value"):
        return "Dit is geen waarde van de lijst; de documentatie noemt ze."
    if "RFC3339" in melding or "ISO8601" in melding:
        return "Schrijf een datum als 2026-05-12, een moment als 2026-05-12T10:04:00+02:00."
    if "matching regex" in melding:
        return "Dit heeft niet de gevraagde vorm; de documentatie noemt haar."
    if grens := _GRENS.search(melding):
        wat = "lengte" if "length" in melding else "waarde"
        return f"De {wat} moet {grens[1]} {grens[2]} zijn."
    if soort := re.match(r"Expected `([a-z|]+)`, got `([a-z]+)`", melding):
        return f"Hier hoort {soort[1]}, niet {soort[2]}."
    return "Dit heeft niet de gevraagde vorm."


_BIJ: Final = {
    "missing": "Dit ontbreekt.",
    "uuid_parsing": "Hier hoort een nummer als 3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a.",
    "string_too_short": "Dit is te kort.",
    "string_too_long": "Dit is te lang.",
    "string_pattern_mismatch": "Dit heeft niet de gevraagde vorm; de documentatie noemt haar.",
    "enum": "Dit is geen waarde van de lijst; de documentatie noemt ze.",
    "literal_error": "Dit is geen waarde van de lijst; de documentatie noemt ze.",
    "value_error": "Schrijf een dag als 2026-05-12, een moment als 2026-05-12T10:04:00+02:00.",
    "int_parsing": "Hier hoort een geheel getal.",
}


def uitleg_bij(soort: str) -> str:
    """Say in Dutch what is wrong with a parameter, by the kind of error of its validator."""
    if soort.startswith(("datetime", "timezone")):
        return "Schrijf een moment als 2026-05-12T10:04:00+02:00."
    if soort.startswith(("greater", "less")):
        return "Deze waarde ligt buiten de grenzen die de documentatie noemt."
    return _BIJ.get(soort, "Dit heeft niet de gevraagde vorm.")
