"""What goes out of a pupil wherever he is told of: who he is, and where. What a role may not have is left out."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace


class Persoonblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who the pupil is, as far as this caller may know; of who was erased that alone."""

    pgn: str | UnsetType = UNSET
    achternaam: str | UnsetType = UNSET
    voornaam: str | UnsetType = UNSET
    tussenvoegsel: str | UnsetType = UNSET
    geboortedatum: str | UnsetType = UNSET
    adres: str | UnsetType = UNSET
    postcode: str | UnsetType = UNSET
    woonplaats: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    telefoon: str | UnsetType = UNSET
    is_gewist: bool | UnsetType = UNSET


_ONBEKEND = Persoonblad()
GEWIST = Persoonblad(is_gewist=True)
"""Who was erased: nobody can read any more who it was."""


def persoonblad(velden: Mapping[str, str]) -> Persoonblad:
    """Show who the pupil is by the fields that could be opened for the caller."""
    return replace(_ONBEKEND, **velden)


class Leerlingblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A pupil as a list or a search tells of him; what the caller's role may not have is left out."""

    id: UUID
    versie: int
    overstapjaar: int
    school: str | UnsetType = UNSET
    vestiging: str | UnsetType = UNSET
    klas: str | UnsetType = UNSET
    leerweg: str | UnsetType = UNSET
    gemeente: str | UnsetType = UNSET
    status: str | UnsetType = UNSET
    sinds_op: datetime | UnsetType = UNSET
    persoon: Persoonblad | UnsetType = UNSET
