"""Requests for a bus with many callers, and what is done to it meanwhile."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

from overstap.adapters.app import App, app_op
from overstap.adapters.groepsbus import Groepsbus
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.opdracht import Opdracht, Resultaat, Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import SLOT
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.toevoeging import Kwitantie
from overstap.adapters.stroomsoorten import OVERSTAP, Dossier
from overstap.domain.verzoeken import WijzigPersoonsgegevens
from tests.adapters.opstelling import (
    HOOFDSLEUTEL,
    IN_JANUARI,
    REGIO,
    VO_BEHEERDER,
    opgevoerd,
)

GEDULD = 10
PGNS = iter(range(800_000_000, 899_999_999))


def open_op(databank: Databank) -> AbstractContextManager[App]:
    instellingen = Instellingen(regio=REGIO, _env_file=None)  # type: ignore[call-arg]
    return app_op(databank, HOOFDSLEUTEL, instellingen, GezetteKlok(IN_JANUARI))


def leerlingen(geheel: App, aantal: int) -> list[UUID]:
    return [opgevoerd(geheel, str(next(PGNS))) for _ in range(aantal)]


def klas(stroom: UUID, naam: str, *, sleutel: bytes | None = None, verwacht: int | None = None) -> Opdracht:
    return Opdracht(
        soort=OVERSTAP,
        stroom=stroom,
        verzoek=WijzigPersoonsgegevens(klas=naam),
        actor=VO_BEHEERDER,
        kwitantie=Kwitantie("99AA", sleutel, naam.encode()) if sleutel else None,
        verwachte_versie=verwacht,
    )


def vastgelegd(toekomst: Future[Resultaat]) -> Vastgelegd:
    antwoord = toekomst.result(GEDULD)
    assert isinstance(antwoord, Vastgelegd), antwoord
    return antwoord


class Rem:
    """A request that holds the worker until it is let go."""

    def __init__(self, stroom: UUID) -> None:
        self.houdt = threading.Event()
        self.los = threading.Event()
        self.opdracht = Opdracht(soort=OVERSTAP, stroom=stroom, verzoek=self._maak, actor=VO_BEHEERDER)

    def _maak(self, _dossier: Dossier) -> WijzigPersoonsgegevens:
        self.houdt.set()
        assert self.los.wait(GEDULD)
        return WijzigPersoonsgegevens(klas="na de rem")


@contextmanager
def bezet_log(databank: Databank) -> Iterator[None]:
    """Keep every append waiting."""
    with databank.verbind(Login.SCHRIJVER) as verbinding, verbinding.transaction():
        verbinding.execute("SELECT pg_advisory_xact_lock(%s)", (SLOT,))
        yield


def wacht_op_slot(databank: Databank) -> int:
    """Wait until an append waits for the log; give the process of its connection."""
    vraag = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (%s)"
    eigen = "SELECT oid FROM pg_database WHERE datname = current_database()"
    with databank.verbind(Login.EIGENAAR) as verbinding:
        for _ in range(1_000):
            rij = verbinding.execute(vraag.replace("%s", eigen).encode()).fetchone()
            if rij:
                return int(rij[0])
            threading.Event().wait(0.005)
    raise AssertionError("nobody waits for the log")


def wacht_tot_onderweg(bus: Groepsbus, aantal: int) -> None:
    """Wait until so many batches are under way at once."""
    for _ in range(1_000):
        if len(bus._onderweg) == aantal:
            return
        threading.Event().wait(0.005)
    raise AssertionError(f"{len(bus._onderweg)} under way")


def breek(databank: Databank, pid: int) -> None:
    """Cut a connection, as the same login may."""
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        verbinding.execute("SELECT pg_terminate_backend(%s)", (pid,))
