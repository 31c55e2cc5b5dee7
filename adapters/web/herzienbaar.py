"""Which events of a pupil's story may this visitor correct now: those that the state machine would let him."""

from typing import Final

from overstap.adapters.http.lezen import Gezien
from overstap.adapters.web.bezoeker import Bezoeker
from overstap.domain.feiten import Verzegeld
from overstap.domain.rollen import Rol
from overstap.domain.verzoeken import Herzie
from overstap.domain.weigering import Weigering
from overstap.statemachine.decide import decide

_EEN_REDEN: Final = Verzegeld("-")
"""Stands for the reason that the form will ask."""


def herzienbare_van(bezoeker: Bezoeker, gezien: Gezien) -> frozenset[int]:
    """Give the numbers of the events that he may correct."""
    overstap, actor, nu = gezien.dossier.overstap, bezoeker.actor, bezoeker.dienst.nu()
    nummers = [
        stap.nummer
        for stap in overstap.stappen
        if actor.rol is Rol.REGIEBEHEERDER or (stap.rol, stap.organisatie) == (actor.rol, actor.organisatie)
    ]
    verzoeken = {nummer: Herzie(gebeurtenis=nummer, reden=_EEN_REDEN) for nummer in nummers}
    return frozenset(
        nummer
        for nummer, verzoek in verzoeken.items()
        if not isinstance(decide(overstap, verzoek, actor, nu, gezien.kader), Weigering)
    )
