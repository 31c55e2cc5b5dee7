"""A rebuild makes read models anew while they serve: same rows, same catalogue, no reader disturbed, a way back."""

import os
import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

from overstap.adapters.postgres import projectie_herbouw
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankFout, MigratieFout
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_herbouw import (
    HerbouwGestopt,
    controleer,
    ga_terug,
    herbouw,
    niemand,
    ruim_oude_op,
    zolang,
)
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES, richt_in
from overstap.adapters.postgres.projectie_toestand import Stand, toestanden
from overstap.adapters.postgres.projectie_werker import VerouderdProgramma, Werker
from overstap.adapters.postgres.projectie_wissel import GeenWissel
from overstap.projections.actueel_tabel import ActueelProjectie
from overstap.projections.projectie import Batch, Geschiedenis
from overstap.projections.wachtbak import WachtbakProjectie
from tests.adapters.postgres.beelden import TABELLEN, alle_rijen, catalogus, een_leerling, leg_ook_vast
from tests.postgres_fixture import MakeDatabank
from tests.projections.geschiedenissen import Boek, logboeken
from tests.projections.vastleggen import leg_vast

ACTUEEL = [ActueelProjectie]
IS_VOL = os.environ.get("OVERSTAP_PROOF") == "full"


@pytest.fixture
def vers(maak_databank: MakeDatabank) -> Databank:
    """Give a database with one pupil, folded."""
    databank = maak_databank(Soort.DEMO)
    neem_op(databank)
    werk_bij(databank)
    return databank


@pytest.fixture
def demo_log(demo_databank: Databank) -> Iterator[Log]:
    with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Log(verbinding)


def neem_op(databank: Databank) -> UUID:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        return een_leerling(Log(verbinding))


def werk_bij(databank: Databank) -> None:
    with Werker(databank) as werker:
        werker.bijwerken_tot()


def doe(databank: Databank, opdracht: str) -> None:
    with databank.verbind(Login.PROJECTIE) as verbinding:
        verbinding.execute(opdracht.encode())


def schemas_met_tabellen(databank: Databank) -> dict[str, set[str]]:
    with databank.verbind(Login.PROJECTIE) as verbinding:
        rijen = verbinding.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname LIKE 'beeld%%' AND tablename = ANY(%s)",
            (list(TABELLEN),),
        ).fetchall()
    return {schema: {tabel for waar, tabel in rijen if waar == schema} for schema, _ in rijen}


@pytest.mark.proof
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300 if IS_VOL else 4)
@given(boek=logboeken())
def test_whole_streams_fold_to_the_rows_of_any_batches(demo_databank: Databank, demo_log: Log, boek: Boek) -> None:
    leg_vast(demo_log, boek)
    with Werker(demo_databank, omvang=3) as werker:
        werker.bijwerken_tot()
    verslagen = controleer(demo_databank, PROJECTIES, niemand)
    assert [een.verschillen for een in verslagen if een.aantal_verschillen] == []


def test_a_database_that_lacks_the_schemas_is_to_be_migrated_first(vers: Databank) -> None:
    with vers.verbind(Login.EIGENAAR) as verbinding:
        verbinding.execute("DROP SCHEMA beeld_schaduw, beeld_oud CASCADE")
    with pytest.raises(MigratieFout, match="overstap migrate"):
        richt_in(vers)


def test_a_rebuild_whose_database_goes_away_says_that_nothing_changed(vers: Databank) -> None:
    voor = alle_rijen(vers)

    def trek_de_stekker(_gedaan: int, _totaal: int, wat: str) -> None:
        if wat == "vergelijken":
            doe(
                vers,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()",
            )

    with pytest.raises(DatabankFout, match="Er is niets veranderd"):
        herbouw(vers, ACTUEEL, trek_de_stekker)
    assert alle_rijen(vers) == voor
    herbouw(vers, ACTUEEL, niemand)


def test_tables_have_the_same_catalogue_before_and_after_a_swap(vers: Databank) -> None:
    with vers.verbind(Login.PROJECTIE) as verbinding:
        voor = catalogus(verbinding, "beeld")
        herbouw(vers, PROJECTIES, niemand)
        assert catalogus(verbinding, "beeld") == voor
        assert catalogus(verbinding, "beeld_oud") == voor


