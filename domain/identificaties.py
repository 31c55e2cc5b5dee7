"""The numbers by which the field knows people, schools and applications, and the checks each must pass."""

import re
from enum import StrEnum
from operator import mul

_GEWICHTEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_NULLEN = sum(_GEWICHTEN) * ord("0")
_NEGEN_CIJFERS = re.compile(r"[0-9]{9}", re.ASCII)
_BRIN = re.compile(r"[0-9]{2}[A-Z]{2}([0-9]{2})?", re.ASCII)
_KETEN_ID = re.compile(r"[0-9]{2}[A-Z]{2}([0-9]{2})?:[0-9]{8}", re.ASCII)
_CREBO = re.compile(r"[0-9]{5}", re.ASCII)
_OIN = re.compile(r"[0-9]{20}", re.ASCII)
_GEMEENTECODE = re.compile(r"[0-9]{4}", re.ASCII)
_AANBIEDERCODE = re.compile(r"[0-9]{3}A[0-9]{3}", re.ASCII)
_ACCOUNT = re.compile(r"[a-z0-9-]{3,64}", re.ASCII)

BRIN_ZONDER_VESTIGING = 4
BSN_REST = 0
ONDERWIJSNUMMER_REST = 5
PGN_MODULUS = 11


class SoortPgn(StrEnum):
    """The two kinds of persoonsgebonden nummer; a later BSN replaces an onderwijsnummer, never the other way."""

    BSN = "bsn"
    ONDERWIJSNUMMER = "onderwijsnummer"


def _gewogen_rest(cijfers: str) -> int:
    gewogen: int = sum(map(mul, _GEWICHTEN, cijfers.encode("ascii")))
    return (gewogen - _NULLEN) % PGN_MODULUS


def is_bsn(waarde: str) -> bool:
    """Tell whether nine digits pass the burgerservicenummer's eleven-test (leading zeros kept, all zeros refused)."""
    return bool(_NEGEN_CIJFERS.fullmatch(waarde)) and waarde != "000000000" and _gewogen_rest(waarde) == BSN_REST


def is_onderwijsnummer(waarde: str) -> bool:
    """Tell whether nine digits starting with 10 pass the test of the onderwijsnummer: the same weights, remainder 5."""
    return (
        bool(_NEGEN_CIJFERS.fullmatch(waarde))
        and waarde.startswith("10")
        and _gewogen_rest(waarde) == ONDERWIJSNUMMER_REST
    )


def soort_pgn(waarde: str) -> SoortPgn | None:
    """Name the kind of a persoonsgebonden nummer, or None when it is neither."""
    if is_bsn(waarde):
        return SoortPgn.BSN
    return SoortPgn.ONDERWIJSNUMMER if is_onderwijsnummer(waarde) else None


def is_brin(waarde: str) -> bool:
    """Tell whether this is a BRIN: two digits, two capitals, optionally two digits of the vestiging."""
    return bool(_BRIN.fullmatch(waarde))


def is_keten_id(waarde: str) -> bool:
    """Tell whether this names one aanmelding in the koppeling; never read a BRIN from it."""
    return bool(_KETEN_ID.fullmatch(waarde))


def is_crebo(waarde: str) -> bool:
    """Tell whether this is an opleidingscode: five digits."""
    return bool(_CREBO.fullmatch(waarde))


def is_oin(waarde: str) -> bool:
    """Tell whether this is an organisatie-identificatienummer: twenty digits."""
    return bool(_OIN.fullmatch(waarde))


def is_gemeentecode(waarde: str) -> bool:
    """Tell whether this is a gemeentecode: four digits."""
    return bool(_GEMEENTECODE.fullmatch(waarde))


def is_onderwijsaanbiedercode(waarde: str) -> bool:
    """Tell whether this is an onderwijsaanbiedercode: three digits, A, three digits."""
    return bool(_AANBIEDERCODE.fullmatch(waarde))


def is_account(waarde: str) -> bool:
    """Tell whether this is an opaque account id of ours: 3 to 64 of lower-case letters, digits and hyphens."""
    return bool(_ACCOUNT.fullmatch(waarde))
