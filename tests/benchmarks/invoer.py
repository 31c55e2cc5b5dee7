"""What does an import cost, from file to read model, beside the plain library that saves as many events undecided?"""

import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path

from overstap.adapters.app import app_op, hoofdsleutel_van
from overstap.adapters.beelden import werk_bij
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.opruimen import zelden_opruimen
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_volger import laat_voorgaan
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.postgres.server import Server
from overstap.adapters.telemetry import richt_in
from tests.benchmarks.jaarbestanden import OVERSTAPJAAR, Jaarbestanden, lever, schrijf_jaarbestanden
from tests.benchmarks.kale_bibliotheek import bewaar_onbeoordeeld
from tests.benchmarks.kind import LOS, kind
from tests.benchmarks.meting import Rij, in_beurten

LEERLINGEN = 7_000
RONDES = 3
NA_HET_JAAR = datetime(OVERSTAPJAAR, 10, 10, tzinfo=UTC)
DOEL = 0.5
_BLIK = 0.005
_VERST_ACHTER = b"SELECT min(positie) FROM beeld.voortgang"  # one question: who looks takes time from who folds
KLEIN, GROOT = 10_000, 200_000
MEEST_GEGROEID = 1.15
"""How much more memory twenty times the lines may take: noise, not growth."""


def rijen() -> list[Rij]:
    """Measure the import of a year, and its memory."""
    with tempfile.TemporaryDirectory(prefix="overstap-bench-") as plek:
        map_ = Path(plek)
        map_.chmod(0o711)
        server = Server(map_ / "server")
        try:
            return [_jaar(server, map_), _geheugen(map_)]
        finally:
            server.laat_los()


def _jaar(server: Server, map_: Path) -> Rij:
    bestanden = schrijf_jaarbestanden(LEERLINGEN, map_ / "jaar")
    gemeten: list[int] = []

    def onze() -> float:
        aantal, seconden = _importeer(server, map_, bestanden)
        gemeten.append(aantal)
        return aantal / seconden

    ons, kaal = in_beurten(onze, lambda: bewaar_onbeoordeeld(server, gemeten[-1]), rondes=RONDES)
    return Rij(
        naam="import: file, decided, durable, folded",
        eenheid="events/s",
        onze=ons,
        referentie=kaal,
        doel=DOEL,
    )


def _importeer(server: Server, map_: Path, bestanden: Jaarbestanden) -> tuple[int, float]:
    """Import into a fresh database; give the number of events and the seconds until all of them are folded."""
    naam = f"invoer_{time.monotonic_ns()}"
    server.maak_databank(naam)
    databank = Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden)
    databank.migreer(Soort.DEMO)
    instellingen = Instellingen(datamap=map_ / "sleutels", logniveau="error")
    instellingen.datamap.mkdir(exist_ok=True)
    try:
        with app_op(databank, hoofdsleutel_van(instellingen), instellingen, GezetteKlok(NA_HET_JAAR)) as app:
            lever(app, bestanden.inrichting)
            werk_bij(app)
            voor = app.log.laatste_positie()
            with _vouwer(databank), databank.verbind(Login.PROJECTIE) as toeschouwer:
                begin = time.perf_counter()
                with zelden_opruimen():  # as every command does
                    lever(app, bestanden.gemeten)
                na = app.log.laatste_positie()
                while toeschouwer.execute(_VERST_ACHTER).fetchall() < [(na,)]:
                    time.sleep(_BLIK)
                return na - voor, time.perf_counter() - begin
    finally:
        server.verwijder_databank(naam)


@contextlib.contextmanager
def _vouwer(databank: Databank) -> Iterator[None]:
    """Keep the read models up in a process of its own, as `overstap project` does."""
    stop, klaar = LOS.Event(), LOS.Event()
    proces = kind(_volg, databank, klaar, stop)
    proces.start()
    try:
        klaar.wait()
        yield
    finally:
        stop.set()
        proces.join()


def _volg(databank: Databank, klaar: Event, stop: Event) -> None:
    richt_in("error")
    laat_voorgaan()
    with Werker(databank) as werker:
        klaar.set()
        werker.volg(stop)


def _geheugen(map_: Path) -> Rij:
    """Import 10,000 and 200,000 lines, each in a process of its own, and compare their peaks."""
    klein, groot = (_piek(map_ / f"regels-{regels}", regels) for regels in (KLEIN, GROOT))
    return Rij(
        naam=f"memory of an import: {GROOT:,} and {KLEIN:,} lines",
        eenheid="MiB",
        onze=groot,
        referentie=klein,
        doel=MEEST_GEGROEID,
        hoogstens=True,
    )


def _piek(map_: Path, regels: int) -> float:
    opdracht = [sys.executable, "-m", "tests.benchmarks.geheugen", str(map_), str(regels)]
    return float(subprocess.run(opdracht, check=True, capture_output=True, text=True).stdout)
