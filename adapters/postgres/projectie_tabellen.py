"""Make the tables of the read models where they lack, each from its own .sql file, as overstap_projectie."""

from collections.abc import Sequence
from enum import StrEnum
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import MigratieFout
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.projections.aanleveringen import AanleveringenProjectie
from overstap.projections.actueel_tabel import ActueelProjectie
from overstap.projections.kenmerkperiodes import KenmerkperiodesProjectie
from overstap.projections.organisaties import OrganisatiesProjectie
from overstap.projections.projectie import Projectie, definitie
from overstap.projections.statusperiodes_tabel import StatusperiodesProjectie
from overstap.projections.wachtbak import WachtbakProjectie

PROJECTIES: tuple[type[Projectie], ...] = (
    ActueelProjectie,
    StatusperiodesProjectie,
    WachtbakProjectie,
    OrganisatiesProjectie,
    AanleveringenProjectie,
    KenmerkperiodesProjectie,
)
"""Every stored read model."""


class Plek(StrEnum):
    """Where tables of read models stand: a schema."""

    BEELD = "beeld"
    """What people look at."""
    SCHADUW = "beeld_schaduw"
    """What is being built anew."""
    OUD = "beeld_oud"
    """What that took the place of, for a way back."""


STANDEN = "SELECT naam, positie, versie FROM beeld.voortgang"
"""Of each read model: up to which position of the log it is, and the version of the program that made it."""
_SLOT = 7305808869233650791  # advisory lock of whoever makes tables of read models
_SCHEMAS = "SELECT count(*) FROM pg_namespace WHERE nspname = ANY(%s)"
_INGERICHT = """
SELECT to_regclass('beeld_oud.tempo') IS NOT NULL
   AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('beeld_oud.voortgang') AND attname = 'lichting')
"""
_INDEXEN = """
SELECT CASE WHEN c.oid IS NULL THEN format('DROP INDEX %%I.%%I', %(plek)s::text, naam.relname)
            ELSE format('ALTER TABLE %%I.%%I DROP CONSTRAINT %%I', %(plek)s::text, %(tabel)s::text, c.conname) END,
       CASE WHEN c.oid IS NULL THEN pg_get_indexdef(i.indexrelid)
            ELSE format('ALTER TABLE %%I.%%I ADD CONSTRAINT %%I %%s', %(plek)s::text, %(tabel)s::text, c.conname,
                        pg_get_constraintdef(c.oid)) END
  FROM pg_index AS i
  JOIN pg_class AS eigen ON eigen.oid = i.indrelid
  JOIN pg_class AS naam ON naam.oid = i.indexrelid
  LEFT JOIN pg_constraint AS c ON c.conindid = i.indexrelid
 WHERE eigen.relname = %(tabel)s AND eigen.relnamespace = %(plek)s::regnamespace
 ORDER BY c.conname, i.indexrelid
"""


def richt_in(databank: Databank, projecties: Sequence[type[Projectie]] = PROJECTIES) -> None:
    """Make what lacks: tables, and the place of each read model in the log; several processes may do this at once.

    A read model of another version is left as it is: what is stored goes on being served until it is built anew.

    Raises:
        MigratieFout: when the database lacks the schemas they stand in.

    """
    with databank.verbind(Login.PROJECTIE) as verbinding:
        richt_in_over(verbinding, projecties)


def richt_in_over(verbinding: psycopg.Connection[Any], projecties: Sequence[type[Projectie]]) -> None:
    """Do the same over a connection in autocommit, as overstap_projectie."""
    if not _ontbreekt(verbinding, projecties):
        return
    if verbinding.execute(_SCHEMAS, (list(Plek),)).fetchone() != (len(Plek),):
        raise MigratieFout("Deze database is nog niet bij deze versie. Draai `overstap migrate`.")
    with verbinding.transaction():
        verbinding.execute("SELECT pg_advisory_xact_lock(%s)", (_SLOT,))
        if not _is_ingericht(verbinding):
            boekhouding = (files("overstap.adapters.postgres") / "projectie_voortgang.sql").read_bytes()
            for plek in Plek:
                kies(verbinding, plek)
                verbinding.execute(boekhouding)
        for projectie in _ontbreekt(verbinding, projecties):
            begin_opnieuw(verbinding, projectie, Plek.BEELD)


