"""The front door in a process of its own, with endpoints to measure beside, and callers who knock on it."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import uvicorn
from fastapi import FastAPI

from overstap.adapters.http.bron import Bron
from overstap.adapters.http.opties import Opties
from overstap.adapters.http.toepassing import maak_toepassing
from overstap.adapters.http.verbinding import Verbinding
from overstap.adapters.http.wegwijzer import Wegwijzer
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.telemetry import richt_in
from tests.benchmarks.kind import kind
from tests.benchmarks.meelezers import instellingen, wacht_op

Erbij = Callable[[FastAPI], None]
"""Adds endpoints to an application; it is called in the process that serves, so it can be sent there."""
Verzoek = Callable[[int], bytes]
"""Gives a request by its number: what goes over the line, token and all."""


def bedien(databank: Databank, met: Instellingen, luisterend: socket.socket, erbij: Erbij) -> None:
    """Serve, in a process of its own, until it is ended."""
    richt_in("error")
    opties = Opties(poort=luisterend.getsockname()[1], is_proef=True, houdt_bij=False)
    toepassing = maak_toepassing(opties, met, contextlib.nullcontext(databank))
    erbij(toepassing)
    config = uvicorn.Config(
        toepassing,
        loop="uvloop",
        http=Verbinding,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[luisterend])


@contextlib.contextmanager
def bediend(databank: Databank, datamap: Path, erbij: Erbij, met: Instellingen | None = None) -> Iterator[int]:
    """Serve meanwhile, with one worker, by other settings than those of a trial when given; give the port."""
    with socket.socket() as luisterend:
        luisterend.bind(("127.0.0.1", 0))
        luisterend.listen(256)
        proces = kind(bedien, databank, met or instellingen(datamap), luisterend, erbij)
        proces.start()
        try:
            poort = luisterend.getsockname()[1]
            wacht_op(poort)
            yield poort
        finally:
            proces.terminate()
            proces.join(20)


def neem_op(toepassing: FastAPI, bronnen: Mapping[str, Callable[..., Any]], methode: str) -> None:
    """Add endpoints as ours are added, to be found as ours are found."""
    for pad, functie in bronnen.items():
        toepassing.router.add_api_route(pad, functie, methods=[methode], route_class_override=Bron)
    routes = toepassing.router.routes
    routes[:] = [Wegwijzer(routes[-len(bronnen) :]), *routes]


def tempo(poort: int, verzoek: Verzoek, duur: float, bellers: int) -> float:
    """Let so many callers ask one after the other, each over a connection that stays; give answers/s.

    Raises:
        AssertionError: at an answer that is no success.

    """
    return asyncio.run(_tempo(poort, verzoek, duur, bellers))


async def _tempo(poort: int, verzoek: Verzoek, duur: float, bellers: int) -> float:
    aantal = 0

    async def beller(nummer: int) -> None:
        nonlocal aantal
        lezer, schrijver = await asyncio.open_connection("127.0.0.1", poort)
        while perf_counter() < einde:
            schrijver.write(verzoek(nummer))
            nummer += bellers
            kop = await lezer.readuntil(b"\r\n\r\n")
            omvang = kop.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            inhoud = await lezer.readexactly(int(omvang))
            if not kop.startswith(b"HTTP/1.1 20"):
                raise AssertionError(kop[:40] + inhoud)
            aantal += 1
        schrijver.close()

    begin = perf_counter()
    einde = begin + duur
    await asyncio.gather(*map(beller, range(bellers)))
    return aantal / (perf_counter() - begin)
