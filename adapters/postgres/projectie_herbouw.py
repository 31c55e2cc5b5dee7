"""Build read models anew while they serve: a shadow beside them, compared row by row, and then in their place."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import Any, Protocol

import msgspec
import psycopg
import structlog

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankFout
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_bouw import bouw
from overstap.adapters.postgres.projectie_parkeren import in_woorden
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES, Plek, richt_in_over, tabellen_op, verwijder
from overstap.adapters.postgres.projectie_verschil import Tabelverschil, vergelijk
from overstap.adapters.postgres.projectie_vouwer import Stromen, Vouwer, maak_vouwlijn
from overstap.adapters.postgres.projectie_wissel import GeenWissel, wissel
from overstap.projections.projectie import Batch, Projectie

_SLOTEN = 730580887  # the advisory locks of whoever builds anew: this number, and one of the read model's name
_OMVANG = 20_000
_STAART = 500  # so few events may be left to fold while the one that serves stands still
_LAATSTE = "SELECT coalesce(max(positie), 0) FROM log.gebeurtenissen WHERE regio IS NOT NULL"


class Herbouwd(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What was built: from how many events, in how many seconds, how many streams were parked, and what differs.

    verschillen is None where there is nothing to compare with: another version, or one that was far behind.
    """

    projectie: str
    versie: int
    positie: int
    seconden: float
    geparkeerd: int
    verschillen: list[Tabelverschil] | None

    @property
    def aantal_verschillen(self) -> int:
        """How many rows differ."""
        return sum(tabel.verschillen for tabel in self.verschillen or ())


class Meekijker(Protocol):
    """Is told how far it is: positions done, of how many, and what is going on. What it raises stops the build."""

    def __call__(self, gedaan: int, totaal: int, wat: str, /) -> None:
        """Take note."""


def herbouw(databank: Databank, projecties: Sequence[type[Projectie]], kijk_mee: Meekijker) -> list[Herbouwd]:
    """Build read models anew from the log and serve them; what served is kept as the way back.

    Readers and writers go on meanwhile, and so does the worker. Interrupted, or failed, nothing has changed.

    Raises:
        GeenWissel: when another is building one of these, or readers left no moment to put it in place.
        TeVeelGeparkeerd: when many streams cannot be folded.

    """
    with _alleen(databank, projecties), closing(_gebouwd(databank, projecties, kijk_mee, is_proef=False)) as gebouwd:
        return [een.zet_op_zijn_plaats() for een in gebouwd]


def controleer(databank: Databank, projecties: Sequence[type[Projectie]], kijk_mee: Meekijker) -> list[Herbouwd]:
    """Build read models anew from the log, say in what they differ from those that serve, and throw them away."""
    with _alleen(databank, projecties), closing(_gebouwd(databank, projecties, kijk_mee, is_proef=True)) as gebouwd:
        return [een.verslag() for een in gebouwd]


def ga_terug(databank: Databank, projectie: type[Projectie]) -> None:
    """Serve what served before the last rebuild again; that one is kept in its place.

    Of the same version, it is brought up to date first. Another version cannot be folded by this program: it is served
    as it stands, and nothing is built anew by itself until somebody asks for it.

    Raises:
        GeenWissel: when nothing was kept.

    """
    with _alleen(databank, [projectie]), databank.verbind(Login.PROJECTIE) as verbinding:
        stand = _stand(verbinding, projectie, Plek.OUD)
        if stand is None:
            raise GeenWissel(f"Van {projectie.naam} is niets bewaard om naar terug te gaan.")
        is_van_nu = stand[1] == projectie.versie
        with _inhaler(databank, projectie, Plek.OUD) as inhaler:
            if is_van_nu:
                inhaler.tot(_stand(verbinding, projectie, Plek.BEELD))
            wissel(
                databank,
                projectie,
                Plek.OUD,
                (lambda v: inhaler.tot(_stand(v, projectie, Plek.BEELD))) if is_van_nu else lambda _: None,
                vastgezet=not is_van_nu,
            )


