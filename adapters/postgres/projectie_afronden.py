"""Make keys, indexes and statistics of many rows over several connections: of each, PostgreSQL makes one at a time."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import psycopg

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login

_RUIM = "SET maintenance_work_mem = '256MB'"
_SAMEN = f"""
{_RUIM};
SET max_parallel_maintenance_workers = 0;  -- the others are at work, and to sort with two costs more
SET synchronous_commit = off;  -- what is said last, that all is done, is waited for
SET default_statistics_target = 40  -- a sample of 12,000 rows tells enough
"""


def voer_uit(databank: Databank, verbinding: psycopg.Connection[Any], aantal: int, opdrachten: Sequence[str]) -> None:
    """Execute these over as many connections, of which the given one is the first; each on its own unless that is all.

    Who is interrupted, or fails, breaks off what is being executed.
    """
    wachtrij = deque(opdrachten)
    if min(aantal, len(wachtrij)) <= 1:
        with verbinding.transaction():
            verbinding.execute(_RUIM)
            _werk_af(verbinding, wachtrij)
        return
    with ExitStack() as stapel:
        andere = [stapel.enter_context(databank.verbind(Login.PROJECTIE)) for _ in range(aantal - 1)]
        for een in (verbinding, *andere):
            een.execute(_SAMEN.encode())
        draden = stapel.enter_context(ThreadPoolExecutor(len(andere)))
        taken = [draden.submit(_werk_af, een, wachtrij) for een in andere]
        try:
            _werk_af(verbinding, wachtrij)
            for taak in taken:
                taak.result()
        except BaseException:
            wachtrij.clear()
            for een in andere:
                een.cancel_safe()
            raise


def _werk_af(verbinding: psycopg.Connection[Any], wachtrij: deque[str]) -> None:
    while wachtrij:
        try:
            opdracht = wachtrij.popleft()
        except IndexError:  # another took the last one
            return
        verbinding.execute(opdracht.encode())
