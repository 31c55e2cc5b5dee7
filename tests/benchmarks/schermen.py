"""Measure 250 open lists while 100 events a second change the pupils on them: how soon a line changes, what it costs.

`python -m tests.benchmarks.schermen [seconds]`. The server, the one who folds, the writer and the browsers each have a
process of their own. Every change must have come to every list that shows the pupil, or nothing is reported.
"""

import asyncio
import re
import sys
import time
from collections import defaultdict
from itertools import cycle, islice
from multiprocessing.queues import Queue
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from overstap.adapters.http.identiteit.proefuitgever import Proefuitgever
from overstap.adapters.http.identiteit.sessies import KOEKJE
from overstap.adapters.opdracht import Opdracht, Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.stroomsoorten import OVERSTAP
from overstap.adapters.telemetry import richt_in
from overstap.domain.rollen import Actor, Rol
from overstap.domain.verzoeken import WijzigPersoonsgegevens
from tests.adapters.opstelling import REGIO, app, opvoer, richt_regio_in
from tests.benchmarks.kind import LOS, kind
from tests.benchmarks.meelezers import SCHOLEN, bediend, geheugen, neem_scholen_op, tot, wacht_op
from tests.benchmarks.meting import Rij, eigen_server, tabel

SCHERMEN = 250
PER_SCHOOL = 40
PER_SECONDE = 100
DUUR = 15.0
SECONDE = 1_000.0
_TIK = 0.1
_GEDULD = 90.0
_REGEL = re.compile(rb'hx-target="#l-([0-9a-f-]{36})"')


class Leerling(NamedTuple):
    """A pupil: where he is, and under which number."""

    school: str
    overstap: UUID


class Scherm(asyncio.Protocol):
    """One open list: when each of its lines changed."""

    def __init__(self, school: str, nummer: int, toont: list[UUID]) -> None:
        self.actor = Actor(account=f"scherm-{nummer}", rol=Rol.DECAAN, organisatie=school, regio=REGIO)
        self.toont = toont
        self.veranderd: dict[str, list[float]] = defaultdict(list)
        self.is_begonnen = False
        self._rest = b""

    async def begin(self, poort: int, token: str, na: int) -> asyncio.BaseTransport:
        """Begin to look, as a page does that shows these pupils as they were entered, up to a position."""
        lijn, _ = await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", poort)
        stand = urlencode({"na": na, "stand": " ".join(f"{een}.1" for een in self.toont)})
        kop = (
            f"GET /leerlingen/live?{stand} HTTP/1.1",
            "Host: x",
            "Accept: text/event-stream",
            f"Authorization: Bearer {token}",
            f"Cookie: {KOEKJE}=-",
        )
        lijn.write("\r\n".join((*kop, "", "")).encode())
        return lijn

    def data_received(self, data: bytes) -> None:
        """Take in what came; a message ends with an empty line."""
        nu = time.perf_counter()
        *berichten, self._rest = (self._rest + data).split(b"\n\n")
        for bericht in berichten:
            self.is_begonnen = self.is_begonnen or b": begin" in bericht
            for welke in _REGEL.findall(bericht):
                self.veranderd[welke.decode()].append(nu)


def verander(
    databank: Databank, leerlingen: list[Leerling], duur: float, uit: "Queue[list[tuple[UUID, float]]]"
) -> None:
    """Change the class of one pupil after another at a steady pace; tell when each was committed."""
    richt_in("error")
    per_tik = round(PER_SECONDE * _TIK)
    vastgelegd: list[tuple[UUID, float]] = []
    beurt = enumerate(cycle(leerlingen))
    with app(databank) as geheel:
        begin = time.perf_counter()
        for tik in range(round(duur / _TIK)):
            wie = list(islice(beurt, per_tik))
            uitkomsten = geheel.bus.verwerk(
                [
                    Opdracht(
                        soort=OVERSTAP,
                        stroom=een.overstap,
                        verzoek=WijzigPersoonsgegevens(klas=f"{nummer}"),
                        actor=Actor(account="beheer", rol=Rol.VO_BEHEERDER, organisatie=een.school, regio=REGIO),
                    )
                    for nummer, een in wie
                ]
            )
            nu = time.perf_counter()
            if not all(isinstance(een, Vastgelegd) for een in uitkomsten):
                raise AssertionError(uitkomsten)
            vastgelegd += [(een.overstap, nu) for _, een in wie]
            time.sleep(max(0.0, begin + (tik + 1) * _TIK - time.perf_counter()))
    uit.put(vastgelegd)


