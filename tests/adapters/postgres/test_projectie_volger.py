"""A follower keeps read models up in the background: woken, prompt to stop, taken over, never silent about an error."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES, richt_in
from overstap.adapters.postgres.projectie_toestand import Stand, Toestand, toestanden
from overstap.adapters.postgres.projectie_volger import Volger, volgend
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.projections.actueel_tabel import ActueelProjectie
from overstap.projections.projectie import Batch, Geschiedenis
from overstap.projections.wachtbak import WachtbakProjectie
from tests.adapters.postgres.beelden import een_leerling, is_zichtbaar, wacht_tot
from tests.postgres_fixture import MakeDatabank

NOOIT = 3600.0
"""Seconds between two looks of a follower that must be woken."""


@pytest.fixture
def databank(maak_databank: MakeDatabank) -> Databank:
    databank = maak_databank(Soort.DEMO)
    richt_in(databank)
    return databank


@pytest.fixture
def log(databank: Databank) -> Iterator[Log]:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Log(verbinding)


def toestand(databank: Databank, naam: str = "actueel") -> Toestand:
    [een] = [een for een in toestanden(databank) if een.naam == naam]
    return een


def luistert(databank: Databank, aantal: int = 1) -> bool:
    """Tell whether so many followers wait for a notification."""
    with databank.verbind(Login.PROJECTIE) as verbinding:
        [(gevonden,)] = verbinding.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' "
            "AND query = 'LISTEN gebeurtenissen'"
        ).fetchall()
    return bool(gevonden >= aantal)


def test_an_append_wakes_a_follower_that_would_never_look_by_itself(databank: Databank, log: Log) -> None:
    with volgend(databank, tussenpoos=NOOIT):
        wacht_tot(lambda: luistert(databank))
        wacht_tot(lambda: all(een.wordt_gevolgd for een in toestanden(databank)))
        eerste = een_leerling(log)
        wacht_tot(lambda: is_zichtbaar(databank, eerste))
        tweede = een_leerling(log)
        wacht_tot(lambda: is_zichtbaar(databank, tweede))


def test_a_follower_that_is_not_woken_looks_by_itself(
    databank: Databank, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overstap.adapters.postgres.projectie_werker._WEKKER", "LISTEN iets_anders")
    with volgend(databank, tussenpoos=0.1):
        wacht_tot(lambda: all(een.wordt_gevolgd for een in toestanden(databank)))
        overstap = een_leerling(log)
        wacht_tot(lambda: is_zichtbaar(databank, overstap))


def test_a_follower_that_waits_for_the_log_stops_at_once(databank: Databank) -> None:
    with volgend(databank, tussenpoos=NOOIT) as volger:
        wacht_tot(lambda: luistert(databank))
        volger.stop()
        wacht_tot(lambda: not volger.is_bezig, hoogstens=5)


def test_a_follower_that_waits_for_a_lock_stops_at_once(databank: Databank, log: Log) -> None:
    with databank.verbind(Login.PROJECTIE) as ander, ander.transaction():
        ander.execute("SELECT FROM beeld.voortgang FOR UPDATE")
        een_leerling(log)
        with volgend(databank) as volger:
            wacht_tot(lambda: _wacht_op_slot(databank))
            volger.stop()
            wacht_tot(lambda: not volger.is_bezig, hoogstens=10)


def test_a_follower_that_cannot_reach_the_database_lets_go_at_once() -> None:
    with _doofstomme_server() as poort:
        nergens = Databank({"host": "127.0.0.1", "port": str(poort), "dbname": "x", "user": "x", "password": "x"})
        volger = Volger(Werker(nergens))
        volger.begin()
        begin = time.monotonic()
        volger.stop()
        assert time.monotonic() - begin < 5


def test_another_takes_over_when_a_follower_is_gone(databank: Databank, log: Log) -> None:
    with volgend(databank, tussenpoos=0.1) as eerste:
        wacht_tot(lambda: toestand(databank).wordt_gevolgd)
        with volgend(databank, tussenpoos=0.1):
            wacht_tot(lambda: luistert(databank, 2))
            eerste.stop()
            wacht_tot(lambda: not eerste.is_bezig)
            overstap = een_leerling(log)
            wacht_tot(lambda: is_zichtbaar(databank, overstap))
    assert not toestand(databank).wordt_gevolgd


class _Vol(WachtbakProjectie):
    """A read model for which the disk is full, until it is not."""

    is_vol = True
    feiten = ActueelProjectie.feiten

    def vouw(self, cursor: psycopg.Cursor[Any], batch: Batch, geschiedenis: Geschiedenis) -> None:
        if self.is_vol:
            raise psycopg.errors.DiskFull("could not extend file 'Jansen': no space left")
        super().vouw(cursor, batch, geschiedenis)


def test_a_read_model_that_fails_stands_still_alone_says_why_and_goes_on_later(databank: Databank, log: Log) -> None:
    with volgend(databank, [ActueelProjectie, _Vol], tussenpoos=0.1):
        overstap = een_leerling(log)
        wacht_tot(lambda: is_zichtbaar(databank, overstap))
        wacht_tot(lambda: toestand(databank, "wachtbak").fout is not None)
        vol = toestand(databank, "wachtbak")
        assert (vol.stand, vol.fout) == (Stand.STAAT_STIL, "DiskFull: could not extend file …: no space left")
        _Vol.is_vol = False
        wacht_tot(lambda: toestand(databank, "wachtbak").stand is Stand.BIJ, hoogstens=30)
        assert toestand(databank, "wachtbak").fout is None


def test_an_event_that_this_program_cannot_read_is_told_by_every_state(databank: Databank, log: Log) -> None:
    een_leerling(log)
    with databank.verbind(Login.EIGENAAR) as verbinding:
        verbinding.execute(
            """
            INSERT INTO log.gebeurtenissen (positie, originator_id, originator_version, topic, state, regio, gebeurd_op,
                                            vastgelegd_op, actor, rol, organisatie, hash)
            SELECT positie + 1, gen_random_uuid(), 1, 'van-later.v1', '{"feit":"van-later.v1"}', regio, gebeurd_op,
                   vastgelegd_op, actor, rol, organisatie, hash
              FROM log.gebeurtenissen
            """
        )
    with volgend(databank, tussenpoos=0.1):
        wacht_tot(lambda: all(een.stand is Stand.GEPARKEERD for een in toestanden(databank)))
        assert {(een.geparkeerd, een.achter, een.fout) for een in toestanden(databank)} == {(1, 0, None)}


class _Nieuwer(ActueelProjectie):
    versie = ActueelProjectie.versie + 1


def test_after_an_upgrade_the_old_version_is_served_until_the_new_one_takes_its_place(
    databank: Databank, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    overstap = een_leerling(log)
    with Werker(databank) as werker:
        werker.bijwerken_tot()
    mag = threading.Event()
    bouw = _Nieuwer.bouw

    def wacht_en_bouw(zelf: _Nieuwer, stroom: Any) -> Any:  # noqa: ANN401
        assert mag.wait(30)
        return bouw(zelf, stroom)

    monkeypatch.setattr(_Nieuwer, "bouw", wacht_en_bouw)
    with volgend(databank, [_Nieuwer, WachtbakProjectie], tussenpoos=0.1):
        wacht_tot(lambda: toestand(databank).herbouw_positie is not None)
        assert is_zichtbaar(databank, overstap)
        assert toestand(databank).versie == ActueelProjectie.versie
        tweede = een_leerling(log)
        wacht_tot(lambda: toestand(databank, "wachtbak").achter == 0)
        mag.set()
        wacht_tot(lambda: toestand(databank).versie == _Nieuwer.versie, hoogstens=30)
        wacht_tot(lambda: is_zichtbaar(databank, tweede))


def test_the_state_tells_how_far_behind_it_is(databank: Databank, log: Log) -> None:
    with Werker(databank) as werker:
        een_leerling(log)
        werker.bijwerken_tot()
        een_leerling(log)
        een_leerling(log)
    een = toestand(databank)
    assert (een.positie, een.achter, een.wordt_gevolgd) == (1, 2, False)
    assert een.achter_seconden > 0
    assert {e.naam for e in toestanden(databank)} == {p.naam for p in PROJECTIES}


def test_the_state_tells_the_trend_and_the_rate(databank: Databank, log: Log) -> None:
    een_leerling(log)
    with Werker(databank) as werker:
        werker.bijwerken_tot()
    een_leerling(log)
    een = toestand(databank)
    assert een.trend == 1
    assert een.tempo == 0.0


def test_what_is_up_to_date_has_no_trend_of_how_far_behind_it_was(databank: Databank, log: Log) -> None:
    for _ in range(3):
        een_leerling(log)
    with Werker(databank, omvang=1) as werker:
        werker.bijwerken_tot()  # measured after the first of three: two behind
    een = toestand(databank)
    assert (een.achter, een.trend) == (0, 0)
    assert een.tempo is not None
    assert een.tempo > 0


def _wacht_op_slot(databank: Databank) -> bool:
    with databank.verbind(Login.PROJECTIE) as verbinding:
        [(aantal,)] = verbinding.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchall()
    return bool(aantal)


@contextmanager
def _doofstomme_server() -> Iterator[int]:
    """Listen on a port of this machine, and never answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