def is_bij(databank: Databank, projecties: Sequence[type[Projectie]] = PROJECTIES) -> bool:
    """Tell whether every read model is of this version and has all that the log holds; one connection tells it."""
    with databank.verbind(Login.PROJECTIE) as verbinding:
        if not _is_ingericht(verbinding):
            return False
        doel = Log(verbinding).laatste_positie()
        standen = {naam: (positie, versie) for naam, positie, versie in verbinding.execute(STANDEN)}
    return all(
        positie >= doel and versie == projectie.versie
        for projectie in projecties
        for positie, versie in (standen.get(projectie.naam, (-1, None)),)
    )


def kies(verbinding: psycopg.Connection[Any], plek: Plek) -> None:
    """Find tables in one place, for the rest of the caller's transaction."""
    verbinding.execute("SELECT set_config('search_path', %s, true)", (plek,))


def begin_opnieuw(verbinding: psycopg.Connection[Any], projectie: type[Projectie], plek: Plek) -> None:
    """Make the tables of a read model anew, empty, with its place before the first event; in the caller's transaction.

    The place is locked first, as a worker does: so the two never wait for each other.
    """
    kies(verbinding, plek)
    verbinding.execute("SELECT FROM voortgang WHERE naam = %s FOR UPDATE", (projectie.naam,))
    verwijder(verbinding, projectie, plek)
    verbinding.execute(definitie(projectie.naam).encode())
    verbinding.execute(
        "INSERT INTO voortgang (naam, versie, positie, tabellen) VALUES (%s, %s, 0, %s)",
        (projectie.naam, projectie.versie, list(projectie.tabellen)),
    )


def haal_indexen_weg(verbinding: psycopg.Connection[Any], plek: Plek, tabel: str) -> list[str]:
    """Remove the keys and indexes of a table that is to be filled, and give what makes them again, for when it is.

    To make each in one go takes a fraction of the time, and of the log of the database, that row after row takes.
    """
    opdrachten = verbinding.execute(_INDEXEN, {"plek": plek, "tabel": tabel}).fetchall()
    for weg, _ in opdrachten:
        verbinding.execute(weg)
    return [terug for _, terug in opdrachten]


def verwijder(verbinding: psycopg.Connection[Any], projectie: type[Projectie], plek: Plek) -> None:
    """Remove a read model from a place, whichever version stands there, in the caller's transaction."""
    for tabel in tabellen_op(verbinding, projectie, plek):
        verbinding.execute(SQL("DROP TABLE IF EXISTS {}").format(Identifier(plek, tabel)))
    for boek, kolom in (("voortgang", "naam"), ("geparkeerd", "projectie"), ("tempo", "naam")):
        weg = SQL("DELETE FROM {} WHERE {} = %s").format(Identifier(plek, boek), Identifier(kolom))
        verbinding.execute(weg, (projectie.naam,))


def tabellen_op(verbinding: psycopg.Connection[Any], projectie: type[Projectie], plek: Plek) -> Sequence[str]:
    """Name the tables of a read model in a place; another version may have had others."""
    vraag = SQL("SELECT tabellen FROM {} WHERE naam = %s").format(Identifier(plek, "voortgang"))
    rij = verbinding.execute(vraag, (projectie.naam,)).fetchone()
    return rij[0] if rij and rij[0] else projectie.tabellen


def _is_ingericht(verbinding: psycopg.Connection[Any]) -> bool:
    return verbinding.execute(_INGERICHT).fetchone() == (True,)


def _ontbreekt(verbinding: psycopg.Connection[Any], projecties: Sequence[type[Projectie]]) -> Sequence[type[Projectie]]:
    if not _is_ingericht(verbinding):
        return projecties
    bekend = {naam for (naam,) in verbinding.execute("SELECT naam FROM beeld.voortgang")}
    return [projectie for projectie in projecties if projectie.naam not in bekend]
