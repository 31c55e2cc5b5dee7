"""Measure reading a whole log of a million events and folding every stream, in one process."""

import struct
import time
from functools import partial
from typing import Any

import msgspec
from eventsourcing.application import Application, LocalNotificationLog

from overstap.adapters.naspelen import speel_na
from overstap.adapters.opruimen import zelden_opruimen
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.rij import KOLOMMEN
from overstap.domain.feiten import Feit
from tests.benchmarks.groot_log import MILJOEN, groot_log, vaste_server
from tests.benchmarks.kale_bibliotheek import bewaar_leerlingen, kale_toepassing
from tests.benchmarks.meting import Rij, in_beurten

RONDES = 3
VAN_DE_BIBLIOTHEEK = 100_000
"""How many events the library reads: its rate does not change with their number, its time does."""
RUIM = 1_000
"""How many notifications at a time are many: as the library comes its sections have ten."""


def rijen(aantal: int = MILJOEN) -> list[Rij]:
    """Measure the replay beside the library's and beside COPY."""
    with vaste_server() as server, kale_toepassing(server) as kaal:
        databank = groot_log(server, aantal)
        bewaar_leerlingen(kaal, VAN_DE_BIBLIOTHEEK)
        onze, kopie, bibliotheek, met_ruime_delen = in_beurten(
            partial(lees_en_vouw, databank),
            partial(lees_met_copy, databank),
            partial(lees_met_bibliotheek, kaal, Application.log_section_size),
            partial(lees_met_bibliotheek, kaal, RUIM),
            rondes=RONDES,
        )
    wat = f"replay and fold of {aantal:,} events"
    return [
        Rij(
            naam=f"{wat} / library's notification log and mapper",
            eenheid="events/s",
            onze=onze,
            referentie=bibliotheek,
            doel=5.0,
        ),
        Rij(
            naam=f"{wat} / the same with sections of {RUIM:,}",
            eenheid="events/s",
            onze=onze,
            referentie=met_ruime_delen,
        ),
        Rij(
            naam=f"{wat} / COPY out and decode",
            eenheid="events/s",
            onze=onze,
            referentie=kopie,
            doel=0.4,
        ),
    ]


def lees_en_vouw(databank: Databank) -> float:
    """Read the whole log and fold every stream to its state; give events/s."""
    with databank.verbind(Login.PROJECTIE) as verbinding:
        log = Log(verbinding)
        begin = time.perf_counter()
        toestanden = speel_na(log.lees_alles())
        duur = time.perf_counter() - begin
        assert toestanden
        return log.laatste_positie() / duur


def lees_met_copy(databank: Databank) -> float:
    """Copy the same columns of the same rows out in binary and decode the facts, nothing more; give events/s."""
    vraag = f"COPY (SELECT {KOLOMMEN} FROM log.gebeurtenissen ORDER BY positie) TO STDOUT (FORMAT BINARY)"
    lengte = struct.Struct("!i").unpack_from
    decodeer = msgspec.json.Decoder(Feit).decode
    kop, voor_state = 19, 2 + 4 + 16 + 4 + 8  # the file's header; number of columns, originator_id, originator_version
    aantal, plaats = 0, kop + voor_state
    with zelden_opruimen(), databank.verbind(Login.PROJECTIE) as verbinding, verbinding.cursor() as cursor:
        begin = time.perf_counter()
        with cursor.copy(vraag.encode()) as rijen_:
            for rij in rijen_:
                if len(rij) > voor_state:  # the file's end is shorter
                    (bytes_,) = lengte(rij, plaats)
                    decodeer(rij[plaats + 4 : plaats + 4 + bytes_])
                    aantal += 1
                    plaats = voor_state
        return aantal / (time.perf_counter() - begin)


def lees_met_bibliotheek(kaal: Application[Any], per_deel: int) -> float:
    """Read all through the library's notification log, in sections, and map each to an event; give events/s."""
    aantal, van = 0, 1
    notificaties = LocalNotificationLog(kaal.recorder, section_size=per_deel)
    begin = time.perf_counter()
    while deel := notificaties.select(start=van, limit=per_deel):
        for melding in deel:
            kaal.mapper.to_domain_event(melding)
        aantal += len(deel)
        van = deel[-1].id + 1
    return aantal / (time.perf_counter() - begin)
