"""The safety net under every log line: what is personal never reaches it, whoever forgot to leave it out."""

import re
from collections.abc import Mapping, MutableMapping
from pathlib import PurePath

from overstap.domain.identificaties import soort_pgn

PERSOONLIJK = frozenset(
    {
        "naam",
        "achternaam",
        "voornaam",
        "roepnaam",
        "tussenvoegsel",
        "voorvoegsel",
        "voorletters",
        "pgn",
        "nieuwe_pgn",
        "pgn_hash",
        "bsn",
        "onderwijsnummer",
        "burgerservicenummer",
        "geboortedatum",
        "adres",
        "postcode",
        "woonplaats",
        "email",
        "telefoon",
        "persoon",
        "functionaris",
        "contact",
        "tekst",
        "toelichting",
        "bericht",
        "leerling",
    }
)
"""Names under which nothing may be logged; a pupil is named by the id of his overstap."""

_NEGEN_CIJFERS = re.compile(r"(?<![0-9A-Za-z-])[0-9]{9}(?![0-9A-Za-z-])", re.ASCII)
WEGGELATEN = "[pgn]"


def weer_persoonsgegevens(
    _logger: object, _naam: str, regel: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Leave out of a log line what is filed under a personal name, and mark in `geweerd` that it was there.

    Numbers in text that pass the test of a persoonsgebonden nummer are replaced as well.
    """
    schoon, geweerd = _zonder_persoonlijke_namen(regel)
    if geweerd:
        schoon["geweerd"] = sorted(geweerd)
    return schoon


def _zonder_persoonlijke_namen(regel: Mapping[str, object]) -> tuple[dict[str, object], set[str]]:
    schoon: dict[str, object] = {}
    geweerd: set[str] = set()
    for naam, waarde in regel.items():
        if _sleutel(naam) in PERSOONLIJK:
            geweerd.add(naam)
            continue
        schoon[naam], verder_geweerd = _zonder_persoonlijke_waarden(waarde)
        geweerd |= {f"{naam}.{dieper}" for dieper in verder_geweerd}
    return schoon, geweerd


def _zonder_persoonlijke_waarden(waarde: object) -> tuple[object, set[str]]:
    match waarde:
        case str():
            return _NEGEN_CIJFERS.sub(_verberg_pgn, waarde), set()
        case PurePath():
            return _zonder_persoonlijke_waarden(str(waarde))
        case Mapping():
            return _zonder_persoonlijke_namen({str(naam): inhoud for naam, inhoud in waarde.items()})
        case list() | tuple() | set() | frozenset():
            delen = [_zonder_persoonlijke_waarden(deel) for deel in waarde]
            return [deel for deel, _ in delen], set().union(*(geweerd for _, geweerd in delen))
        case _:
            return waarde, set()


def _sleutel(naam: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[ .-]", "_", naam).lower()


def _verberg_pgn(gevonden: re.Match[str]) -> str:
    return WEGGELATEN if soort_pgn(gevonden.group()) else gevonden.group()
