"""Read one pupil for a caller: what he may not see is not there, and of the rest he gets the fields of his role."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from overstap.adapters.http.dienst import Dienst
from overstap.adapters.http.problemen import onbekend
from overstap.adapters.postgres.rij import KOLOMMEN, gebeurtenis
from overstap.adapters.stroomsoorten import OVERSTAP, Dossier
from overstap.adapters.vault import Kluis, Persoon, naam_van_soort
from overstap.domain.feiten.overstap import OverstapOpgevoerd
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Actor
from overstap.statemachine.kader import Kader
from overstap.statemachine.veldgroepen import Veldgroep, zichtbare_groepen, zichtbare_persoonsvelden
from overstap.statemachine.zicht import ziet

_STROOM = (
    f"SELECT {KOLOMMEN} FROM log.gebeurtenissen"  # noqa: S608  # our own columns
    " WHERE originator_id = %s AND regio IS NOT NULL ORDER BY originator_version"
).encode()
_SLEUTEL = b"SELECT verpakt FROM kluis.datasleutels WHERE stroom = %s"
_IS_OVERSTAP = (
    b"SELECT 1 FROM log.gebeurtenissen"
    b" WHERE originator_id = %s AND originator_version = 1 AND topic = %s AND regio = %s"
)
_OPGEVOERD = naam_van_soort(OverstapOpgevoerd)


@dataclass(frozen=True)
class Gezien:
    """One overstap as its caller may see it: its events, its state, what it is judged against, its key.

    The events are all there are; what the caller may have of each says statemachine/feitzicht.py.
    """

    dossier: Dossier
    gebeurtenissen: list[Gebeurtenis]
    kader: Kader
    kluis: Kluis
    groepen: frozenset[Veldgroep]
    persoonsvelden: frozenset[str]

    @property
    def stroom(self) -> UUID:
        """The stream of the pupil."""
        return self.dossier.overstap.id

    def persoon(self) -> Persoon:
        """Open the fields of the person that the caller may have; none when he was erased."""
        velden = {veld: wat for veld, wat in self.dossier.persoon.items() if veld in self.persoonsvelden}
        return self.kluis.open_persoon(self.stroom, velden)


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


async def lees_overstap(dienst: Dienst, overstap: UUID, actor: Actor, reden: str | None = None) -> Gezien:
    """Read an overstap; reden is why the region's own roles look at the person.

    Raises:
        Probleem: 404 when it does not exist for this caller.
        DatabankOnbereikbaar: when it cannot be read.

    """
    async with dienst.lezer() as verbinding, verbinding.pipeline(), verbinding.cursor(binary=True) as cursor:
        await cursor.execute(_STROOM, (overstap,), prepare=True)
        sleutel = await verbinding.execute(_SLEUTEL, (overstap,), prepare=True, binary=True)
        gebeurtenissen = [gebeurtenis(rij) for rij in await cursor.fetchall()]
        verpakt = await sleutel.fetchone()
    dossier = _dossier(gebeurtenissen)
    if dossier is None:
        raise onbekend()
    kader = dienst.kaders.kader(dossier.overstap.regio, dossier.overstap.overstapjaar)
    if kader is None or not ziet(actor, dossier.overstap, dienst.nu(), kader):
        raise onbekend()
    met_reden = reden is not None
    return Gezien(
        dossier=dossier,
        gebeurtenissen=gebeurtenissen,
        kader=kader,
        kluis=Kluis(dienst.hoofdsleutel, lambda _stromen: {overstap: verpakt[0]} if verpakt else {}),
        groepen=zichtbare_groepen(actor.rol, met_reden=met_reden),
        persoonsvelden=zichtbare_persoonsvelden(actor.rol, met_reden=met_reden),
    )


def _dossier(gebeurtenissen: Iterable[Gebeurtenis]) -> Dossier | None:
    """Fold a stream; None when it is no pupil's."""
    dossier: Dossier | None = None
    for een in gebeurtenissen:
        if dossier is None and not isinstance(een.feit, OverstapOpgevoerd):
            return None
        dossier = OVERSTAP.evolve(dossier, een)
    return dossier
