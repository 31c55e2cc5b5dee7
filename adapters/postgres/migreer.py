"""Bring a database to the shape this version needs: forward only, each step once, in a transaction of its own."""

import hashlib
import re
from collections.abc import Iterator
from enum import StrEnum
from importlib.resources import files
from typing import Any, NamedTuple

import psycopg
from psycopg.sql import SQL, Identifier

from overstap.adapters.postgres.fouten import MigratieFout
from overstap.adapters.postgres.logins import Login

_SLOT = 7305808869233650790  # advisory lock of whoever migrates this database
_NAAM = re.compile(r"(\d{4})-([a-z0-9_]+)\.sql")


class Soort(StrEnum):
    """What a new database is for; it never changes after that."""

    ECHT = "echt"
    DEMO = "demo"
    """May run on a simulated clock."""


class Migratie(NamedTuple):
    """One step: a file of migraties/."""

    nummer: int
    naam: str
    sql: str

    @property
    def controlesom(self) -> bytes:
        """SHA-256 of the file."""
        return hashlib.sha256(self.sql.encode()).digest()


def migraties() -> Iterator[Migratie]:
    """Give the steps of this version in order.

    Raises:
        MigratieFout: when the numbers do not run 1, 2, 3, ...

    """
    map_ = files("overstap.adapters.postgres.migraties")
    namen = sorted(bestand.name for bestand in map_.iterdir() if _NAAM.fullmatch(bestand.name))
    for verwacht, bestandsnaam in enumerate(namen, 1):
        if int(bestandsnaam[:4]) != verwacht:
            raise MigratieFout(f"Migratie {verwacht:04} ontbreekt of staat er twee keer: {bestandsnaam}.")
        yield Migratie(verwacht, bestandsnaam[5:-4], (map_ / bestandsnaam).read_text(encoding="utf-8"))


def migreer(verbinding: psycopg.Connection[Any], soort: Soort = Soort.ECHT) -> list[Migratie]:
    """Run the steps this database lacks and give them; several processes may do this at once.

    The connection must be in autocommit and may act as overstap_eigenaar: that login itself, a member of it, or a superuser,
    who also makes the logins that are missing. soort counts for a new database alone.

    Raises:
        MigratieFout: when a step that was run has been changed since, is unknown to this version, or the rights lack.

    """
    try:
        _word_eigenaar(verbinding)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedObject) as fout:
        raise MigratieFout(
            "Deze login mag de database niet inrichten. Geef met OVERSTAP_DATABASE_URL de login overstap_eigenaar, of een "
            f"beheerder die logins mag maken. PostgreSQL zegt: {fout.diag.message_primary}"
        ) from fout
    verbinding.execute("SELECT pg_advisory_lock(%s)", (_SLOT,))
    try:
        gedaan = _gedaan(verbinding)
        nieuw = []
        for migratie in _nog_te_doen(gedaan):
            with verbinding.transaction():
                verbinding.execute("SELECT set_config('overstap.soort', %s, true)", (soort,))
                verbinding.execute(migratie.sql.encode())
                verbinding.execute(
                    "INSERT INTO migraties.uitgevoerd (nummer, naam, controlesom) VALUES (%s, %s, %s)",
                    (migratie.nummer, migratie.naam, migratie.controlesom),
                )
            nieuw.append(migratie)
        return nieuw
    finally:
        verbinding.execute("SELECT pg_advisory_unlock(%s)", (_SLOT,))
        verbinding.execute("RESET ROLE")


def maak_leeg(verbinding: psycopg.Connection[Any]) -> None:
    """Remove everything of ours from a demo database, so that it can be migrated anew.

    Raises:
        MigratieFout: when this database holds a real log.

    """
    bestaat = verbinding.execute("SELECT to_regclass('log.kenmerk') IS NOT NULL").fetchone()
    if bestaat == (True,) and verbinding.execute("SELECT soort FROM log.kenmerk").fetchone() != (Soort.DEMO,):
        raise MigratieFout("Deze database is geen demo en wordt niet leeggemaakt. Kies voor de demo een andere database.")
    for schema in ("beeld", "kluis", "log", "migraties"):
        verbinding.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))


def _word_eigenaar(verbinding: psycopg.Connection[Any]) -> None:
    wie = verbinding.execute(
        "SELECT current_user, (SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)), current_database()", (list(Login),)
    ).fetchone()
    assert wie is not None  # noqa: S101 - one row, always
    gebruiker, aantal_logins, databank = wie
    if gebruiker == Login.EIGENAAR:
        return
    if aantal_logins < len(Login):
        verbinding.execute((files("overstap.adapters.postgres") / "logins.sql").read_bytes())
    verbinding.execute(SQL("GRANT CREATE ON DATABASE {} TO {}").format(Identifier(databank), Identifier(Login.EIGENAAR)))
    verbinding.execute(SQL("SET ROLE {}").format(Identifier(Login.EIGENAAR)))


def _gedaan(verbinding: psycopg.Connection[Any]) -> dict[int, tuple[str, bytes]]:
    with verbinding.transaction():
        verbinding.execute(
            """
            CREATE SCHEMA IF NOT EXISTS migraties;
            CREATE TABLE IF NOT EXISTS migraties.uitgevoerd (
                nummer integer PRIMARY KEY,
                naam text NOT NULL,
                controlesom bytea NOT NULL,
                uitgevoerd_op timestamptz NOT NULL DEFAULT now()
            );
            """
        )
        rijen = verbinding.execute("SELECT nummer, naam, controlesom FROM migraties.uitgevoerd").fetchall()
    return {nummer: (naam, som) for nummer, naam, som in rijen}


def _nog_te_doen(gedaan: dict[int, tuple[str, bytes]]) -> list[Migratie]:
    stappen = list(migraties())
    if meer := sorted(set(gedaan) - {stap.nummer for stap in stappen}):
        raise MigratieFout(
            f"Deze database is van een nieuwere versie (migratie {meer[-1]:04}-{gedaan[meer[-1]][0]}). Gebruik die versie van overstap."
        )
    for stap in stappen:
        if stap.nummer in gedaan and gedaan[stap.nummer] != (stap.naam, stap.controlesom):
            raise MigratieFout(
                f"Migratie {stap.nummer:04}-{stap.naam} is al uitgevoerd, maar het bestand is daarna veranderd. Zet het bestand terug "
                "zoals het was en leg de verandering vast als een nieuwe migratie met een volgend nummer."
            )
    return [stap for stap in stappen if stap.nummer not in gedaan]
