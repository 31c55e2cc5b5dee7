"""Measure the append alone: durable events a second in batches of 1,000, beside the library's own save of as many."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.server import Server
from overstap.adapters.postgres.toevoeging import Afloop, Kwitantie, Toevoeging
from overstap.domain.feiten.overstap import SignaalGegeven
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Rol
from tests.benchmarks.kale_bibliotheek import PER_AGGREGAAT, PER_SAVE, bewaar_onbeoordeeld
from tests.benchmarks.meting import Rij, eigen_server, in_beurten

RONDES = 5
AANTAL = 20_000


def verzoek(aantal: int) -> Toevoeging:
    """Make a request that begins a stream with so many events."""
    stroom, nu, correlatie = uuid4(), datetime.now(UTC), uuid4()
    return Toevoeging(
        [
            Gebeurtenis(
                originator_id=stroom,
                originator_version=versie,
                feit=SignaalGegeven(signaal="99XX:90001119/12/IG/2026-01-12T09:30:00Z", voor="decaan", oorzaak=versie),
                regio="21",
                gebeurd_op=nu,
                actor="koppeling-99xx",
                rol=Rol.KOPPELING,
                organisatie="99XX",
                correlatie=correlatie,
                procedure="2026.21.1",
            )
            for versie in range(1, aantal + 1)
        ]
    )


def verzoek_met_kwitantie(aantal: int) -> Toevoeging:
    """Make the same with a receipt."""
    kaal = verzoek(aantal)
    return Toevoeging(kaal.gebeurtenissen, kwitantie=Kwitantie("99XX", uuid4().bytes, bytes(32)))


def voeg_toe(server: Server, maak: Callable[[], Toevoeging], per_verzoek: int, aantal: int) -> float:
    """Append events in batches of 1,000 to a new log; give events/s. Making the events is left out of the time."""
    naam = f"log_{uuid4().hex}"
    server.maak_databank(naam)
    databank = Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden)
    databank.migreer()
    seconden = 0.0
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        log = Log(verbinding)
        for _ in range(aantal // PER_SAVE):
            stapel = [maak() for _ in range(PER_SAVE // per_verzoek)]
            begin = time.perf_counter()
            uitkomsten = log.voeg_toe(stapel)
            seconden += time.perf_counter() - begin
            assert {uitkomst.afloop for uitkomst in uitkomsten} == {Afloop.VASTGELEGD}
    server.verwijder_databank(naam)
    return aantal / seconden


def rijen(aantal: int = AANTAL) -> list[Rij]:
    """Run both in turns on one server, fsync on."""
    gemeten = []
    with eigen_server() as server:
        for naam, maak, per_verzoek in (
            ("append, 10 events a request", verzoek, PER_AGGREGAAT),
            ("append, 2 events a request, receipts", verzoek_met_kwitantie, 2),
        ):
            onze, kale = in_beurten(
                partial(voeg_toe, server, partial(maak, per_verzoek), per_verzoek, aantal),
                partial(bewaar_onbeoordeeld, server, aantal),
                rondes=RONDES,
            )
            gemeten.append(Rij(naam=naam, eenheid="events/s", onze=onze, referentie=kale, doel=1.0))
    return gemeten
