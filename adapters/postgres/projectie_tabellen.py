"""Make the tables of the read models where they lack, each from its own .sql file, as overstap_projectie."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.projections.aanleveringen import AanleveringenProjectie
from overstap.projections.actueel_tabel import ActueelProjectie
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
)
"""Every stored read model."""
SCHEMA = "beeld"
_SLOT = 7305808869233650791  # advisory lock of whoever makes tables of read models


def richt_in(databank: Databank, projecties: Sequence[type[Projectie]] = PROJECTIES) -> None:
    """Make what lacks: tables, and the place of each read model in the log; several processes may do this at once.

    A read model whose version changed begins anew: its tables are made again, empty, to be folded from the first event.
    """
    with databank.verbind(Login.PROJECTIE) as verbinding, verbinding.transaction():
        verbinding.execute("SELECT pg_advisory_xact_lock(%s)", (_SLOT,))
        verbinding.execute((files("overstap.adapters.postgres") / "projectie_voortgang.sql").read_bytes())
        bekend = dict(verbinding.execute("SELECT naam, versie FROM beeld.voortgang").fetchall())
        for projectie in projecties:
            if bekend.get(projectie.naam) != projectie.versie:
                begin_opnieuw(verbinding, projectie)


def begin_opnieuw(verbinding: psycopg.Connection[Any], projectie: type[Projectie]) -> None:
    """Make the tables of a read model anew, empty, with its place before the first event; in the caller's transaction.

    The place is locked first, as a worker does: so the two never wait for each other.
    """
    verbinding.execute("SELECT FROM beeld.voortgang WHERE naam = %s FOR UPDATE", (projectie.naam,))
    for tabel in projectie.tabellen:
        verbinding.execute(SQL("DROP TABLE IF EXISTS {}").format(Identifier(SCHEMA, tabel)))
    verbinding.execute("SELECT set_config('search_path', %s, true)", (SCHEMA,))
    verbinding.execute(definitie(projectie.naam).encode())
    verbinding.execute(
        "INSERT INTO beeld.voortgang (naam, versie, positie) VALUES (%s, %s, 0) "
        "ON CONFLICT (naam) DO UPDATE SET versie = excluded.versie, positie = 0",
        (projectie.naam, projectie.versie),
    )
