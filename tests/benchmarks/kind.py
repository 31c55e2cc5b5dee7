"""A process of a benchmark's own, which ends with the benchmark however that ended."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.context import SpawnContext, SpawnProcess

from overstap.adapters.http.ouder import stop_met_de_ouder

LOS: SpawnContext = multiprocessing.get_context("spawn")


def kind(werk: Callable[..., None], *args: object) -> SpawnProcess:
    """Give a process for this work, to be started; it ends with the one that makes it, also when that one is killed."""
    return LOS.Process(target=_doe, args=(werk, *args), daemon=True)


def _doe(werk: Callable[..., None], *args: object) -> None:
    stop_met_de_ouder()
    werk(*args)
