"""An import comes as a stream: it is gathered, folded in turn, and at its end folded at once."""

import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace

from overstap.adapters.postgres import projectie_aanvoer, projectie_werker
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_aanvoer import Aanvoer
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.postgres.toevoeging import Toevoeging
from overstap.domain.feiten.aanlevering import AanleveringOntvangen, AanleveringVerwerkt
from overstap.projections.actueel_tabel import ActueelProjectie
from overstap.projections.projectie import Batch, Geschiedenis
from overstap.projections.statusperiodes_tabel import StatusperiodesProjectie
from tests.adapters.postgres.beelden import een_leerling, leg_ook_vast, wacht_tot
from tests.projections.geschiedenissen import Boek


@pytest.fixture
def demo_log(demo_databank: Databank) -> Iterator[Log]:
    with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Log(verbinding)


_GEVOUWEN: dict[int, list[tuple[float, float]]] = {}
"""When each read model was folded up to a position: from, to."""


def _noteer(begin: float, batch: Batch) -> None:
    time.sleep(0.1)  # so that what goes side by side is seen to overlap
    _GEVOUWEN.setdefault(batch.einde, []).append((begin, time.monotonic()))


class _NoteertActueel(ActueelProjectie):
    def vouw(self, cursor: psycopg.Cursor[Any], batch: Batch, geschiedenis: Geschiedenis) -> None:
        begin = time.monotonic()
        super().vouw(cursor, batch, geschiedenis)
        _noteer(begin, batch)


class _NoteertPeriodes(StatusperiodesProjectie):
    def vouw(self, cursor: psycopg.Cursor[Any], batch: Batch, geschiedenis: Geschiedenis) -> None:
        begin = time.monotonic()
        super().vouw(cursor, batch, geschiedenis)
        _noteer(begin, batch)


def _overlapt(positie: int) -> bool | None:
    """Tell whether both folds up to a position went side by side; None: they are not both done."""
    tijden = sorted(_GEVOUWEN.get(positie, []))
    return tijden[1][0] < tijden[0][1] if len(tijden) == 2 else None


def _gaat_naast_elkaar(laatste: int) -> bool:
    wacht_tot(lambda: _overlapt(laatste) is not None)
    return bool(_overlapt(laatste))


def test_of_a_stream_that_goes_on_read_models_are_folded_in_turn_and_of_single_events_side_by_side(
    demo_databank: Databank, demo_log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    for naam, waarde in {"STROOM": 1, "OVER": 1.0}.items():
        monkeypatch.setattr(projectie_aanvoer, naam, waarde)
    for naam, waarde in {"_VERZAMELD": 0.6, "_STIL": 0.3}.items():
        monkeypatch.setattr(projectie_werker, naam, waarde)
    _GEVOUWEN.clear()
    stop, overstap = threading.Event(), een_leerling(demo_log)
    einde = time.monotonic() + 30

    def volg() -> None:
        with Werker(demo_databank, [_NoteertActueel, _NoteertPeriodes]) as werker:
            werker.volg(stop)

    draad = threading.Thread(target=volg)
    draad.start()
    try:
        while not any(_overlapt(positie) is False for positie in [*_GEVOUWEN]):
            assert time.monotonic() < einde, "they never took turns"
            leg_ook_vast(demo_log, overstap)
        while not _gaat_naast_elkaar(leg_ook_vast(demo_log, overstap)):
            assert time.monotonic() < einde, "they never went side by side"
    finally:
        stop.set()
        draad.join()


def _lever_af(log: Log, stroom: UUID) -> None:
    """Record a delivery from its beginning to its end, when the last event of a pupil was recorded."""
    boek, moment = Boek(), log.laad([stroom])[stroom][-1].vastgelegd_op
    assert moment is not None
    ontvangen = AanleveringOntvangen(soort="leerlingen", vingerafdruk="9f86d081", bytes=1)
    verwerkt = AanleveringVerwerkt(regels=1, aanvaard=1, ongewijzigd=0, wachtbak=0, geweigerd=0)
    boek.voeg_toe(uuid4(), [ontvangen, verwerkt], moment, moment)
    eigen = [replace(g, positie=None, vastgelegd_op=None) for g in boek.gebeurtenissen]
    assert log.voeg_toe([Toevoeging(eigen)], moment)[0].positie


def test_a_stream_is_gathered_through_a_silence_and_no_longer_than_its_delivery(
    demo_databank: Databank, demo_log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projectie_aanvoer, "STROOM", 0)  # whatever comes is a stream
    for naam, waarde in {"_VERZAMELD": 600.0, "_STOKT": 600.0}.items():
        monkeypatch.setattr(projectie_werker, naam, waarde)
    overstap = een_leerling(demo_log)
    gevouwen: list[int] = []

    class Noteert(ActueelProjectie):
        def vouw(self, cursor: psycopg.Cursor[Any], batch: Batch, geschiedenis: Geschiedenis) -> None:
            super().vouw(cursor, batch, geschiedenis)
            gevouwen.append(batch.einde)

    stop = threading.Event()

    def volg() -> None:
        with Werker(demo_databank, [Noteert]) as werker:
            werker.volg(stop)

    draad = threading.Thread(target=volg)
    draad.start()
    try:
        wacht_tot(lambda: bool(gevouwen))
        laatste = max(leg_ook_vast(demo_log, overstap) for _ in range(2))
        time.sleep(0.3)  # seven times as long a silence as ends a stream after a delivery
        assert gevouwen[-1] < laatste
        _lever_af(demo_log, overstap)
        wacht_tot(lambda: gevouwen[-1] >= laatste)
    finally:
        stop.set()
        draad.join()


def _zijn_stroom(batches: list[tuple[float, int]]) -> list[bool]:
    """Tell of batches that follow each other, each with how long it took to come, whether they are a stream by then."""
    aanvoer, nu, uitkomsten = Aanvoer(), 100.0, []
    for duur, aantal in batches:
        uitkomsten.append(aanvoer.is_stroom_na(aantal, nu, nu + duur))
        nu += duur
    return uitkomsten


def test_small_batches_of_an_import_make_a_stream_and_those_of_many_people_do_not() -> None:
    assert _zijn_stroom([(0.02, 80)] * 20) == [False] * 6 + [True] * 14
    assert _zijn_stroom([(0.02, 30)] * 50) == [False] * 50
    assert _zijn_stroom([(0.01, 600)]) == [True]
    assert _zijn_stroom([(0.5, 900), (0.5, 1_200), (5.0, 1_200)]) == [False, True, False]
