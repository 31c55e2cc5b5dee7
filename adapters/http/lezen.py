"""Read one pupil's stream for a caller: what he may not see is not there."""

from dataclasses import dataclass
from uuid import UUID

from overstap.adapters.http.dienst import Dienst
from overstap.adapters.http.problemen import onbekend
from overstap.adapters.postgres.rij import KOLOMMEN, gebeurtenis
from overstap.adapters.stroomsoorten import OVERSTAP, Dossier
from overstap.adapters.vault import naam_van_soort
from overstap.domain.feiten.overstap import OverstapOpgevoerd
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Actor
from overstap.statemachine.kader import Kader
from overstap.statemachine.zicht import ziet

_STROOM = (
    f"SELECT {KOLOMMEN} FROM log.gebeurtenissen"  # noqa: S608  # our own columns
    " WHERE originator_id = %s AND regio IS NOT NULL ORDER BY originator_version"
).encode()
_IS_OVERSTAP = (
    b"SELECT 1 FROM log.gebeurtenissen"
    b" WHERE originator_id = %s AND originator_version = 1 AND topic = %s AND regio = %s"
)
_OPGEVOERD = naam_van_soort(OverstapOpgevoerd)


@dataclass(frozen=True)
class Gezien:
    """One overstap as its caller may see it: its events, its state, what it is judged against."""

    dossier: Dossier
    gebeurtenissen: list[Gebeurtenis]
    kader: Kader


async def eis_overstap(dienst: Dienst, stroom: UUID) -> None:
    """See to it that a stream is that of a pupil of this region: the bus must not be given any other.

    Raises:
        Probleem: 404 when it is not.

    """
    if stroom in dienst.bekend:
        return
    async with dienst.lezer() as verbinding:
        rij = await (await verbinding.execute(_IS_OVERSTAP, (stroom, _OPGEVOERD, dienst.regio))).fetchone()
    if rij is None:
        raise onbekend()
    dienst.bekend.voeg_toe(stroom)


async def lees_overstap(dienst: Dienst, overstap: UUID, actor: Actor) -> Gezien:
    """Read an overstap.

    Raises:
        Probleem: 404 when it does not exist for this caller.
        DatabankOnbereikbaar: when it cannot be read.

    """
    async with dienst.lezer() as verbinding, verbinding.cursor(binary=True) as cursor:
        rijen = await (await cursor.execute(_STROOM, (overstap,), prepare=True)).fetchall()
    gebeurtenissen = [gebeurtenis(rij) for rij in rijen]
    if not gebeurtenissen or not isinstance(gebeurtenissen[0].feit, OverstapOpgevoerd):
        raise onbekend()
    dossier: Dossier | None = None
    for een in gebeurtenissen:
        dossier = OVERSTAP.evolve(dossier, een)
    if dossier is None:
        raise AssertionError("a stream with events has a state")
    kader = dienst.kaders.kader(dossier.overstap.regio, dossier.overstap.overstapjaar)
    if kader is None or not ziet(actor, dossier.overstap, dienst.nu(), kader):
        raise onbekend()
    return Gezien(dossier, gebeurtenissen, kader)
