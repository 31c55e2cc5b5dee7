"""Run the check: start writers and readers, kill some of them and the database, and compare at the end."""

import os
import secrets
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import msgspec

from overstap.adapters.app import app_op
from overstap.adapters.controle.proces import ControleFout, Lezer, Schrijver
from overstap.adapters.controle.streek import MOMENT, REGIO, richt_in
from overstap.adapters.controle.taak import Taak
from overstap.adapters.controle.vergelijking import Verslag, lees_beloften, vergelijk
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.postgres.controle import soort_van
from overstap.adapters.postgres.databank import Databank, open_databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.server import Server
from overstap.adapters.vault import Hoofdsleutel

_GEDULD = 60.0
"""How many seconds the writers may take to get their last answers, and the readers to get there too."""


class Omvang(msgspec.Struct, frozen=True, kw_only=True):
    """How large the check is: how many processes, for how long, and how many of them are killed."""

    schrijvers: int
    lezers: int
    seconden: float
    sterfgevallen: int


class Meekijker(Protocol):
    """Is told how far the check is, in seconds."""

    def __call__(self, gedaan: int) -> None:
        """Take note."""


def controleer(
    databank: Databank, omvang: Omvang, herstart: Callable[[], None] | None = None, kijk_mee: Meekijker | None = None
) -> Verslag:
    """Run the check on a database made for it; herstart kills its server and starts it again, once, halfway.

    Raises:
        ControleFout: when the check could not be done.

    """
    with tempfile.TemporaryDirectory(prefix="overstap-controle-") as plek:
        return _Verloop(databank, omvang, Path(plek)).loop(herstart, kijk_mee)


