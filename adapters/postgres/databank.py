"""Reach the one database of this installation as any of its logins: embedded, or where a URL points."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Migratie, Soort, maak_leeg, migreer
from overstap.adapters.postgres.server import Server

NAAM = "overstap"
"""The default database of the embedded server."""


@dataclass(frozen=True)
class Databank:
    """Where the database is, and how to be each of its logins.

    adres holds libpq's parameters. A login in wachtwoorden, or any when adres names a passfile, enters as itself. For
    another the user in adres enters, and takes on the login's role (SET ROLE) unless he is that login.
    """

    adres: Mapping[str, str] = field(repr=False)
    wachtwoorden: Mapping[str, str] = field(repr=False, default_factory=dict)

    def conninfo(self, login: Login) -> str:
        """Give the connection string of a login; it holds a password, so never show or log it."""
        vast = {"client_encoding": "UTF8", "application_name": "overstap", "connect_timeout": "10", **self.adres}
        # Compiling plans costs more than running them: on a server with jit an import took nine times as long.
        opties = f"{vast.pop('options', '')} -c timezone=UTC -c jit=off".strip()
        if login in self.wachtwoorden:
            vast |= {"user": login, "password": self.wachtwoorden[login]}
        elif "passfile" in vast:
            vast["user"] = login
            vast.pop("password", None)
        elif vast.get("user") != login:
            opties += f" -c role={login}"
        return make_conninfo(**vast, options=opties)

    def verbind(self, login: Login, *, autocommit: bool = True) -> psycopg.Connection[Any]:
        """Connect as a login.

        Raises:
            DatabankOnbereikbaar: when there is no connection to be had.

        """
        try:
            return psycopg.connect(self.conninfo(login), autocommit=autocommit)
        except psycopg.OperationalError as fout:
            plaats = self.adres.get("host") or "de standaardplek"
            raise DatabankOnbereikbaar(
                f"De database op {plaats} is niet te bereiken als {login}: {str(fout).strip()}. "
                "Controleer of de server draait en of OVERSTAP_DATABASE_URL klopt."
            ) from None

    def migreer(self, soort: Soort = Soort.ECHT) -> list[Migratie]:
        """Run the migrations this database lacks; soort counts for a new database alone."""
        with self._als_inrichter() as verbinding:
            return migreer(verbinding, soort)

    def begin_opnieuw(self, soort: Soort) -> None:
        """Empty a demo database (a real one is refused) and make everything anew."""
        with self._als_inrichter() as verbinding:
            maak_leeg(verbinding)
            migreer(verbinding, soort)

    @contextlib.contextmanager
    def _als_inrichter(self) -> Iterator[psycopg.Connection[Any]]:
        """Connect as the owner, or as the user of the URL, who may still have to make the logins."""
        wie = self if Login.EIGENAAR in self.wachtwoorden else _ZoalsGegeven(self.adres)
        with wie.verbind(Login.EIGENAAR) as verbinding:
            yield verbinding


class _ZoalsGegeven(Databank):
    def conninfo(self, login: Login) -> str:  # noqa: ARG002 - whoever the URL names
        return make_conninfo(**{"client_encoding": "UTF8", "connect_timeout": "10", **self.adres})


@contextlib.contextmanager
def open_databank(data: Path, url: str | None = None, naam: str = NAAM) -> Iterator[Databank]:
    """Give the database in use by this process: at the URL, else embedded in the data folder (made when missing).

    The embedded server runs at least until the end of the `with`. Nothing is migrated here.

    Raises:
        DatabankOnbereikbaar: when the embedded server cannot start, or the URL cannot be read.

    """
    if url:
        try:
            adres = {sleutel: str(waarde) for sleutel, waarde in conninfo_to_dict(url).items() if waarde is not None}
        except psycopg.ProgrammingError as fout:
            raise DatabankOnbereikbaar(
                "OVERSTAP_DATABASE_URL is geen geldige database-URL (postgresql://...)."
            ) from fout
        yield Databank(adres)
        return
    server = Server(data)
    try:
        server.maak_databank(naam)
        yield Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden)
    finally:
        server.laat_los()
