"""Personal data in the clear, in memory only: it can be used, and does not show itself."""

from collections.abc import Iterator

import msgspec

from overstap.domain.feiten import naam_van_soort
from overstap.domain.feiten.overstap import OverstapOpgevoerd, PersoonsgegevensGewijzigd, PgnVervangen

OPGEVOERD = naam_van_soort(OverstapOpgevoerd)
GEWIJZIGD = naam_van_soort(PersoonsgegevensGewijzigd)
PGN_VERVANGEN = naam_van_soort(PgnVervangen)


class Persoon(msgspec.Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
    """What is known of a pupil in person; an unknown field is None, and so is every field once his key is destroyed.

    geboortedatum is an ISO date. Printing it, logging it or formatting it names the fields that are filled, no value.
    """

    pgn: str | None = None
    achternaam: str | None = None
    voornaam: str | None = None
    tussenvoegsel: str | None = None
    geboortedatum: str | None = None
    adres: str | None = None
    postcode: str | None = None
    woonplaats: str | None = None
    email: str | None = None
    telefoon: str | None = None

    def __repr__(self) -> str:
        return f"Persoon({', '.join(veld for veld, _ in self.velden())})"

    def velden(self) -> Iterator[tuple[str, str]]:
        """Give the fields that are filled, with their values."""
        for veld in self.__struct_fields__:
            waarde = getattr(self, veld)
            if waarde is not None:
                yield veld, waarde


PERSOONSVELDEN = Persoon.__struct_fields__
FEITEN_MET: dict[str, tuple[str, ...]] = {
    veld: (OPGEVOERD, PGN_VERVANGEN if veld == "pgn" else GEWIJZIGD) for veld in PERSOONSVELDEN
}
"""The facts under whose names a field of a person can have been sealed."""
