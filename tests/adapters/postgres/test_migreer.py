"""A database is brought up to date once, by whoever comes first, and never to something it is not."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from overstap.adapters.postgres.controle import ontbrekende_migraties, soort_van
from overstap.adapters.postgres.databank import Databank, open_databank
from overstap.adapters.postgres.fouten import MigratieFout
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import SUPERGEBRUIKER, Login
from overstap.adapters.postgres.migreer import Soort, migraties
from overstap.adapters.postgres.server import Server
from overstap.adapters.postgres.toevoeging import Afloop, Toevoeging
from tests.adapters.postgres.gebeurtenissen import gebeurtenis
from tests.postgres_fixture import MakeDatabank, een_server


@pytest.fixture
def leeg(server: Server) -> Databank:
    naam = f"leeg_{uuid4().hex}"
    server.maak_databank(naam)
    return Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden)


def test_every_step_runs_once(leeg: Databank) -> None:
    assert leeg.migreer() == list(migraties())
    assert leeg.migreer() == []
    with leeg.verbind(Login.AUDIT) as verbinding:
        assert ontbrekende_migraties(verbinding) == []


def test_several_processes_may_migrate_at_once(leeg: Databank) -> None:
    with ThreadPoolExecutor(6) as zwerm:
        gedaan = [stap.nummer for deel in zwerm.map(lambda _: leeg.migreer(), range(6)) for stap in deel]
    assert sorted(gedaan) == [stap.nummer for stap in migraties()]


def test_it_works_on_every_version_of_postgresql_at_hand(maak_op_elke: MakeDatabank) -> None:
    with maak_op_elke(Soort.ECHT).verbind(Login.SCHRIJVER) as verbinding:
        [uitkomst] = Log(verbinding).voeg_toe([Toevoeging([gebeurtenis(uuid4(), 1)])])
    assert uitkomst.positie == 1


def test_a_step_changed_after_it_ran_is_an_error_that_says_what_to_do(leeg: Databank) -> None:
    leeg.migreer()
    with leeg.verbind(Login.EIGENAAR) as verbinding:
        verbinding.execute("UPDATE migraties.uitgevoerd SET controlesom = '' WHERE nummer = 4")
    with pytest.raises(MigratieFout, match=r"0004-gebeurtenissen is al uitgevoerd.*nieuwe migratie"):
        leeg.migreer()


def test_a_database_of_a_newer_version_is_left_alone(leeg: Databank) -> None:
    leeg.migreer()
    with leeg.verbind(Login.EIGENAAR) as verbinding:
        verbinding.execute("INSERT INTO migraties.uitgevoerd (nummer, naam, controlesom) VALUES (9999, 'later', '')")
    with pytest.raises(MigratieFout, match="nieuwere versie"):
        leeg.migreer()


def test_what_a_database_is_for_does_not_change_by_migrating_again(leeg: Databank) -> None:
    leeg.migreer(Soort.ECHT)
    leeg.migreer(Soort.DEMO)
    with leeg.verbind(Login.SCHRIJVER) as verbinding:
        assert soort_van(verbinding) is Soort.ECHT


def test_a_demo_begins_anew_with_an_empty_log(leeg: Databank) -> None:
    leeg.migreer(Soort.DEMO)
    with leeg.verbind(Login.SCHRIJVER) as verbinding:
        Log(verbinding).voeg_toe([Toevoeging([gebeurtenis(uuid4(), 1)])])
    leeg.begin_opnieuw(Soort.DEMO)
    with leeg.verbind(Login.SCHRIJVER) as verbinding:
        assert Log(verbinding).laatste_positie() == 0


def test_a_real_log_is_not_emptied(leeg: Databank) -> None:
    leeg.migreer(Soort.ECHT)
    with leeg.verbind(Login.SCHRIJVER) as verbinding:
        Log(verbinding).voeg_toe([Toevoeging([gebeurtenis(uuid4(), 1)])])
    with pytest.raises(MigratieFout, match="echt log"):
        leeg.begin_opnieuw(Soort.DEMO)


def test_a_database_in_which_nothing_was_recorded_yet_may_become_a_demo(leeg: Databank) -> None:
    leeg.migreer(Soort.ECHT)
    leeg.begin_opnieuw(Soort.DEMO)
    with leeg.verbind(Login.SCHRIJVER) as verbinding:
        assert soort_van(verbinding) is Soort.DEMO


def test_an_administrator_of_another_server_makes_the_logins_and_takes_on_their_roles(tmp_path: Path) -> None:
    with een_server() as kaal, psycopg.connect(kaal.conninfo(SUPERGEBRUIKER), autocommit=True) as beheerder:
        for login in Login:
            beheerder.execute(f"DROP ROLE {login}".encode())
        beheerder.execute("CREATE DATABASE regio")
        adres = {**kaal.adres(SUPERGEBRUIKER), "dbname": "regio"}
        with open_databank(tmp_path, make_conninfo(**adres)) as databank:
            assert databank.migreer() == list(migraties())
            with databank.verbind(Login.SCHRIJVER) as verbinding:
                assert aflopen(Log(verbinding)) == [Afloop.VASTGELEGD]
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    verbinding.execute("DELETE FROM log.kwitanties")
        gemaakt = beheerder.execute(
            "SELECT count(*) FROM pg_roles WHERE rolcanlogin AND rolname = ANY(%s)", (list(Login),)
        )
        assert gemaakt.fetchone() == (len(Login),)


def test_where_roles_are_missing_the_owner_is_told_who_can_make_them() -> None:
    with een_server() as kaal, psycopg.connect(kaal.conninfo(SUPERGEBRUIKER), autocommit=True) as beheerder:
        beheerder.execute("CREATE DATABASE regio OWNER overstap_eigenaar")
        als_eigenaar = Databank(kaal.adres(Login.EIGENAAR, "regio"), kaal.wachtwoorden)
        with pytest.raises(MigratieFout, match="beheerder die logins mag maken"):
            als_eigenaar.migreer()
        Databank({**kaal.adres(SUPERGEBRUIKER), "dbname": "regio"}).migreer()
        assert als_eigenaar.migreer() == []


def aflopen(log: Log) -> list[Afloop]:
    return [uitkomst.afloop for uitkomst in log.voeg_toe([Toevoeging([gebeurtenis(uuid4(), 1)])])]


def test_a_login_that_may_not_migrate_is_told_which_one_may(leeg: Databank, server: Server) -> None:
    als_app = Databank(server.adres(Login.APP, leeg.adres["dbname"]))
    with pytest.raises(MigratieFout, match="overstap_eigenaar"):
        als_app.migreer()
