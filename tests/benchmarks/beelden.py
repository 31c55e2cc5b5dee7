"""Measure the read models: built anew, kept up live, and how long after its commit a fact is seen."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from msgspec.structs import replace
from psycopg.sql import SQL, Identifier, Placeholder
from psycopg.types.json import Jsonb

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_herbouw import herbouw, niemand
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES, Plek, begin_opnieuw, richt_in
from overstap.adapters.postgres.projectie_volger import volgend
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.postgres.projectie_zichtbaarheid import Zichtbaarheid
from overstap.adapters.postgres.toepassing import Overstappen, omgeving
from overstap.adapters.postgres.toevoeging import Afloop, Toevoeging
from overstap.domain.feiten.overstap import PersoonsgegevensGewijzigd
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.projections.actueel import Actueel, rij_na
from overstap.projections.actueel_tabel import ActueelProjectie
from overstap.projections.projectie import OVERSTAPFEITEN, Projectie
from tests.benchmarks.groot_log import MILJOEN, groot_log, kopie_van, leerlingen, vaste_server
from tests.benchmarks.herlezen import lees_met_copy
from tests.benchmarks.meting import Rij, in_beurten
from tests.benchmarks.wachttijd import p99

RONDES = 3
VAN_DE_BIBLIOTHEEK, AANLOOP = 3_000, 500
"""How many events the library's runner folds, and so many before: its rate does not change with them, its time does."""
LIVE = 100_000
PER_SECONDE, SECONDEN = 500, 10
_GEDULD = 30.0


def rijen(aantal: int = MILJOEN) -> list[Rij]:
    """Measure rebuilds of a large log, the live fold of a part of it, and the lag under a steady stream of facts."""
    with vaste_server() as server, kopie_van(server, groot_log(server, aantal)) as databank:
        return [*_herbouw(databank), _live(databank), *_vertraging(databank)]


def _herbouw(databank: Databank) -> list[Rij]:
    actueel, kopie, runner = in_beurten(
        partial(bouw, databank, [ActueelProjectie]),
        partial(lees_met_copy, databank),
        partial(met_bibliotheek, databank, VAN_DE_BIBLIOTHEEK),
        rondes=RONDES,
    )
    alle = bouw(databank, PROJECTIES)
    return [
        Rij(
            naam="rebuild of actueel / library's ProjectionRunner writing it",
            eenheid="events/s",
            onze=actueel,
            referentie=runner,
            doel=100.0,
        ),
        Rij(
            naam="rebuild of actueel / COPY out and decode",
            eenheid="events/s",
            onze=actueel,
            referentie=kopie,
            doel=0.25,
        ),
        Rij(
            naam=f"rebuild of all {len(PROJECTIES)} read models / COPY out and decode",
            eenheid="events/s",
            onze=alle,
            referentie=kopie,
        ),
    ]


def _live(databank: Databank) -> Rij:
    """Fold the first part of the log batch by batch into all read models, beside a rebuild of actueel."""
    zet_op_begin(databank)
    with Werker(databank) as werker:
        begin = time.perf_counter()
        bereikt = werker.bijwerken_tot(LIVE)
        live = bereikt / (time.perf_counter() - begin)
    return Rij(
        naam=f"live fold into all {len(PROJECTIES)} / rebuild of them",
        eenheid="events/s",
        onze=live,
        referentie=bouw(databank, PROJECTIES),
    )


def _vertraging(databank: Databank) -> list[Rij]:
    bouw(databank, PROJECTIES)
    gemeten = [vertraging(databank, SECONDEN) for _ in range(RONDES)]
    commit = [p99(commits) for commits, _ in gemeten]
    rijen_ = []
    for projectie in PROJECTIES:
        zichtbaar = [tijden[projectie.naam] for _, tijden in gemeten]
        for wat, maat in (("p99", p99), ("p50", p50)):
            is_doel = (projectie, wat) == (ActueelProjectie, "p99")
            rijen_.append(
                Rij(
                    naam=f"{wat}, acknowledged to visible in {projectie.naam} / p99 of the commit",
                    eenheid="ms",
                    onze=median(map(maat, zichtbaar)),
                    referentie=median(commit),
                    doel=25.0 if is_doel else None,
                    hoogstens=True,
                )
            )
    return rijen_


def zet_op_begin(databank: Databank) -> None:
    """Empty every read model."""
    richt_in(databank)
    with databank.verbind(Login.PROJECTIE) as verbinding, verbinding.transaction():
        for projectie in PROJECTIES:
            begin_opnieuw(verbinding, projectie, Plek.BEELD)


def bouw(databank: Databank, projecties: Sequence[type[Projectie]]) -> float:
    """Build read models from nothing and put them in place; give events/s."""
    zet_op_begin(databank)
    begin = time.perf_counter()
    verslagen = herbouw(databank, projecties, niemand)
    return verslagen[0].positie / (time.perf_counter() - begin)


def p50(tijden: Sequence[float]) -> float:
    """Give the median, in ms, of times in seconds."""
    return median(tijden) * 1000


