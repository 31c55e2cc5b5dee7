"""Bring a database to the shape this version needs: forward only, each step once, in a transaction of its own."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from overstap.adapters.postgres.feitzicht_tabel import schrijf_feitzicht
from overstap.adapters.postgres.fouten import MigratieFout
from overstap.adapters.postgres.logins import EIGEN_NAMEN, Login

_SLOT = 7305808869233650790  # advisory lock of whoever migrates this database
_NAAM = re.compile(r"\d{4}-[a-z0-9_]+\.sql")
_ADMINISTRATIE = """
CREATE SCHEMA IF NOT EXISTS migraties;
CREATE TABLE IF NOT EXISTS migraties.uitgevoerd (
    nummer integer PRIMARY KEY,
    naam text NOT NULL,
    controlesom bytea NOT NULL,
    uitgevoerd_op timestamptz NOT NULL DEFAULT now()
);
GRANT USAGE ON SCHEMA migraties TO overstap_schrijver, overstap_projectie, overstap_app, overstap_audit;
GRANT SELECT ON migraties.uitgevoerd TO overstap_schrijver, overstap_projectie, overstap_app, overstap_audit;
"""


class Soort(StrEnum):
    """What a new database is for; it never changes after that."""

    ECHT = "echt"
    DEMO = "demo"
    """May run on a simulated clock."""


@dataclass(frozen=True)
class Migratie:
    """One step: a file of migraties/."""

    nummer: int
    naam: str
    sql: str = field(repr=False)

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

    Which facts each role sees is written down as this version has it, also when no step was lacking.

    The connection is in autocommit and may act as overstap_eigenaar: that login itself, a member of it, or a superuser,
    who also makes the logins that are missing. soort counts for a new database alone.

    Raises:
        MigratieFout: when a step that was run has been changed since or is unknown to this version, or the rights lack.

    """
    try:
        _word_eigenaar(verbinding)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedObject) as fout:
        raise MigratieFout(
            "Deze login mag de database niet inrichten. Geef met OVERSTAP_DATABASE_URL de login overstap_eigenaar, of "
            f"een beheerder die logins mag maken. PostgreSQL zegt: {fout.diag.message_primary}"
        ) from fout
    verbinding.execute("SELECT pg_advisory_lock(%s)", (_SLOT,))
    try:
        with verbinding.transaction():
            verbinding.execute(_ADMINISTRATIE)
        nieuw = nog_te_doen(verbinding)
        for migratie in nieuw:
            _voer_uit(verbinding, migratie, soort)
        with verbinding.transaction():
            schrijf_feitzicht(verbinding)
        return nieuw
    finally:
        verbinding.execute("SELECT pg_advisory_unlock(%s)", (_SLOT,))
        verbinding.execute("RESET ROLE")


def maak_leeg(verbinding: psycopg.Connection[Any]) -> None:
    """Remove everything of ours from a demo database, or one with nothing in its log, so that it can be migrated anew.

    Raises:
        MigratieFout: when this database holds a real log.

    """
    bestaat = verbinding.execute("SELECT to_regclass('log.gebeurtenissen') IS NOT NULL").fetchone()
    is_echt = bestaat == (True,) and verbinding.execute("SELECT soort FROM log.kenmerk").fetchone() != (Soort.DEMO,)
    if is_echt and verbinding.execute("SELECT FROM log.gebeurtenissen LIMIT 1").fetchone() is not None:
        raise MigratieFout(
            "Deze database bevat een echt log en wordt niet leeggemaakt. Kies voor de demo een andere map of database."
        )
    for schema in ("beeld", "beeld_schaduw", "beeld_oud", "toegang", "kluis", "log", "migraties"):
        verbinding.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))


def nog_te_doen(verbinding: psycopg.Connection[Any]) -> list[Migratie]:
    """Give the steps this database lacks.

    Raises:
        MigratieFout: when a step that was run has been changed since or is unknown to this version.

    """
    rijen = verbinding.execute("SELECT nummer, naam, controlesom FROM migraties.uitgevoerd ORDER BY nummer").fetchall()
    gedaan = {nummer: (naam, controlesom) for nummer, naam, controlesom in rijen}
    stappen = {stap.nummer: stap for stap in migraties()}
    for nummer, (naam, controlesom) in gedaan.items():
        if nummer not in stappen:
            raise MigratieFout(
                f"Deze database is van een nieuwere versie (migratie {nummer:04}-{naam}). "
                "Gebruik die versie van overstap."
            )
        if (naam, controlesom) != (stappen[nummer].naam, stappen[nummer].controlesom):
            raise MigratieFout(
                f"Migratie {nummer:04}-{naam} is al uitgevoerd, maar het bestand is daarna veranderd. Zet het terug "
                "zoals het was en leg de verandering vast als een nieuwe migratie met een volgend nummer."
            )
    return [stap for stap in stappen.values() if stap.nummer not in gedaan]


def maak_logins() -> bytes:
    """Give the SQL that makes the logins and group roles that are missing, for somebody who may."""
    return (files("overstap.adapters.postgres") / "logins.sql").read_bytes()


def _voer_uit(verbinding: psycopg.Connection[Any], migratie: Migratie, soort: Soort) -> None:
    with verbinding.transaction():
        verbinding.execute("SELECT set_config('overstap.soort', %s, true)", (soort,))
        verbinding.execute(migratie.sql.encode())
        verbinding.execute(
            "INSERT INTO migraties.uitgevoerd (nummer, naam, controlesom) VALUES (%s, %s, %s)",
            (migratie.nummer, migratie.naam, migratie.controlesom),
        )


def _word_eigenaar(verbinding: psycopg.Connection[Any]) -> None:
    """Act as overstap_eigenaar, making the logins and its right to make schemas when we are somebody who may."""
    [(gebruiker, aantal, databank)] = verbinding.execute(
        "SELECT current_user, (SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)), current_database()",
        (list(EIGEN_NAMEN),),
    ).fetchall()
    is_volledig = aantal == len(EIGEN_NAMEN)
    if gebruiker == Login.EIGENAAR and not is_volledig:
        raise MigratieFout(
            "Op deze server ontbreken rollen die deze versie nodig heeft. Draai `overstap migrate` een keer met een "
            "URL van een beheerder die logins mag maken."
        )
    if gebruiker == Login.EIGENAAR:
        return
    eigenaar = Identifier(Login.EIGENAAR)
    if not is_volledig:
        verbinding.execute(maak_logins())
    verbinding.execute(SQL("GRANT CREATE ON DATABASE {} TO {}").format(Identifier(databank), eigenaar))
    verbinding.execute(SQL("SET ROLE {}").format(eigenaar))