class _Verloop:
    def __init__(self, databank: Databank, omvang: Omvang, map_: Path) -> None:
        self._omvang = omvang
        self._map = map_
        self._killed = {"writers": 0, "readers": 0, "database": 0}
        self._beloften = (map_ / "beloften").open("ab")
        self._slot = threading.Lock()
        geheim = secrets.token_bytes(32)
        instellingen = Instellingen(regio=REGIO, _env_file=None)  # type: ignore[call-arg]
        with app_op(databank, Hoofdsleutel(geheim), instellingen, GezetteKlok(MOMENT)) as app:
            richt_in(app)
            na = app.log.laatste_positie()
        self._taak = Taak(
            adres=dict(databank.adres),
            wachtwoorden=dict(databank.wachtwoorden),
            hoofdsleutel=geheim,
            proef=uuid4(),
            nummer=0,
            na=na,
        )

    def loop(self, herstart: Callable[[], None] | None, kijk_mee: Meekijker | None) -> Verslag:
        schrijvers: list[Schrijver] = []
        lezers: list[Lezer] = []
        begin = time.monotonic()
        try:
            omvang = self._omvang
            lezers.extend(Lezer(self._taak_van(nr)) for nr in range(omvang.lezers))
            schrijvers.extend(Schrijver(self._taak_van(nr), self._bewaar) for nr in range(omvang.schrijvers))
            begin = self._wacht_op_begin(schrijvers)
            self._stoor(begin, schrijvers, lezers, herstart, kijk_mee)
            for een in schrijvers:
                een.laat_uitwerken(_GEDULD)
            seconden = time.monotonic() - begin
            self._wacht_op_lezers(lezers)
        finally:
            alle: list[Schrijver | Lezer] = [*schrijvers, *lezers]
            for proces in alle:
                proces.dood()
            self._beloften.close()
        bestanden = {een.taak.nummer: een.taak.bestand for een in lezers}
        return vergelijk(
            self._taak, lees_beloften(self._map / "beloften"), bestanden, killed=self._killed, seconds=seconden
        )

    def _taak_van(self, nummer: int) -> Taak:
        return msgspec.structs.replace(self._taak, nummer=nummer, uitvoer=str(self._map / f"lezer-{nummer}"))

    def _bewaar(self, regel: bytes) -> None:
        with self._slot:
            self._beloften.write(regel)
            self._beloften.flush()

    def _wacht_op_begin(self, schrijvers: list[Schrijver]) -> float:
        """Let the clock of the check begin when every writer has an answer: to start a process takes a while."""
        einde = time.monotonic() + _GEDULD
        while not all(een.heeft_antwoord for een in schrijvers):
            for een in schrijvers:
                een.eis_leven()
            if time.monotonic() > einde:
                raise ControleFout("De schrijvers kwamen niet op gang.")
            time.sleep(0.02)
        return time.monotonic()

    def _stoor(
        self,
        begin: float,
        schrijvers: list[Schrijver],
        lezers: list[Lezer],
        herstart: Callable[[], None] | None,
        kijk_mee: Meekijker | None,
    ) -> None:
        """Kill a process at even moments, writers and readers by turns, and the database once, halfway."""
        omvang = self._omvang
        alle: list[Schrijver | Lezer] = [*schrijvers, *lezers]
        stap = omvang.seconden / (omvang.sterfgevallen + 1)
        daden: list[tuple[float, Callable[[], None]]] = []
        for nummer in range(omvang.sterfgevallen):
            kies = (nummer % 2 == 0 and schrijvers) or lezers or schrijvers
            slachtoffer = kies[nummer // 2 % len(kies)]
            daden.append((begin + stap * (nummer + 1), partial(self._vervang, slachtoffer)))
        if herstart is not None:
            daden.append((begin + omvang.seconden * 0.45, partial(self._herstart, herstart)))
        for moment, daad in [*sorted(daden, key=lambda paar: paar[0]), (begin + omvang.seconden, lambda: None)]:
            while (rest := moment - time.monotonic()) > 0:
                time.sleep(min(rest, 0.2))
                for een in alle:
                    een.eis_leven()
                if kijk_mee:
                    kijk_mee(int(time.monotonic() - begin))
            daad()

    def _vervang(self, proces: Schrijver | Lezer) -> None:
        proces.vervang()
        self._killed["writers" if isinstance(proces, Schrijver) else "readers"] += 1

    def _herstart(self, herstart: Callable[[], None]) -> None:
        herstart()
        self._killed["database"] += 1

    def _wacht_op_lezers(self, lezers: list[Lezer]) -> None:
        """Wait until every reader has come to the end of the log, or has had its time."""
        with self._taak.databank.verbind(Login.SCHRIJVER) as verbinding:
            [(laatste,)] = verbinding.execute("SELECT coalesce(max(positie), 0) FROM log.gebeurtenissen").fetchall()
        for een in lezers:
            een.wacht_tot(laatste, _GEDULD)


@contextmanager
def gegeven_databank(url: str) -> Iterator[tuple[Databank, None]]:
    """Give the demo database at a URL, migrated; it is not ours to kill.

    Raises:
        ControleFout: it is no demo database: what is written for a check stays in the log for ever.

    """
    with open_databank(Path(), url) as databank:
        databank.migreer(Soort.DEMO)
        with databank.verbind(Login.SCHRIJVER) as verbinding:
            if soort_van(verbinding) is not Soort.DEMO:
                raise ControleFout("Deze database is geen demo; wat de controle schrijft, zou er altijd in blijven.")
        yield databank, None


@contextmanager
def eigen_cluster(binaries: Path | None = None) -> Iterator[tuple[Databank, Callable[[], None]]]:
    """Give a database on a cluster of its own in a temporary folder, and what kills its server and starts it again.

    Raises:
        DatabankOnbereikbaar: when the server cannot be started.

    """
    with tempfile.TemporaryDirectory(prefix="overstap-cluster-", ignore_cleanup_errors=True) as plek:
        Path(plek).chmod(0o711)  # the server's own user passes through
        server = Server(Path(plek) / "data", binaries=binaries)
        try:
            server.maak_databank("controle")
            databank = Databank(server.adres(Login.EIGENAAR, "controle"), server.wachtwoorden)
            databank.migreer(Soort.DEMO)
            yield databank, lambda: _dood_en_herstart(server)
        finally:
            server.laat_los()
            _wacht_tot_weg(server)


def _dood_en_herstart(server: Server) -> None:
    os.kill(_postmaster(server), signal.SIGKILL)
    server.start()


def _postmaster(server: Server) -> int:
    return int((server.cluster / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])


def _wacht_tot_weg(server: Server) -> None:
    """Wait until the guard stopped the server, so that nothing is written in a folder that goes."""
    einde = time.monotonic() + _GEDULD
    while (server.cluster / "postmaster.pid").exists() and time.monotonic() < einde:
        time.sleep(0.02)
