"""The log of access: a line is durable before its answer leaves, nobody changes one, and it is read with a reason."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace
from psycopg.conninfo import make_conninfo

from overstap.adapters.postgres.bereik import bereik_van, in_bereik
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.logins import SUPERGEBRUIKER, Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.server import Server
from overstap.adapters.toegangslog import (
    Toegang,
    Toegangslog,
    ToegangslogVol,
    Uitkomst,
    leg_toegang_vast,
    toegang_tot,
)
from overstap.adapters.toegangslog_lezen import Inzage, breuken, van_account, van_leerling
from overstap.domain.rollen import Actor
from tests.postgres_fixture import MakeDatabank
from tests.statemachine.spelers import ALLES_OPEN, AUDITOR, DECAAN, REGIEBEHEERDER

WIJZIGINGEN = [
    "UPDATE toegang.toegangslog SET reden = ''",
    "DELETE FROM toegang.toegangslog",
    "TRUNCATE toegang.toegangslog",
]


def gezien(overstap: UUID | None, actor: Actor = DECAAN) -> list[Toegang]:
    return toegang_tot(
        actor,
        [overstap],
        handeling="inzage",
        onderwerp="overstap",
        herkomst="http",
        velden=["status", "naam"],
        reden="dossier",
        spoor="4bf9",
    )


def gelezen(databank: Databank, overstap: UUID, door: Actor = AUDITOR, reden: str = "controle") -> list[Inzage]:
    with (
        databank.verbind(Login.APP) as verbinding,
        in_bereik(verbinding, bereik_van(door, ALLES_OPEN, reden=reden)) as cursor,
    ):
        return van_leerling(cursor, overstap)


@pytest.fixture
def log(databank: Databank) -> Iterator[Toegangslog]:
    with Toegangslog(lambda: databank.verbind(Login.APP)) as eigen:
        yield eigen


def test_a_line_tells_who_saw_what_of_whom_and_why(databank: Databank, log: Toegangslog) -> None:
    overstap = uuid4()
    log.schrijf(gezien(overstap)).result(20)
    [regel] = gelezen(databank, overstap)
    assert regel == Inzage(
        op=regel.op,
        regio="21",
        account=DECAAN.account,
        rol="decaan",
        organisatie="99AA",
        overstap=overstap,
        handeling="inzage",
        onderwerp="overstap",
        velden=["naam", "status"],
        reden="dossier",
        uitkomst="toegestaan",
        herkomst="http",
        spoor="4bf9",
    )


def test_what_an_account_was_refused_and_a_failed_sign_in_are_there_too(databank: Databank, log: Toegangslog) -> None:
    account, overstap = f"account-{uuid4()}", uuid4()
    wie = replace(DECAAN, account=account)
    geweigerd = toegang_tot(
        wie, [overstap], handeling="inzage", onderwerp="overstap", herkomst="http", uitkomst=Uitkomst.GEWEIGERD
    )
    mislukt = replace(geweigerd[0], overstap=None, handeling="aanmelden", uitkomst=Uitkomst.MISLUKT)
    log.schrijf([*geweigerd, mislukt]).result(20)
    bereik = bereik_van(REGIEBEHEERDER, ALLES_OPEN, reden="controle")
    with databank.verbind(Login.APP) as verbinding, in_bereik(verbinding, bereik) as cursor:
        regels = van_account(cursor, account)
    assert [(regel.handeling, regel.uitkomst) for regel in regels] == [
        ("inzage", "geweigerd"),
        ("aanmelden", "mislukt"),
    ]


@pytest.mark.parametrize(
    ("door", "reden"),
    [(REGIEBEHEERDER, ""), (replace(AUDITOR, regio="22"), "controle")],
    ids=["no reason", "elsewhere"],
)
def test_who_gives_no_reason_or_works_in_another_region_reads_nothing(
    databank: Databank, log: Toegangslog, door: Actor, reden: str
) -> None:
    overstap = uuid4()
    log.schrijf(gezien(overstap)).result(20)
    assert gelezen(databank, overstap, door, reden) == []


def test_a_decaan_reads_no_line(databank: Databank) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        gelezen(databank, uuid4(), DECAAN)


def test_many_threads_and_an_event_loop_write_at_once_and_each_line_is_there_once(
    databank: Databank, log: Toegangslog
) -> None:
    overstap = uuid4()

    async def allemaal() -> None:
        await asyncio.gather(*(log.schrijf_async(gezien(overstap)) for _ in range(300)))

    with ThreadPoolExecutor(8) as zwerm:
        vanuit_draden = [zwerm.submit(lambda: log.schrijf(gezien(overstap)).result(20)) for _ in range(300)]
        asyncio.run(allemaal())
        for een in vanuit_draden:
            een.result(20)
    assert len(gelezen(databank, overstap)) == 600


def test_lines_that_wait_together_are_recorded_in_one_go(databank: Databank) -> None:
    overstap, bezet = uuid4(), databank.verbind(Login.APP)
    with Toegangslog(lambda: databank.verbind(Login.APP)) as log, databank.verbind(Login.EIGENAAR) as slot:
        with slot.transaction():
            slot.execute("LOCK TABLE toegang.toegangslog IN EXCLUSIVE MODE")
            klaar = [log.schrijf(gezien(overstap)) for _ in range(50)]
            assert not klaar[-1].done()
        for een in klaar:
            een.result(20)
    bezet.close()
    momenten = {regel.op for regel in gelezen(databank, overstap)}
    assert len(momenten) <= 2  # the first may have gone alone


def test_leaving_records_all_that_waits(databank: Databank) -> None:
    overstap = uuid4()
    with Toegangslog(lambda: databank.verbind(Login.APP)) as log:
        wachtend = [log.schrijf(gezien(overstap)) for _ in range(200)]
    assert all(een.done() and een.exception() is None for een in wachtend)
    assert len(gelezen(databank, overstap)) == 200
    with pytest.raises(ToegangslogVol):
        log.schrijf(gezien(overstap))


def test_when_too_much_waits_nothing_is_added(databank: Databank) -> None:
    with (
        Toegangslog(lambda: databank.verbind(Login.APP), hoogstens=3) as log,
        pytest.raises(ToegangslogVol, match="opnieuw"),
    ):
        log.schrijf(gezien(uuid4()) * 4)


def test_a_lost_connection_is_made_again(databank: Databank, server: Server) -> None:
    overstap, verbindingen = uuid4(), list[psycopg.Connection[Any]]()

    def verbind() -> psycopg.Connection[Any]:
        verbindingen.append(databank.verbind(Login.APP))
        return verbindingen[-1]

    with Toegangslog(verbind) as log:
        log.schrijf(gezien(overstap)).result(20)
        with psycopg.connect(make_conninfo(**server.adres(SUPERGEBRUIKER)), autocommit=True) as beheer:
            beheer.execute("SELECT pg_terminate_backend(%s, 10000)", (verbindingen[0].info.backend_pid,))
        log.schrijf(gezien(overstap)).result(20)
    assert len(verbindingen) == 2
    assert len(gelezen(databank, overstap)) == 2


def test_while_the_database_stays_away_who_waits_is_told_so() -> None:
    def verbind() -> psycopg.Connection[Any]:
        raise DatabankOnbereikbaar("weg")

    with Toegangslog(verbind, geduld=0.2) as log, pytest.raises(DatabankOnbereikbaar):
        log.schrijf(gezien(uuid4())).result(20)


def test_one_line_that_cannot_be_recorded_leaves_the_next_alone(databank: Databank, log: Toegangslog) -> None:
    overstap = uuid4()
    verkeerd = replace(gezien(overstap)[0], uitkomst="anders")
    with pytest.raises(psycopg.errors.CheckViolation):
        log.schrijf([verkeerd]).result(20)
    log.schrijf(gezien(overstap)).result(20)
    assert len(gelezen(databank, overstap)) == 1


@pytest.mark.parametrize("login", list(Login))
@pytest.mark.parametrize("sql", WIJZIGINGEN)
def test_no_login_changes_or_removes_a_line(databank: Databank, login: Login, sql: str) -> None:
    with databank.verbind(login) as verbinding, pytest.raises(psycopg.errors.InsufficientPrivilege):
        verbinding.execute(sql.encode())


@pytest.mark.parametrize("sql", WIJZIGINGEN)
def test_with_every_right_granted_the_log_of_access_still_refuses(databank: Databank, server: Server, sql: str) -> None:
    adres = server.adres(SUPERGEBRUIKER, databank.adres["dbname"])
    with psycopg.connect(make_conninfo(**adres)) as verbinding:
        verbinding.execute("SET session_replication_role = replica")  # which switches ordinary triggers off
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="aangevuld"):
            verbinding.execute(sql.encode())


@pytest.mark.parametrize("login", sorted(set(Login) - {Login.EIGENAAR}))
def test_a_line_comes_in_by_the_function_alone(databank: Databank, login: Login) -> None:
    with databank.verbind(login) as verbinding, pytest.raises(psycopg.errors.InsufficientPrivilege):
        verbinding.execute("INSERT INTO toegang.toegangslog DEFAULT VALUES")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE toegang.toegangslog SET account = 'een-ander' WHERE nummer = 2",
        "DELETE FROM toegang.toegangslog WHERE nummer = 2",
    ],
)
def test_a_line_that_was_changed_or_taken_out_shows(maak_databank: MakeDatabank, server: Server, sql: str) -> None:
    eigen = maak_databank(Soort.ECHT)
    keten = uuid4()
    with eigen.verbind(Login.APP) as verbinding:
        for _ in range(4):
            leg_toegang_vast(verbinding, keten, gezien(uuid4()))
    with eigen.verbind(Login.AUDIT) as verbinding:
        assert breuken(verbinding) == []
    with psycopg.connect(make_conninfo(**server.adres(SUPERGEBRUIKER, eigen.adres["dbname"]))) as verbinding:
        verbinding.execute("ALTER TABLE toegang.toegangslog DISABLE TRIGGER weiger_wijziging")
        verbinding.execute(sql.encode())
    with eigen.verbind(Login.AUDIT) as verbinding:
        assert breuken(verbinding)[0][0] == keten
