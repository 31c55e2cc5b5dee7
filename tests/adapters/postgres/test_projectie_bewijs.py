"""Read models stay true whatever dies, and are rebuilt while they serve: nothing twice, nothing half, nobody failed."""

import contextlib
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import NamedTuple

import psycopg
import pytest

from overstap.adapters.controle.proef import eigen_cluster
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankFout, DatabankOnbereikbaar
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_herbouw import controleer, herbouw, niemand
from overstap.adapters.postgres.projectie_parkeren import toon
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES, richt_in
from overstap.adapters.postgres.projectie_volger import volgend
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.postgres.toevoeging import Toevoeging
from overstap.domain.gebeurtenis import Gebeurtenis
from tests.adapters.postgres.beelden import wacht_tot
from tests.adapters.postgres.werkproces import werk
from tests.benchmarks.groot_log import MILJOEN, groot_log, kopie_van, vaste_server
from tests.postgres_fixture import MakeDatabank
from tests.processen import PROCESSEN
from tests.projections.geschiedloop import Loop

IS_VOL = os.environ.get("OVERSTAP_PROOF") == "full"
ZAAD = 20261121


class Omvang(NamedTuple):
    """How many workers are killed, and how often the database."""

    werkers: int
    databank: int


OMVANG = Omvang(50, 3) if IS_VOL else Omvang(3, 1)
TUSSENPOOS = 0.5
"""Seconds that a worker is let go on at most, once it folded something, before another dies."""
KLEIN = 1_500
"""How many events the small log has."""


def test_a_loop_of_histories_is_recorded_whole(maak_databank: MakeDatabank) -> None:
    databank = maak_databank(Soort.DEMO)
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        log, loop = Log(verbinding), Loop(ZAAD)
        verzoeken = [loop.verzoek() for _ in range(50)]
        for verzoek in verzoeken:
            leg_vast(log, verzoek)
        assert log.laatste_positie() == sum(map(len, verzoeken))


@pytest.mark.proof
def test_workers_and_the_database_may_die_at_any_moment() -> None:
    kans = random.Random(ZAAD)  # noqa: S311 - moments, no secrets
    with eigen_cluster() as (databank, herstart), schrijvend(databank) as geschreven:
        daden = ["werker"] * OMVANG.werkers + ["databank"] * OMVANG.databank
        kans.shuffle(daden)
        with ExitStack() as stapel:
            werkers = [stapel.enter_context(_een_werker(databank)) for _ in range(2)]
            bij = 0
            for daad in daden:
                bij = wacht_op_voortgang(databank, bij)
                time.sleep(kans.uniform(0, TUSSENPOOS))  # a random moment is the point
                if daad == "databank":
                    herstart()
                else:
                    werkers[kans.randrange(2)].vervang()
            wacht_op_voortgang(databank, bij)
        geschreven.stop()
        with Werker(databank) as werker:
            werker.bijwerken_tot()
        assert_als_herbouwd(databank)


@pytest.mark.proof
@pytest.mark.timeout(3000 if IS_VOL else 240)
def test_a_rebuild_while_a_writer_writes_and_readers_read_disturbs_nobody(maak_databank: MakeDatabank) -> None:
    with _log_van_een_miljoen() if IS_VOL else contextlib.nullcontext(_klein_log(maak_databank)) as databank:
        with Werker(databank) as werker:
            werker.bijwerken_tot()  # from zero, batch by batch
        with (
            schrijvend(databank, per_seconde=100) as geschreven,
            volgend(databank),
            lezend(databank) as gelezen,
        ):
            wacht_tot(lambda: gelezen.keren > 10)
            verslagen = herbouw(databank, PROJECTIES, niemand)
            na = gelezen.keren
            wacht_tot(lambda: gelezen.keren > na + 10)
            geschreven.stop()
        assert gelezen.fouten == []
        assert geschreven.verzoeken > 10
        assert {een.projectie: een.aantal_verschillen for een in verslagen} == dict.fromkeys(
            (p.naam for p in PROJECTIES), 0
        )
        with Werker(databank) as werker:
            werker.bijwerken_tot()
        assert_als_herbouwd(databank)


def assert_als_herbouwd(databank: Databank) -> None:
    """Compare what serves with the fold of every stream in memory, in plain Python."""
    with databank.verbind(Login.PROJECTIE) as verbinding:
        assert toon(verbinding) == []
        [(laatste,)] = verbinding.execute("SELECT max(positie) FROM log.gebeurtenissen").fetchall()
    verslagen = controleer(databank, PROJECTIES, niemand)
    assert [een.verschillen for een in verslagen if een.aantal_verschillen] == []
    assert {een.positie for een in verslagen} == {laatste}


def leg_vast(log: Log, verzoek: list[Gebeurtenis]) -> None:
    [uitkomst] = log.voeg_toe([Toevoeging(verzoek)])
    assert uitkomst.positie is not None, uitkomst


