"""The forms of fields as callers write them: checked at the edge, and shown in the OpenAPI document."""

from datetime import date, datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta

LANGSTE_TEKST: Final = 1_000
_LEESBAAR: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


def _heel(patroon: str) -> str:
    """Let a pattern cover the whole value: in Python `$` also matches before a line end."""
    return rf"^{patroon}$(?!\n)"


Tekst = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=LANGSTE_TEKST,
        pattern=_LEESBAAR,
        description="Vrije tekst; wordt versleuteld bewaard. Geen gegevens over gezondheid.",
    ),
]
Naam = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]
Brin = Annotated[str, Meta(pattern=_heel("[0-9]{2}[A-Z]{2}([0-9]{2})?"), description="BRIN, eventueel met vestiging.")]
Crebo = Annotated[str, Meta(pattern=_heel("[0-9]{5}"), description="Opleidingscode.")]
KetenId = Annotated[str, Meta(pattern=_heel("[0-9]{2}[A-Z]{2}([0-9]{2})?:[0-9]{8}"))]
Gemeente = Annotated[str, Meta(pattern=_heel("[0-9]{4}"), description="Gemeentecode.")]
Ontvanger = Annotated[
    str,
    Meta(
        pattern=_heel("([0-9]{2}[A-Z]{2}([0-9]{2})?|[0-9]{4})"),
        description="BRIN of gemeentecode van wie het leest.",
    ),
]
Vestiging = Annotated[str, Meta(pattern=_heel("[0-9]{2}"), description="Nummer van de vestiging.")]
Klas = Annotated[
    str,
    Meta(
        pattern=_heel("[0-9A-Za-zÀ-ÿ][0-9A-Za-zÀ-ÿ ._/+-]{0,15}"),
        description="Naam van de klas, zoals 4b of ISK2; zonder cijfer hoogstens vijf letters.",
    ),
]
Pgn = Annotated[str, Meta(pattern=_heel("[0-9]{9}"), description="BSN of onderwijsnummer; moet de elfproef doorstaan.")]
EenWoord = Annotated[str, Meta(pattern=_heel("[a-z][a-z_]{1,39}"), description="Eén woord van uw eigen lijst.")]
Moment = Annotated[datetime, Meta(tz=True, description="Moment met tijdverschil of Z.")]
Nummer = Annotated[int, Meta(ge=1, le=1_000_000, description="Nummer van een gebeurtenis.")]
Overstapjaar = Annotated[int, Meta(ge=2000, le=2100)]


class Lichaam(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A body as a caller sends it. It does not show itself."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"


class Aanmelding(Lichaam, frozen=True, kw_only=True):
    """How a request names one aanmelding: by ketenId, by MBO (and opleiding), or by its number at this pupil."""

    keten_id: KetenId | None = None
    brin: Brin | None = None
    crebo: Crebo | None = None
    nummer: Annotated[int, Meta(ge=1, le=1000)] | None = None


class Overleg(Lichaam, frozen=True, kw_only=True):
    """A consultation: with whom at Leerplicht, on which date."""

    contact: Tekst
    overleg_datum: date


class Persoon(Lichaam, frozen=True, kw_only=True):
    """The fields of a person that a school may mend; what is absent stays as it was."""

    achternaam: Naam | None = None
    voornaam: Naam | None = None
    tussenvoegsel: Naam | None = None
    geboortedatum: date | None = None
    adres: Naam | None = None
    postcode: Naam | None = None
    woonplaats: Naam | None = None
    email: Naam | None = None
    telefoon: Naam | None = None

    def velden(self) -> dict[str, str]:
        """Give the fields that are given, as they are sealed."""
        gegeven = ((veld, getattr(self, veld)) for veld in Persoon.__struct_fields__)
        return {veld: str(waarde) for veld, waarde in gegeven if waarde is not None}
