"""Keep the read models up with the log: read it batch after batch, and fold each into all of them at once."""

import select
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Any, Protocol, Self

import psycopg
import structlog

from overstap.adapters.opruimen import zelden_opruimen
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankFout, DatabankOnbereikbaar
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_aanvoer import Aanvoer
from overstap.adapters.postgres.projectie_herbouw import HerbouwGestopt, herbouw, niemand, zolang
from overstap.adapters.postgres.projectie_parkeren import in_woorden
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES, STANDEN, richt_in_over
from overstap.adapters.postgres.projectie_vouwer import Stromen, Vouwer, maak_vouwlijn, schuif_op
from overstap.adapters.postgres.projectie_wissel import GeenWissel
from overstap.domain.feiten import naam_van_soort, zonder_versie
from overstap.domain.feiten.aanlevering import AanleveringVerwerkt
from overstap.projections.projectie import Batch, Projectie

OMVANG = 20_000
"""How many events one batch holds at most: enough that the events of a pupil meet, about 40 MB."""
TUSSENPOOS = 0.5
"""Seconds between two looks at the log when no notification comes."""
_WEKKER = "LISTEN gebeurtenissen"
_GEDULD = 0.02  # seconds between two looks at another worker's progress
_LANGSTE_PAUZE = 5.0  # seconds between two attempts to reach the database, or to fold what failed
_OPLETTEN = 0.1  # seconds within which a worker that waits sees that it must stop
_VERZAMELD = 0.5  # seconds from the beginning of a batch of a stream to that of the next, which so costs far less
_STIL = 0.04  # seconds without news after which a stream has come to an end, if that was the end of a delivery
_STOKT = 0.25  # seconds after which it has all the same: who reads a file on a busy machine takes that long at times
_IS_AF = """
SELECT split_part(topic, '.', 1) = %s FROM log.gebeurtenissen WHERE regio IS NOT NULL ORDER BY positie DESC LIMIT 1
"""
_AF = zonder_versie(naam_van_soort(AanleveringVerwerkt))
_LAATSTE = "(SELECT positie FROM log.gebeurtenissen WHERE regio IS NOT NULL ORDER BY positie DESC LIMIT 1)"
_METING = f"""
INSERT INTO beeld.tempo (naam, positie, achter)
SELECT naam, positie, greatest(0, {_LAATSTE} - positie) FROM beeld.voortgang WHERE naam = ANY(%s)
"""  # noqa: S608 - our own words
_OUDE_METINGEN = "DELETE FROM beeld.tempo WHERE naam = ANY(%s) AND op < clock_timestamp() - interval '10 minutes'"
_WEINIG = 500  # events that one thread folds into all read models, when nobody follows
_METEN_NA = 5.0  # seconds between two measurements of how far behind they are


class Stop(Protocol):
    """Says whether to stop: a threading.Event, or that of multiprocessing."""

    def is_set(self) -> bool:
        """Tell whether to stop."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for it, at most so many seconds."""


class VerouderdProgramma(DatabankFout):
    """The read models are of a later version than this program."""


