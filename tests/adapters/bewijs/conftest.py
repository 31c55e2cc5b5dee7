"""A log that a notary looks after, and the means to damage it: what a superuser can do, taken back afterwards."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace
from psycopg.conninfo import make_conninfo

from overstap.adapters.bewijs.bewaard import Uitgegeven
from overstap.adapters.bewijs.notaris import Notaris
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import SUPERGEBRUIKER, Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.rij import Herkomst, Schrijfrij
from overstap.adapters.postgres.server import Server
from overstap.adapters.postgres.toevoeging import Toevoeging
from overstap.adapters.postgres.voeg_toe import voeg_toe
from overstap.adapters.toegangslog import leg_toegang_vast, toegang_tot
from overstap.domain.feiten.overstap import OverstapGewist
from tests.adapters.opstelling import DECAAN
from tests.adapters.postgres.gebeurtenissen import gebeurtenis
from tests.postgres_fixture import MakeDatabank

Superverbinding = psycopg.Connection[Any]


BESCHERMD = (
    "log.gebeurtenissen",
    "log.controlepunten",
    "log.boom",
    "log.notarissleutels",
    "log.toegangskoppen",
    "toegang.toegangslog",
)


class Bewaakt:
    """A database with a log and a notary."""

    def __init__(self, databank: Databank, server: Server, map_: Path, stapel: contextlib.ExitStack) -> None:
        self.databank, self._server = databank, server
        self.map = map_
        self.lezer = stapel.enter_context(databank.verbind(Login.AUDIT))
        self.schrijver = stapel.enter_context(databank.verbind(Login.SCHRIJVER))
        self.log = Log(self.schrijver)
        self.notaris = Notaris(self.lezer, self.schrijver, map_)
        self.punten: list[Uitgegeven] = []
        self._versies: dict[UUID, int] = {}
        self._keten = uuid4()

    def groei(self, aantal: int, stromen: int = 7) -> list[UUID]:
        """Add events, over streams old and new; give these."""
        bekend = list(self._versies)
        gekozen = [*bekend[-(stromen // 2) :], *(uuid4() for _ in range(stromen))][:stromen]
        toevoegingen = []
        for nummer in range(aantal):
            stroom = gekozen[nummer % len(gekozen)]
            versie = self._versies[stroom] = self._versies.get(stroom, 0) + 1
            wat = gebeurtenis(stroom, versie, reden=f"reden {nummer} é")
            if nummer % 3:
                wat = replace(wat, correlatie=stroom, oorzaak=f"{stroom}@{versie}", procedure="2026.21.1")
            toevoegingen.append(Toevoeging([wat]))
        for begin in range(0, aantal, 1_000):
            self.log.voeg_toe(toevoegingen[begin : begin + 1_000])
        return gekozen

    def kijk(self, aantal: int) -> None:
        """Add lines to the log of access: of one writer who goes on, and of one who was here once."""
        for keten, keren in ((self._keten, aantal), (uuid4(), 1)):
            regels = toegang_tot(
                DECAAN, [uuid4() for _ in range(keren)], handeling="inzage", onderwerp="overstap", herkomst="http"
            )
            leg_toegang_vast(self.schrijver, keten, regels)

    def wis(self, stromen: Sequence[UUID]) -> None:
        """Add the events that say that these were erased."""
        for stroom in stromen:
            versie = self._versies[stroom] = self._versies.get(stroom, 0) + 1
            wat = replace(gebeurtenis(stroom, versie), feit=OverstapGewist(aanleiding="verzoek"))
            self.log.voeg_toe([Toevoeging([wat])])

    def groei_vreemd(self, aantal: int) -> None:
        """Add events as another program stores them: without our columns, from version 0, with gaps."""
        stroom = uuid4()
        for nummer in range(aantal):
            vreemd = Schrijfrij(Herkomst(stroom), 3 * nummer, "iets:Anders", b"\x00geen json \xff")
            voeg_toe(self.schrijver, [Toevoeging()], [[vreemd]])

    def onderteken(self) -> Uitgegeven:
        """Sign what is there, and keep the checkpoint."""
        punt = self.notaris.onderteken()
        assert punt is not None
        self.punten.append(punt)
        return punt

    def sluit(self) -> None:
        """Give its connections back: who makes many would take all there are."""
        self.lezer.close()
        self.schrijver.close()

    @contextlib.contextmanager
    def als_supergebruiker(self) -> Iterator[Superverbinding]:
        """Give a connection that may do anything, triggers taken out; all it does is taken back at the end."""
        adres = self._server.adres(SUPERGEBRUIKER, self.databank.adres["dbname"])
        with psycopg.connect(make_conninfo(**adres, client_encoding="UTF8")) as verbinding:
            for tabel in BESCHERMD:
                verbinding.execute(f"ALTER TABLE {tabel} DISABLE TRIGGER ALL".encode())
            verbinding.execute("ALTER TABLE log.gebeurtenissen DROP CONSTRAINT gebeurtenissen_versie")
            yield verbinding
            verbinding.rollback()


MaakBewaakt = Callable[[], Bewaakt]


@pytest.fixture(scope="module")
def maak_bewaakt(
    maak_databank: MakeDatabank, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MaakBewaakt]:
    """Give a function that makes a fresh database with its notary."""
    with contextlib.ExitStack() as stapel:
        yield lambda: Bewaakt(maak_databank(Soort.ECHT), server, tmp_path_factory.mktemp("notaris"), stapel)


@pytest.fixture
def bewaakt(maak_bewaakt: MaakBewaakt) -> Bewaakt:
    return maak_bewaakt()
