"""A writer of the check, as a process of its own: it puts requests to a Groepsbus and reports each answer.

A line is `key TAB position TAB events TAB stream`, or `key TAB -` for what was refused as another writer was first.
What got no answer is put again under its key, here or by the process that comes in this one's place.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from itertools import count
from multiprocessing.connection import Connection
from uuid import UUID

from overstap.adapters.app import app_op
from overstap.adapters.controle.streek import MOMENT, REGIO, Stappen
from overstap.adapters.controle.taak import Taak
from overstap.adapters.groepsbus import Groepsbus
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.opdracht import EerderVastgelegd, Opdracht, Resultaat, Vastgelegd
from overstap.adapters.postgres.fouten import DatabankFout, DatabankOnbereikbaar
from overstap.adapters.telemetry import richt_in
from overstap.adapters.vault import Hoofdsleutel, Kluis
from overstap.adapters.wachtrij import BusVol
from overstap.domain.weigering import Weigering

BALIES = 24
"""How many pupils one writer works on at once."""
_EVEN = 0.02
AL_GEDAAN = frozenset({"al_opgevoerd"})
"""The refusals that are right: another writer entered the pupil first."""


Einde = Connection
Melder = Connection


def main(taak: Taak, einde: Einde, melder: Melder) -> None:
    """Write until the parent closes its side of `einde`; stop when every request is answered."""
    richt_in("error")
    instellingen = Instellingen(regio=REGIO, _env_file=None)  # type: ignore[call-arg]
    sleutel = Hoofdsleutel(taak.hoofdsleutel)
    while True:
        try:
            with Groepsbus(lambda: app_op(taak.databank, sleutel, instellingen, GezetteKlok(MOMENT))) as bus:
                asyncio.run(_schrijf(bus, taak, einde, melder))
                return
        except DatabankOnbereikbaar:  # it is being started: a bus that once began waits for that by itself
            time.sleep(_EVEN)


async def _schrijf(bus: Groepsbus, taak: Taak, einde: Einde, melder: Melder) -> None:
    gestopt = asyncio.Event()
    asyncio.get_running_loop().add_reader(einde.fileno(), gestopt.set)
    zonder_databank = Kluis(Hoofdsleutel(taak.hoofdsleutel), lambda _: {})
    stappen = Stappen(lambda: bus.app.kluis, zonder_databank.pgn_hash, taak.proef, taak.nummer)
    leerlingen = _nog_te_doen(taak.gedaan, gestopt.is_set)
    await asyncio.gather(*(_balie(bus, stappen, taak.gedaan, leerlingen, melder) for _ in range(BALIES)))


def _nog_te_doen(gedaan: frozenset[str], is_gestopt: Callable[[], bool]) -> Iterator[int]:
    """Number the pupils; those that a former process may have begun come also when it is time to stop."""
    begonnen = max((int(sleutel.split("-")[1]) for sleutel in gedaan), default=-1) + BALIES
    for leerling in count():
        if is_gestopt() and leerling > begonnen:
            return
        yield leerling


async def _balie(
    bus: Groepsbus, stappen: Stappen, gedaan: frozenset[str], leerlingen: Iterator[int], melder: Melder
) -> None:
    for leerling in leerlingen:
        for opdracht in stappen.van(leerling):
            sleutel = opdracht.kwitantie.sleutel.decode() if opdracht.kwitantie else ""
            if sleutel not in gedaan:
                melder.send_bytes(_regel(sleutel, opdracht.stroom, await _tot_antwoord(bus, opdracht)))


async def _tot_antwoord(bus: Groepsbus, opdracht: Opdracht) -> Resultaat:
    while True:
        try:
            return await bus.stuur_async(opdracht)
        except (BusVol, DatabankFout):
            await asyncio.sleep(_EVEN)


def _regel(sleutel: str, stroom: UUID, antwoord: Resultaat) -> bytes:
    match antwoord:
        case Vastgelegd(gebeurtenissen, positie):
            regel = f"{sleutel}\t{positie}\t{len(gebeurtenissen)}\t{stroom}\n"
        case EerderVastgelegd(kwitantie):
            regel = f"{sleutel}\t{kwitantie.positie}\t{kwitantie.aantal}\t{stroom}\n"
        case Weigering(code=code) if code in AL_GEDAAN:
            regel = f"{sleutel}\t-\n"
        case _:
            raise AssertionError(f"{sleutel}: an answer that the check does not expect: {antwoord}")
    return regel.encode()
