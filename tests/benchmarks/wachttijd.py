"""Measure how long the slowest commands take (p99) while 16 callers wait, beside the same of a bare commit."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import psycopg

from overstap.adapters.groepsbus import Groepsbus
from overstap.adapters.opdracht import Vastgelegd
from overstap.adapters.postgres.server import Server
from tests.benchmarks.enkele_verzoeken import Verzoeken, Voorraad, groepsbus
from tests.benchmarks.meting import Rij, eigen_server, in_beurten

RONDES = 5
WACHTENDEN = 16
RUIM = 20_000
HOOGSTENS = 10.0


def rijen(duur: float = 2.0) -> list[Rij]:
    """Measure commands of one and two facts."""
    uitkomst = []
    with eigen_server() as server, een_rij_per_keer(server) as verbinding:
        for feiten in (1, 2):
            with groepsbus(server) as (bus, stromen):
                verzoeken = Verzoeken(stromen)
                voorraad = Voorraad(verzoeken.met_een_feit if feiten == 1 else verzoeken.met_twee_feiten)
                onze, kaal = in_beurten(
                    partial(van_verzoeken, bus, voorraad, duur), partial(van_commits, verbinding, duur), rondes=RONDES
                )
            uitkomst.append(
                Rij(
                    naam=f"p99, command, {feiten} fact{'s' * (feiten > 1)}, {WACHTENDEN} waiting / one-row commit",
                    eenheid="ms",
                    onze=onze,
                    referentie=kaal,
                    doel=HOOGSTENS,
                    hoogstens=True,
                )
            )
    return uitkomst


def p99(tijden: list[float]) -> float:
    """Give the time, in ms, that 99 % of these (in seconds) stay at or below."""
    op_volgorde = sorted(tijden)
    return op_volgorde[-(-99 * len(op_volgorde) // 100) - 1] * 1000


def van_verzoeken(bus: Groepsbus, voorraad: Voorraad, duur: float) -> float:
    """Let the callers put one request after the other; give the p99 from asking to answer, in ms."""
    voorraad.vul_aan(int(duur * RUIM))
    tijden: list[float] = []

    async def beller(einde: float) -> None:
        while (begin := time.perf_counter()) < einde:
            antwoord = await bus.stuur_async(voorraad.neem())
            tijden.append(time.perf_counter() - begin)
            assert isinstance(antwoord, Vastgelegd), antwoord

    async def alle() -> None:
        einde = time.perf_counter() + duur
        await asyncio.gather(*(beller(einde) for _ in range(WACHTENDEN)))

    asyncio.run(alle())
    return p99(tijden)


def van_commits(verbinding: psycopg.Connection[Any], duur: float) -> float:
    """Insert one row after the other, each in a transaction of its own; give the p99 in ms."""
    tijden = []
    einde = time.perf_counter() + duur
    while (begin := time.perf_counter()) < einde:
        verbinding.execute("INSERT INTO regel (inhoud) VALUES (%b)", (bytes(400),), prepare=True)
        tijden.append(time.perf_counter() - begin)
    return p99(tijden)


@contextmanager
def een_rij_per_keer(server: Server) -> Iterator[psycopg.Connection[Any]]:
    """Open a database with a table of numbered rows of about the size of an event."""
    server.maak_databank(naam := f"rijen_{uuid4().hex}")
    with psycopg.connect(server.conninfo("overstap_eigenaar", naam), autocommit=True) as verbinding:
        verbinding.execute("CREATE TABLE regel (nummer bigserial PRIMARY KEY, inhoud bytea NOT NULL)")
        yield verbinding
    server.verwijder_databank(naam)
