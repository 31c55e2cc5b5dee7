"""The processor time of the processes that answer: those that this one began, and PostgreSQL with its connections."""

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

from overstap.adapters.postgres.server import Server

_PROC = Path("/proc")
_TIK = os.sysconf("SC_CLK_TCK")
_NANO = 1e9


def processortijd(server: Server) -> Callable[[], float]:
    """Give a clock of the seconds of processor time that they took, for one request at a time."""
    postmaster = int((server.cluster / "postmaster.pid").read_text("utf-8").split("\n")[0])

    def klok() -> float:
        eigen = [kind.pid for kind in multiprocessing.active_children() if kind.pid]
        van_postgres = _kinderen(postmaster)
        return sum(map(_gelopen, [*eigen, postmaster, *van_postgres])) + _van_wie_er_niet_meer_zijn(postmaster)

    return klok


def _kinderen(ouder: int) -> list[int]:
    return [int(een) for een in (_PROC / str(ouder) / "task" / str(ouder) / "children").read_text("utf-8").split()]


def _gelopen(proces: int) -> float:
    """Give what all threads of a process took, to the nanosecond (proc_pid_schedstat)."""
    som = 0
    for draad in (_PROC / str(proces) / "task").glob("*/schedstat"):
        try:
            som += int(draad.read_text("utf-8").split()[0])
        except OSError:  # it ended meanwhile
            continue
    return som / _NANO


def _van_wie_er_niet_meer_zijn(ouder: int) -> float:
    """Give what processes took that it began and that ended since, such as workers of one query."""
    velden = (_PROC / str(ouder) / "stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(velden[13]) + int(velden[14])) / _TIK
