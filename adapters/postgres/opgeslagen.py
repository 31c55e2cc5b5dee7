"""Give the library's stored event our own columns, so that nothing is lost on the way through its interfaces."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from eventsourcing.persistence import Notification, StoredEvent

from overstap.adapters.postgres.rij import Herkomst, Schrijfrij, gebeurtenis
from overstap.domain.feiten import Archief, Feit
from overstap.domain.gebeurtenis import Gebeurtenis


class Kolommen(NamedTuple):
    """What a row of the log holds beside the library's four columns; vastgelegd_op and positie come from the append."""

    regio: str
    gebeurd_op: datetime
    vastgelegd_op: datetime | None
    positie: int | None
    actor: str
    rol: str
    organisatie: str
    correlatie: UUID | None
    oorzaak: str | None
    procedure: str | None


@dataclass(frozen=True)
class OpgeslagenGebeurtenis(StoredEvent):
    """A stored event of ours."""

    kolommen: Kolommen


@dataclass(frozen=True)
class GemeldeGebeurtenis(Notification):
    """A notification of an event of ours."""

    kolommen: Kolommen


def schrijfrij_van(opgeslagen: StoredEvent) -> Schrijfrij:
    """Give the row that the append takes; of a foreign event our columns stay empty."""
    stroom = opgeslagen.originator_id if isinstance(opgeslagen.originator_id, UUID) else UUID(opgeslagen.originator_id)
    wat = opgeslagen.originator_version, opgeslagen.topic, opgeslagen.state
    if not isinstance(opgeslagen, OpgeslagenGebeurtenis):
        return Schrijfrij(Herkomst(stroom), *wat)
    k = opgeslagen.kolommen
    herkomst = Herkomst(stroom, k.regio, k.gebeurd_op, k.actor, k.rol, k.organisatie, k.correlatie, k.procedure)
    return Schrijfrij(herkomst, *wat, k.oorzaak)


def gebeurtenis_van(opgeslagen: OpgeslagenGebeurtenis | GemeldeGebeurtenis, archief: Archief[Feit]) -> Gebeurtenis:
    """Read the event."""
    k = opgeslagen.kolommen
    return gebeurtenis(
        (opgeslagen.originator_id, opgeslagen.originator_version, opgeslagen.state, *k),  # type: ignore[arg-type]
        archief,
    )
