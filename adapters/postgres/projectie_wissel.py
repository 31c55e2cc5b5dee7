"""Put the tables of a read model in the place of others: one short transaction, which makes no reader wait long."""

import random
import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from overstap.adapters.postgres.fouten import DatabankFout
from overstap.adapters.postgres.projectie_tabellen import Plek, tabellen_op, verwijder
from overstap.adapters.postgres.projectie_vouwer import KANAAL
from overstap.projections.projectie import Projectie

_GEDULD = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Seconds that a swap may wait for readers, and so make later ones wait: at each attempt longer, up to the last."""
_HOOGSTENS = 60.0  # seconds
_BOEKEN = (("voortgang", "naam"), ("geparkeerd", "projectie"))


class GeenWissel(DatabankFout):
    """The tables could not be put in place; nothing has changed."""


def wissel(
    verbinding: psycopg.Connection[Any],
    projectie: type[Projectie],
    nieuw: Plek,
    haal_in: Callable[[], None],
    *,
    vastgezet: bool = False,
) -> None:
    """Serve what stands in `nieuw`, and keep what was served as the way back, in place of an older one.

    haal_in is called in the midst, when the place of what is served can no longer move, to bring `nieuw` as far over
    another connection. Readers who are busy are not waited for: a short attempt is made again and again.

    Raises:
        GeenWissel: when readers left no moment for it in a minute.

    """
    einde, poging = time.monotonic() + _HOOGSTENS, 0
    while True:
        try:
            with verbinding.transaction():
                verbinding.execute("SELECT FROM beeld.voortgang WHERE naam = %s FOR UPDATE", (projectie.naam,))
                haal_in()
                geduld = int(_GEDULD[min(poging, len(_GEDULD) - 1)] * 1000)
                _wissel(verbinding, projectie, nieuw, geduld, vastgezet=vastgezet)
            return
        except psycopg.errors.LockNotAvailable:
            poging += 1
            if time.monotonic() > einde:
                raise GeenWissel(
                    f"{projectie.naam} wordt zo druk gelezen dat wisselen niet lukte. Er is niets veranderd; "
                    "probeer het op een rustiger moment."
                ) from None
            time.sleep(random.uniform(0.01, 0.05))  # noqa: S311 - so that two do not keep meeting


def _wissel(
    verbinding: psycopg.Connection[Any], projectie: type[Projectie], nieuw: Plek, geduld: int, *, vastgezet: bool
) -> None:
    nu, straks = (tabellen_op(verbinding, projectie, plek) for plek in (Plek.BEELD, nieuw))
    alle = [(Plek.BEELD, tabel) for tabel in nu] + [(nieuw, tabel) for tabel in straks]
    verbinding.execute("SELECT set_config('lock_timeout', %s, true)", (f"{geduld}ms",))
    verbinding.execute(
        SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(SQL(", ").join(Identifier(*een) for een in alle))
    )
    if nieuw is Plek.OUD:  # the two change places, by way of the third
        verwijder(verbinding, projectie, Plek.SCHADUW)
        _verhuis(verbinding, projectie, straks, Plek.OUD, Plek.SCHADUW)
        nieuw = Plek.SCHADUW
    else:
        verwijder(verbinding, projectie, Plek.OUD)
    _verhuis(verbinding, projectie, nu, Plek.BEELD, Plek.OUD)
    _verhuis(verbinding, projectie, straks, nieuw, Plek.BEELD)
    rij = verbinding.execute(
        "UPDATE beeld.voortgang AS v SET lichting = o.lichting + 1, vastgezet = %s FROM beeld_oud.voortgang AS o "
        "WHERE v.naam = %s AND o.naam = v.naam RETURNING v.positie",
        (vastgezet, projectie.naam),
    ).fetchone()
    verbinding.execute("SELECT pg_notify(%s, %s)", (KANAAL, f"{projectie.naam} {rij[0] if rij else 0}"))


def _verhuis(
    verbinding: psycopg.Connection[Any], projectie: type[Projectie], tabellen: Sequence[str], van: Plek, naar: Plek
) -> None:
    for tabel in tabellen:
        verbinding.execute(SQL("ALTER TABLE {} SET SCHEMA {}").format(Identifier(van, tabel), Identifier(naar)))
    for boek, kolom in _BOEKEN:
        verbinding.execute(
            SQL("WITH weg AS (DELETE FROM {} WHERE {} = %s RETURNING *) INSERT INTO {} SELECT * FROM weg").format(
                Identifier(van, boek), Identifier(kolom), Identifier(naar, boek)
            ),
            (projectie.naam,),
        )
