"""Build read models anew while they serve: a shadow beside them, compared row by row, and then in their place."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import Any, NamedTuple, Protocol

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
    with (
        _alleen(databank, projecties) as verbinding,
        closing(_gebouwd(databank, verbinding, projecties, kijk_mee, is_proef=False)) as gebouwd,
    ):
        return [een.zet_op_zijn_plaats() for een in gebouwd]


def controleer(databank: Databank, projecties: Sequence[type[Projectie]], kijk_mee: Meekijker) -> list[Herbouwd]:
    """Build read models anew from the log, say in what they differ from those that serve, and throw them away."""
    with (
        _alleen(databank, projecties) as verbinding,
        closing(_gebouwd(databank, verbinding, projecties, kijk_mee, is_proef=True)) as gebouwd,
    ):
        return [een.verslag() for een in gebouwd]


def ga_terug(databank: Databank, projectie: type[Projectie]) -> None:
    """Serve what served before the last rebuild again; that one is kept in its place.

    Of the same version, it is brought up to date first. Another version cannot be folded by this program: it is served
    as it stands, and nothing is built anew by itself until somebody asks for it.

    Raises:
        GeenWissel: when nothing was kept.

    """
    with _alleen(databank, [projectie]) as verbinding:
        stand = _stand(verbinding, projectie, Plek.OUD)
        if stand is None:
            raise GeenWissel(f"Van {projectie.naam} is niets bewaard om naar terug te gaan.")
        is_van_nu = stand[1] == projectie.versie
        with _lijnen(databank, verbinding, Plek.OUD) as lijnen:
            inhaler = _Inhaler(lijnen, projectie, Plek.OUD)

            def haal_in() -> None:
                if is_van_nu:
                    inhaler.tot(_stand(verbinding, projectie, Plek.BEELD))

            haal_in()
            wissel(verbinding, projectie, Plek.OUD, haal_in, vastgezet=not is_van_nu)


def ruim_oude_op(databank: Databank, projecties: Sequence[type[Projectie]]) -> list[str]:
    """Remove what was kept as a way back; give the names of the read models that had one."""
    with _alleen(databank, projecties) as verbinding, verbinding.transaction():
        bewaard = [projectie for projectie in projecties if _stand(verbinding, projectie, Plek.OUD)]
        for projectie in bewaard:
            verwijder(verbinding, projectie, Plek.OUD)
    return [projectie.naam for projectie in bewaard]


class _Lijnen(NamedTuple):
    """The connections of one build.

    hoofd keeps others from building the same, and what serves from going on; over schrijver is folded what lezer reads;
    foto compares.
    """

    hoofd: psycopg.Connection[Any]
    schrijver: psycopg.Connection[Any]
    lezer: psycopg.Connection[Any]
    foto: psycopg.Connection[Any]


@contextmanager
def _lijnen(databank: Databank, hoofd: psycopg.Connection[Any], plek: Plek) -> Iterator[_Lijnen]:
    """Open those that fold into one place."""
    with (
        databank.verbind(Login.PROJECTIE) as schrijver,
        databank.verbind(Login.PROJECTIE) as lezer,
        databank.verbind(Login.PROJECTIE) as foto,
    ):
        maak_vouwlijn(schrijver, plek)
        yield _Lijnen(hoofd, schrijver, lezer, foto)


def _gebouwd(
    databank: Databank,
    verbinding: psycopg.Connection[Any],
    projecties: Sequence[type[Projectie]],
    kijk_mee: Meekijker,
    *,
    is_proef: bool,
) -> Generator["_Nieuw", None, None]:
    """Build all of them in one go through the log, and give them one by one; closed, it takes the shadow away."""
    begin = time.monotonic()
    with _lijnen(databank, verbinding, Plek.SCHADUW) as lijnen:
        laatste = _laatste(verbinding)
        nieuwe = [_Nieuw(lijnen, projectie, kijk_mee, is_proef=is_proef) for projectie in projecties]
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

    def __init__(self, lijnen: _Lijnen, projectie: type[Projectie], kijk_mee: Meekijker, *, is_proef: bool) -> None:
        self._lijnen = lijnen
        self._projectie = projectie
        self._kijk_mee = kijk_mee
        self._inhaler = _Inhaler(lijnen, projectie, Plek.SCHADUW)
        self.begin = time.monotonic()
        stand = _stand(lijnen.hoofd, projectie, Plek.BEELD)
        is_van_nu = stand is not None and stand[1] == projectie.versie
        self._volgt = is_van_nu and (is_proef or _laatste(lijnen.hoofd) - (stand or (0, 0))[0] < _OMVANG)

    def doel(self) -> int:
        """Give how far it must be: as far as what serves, or to the log's end where that is another or far behind."""
        stand = _stand(self._lijnen.hoofd, self._projectie, Plek.BEELD) if self._volgt else None
        return stand[0] if stand else _laatste(self._lijnen.hoofd)

    def zet_op_zijn_plaats(self) -> Herbouwd:
        """Catch up, compare, and take the place of what serves."""
        verslag = self.verslag()
        self._haal_bijna_in()
        self._kijk_mee(verslag.positie, verslag.positie, "wisselen")
        wissel(self._lijnen.hoofd, self._projectie, Plek.SCHADUW, lambda: self._inhaler.tot(self.doel()))
        structlog.get_logger().info(
            "beeld_herbouwd",
            projectie=verslag.projectie,
            versie=verslag.versie,
            positie=verslag.positie,
            seconden=verslag.seconden,
            verschillen=verslag.aantal_verschillen,
        )
        return verslag

    def verslag(self) -> Herbouwd:
        """Catch up, and compare with what serves."""
        self._haal_bijna_in()
        verschillen = self._vergelijk() if self._volgt else None
        if not self._volgt:
            self._inhaler.tot(self.doel())
        [(geparkeerd,)] = self._lijnen.hoofd.execute(
            "SELECT count(*)::int FROM beeld_schaduw.geparkeerd WHERE projectie = %s", (self._projectie.naam,)
        ).fetchall()
        return Herbouwd(
            projectie=self._projectie.naam,
            versie=self._projectie.versie,
            positie=self._inhaler.plaats(),
            seconden=round(time.monotonic() - self.begin, 3),
            geparkeerd=geparkeerd,
            verschillen=verschillen,
        )

    def _haal_bijna_in(self) -> None:
        """Fold until so little is left that what serves may stand still for it."""
        while (doel := self.doel()) - self._inhaler.plaats() > _STAART:
            self._inhaler.tot(doel)

    def _vergelijk(self) -> list[Tabelverschil]:
        """Compare in a snapshot of the moment that both were as far; what serves stands still no longer than that."""
        plaats = self._inhaler.plaats()
        self._kijk_mee(plaats, plaats, "vergelijken")
        hoofd, foto = self._lijnen.hoofd, self._lijnen.foto
        with foto.transaction():
            foto.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            with hoofd.transaction():
                hoofd.execute("SELECT FROM beeld.voortgang WHERE naam = %s FOR UPDATE", (self._projectie.naam,))
                self._inhaler.tot(self.doel())
                foto.execute("SELECT count(*) FROM beeld.voortgang")
            return vergelijk(foto, tabellen_op(foto, self._projectie, Plek.BEELD), Plek.BEELD, Plek.SCHADUW)