class Schrijver:
    """Records requests one after the other until stopped; what got no answer is looked up first."""

    def __init__(self, databank: Databank, per_seconde: float) -> None:
        self.verzoeken = 0
        self._fout: BaseException | None = None
        self._stop = threading.Event()
        self._draad = threading.Thread(target=self._schrijf, args=(databank, 1 / per_seconde), daemon=True)
        self._draad.start()

    def stop(self) -> None:
        self._stop.set()
        self._draad.join(60)
        assert not self._draad.is_alive()
        if self._fout:
            raise self._fout

    def _schrijf(self, databank: Databank, tussenpoos: float) -> None:
        loop = Loop(ZAAD)
        try:
            while not self._stop.wait(tussenpoos):
                verzoek = loop.verzoek()
                while not self._leg_vast(databank, verzoek):
                    time.sleep(0.05)
                self.verzoeken += 1
        except BaseException as fout:  # noqa: BLE001 - told by stop
            self._fout = fout

    _log: Log | None = None

    def _leg_vast(self, databank: Databank, verzoek: list[Gebeurtenis]) -> bool:
        try:
            if self._log is None:
                self._log = Log(databank.verbind(Login.SCHRIJVER))
                stroom = verzoek[0].originator_id
                if len(self._log.laad([stroom])[stroom]) >= verzoek[-1].originator_version:
                    return True  # the answer was lost, the request was not
            leg_vast(self._log, verzoek)
        except (DatabankOnbereikbaar, psycopg.OperationalError):
            if self._log is not None:
                self._log._verbinding.close()
            self._log = None
            return False
        return True

    def sluit(self) -> None:
        if self._log is not None:
            self._log._verbinding.close()


@contextmanager
def schrijvend(databank: Databank, per_seconde: float = 400) -> Iterator[Schrijver]:
    schrijver = Schrijver(databank, per_seconde)
    try:
        yield schrijver
    finally:
        schrijver._stop.set()
        schrijver._draad.join(60)
        schrijver.sluit()


class Lezing:
    """What readers saw: how often they read, and what was wrong with it."""

    def __init__(self) -> None:
        self.keren = 0
        self.fouten: list[str] = []


_BLIK = """
SELECT (SELECT count(*) FROM beeld.actueel), (SELECT count(*) FROM beeld.persoonsgegevens),
       (SELECT count(DISTINCT overstap) FROM beeld.statusperiodes WHERE nummer = 0 AND bekend_tot = 'infinity')
"""
_TRAAG = 60 if IS_VOL else 10  # seconds; counting the rows of a million events takes a while by itself


@contextmanager
def lezend(databank: Databank, lezers: int = 2) -> Iterator[Lezing]:
    """Let readers look again and again at all pupils: never fewer than before, and of each all there is."""
    lezing, stop = Lezing(), threading.Event()

    def lees() -> None:
        eerder = 0
        try:
            with databank.verbind(Login.PROJECTIE) as verbinding:
                verbinding.execute(b"SET statement_timeout = '%ds'" % _TRAAG)
                while not stop.is_set():
                    [(actueel, persoonsgegevens, perioden)] = verbinding.execute(_BLIK).fetchall()
                    if actueel < eerder or actueel != persoonsgegevens or not perioden:
                        lezing.fouten.append(f"{eerder} -> {actueel}, {persoonsgegevens}, {perioden}")
                    eerder = actueel
                    lezing.keren += 1
        except Exception as fout:  # noqa: BLE001 - told at the end
            lezing.fouten.append(repr(fout))

    draden = [threading.Thread(target=lees, daemon=True) for _ in range(lezers)]
    for draad in draden:
        draad.start()
    try:
        yield lezing
    finally:
        stop.set()
        for draad in draden:
            draad.join(60)


class _EenWerker:
    """A worker in a process of its own, killed as a power cut would."""

    def __init__(self, databank: Databank) -> None:
        self._databank = databank
        self._start()

    def _start(self) -> None:
        self._proces = PROCESSEN.Process(target=werk, args=(self._databank,), daemon=True)
        self._proces.start()

    def dood(self) -> None:
        self._proces.kill()
        self._proces.join()

    def vervang(self) -> None:
        assert self._proces.exitcode is None, "a worker ended by itself"
        self.dood()
        self._start()


@contextmanager
def _een_werker(databank: Databank) -> Iterator[_EenWerker]:
    werker = _EenWerker(databank)
    try:
        yield werker
    finally:
        werker.dood()


def plaats(databank: Databank) -> int:
    """Give how far the read model is that is least far; nothing when the database is away."""
    with contextlib.suppress(DatabankFout, psycopg.Error), databank.verbind(Login.PROJECTIE) as verbinding:
        rij = verbinding.execute("SELECT min(positie) FROM beeld.voortgang").fetchone()
        return int(rij[0] or 0) if rij else 0
    return 0


def wacht_op_voortgang(databank: Databank, na: int) -> int:
    """Wait until every read model is further than a position; give the one they have."""
    wacht_tot(lambda: plaats(databank) > na, hoogstens=120)
    return plaats(databank)


def _klein_log(maak_databank: MakeDatabank) -> Databank:
    databank = maak_databank(Soort.DEMO)
    richt_in(databank)
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        log, loop = Log(verbinding), Loop(ZAAD + 1, stromen=200)
        alle = (loop.verzoek() for _ in count())
        while log.laatste_positie() < KLEIN:
            log.voeg_toe([Toevoeging(next(alle)) for _ in range(200)])
    return databank


@contextmanager
def _log_van_een_miljoen() -> Iterator[Databank]:
    with vaste_server() as server, kopie_van(server, groot_log(server, MILJOEN)) as databank:
        yield databank
