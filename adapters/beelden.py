"""The read models for one who asks: brought up to date with the log, and looked at within the own region."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from overstap.adapters.app import App
from overstap.adapters.postgres.bereik import bereik_van, in_bereik
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_tabellen import is_bij
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.domain.rollen import Actor, Rol

OPDRACHTREGEL = "opdrachtregel"
"""The account under which the command line acts; who may use the machine is not for us to tell."""


@contextmanager
def leesblik(app: App, reden: str | None = None) -> Iterator[psycopg.Cursor[Any]]:
    """Give a cursor on the read models in the scope of the region's regiebeheerder, in one transaction.

    A reason opens sealed data too; whoever gives it logs it.
    """
    actor = Actor(account=OPDRACHTREGEL, rol=Rol.REGIEBEHEERDER, organisatie=app.regio, regio=app.regio)
    with (
        app.databank.verbind(Login.APP) as verbinding,
        in_bereik(verbinding, bereik_van(actor, app.klok(), reden=reden)) as cursor,
    ):
        yield cursor


def werk_bij(app: App) -> None:
    """Fold what the log has and the read models have not yet."""
    if is_bij(app.databank):
        return
    with Werker(app.databank) as werker:
        werker.bijwerken_tot()
