"""Turn rows of the log into events and back: one place for the order of the columns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from overstap.domain.feiten import ARCHIEF, Archief, Feit, naam_van, naar_bytes
from overstap.domain.gebeurtenis import Gebeurtenis, Onleesbaar
from overstap.domain.rollen import Rol

KOLOMMEN = (
    "originator_id, originator_version, state, regio, gebeurd_op, vastgelegd_op, positie, actor, rol, organisatie, "
    "correlatie, oorzaak, procedure"
)
"""What an event is read from, in the order of `gebeurtenis`; topic and hash say nothing that is not in these."""
KOLOMMEN_MET_TOPIC = f"{KOLOMMEN}, topic"
"""The same, for whoever names what cannot be read."""
NIET_TE_LEZEN = (
    msgspec.MsgspecError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What reading raises, bringing a fact up to date included, when the content is not what this program knows."""

Leesrij = tuple[UUID, int, bytes, str, datetime, datetime, int, str, str, str, UUID | None, str | None, str | None]
_ROLLEN = {rol.value: rol for rol in Rol}


def gebeurtenis(rij: Leesrij, archief: Archief[Feit] = ARCHIEF) -> Gebeurtenis:
    """Read an event from its row (KOLOMMEN)."""
    return Gebeurtenis(
        originator_id=rij[0],
        originator_version=rij[1],
        feit=archief.uit_bytes(rij[2]),
        regio=rij[3],
        gebeurd_op=rij[4],
        vastgelegd_op=rij[5],
        positie=rij[6],
        actor=rij[7],
        rol=_ROLLEN[rij[8]],
        organisatie=rij[9],
        correlatie=rij[10],
        oorzaak=rij[11],
        procedure=rij[12],
    )


def gebeurtenis_of_onleesbaar(rij: tuple[Any, ...]) -> Gebeurtenis | Onleesbaar:
    """Read an event from its row (KOLOMMEN_MET_TOPIC), and say so where that cannot be done."""
    try:
        return gebeurtenis(rij)
    except NIET_TE_LEZEN as fout:
        return Onleesbaar(originator_id=rij[0], originator_version=rij[1], positie=rij[6], topic=rij[-1], fout=fout)


class Schrijfrij(NamedTuple):
    """What the append takes of one event; the columns from regio on are None together for an event that is not ours."""

    originator_id: UUID
    originator_version: int
    topic: str
    state: bytes
    regio: str | None
    gebeurd_op: datetime | None
    actor: str | None
    rol: str | None
    organisatie: str | None
    correlatie: UUID | None
    oorzaak: str | None
    procedure: str | None


def schrijfrij(wat: Gebeurtenis) -> Schrijfrij:
    """Write an event as the row that the append takes."""
    return Schrijfrij(
        wat.originator_id,
        wat.originator_version,
        naam_van(wat.feit),
        naar_bytes(wat.feit),
        wat.regio,
        wat.gebeurd_op,
        wat.actor,
        wat.rol,
        wat.organisatie,
        wat.correlatie,
        wat.oorzaak,
        wat.procedure,
    )


def schrijfrijen(gebeurtenissen: Sequence[Gebeurtenis]) -> list[Schrijfrij]:
    """Write events as the rows that the append takes."""
    return [schrijfrij(wat) for wat in gebeurtenissen]
