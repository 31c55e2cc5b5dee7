"""Run PostgreSQL without an installed one: the programs come from a wheel, the cluster lives in the data folder.

Many processes share one server: who comes first starts it, and it stops when the last one is gone (wachter.py). It
listens on a unix socket alone, in a folder of mode 0700; every login needs its password (SCRAM), kept in
`wachtwoorden.json`, mode 0600.
"""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from overstap.adapters.postgres import onderdak, wachter
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.logins import EIGEN_NAMEN, SUPERGEBRUIKER, Login, nieuw_wachtwoord, verificatie_van
from overstap.adapters.postgres.migreer import maak_logins

GEDULD = 60.0  # seconds to wait for a server that starts, or for one that stops before we may start it
INSTELLINGEN: Mapping[str, str] = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "512MB",  # a table beyond a quarter of it is read from the start for each index it gets
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "max_connections": "200",
    "jit": "off",
    # Statements, parameters and key values can hold personal data: none of them goes to the server's log.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
_AANTAL_ROLLEN = "SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)"
_TOEGANG = f"""# Written by overstap: no trust, no network; a backup (pg_basebackup) is made by {SUPERGEBRUIKER}.
local all all scram-sha-256
local replication {SUPERGEBRUIKER} scram-sha-256
"""


class Server:
    """One embedded PostgreSQL, in use by this process until `laat_los`.

    The folder is made when missing. instellingen come on top of INSTELLINGEN (tests turn fsync off); binaries names a
    folder with other programs of PostgreSQL (15 or newer).

    Raises:
        DatabankOnbereikbaar: when the server cannot be started.

    """

    def __init__(
        self, data: Path, *, instellingen: Mapping[str, str] | None = None, binaries: Path | None = None
    ) -> None:
        self.data = data.absolute()
        self._gebruiker = onderdak.servergebruiker()
        self._binaries = binaries or onderdak.programmas(self._gebruiker)
        self._instellingen = {**INSTELLINGEN, **(instellingen or {})}
        # Our own user enters alone; as root the server's user must pass through to its cluster, and sees nothing else.
        self.data.mkdir(parents=True, exist_ok=True)
        self.data.chmod(0o711 if self._gebruiker.is_anders else 0o700)
        self._slot = os.open(self.data / "gebruikers.slot", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._wacht_op(self._slot, fcntl.LOCK_SH)
            self.start()
        except BaseException:
            os.close(self._slot)
            raise

    def start(self) -> None:
        """Start the server when it does not run (again after a crash), and wait until it answers."""
        slot = os.open(self.data / "start.slot", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._wacht_op(slot, fcntl.LOCK_EX)
            server = onderdak.serverfolder(self.data, self._gebruiker)
            self.cluster = server / "cluster"
            self.socket = onderdak.socketfolder(server, self._gebruiker)
            if not self.cluster.exists():
                self._richt_in(server)
            self.wachtwoorden: dict[str, str] = json.loads((self.data / "wachtwoorden.json").read_text("utf-8"))
            self._wacht_tot_hij_antwoordt()
        finally:
            os.close(slot)

    def laat_los(self) -> None:
        """Stop using the server; when nobody else does, its guard stops it, and this waits until it has."""
        fcntl.flock(self._slot, fcntl.LOCK_UN)
        einde = time.monotonic() + GEDULD
        while self._heeft_wacht() and not self._heeft_gebruikers() and time.monotonic() < einde:
            time.sleep(0.01)
        os.close(self._slot)

    @property
    def binaries(self) -> Path:
        """Give the folder with PostgreSQL's own programs, such as pg_dump and pg_basebackup."""
        return self._binaries

    def adres(self, login: str, naam: str = "postgres") -> dict[str, str]:
        """Give what libpq needs to reach database `naam` as this login."""
        return {
            "host": str(self.socket),
            "port": "5432",
            "dbname": naam,
            "user": login,
            "password": self.wachtwoorden[login],
        }

    def conninfo(self, login: str, naam: str = "postgres") -> str:
        """Give `adres` as a connection string; it holds a password."""
        return make_conninfo(**self.adres(login, naam))

    def maak_databank(self, naam: str, sjabloon: str | None = None) -> None:
        """Make an empty database owned by overstap_eigenaar, or a copy of another, when there is none of that name.

        A cluster of an earlier version gets the group roles it lacks.
        """
        with self._als_supergebruiker() as verbinding:
            aantal = verbinding.execute(_AANTAL_ROLLEN, (list(EIGEN_NAMEN),)).fetchone()
            if aantal != (len(EIGEN_NAMEN),):
                verbinding.execute(maak_logins())
            if verbinding.execute("SELECT 1 FROM pg_database WHERE datname = %s", (naam,)).fetchone():
                return
            # File by file takes half the time that the default takes, which writes each page to the log of the server.
            opdracht = SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy").format(
                Identifier(naam), Identifier(Login.EIGENAAR), Identifier(sjabloon or "template0")
            )
            with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                verbinding.execute(opdracht)

    def verwijder_databank(self, naam: str) -> None:
        """Drop a database with all that is in it; sessions on it are ended."""
        with self._als_supergebruiker() as verbinding:
            verbinding.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(naam)))

    @contextlib.contextmanager
    def _als_supergebruiker(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.conninfo(SUPERGEBRUIKER), autocommit=True) as verbinding:
            yield verbinding

    def _wacht_op(self, slot: int, soort: int) -> None:
        einde = time.monotonic() + GEDULD
        while not self._kan(slot, soort):
            if time.monotonic() > einde:
                raise DatabankOnbereikbaar(
                    f"Een ander proces houdt de database in {self.data} bezet. Wacht tot het klaar is, of stop het."
                )
            time.sleep(0.01)

    def _richt_in(self, server: Path) -> None:
        """Make the cluster, complete or not at all: its logins and passwords are there before it first starts."""
        nieuw = server / "cluster.nieuw"
        shutil.rmtree(nieuw, ignore_errors=True)
        nieuw.mkdir(mode=0o700)
        if self._gebruiker.is_anders:
            os.chown(nieuw, self._gebruiker.uid, self._gebruiker.gid)
        wachtwoorden = {naam: nieuw_wachtwoord() for naam in (SUPERGEBRUIKER, *Login)}
        bewaarplaats = self.data / "wachtwoorden.json"
        bewaarplaats.unlink(missing_ok=True)
        bewaarplaats.touch(mode=0o600)
        bewaarplaats.write_text(json.dumps(wachtwoorden, indent=1), encoding="utf-8")
        vorm = ["--encoding", "UTF8", "--no-locale", "--auth", "peer"]
        if self._instellingen.get("fsync") == "off":
            vorm.append("--no-sync")
        self._draai(["initdb", "--pgdata", str(nieuw), "--username", SUPERGEBRUIKER, *vorm], nieuw)
        sql = [f"ALTER ROLE {SUPERGEBRUIKER} PASSWORD '{verificatie_van(wachtwoorden[SUPERGEBRUIKER])}';"]
        sql += [f"CREATE ROLE {login} LOGIN PASSWORD '{verificatie_van(wachtwoorden[login])}';" for login in Login]
        self._draai(["postgres", "--single", "-j", "-D", str(nieuw), "postgres"], nieuw, "\n\n".join(sql) + "\n\n")
        (nieuw / "pg_hba.conf").write_text(_TOEGANG, encoding="utf-8")
        nieuw.rename(server / "cluster")

    def _draai(self, opdracht: list[str], cluster: Path, invoer: str = "") -> None:
        als: dict[str, Any] = {}
        if self._gebruiker.is_anders:
            als = {"user": self._gebruiker.uid, "group": self._gebruiker.gid, "extra_groups": ()}
        programma = str(self._binaries / opdracht[0])
        try:
            uitkomst = subprocess.run(
                [programma, *opdracht[1:]],
                cwd=cluster,
                input=invoer,
                capture_output=True,
                text=True,
                check=False,
                **als,
            )
        except OSError as fout:
            raise DatabankOnbereikbaar(f"PostgreSQL kan niet starten: {programma}: {fout.strerror}.") from fout
        if uitkomst.returncode != 0 or "ERROR:" in uitkomst.stderr:
            raise DatabankOnbereikbaar(f"PostgreSQL kan niet worden ingericht: {uitkomst.stderr.strip()[-500:]}")

    def _wacht_tot_hij_antwoordt(self) -> None:
        begin = time.monotonic()
        volgende_wacht = begin
        while time.monotonic() < begin + GEDULD:
            if not self._heeft_wacht() and time.monotonic() >= volgende_wacht:
                self._stel_wacht_aan()
                volgende_wacht = time.monotonic() + 1
            try:
                psycopg.connect(self.conninfo(SUPERGEBRUIKER), connect_timeout=10).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.01)
        staart = (self.data / "postgres.log").read_text("utf-8", "replace")[-1000:]
        raise DatabankOnbereikbaar(f"PostgreSQL in {self.data} start niet. Het slot van zijn logboek:\n{staart}")

    def _heeft_wacht(self) -> bool:
        """Tell whether a guard lives: it holds its lock alone."""
        slot = os.open(self.data / "wachter.slot", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            return not self._kan(slot, fcntl.LOCK_SH)
        finally:
            os.close(slot)

    def _heeft_gebruikers(self) -> bool:
        """Tell whether others use the server: they share the lock; the guard, stopping the server, does not."""
        is_vrij = self._kan(self._slot, fcntl.LOCK_EX)
        is_gedeeld = not is_vrij and self._kan(self._slot, fcntl.LOCK_SH)
        fcntl.flock(self._slot, fcntl.LOCK_UN)
        return is_gedeeld

    @staticmethod
    def _kan(slot: int, soort: int) -> bool:
        try:
            fcntl.flock(slot, soort | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _stel_wacht_aan(self) -> None:
        """Start a guard; one that finds another at work goes away by itself."""
        instellingen = {**self._instellingen, "unix_socket_directories": str(self.socket)}
        postgres = [str(self._binaries / "postgres"), "-D", str(self.cluster)]
        for naam, waarde in instellingen.items():
            postgres += ["-c", f"{naam}={waarde.strip(chr(39))}"]
        wie = [str(self._gebruiker.uid), str(self._gebruiker.gid)]
        subprocess.run(
            [sys.executable, "-I", "-S", wachter.__file__, str(self.data), *wie, *postgres],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=False,
        )
