"""The log read back for who looks into it, newest first: narrowed, by stream, one event, and what belongs together.

Through toegang.gebeurtenissen, in the reader's scope (bereik.py): events and fields that are not his do not exist here.
"""

import time
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg import Cursor

from overstap.adapters.postgres.gezien import Gezien, gevouwen_tot

_VENSTERS: Final = (500, 20_000, 200_000)
"""Positions that are looked through at once: few while much fits, more once little does."""
GEDULD: Final = 2.0
"""Seconds after which a search says how far it came, and leaves it to the reader to go on."""
_SPELING: Final = timedelta(minutes=5)
"""So far gebeurd_op may lie after vastgelegd_op."""
_ZOEKSTAP: Final = 64
_NAAST: Final = 2_000


class Vermeld(Gezien, frozen=True, kw_only=True):
    """One event with its hash: its link in the chain of its stream."""

    hash: bytes

    @property
    def naam(self) -> str:
        """What another event names as its oorzaak."""
        return f"{self.stroom}@{self.versie}"


class Onbekend(msgspec.Struct, frozen=True, kw_only=True):
    """An event of a kind that this program does not know: that it is there, and nothing of what it says."""

    positie: int
    stroom: UUID
    versie: int
    feit: str
    gebeurd_op: datetime | None
    vastgelegd_op: datetime


