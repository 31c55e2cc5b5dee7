"""No login of ours can change what is recorded, or do more than its work."""

from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from overstap.adapters.postgres.controle import eis_beperkte_login, eis_beperkte_logins, rechten, soort_van
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import MigratieFout, VerkeerdeLogin
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import SUPERGEBRUIKER, Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.server import Server
from overstap.adapters.postgres.toevoeging import Toevoeging
from tests.adapters.postgres.gebeurtenissen import gebeurtenis

WIJZIGINGEN = [
    "UPDATE log.gebeurtenissen SET rol = 'mentor'",
    "DELETE FROM log.gebeurtenissen",
    "TRUNCATE log.gebeurtenissen",
    "UPDATE log.kenmerk SET soort = 'demo'",
    "DELETE FROM log.kenmerk",
    "TRUNCATE log.kenmerk",
]


@pytest.fixture
def gevuld(databank: Databank, log: Log) -> Databank:
    log.voeg_toe([Toevoeging([gebeurtenis(uuid4(), 1)])])
    return databank


@pytest.mark.parametrize("login", list(Login))
@pytest.mark.parametrize("sql", WIJZIGINGEN)
def test_no_login_changes_or_removes_what_is_recorded(gevuld: Databank, login: Login, sql: str) -> None:
    with gevuld.verbind(login) as verbinding, pytest.raises(psycopg.errors.InsufficientPrivilege):
        verbinding.execute(sql.encode())


@pytest.mark.parametrize("sql", WIJZIGINGEN)
def test_with_every_right_granted_the_log_still_refuses(gevuld: Databank, server: Server, sql: str) -> None:
    adres = server.adres(SUPERGEBRUIKER, gevuld.adres["dbname"])
    with psycopg.connect(make_conninfo(**adres)) as verbinding:
        verbinding.execute("SET session_replication_role = replica")  # which switches ordinary triggers off
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="aangevuld"):
            verbinding.execute(sql.encode())


@pytest.mark.parametrize("login", sorted(set(Login) - {Login.EIGENAAR}))
@pytest.mark.parametrize(
    "tabel",
    [
        "log.gebeurtenissen",
        "log.kwitanties",
        "log.aanspraken",
        "log.kenmerk",
        "kluis.datasleutels",
        "kluis.pgn",
        "kluis.wachtbak",
    ],
)
def test_only_the_append_inserts(databank: Databank, login: Login, tabel: str) -> None:
    with databank.verbind(login) as verbinding, pytest.raises(psycopg.errors.InsufficientPrivilege):
        verbinding.execute(f"INSERT INTO {tabel} DEFAULT VALUES".encode())


@pytest.mark.parametrize("login", [Login.PROJECTIE, Login.APP, Login.AUDIT])
def test_only_the_writer_appends(databank: Databank, login: Login) -> None:
    with databank.verbind(login) as verbinding, pytest.raises(Exception, match="permission denied"):
        Log(verbinding).voeg_toe([Toevoeging([gebeurtenis(uuid4(), 1)])])


@pytest.mark.parametrize("login", [Login.PROJECTIE, Login.APP, Login.AUDIT])
@pytest.mark.parametrize("tabel", ["datasleutels", "pgn", "wachtbak"])
def test_only_the_writer_reads_the_vault(databank: Databank, login: Login, tabel: str) -> None:
    with databank.verbind(login) as verbinding, pytest.raises(psycopg.errors.InsufficientPrivilege):
        verbinding.execute(f"SELECT * FROM kluis.{tabel}".encode())


@pytest.mark.parametrize("login", [Login.PROJECTIE, Login.AUDIT, Login.SCHRIJVER])
def test_the_log_is_read_by_who_needs_it(gevuld: Databank, login: Login) -> None:
    with gevuld.verbind(login) as verbinding:
        assert verbinding.execute("SELECT rol FROM log.gebeurtenissen_json LIMIT 1").fetchall() == [("koppeling",)]


def test_the_app_sees_no_event(gevuld: Databank) -> None:
    with gevuld.verbind(Login.APP) as verbinding, pytest.raises(psycopg.errors.InsufficientPrivilege):
        verbinding.execute("SELECT * FROM log.gebeurtenissen_json")


def test_no_login_makes_tables_in_our_schemas_but_the_projections_in_theirs(databank: Databank) -> None:
    for login in (Login.SCHRIJVER, Login.APP, Login.AUDIT, Login.PROJECTIE):
        with databank.verbind(login) as verbinding:
            for schema in ("log", "kluis", "public", "beeld"):
                if (login, schema) == (Login.PROJECTIE, "beeld"):
                    verbinding.execute("CREATE TABLE beeld.proef (nummer integer)")
                    continue
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    verbinding.execute(f"CREATE TABLE {schema}.proef (nummer integer)".encode())


@pytest.mark.parametrize("login", list(Login))
def test_no_login_is_special_to_the_server(databank: Databank, login: Login) -> None:
    rechten_van = "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles "
    vraag = (rechten_van + "WHERE rolname = current_user").encode()
    with databank.verbind(login) as verbinding:
        assert verbinding.execute(vraag).fetchall() == [(False, False, False, False, False)]


def test_a_login_with_the_rights_of_its_work_passes(databank: Databank) -> None:
    for login in sorted(set(Login) - {Login.EIGENAAR}):
        with databank.verbind(login) as verbinding:
            eis_beperkte_login(verbinding)
            assert rechten(verbinding).login == login


def test_the_owner_is_refused_for_daily_work(databank: Databank) -> None:
    with databank.verbind(Login.EIGENAAR) as verbinding, pytest.raises(VerkeerdeLogin, match="overstap_schrijver"):
        eis_beperkte_login(verbinding)


def test_a_superuser_who_took_on_a_role_is_refused_too(databank: Databank, server: Server) -> None:
    als_beheerder = Databank(server.adres(SUPERGEBRUIKER, databank.adres["dbname"]))
    with als_beheerder.verbind(Login.SCHRIJVER) as verbinding:
        assert (rechten(verbinding).login, rechten(verbinding).rol) == (SUPERGEBRUIKER, Login.SCHRIJVER)
        with pytest.raises(VerkeerdeLogin):
            eis_beperkte_login(verbinding)


def test_serving_is_refused_with_a_login_that_may_too_much(databank: Databank, server: Server) -> None:
    eis_beperkte_logins(databank)
    with pytest.raises(VerkeerdeLogin, match="supergebruiker"):
        eis_beperkte_logins(Databank(server.adres(SUPERGEBRUIKER, databank.adres["dbname"])))


def test_a_database_says_what_it_was_made_for(databank: Databank, demo_databank: Databank) -> None:
    for deze, soort in ((databank, Soort.ECHT), (demo_databank, Soort.DEMO)):
        with deze.verbind(Login.SCHRIJVER) as verbinding:
            assert soort_van(verbinding) is soort


def test_a_database_without_our_tables_says_what_to_do(server: Server) -> None:
    with (
        Databank(server.adres(Login.EIGENAAR, "template1"), server.wachtwoorden).verbind(Login.AUDIT) as verbinding,
        pytest.raises(MigratieFout, match="overstap migrate"),
    ):
        soort_van(verbinding)
