"""The read models for one who asks: brought up to date with the log, and looked at within the own region."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from overstap.adapters.app import App
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_werker import Werker


@contextmanager
def leesblik(app: App) -> Iterator[psycopg.Cursor[Any]]:
    """Give a cursor on the read models of the app's region, in one transaction."""
    with app.databank.verbind(Login.APP, autocommit=False) as verbinding, verbinding.cursor() as cursor:
        cursor.execute("SELECT set_config('overstap.regio', %s, true)", (app.regio,))
        yield cursor


def werk_bij(app: App) -> None:
    """Fold what the log has and the read models have not yet."""
    with Werker(app.databank) as werker:
        werker.bijwerken_tot()
