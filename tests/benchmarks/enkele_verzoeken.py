"""Measure single commands, decided and durable with a receipt, by how many callers wait; beside the library's save.

`python -m tests.benchmarks.enkele_verzoeken [seconds a run]`
"""

import asyncio
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from uuid import UUID, uuid4

from overstap.adapters.app import app_op
from overstap.adapters.groepsbus import Groepsbus
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.opdracht import Opdracht, Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.server import Server
from overstap.adapters.postgres.toevoeging import Kwitantie
from overstap.adapters.stroomsoorten import OVERSTAP
from overstap.adapters.telemetry import richt_in
from overstap.domain.verzoeken import VerwerkKoppelbericht, WijzigPersoonsgegevens
from tests.adapters.opstelling import (
    HOOFDSLEUTEL,
    IN_JANUARI,
    KOPPELING,
    MBO,
    REGIO,
    VO_BEHEERDER,
    app,
    opvoer,
    richt_regio_in,
)
from tests.benchmarks.kale_bibliotheek import Leerling, kale_toepassing
from tests.benchmarks.meting import Rij, eigen_server, in_beurten, tabel

RONDES = 5
WACHTENDEN = (1, 16, 64, 256)
SCHRIJVERS = {1: 1, 16: 16, 64: 16, 256: 16}
"""Beside how many writers of the library each number of callers is set."""
DOELEN = {(64, 1): 15.0, (64, 2): 12.0}
LEERLINGEN = 6_000
RUIM = 20_000
"""How many requests a second are made beforehand."""
CODES = ("AO", "IG", "PB", "LI")
"""Each brings the pupil to another status: two facts."""


class Verzoeken:
    """An endless row of requests with one or two facts each, every one with a key of its own."""

    def __init__(self, stromen: list[UUID]) -> None:
        self._stromen = stromen
        self._nummers = count()

    def met_een_feit(self) -> Opdracht:
        """Give a request to put a pupil in another class."""
        nummer = next(self._nummers)
        return Opdracht(
            soort=OVERSTAP,
            stroom=self._stromen[nummer % len(self._stromen)],
            verzoek=WijzigPersoonsgegevens(klas=f"k{nummer}"),
            actor=VO_BEHEERDER,
            kwitantie=Kwitantie("99AA", uuid4().bytes, bytes(32)),
        )

    def met_twee_feiten(self) -> Opdracht:
        """Give a message that brings an aanmelding to another status, and with it the pupil."""
        ronde, plek = divmod(next(self._nummers), len(self._stromen))
        stroom = self._stromen[plek]
        verzoek = VerwerkKoppelbericht(
            keten_id=f"99XX:{stroom.hex}{ronde // len(CODES)}",
            volgnummer=ronde,
            code=CODES[ronde % len(CODES)],
            laatste_wijziging="2026-01-12T09:00:00Z",
            brin=MBO,
            crebo="25647",
        )
        return Opdracht(
            soort=OVERSTAP,
            stroom=stroom,
            verzoek=verzoek,
            actor=KOPPELING,
            kwitantie=Kwitantie(MBO, uuid4().bytes, bytes(32)),
        )


class Voorraad:
    """Requests made beforehand: a caller elsewhere would make its own meanwhile. What is left is for the next run."""

    def __init__(self, maak: Callable[[], Opdracht]) -> None:
        self._maak = maak
        self._rij: deque[Opdracht] = deque()

    def vul_aan(self, aantal: int) -> None:
        """Make requests until there are so many."""
        while len(self._rij) < aantal:
            self._rij.append(self._maak())

    def neem(self) -> Opdracht:
        """Take the next one."""
        return self._rij.popleft() if self._rij else self._maak()


def stuur_aan_een_stuk(bus: Groepsbus, voorraad: Voorraad, feiten: int, wachtenden: int, duur: float) -> float:
    """Let so many callers put one request after the other; give commands/s."""
    aantal = 0
    voorraad.vul_aan(int(duur * RUIM))

    async def beller(einde: float) -> None:
        nonlocal aantal
        while time.perf_counter() < einde:
            antwoord = await bus.stuur_async(voorraad.neem())
            assert isinstance(antwoord, Vastgelegd), antwoord
            assert len(antwoord.gebeurtenissen) == feiten
            aantal += 1

    async def alle() -> float:
        begin = time.perf_counter()
        await asyncio.gather(*(beller(begin + duur) for _ in range(wachtenden)))
        return aantal / (time.perf_counter() - begin)

    return asyncio.run(alle())


def bewaar_aan_een_stuk(bewaar: Callable[[Leerling], object], feiten: int, schrijvers: int, duur: float) -> float:
    """Let so many threads save one or two events after the other with the library; give saves/s."""
    aantallen = [0] * schrijvers

    def schrijver(nummer: int, einde: float) -> None:
        leerling = Leerling()
        bewaar(leerling)
        while time.perf_counter() < einde:
            for _ in range(feiten):
                leerling.wijzig(aantallen[nummer])
            bewaar(leerling)
            aantallen[nummer] += 1

    begin = time.perf_counter()
    draden = [threading.Thread(target=schrijver, args=(nummer, begin + duur)) for nummer in range(schrijvers)]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    return sum(aantallen) / (time.perf_counter() - begin)


@contextmanager
def groepsbus(server: Server) -> Iterator[tuple[Groepsbus, list[UUID]]]:
    """Open a bus on a new log with a region and its pupils."""
    naam = f"enkel_{uuid4().hex}"
    server.maak_databank(naam)
    databank = Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden)
    databank.migreer(Soort.DEMO)
    with app(databank) as geheel:
        richt_regio_in(geheel)
        opdrachten = [opvoer(geheel, str(900_000_000 + nummer)) for nummer in range(LEERLINGEN)]
        for begin in range(0, LEERLINGEN, 500):
            geheel.bus.verwerk(opdrachten[begin : begin + 500])
    instellingen = Instellingen(regio=REGIO, _env_file=None)  # type: ignore[call-arg]

    with Groepsbus(lambda: app_op(databank, HOOFDSLEUTEL, instellingen, GezetteKlok(IN_JANUARI))) as bus:
        yield bus, [opdracht.stroom for opdracht in opdrachten]
    server.verwijder_databank(naam)


def rijen(duur: float = 1.0) -> list[Rij]:
    """Measure every row; ours and the library in turns on one server, fsync on."""
    uitkomst = []
    with eigen_server() as server:
        for feiten in (1, 2):
            with groepsbus(server) as (bus, stromen), kale_toepassing(server, max(SCHRIJVERS.values())) as kale:
                verzoeken = Verzoeken(stromen)
                voorraad = Voorraad(verzoeken.met_een_feit if feiten == 1 else verzoeken.met_twee_feiten)
                for wachtenden in WACHTENDEN:
                    onze, hunne = in_beurten(
                        partial(stuur_aan_een_stuk, bus, voorraad, feiten, wachtenden, duur),
                        partial(bewaar_aan_een_stuk, kale.save, feiten, SCHRIJVERS[wachtenden], duur),
                        rondes=RONDES,
                    )
                    uitkomst.append(
                        Rij(
                            naam=f"command, {feiten} fact{'s' * (feiten > 1)}, {wachtenden} waiting",
                            eenheid=f"commands/s; library with {SCHRIJVERS[wachtenden]} writers",
                            onze=onze,
                            referentie=hunne,
                            doel=DOELEN.get((wachtenden, feiten)),
                        )
                    )
    return uitkomst


if __name__ == "__main__":
    richt_in("error")
    print(tabel(rijen(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)))
