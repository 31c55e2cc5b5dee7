"""Measure 250 readers of the stream while 200 events a second arrive: what each sees, how late, what it costs.

`python -m tests.benchmarks.meelezers [seconds]`. The server, the one who folds, the writer and the readers each have a
process of their own. Each reader must have seen exactly what row security gives him, or nothing is reported.
"""

import asyncio
import base64
import contextlib
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.queues import Queue
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import uvicorn
from pydantic import SecretStr

from overstap.adapters.app import App
from overstap.adapters.http.identiteit.proefuitgever import Proefuitgever
from overstap.adapters.http.opties import Opties
from overstap.adapters.http.toepassing import maak_toepassing
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.opdracht import Opdracht
from overstap.adapters.postgres.bereik import bereik_van, in_bereik
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.gezien import Filter, lees_gezien
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.stroomsoorten import ORGANISATIE
from overstap.adapters.telemetry import richt_in
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.verzoeken_organisatie import NeemOrganisatieOp
from tests.adapters.opstelling import IN_JANUARI, REGIEBEHEERDER, REGIO, app, opvoer, richt_regio_in
from tests.benchmarks.kind import LOS, kind
from tests.benchmarks.meting import Rij, eigen_server, tabel

LEZERS = 250
PER_SECONDE = 200
DUUR = 15.0
SCHOLEN = tuple(f"97{een}{twee}" for een in "ABCDE" for twee in "ABCDEFGHIJ")
_TIK = 0.1
_GEDULD = 60.0


def instellingen(datamap: Path) -> Instellingen:
    """Give the settings of a trial without limits on how much one asks."""
    sleutel = SecretStr(base64.b64encode(bytes(range(32))).decode())
    return Instellingen(
        regio=REGIO,
        datamap=datamap,
        hoofdsleutel=sleutel,
        verzoeken_per_minuut=0,
        missers_per_minuut=0,
        _env_file=None,  # type: ignore[call-arg]
    )


def bedien(databank: Databank, datamap: Path, luisterend: socket.socket) -> None:
    """Serve, in a process of its own, until it is ended."""
    richt_in("error")
    opties = Opties(poort=luisterend.getsockname()[1], is_proef=True, houdt_bij=False)
    toepassing = maak_toepassing(opties, instellingen(datamap), contextlib.nullcontext(databank))
    config = uvicorn.Config(
        toepassing, log_config=None, access_log=False, lifespan="on", ws="none", http="httptools", loop="uvloop"
    )
    uvicorn.Server(config).run(sockets=[luisterend])


def vouw(databank: Databank) -> None:
    """Fold, in a process of its own, until it is ended."""
    richt_in("error")
    with Werker(databank) as werker:
        werker.volg(threading.Event())


@contextlib.contextmanager
def bediend(databank: Databank, datamap: Path) -> Iterator[tuple[int, int]]:
    """Serve and fold meanwhile; give the port and the process that serves."""
    with socket.socket() as luisterend:
        luisterend.bind(("127.0.0.1", 0))
        luisterend.listen(1_024)
        processen = [
            kind(bedien, databank, datamap, luisterend),
            kind(vouw, databank),
        ]
        for proces in processen:
            proces.start()
        try:
            yield luisterend.getsockname()[1], processen[0].pid or 0
        finally:
            for proces in processen:
                proces.terminate()
                proces.join(20)