def test_autovacuum_stays_away_from_tables_while_they_are_filled(
    vers: Databank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overstap.adapters.postgres.projectie_deel._MELD_ELKE", 1)
    gezien: dict[str, list[bool]] = {}

    def kijk(_gedaan: int, _totaal: int, waar: str) -> None:
        with vers.verbind(Login.PROJECTIE) as verbinding:
            opties = [str(rij[4]) for rij in catalogus(verbinding, "beeld_schaduw")]
        gezien[waar] = ["autovacuum_enabled=false" in van_tabel for van_tabel in opties]

    herbouw(vers, ACTUEEL, kijk)
    assert gezien["vouwen"] == [True, True]
    assert gezien["vergelijken"] == [False, False]


def test_a_rebuild_mends_what_differs_and_says_which_rows(vers: Databank) -> None:
    goed = alle_rijen(vers)
    weg = neem_op(vers)
    werk_bij(vers)
    goed = alle_rijen(vers)
    doe(vers, f"DELETE FROM beeld.actueel WHERE overstap = '{weg}'")
    [verslag] = herbouw(vers, ACTUEEL, niemand)
    assert verslag.verschillen is not None
    [actueel, persoonsgegevens] = verslag.verschillen
    assert [(rij.sleutel, rij.wat) for rij in actueel.eerste] == [(f"({weg})", "ontbreekt")]
    assert (actueel.verschillen, persoonsgegevens.verschillen) == (1, 0)
    assert alle_rijen(vers) == goed


def test_to_verify_says_what_differs_and_changes_nothing(vers: Databank) -> None:
    doe(vers, "UPDATE beeld.actueel SET klas = '9Z'")
    voor = alle_rijen(vers)
    [verslag] = controleer(vers, ACTUEEL, niemand)
    assert verslag.verschillen is not None
    assert [rij.wat for rij in verslag.verschillen[0].eerste] == ["anders"]
    assert "9Z" not in str(verslag)
    assert alle_rijen(vers) == voor
    assert schemas_met_tabellen(vers) == {"beeld": set(TABELLEN)}


def test_a_worker_goes_on_with_the_rows_of_the_rebuild_and_not_with_those_it_remembers(vers: Databank) -> None:
    leerling = neem_op(vers)
    werk_bij(vers)
    doe(vers, "UPDATE beeld.actueel SET gemeente = '9999'")
    with vers.verbind(Login.SCHRIJVER) as verbinding, Werker(vers, ACTUEEL) as werker:
        log = Log(verbinding)
        leg_ook_vast(log, leerling)
        werker.bijwerken_tot()  # it read the damaged row, and remembers it
        herbouw(vers, ACTUEEL, niemand)
        leg_ook_vast(log, leerling)
        werker.bijwerken_tot()
    [verslag] = controleer(vers, ACTUEEL, niemand)
    assert verslag.aantal_verschillen == 0


@pytest.mark.parametrize("wat", ["vouwen", "vergelijken", "wisselen"])
def test_a_rebuild_that_is_interrupted_changes_nothing(
    vers: Databank, monkeypatch: pytest.MonkeyPatch, wat: str
) -> None:
    monkeypatch.setattr("overstap.adapters.postgres.projectie_deel._MELD_ELKE", 1)
    voor = alle_rijen(vers)

    def stop(_gedaan: int, _totaal: int, waar: str) -> None:
        if waar == wat:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as wie_het_nog_weet:  # who keeps what was raised, keeps what it went through
        herbouw(vers, PROJECTIES, stop)
    assert alle_rijen(vers) == voor
    assert schemas_met_tabellen(vers) == {"beeld": set(TABELLEN)}
    del wie_het_nog_weet
    herbouw(vers, PROJECTIES, niemand)
    assert alle_rijen(vers) == voor


def test_a_rebuild_stops_when_asked(vers: Databank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overstap.adapters.postgres.projectie_deel._MELD_ELKE", 1)
    with pytest.raises(HerbouwGestopt):
        herbouw(vers, ACTUEEL, zolang(lambda: True))


def test_the_way_back_serves_what_was_served_with_what_was_recorded_since(vers: Databank) -> None:
    doe(vers, "UPDATE beeld.actueel SET klas = '9Z'")
    herbouw(vers, ACTUEEL, niemand)
    neem_op(vers)
    werk_bij(vers)
    ga_terug(vers, ActueelProjectie)
    with vers.verbind(Login.PROJECTIE) as verbinding:
        klassen = verbinding.execute("SELECT klas FROM beeld.actueel ORDER BY opgevoerd_op").fetchall()
    assert klassen == [("9Z",), ("4A",)]
    ga_terug(vers, ActueelProjectie)
    [verslag] = controleer(vers, ACTUEEL, niemand)
    assert verslag.aantal_verschillen == 0


def test_without_a_kept_one_there_is_no_way_back(vers: Databank) -> None:
    herbouw(vers, ACTUEEL, niemand)
    assert ruim_oude_op(vers, PROJECTIES) == ["actueel"]
    assert schemas_met_tabellen(vers) == {"beeld": set(TABELLEN)}
    with pytest.raises(GeenWissel):
        ga_terug(vers, ActueelProjectie)


def test_one_rebuild_of_a_read_model_goes_on_at_a_time(vers: Databank) -> None:
    geweigerd = []

    def nog_een(_gedaan: int, _totaal: int, wat: str) -> None:
        if wat == "vergelijken":
            with pytest.raises(GeenWissel) as fout:
                herbouw(vers, ACTUEEL, niemand)
            geweigerd.append(str(fout.value))

    herbouw(vers, ACTUEEL, nog_een)
    assert geweigerd == ["actueel wordt al herbouwd. Wacht tot dat klaar is; er is niets veranderd."]


def test_a_reader_in_the_middle_of_its_work_keeps_a_swap_waiting_and_no_other_reader(vers: Databank) -> None:
    aantal = "SELECT count(*) FROM beeld.actueel"
    klaar = threading.Event()

    def wissel() -> None:
        herbouw(vers, ACTUEEL, niemand)
        klaar.set()

    with vers.verbind(Login.PROJECTIE) as bezig, vers.verbind(Login.PROJECTIE) as ander:
        ander.execute("SET statement_timeout = '2s'")
        draad = threading.Thread(target=wissel, daemon=True)
        with bezig.transaction():
            bezig.execute(aantal)
            draad.start()
            for _ in range(200):
                assert ander.execute(aantal).fetchone() == (1,)
                if klaar.wait(0.005):
                    break
            assert not klaar.is_set()
        assert klaar.wait(30)
        assert ander.execute(aantal).fetchone() == (1,)


class _Nieuwer(ActueelProjectie):
    """The next version of actueel: it writes every klas in lower case."""

    versie = ActueelProjectie.versie + 1

    def vouw(self, cursor: psycopg.Cursor[Any], batch: Batch, geschiedenis: Geschiedenis) -> None:
        super().vouw(cursor, batch, geschiedenis)
        cursor.execute("UPDATE actueel SET klas = lower(klas)")

    bouw = None  # type: ignore[assignment]


def test_a_read_model_of_another_version_is_not_compared(vers: Databank) -> None:
    [verslag] = herbouw(vers, [_Nieuwer], niemand)
    assert verslag.verschillen is None
    assert verslag.versie == _Nieuwer.versie


def test_an_older_program_leaves_what_a_later_one_made(vers: Databank) -> None:
    herbouw(vers, [_Nieuwer], niemand)
    neem_op(vers)
    with Werker(vers, ACTUEEL) as werker, pytest.raises(VerouderdProgramma):
        werker.bijwerken_tot()
    assert {een.stand for een in toestanden(vers, ACTUEEL)} == {Stand.HERBOUW_NODIG}


def test_back_to_an_older_version_stays_there_until_somebody_rebuilds(vers: Databank) -> None:
    herbouw(vers, [_Nieuwer], niemand)
    ga_terug(vers, _Nieuwer)
    [toestand] = toestanden(vers, [_Nieuwer])
    assert (toestand.versie, toestand.vastgezet) == (ActueelProjectie.versie, True)
    herbouw(vers, [_Nieuwer], niemand)
    [toestand] = toestanden(vers, [_Nieuwer])
    assert (toestand.versie, toestand.vastgezet) == (_Nieuwer.versie, False)


class _Gewoon(WachtbakProjectie):
    """A read model that does not fold whole streams."""

    bouw = None  # type: ignore[assignment]


def test_a_read_model_that_folds_no_whole_streams_is_rebuilt_batch_by_batch(demo_databank: Databank) -> None:
    werk_bij(demo_databank)
    [verslag] = herbouw(demo_databank, [_Gewoon], niemand)
    assert verslag.aantal_verschillen == 0


def test_what_follows_far_behind_is_built_as_far_as_the_log(vers: Databank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projectie_herbouw, "_OMVANG", 1)
    neem_op(vers)
    [verslag] = herbouw(vers, ACTUEEL, niemand)
    assert (verslag.positie, verslag.verschillen) == (2, None)
