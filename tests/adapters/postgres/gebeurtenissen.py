"""Make events for tests of the log: what they say does not matter there, how they are kept does."""

from datetime import UTC, datetime
from uuid import UUID

from overstap.domain.feiten.aanlevering import RegelGeweigerd
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Rol

MOMENT = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)


def gebeurtenis(stroom: UUID, versie: int, *, gebeurd_op: datetime = MOMENT, reden: str = "onbekend") -> Gebeurtenis:
    """Make the event of this version of a stream."""
    return Gebeurtenis(
        originator_id=stroom,
        originator_version=versie,
        feit=RegelGeweigerd(regel=versie, code="onbekende_leerling", reden=reden),
        regio="21",
        gebeurd_op=gebeurd_op,
        actor="koppeling-99xx",
        rol=Rol.KOPPELING,
        organisatie="99XX",
    )