def ruim_oude_op(databank: Databank, projecties: Sequence[type[Projectie]]) -> list[str]:
    """Remove what was kept as a way back; give the names of the read models that had one."""
    with _alleen(databank, projecties), databank.verbind(Login.PROJECTIE) as verbinding, verbinding.transaction():
        bewaard = [projectie for projectie in projecties if _stand(verbinding, projectie, Plek.OUD)]
        for projectie in bewaard:
            verwijder(verbinding, projectie, Plek.OUD)
    return [projectie.naam for projectie in bewaard]


def _gebouwd(
    databank: Databank, projecties: Sequence[type[Projectie]], kijk_mee: Meekijker, *, is_proef: bool
) -> Generator["_Nieuw", None, None]:
    """Build all of them in one go through the log, and give them one by one; closed, it takes the shadow away."""
    begin = time.monotonic()
    with databank.verbind(Login.PROJECTIE) as verbinding:
        laatste = _laatste(verbinding)
        nieuwe = [_Nieuw(databank, projectie, verbinding, kijk_mee, is_proef=is_proef) for projectie in projecties]
        tot = min((een.doel() for een in nieuwe), default=0)
        try:
            bouw(databank, projecties, tot, lambda gedaan: kijk_mee(gedaan, laatste, "vouwen"))
            for een in nieuwe:
                een.begin = begin
                yield een
        finally:
            with suppress(psycopg.OperationalError), verbinding.transaction():
                for projectie in projecties:
                    verwijder(verbinding, projectie, Plek.SCHADUW)


class _Nieuw:
    """One read model in the shadow."""

    def __init__(
        self,
        databank: Databank,
        projectie: type[Projectie],
        verbinding: psycopg.Connection[Any],
        kijk_mee: Meekijker,
        *,
        is_proef: bool,
    ) -> None:
        self._databank = databank
        self._projectie = projectie
        self._verbinding = verbinding
        self._kijk_mee = kijk_mee
        self.begin = time.monotonic()
        stand = _stand(verbinding, projectie, Plek.BEELD)
        is_van_nu = stand is not None and stand[1] == projectie.versie
        self._volgt = is_van_nu and (is_proef or _laatste(verbinding) - (stand or (0, 0))[0] < _OMVANG)

    def doel(self, verbinding: psycopg.Connection[Any] | None = None) -> int:
        """Give how far it must be: as far as what serves, or to the log's end where that is another or far behind."""
        verbinding = verbinding or self._verbinding
        stand = _stand(verbinding, self._projectie, Plek.BEELD) if self._volgt else None
        return stand[0] if stand else _laatste(verbinding)

    def verslag(self) -> Herbouwd:
        """Catch up, and compare with what serves."""
        with _inhaler(self._databank, self._projectie, Plek.SCHADUW) as inhaler:
            return self._verslag(inhaler)

    def zet_op_zijn_plaats(self) -> Herbouwd:
        """Catch up, compare, and take the place of what serves."""
        with _inhaler(self._databank, self._projectie, Plek.SCHADUW) as inhaler:
            verslag = self._verslag(inhaler)
            while (doel := self.doel()) - inhaler.plaats() > _STAART:
                inhaler.tot(doel)
            self._kijk_mee(verslag.positie, verslag.positie, "wisselen")
            wissel(self._databank, self._projectie, Plek.SCHADUW, lambda verbinding: inhaler.tot(self.doel(verbinding)))
        structlog.get_logger().info(
            "beeld_herbouwd",
            projectie=verslag.projectie,
            versie=verslag.versie,
            positie=verslag.positie,
            seconden=verslag.seconden,
            verschillen=verslag.aantal_verschillen,
        )
        return verslag

    def _verslag(self, inhaler: "_Inhaler") -> Herbouwd:
        while (doel := self.doel()) - inhaler.plaats() > _STAART:
            inhaler.tot(doel)
        verschillen = self._vergelijk(inhaler) if self._volgt else None
        if not self._volgt:
            inhaler.tot(self.doel())
        [(geparkeerd,)] = self._verbinding.execute(
            "SELECT count(*)::int FROM beeld_schaduw.geparkeerd WHERE projectie = %s", (self._projectie.naam,)
        ).fetchall()
        return Herbouwd(
            projectie=self._projectie.naam,
            versie=self._projectie.versie,
            positie=inhaler.plaats(),
            seconden=round(time.monotonic() - self.begin, 3),
            geparkeerd=geparkeerd,
            verschillen=verschillen,
        )

    def _vergelijk(self, inhaler: "_Inhaler") -> list[Tabelverschil]:
        """Compare in a snapshot of the moment that both were as far; what serves stands still no longer than that."""
        self._kijk_mee(inhaler.plaats(), inhaler.plaats(), "vergelijken")
        with self._databank.verbind(Login.PROJECTIE) as foto, foto.transaction():
            foto.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            with self._verbinding.transaction():
                self._verbinding.execute(
                    "SELECT FROM beeld.voortgang WHERE naam = %s FOR UPDATE", (self._projectie.naam,)
                )
                inhaler.tot(self.doel())
                foto.execute("SELECT count(*) FROM beeld.voortgang")
            return vergelijk(foto, tabellen_op(foto, self._projectie, Plek.BEELD), Plek.BEELD, Plek.SCHADUW)


