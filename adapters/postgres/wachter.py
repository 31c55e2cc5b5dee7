"""Guard one PostgreSQL server: start it, and stop it when the last process that uses it is gone, however it went.

Run as a program of its own, with the standard library alone, so that it starts in milliseconds:
`python -I -S wachter.py FOLDER UID GID PROGRAM [ARGUMENT ...]`. Each user of the server holds a shared lock on
FOLDER/gebruikers.slot; the kernel gives it up even for a process that was killed. When the guard can take that lock
alone, nobody is left: it stops the server and goes. FOLDER/wachter.slot says that a guard lives. UID -1: as ourselves.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

STIL = 0.05  # seconds between two looks: how long a server outlives its last user
GROOTSTE_LOGBOEK = 10_000_000  # bytes; a server that starts begins a new one then
GEDULD = 60.0  # seconds a fast shutdown may take before it becomes an immediate one


def probeer_slot(slot: int) -> bool:
    """Take the lock alone, if nobody holds it."""
    try:
        fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def lopende_server(cluster: Path) -> int | None:
    """Give the process id of the server on this cluster, if one answers (a former guard may have been killed)."""
    try:
        regels = (cluster / "postmaster.pid").read_text(encoding="utf-8").split("\n")
        with socket.socket(socket.AF_UNIX) as proef:
            proef.connect(f"{regels[4]}/.s.PGSQL.{regels[3]}")
        return int(regels[0])
    except (OSError, ValueError, IndexError):
        return None


def leeft(pid: int) -> bool:
    """Tell whether the process runs; a child that ended is reaped."""
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def start(map_: Path, uid: int, gid: int, opdracht: list[str]) -> int:
    """Start the server in a session of its own, so that a terminal's interrupt does not reach it."""
    logboek = map_ / "postgres.log"
    if logboek.exists() and logboek.stat().st_size > GROOTSTE_LOGBOEK:
        logboek.replace(map_ / "postgres.log.1")
    with logboek.open("ab") as uitvoer:
        logboek.chmod(0o600)
        return subprocess.Popen(
            opdracht,
            cwd=map_ / "server" / "cluster",
            stdin=subprocess.DEVNULL,
            stdout=uitvoer,
            stderr=uitvoer,
            start_new_session=True,
            user=None if uid < 0 else uid,
            group=None if uid < 0 else gid,
            extra_groups=None if uid < 0 else (),
        ).pid


def stop(pid: int) -> None:
    """Stop the server: sessions are ended and all is written; harder when it does not go."""
    for sein, geduld in ((signal.SIGINT, GEDULD), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
        try:
            os.kill(pid, sein)
        except ProcessLookupError:
            return
        einde = time.monotonic() + geduld
        while time.monotonic() < einde:
            if not leeft(pid):
                return
            time.sleep(0.01)


def bewaak(map_: Path, uid: int, gid: int, opdracht: list[str]) -> None:
    """Start the server and stay until nobody uses it."""
    wacht = os.open(map_ / "wachter.slot", os.O_RDWR | os.O_CREAT, 0o600)
    if not probeer_slot(wacht) or os.fork():
        return  # there is a guard; or it is the child from here on, and who started us need not wait for it
    gebruikers = os.open(map_ / "gebruikers.slot", os.O_RDWR | os.O_CREAT, 0o600)
    pid = lopende_server(map_ / "server" / "cluster") or start(map_, uid, gid, opdracht)

    def ga(_sein: int, _plek: FrameType | None) -> None:
        stop(pid)
        sys.exit(0)

    signal.signal(signal.SIGTERM, ga)
    while not probeer_slot(gebruikers):
        if not leeft(pid):
            return
        time.sleep(STIL)
    stop(pid)
    fcntl.flock(wacht, fcntl.LOCK_UN)  # before the other lock: who gets that one must see that no guard is left


if __name__ == "__main__":
    bewaak(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
