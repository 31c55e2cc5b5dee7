"""Read one pupil for a caller: what he may not see is not there, and of the rest he gets the fields of his role.

The database decides first, in the caller's own scope (adapters/postgres/bereik.py): whether the pupil exists for him,
and which sealed fields and key leave it. The pure functions of the core decide again, on the stream as it is now.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from fastapi import Request

from overstap.adapters.http.dienst import Dienst
from overstap.adapters.http.problemen import Probleem, onbekend
from overstap.adapters.http.stand import Stand
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.http.wachten import haal_in
from overstap.adapters.opdracht import ONLEESBAAR
from overstap.adapters.postgres.bereik_kolommen import inzagevraag
from overstap.adapters.postgres.rij import KOLOMMEN, NIET_TE_LEZEN, gebeurtenis
from overstap.adapters.stroomsoorten import OVERSTAP, Dossier
from overstap.adapters.toegangslog import Uitkomst
from overstap.adapters.vault import Kluis, Persoon, naam_van_soort
from overstap.domain.feiten import Verzegeld
from overstap.domain.feiten.overstap import (
    OverstapGewist,
    OverstapOpgevoerd,
    PersoonsgegevensGewijzigd,
    PgnVervangen,
)
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Actor
from overstap.statemachine.kader import Kader
from overstap.statemachine.veldgroepen import Veldgroep, zichtbare_groepen, zichtbare_persoonsvelden
from overstap.statemachine.zicht import ziet

_STROOM = (
    f"SELECT {KOLOMMEN} FROM log.gebeurtenissen"  # noqa: S608  # our own columns
    " WHERE originator_id = %s AND regio IS NOT NULL ORDER BY originator_version"
).encode()
_IS_OVERSTAP = (
    b"SELECT 1 FROM log.gebeurtenissen"
    b" WHERE originator_id = %s AND originator_version = 1 AND topic = %s AND regio = %s"
)
_PERSOON: frozenset[type] = frozenset({PersoonsgegevensGewijzigd, PgnVervangen, OverstapGewist})
_ONLEESBAAR = f"Hierin staat een gebeurtenis die deze versie van Overstap niet kan lezen. {ONLEESBAAR.wat_nodig}."
_OPGEVOERD = naam_van_soort(OverstapOpgevoerd)


@dataclass(frozen=True)
class Gezien:
    """One overstap as its caller may see it: its events, its state, what it is judged against, its sealed fields.

    The events are all there are; what the caller may have of each says statemachine/feitzicht.py.
    """

    stand: Stand
    kader: Kader
    kluis: Kluis
    groepen: frozenset[Veldgroep]
    verzegeld: dict[str, tuple[str, str]]

    @property
    def dossier(self) -> Dossier:
        """The state of the pupil."""
        return self.stand.dossier

    @property
    def gebeurtenissen(self) -> Sequence[Gebeurtenis]:
        """All that happened to him."""
        return self.stand.gebeurtenissen

    @property
    def stroom(self) -> UUID:
        """The stream of the pupil."""
        return self.dossier.overstap.id

    def persoon(self) -> Persoon:
        """Open the fields of the person that the caller may have; none when he was erased."""
        velden = {
            veld: self.kluis.open(self.stroom, feit, veld, Verzegeld(tekst))
            for veld, (feit, tekst) in self.verzegeld.items()
        }
        return Persoon(**velden)


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
    dienst.bekend.bewaar(stroom, 1)


async def lees_overstap(  # noqa: PLR0913  # who looks at what, how, and why
    request: Request, dienst: Dienst, overstap: UUID, actor: Actor, reden: str | None = None, *, als: str = "inzage"
) -> Gezien:
    """Read an overstap, and record that it was looked at (or that this was refused) before anything is given.

    reden is why the region's own roles look at the person; als names what is done.

    Raises:
        Probleem: 404 when it does not exist for this caller.
        DatabankOnbereikbaar: when it cannot be read.

    """
    gezien = await _lees(dienst, overstap, actor, reden)
    uitkomst, groepen = (
        (Uitkomst.GEWEIGERD, frozenset[Veldgroep]()) if gezien is None else (Uitkomst.TOEGESTAAN, gezien.groepen)
    )
    await verantwoord(
        request,
        actor,
        [overstap],
        handeling=als,
        onderwerp="overstap",
        velden=groepen,
        reden=reden,
        uitkomst=uitkomst,
    )
    if gezien is None:
        raise onbekend()
    return gezien


async def _lees(dienst: Dienst, overstap: UUID, actor: Actor, reden: str | None) -> Gezien | None:
    met_reden = reden is not None
    groepen = zichtbare_groepen(actor.rol, met_reden=met_reden)
    if not groepen:
        return None
    persoonsvelden = zichtbare_persoonsvelden(actor.rol, met_reden=met_reden)
    in_beeld = await _in_beeld(dienst, overstap, actor, reden, met_persoon=bool(persoonsvelden))
    versie = in_beeld[0] if in_beeld else 0
    try:
        stand = await _stand(dienst, overstap, max(versie, dienst.eigen.geef(overstap) or 0))
    except NIET_TE_LEZEN as fout:
        structlog.get_logger().error("stroom_onleesbaar", stroom=str(overstap), fout=type(fout).__name__)
        if in_beeld is not None:  # who may not see him is not told that he is there
            raise Probleem("niet-beschikbaar", _ONLEESBAAR, code=ONLEESBAAR.code) from None
        return None
    if stand is None:
        return None
    kader = dienst.kaders.kader(stand.dossier.overstap.regio, stand.dossier.overstap.overstapjaar)
    if kader is None or not ziet(actor, stand.dossier.overstap, dienst.nu(), kader):
        return None
    if in_beeld is None or (persoonsvelden and _raakt_persoon(stand, in_beeld[0])):
        await haal_in(dienst, overstap)  # the read model is on its way; till then he would show as he was
        in_beeld = await _in_beeld(dienst, overstap, actor, reden, met_persoon=bool(persoonsvelden))
    if in_beeld is None:
        raise Probleem("niet-beschikbaar", "De beelden lopen achter.", code="loopt_achter", koppen={"Retry-After": "2"})
    _, velden, verpakt = in_beeld
    return Gezien(
        stand=stand,
        kader=kader,
        kluis=Kluis(dienst.hoofdsleutel, lambda _stromen: {overstap: verpakt} if verpakt else {}),
        groepen=groepen,
        verzegeld={veld: (feit, tekst) for veld, (feit, tekst) in velden.items() if veld in persoonsvelden},
    )


def _raakt_persoon(stand: Stand, vanaf: int) -> bool:
    """Tell whether anything after a version says who the pupil is."""
    return any(type(een.feit) in _PERSOON for een in stand.gebeurtenissen[vanaf:])


async def _in_beeld(
    dienst: Dienst, overstap: UUID, actor: Actor, reden: str | None, *, met_persoon: bool
) -> tuple[int, dict[str, Any], bytes | None] | None:
    """Ask the database, in the caller's scope: the version it shows him, his sealed fields, the key; None: no pupil."""
    rij = await dienst.lees_rij(actor, inzagevraag(actor.rol, met_persoon=met_persoon), (overstap,), reden)
    return (rij[0], rij[1] or {}, rij[2]) if rij else None


async def _stand(dienst: Dienst, overstap: UUID, minstens: int) -> Stand | None:
    """Give the stream as it was last read, if that is new enough, else as it is now; None when it is no pupil's."""
    bekend = dienst.standen.geef(overstap)
    if bekend is not None and 0 < minstens <= bekend.dossier.versie:
        return bekend
    async with dienst.lezer() as verbinding, verbinding.cursor(binary=True) as cursor:
        rijen = await (await cursor.execute(_STROOM, (overstap,), prepare=True)).fetchall()
    gebeurtenissen = [gebeurtenis(rij) for rij in rijen]
    dossier = _dossier(gebeurtenissen)
    if dossier is None:
        return None
    stand = Stand(dossier, gebeurtenissen)
    dienst.standen.bewaar(overstap, stand)
    return stand


def _dossier(gebeurtenissen: Iterable[Gebeurtenis]) -> Dossier | None:
    """Fold a stream; None when it is no pupil's."""
    dossier: Dossier | None = None
    for een in gebeurtenissen:
        if dossier is None and not isinstance(een.feit, OverstapOpgevoerd):
            return None
        dossier = OVERSTAP.evolve(dossier, een)
    return dossier
