"""A rebuild that several processes do together: the same rows, and nothing changed when one of them goes wrong."""

import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings

from overstap.adapters.postgres import projectie_bouw
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.ernaast import EVEN, DeelAfgebroken, Ernaast
from overstap.adapters.postgres.fouten import DatabankFout
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_deel import Opbrengst, Vooraf, vouw_deel
from overstap.adapters.postgres.projectie_herbouw import controleer, herbouw, niemand
from overstap.adapters.postgres.projectie_lezing import MEESTE_DELEN, Deel, aantal_delen, lees_stromen
from overstap.adapters.postgres.projectie_parkeren import TeVeelGeparkeerd, toon
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES, richt_in
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.domain.gebeurtenis import Voorval
from overstap.projections.actueel_tabel import ActueelProjectie
from overstap.projections.projectie import Rij
from tests.adapters.postgres.beelden import alle_rijen, een_leerling
from tests.kinderen import kinderen
from tests.postgres_fixture import MakeDatabank
from tests.projections.geschiedenissen import Boek, logboeken
from tests.projections.vastleggen import leg_vast

IS_VOL = os.environ.get("OVERSTAP_PROOF") == "full"


@pytest.fixture(autouse=True)
def samen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two processes build, however small the log is."""
    monkeypatch.setattr(projectie_bouw, "aantal_delen", lambda _tot: 2)


@pytest.fixture
def vers(maak_databank: MakeDatabank) -> Databank:
    """Give a database with twenty pupils, folded."""
    databank = maak_databank(Soort.DEMO)
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        for _ in range(20):
            een_leerling(Log(verbinding))
    with Werker(databank) as werker:
        werker.bijwerken_tot()
    return databank


@pytest.fixture
def demo_log(demo_databank: Databank) -> Iterator[Log]:
    with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Log(verbinding)


def hoor_af(ernaast: Ernaast[int, list[Opbrengst]]) -> None:
    while not ernaast.is_klaar:
        list(ernaast.hoor(EVEN))


class _Weigerachtig(ActueelProjectie):
    """A fold that can handle no pupil at all."""

    def bouw(self, stroom: Sequence[Voorval]) -> Iterable[tuple[int, Rij]]:
        raise ValueError(f"no stream of {len(stroom)} events")


@pytest.mark.proof
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100 if IS_VOL else 3, deadline=None)
@given(boek=logboeken())
def test_several_processes_write_the_rows_of_one(demo_databank: Databank, demo_log: Log, boek: Boek) -> None:
    leg_vast(demo_log, boek)
    with Werker(demo_databank) as werker:
        werker.bijwerken_tot()
    verslagen = controleer(demo_databank, PROJECTIES, niemand)
    assert [een.verschillen for een in verslagen if een.aantal_verschillen] == []


def test_each_stream_is_in_one_part_and_whole(vers: Databank) -> None:
    with vers.verbind(Login.PROJECTIE) as verbinding:
        delen = [list(lees_stromen(verbinding, Deel(20, nummer, 3))) for nummer in range(3)]
        [heel] = [list(lees_stromen(verbinding, Deel(20)))]
    assert all(delen)
    assert {stroom[0].originator_id for stroom, _ in heel} == {s[0].originator_id for deel in delen for s, _ in deel}
    assert sum(map(len, delen)) == len(heel) == 20


def test_a_small_log_is_not_divided_and_a_large_one_over_a_few() -> None:
    assert (aantal_delen(0), aantal_delen(99_999)) == (1, 1)
    assert aantal_delen(10**9) == min(os.cpu_count() or 1, MEESTE_DELEN)


def test_a_process_that_is_killed_leaves_everything_as_it_was(vers: Databank) -> None:
    voor, eerdere = alle_rijen(vers), kinderen()

    def dood_er_een(_gedaan: int, _totaal: int, wat: str) -> None:
        if wat == "vouwen":
            for proces in kinderen() - eerdere:
                os.kill(proces, signal.SIGKILL)

    with pytest.raises(DeelAfgebroken, match="Er is niets veranderd"):
        herbouw(vers, PROJECTIES, dood_er_een)
    assert alle_rijen(vers) == voor
    [verslag, *_] = herbouw(vers, PROJECTIES, niemand)
    assert verslag.aantal_verschillen == 0


def test_an_interrupted_rebuild_takes_its_processes_along(vers: Databank) -> None:
    gezien, eerdere = [], kinderen()

    def stop(_gedaan: int, _totaal: int, _wat: str) -> None:
        gezien.append(len(kinderen() - eerdere))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        herbouw(vers, PROJECTIES, stop)
    assert gezien == [1]
    assert kinderen() == eerdere


def test_streams_that_no_process_can_fold_all_stand_aside(vers: Databank) -> None:
    [verslag] = herbouw(vers, [_Weigerachtig], niemand)
    assert verslag.geparkeerd == 20
    with vers.verbind(Login.PROJECTIE) as verbinding:
        assert [een.versie for een in toon(verbinding)] == [1] * 20


def test_the_limit_to_what_stands_aside_counts_for_all_processes_together(
    vers: Databank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overstap.adapters.postgres.projectie_parkeren.HOOGSTENS", 15)
    voor = alle_rijen(vers)
    with pytest.raises(TeVeelGeparkeerd, match="Er is niets veranderd"):
        herbouw(vers, [_Weigerachtig], niemand)
    assert alle_rijen(vers) == voor


def test_a_process_whose_rebuild_is_no_longer_the_one_writes_nothing(vers: Databank) -> None:
    richt_in(vers)
    vooraf = [Vooraf(ActueelProjectie, dict.fromkeys(ActueelProjectie.tabellen, 0), {})]
    with vers.verbind(Login.PROJECTIE) as verbinding:
        for tabel in ActueelProjectie.tabellen:
            verbinding.execute(f"CREATE TABLE beeld_schaduw.{tabel} (LIKE beeld.{tabel})".encode())
        werk = partial(vouw_deel, vers, vooraf, Deel(20))
        with Ernaast("de herbouw", werk) as ernaast, pytest.raises(DatabankFout, match="Een andere herbouw"):
            hoor_af(ernaast)
        for tabel in ActueelProjectie.tabellen:
            aantal = verbinding.execute(f"SELECT count(*) FROM beeld_schaduw.{tabel}".encode()).fetchone()
            assert aantal == (0,)
