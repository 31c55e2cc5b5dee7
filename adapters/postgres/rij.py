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


class Herkomst(NamedTuple):
    """What the events of a request on one stream have in common; regio to organisatie are None together: not ours."""

    originator_id: UUID
    regio: str | None = None
    gebeurd_op: datetime | None = None
    actor: str | None = None
    rol: str | None = None
    organisatie: str | None = None
    correlatie: UUID | None = None
    procedure: str | None = None


class Schrijfrij(NamedTuple):
    """What the append takes of one event."""

    herkomst: Herkomst
    originator_version: int
    topic: str
    state: bytes
    oorzaak: str | None = None


def schrijfrijen(gebeurtenissen: Sequence[Gebeurtenis]) -> list[Schrijfrij]:
    """Write events as the rows that the append takes; those that follow one another share an origin where they can."""
    if not gebeurtenissen:
        return []
    rijen = []
    vorige = gebeurtenissen[0]
    herkomst = _herkomst(vorige)
    for wat in gebeurtenissen:
        if not _is_van_dezelfde(vorige, wat):
            herkomst = _herkomst(wat)
        feit = wat.feit
        rijen.append(Schrijfrij(herkomst, wat.originator_version, naam_van(feit), naar_bytes(feit), wat.oorzaak))
        vorige = wat
    return rijen


def _herkomst(wat: Gebeurtenis) -> Herkomst:
    return Herkomst(
        wat.originator_id, wat.regio, wat.gebeurd_op, wat.actor, wat.rol, wat.organisatie, wat.correlatie, wat.procedure
    )


def _is_van_dezelfde(een: Gebeurtenis, ander: Gebeurtenis) -> bool:
    """Tell whether two events have their origin in common, by identity: what is equal but not the same may be apart."""
    return (
        een.originator_id is ander.originator_id
        and een.correlatie is ander.correlatie
        and een.gebeurd_op is ander.gebeurd_op
        and een.actor is ander.actor
        and een.rol is ander.rol
        and een.organisatie is ander.organisatie
        and een.regio is ander.regio
        and een.procedure is ander.procedure
    )