class _Inhaler:
    """Folds batches of the log into one read model outside of what serves."""

    def __init__(self, vouwer: Vouwer, log: Log, stromen: Stromen) -> None:
        self._vouwer, self._log, self._stromen = vouwer, log, stromen
        self.plaats = vouwer.plaats

    def tot(self, doel: int | tuple[int, int] | None) -> None:
        """Fold as far as a position, or that of a stand."""
        tot = doel if isinstance(doel, int) else doel[0] if doel else 0
        while (plaats := self._vouwer.plaats()) < tot:
            self._stromen.vergeet()
            gelezen = [g for g in self._log.lees_wat_kan(plaats, _OMVANG) if (g.positie or 0) <= tot]
            if not gelezen:
                return
            self._vouwer.vouw(Batch.uit_log(gelezen, plaats))


@contextmanager
def _inhaler(databank: Databank, projectie: type[Projectie], plek: Plek) -> Iterator[_Inhaler]:
    with (
        databank.verbind(Login.PROJECTIE) as schrijver,
        databank.verbind(Login.PROJECTIE) as lezer,
    ):
        maak_vouwlijn(schrijver, plek)
        log = Log(lezer)
        stromen = Stromen(lambda: log)
        yield _Inhaler(Vouwer(schrijver, projectie, stromen, plek), log, stromen)


@contextmanager
def _alleen(databank: Databank, projecties: Sequence[type[Projectie]]) -> Iterator[None]:
    """Be the only one that builds these anew, or puts them in place."""
    with databank.verbind(Login.PROJECTIE) as verbinding:
        richt_in_over(verbinding, PROJECTIES)
        richt_in_over(verbinding, projecties)
        for projectie in projecties:
            vraag = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
            if verbinding.execute(vraag, (_SLOTEN, projectie.naam)).fetchone() != (True,):
                raise GeenWissel(f"{projectie.naam} wordt al herbouwd. Wacht tot dat klaar is; er is niets veranderd.")
        try:
            yield
        except psycopg.OperationalError as fout:
            raise DatabankFout(
                f"De database hield ermee op ({in_woorden(fout)}). Er is niets veranderd; probeer het opnieuw."
            ) from fout


def _laatste(verbinding: psycopg.Connection[Any]) -> int:
    [(positie,)] = verbinding.execute(_LAATSTE).fetchall()
    return int(positie)


def _stand(verbinding: psycopg.Connection[Any], projectie: type[Projectie], plek: Plek) -> tuple[int, int] | None:
    """Give the position and the version of a read model in a place."""
    vraag = f"SELECT positie, versie FROM {plek}.voortgang WHERE naam = %s"  # noqa: S608 - one of our schemas
    return verbinding.execute(vraag, (projectie.naam,)).fetchone()


def niemand(_gedaan: int, _totaal: int, _wat: str) -> None:
    """Look on without a word."""


def zolang(gestopt: Callable[[], bool]) -> Meekijker:
    """Look on, and stop the build once somebody asked for that."""
    return partial(_stop_als, gestopt)


def _stop_als(gestopt: Callable[[], bool], _gedaan: int, _totaal: int, _wat: str) -> None:
    if gestopt():
        raise HerbouwGestopt("De herbouw is gestopt. Er is niets veranderd.")


class HerbouwGestopt(DatabankFout):
    """Somebody asked to stop the build."""
