"""What narrows a list of pupils, and the bookmark at which its next page begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TypeVar

import msgspec

T = TypeVar("T")


class Selectie(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Whom a list is about; None does not narrow it.

    mbo is the BRIN (four characters) of one that has an aanmelding of the pupil, ended or not.
    """

    school: str | None = None
    vestiging: str | None = None
    klas: str | None = None
    mbo: str | None = None
    gemeente: str | None = None
    leerweg: str | None = None

    def voorwaarden(self) -> tuple[str, dict[str, object]]:
        """Give what narrows the rows of actueel (as a) in SQL, and its parameters; only what is given is asked.

        A query that names what is not asked as well would hide from PostgreSQL which index fits.
        """
        gegeven: dict[str, object] = {
            veld: waarde for veld in self.__struct_fields__ if (waarde := getattr(self, veld)) is not None
        }
        delen = [
            " AND a.mbos @> ARRAY[%(mbo)s::text]" if veld == "mbo" else f" AND a.{veld} = %({veld})s"
            for veld in gegeven
        ]
        return "".join(delen), gegeven


ALLEN = Selectie()
"""Everybody."""


class BladwijzerOngeldig(ValueError):
    """The bookmark of a page is not one that this list gave."""


def schrijf_bladwijzer(plaats: msgspec.Struct | tuple[str, ...]) -> str:
    """Write where a page ended as opaque text that may stand in an address."""
    return urlsafe_b64encode(msgspec.json.encode(plaats)).rstrip(b"=").decode()


def lees_bladwijzer(tekst: str, soort: type[T]) -> T:
    """Read it back.

    Raises:
        BladwijzerOngeldig: when it is not one that `schrijf_bladwijzer` gave for this list.

    """
    try:
        return msgspec.json.decode(urlsafe_b64decode(tekst + "=" * (-len(tekst) % 4)), type=soort)
    except (ValueError, msgspec.DecodeError):
        zin = "Deze bladwijzer hoort niet bij deze lijst. Begin bij de eerste bladzijde."
        raise BladwijzerOngeldig(zin) from None
