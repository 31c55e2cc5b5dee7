"""Measure GET of one overstap, access logged, beside the same server doing only a scoped read by key.

`python -m tests.benchmarks.ophalen [seconds a run]`. Beside it a GET that does nothing. All behind the same gate and
sign-in, in one process of its own; the callers share another.
"""

import asyncio
import contextlib
import multiprocessing
import socket
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import UUID

import uvicorn
from fastapi import Request, Response

from overstap.adapters.http.antwoorden import in_json
from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.identiteit.proefuitgever import Proefuitgever
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.opties import Opties
from overstap.adapters.http.toepassing import maak_toepassing
from overstap.adapters.opdracht import Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.telemetry import richt_in
from tests.adapters.opstelling import DECAAN, app, opvoer, richt_regio_in
from tests.benchmarks.meelezers import instellingen, wacht_op
from tests.benchmarks.meting import Rij, eigen_server, in_beurten, tabel

RONDES = 5
BELLERS = 16
LEERLINGEN = 500
_SLEUTEL = b"SELECT versie, status FROM beeld.actueel WHERE overstap = %s"


async def doe_niets(_request: Request, _actor: Wie) -> Response:
    """Answer at once."""
    return in_json({})


async def lees_een(request: Request, overstap: UUID, actor: Wie) -> Response:
    """Read one row by its key in the caller's scope, and nothing else."""
    async with dienst_van(request).in_bereik(actor) as cursor:
        rij = await (await cursor.execute(_SLEUTEL, (overstap,), prepare=True)).fetchone()
    return in_json({"rij": rij})


def bedien(databank: Databank, datamap: Path, luisterend: socket.socket) -> None:
    """Serve, with the two beside which is measured, in a process of its own until it is ended."""
    richt_in("error")
    opties = Opties(poort=luisterend.getsockname()[1], is_proef=True, houdt_bij=False)
    toepassing = maak_toepassing(opties, instellingen(datamap), contextlib.nullcontext(databank))
    toepassing.add_api_route("/v1/meting/niets", doe_niets)
    toepassing.add_api_route("/v1/meting/overstappen/{overstap}", lees_een)
    config = uvicorn.Config(
        toepassing, log_config=None, access_log=False, lifespan="on", ws="none", http="httptools", loop="uvloop"
    )
    uvicorn.Server(config).run(sockets=[luisterend])


@contextlib.contextmanager
def bediend(databank: Databank, datamap: Path) -> Iterator[int]:
    """Serve meanwhile; give the port."""
    with socket.socket() as luisterend:
        luisterend.bind(("127.0.0.1", 0))
        luisterend.listen(256)
        proces = multiprocessing.get_context("spawn").Process(
            target=bedien, args=(databank, datamap, luisterend), daemon=True
        )
        proces.start()
        try:
            poort = luisterend.getsockname()[1]
            wacht_op(poort)
            yield poort
        finally:
            proces.terminate()
            proces.join(20)


def tempo(poort: int, token: str, paden: list[str], duur: float) -> float:
    """Let so many callers ask one after the other, each over a connection that stays; give answers/s."""
    return asyncio.run(_tempo(poort, token, paden, duur))


async def _tempo(poort: int, token: str, paden: list[str], duur: float) -> float:
    aantal = 0

    async def beller(eerste: int) -> None:
        nonlocal aantal
        lezer, schrijver = await asyncio.open_connection("127.0.0.1", poort)
        nummer = eerste
        while perf_counter() < einde:
            pad = paden[nummer % len(paden)]
            nummer += BELLERS
            schrijver.write(f"GET {pad} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
            kop = await lezer.readuntil(b"\r\n\r\n")
            if not kop.startswith(b"HTTP/1.1 200"):
                raise AssertionError(kop[:40])
            omvang = kop.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await lezer.readexactly(int(omvang))
            aantal += 1
        schrijver.close()

    begin = perf_counter()
    einde = begin + duur
    await asyncio.gather(*map(beller, range(BELLERS)))
    return aantal / (perf_counter() - begin)


def rijen(duur: float = 2.0) -> list[Rij]:
    """Measure."""
    with eigen_server() as server, TemporaryDirectory() as plek:
        databank = Databank(server.adres(Login.EIGENAAR, "ophalen"), server.wachtwoorden)
        server.maak_databank("ophalen")
        databank.migreer(Soort.DEMO)
        datamap = Path(plek)
        with app(databank) as geheel:
            richt_regio_in(geheel)
            opdrachten = [opvoer(geheel, f"{610_000_000 + nummer}") for nummer in range(LEERLINGEN)]
            if not all(isinstance(een, Vastgelegd) for een in geheel.bus.verwerk(opdrachten)):
                raise AssertionError("not all pupils were entered")
        with Werker(databank) as werker:
            werker.bijwerken_tot()
        token = Proefuitgever(datamap).token(DECAAN)
        heel = [f"/v1/overstappen/{een.stroom}" for een in opdrachten]
        kaal = [f"/v1/meting/overstappen/{een.stroom}" for een in opdrachten]
        with bediend(databank, datamap) as poort:
            proeven = [partial(tempo, poort, token, paden, duur) for paden in (heel, kaal, ["/v1/meting/niets"])]
            for proef in proeven:
                proef()  # connections, plans and caches
            onze, een_lezing, niets = in_beurten(*proeven, rondes=RONDES)
    return [
        Rij(
            naam="GET of one overstap, access logged; beside a scoped read by key",
            eenheid="answers/s",
            onze=onze,
            referentie=een_lezing,
            doel=0.7,
        ),
        Rij(naam="the same, beside a GET that does nothing", eenheid="answers/s", onze=onze, referentie=niets),
    ]


if __name__ == "__main__":
    richt_in("error")
    print(tabel(rijen(float(sys.argv[1]) if len(sys.argv) > 1 else 2.0)))
