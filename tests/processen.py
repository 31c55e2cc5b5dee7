"""The processes that tests begin: each forked from one that imported once what they all need.

One server of forks serves a whole process, and what it imports is settled when it starts: so it is named here for all
tests, after the check of the product named its own (adapters/controle/proces.py).
"""

from multiprocessing import get_context
from typing import Final

from overstap.adapters.controle import lezer, proces, schrijver

PROCESSEN: Final = get_context("forkserver")
PROCESSEN.set_forkserver_preload(
    [
        *(module.__name__ for module in (proces, schrijver, lezer)),
        "tests.adapters.postgres.schrijvers",
        "tests.adapters.postgres.werkproces",
    ]
)