class Werker:
    """Folds the log into read models, as overstap_projectie; a context manager, for one thread.

    Of any number of workers in any number of processes one folds a read model at a time; another takes over when it is
    gone. A batch is read once, and folded into the read models side by side, or of a stream that goes on one after the
    other, each over a connection of its own; one that fails stands still alone. Who catches up with little does it over
    one connection: to open the others takes longer. tussenpoos: seconds between two looks at the log when nothing wakes
    the worker.
    """

    def __init__(
        self,
        databank: Databank,
        projecties: Sequence[type[Projectie]] = PROJECTIES,
        omvang: int = OMVANG,
        tussenpoos: float = TUSSENPOOS,
    ) -> None:
        self._databank = databank
        self._projecties = projecties
        self._omvang = omvang
        self._tussenpoos = tussenpoos
        self._stapel = ExitStack()
        self._rust: dict[str, tuple[float, float]] = {}  # until when what failed is left alone, and how long that was
        self._herbouw: dict[str, Future[None]] = {}
        self._stop: Stop | None = None
        self._vouwers: dict[str, Vouwer] = {}
        self._verbindingen: list[psycopg.Connection[Any]] = []

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        self.sluit()

    def sluit(self) -> None:
        """Close the connections; what another thread was doing over them ends first."""
        self._stapel.close()

    def bijwerken_tot(self, positie: int | None = None, na_elke: Callable[[int], None] | None = None) -> int:
        """Catch up synchronously and give the position that every read model has reached: `positie`, or the log's end.

        What another worker has in hand is waited for; what is of an older version is built anew first. na_elke is
        called with the number of events of each batch.

        Raises:
            DatabankOnbereikbaar: when a connection is lost; what was not folded is folded the next time.
            VerouderdProgramma: when a later version of this program made the read models.

        """
        doel = self._log.laatste_positie() if positie is None else positie
        try:
            self._vernieuw()
            while True:
                gevouwen = self._vouw_een_batch(self._naast_elkaar, hier=_WEINIG)
                if na_elke is not None and gevouwen:
                    na_elke(gevouwen)
                bereikt = min(self.voortgang().values())
                if bereikt >= doel or (not gevouwen and all(vouwer.is_in_handen for vouwer in self._vouwers.values())):
                    return bereikt
                if not gevouwen:
                    time.sleep(_GEDULD)
        except psycopg.OperationalError as fout:
            if not any(verbinding.closed for verbinding in self._verbindingen):
                raise
            raise DatabankOnbereikbaar(
                f"De verbinding met de database is weg ({str(fout).strip()}). Probeer het opnieuw."
            ) from fout
        finally:
            self._laat_los()

    def volg(self, stop: Stop) -> None:
        """Follow the log until stopped: woken by its notifications, and looking for itself in case one is lost.

        The database may go away and come back, and a read model may fail: the others go on, it is tried again later,
        and its state tells why. One of an older version is built anew meanwhile, and served as it stands until then.
        """
        self._stop = stop
        pauze = _GEDULD
        while not stop.is_set():
            begin = time.monotonic()
            try:
                self._stapel.close()
                self._open()
                self._volg_verbonden(stop)
            except Exception as fout:  # noqa: BLE001 - a worker that ends by itself leaves everything standing still
                if not stop.is_set():
                    structlog.get_logger().warning("projecties_onderbroken", fout=in_woorden(fout))
                    self._meld_overal(fout)
                pauze = _GEDULD if time.monotonic() - begin > _LANGSTE_PAUZE else min(2 * pauze, _LANGSTE_PAUZE)
                stop.wait(pauze)
        self._laat_los()

    def breek_af(self) -> None:
        """Have the database stop what it is doing for us, so that a worker that must stop need not wait; any thread."""
        for verbinding in self._verbindingen:
            with suppress(psycopg.Error):
                verbinding.cancel_safe(timeout=0.5)

    def herbouw(self) -> int:
        """Build every read model anew beside the one that serves, and put it in its place; give the position."""
        return min(een.positie for een in herbouw(self._databank, self._projecties, niemand))

    def voortgang(self) -> dict[str, int]:
        """Give the position that each read model has reached."""
        standen = self._standen()
        return {naam: standen[naam][0] for naam in self._vouwers}

    def _open(self) -> None:
        self._stapel.enter_context(zelden_opruimen())
        self._lijnen = self._stapel.enter_context(ExitStack())
        self._verbindingen = []
        self._hoofdlijn = self._verbind()
        richt_in_over(self._hoofdlijn, self._projecties)
        maak_vouwlijn(self._hoofdlijn)
        self._log, self._stromen = Log(self._hoofdlijn), Stromen(lambda: Log(self._verbind()))
        self._vouwers = {
            projectie.naam: Vouwer(self._hoofdlijn, projectie, self._stromen, open_eigen=self._open_vouwlijn)
            for projectie in self._projecties
        }
        # They end before the connections over which their threads work.
        self._naast_elkaar = self._stapel.enter_context(ThreadPoolExecutor(len(self._vouwers), "vouwer"))
        self._na_elkaar = self._stapel.enter_context(ThreadPoolExecutor(1, "vouwer"))
        self._herbouwer = self._stapel.enter_context(ThreadPoolExecutor(1, "herbouwer"))
        self._vooruit: Batch | None = None
        self._gemeten = 0.0

    def _verbind(self) -> psycopg.Connection[Any]:
        verbinding = self._lijnen.enter_context(self._databank.verbind(Login.PROJECTIE))
        self._verbindingen.append(verbinding)
        return verbinding

    def _open_vouwlijn(self) -> psycopg.Connection[Any]:
        verbinding = self._verbind()
        maak_vouwlijn(verbinding)
        return verbinding

    def _volg_verbonden(self, stop: Stop) -> None:
        with self._databank.verbind(Login.PROJECTIE) as luisteraar:
            luisteraar.execute(_WEKKER)  # before the first look: nothing can fall in between
            vorige, begin, draden, aanvoer = 0.0, time.monotonic(), self._naast_elkaar, Aanvoer()
            while not stop.is_set():
                while (aantal := self._vouw_een_batch(draden)) and not stop.is_set():
                    is_stroom = aanvoer.is_stroom_na(aantal, vorige, begin) and aantal < self._omvang
                    gaat_door = is_stroom and self._verzamel(luisteraar, stop, begin + _VERZAMELD)
                    # Who delivers works on: of two processors the folds then take one, and not all at times.
                    draden = self._na_elkaar if gaat_door else self._naast_elkaar
                    vorige, begin = begin, time.monotonic()
                self._wacht(luisteraar, stop)
                begin = time.monotonic()

    def _wacht(self, luisteraar: psycopg.Connection[Any], stop: Stop) -> None:
        """Wait until the log has grown, or it is time to look all the same; see at once that we must stop."""
        wakker = [tot for tot, _ in self._rust.values()]
        einde = min([time.monotonic() + self._tussenpoos, *wakker])
        while not stop.is_set() and (rest := einde - time.monotonic()) > 0:
            if select.select([luisteraar.fileno()], [], [], min(rest, _OPLETTEN))[0]:
                for _ in luisteraar.notifies(timeout=0):
                    return

    def _verzamel(self, luisteraar: psycopg.Connection[Any], stop: Stop, einde: float) -> bool:
        """Let more of a stream come together, until a moment or for as long as it goes on.

        Tell whether it still goes on, and we keep up with it: there was something to wait for.
        """
        gaat_door, nieuws, is_af = False, time.monotonic(), False
        while not stop.is_set() and (rest := einde - time.monotonic()) > 0:
            if select.select([luisteraar.fileno()], [], [], min(rest, _STIL))[0]:
                gaat_door, nieuws, is_af = True, time.monotonic(), False
                for _ in luisteraar.notifies(timeout=0):
                    pass
            elif rest > _STIL:
                is_af = is_af or self._is_af()
                if is_af or time.monotonic() - nieuws >= _STOKT:
                    return False
        return gaat_door

    def _is_af(self) -> bool:
        """Tell whether the log ends with the end of a delivery."""
        return self._hoofdlijn.execute(_IS_AF, (_AF,)).fetchone() == (True,)

    def _vouw_een_batch(self, draden: Executor, *, hier: int = 0) -> int:
        """Fold the next batch into every read model in hand; give its size. Meanwhile the one after it is read.

        One of at most `hier` events is folded in this thread.
        """
        nu = time.monotonic()
        standen = self._standen()
        plaatsen = {
            naam: standen[naam][0]
            for naam, vouwer in self._vouwers.items()
            if vouwer.neem_in_handen()
            and self._rust.get(naam, (0.0, 0.0))[0] <= nu
            and self._is_van_nu(naam, standen[naam][1])
        }
        if not plaatsen:
            return 0
        na = min(plaatsen.values())
        batch = self._vooruit if self._vooruit and self._vooruit.begin == na else self._lees(na)
        if batch is None:
            return 0
        begin = time.perf_counter()
        self._stromen.vergeet()
        zonder = [een for een in self._projecties if een.naam in plaatsen and not batch.raakt(een.feiten)]
        met = plaatsen.keys() - {een.naam for een in zonder}
        apart = batch.aantal > hier
        bezig = {
            naam: draden.submit(self._vouwers[naam].vouw, batch, apart=True) if apart else self._vouw_hier(naam, batch)
            for naam in met
        }
        try:
            if zonder:
                schuif_op(self._hoofdlijn, zonder, batch)
            self._vooruit = self._lees(batch.einde) if batch.aantal == self._omvang else None
        finally:
            wait(bezig.values())
        for naam, uitkomst in bezig.items():
            self._verwerk(naam, uitkomst)
        self._meet([*plaatsen])
        aantal, seconden = batch.aantal, round(time.perf_counter() - begin, 3)
        structlog.get_logger().debug("gevouwen", positie=batch.einde, aantal=aantal, seconden=seconden)
        return aantal

    def _vouw_hier(self, naam: str, batch: Batch) -> Future[None]:
        """Fold in this thread, over the connection that it has; what goes wrong is told as of another."""
        uitkomst = Future[None]()
        try:
            self._vouwers[naam].vouw(batch)
        except Exception as fout:  # noqa: BLE001 - whatever it is
            uitkomst.set_exception(fout)
        else:
            uitkomst.set_result(None)
        return uitkomst

    def _standen(self) -> dict[str, tuple[int, int]]:
        """Give the position that each read model has reached, and the version of it that stands in the tables."""
        standen = dict.fromkeys(self._vouwers, (0, 0))
        standen |= {naam: (positie, versie) for naam, positie, versie in self._hoofdlijn.execute(STANDEN).fetchall()}
        return standen

    def _meet(self, namen: list[str]) -> None:
        """Keep how far these read models are behind, now and then: rate and trend are told from it."""
        if time.monotonic() - self._gemeten > _METEN_NA:
            self._gemeten = time.monotonic()
            self._hoofdlijn.execute(_OUDE_METINGEN, (namen,))
            self._hoofdlijn.execute(_METING, (namen,))

    def _verwerk(self, naam: str, uitkomst: Future[None]) -> None:
        """Let a read model that failed rest alone, and say why; without a connection, or without follower, raise."""
        fout = uitkomst.exception()
        if fout is None:
            self._rust.pop(naam, None)
            return
        if self._stop is not None and self._stop.is_set():
            return  # broken off
        if self._stop is None or self._vouwers[naam].is_verbroken or isinstance(fout, DatabankOnbereikbaar):
            raise fout
        self._laat_rusten(naam, fout)

    def _laat_rusten(self, naam: str, fout: BaseException) -> None:
        structlog.get_logger().error("projectie_mislukt", projectie=naam, fout=in_woorden(fout))
        pauze = min(2 * self._rust.get(naam, (0.0, _GEDULD))[1], _LANGSTE_PAUZE)
        self._rust[naam] = (time.monotonic() + pauze, pauze)
        self._vouwers[naam].meld_fout(in_woorden(fout))

    def _meld_overal(self, fout: BaseException) -> None:
        """Say of every read model in hand why it stands still, where there still is a connection to say it over."""
        for vouwer in self._vouwers.values():
            if vouwer.is_in_handen and not vouwer.is_verbroken:
                with suppress(psycopg.Error):
                    vouwer.meld_fout(in_woorden(fout))

    def _is_van_nu(self, naam: str, versie: int) -> bool:
        """Tell whether this program folds what stands in the tables; what is older is built anew, by whoever follows.

        What is later is left to the programs that made it.
        """
        eigen = next(projectie for projectie in self._projecties if projectie.naam == naam)
        bezig = self._herbouw.get(naam)
        if bezig is not None and bezig.done():
            del self._herbouw[naam]
            fout = bezig.exception()
            if fout is not None and not isinstance(fout, HerbouwGestopt | GeenWissel):
                self._laat_rusten(naam, fout)
                return False
        if versie < eigen.versie and bezig is None and self._stop and not self._vouwers[naam].is_vastgezet():
            self._herbouw[naam] = self._herbouwer.submit(self._bouw_op, eigen, self._stop)
        return versie == eigen.versie

    def _bouw_op(self, projectie: type[Projectie], stop: Stop) -> None:
        herbouw(self._databank, [projectie], zolang(stop.is_set))

    def _vernieuw(self) -> None:
        """Build anew what is of an older version, before anything is asked of it."""
        standen = self._standen()
        versies = {projectie: standen[projectie.naam][1] for projectie in self._projecties}
        for projectie, versie in versies.items():
            if versie > projectie.versie:
                raise VerouderdProgramma(
                    f"{projectie.naam} is gemaakt door een latere versie van Overstap. Werk dit programma bij, of bouw "
                    f"het beeld terug met: overstap projections rebuild {projectie.naam}"
                )
        oude = [projectie for projectie, versie in versies.items() if versie < projectie.versie]
        if oude:
            herbouw(self._databank, oude, niemand)

    def _lees(self, na: int) -> Batch | None:
        gelezen = self._log.lees_wat_kan(na, self._omvang)
        return Batch.uit_log(gelezen, na) if gelezen else None

    def _laat_los(self) -> None:
        for vouwer in self._vouwers.values():
            vouwer.laat_los()
