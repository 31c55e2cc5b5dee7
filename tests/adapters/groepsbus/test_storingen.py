"""When the database goes away under the bus: who knows what, and that it goes on afterwards."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from overstap.adapters.app import App
from overstap.adapters.groepsbus import LOONT, Groepsbus
from overstap.adapters.opdracht import EerderVastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.stroomsoorten import OVERSTAP
from overstap.adapters.wachtrij import Onzeker
from tests.adapters.groepsbus.verzoeken import (
    GEDULD,
    bezet_log,
    breek,
    klas,
    leerlingen,
    open_op,
    vastgelegd,
    wacht_op_slot,
    wacht_tot_onderweg,
)


def test_when_the_connection_is_lost_under_way_only_the_key_can_tell(
    bus: Groepsbus, databank: Databank, geheel: App
) -> None:
    eerste, tweede = leerlingen(geheel, 2)
    sleutel = uuid4().bytes
    with bezet_log(databank):
        onderweg = bus.stuur(klas(eerste, "4b", sleutel=sleutel))
        pid = wacht_op_slot(databank)
        wachtend = bus.stuur(klas(tweede, "4b"))
        breek(databank, pid)
        with pytest.raises(Onzeker):
            onderweg.result(GEDULD)

    vastgelegd(wachtend)
    vastgelegd(bus.stuur(klas(eerste, "4b", sleutel=sleutel)))
    assert isinstance(bus.stuur(klas(eerste, "4b", sleutel=sleutel)).result(GEDULD), EerderVastgelegd)


def test_a_connection_that_is_lost_with_two_batches_under_way_leaves_both_in_doubt(
    bus: Groepsbus, databank: Databank, geheel: App
) -> None:
    stromen = leerlingen(geheel, LOONT + 2)
    verzoeken = [klas(stroom, "4b", sleutel=uuid4().bytes) for stroom in stromen]
    with bezet_log(databank):
        toekomsten = [bus.stuur(verzoeken[0])]
        pid = wacht_op_slot(databank)
        toekomsten += [bus.stuur(verzoek) for verzoek in verzoeken[1:]]
        wacht_tot_onderweg(bus, 2)
        breek(databank, pid)
        for toekomst in toekomsten[:-1]:
            with pytest.raises(Onzeker):
                toekomst.result(GEDULD)

    vastgelegd(toekomsten[-1])
    for verzoek in verzoeken[:-1]:
        vastgelegd(bus.stuur(verzoek))


def test_while_the_database_stays_away_who_waits_is_told_so_and_afterwards_all_works_again(
    databank: Databank, geheel: App
) -> None:
    [stroom] = leerlingen(geheel, 1)
    weg = threading.Event()

    @contextmanager
    def open_soms() -> Iterator[App]:
        if weg.is_set():
            raise DatabankOnbereikbaar("weg")
        with open_op(databank) as een:
            yield een

    with Groepsbus(open_soms, geduld=0.2) as bus:
        with bezet_log(databank):
            onderweg = bus.stuur(klas(stroom, "4b"))
            weg.set()
            breek(databank, wacht_op_slot(databank))
            with pytest.raises(Onzeker):
                onderweg.result(GEDULD)
        with pytest.raises(DatabankOnbereikbaar) as fout:
            bus.stuur(klas(stroom, "4c")).result(GEDULD)
        assert not isinstance(fout.value, Onzeker)
        weg.clear()
        for _ in range(100):
            try:
                vastgelegd(bus.stuur(klas(stroom, "4d")))
                break
            except DatabankOnbereikbaar:
                continue
        assert geheel.bus.staat(OVERSTAP, stroom).overstap.klas == "4d"


def test_a_bus_without_a_database_does_not_start() -> None:
    @contextmanager
    def open_nooit() -> Iterator[App]:
        with open_op(Databank({"host": "/bestaat/niet"})) as een:
            yield een

    with pytest.raises(DatabankOnbereikbaar, match="niet te bereiken"), Groepsbus(open_nooit):
        pass
