"""The embedded server serves whoever needs it, lets nobody else in, and goes when the last one has gone."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from overstap.adapters.postgres import onderdak
from overstap.adapters.postgres.controle import rechten
from overstap.adapters.postgres.databank import Databank, open_databank
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.logins import SUPERGEBRUIKER, Login
from overstap.adapters.postgres.server import Server
from tests.postgres_fixture import _PLEK, verse_datamap

GEBRUIK = """
import sys
from pathlib import Path
from overstap.adapters.postgres.server import Server
Server(Path(sys.argv[1]))
print("klaar", flush=True)
sys.stdin.read()
"""
alleen_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")


@pytest.fixture
def map_() -> Iterator[Path]:
    """Give a folder that the server's user can reach (pytest's own has mode 0700)."""
    with tempfile.TemporaryDirectory(
        prefix="overstap-proef-", ignore_cleanup_errors=True, dir=os.environ[_PLEK]
    ) as naam:
        plek = Path(naam)
        plek.chmod(0o711)
        yield plek
        wacht_tot(lambda: postmaster(plek / ".overstap") is None)


@pytest.fixture
def data(map_: Path) -> Path:
    return map_ / ".overstap"


@pytest.fixture
def gebruikt() -> Iterator[Path]:
    """Give a data folder that a server ran on before."""
    data = verse_datamap()
    yield data
    wacht_tot(lambda: postmaster(data) is None)


def gebruiker(data: Path) -> subprocess.Popen[str]:
    """Start another process that uses the server; it says so when it does (is_klaar)."""
    return subprocess.Popen(
        [sys.executable, "-c", GEBRUIK, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def is_klaar(proces: subprocess.Popen[str]) -> bool:
    assert proces.stdout is not None
    return proces.stdout.readline() == "klaar\n"


def sluit(proces: subprocess.Popen[str]) -> None:
    proces.communicate()


def postmaster(data: Path) -> int | None:
    try:
        return int((data / "server" / "cluster" / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def wacht_tot(voorwaarde: Callable[[], bool]) -> None:
    einde = time.monotonic() + 20
    while not voorwaarde():
        assert time.monotonic() < einde, "het duurt te lang"
        time.sleep(0.02)


def modus(pad: Path) -> int:
    return stat.S_IMODE(pad.stat().st_mode)


def test_it_starts_in_an_empty_folder_and_stops_with_its_last_user(data: Path) -> None:
    server = Server(data)
    with psycopg.connect(server.conninfo(Login.EIGENAAR)) as verbinding:
        assert verbinding.execute("SELECT 1").fetchone() == (1,)
    assert postmaster(data) is not None
    server.laat_los()
    assert postmaster(data) is None  # at once: who removes the folder after this leaves nothing running


def test_processes_that_start_together_share_one_server(data: Path) -> None:
    gebruikers = [gebruiker(data) for _ in range(4)]
    assert all(is_klaar(een) for een in gebruikers)
    pid = postmaster(data)
    for een in gebruikers[:-1]:
        sluit(een)
    time.sleep(0.5)
    assert postmaster(data) == pid
    sluit(gebruikers[-1])
    wacht_tot(lambda: postmaster(data) is None)


def test_it_stops_too_when_its_last_user_was_killed(gebruikt: Path) -> None:
    een = gebruiker(gebruikt)
    assert is_klaar(een)
    een.kill()
    sluit(een)
    wacht_tot(lambda: postmaster(gebruikt) is None)


def test_what_was_written_is_there_the_next_time(gebruikt: Path) -> None:
    for verwacht in ([], [(1,)]):
        server = Server(gebruikt)
        with psycopg.connect(server.conninfo(SUPERGEBRUIKER), autocommit=True) as verbinding:
            verbinding.execute("CREATE TABLE IF NOT EXISTS proef (nummer integer)")
            assert verbinding.execute("SELECT * FROM proef").fetchall() == verwacht
            verbinding.execute("INSERT INTO proef VALUES (1)")
        server.laat_los()
        wacht_tot(lambda: postmaster(gebruikt) is None)


def test_a_server_that_crashed_is_started_again(gebruikt: Path) -> None:
    server = Server(gebruikt)
    pid = postmaster(gebruikt)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    server.start()
    assert postmaster(gebruikt) != pid
    server.laat_los()


def test_a_server_whose_guard_was_killed_finds_another(gebruikt: Path) -> None:
    server = Server(gebruikt)
    pid = postmaster(gebruikt)
    [wachter] = [int(regel.split()[0]) for regel in _processen() if "wachter.py" in regel and str(gebruikt) in regel]
    os.kill(wachter, signal.SIGKILL)
    een = gebruiker(gebruikt)
    assert is_klaar(een)
    assert postmaster(gebruikt) == pid
    server.laat_los()
    sluit(een)
    wacht_tot(lambda: postmaster(gebruikt) is None)


def _processen() -> list[str]:
    regels = []
    for map_ in Path("/proc").iterdir():
        if map_.name.isdigit():
            try:
                regels.append(f"{map_.name} {(map_ / 'cmdline').read_text().replace(chr(0), ' ')}")
            except OSError:
                continue
    return regels


def test_an_initdb_that_was_cut_off_is_done_again(data: Path) -> None:
    nieuw = data / "server" / "cluster.nieuw"
    (nieuw / "base").mkdir(parents=True)
    server = Server(data)
    with psycopg.connect(make_conninfo(**server.adres(SUPERGEBRUIKER))) as verbinding:
        assert verbinding.execute("SELECT 1").fetchone() == (1,)
    assert not nieuw.exists()
    server.laat_los()


def test_nobody_enters_without_a_password_or_over_the_network(data: Path) -> None:
    server = Server(data)
    adres = server.adres(SUPERGEBRUIKER)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(make_conninfo(**{**adres, "password": "geraden"})).close()
    with psycopg.connect(make_conninfo(**adres)) as verbinding:
        assert verbinding.execute("SELECT setting FROM pg_settings WHERE name = 'listen_addresses'").fetchone() == ("",)
        regels = verbinding.execute("SELECT type, auth_method FROM pg_hba_file_rules").fetchall()
        bewaard = verbinding.execute("SELECT rolname, rolpassword FROM pg_authid WHERE rolcanlogin").fetchall()
    assert {naam for naam, verificatie in bewaard if verificatie.startswith("SCRAM-SHA-256$1:")} == {
        SUPERGEBRUIKER,
        *Login,
    }
    assert set(regels) == {("local", "scram-sha-256")}
    with socket.socket() as proef, pytest.raises(ConnectionRefusedError):
        proef.connect(("127.0.0.1", 5432))
    server.laat_los()


def test_keys_socket_and_cluster_are_for_their_owner_alone(data: Path) -> None:
    server = Server(data)
    assert modus(data / "wachtwoorden.json") == 0o600
    assert modus(server.socket) == 0o700
    assert modus(server.cluster) == 0o700
    assert modus(data / "postgres.log") == 0o600
    wachtwoorden = json.loads((data / "wachtwoorden.json").read_text())
    assert set(wachtwoorden) == {SUPERGEBRUIKER, *Login}
    assert not [w for w in wachtwoorden.values() if w in (data / "postgres.log").read_text()]
    server.laat_los()


@alleen_root
def test_a_folder_that_the_servers_user_cannot_reach_keeps_its_permissions(tmp_path: Path) -> None:
    thuis = tmp_path / "thuis"
    thuis.mkdir(mode=0o700)
    with ExitStack() as stapel:
        server = Server(thuis / ".overstap")
        stapel.callback(lambda: shutil.rmtree(server.cluster.parent))
        stapel.callback(lambda: wacht_tot(lambda: postmaster(thuis / ".overstap") is None))
        stapel.callback(server.laat_los)
        assert onderdak.ELDERS in server.cluster.parents
        assert (modus(thuis), modus(tmp_path)) == (0o700, modus(tmp_path.parent))
        with psycopg.connect(server.conninfo(Login.APP)) as verbinding:
            assert verbinding.execute("SELECT 1").fetchone() == (1,)


@alleen_root
def test_no_folder_above_the_data_is_widened(map_: Path) -> None:
    map_.chmod(0o711)
    boven = {ouder: modus(ouder) for ouder in [map_, *map_.parents]}
    with open_databank(map_ / ".overstap"):
        assert {ouder: modus(ouder) for ouder in boven} == boven


@alleen_root
def test_programs_out_of_reach_are_copied_within_reach(monkeypatch: pytest.MonkeyPatch, map_: Path) -> None:
    monkeypatch.setattr(onderdak, "ELDERS", map_ / "elders")
    bereikbaar = onderdak.is_bereikbaar
    monkeypatch.setattr(
        onderdak, "is_bereikbaar", lambda pad, wie: "pginstall" not in pad.parts and bereikbaar(pad, wie)
    )
    oud = os.umask(0o077)
    try:
        server = Server(map_ / ".overstap")
    finally:
        os.umask(oud)
    with psycopg.connect(server.conninfo(Login.APP)) as verbinding:
        assert verbinding.execute("SELECT 1").fetchone() == (1,)
    server.laat_los()


def test_a_path_too_long_for_a_socket_works(map_: Path) -> None:
    diep = map_ / ("d" * 100)
    diep.mkdir()
    server = Server(diep)
    with psycopg.connect(server.conninfo(Login.APP)) as verbinding:
        assert verbinding.execute("SELECT 1").fetchone() == (1,)
    server.laat_los()
    wacht_tot(lambda: postmaster(diep) is None)
    shutil.rmtree(server.socket)


def test_a_server_that_cannot_start_says_why(data: Path) -> None:
    with pytest.raises(DatabankOnbereikbaar, match="initdb"):
        Server(data, binaries=Path("/bestaat/niet"))


def test_a_url_that_leads_nowhere_is_unreachable(tmp_path: Path) -> None:
    url = f"postgresql://iemand@/overstap?host={tmp_path}"
    with open_databank(tmp_path, url) as databank, pytest.raises(DatabankOnbereikbaar, match="OVERSTAP_DATABASE_URL"):
        databank.verbind(Login.APP)


def test_with_a_passfile_every_login_enters_as_itself(server: Server, tmp_path: Path) -> None:
    passfile = tmp_path / "pgpass"
    passfile.write_text("".join(f"*:*:*:{login}:{server.wachtwoorden[login]}\n" for login in Login))
    passfile.chmod(0o600)
    url = f"postgresql:///postgres?host={server.socket}&passfile={passfile}"
    with open_databank(tmp_path, url) as databank:
        for login in Login:
            with databank.verbind(login) as verbinding:
                assert rechten(verbinding).login == login


def test_what_is_no_url_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(DatabankOnbereikbaar, match="geen geldige"), open_databank(tmp_path, "://"):
        pass


def test_passwords_stay_out_of_what_is_printed(tmp_path: Path) -> None:
    databank = Databank({"host": str(tmp_path), "user": "iemand", "password": "geheim"}, {Login.APP: "ook geheim"})
    assert "geheim" not in repr(databank)
    with pytest.raises(DatabankOnbereikbaar) as fout:
        databank.verbind(Login.APP)
    assert "geheim" not in str(fout.value)


@pytest.mark.parametrize("login", list(Login))
def test_no_login_lets_a_server_compile_its_plans(databank: Databank, login: Login) -> None:
    with databank.verbind(Login.EIGENAAR) as eigenaar:
        eigenaar.execute(f'ALTER DATABASE "{databank.adres["dbname"]}" SET jit = on'.encode())
    with databank.verbind(login) as verbinding:
        assert verbinding.execute("SHOW jit").fetchone() == ("off",)