class Logvraag(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of the log; feiten are names with version, an empty set asks for all.

    van and tot bound gebeurd_op, vastgelegd_van and vastgelegd_tot the moment of recording; each up to, not including.
    """

    feiten: Collection[str] = ()
    organisatie: str | None = None
    rol: str | None = None
    stroom: UUID | None = None
    correlatie: UUID | None = None
    van: datetime | None = None
    tot: datetime | None = None
    vastgelegd_van: datetime | None = None
    vastgelegd_tot: datetime | None = None


class Terugblik(msgspec.Struct, frozen=True):
    """A page, newest first. verder: events before this position were not looked at yet; None: this was the last."""

    gebeurtenissen: list[Vermeld]
    verder: int | None


_KOLOMMEN = ", ".join(Vermeld.__struct_fields__)
_LEES = f"SELECT {_KOLOMMEN} FROM toegang.gebeurtenissen"  # noqa: S608  # our own names
_VENSTER = f"""
{_LEES}
 WHERE positie >= %(vanaf)s AND positie < %(voor)s
   AND (%(feiten)s::text[] IS NULL OR feit = ANY (%(feiten)s))
   AND (%(organisatie)s::text IS NULL OR organisatie = %(organisatie)s)
   AND (%(rol)s::text IS NULL OR rol = %(rol)s)
   AND (%(van)s::timestamptz IS NULL OR gebeurd_op >= %(van)s)
   AND (%(tot)s::timestamptz IS NULL OR gebeurd_op < %(tot)s)
   AND (%(correlatie)s::uuid IS NULL OR correlatie = %(correlatie)s)
 ORDER BY positie DESC LIMIT %(aantal)s
"""
_VENSTER_STROOM = _VENSTER.replace("WHERE", "WHERE stroom = %(stroom)s AND", 1)
_OP_PLEK = """
SELECT vastgelegd_op FROM toegang.gebeurtenissen WHERE positie >= %s AND positie < %s ORDER BY positie LIMIT 1
"""
_MEESTE: Final = 200
"""So many events that are not known stand on a page at most."""
_ONBEKEND = f"""
SELECT {", ".join(Onbekend.__struct_fields__)} FROM toegang.onbekende_gebeurtenissen
 WHERE positie >= %(vanaf)s AND positie < %(voor)s AND (%(stroom)s::uuid IS NULL OR stroom = %(stroom)s)
 ORDER BY positie DESC LIMIT %(aantal)s
"""  # noqa: S608  # our own names
_GEVOLGEN = f"{_LEES} WHERE stroom = %(stroom)s AND oorzaak = %(naam)s ORDER BY versie LIMIT %(aantal)s"
_NAAST_ELKAAR = f"""
{_LEES}
 WHERE positie > %(vanaf)s AND positie < %(tot)s AND correlatie = %(correlatie)s ORDER BY positie LIMIT %(aantal)s
"""


def lees_onbekende(cursor: Cursor[Any], stroom: UUID | None, blad: "Terugblik", voor: int | None) -> list[Onbekend]:
    """Give what this program does not know, from where a page began (before voor, None: the newest) to its end."""
    gegeven = {
        "stroom": stroom,
        "vanaf": blad.verder or 1,
        "voor": voor or gevouwen_tot(cursor) + 1,
        "aantal": _MEESTE,
    }
    namen = Onbekend.__struct_fields__
    return [
        Onbekend(**dict(zip(namen, rij, strict=True)))
        for rij in cursor.execute(_ONBEKEND.encode(), gegeven, prepare=True)
    ]


def lees_terug(
    cursor: Cursor[Any], vraag: Logvraag, voor: int | None, aantal: int, geduld: float = GEDULD
) -> Terugblik:
    """Give so many events before a position (None: the newest), looking no longer than some seconds."""
    gevouwen = gevouwen_tot(cursor)
    vanaf, tot = _grenzen(cursor, vraag, gevouwen)
    voor = min(voor or tot, tot)
    gevonden: list[Vermeld] = []
    begin, poging = time.monotonic(), 0
    while voor > vanaf and len(gevonden) < aantal:
        if poging and time.monotonic() - begin > geduld:
            return Terugblik(gevonden, voor)
        breedte = voor if vraag.stroom else _VENSTERS[min(poging, len(_VENSTERS) - 1)]
        onder = max(vanaf, voor - breedte)
        gelezen = _venster(cursor, vraag, onder, voor, aantal - len(gevonden))
        gevonden += gelezen
        voor, poging = (gelezen[-1].positie if len(gevonden) == aantal else onder), poging + 1
    return Terugblik(gevonden, voor if voor > vanaf else None)


def lees_op(cursor: Cursor[Any], positie: int) -> Vermeld | None:
    """Give the event at a position; None when there is none for this reader."""
    return next(iter(_rijen(cursor, f"{_LEES} WHERE positie = %s", (positie,))), None)


def lees_van(cursor: Cursor[Any], stroom: UUID, versie: int) -> Vermeld | None:
    """Give the event of this number in a stream; None when there is none for this reader."""
    return next(iter(_rijen(cursor, f"{_LEES} WHERE stroom = %s AND versie = %s", (stroom, versie))), None)


def lees_stroom(cursor: Cursor[Any], stroom: UUID, aantal: int) -> list[Vermeld]:
    """Give the last events of a stream, oldest first."""
    rijen = _rijen(cursor, f"{_LEES} WHERE stroom = %s ORDER BY versie DESC LIMIT %s", (stroom, aantal))
    return rijen[::-1]


def eerste_van(cursor: Cursor[Any], stromen: Sequence[UUID]) -> list[Vermeld]:
    """Give the first event of each of these streams that there is, in order of position."""
    return _rijen(cursor, f"{_LEES} WHERE stroom = ANY (%s) AND versie = 1 ORDER BY positie", (list(stromen),))


def gevolgen_van(cursor: Cursor[Any], wat: Vermeld, aantal: int) -> list[Vermeld]:
    """Give what an event led to: the events that name it as their cause, which are of its stream."""
    return _rijen(cursor, _GEVOLGEN, {"stroom": wat.stroom, "naam": wat.naam, "aantal": aantal})


def samen_met(cursor: Cursor[Any], wat: Vermeld, aantal: int) -> list[Vermeld]:
    """Give what one request or delivery recorded together with an event, from some thousands of positions around it."""
    if wat.correlatie is None:
        return []
    grenzen = {"vanaf": wat.positie - _NAAST, "tot": wat.positie + _NAAST}
    rijen = _rijen(cursor, _NAAST_ELKAAR, grenzen | {"correlatie": wat.correlatie, "aantal": aantal + 1})
    return [een for een in rijen if een.positie != wat.positie][:aantal]


def _venster(cursor: Cursor[Any], vraag: Logvraag, vanaf: int, voor: int, aantal: int) -> list[Vermeld]:
    gegeven = {
        "feiten": sorted(vraag.feiten) or None,
        "organisatie": vraag.organisatie,
        "rol": vraag.rol,
        "correlatie": vraag.correlatie,
        "van": vraag.van,
        "tot": vraag.tot,
        "stroom": vraag.stroom,
    }
    sql = _VENSTER_STROOM if vraag.stroom else _VENSTER
    return _rijen(cursor, sql, gegeven | {"vanaf": vanaf, "voor": voor, "aantal": aantal})


def _rijen(cursor: Cursor[Any], sql: str, gegeven: Any) -> list[Vermeld]:  # noqa: ANN401  # a tuple or a mapping
    namen = Vermeld.__struct_fields__
    return [Vermeld(**dict(zip(namen, rij, strict=True))) for rij in cursor.execute(sql.encode(), gegeven)]


def _grenzen(cursor: Cursor[Any], vraag: Logvraag, gevouwen: int) -> tuple[int, int]:
    """Give the positions between which everything lies that is asked for: the moment of recording never falls.

    What happened from a moment on was recorded some minutes before it at the earliest.
    """
    if vraag.stroom is not None and vraag.vastgelegd_van is None and vraag.vastgelegd_tot is None:
        return 1, gevouwen + 1
    begin = max((m for m in (vraag.vastgelegd_van, vraag.van and vraag.van - _SPELING) if m), default=None)
    vanaf = _eerste_vanaf(cursor, begin, gevouwen) if begin else 1
    tot = _eerste_vanaf(cursor, vraag.vastgelegd_tot, gevouwen) if vraag.vastgelegd_tot else gevouwen + 1
    return vanaf, tot


def _eerste_vanaf(cursor: Cursor[Any], moment: datetime, gevouwen: int) -> int:
    """Find the first position that was recorded at a moment or later: a score of looks in a log of any length."""
    laag, hoog = 1, gevouwen + 1
    while laag < hoog:
        midden = (laag + hoog) // 2
        volgende = _volgende_moment(cursor, midden, hoog)
        if volgende is not None and volgende < moment:
            laag = midden + 1
        else:
            hoog = midden
    return laag


def _volgende_moment(cursor: Cursor[Any], vanaf: int, tot: int) -> datetime | None:
    """Tell when the first event was recorded from a position on; what lies between may all be of another region."""
    breedte = _ZOEKSTAP
    while True:
        einde = min(vanaf + breedte, tot)
        rij = cursor.execute(_OP_PLEK.encode(), (vanaf, einde), prepare=True).fetchone()
        if rij is not None or einde == tot:
            return rij[0] if rij else None
        breedte *= 8