class Lezer(asyncio.Protocol):
    """One reader: what he saw, and when it arrived."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.gezien: dict[int, float] = {}
        self.plaats = -1
        self._rest = b""

    async def begin(self, poort: int, token: str) -> asyncio.BaseTransport:
        """Begin to read along; closing what it gives ends it."""
        lijn, _ = await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", poort)
        kop = (
            "GET /v1/gebeurtenissen HTTP/1.1",
            "Host: x",
            "Accept: text/event-stream",
            f"Authorization: Bearer {token}",
        )
        lijn.write("\r\n".join((*kop, "", "")).encode())
        return lijn

    def data_received(self, data: bytes) -> None:
        """Take in what came; a message ends with an empty line."""
        nu = time.perf_counter()
        *berichten, self._rest = (self._rest + data).split(b"\n\n")
        for bericht in berichten:
            _, _, vanaf = bericht.rpartition(b"id: ")
            plaats, _, inhoud = vanaf.partition(b"\n")
            if plaats.isdigit():
                self.plaats = int(plaats)
                if inhoud.startswith(b"data: "):
                    self.gezien[self.plaats] = nu


def kijkers() -> list[Actor]:
    """Give who read: two auditors, and decanen and administrators of fifty schools."""
    rollen = (Rol.DECAAN, Rol.VO_BEHEERDER)
    return [
        Actor(account="auditor-1", rol=Rol.AUDITOR, organisatie=REGIO, regio=REGIO),
        Actor(account="auditor-2", rol=Rol.AUDITOR, organisatie=REGIO, regio=REGIO),
        *(
            Actor(
                account=f"kijker-{nummer}",
                rol=rollen[nummer % 2],
                organisatie=SCHOLEN[nummer % len(SCHOLEN)],
                regio=REGIO,
            )
            for nummer in range(LEZERS - 2)
        ),
    ]


def neem_scholen_op(geheel: App) -> None:
    """Take in fifty schools."""
    geheel.bus.verwerk(
        [
            Opdracht(
                soort=ORGANISATIE,
                stroom=stroom_van_organisatie(REGIO, code),
                verzoek=NeemOrganisatieOp(code=code, soort=SoortOrganisatie.VO, naam=f"School {code}", accounts=True),
                actor=REGIEBEHEERDER,
            )
            for code in SCHOLEN
        ]
    )


def schrijf(databank: Databank, duur: float, uit: "Queue[dict[int, float]]") -> None:
    """Enter pupils at a steady pace, in a process of its own; tell when each position was committed.

    The clock (time.perf_counter) is one for all processes of a machine.
    """
    richt_in("error")
    per_tik, nummer = round(PER_SECONDE * _TIK), 0
    vastgelegd: dict[int, float] = {}
    with app(databank) as geheel:
        begin = time.perf_counter()
        for tik in range(round(duur / _TIK)):
            opdrachten = []
            for _ in range(per_tik):
                opdrachten.append(opvoer(geheel, f"{600_000_000 + nummer}", school=SCHOLEN[nummer % len(SCHOLEN)]))
                nummer += 1
            eerder = geheel.log.laatste_positie()
            geheel.bus.verwerk(opdrachten)
            nu = time.perf_counter()
            vastgelegd.update(dict.fromkeys(range(eerder + 1, geheel.log.laatste_positie() + 1), nu))
            time.sleep(max(0.0, begin + (tik + 1) * _TIK - time.perf_counter()))
    uit.put(vastgelegd)


def laat_schrijven(databank: Databank, duur: float) -> dict[int, float]:
    """Let another process write, and wait for what it did."""
    uit: Queue[dict[int, float]] = LOS.Queue()
    proces = kind(schrijf, databank, duur, uit)
    proces.start()
    try:
        return uit.get(timeout=duur + _GEDULD)
    finally:
        proces.join(_GEDULD)


async def _meet(
    poort: int, uitgever: Proefuitgever, databank: Databank, duur: float
) -> tuple[list[Lezer], dict[int, float]]:
    lezers = [Lezer(actor) for actor in kijkers()]
    lijnen = [await een.begin(poort, uitgever.token(een.actor)) for een in lezers]
    await tot(lambda: all(een.plaats >= 0 for een in lezers))
    vastgelegd = await asyncio.to_thread(laat_schrijven, databank, duur)
    laatste = max(vastgelegd)
    await tot(lambda: all(een.plaats >= laatste for een in lezers))
    for lijn in lijnen:
        lijn.close()
    return lezers, vastgelegd


async def tot(is_zover: Callable[[], bool]) -> None:
    """Wait until it is so far.

    Raises:
        TimeoutError: when it takes too long.

    """
    einde = time.perf_counter() + _GEDULD
    while not is_zover():
        if time.perf_counter() > einde:
            raise TimeoutError("the readers did not get there")
        await asyncio.sleep(0.05)


def eis_precies(databank: Databank, lezers: list[Lezer], vastgelegd: dict[int, float]) -> int:
    """See to it that each saw exactly what row security gives him; give how many events that were together."""
    begin = min(vastgelegd) - 1
    verwacht: dict[tuple[Rol, str], list[int]] = {}
    with databank.verbind(Login.APP) as verbinding:
        for een in lezers:
            wie = een.actor
            if (wie.rol, wie.organisatie) not in verwacht:
                posities, na = [], begin
                while na < max(vastgelegd):
                    with in_bereik(verbinding, bereik_van(wie, IN_JANUARI)) as cursor:
                        deel = lees_gezien(cursor, Filter(), na, 10_000)
                    posities += [gezien.positie for gezien in deel.gebeurtenissen]
                    na = deel.tot
                verwacht[wie.rol, wie.organisatie] = posities
            eigen = [positie for positie in een.gezien if positie > begin]
            if eigen != verwacht[wie.rol, wie.organisatie]:
                raise AssertionError(f"{wie.account} saw {len(eigen)} of {len(verwacht[wie.rol, wie.organisatie])}")
    return sum(map(len, (een.gezien for een in lezers)))


def rijen(duur: float = DUUR) -> list[Rij]:
    """Measure."""
    with eigen_server() as server, TemporaryDirectory() as plek:
        databank = Databank(server.adres(Login.EIGENAAR, "meelezers"), server.wachtwoorden)
        server.maak_databank("meelezers")
        databank.migreer(Soort.DEMO)
        datamap = Path(plek)
        uitgever = Proefuitgever(datamap)
        with app(databank) as geheel:
            richt_regio_in(geheel)
            neem_scholen_op(geheel)
        with Werker(databank) as werker:
            werker.bijwerken_tot()
        with bediend(databank, datamap) as (poort, proces):
            wacht_op(poort)
            voor = geheugen(proces)
            lezers, vastgelegd = asyncio.run(_meet(poort, uitgever, databank, duur))
            na = geheugen(proces)
        samen = eis_precies(databank, lezers, vastgelegd)
    wachttijden = sorted(
        1_000 * (op - vastgelegd[positie])
        for een in lezers
        for positie, op in een.gezien.items()
        if positie in vastgelegd
    )
    p99 = wachttijden[int(0.99 * len(wachttijden))]
    return [
        Rij(
            naam=f"stream: {LEZERS} readers, commit to reader p99 beside p50",
            eenheid="ms",
            onze=p99,
            referentie=median(wachttijden),
        ),
        Rij(
            naam="stream: delivered a second beside recorded",
            eenheid="events/s",
            onze=samen / duur,
            referentie=len(vastgelegd) / duur,
        ),
        Rij(
            naam="stream: memory of the server at the end beside the beginning",
            eenheid="MiB",
            onze=na,
            referentie=voor,
            doel=1.5,
            hoogstens=True,
        ),
    ]


def geheugen(proces: int) -> float:
    """Give how much memory a process has now, in MiB."""
    [regel] = [een for een in Path(f"/proc/{proces}/status").read_text("utf-8").splitlines() if een.startswith("VmRSS")]
    return int(regel.split()[1]) / 1024


def wacht_op(poort: int) -> None:
    einde = time.perf_counter() + _GEDULD
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", poort), 5) as verbinding:
            verbinding.sendall(b"GET /v1/gezondheid/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            if b" 200 " in verbinding.recv(64):
                return
        if time.perf_counter() > einde:
            raise TimeoutError("the server did not open")
        time.sleep(0.1)


if __name__ == "__main__":
    richt_in("error")
    print(tabel(rijen(float(sys.argv[1]) if len(sys.argv) > 1 else DUUR)))
