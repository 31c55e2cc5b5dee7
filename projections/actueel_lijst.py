"""Which pupils are there? Pages of actueel, narrowed and in an order, and how many there are."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.sql import SQL

from overstap.domain.kalender import Regels
from overstap.domain.statussen import OverstapStatus
from overstap.projections.actueel import Actueel
from overstap.projections.actueel_tabel import LEES, uit_rij
from overstap.projections.selectie import ALLEN, BladwijzerOngeldig, Selectie, lees_bladwijzer, schrijf_bladwijzer
from overstap.projections.werklijsten import TAKKEN, Werklijst


class Volgorde(StrEnum):
    """The orders in which a list may stand; the names are part of the API."""

    SCHOOL = "school"
    LANGST = "langst"
    NIEUWST = "nieuwst"
    STILST = "stilst"


_SLEUTELS: Mapping[Volgorde, tuple[tuple[str, ...], str]] = {
    Volgorde.SCHOOL: (("school", "vestiging", "klas"), "ASC"),
    Volgorde.LANGST: (("sinds",), "ASC"),
    Volgorde.NIEUWST: (("sinds",), "DESC"),
    Volgorde.STILST: (("laatste_op",), "ASC"),
}
"""By which columns each goes: longest or shortest in this status, longest without news; then by overstap."""


class Vraag(msgspec.Struct, frozen=True, kw_only=True):
    """Which pupils of a year: of a selection, in a status, on a worklist (none of the wachtbak is a pupil yet)."""

    selectie: Selectie = ALLEN
    status: OverstapStatus | None = None
    werklijst: Werklijst | None = None


class Leerlingen(msgspec.Struct, frozen=True):
    """A page of pupils; verder is the bookmark of the next one, None after the last."""

    rijen: list[Actueel]
    verder: str | None


class _OpSchool(msgspec.Struct, frozen=True, array_like=True):
    school: str
    vestiging: str
    klas: str
    overstap: UUID
    volgorde: Volgorde


class _OpMoment(msgspec.Struct, frozen=True, array_like=True):
    moment: datetime
    overstap: UUID
    volgorde: Volgorde


def bladzijde(  # noqa: PLR0913 - each narrows what is asked
    cursor: Cursor[Any],
    regels: Regels,
    op: datetime,
    vraag: Vraag,
    *,
    volgorde: Volgorde = Volgorde.SCHOOL,
    na: str | None = None,
    aantal: int = 50,
) -> Leerlingen:
    """Give a page of the pupils of a year; op is the moment for which a worklist is asked.

    Raises:
        BladwijzerOngeldig: when na is not one that this list gave in this order.

    """
    staart, parameters = kies(regels, op, vraag, volgorde=volgorde, na=na, aantal=aantal)
    gelezen = cursor.execute(LEES + SQL(f"beeld.actueel AS a{staart}"), parameters).fetchall()
    rijen = [uit_rij(rij) for rij in gelezen[:aantal]]
    return Leerlingen(
        rijen, bladwijzer_bij(msgspec.structs.asdict(rijen[-1]), volgorde) if len(gelezen) > aantal else None
    )


def kies(  # noqa: PLR0913 - each narrows what is asked
    regels: Regels,
    op: datetime,
    vraag: Vraag,
    *,
    volgorde: Volgorde = Volgorde.SCHOOL,
    na: str | None = None,
    aantal: int = 50,
) -> tuple[str, dict[str, object]]:
    """Give what follows `FROM beeld.actueel AS a` for a page, and its parameters: so that each role reads its columns.

    One row more is asked than fits: it tells whether another page follows.

    Raises:
        BladwijzerOngeldig: when na is not one that this list gave in this order.

    """
    waar, parameters = _waar(vraag, regels, op)
    kolommen, richting = _SLEUTELS[volgorde]
    sleutel = ", ".join(f"a.{kolom}" for kolom in (*kolommen, "overstap"))
    if na is not None:
        *plaats, bedoeld = msgspec.structs.astuple(_lees_plaats(na, volgorde))
        if bedoeld is not volgorde:
            raise BladwijzerOngeldig("Deze bladwijzer hoort bij een andere volgorde. Begin bij de eerste bladzijde.")
        namen = [f"na_{nummer}" for nummer in range(len(plaats))]
        teken = ">" if richting == "ASC" else "<"
        waar += f" AND ({sleutel}) {teken} ({', '.join(f'%({naam})s' for naam in namen)})"
        parameters |= dict(zip(namen, plaats, strict=True))
    op_volgorde = ", ".join(f"{deel} {richting}" for deel in sleutel.split(", "))
    return f" WHERE {waar} ORDER BY {op_volgorde} LIMIT %(aantal)s", parameters | {"aantal": aantal + 1}


def werklijsten_per_leerling(
    cursor: Cursor[Any], regels: Regels, op: datetime, overstappen: Sequence[UUID], lijsten: Collection[Werklijst]
) -> dict[UUID, list[Werklijst]]:
    """Tell on which of these worklists each of these pupils stands at an instant; who stands on none is left out."""
    takken = [(lijst, tak) for lijst in lijsten if lijst is not Werklijst.WACHTBAK for tak in TAKKEN[lijst]]
    if not takken or not overstappen:
        return {}
    kolommen = ", ".join(
        f"({tak.waar} AND a.{tak.kolom} <= %(tot_{nummer})s) IS TRUE" for nummer, (_, tak) in enumerate(takken)
    )
    parameters = {f"tot_{nummer}": tak.tot(regels, op) for nummer, (_, tak) in enumerate(takken)}
    opdracht = f"SELECT a.overstap, {kolommen} FROM beeld.actueel AS a WHERE a.overstap = ANY(%(welke)s)"  # noqa: S608 - all of it is our own
    gelezen = cursor.execute(opdracht.encode(), parameters | {"welke": list(overstappen)}).fetchall()
    return {
        overstap: list(dict.fromkeys(lijst for (lijst, _), is_op in zip(takken, staat_op, strict=True) if is_op))
        for overstap, *staat_op in gelezen
        if any(staat_op)
    }


def tel(cursor: Cursor[Any], regels: Regels, op: datetime, vraag: Vraag) -> int:
    """Count the pupils of a year; op is the moment for which a worklist is asked."""
    waar, parameters = _waar(vraag, regels, op)
    [(aantal,)] = cursor.execute(f"SELECT count(*) FROM beeld.actueel AS a WHERE {waar}".encode(), parameters)  # noqa: S608 - all of it is our own
    return int(aantal)


def _waar(vraag: Vraag, regels: Regels, op: datetime) -> tuple[str, dict[str, object]]:
    smaller, gegeven = vraag.selectie.voorwaarden()
    waar = f"a.regio = %(regio)s AND a.overstapjaar = %(overstapjaar)s{smaller}"
    parameters = {"regio": regels.regio, "overstapjaar": regels.overstapjaar} | gegeven
    if vraag.status is not None:
        waar += " AND a.status = %(status)s"
        parameters["status"] = vraag.status.value
    if vraag.werklijst is Werklijst.WACHTBAK:
        waar += " AND false"
    elif vraag.werklijst is not None:
        takken = TAKKEN[vraag.werklijst]
        delen = [f"{tak.waar} AND a.{tak.kolom} <= %(tot_{nummer})s" for nummer, tak in enumerate(takken)]
        waar += f" AND ({' OR '.join(delen)})"
        parameters |= {f"tot_{nummer}": tak.tot(regels, op) for nummer, tak in enumerate(takken)}
    return waar, parameters


def _lees_plaats(na: str, volgorde: Volgorde) -> _OpSchool | _OpMoment:
    return lees_bladwijzer(na, _OpSchool) if volgorde is Volgorde.SCHOOL else lees_bladwijzer(na, _OpMoment)


def bladwijzer_bij(rij: Mapping[str, Any], volgorde: Volgorde) -> str:
    """Write the bookmark of a page that begins after this row, by column; what the order goes by must be in it."""
    if volgorde is Volgorde.SCHOOL:
        return schrijf_bladwijzer(_OpSchool(rij["school"], rij["vestiging"], rij["klas"], rij["overstap"], volgorde))
    moment = rij["laatste_op"] if volgorde is Volgorde.STILST else rij["sinds"]
    return schrijf_bladwijzer(_OpMoment(moment, rij["overstap"], volgorde))
