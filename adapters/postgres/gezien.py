"""Events of the log as one reader may see them: read through toegang.gebeurtenissen, in his scope."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor

VENSTER = 5_000
"""Positions that one query goes through at most: who sees little of a long log is not to hold the database up."""


class Gezien(msgspec.Struct, frozen=True, kw_only=True):
    """One event with the fields that its reader may have; inhoud is the fact as the log keeps it, sealed values sealed.

    feit is the fact's name with its version. correlatie and oorzaak are None for who is not of the region.
    """

    positie: int
    stroom: UUID
    versie: int
    feit: str
    inhoud: dict[str, Any]
    regio: str
    gebeurd_op: datetime
    vastgelegd_op: datetime
    actor: str
    rol: str
    organisatie: str
    procedure: str | None
    correlatie: UUID | None
    oorzaak: str | None


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What of all that may be seen is asked for; feiten are names without version, an empty set asks for all.

    organisatie is who recorded it, overstap the stream it belongs to.
    """

    feiten: frozenset[str] = frozenset()
    overstap: UUID | None = None
    organisatie: str | None = None

    def past(self, feit: str, stroom: UUID, organisatie: str) -> bool:
        """Tell whether an event is asked for; feit is its name without version."""
        return (
            (not self.feiten or feit in self.feiten)
            and self.overstap in {None, stroom}
            and self.organisatie in {None, organisatie}
        )


class Deel(msgspec.Struct, frozen=True):
    """A part of the log: what is seen of it, and the position up to which it was looked through."""

    gebeurtenissen: list[Gezien]
    tot: int


_KOLOMMEN = ", ".join(Gezien.__struct_fields__)
_LEES = f"""
SELECT {_KOLOMMEN} FROM toegang.gebeurtenissen
 WHERE positie > %(na)s AND positie <= %(tot)s
   AND (%(feiten)s::text[] IS NULL OR split_part(feit, '.', 1) = ANY (%(feiten)s))
   AND (%(organisatie)s::text IS NULL OR organisatie = %(organisatie)s)
 ORDER BY positie LIMIT %(aantal)s
"""  # noqa: S608 - our own names
_LEES_STROOM = _LEES.replace("WHERE", "WHERE stroom = %(overstap)s AND", 1)


def gevouwen_tot(cursor: Cursor[Any]) -> int:
    """Give the position up to which it is known of each event whom it is shown to."""
    rij = cursor.execute("SELECT toegang.gevouwen_tot()").fetchone()
    return (rij and rij[0]) or 0


def lees_gezien(cursor: Cursor[Any], filter_: Filter, na: int, aantal: int) -> Deel:
    """Read at most so many events after a position, within a scope (bereik.py); a part may be empty and not the last.

    What was recorded but not folded yet is shown later: it is not known yet to whom.
    """
    gevouwen = gevouwen_tot(cursor)
    tot = gevouwen if filter_.overstap else min(na + VENSTER, gevouwen)
    if tot <= na:
        return Deel([], na)
    vraag = _LEES_STROOM if filter_.overstap else _LEES
    parameters = {
        "na": na,
        "tot": tot,
        "feiten": sorted(filter_.feiten) or None,
        "overstap": filter_.overstap,
        "organisatie": filter_.organisatie,
        "aantal": aantal,
    }
    gelezen = [
        Gezien(**dict(zip(Gezien.__struct_fields__, een, strict=True))) for een in cursor.execute(vraag, parameters)
    ]
    return Deel(gelezen, gelezen[-1].positie if len(gelezen) == aantal else tot)
