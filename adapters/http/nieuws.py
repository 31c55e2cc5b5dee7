"""One event on its way to everybody who reads along: read once, and written once for each role."""

from typing import Any
from uuid import UUID

from overstap.adapters.http.cloudevent import cloudevent, schrijf
from overstap.adapters.postgres.gezien import Gezien
from overstap.domain.feiten import naam_van, zonder_versie
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Rol
from overstap.statemachine.feitzicht import Feitzicht, gemaskeerd
from overstap.statemachine.reikwijdte import Reikwijdte
from overstap.statemachine.veldgroepen import MET_REDEN


class Nieuws:
    """An event, and for whom its pupil exists (None when it is about none)."""

    __slots__ = ("_bron", "_geschreven", "feit", "gebeurtenis", "reikwijdte")

    def __init__(self, gebeurtenis: Gebeurtenis, reikwijdte: Reikwijdte | None, bron: str) -> None:
        self.gebeurtenis = gebeurtenis
        self.reikwijdte = reikwijdte
        self.feit = zonder_versie(naam_van(gebeurtenis.feit))
        self._bron = bron
        self._geschreven: dict[Rol, bytes] = {}

    @property
    def positie(self) -> int:
        """Its position in the log."""
        return self.gebeurtenis.positie or 0

    def voor(self, rol: Rol, zicht: Feitzicht) -> bytes:
        """Give the event as a message of a stream; one role sees the same fields of it everywhere."""
        geschreven = self._geschreven.get(rol)
        if geschreven is None:
            event = cloudevent(_gezien(self.gebeurtenis, rol, zicht), self._bron)
            geschreven = self._geschreven[rol] = als_bericht(self.positie, schrijf(event))
        return geschreven


def als_bericht(positie: int, inhoud: bytes) -> bytes:
    """Write a message of a stream of server-sent events; JSON has no line ends."""
    return b"id: %d\ndata: %b\n\n" % (positie, inhoud)


def _gezien(wat: Gebeurtenis, rol: Rol, zicht: Feitzicht) -> Gezien:
    if wat.positie is None or wat.vastgelegd_op is None:
        raise AssertionError("what is in the log has a position")
    inhoud: dict[str, Any] = gemaskeerd(wat, zicht)
    correlatie: UUID | None = wat.correlatie if rol in MET_REDEN else None
    return Gezien(
        positie=wat.positie,
        stroom=wat.originator_id,
        versie=wat.originator_version,
        feit=naam_van(wat.feit),
        inhoud=inhoud,
        regio=wat.regio,
        gebeurd_op=wat.gebeurd_op,
        vastgelegd_op=wat.vastgelegd_op,
        actor=wat.actor,
        rol=wat.rol,
        organisatie=wat.organisatie,
        procedure=wat.procedure,
        correlatie=correlatie,
        oorzaak=wat.oorzaak if rol in MET_REDEN else None,
    )
