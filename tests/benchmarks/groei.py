"""Measure what a large log costs: commands and loading with ten thousand and with a million events stored."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from uuid import UUID, uuid4

from overstap.adapters.app import app_op
from overstap.adapters.groepsbus import Groepsbus
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.opdracht import Opdracht, Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.server import Server
from overstap.adapters.postgres.toevoeging import Kwitantie
from overstap.adapters.stroomsoorten import OVERSTAP
from overstap.domain.rollen import Actor, Rol
from overstap.domain.verzoeken import WijzigPersoonsgegevens
from tests.adapters.opstelling import HOOFDSLEUTEL, REGIO
from tests.benchmarks.enkele_verzoeken import Voorraad, stuur_aan_een_stuk
from tests.benchmarks.groot_log import KLEIN, MILJOEN, groot_log, kopie_van, leerlingen, vaste_server
from tests.benchmarks.invoer import NA_HET_JAAR
from tests.benchmarks.meting import Rij, in_beurten

RONDES = 5
DUUR = 1.0
WACHTENDEN = 64
LEERLINGEN = 1_000
"""So many pupils are asked about, on both logs: all there are in the small one."""
DOEL = 0.85


class Proef:
    """One of the two logs, with a bus on it."""

    def __init__(self, databank: Databank, bus: Groepsbus) -> None:
        self._databank = databank
        self._bus = bus
        self._nummers = count()
        self._leerlingen: list[tuple[UUID, Actor]] = []
        for stroom, school in leerlingen(databank, 2 * LEERLINGEN):
            wie = Actor(account=f"beheer-{school.lower()}", rol=Rol.VO_BEHEERDER, organisatie=school, regio=REGIO)
            self._leerlingen.append((stroom, wie))
        gevraagd = [(een, bus.stuur(self._verzoek(*een))) for een in self._leerlingen]
        # Who changed school meanwhile is not this school's any more.
        wel = [een for een, antwoord in gevraagd if isinstance(antwoord.result(), Vastgelegd)]
        self._leerlingen = wel[:LEERLINGEN]
        self._voorraad = Voorraad(self._volgende)

    def snelheid(self) -> float:
        """Put commands about these pupils; give commands/s."""
        return stuur_aan_een_stuk(self._bus, self._voorraad, 1, WACHTENDEN, DUUR)

    def laadtijd(self) -> float:
        """Load all these pupils' events in one query each hundred; give streams/s."""
        with self._databank.verbind(Login.SCHRIJVER) as verbinding:
            log = Log(verbinding)
            stromen = [stroom for stroom, _ in self._leerlingen]
            log.laad(stromen[:1])
            begin = time.perf_counter()
            for van in range(0, len(stromen), 100):
                log.laad(stromen[van : van + 100])
            return len(stromen) / (time.perf_counter() - begin)

    def _volgende(self) -> Opdracht:
        return self._verzoek(*self._leerlingen[next(self._nummers) % len(self._leerlingen)])

    def _verzoek(self, stroom: UUID, wie: Actor) -> Opdracht:
        return Opdracht(
            soort=OVERSTAP,
            stroom=stroom,
            verzoek=WijzigPersoonsgegevens(klas=f"k{next(self._nummers)}"),
            actor=wie,
            kwitantie=Kwitantie(wie.organisatie, uuid4().bytes, bytes(32)),
        )


def rijen(groot: int = MILJOEN) -> list[Rij]:
    """Measure on copies of both logs, in turns on one server."""
    with vaste_server() as server, _proef_op(server, groot) as op_groot, _proef_op(server, KLEIN) as op_klein:
        met_groot, met_klein = in_beurten(op_groot.snelheid, op_klein.snelheid, rondes=RONDES)
        laden_groot, laden_klein = in_beurten(op_groot.laadtijd, op_klein.laadtijd, rondes=RONDES)
    return [
        Rij(
            naam=f"growth: command, {WACHTENDEN} waiting, {groot:,} / {KLEIN:,} events stored",
            eenheid="commands/s",
            onze=met_groot,
            referentie=met_klein,
            doel=DOEL,
        ),
        Rij(
            naam=f"growth: load, {groot:,} / {KLEIN:,} events stored",
            eenheid="streams/s",
            onze=laden_groot,
            referentie=laden_klein,
        ),
    ]


@contextmanager
def _proef_op(server: Server, aantal: int) -> Iterator[Proef]:
    instellingen = Instellingen(regio=REGIO, _env_file=None)  # type: ignore[call-arg]
    with (
        kopie_van(server, groot_log(server, aantal)) as databank,
        Groepsbus(lambda: app_op(databank, HOOFDSLEUTEL, instellingen, GezetteKlok(NA_HET_JAAR))) as bus,
    ):
        yield Proef(databank, bus)
