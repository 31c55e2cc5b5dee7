"""What is kept of a pupil in person, by what is shown together: the fields themselves are always sealed."""

from collections.abc import Mapping

PERSOONSGROEPEN: Mapping[str, tuple[str, ...]] = {
    "naam": ("achternaam", "voornaam", "tussenvoegsel"),
    "geboortedatum": ("geboortedatum",),
    "adres": ("adres", "postcode", "woonplaats"),
    "contact": ("email", "telefoon"),
    "pgn": ("pgn",),
}
"""The fields of each group. A group is one column of persoonsgegevens: so a role can be given one and not another."""

GROEP_VAN_VELD: Mapping[str, str] = {veld: groep for groep, velden in PERSOONSGROEPEN.items() for veld in velden}
