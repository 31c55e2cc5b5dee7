"""Every fact the log can hold, by stream, and the stable name of each."""

from typing import get_args

import msgspec

from overstap.domain.feiten._vorm import Datum, Verzegeld, Vorm
from overstap.domain.feiten.aanlevering import FeitVanAanlevering
from overstap.domain.feiten.aanmelding import FeitVanAanmelding
from overstap.domain.feiten.organisatie import FeitVanOrganisatie
from overstap.domain.feiten.overstap import FeitVanOverstap
from overstap.domain.feiten.procedure import FeitVanProcedure
from overstap.domain.feiten.wachtbak import FeitVanWachtbak

Feit = (
    FeitVanOverstap | FeitVanAanmelding | FeitVanAanlevering | FeitVanWachtbak | FeitVanOrganisatie | FeitVanProcedure
)

TYPES: dict[str, type[Vorm]] = {str(soort.__struct_config__.tag): soort for soort in get_args(Feit)}
"""The class of each stable name."""

_NAMEN: dict[type[Vorm], str] = {soort: naam for naam, soort in TYPES.items()}
_naar_json = msgspec.json.Encoder(order="sorted")
_uit_json: msgspec.json.Decoder[Feit] = msgspec.json.Decoder(Feit)
_uit_reeks: msgspec.json.Decoder[list[Feit]] = msgspec.json.Decoder(list[Feit])


def naam_van(feit: Feit) -> str:
    """Give the stable name of a fact, such as aanmelding-ontvangen.v1."""
    return _NAMEN[type(feit)]


def naar_bytes(feit: Feit) -> bytes:
    """Write a fact as canonical UTF-8 JSON: keys sorted, defaults left out, no white space."""
    return _naar_json.encode(feit)


def uit_bytes(inhoud: bytes) -> Feit:
    """Read a fact back from its canonical JSON.

    Raises:
        msgspec.ValidationError: when the bytes hold no fact of a known name and shape.

    """
    return _uit_json.decode(inhoud)


def uit_reeks(inhoud: bytes) -> list[Feit]:
    """Read facts back from their canonical JSON, one after the other with a comma between them; takes half the time.

    Raises:
        msgspec.ValidationError: when the bytes hold something else than facts of known names and shapes.

    """
    return _uit_reeks.decode(b"[" + inhoud + b"]")


__all__ = [
    "TYPES",
    "Datum",
    "Feit",
    "FeitVanAanlevering",
    "FeitVanAanmelding",
    "FeitVanOrganisatie",
    "FeitVanOverstap",
    "FeitVanProcedure",
    "FeitVanWachtbak",
    "Verzegeld",
    "Vorm",
    "naam_van",
    "naar_bytes",
    "uit_bytes",
    "uit_reeks",
]
