"""The reference: the eventsourcing library as it comes, saving events that nobody judged."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate

from overstap.adapters.postgres.server import Server

PER_AGGREGAAT = 10
PER_SAVE = 1_000


class Leerling(Aggregate):
    """An aggregate of the library with one event of about the size of ours."""

    class StatusGewijzigd(Aggregate.Event):
        """A status that changed."""

        van: str
        naar: str
        oorzaak: int
        stap: str
        bericht: str

        def apply(self, aggregate: Aggregate) -> None:
            """Take on the new status."""
            vars(aggregate)["status"] = self.naar

    def wijzig(self, nummer: int) -> None:
        """Change the status."""
        self.trigger_event(
            self.StatusGewijzigd,
            van="aangemeld",
            naar="intake",
            oorzaak=nummer,
            stap="volg_aanmelding",
            bericht="99XX:90001119/12/IG/2026-01-12T09:30:00Z",
        )


@contextmanager
def kale_omgeving(server: Server, schrijvers: int = 1) -> Iterator[dict[str, str]]:
    """Make a database for the library's application; give its settings, with a connection for each writer."""
    naam = f"kaal_{uuid4().hex}"
    server.maak_databank(naam)
    adres = server.adres("overstap_eigenaar", naam)
    with psycopg.connect(**adres, autocommit=True) as verbinding:  # type: ignore[arg-type]  # libpq parameters are strings
        verbinding.execute("GRANT ALL ON SCHEMA public TO CURRENT_USER")
    try:
        yield {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": naam,
            "POSTGRES_HOST": adres["host"],
            "POSTGRES_PORT": adres["port"],
            "POSTGRES_USER": adres["user"],
            "POSTGRES_PASSWORD": adres["password"],
            "POSTGRES_POOL_SIZE": str(schrijvers),
        }
    finally:
        server.verwijder_databank(naam)


@contextmanager
def kale_toepassing(server: Server, schrijvers: int = 1) -> Iterator[Application[UUID]]:
    """Open the library's application on a database of its own, with a connection for each writer."""
    with kale_omgeving(server, schrijvers) as omgeving:
        toepassing: Application[UUID] = Application(env=omgeving)
        try:
            yield toepassing
        finally:
            toepassing.close()


def bewaar_leerlingen(toepassing: Application[UUID], aantal: int) -> float:
    """Save events with Application.save in batches of 1,000; give events/s.

    Making the aggregates is left out of the time: only what save does counts.
    """
    bewaard, seconden = 0, 0.0
    while bewaard < aantal:
        stapel = [_leerling() for _ in range(min(PER_SAVE, aantal - bewaard) // PER_AGGREGAAT or 1)]
        gc.collect()
        begin = time.perf_counter()
        toepassing.save(*stapel)
        seconden += time.perf_counter() - begin
        bewaard += len(stapel) * PER_AGGREGAAT
    return bewaard / seconden


def bewaar_onbeoordeeld(server: Server, aantal: int) -> float:
    """Save events through the default PostgreSQL recorder into a new database; give events/s."""
    with kale_toepassing(server) as toepassing:
        return bewaar_leerlingen(toepassing, aantal)


def _leerling() -> Leerling:
    leerling = Leerling()
    for nummer in range(PER_AGGREGAAT - 1):
        leerling.wijzig(nummer)
    return leerling