def vertraging(databank: Databank, seconden: int) -> tuple[list[float], dict[str, list[float]]]:
    """Add 500 events a second; give how long each commit took, and from its answer until each read model had it."""
    commits: list[float] = []
    antwoorden: list[tuple[int, float]] = []
    gezien: dict[str, list[tuple[int, float]]] = {}
    with (
        volgend(databank),
        _meekijkend(databank, gezien),
        databank.verbind(Login.SCHRIJVER) as verbinding,
    ):
        log = Log(verbinding)
        with Zichtbaarheid(databank) as zichtbaarheid:
            for projectie in PROJECTIES:
                zichtbaarheid.tot(projectie.naam, log.laatste_positie(), _GEDULD)
            begin = time.perf_counter()
            for nummer, een in enumerate(_wijzigingen(log, databank, seconden * PER_SECONDE)):
                if (rest := begin + nummer / PER_SECONDE - time.perf_counter()) > 0:
                    time.sleep(rest)
                voor = time.perf_counter()
                [uitkomst] = log.voeg_toe([Toevoeging([een])])
                na = time.perf_counter()
                assert uitkomst.afloop is Afloop.VASTGELEGD
                commits.append(na - voor)
                antwoorden.append((uitkomst.positie or 0, na))
            for projectie in PROJECTIES:
                zichtbaarheid.tot(projectie.naam, antwoorden[-1][0], _GEDULD)
            einde = time.monotonic() + _GEDULD
            while min((gezien[p.naam][-1][0] if gezien.get(p.naam) else 0) for p in PROJECTIES) < antwoorden[-1][0]:
                assert time.monotonic() < einde
                time.sleep(0.01)
    return commits, {naam: list(_tussentijd(antwoorden, keren)) for naam, keren in gezien.items()}


def _tussentijd(antwoorden: Sequence[tuple[int, float]], keren: Sequence[tuple[int, float]]) -> Iterator[float]:
    """Give of each answer how long after it the first progress came that covers it; not less than nothing."""
    alle = iter(keren)
    bereikt, moment = next(alle)
    for positie, antwoord in antwoorden:
        while bereikt < positie:
            bereikt, moment = next(alle)
        yield max(0.0, moment - antwoord)


@contextmanager
def _meekijkend(databank: Databank, gezien: dict[str, list[tuple[int, float]]]) -> Iterator[None]:
    """Write down when each progress of a read model could be seen by another connection."""
    stop = threading.Event()

    def kijk() -> None:
        with databank.verbind(Login.APP) as verbinding:
            verbinding.execute("LISTEN beelden")
            klaar.set()
            while not stop.is_set():
                for bericht in verbinding.notifies(timeout=0.2, stop_after=1):
                    naam, _, positie = bericht.payload.rpartition(" ")
                    gezien.setdefault(naam, []).append((int(positie), time.perf_counter()))

    klaar = threading.Event()
    draad = threading.Thread(target=kijk)
    draad.start()
    klaar.wait()
    try:
        yield
    finally:
        stop.set()
        draad.join()


def _wijzigingen(log: Log, databank: Databank, aantal: int) -> Iterator[Gebeurtenis]:
    """Make changes of as many pupils from all over the log."""
    ids = [stroom for stroom, _ in leerlingen(databank, aantal)]
    laatste = {stroom: eigen[-1] for stroom, eigen in log.laad(ids).items()}
    keren: dict[UUID, int] = {}
    for nummer in range(aantal):
        stroom = ids[nummer % len(ids)]
        keren[stroom] = keren.get(stroom, 0) + 1
        een = laatste[stroom]
        yield replace(
            een,
            originator_version=een.originator_version + keren[stroom],
            feit=PersoonsgegevensGewijzigd(klas=f"K{nummer}"),
        )


_KOLOMMEN = Actueel.__struct_fields__
_BEWAAR = SQL("INSERT INTO beeld.actueel ({}) VALUES ({}) ON CONFLICT (overstap) DO UPDATE SET {}").format(
    SQL(", ").join(map(Identifier, _KOLOMMEN)),
    SQL(", ").join(map(Placeholder, _KOLOMMEN)),
    SQL(", ").join(SQL("{0} = excluded.{0}").format(Identifier(kolom)) for kolom in _KOLOMMEN),
)


class _Scherm(PostgresTrackingRecorder):
    """The view as the library has one: rows and tracking of one event in one transaction; it remembers its rows."""

    rijen: dict[UUID, Actueel] = {}

    def bewaar(self, gebeurtenis: Gebeurtenis, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            if type(gebeurtenis.feit) in OVERSTAPFEITEN:
                rij = rij_na(self.rijen.get(gebeurtenis.originator_id), gebeurtenis)
                self.rijen[rij.overstap] = rij
                cursor.execute(_BEWAAR, {naam: _waarde(getattr(rij, naam)) for naam in _KOLOMMEN}, prepare=True)


def _waarde(waarde: Any) -> Any:  # noqa: ANN401 - any column
    if isinstance(waarde, list | dict):
        return Jsonb(msgspec.to_builtins(waarde))
    return list(waarde) if isinstance(waarde, tuple) else waarde


class _Beeld(Projection[_Scherm]):
    name = "beeld"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:  # noqa: ANN401 - as the library has it
        self.view.bewaar(domain_event, tracking)


def met_bibliotheek(databank: Databank, aantal: int) -> float:
    """Let the library's ProjectionRunner keep actueel up with the first events of the log; give events/s."""
    zet_op_begin(databank)
    _Scherm.rijen.clear()
    with databank.verbind(Login.PROJECTIE) as verbinding:
        verbinding.execute("DROP TABLE IF EXISTS beeld.beeld_tracking")  # it begins at the first event again
    anders = {"BEELD_PERSISTENCE_MODULE": "eventsourcing.postgres", "BEELD_POSTGRES_SCHEMA": "beeld"}
    with ProjectionRunner(
        application_class=Overstappen,
        projection_class=_Beeld,
        view_class=_Scherm,
        env=omgeving(databank, Login.PROJECTIE) | anders,
    ) as runner:
        runner.wait(AANLOOP, timeout=600)
        begin = time.perf_counter()
        runner.wait(AANLOOP + aantal, timeout=600)
        return aantal / (time.perf_counter() - begin)
