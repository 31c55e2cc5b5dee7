"""The log of access: a line is durable before its answer leaves, nobody changes one, and it is read with a reason."""

import asyncio
from pathlib import Path
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
    HOOGSTENS,
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


def opent(databank: Databank, hoogstens: int = HOOGSTENS) -> Toegangslog:
    return Toegangslog(databank.conninfo(Login.APP), hoogstens=hoogstens)


def schrijf(databank: Databank, *stapels: list[Toegang]) -> None:
    """Let each list be written by somebody else, all at once."""

    async def allemaal() -> None:
        async with opent(databank) as log:
            await asyncio.gather(*map(log.schrijf_async, stapels))

    asyncio.run(allemaal())


def test_a_line_tells_who_saw_what_of_whom_and_why(databank: Databank) -> None:
    overstap = uuid4()
    schrijf(databank, gezien(overstap))
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


def test_what_an_account_was_refused_and_a_failed_sign_in_are_there_too(databank: Databank) -> None:
    account, overstap = f"account-{uuid4()}", uuid4()
    wie = replace(DECAAN, account=account)
    geweigerd = toegang_tot(
        wie, [overstap], handeling="inzage", onderwerp="overstap", herkomst="http", uitkomst=Uitkomst.GEWEIGERD
    )
    mislukt = replace(geweigerd[0], overstap=None, handeling="aanmelden", uitkomst=Uitkomst.MISLUKT)
    schrijf(databank, [*geweigerd, mislukt])
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
    databank: Databank, door: Actor, reden: str
) -> None:
    overstap = uuid4()
    schrijf(databank, gezien(overstap))
    assert gelezen(databank, overstap, door, reden) == []


def test_a_decaan_reads_no_line(databank: Databank) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        gelezen(databank, uuid4(), DECAAN)


def test_many_write_at_once_and_each_line_is_there_once(databank: Databank) -> None:
    overstap = uuid4()
    schrijf(databank, *(gezien(overstap) for _ in range(600)))
    assert len(gelezen(databank, overstap)) == 600


def test_lines_that_come_while_others_are_recorded_go_in_one_go(databank: Databank) -> None:
    overstap = uuid4()

    async def speel() -> None:
        async with opent(databank) as log:
            eerste = asyncio.create_task(log.schrijf_async(gezien(overstap)))
            await asyncio.sleep(0)  # it is under way
            await asyncio.gather(*(log.schrijf_async(gezien(overstap)) for _ in range(50)))
            await eerste

    asyncio.run(speel())
    assert len({regel.op for regel in gelezen(databank, overstap)}) <= 2


def test_when_all_wait_who_could_add_a_line_nothing_is_gathered(
    databank: Databank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overstap.adapters.toegangslog.TUSSENTIJD", 600.0)
    overstap = uuid4()

    async def speel() -> None:
        async with Toegangslog(databank.conninfo(Login.APP), lambda: 1) as log, asyncio.timeout(60):
            await log.schrijf_async(gezien(overstap))
            await log.schrijf_async(gezien(overstap))

    asyncio.run(speel())
    assert len(gelezen(databank, overstap)) == 2


def test_while_others_may_come_lines_wait_for_them(databank: Databank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overstap.adapters.toegangslog.TUSSENTIJD", 600.0)
    overstap = uuid4()

    async def speel() -> None:
        async with Toegangslog(databank.conninfo(Login.APP), lambda: 2) as log, asyncio.timeout(60):
            await log.schrijf_async(gezien(overstap))
            eerste = asyncio.create_task(log.schrijf_async(gezien(overstap)))
            await asyncio.sleep(0.05)
            assert not eerste.done()
            await asyncio.gather(eerste, log.schrijf_async(gezien(overstap)))

    asyncio.run(speel())
    assert len({regel.op for regel in gelezen(databank, overstap)}) == 2


def test_a_line_is_durable_when_the_waiting_is_over(databank: Databank) -> None:
    overstap = uuid4()

    async def speel() -> None:
        async with opent(databank) as log:
            await log.schrijf_async(gezien(overstap))
            assert len(await asyncio.to_thread(gelezen, databank, overstap)) == 1

    asyncio.run(speel())


def test_leaving_records_all_that_waits(databank: Databank) -> None:
    overstap = uuid4()

    async def speel() -> None:
        async with opent(databank) as log:
            wachtend = [asyncio.create_task(log.schrijf_async(gezien(overstap))) for _ in range(200)]
            await asyncio.sleep(0)
        await asyncio.gather(*wachtend)
        with pytest.raises(ToegangslogVol):
            await log.schrijf_async(gezien(overstap))

    asyncio.run(speel())
    assert len(gelezen(databank, overstap)) == 200


def test_who_gives_up_waiting_leaves_the_others_alone(databank: Databank) -> None:
    overstap = uuid4()

    async def speel() -> None:
        async with opent(databank) as log:
            wachtend = [asyncio.create_task(log.schrijf_async(gezien(overstap))) for _ in range(3)]
            await asyncio.sleep(0)
            wachtend[0].cancel()
            await asyncio.gather(*wachtend[1:])

    asyncio.run(speel())
    assert len(gelezen(databank, overstap)) == 3


def test_when_too_much_waits_nothing_is_added(databank: Databank) -> None:
    async def speel() -> None:
        async with opent(databank, hoogstens=3) as log:
            with pytest.raises(ToegangslogVol, match="opnieuw"):
                await log.schrijf_async(gezien(uuid4()) * 4)

    asyncio.run(speel())


def test_a_lost_connection_is_made_again(databank: Databank, server: Server) -> None:
    overstap = uuid4()
    weg = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'verloren'"

    async def speel() -> None:
        conninfo = make_conninfo(databank.conninfo(Login.APP), application_name="verloren")
        async with Toegangslog(conninfo) as log:
            await log.schrijf_async(gezien(overstap))
            with psycopg.connect(make_conninfo(**server.adres(SUPERGEBRUIKER)), autocommit=True) as beheer:
                assert beheer.execute(weg).fetchall() == [(True,)]
            await log.schrijf_async(gezien(overstap))

    asyncio.run(speel())
    assert len(gelezen(databank, overstap)) == 2


def test_while_the_database_stays_away_who_waits_is_told_so(tmp_path: Path) -> None:
    async def speel() -> None:
        async with Toegangslog(f"host={tmp_path}", geduld=0.2) as log:
            with pytest.raises(DatabankOnbereikbaar):
                await log.schrijf_async(gezien(uuid4()))

    asyncio.run(speel())


def test_one_line_that_cannot_be_recorded_leaves_the_next_alone(databank: Databank) -> None:
    overstap = uuid4()
    verkeerd = replace(gezien(overstap)[0], uitkomst="anders")

    async def speel() -> None:
        async with opent(databank) as log:
            with pytest.raises(psycopg.errors.CheckViolation):
                await log.schrijf_async([verkeerd])
            await log.schrijf_async(gezien(overstap))

    asyncio.run(speel())
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
