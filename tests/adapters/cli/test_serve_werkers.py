"""`overstap serve --workers 2`: two processes behind one port, which go when the one that began them is gone."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from tests.adapters.cli.test_serve_notaris import dienst, is_er, tel, wacht_tot

__all__ = ["tel"]
_MEDEWERKERS = 2


def _kinderen(pid: int) -> set[int]:
    """Give the processes that serve: those that have the socket, and were not begun for something else."""
    alle = {int(een) for een in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()}
    return {een for een in alle if b"spawn_main" in Path(f"/proc/{een}/cmdline").read_bytes()}


def test_workers_of_a_service_that_is_killed_are_gone_too(datamap: Path, tel: Callable[[str], int]) -> None:
    assert tel("SELECT 1") == 1, "the database stays up meanwhile"
    with dienst(datamap, "--workers", str(_MEDEWERKERS), "--no-notary") as proces:
        poort = _poort(proces.args)
        kinderen = _kinderen(proces.pid)
        assert len(kinderen) >= _MEDEWERKERS
        os.kill(proces.pid, signal.SIGKILL)
        wacht_tot(lambda: not any(Path(f"/proc/{een}").exists() for een in kinderen))
        assert not is_er(poort)


def _poort(opdracht: object) -> int:
    assert isinstance(opdracht, list)
    return int(opdracht[opdracht.index("--port") + 1])
