"""The worker keeps read models up with the log: in any batches, among several, woken, rebuilt to the same rows."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.sql import SQL, Identifier

from overstap.adapters.postgres import projectie_werker
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES, is_bij, richt_in
from overstap.adapters.postgres.projectie_vouwer import schuif_op
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.postgres.server import Server
from overstap.projections.actueel_tabel import ActueelProjectie
from overstap.projections.projectie import Batch, Geschiedenis, definitie
from overstap.projections.statusperiodes_tabel import StatusperiodesProjectie, standen
from overstap.projections.wachtbak import WachtbakProjectie
from tests.adapters.postgres.beelden import (
    TABELLEN,
    alle_rijen,
    catalogus,
    een_leerling,
    is_zichtbaar,
    wacht_tot,
)
from tests.bewijzen import IS_VOL
from tests.postgres_fixture import MakeDatabank
from tests.projections.geschiedenissen import Boek, logboeken
from tests.projections.test_statusperiodes import gevouwen, rechthoeken, stand_op
from tests.projections.vastleggen import leg_vast


@pytest.fixture
def demo_log(demo_databank: Databank) -> Iterator[Log]:
    with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Log(verbinding)


@pytest.mark.proof
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100 if IS_VOL else 3)
@given(boek=logboeken(), omvang=st.integers(1, 9), weinig=st.integers(0, 5))
def test_rows_folded_live_in_batches_of_any_size_are_those_of_a_rebuild(
    demo_databank: Databank, demo_log: Log, boek: Boek, omvang: int, weinig: int
) -> None:
    """What is more than `weinig` is folded by a thread for each read model, the rest by one for all."""
    leg_vast(demo_log, boek)
    with pytest.MonkeyPatch.context() as patch, Werker(demo_databank, omvang=omvang) as werker:
        patch.setattr(projectie_werker, "_WEINIG", weinig)
        werker.bijwerken_tot()
    live = alle_rijen(demo_databank)
    with Werker(demo_databank) as werker:
        werker.herbouw()
    assert alle_rijen(demo_databank) == live


@pytest.mark.proof
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100 if IS_VOL else 3)
@given(boek=logboeken(), omvang=st.integers(1, 9))
def test_the_tables_hold_the_rectangles_of_the_fold_in_memory(
    demo_databank: Databank, demo_log: Log, boek: Boek, omvang: int
) -> None:
    vastgelegd = leg_vast(demo_log, boek)
    with Werker(demo_databank, omvang=omvang) as werker:
        werker.bijwerken_tot()
    lijnen = rechthoeken(gevouwen(vastgelegd))
    momenten = {m for g in vastgelegd for m in (g.gebeurd_op, g.vastgelegd_op) if m}
    with demo_databank.verbind(Login.PROJECTIE) as verbinding, verbinding.cursor() as cursor:
        for stroom in {overstap for overstap, _ in lijnen}:
            for bekend in momenten:
                op = max(momenten)
                verwacht = {
                    nummer: gevonden[0]
                    for (overstap, nummer), lijn in lijnen.items()
                    if overstap == stroom and (gevonden := stand_op(lijn, op, bekend))
                }
                assert standen(cursor, stroom, op, bekend) == verwacht


def test_every_postgresql_at_hand_folds(maak_op_elke: MakeDatabank) -> None:
    databank = maak_op_elke(Soort.DEMO)
    with databank.verbind(Login.SCHRIJVER) as verbinding, Werker(databank) as werker:
        overstap = een_leerling(Log(verbinding))
        werker.bijwerken_tot()
        assert is_zichtbaar(databank, overstap)


def test_catching_up_to_a_position_folds_at_least_that_far(demo_databank: Databank, demo_log: Log) -> None:
    een_leerling(demo_log)
    doel = demo_log.laatste_positie()
    with Werker(demo_databank) as werker:
        assert werker.bijwerken_tot(doel) >= doel
        assert set(werker.voortgang().values()) == {doel}


def test_read_models_are_up_to_date_when_each_of_this_version_has_the_whole_log(
    demo_databank: Databank, demo_log: Log
) -> None:
    with Werker(demo_databank) as werker:
        werker.bijwerken_tot()
        assert is_bij(demo_databank)
        een_leerling(demo_log)
        assert not is_bij(demo_databank)
        werker.bijwerken_tot()
    assert is_bij(demo_databank)
    ouder = (type("Later", (ActueelProjectie,), {"versie": ActueelProjectie.versie + 1}), *PROJECTIES[1:])
    assert not is_bij(demo_databank, ouder)


def test_read_models_that_were_never_made_are_not_up_to_date_until_a_worker_makes_them(server: Server) -> None:
    server.maak_databank(naam := f"proef_{uuid4().hex}")
    databank = Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden)
    databank.migreer(Soort.DEMO)
    assert not is_bij(databank)
    with Werker(databank) as werker:
        werker.bijwerken_tot()
    assert is_bij(databank)
    server.verwijder_databank(naam)


def test_a_worker_that_follows_folds_what_is_appended(demo_databank: Databank, demo_log: Log) -> None:
    stop = threading.Event()

    def volg() -> None:
        with Werker(demo_databank) as werker:
            werker.volg(stop)

    draad = threading.Thread(target=volg)
    draad.start()
    try:
        overstap = een_leerling(demo_log)
        wacht_tot(lambda: is_zichtbaar(demo_databank, overstap))
    finally:
        stop.set()
        draad.join()


def test_a_worker_that_follows_survives_the_loss_of_its_connections(demo_databank: Databank, demo_log: Log) -> None:
    stop = threading.Event()

    def volg() -> None:
        with Werker(demo_databank) as werker:
            werker.volg(stop)

    draad = threading.Thread(target=volg)
    draad.start()
    try:
        eerste = een_leerling(demo_log)
        wacht_tot(lambda: is_zichtbaar(demo_databank, eerste))
        with demo_databank.verbind(Login.PROJECTIE) as verbinding:
            verbinding.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()"
            )
        tweede = een_leerling(demo_log)
        wacht_tot(lambda: is_zichtbaar(demo_databank, tweede))
    finally:
        stop.set()
        draad.join()


def test_of_two_workers_one_folds_and_the_other_waits_for_it(demo_databank: Databank, demo_log: Log) -> None:
    een_leerling(demo_log)
    doel = demo_log.laatste_positie()
    bereikt: list[int] = []

    def werk_bij() -> None:
        with Werker(demo_databank, omvang=1) as werker:
            bereikt.append(werker.bijwerken_tot(doel))

    draden = [threading.Thread(target=werk_bij) for _ in range(4)]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    assert bereikt == [doel] * 4
    live = alle_rijen(demo_databank)
    with Werker(demo_databank) as werker:
        werker.herbouw()
    assert alle_rijen(demo_databank) == live


class _Gaat_stuk(ActueelProjectie):  # noqa: N801 - the database fails after the fold has written
    def vouw(self, cursor: psycopg.Cursor[Any], batch: Batch, geschiedenis: Geschiedenis) -> None:
        super().vouw(cursor, batch, geschiedenis)
        raise psycopg.errors.DiskFull("vol")


def test_a_batch_that_fails_leaves_neither_rows_nor_progress(demo_databank: Databank, demo_log: Log) -> None:
    with Werker(demo_databank) as werker:
        voor = (werker.bijwerken_tot(), alle_rijen(demo_databank))
    een_leerling(demo_log)
    with Werker(demo_databank, [_Gaat_stuk]) as stuk, pytest.raises(psycopg.errors.DiskFull):
        stuk.bijwerken_tot()
    assert alle_rijen(demo_databank) == voor[1]


class _Vouwt_nooit(WachtbakProjectie):  # noqa: N801 - it has nothing to fold
    def vouw(self, *_: object) -> None:
        raise AssertionError("there is nothing of the wachtbak")


def test_a_read_model_that_a_batch_holds_nothing_for_is_moved_past_it_unfolded(
    demo_databank: Databank, demo_log: Log
) -> None:
    een_leerling(demo_log)
    with Werker(demo_databank, [ActueelProjectie, _Vouwt_nooit]) as werker:
        positie = werker.bijwerken_tot()
        assert werker.voortgang() == {"actueel": positie, "wachtbak": positie}


def test_a_read_model_of_another_version_is_not_moved(demo_databank: Databank, demo_log: Log) -> None:
    een_leerling(demo_log)
    with Werker(demo_databank) as werker:
        positie = werker.bijwerken_tot()
    een_leerling(demo_log)
    with demo_databank.verbind(Login.PROJECTIE) as verbinding:
        verbinding.execute("UPDATE beeld.voortgang SET versie = versie + 1 WHERE naam = 'wachtbak'")
        schuif_op(verbinding, [WachtbakProjectie], Batch(Log(verbinding).lees(positie, 10), positie))
        gebleven = verbinding.execute("SELECT positie FROM beeld.voortgang WHERE naam = 'wachtbak'").fetchone()
        verbinding.execute("UPDATE beeld.voortgang SET versie = versie - 1 WHERE naam = 'wachtbak'")
    assert gebleven == (positie,)


class _Struikelt(StatusperiodesProjectie):
    """Writes, and then fails, every other time."""

    def vouw(self, cursor: psycopg.Cursor[Any], batch: Batch, geschiedenis: Geschiedenis) -> None:
        super().vouw(cursor, batch, geschiedenis)
        self.keer = getattr(self, "keer", 0) + 1
        if self.keer % 2:
            raise psycopg.errors.DiskFull("vol")


@pytest.mark.proof
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100 if IS_VOL else 2)
@given(boek=logboeken(), omvang=st.integers(2, 9))
def test_a_worker_that_fails_and_tries_again_writes_the_rows_of_a_rebuild(
    demo_databank: Databank, demo_log: Log, boek: Boek, omvang: int
) -> None:
    vastgelegd = leg_vast(demo_log, boek)
    with Werker(demo_databank, [_Struikelt], omvang=omvang) as werker:
        while werker.voortgang()["statusperiodes"] < (vastgelegd[-1].positie or 0):
            with contextlib.suppress(psycopg.errors.DiskFull):
                werker.bijwerken_tot()
    live = alle_rijen(demo_databank)
    with Werker(demo_databank) as werker:
        werker.herbouw()
    assert alle_rijen(demo_databank)["statusperiodes"] == live["statusperiodes"]


@pytest.mark.proof
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100 if IS_VOL else 2)
@given(boek=logboeken(), omvang=st.integers(1, 9))
def test_workers_that_take_turns_write_the_rows_of_a_rebuild(
    demo_databank: Databank, demo_log: Log, boek: Boek, omvang: int
) -> None:
    vastgelegd = leg_vast(demo_log, boek)
    begin, einde = vastgelegd[0].positie or 0, vastgelegd[-1].positie or 0
    with Werker(demo_databank, omvang=omvang) as een, Werker(demo_databank, omvang=omvang) as ander:
        for beurt, positie in enumerate(range(begin, einde + omvang, omvang)):
            (een, ander)[beurt % 2].bijwerken_tot(min(positie, einde))
    live = alle_rijen(demo_databank)
    with Werker(demo_databank) as werker:
        werker.herbouw()
    assert alle_rijen(demo_databank) == live


def test_a_read_model_of_an_older_version_is_built_anew_before_it_is_asked(
    demo_databank: Databank, demo_log: Log
) -> None:
    een_leerling(demo_log)
    with Werker(demo_databank) as werker:
        werker.bijwerken_tot()
    voor = alle_rijen(demo_databank)
    with demo_databank.verbind(Login.PROJECTIE) as verbinding:
        verbinding.execute("UPDATE beeld.voortgang SET versie = 0 WHERE naam = 'actueel'")
        verbinding.execute("DELETE FROM beeld.actueel")
    with Werker(demo_databank) as werker:
        werker.bijwerken_tot()
    assert alle_rijen(demo_databank) == voor


def test_one_file_makes_the_same_tables_in_any_schema(demo_databank: Databank) -> None:
    richt_in(demo_databank)
    with demo_databank.verbind(Login.EIGENAAR) as verbinding:
        verbinding.execute("CREATE SCHEMA schaduw; GRANT CREATE, USAGE ON SCHEMA schaduw TO overstap_projectie")
    with demo_databank.verbind(Login.PROJECTIE) as verbinding:
        with verbinding.transaction():
            verbinding.execute("SET LOCAL search_path TO schaduw")
            for projectie in PROJECTIES:
                verbinding.execute(definitie(projectie.naam).encode())
        live, schaduw = (catalogus(verbinding, schema) for schema in ("beeld", "schaduw"))
    assert {tabel for tabel, *_ in live} == {*TABELLEN}
    assert live == schaduw


@pytest.mark.parametrize("login", [Login.APP, Login.AUDIT, Login.SCHRIJVER])
def test_only_the_worker_writes_read_models(demo_databank: Databank, login: Login) -> None:
    richt_in(demo_databank)
    with demo_databank.verbind(login) as verbinding:
        for tabel in (*TABELLEN, "voortgang"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                verbinding.execute(SQL("DELETE FROM {}").format(Identifier("beeld", tabel)))
