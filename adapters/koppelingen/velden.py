"""Fields as institutions write them, each checked once: what passes here is of its form."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from overstap.adapters.koppelingen.fouten import (
    PGN_ONGELDIG,
    Onbruikbaar,
    datum_ongeldig,
    veld_ongeldig,
    veld_ontbreekt,
)
from overstap.domain.identificaties import SoortPgn, soort_pgn

_DATUM_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DATUM_NL: Final = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", re.ASCII)
_STUURTEKEN: Final = re.compile(r"[\x00-\x1f\x7f]")
_KLAS: Final = re.compile(r"[0-9A-Za-zÀ-ÿ][0-9A-Za-zÀ-ÿ ._/+-]{0,15}")
_LANG_NUMMER: Final = re.compile(r"\d{6}")
_VESTIGING: Final = re.compile(r"[0-9]{2}", re.ASCII)
LANGSTE_VELD: Final = 300
LANGSTE_KLAS_ZONDER_CIJFER: Final = 5
VROEGSTE_GEBOORTE: Final = date(1980, 1, 1)


def verplicht(velden: Mapping[str, str], veld: str) -> str:
    """Give a field that must be there.

    Raises:
        Onbruikbaar: when it is absent or empty.

    """
    waarde = velden.get(veld, "")
    if not waarde:
        raise Onbruikbaar(veld_ontbreekt(veld))
    return waarde


def vrije_tekst(waarde: str, veld: str) -> str:
    """Check text of a person: not too long, no control characters.

    Raises:
        Onbruikbaar: when it is.

    """
    if len(waarde) > LANGSTE_VELD or _STUURTEKEN.search(waarde):
        raise Onbruikbaar(veld_ongeldig(veld, f"hoogstens {LANGSTE_VELD} gewone tekens"))
    return waarde


def datum(waarde: str, veld: str) -> date:
    """Read 31-12-2009, 31/12/2009 or 2009-12-31.

    Raises:
        Onbruikbaar: when it is none of these, or does not exist.

    """
    if gevonden := _DATUM_ISO.fullmatch(waarde):
        jaar, maand, dag = gevonden.groups()
    elif gevonden := _DATUM_NL.fullmatch(waarde):
        dag, maand, jaar = gevonden.groups()
    else:
        raise Onbruikbaar(datum_ongeldig(veld))
    try:
        return date(int(jaar), int(maand), int(dag))
    except ValueError:
        raise Onbruikbaar(datum_ongeldig(veld)) from None


def geboortedatum(waarde: str, vandaag: date) -> date:
    """Read a date of birth of somebody who goes to school.

    Raises:
        Onbruikbaar: when it is no date, or lies too early or in the future.

    """
    geboren = datum(waarde, "geboortedatum")
    if not VROEGSTE_GEBOORTE <= geboren <= vandaag:
        raise Onbruikbaar(datum_ongeldig("geboortedatum"))
    return geboren


def pgn(waarde: str) -> tuple[str, SoortPgn]:
    """Read a persoonsgebonden nummer; dots and spaces between its digits are forgiven, a lost leading zero is not.

    Raises:
        Onbruikbaar: when it fails the eleven-test.

    """
    cijfers = waarde.replace(" ", "").replace(".", "")
    soort = soort_pgn(cijfers)
    if soort is None:
        raise Onbruikbaar(PGN_ONGELDIG)
    return cijfers, soort


def klas(waarde: str) -> str:
    """Check the name of a class: it is kept in clear, so nothing that may be a person's name or number passes.

    Raises:
        Onbruikbaar: when it is no class: longer than 16 characters, or more than 5 without any digit.

    """
    is_kort = len(waarde) <= LANGSTE_KLAS_ZONDER_CIJFER or any(teken.isdigit() for teken in waarde)
    if not _KLAS.fullmatch(waarde) or _LANG_NUMMER.search(waarde) or not is_kort:
        raise Onbruikbaar(veld_ongeldig("klas", "hoogstens 16 letters en cijfers, zoals 4b of ISK2"))
    return waarde


def vestiging(waarde: str) -> str:
    """Check the number of a vestiging: two digits; a lost leading zero is forgiven.

    Raises:
        Onbruikbaar: when it is none.

    """
    nummer = waarde.zfill(2)
    if not _VESTIGING.fullmatch(nummer):
        raise Onbruikbaar(veld_ongeldig("vestiging", "twee cijfers"))
    return nummer


def code(waarde: str, veld: str, is_goed: Callable[[str], bool], vorm: str) -> str:
    """Check an identifier by its own test.

    Raises:
        Onbruikbaar: when it fails.

    """
    if not is_goed(waarde):
        raise Onbruikbaar(veld_ongeldig(veld, vorm))
    return waarde


def ja_of_nee(waarde: str, veld: str) -> bool:
    """Read ja or nee; empty is nee.

    Raises:
        Onbruikbaar: when it is another word.

    """
    woord = waarde.lower()
    if woord not in {"", "j", "ja", "n", "nee"}:
        raise Onbruikbaar(veld_ongeldig(veld, "ja of nee"))
    return woord in {"j", "ja"}
