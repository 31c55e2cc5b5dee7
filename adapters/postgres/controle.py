"""Answer what `overstap doctor` asks: whose rights a connection has, what the database is, whether the log is whole."""

from typing import Any, NamedTuple

import psycopg

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import MigratieFout, VerkeerdeLogin
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Migratie, Soort, nog_te_doen

_RECHTEN = """
SELECT session_user::text, current_user::text, bool_or(r.rolsuper), bool_or(r.rolbypassrls),
       coalesce(bool_or(pg_has_role(r.oid, eigenaar.oid, 'MEMBER')), false)
  FROM pg_roles AS r LEFT JOIN pg_roles AS eigenaar ON eigenaar.rolname = %s
 WHERE r.rolname IN (session_user, current_user)
"""
_BREUKEN = """
SELECT positie
  FROM (
      SELECT *, coalesce(lag(hash) OVER stroom, decode(repeat('00', 32), 'hex')) AS vorige
        FROM log.gebeurtenissen
      WINDOW stroom AS (PARTITION BY originator_id ORDER BY originator_version)
  ) AS g
 WHERE hash <> log.schakel(
           vorige, log.herkomst(originator_id, regio, gebeurd_op, actor, rol, organisatie, correlatie, procedure),
           originator_version, topic, state, oorzaak)
   AND hash <> log.keten_hash(
           vorige, originator_id, originator_version, topic, state, regio, gebeurd_op, actor, rol, organisatie,
           correlatie, oorzaak, procedure)
 ORDER BY positie
"""
_GATEN = """
SELECT positie + 1, volgende - 1
  FROM (SELECT positie, lead(positie) OVER (ORDER BY positie) AS volgende FROM
           (SELECT 0 AS positie UNION ALL SELECT positie FROM log.gebeurtenissen) AS alle) AS paren
 WHERE volgende > positie + 1
 ORDER BY positie
"""


class Rechten(NamedTuple):
    """Whose rights a connection has: the login that entered, the role it acts in, and what either could do."""

    login: str
    rol: str
    is_supergebruiker: bool
    mag_langs_rijbeveiliging: bool
    is_eigenaar: bool


def rechten(verbinding: psycopg.Connection[Any]) -> Rechten:
    """Tell whose rights this connection has; a role taken on can be put off again, so the login counts too."""
    [rij] = verbinding.execute(_RECHTEN, (Login.EIGENAAR,)).fetchall()
    return Rechten(*rij)


def eis_beperkte_login(verbinding: psycopg.Connection[Any]) -> None:
    """Refuse a connection that could do more than its work: superuser, owner, or past row level security.

    Raises:
        VerkeerdeLogin: when it could.

    """
    wie = rechten(verbinding)
    if wie.is_supergebruiker or wie.is_eigenaar or wie.mag_langs_rijbeveiliging:
        raise VerkeerdeLogin(
            f"De login {wie.login} mag te veel op deze database (supergebruiker of eigenaar). Gebruik een URL van "
            f"{Login.SCHRIJVER}, {Login.APP} of een van de andere beperkte logins; zie docs/log.md."
        )


def eis_beperkte_logins(databank: Databank) -> None:
    """Refuse a database whose daily logins could do more than their work.

    Raises:
        VerkeerdeLogin: when one of them could.

    """
    for login in (Login.SCHRIJVER, Login.PROJECTIE, Login.APP, Login.AUDIT):
        with databank.verbind(login) as verbinding:
            eis_beperkte_login(verbinding)


def soort_van(verbinding: psycopg.Connection[Any]) -> Soort:
    """Tell what the database was made for.

    Raises:
        MigratieFout: when it has not been migrated yet.

    """
    try:
        [(soort,)] = verbinding.execute("SELECT soort FROM log.kenmerk").fetchall()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as fout:
        raise MigratieFout("Deze database is nog niet ingericht. Draai `overstap migrate`.") from fout
    return Soort(soort)


def ontbrekende_migraties(verbinding: psycopg.Connection[Any]) -> list[Migratie]:
    """Give the migrations this database still lacks.

    Raises:
        MigratieFout: when what was run is not what this version has, or the database has not been migrated yet.

    """
    try:
        return nog_te_doen(verbinding)
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as fout:
        raise MigratieFout("Deze database is nog niet ingericht. Draai `overstap migrate`.") from fout


def breuken(verbinding: psycopg.Connection[Any]) -> list[int]:
    """Compute every stream's chain again; give the positions whose hash is not what their columns say."""
    return [positie for (positie,) in verbinding.execute(_BREUKEN)]


def gaten(verbinding: psycopg.Connection[Any]) -> list[tuple[int, int]]:
    """Give the positions that are missing, as first and last of each gap."""
    return verbinding.execute(_GATEN).fetchall()