class _Inhaler:
    """Folds batches of the log into one read model outside of what serves."""

    def __init__(self, lijnen: _Lijnen, projectie: type[Projectie], plek: Plek) -> None:
        self._log = Log(lijnen.lezer)
        self._stromen = Stromen(lambda: self._log)
        self._vouwer = Vouwer(lijnen.schrijver, projectie, self._stromen, plek)
        self.plaats = self._vouwer.plaats

    def tot(self, doel: int | tuple[int, int] | None) -> None:
        """Fold as far as a position, or that of a stand."""
        tot = doel if isinstance(doel, int) else doel[0] if doel else 0
        while (plaats := self._vouwer.plaats()) < tot:
            gelezen = [g for g in self._log.lees_wat_kan(plaats, _OMVANG) if (g.positie or 0) <= tot]
            if not gelezen:
                return
            self._vouwer.vouw(Batch.uit_log(gelezen, plaats))
            self._stromen.vergeet()


@contextmanager
def _alleen(databank: Databank, projecties: Sequence[type[Projectie]]) -> Iterator[psycopg.Connection[Any]]:
    """Be the only one that builds these anew, or puts them in place; give the connection that sees to that."""
    with databank.verbind(Login.PROJECTIE) as verbinding:
        richt_in_over(verbinding, PROJECTIES)
        richt_in_over(verbinding, projecties)
        for projectie in projecties:
            vraag = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
            if verbinding.execute(vraag, (_SLOTEN, projectie.naam)).fetchone() != (True,):
                raise GeenWissel(f"{projectie.naam} wordt al herbouwd. Wacht tot dat klaar is; er is niets veranderd.")
        try:
            yield verbinding
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