def _laat_veranderen(databank: Databank, leerlingen: list[Leerling], duur: float) -> list[tuple[UUID, float]]:
    uit: Queue[list[tuple[UUID, float]]] = LOS.Queue()
    proces = kind(verander, databank, leerlingen, duur, uit)
    proces.start()
    try:
        return uit.get(timeout=duur + _GEDULD)
    finally:
        proces.join(_GEDULD)


async def _meet(
    poort: int, uitgever: Proefuitgever, databank: Databank, leerlingen: list[Leerling], duur: float
) -> list[float]:
    """Give for each change and each list that shows the pupil after how many milliseconds its line changed."""
    per_school: dict[str, list[UUID]] = defaultdict(list)
    for een in leerlingen:
        per_school[een.school].append(een.overstap)
    schermen = [Scherm(school, nummer, per_school[school]) for nummer, school in zip(range(SCHERMEN), cycle(SCHOLEN))]
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        na = Log(verbinding).laatste_positie()
    lijnen = [await een.begin(poort, uitgever.token(een.actor), na) for een in schermen]
    await tot(lambda: all(een.is_begonnen for een in schermen))
    vastgelegd = await asyncio.to_thread(_laat_veranderen, databank, leerlingen, duur)
    laatste = dict(vastgelegd)
    await tot(
        lambda: all(
            laatste[een] <= max(scherm.veranderd[str(een)], default=0.0)
            for scherm in schermen
            for een in scherm.toont
            if een in laatste
        )
    )
    for lijn in lijnen:
        lijn.close()
    kijkers: dict[UUID, list[Scherm]] = defaultdict(list)
    for scherm in schermen:
        for welke in scherm.toont:
            kijkers[welke].append(scherm)
    return sorted(
        1_000 * (next(op for op in scherm.veranderd[str(welke)] if op >= toen) - toen)
        for welke, toen in vastgelegd
        for scherm in kijkers[welke]
    )


def _voer_op(databank: Databank) -> list[Leerling]:
    """Enter the pupils of fifty schools."""
    with app(databank) as geheel:
        richt_regio_in(geheel)
        neem_scholen_op(geheel)
        opdrachten = {
            school: [
                opvoer(geheel, f"{600_000_000 + 1_000 * nummer + een}", school=school) for een in range(PER_SCHOOL)
            ]
            for nummer, school in enumerate(SCHOLEN)
        }
        for van_school in opdrachten.values():
            geheel.bus.verwerk(van_school)
    with Werker(databank) as werker:
        werker.bijwerken_tot()
    # In turns: what is changed one after another is not on the same list.
    return [
        Leerling(school, van_school[een].stroom)
        for een in range(PER_SCHOOL)
        for school, van_school in opdrachten.items()
    ]


def rijen(duur: float = DUUR) -> list[Rij]:
    """Measure."""
    with eigen_server() as server, TemporaryDirectory() as plek:
        databank = Databank(server.adres(Login.EIGENAAR, "schermen"), server.wachtwoorden)
        server.maak_databank("schermen")
        databank.migreer(Soort.DEMO)
        leerlingen, datamap = _voer_op(databank), Path(plek)
        uitgever = Proefuitgever(datamap)
        with bediend(databank, datamap) as (poort, proces):
            wacht_op(poort)
            voor = geheugen(proces)
            wachttijden = asyncio.run(_meet(poort, uitgever, databank, leerlingen, duur))
            na = geheugen(proces)
    p99 = wachttijden[int(0.99 * len(wachttijden))]
    wat = f"screens: {SCHERMEN} open lists, {PER_SECONDE} changes/s"
    return [
        Rij(
            naam=f"{wat}, commit to changed line p99 beside p50", eenheid="ms", onze=p99, referentie=median(wachttijden)
        ),
        Rij(
            naam=f"{wat}, commit to changed line p50 beside a second",
            eenheid="ms",
            onze=median(wachttijden),
            referentie=SECONDE,
            doel=1,
            hoogstens=True,
        ),
        Rij(
            naam=f"{wat}, memory of the server at the end beside the beginning",
            eenheid="MiB",
            onze=na,
            referentie=voor,
            doel=1.5,
            hoogstens=True,
        ),
    ]


if __name__ == "__main__":
    richt_in("error")
    print(tabel(rijen(float(sys.argv[1]) if len(sys.argv) > 1 else DUUR)))
