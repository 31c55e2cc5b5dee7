"""What the bus for many callers promises: each gets his own answer, whatever the others ask."""

import asyncio
import threading
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from overstap.adapters.app import App
from overstap.adapters.groepsbus import LOONT, Groepsbus
from overstap.adapters.opdracht import EerderVastgelegd, Opdracht, Resultaat, Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.stroomsoorten import OVERSTAP, PROCEDURE, Dossier
from overstap.adapters.wachtrij import BusGesloten, BusVol
from overstap.domain.kalender import Regels, kalender_van
from overstap.domain.stromen import stroom_van_procedure
from overstap.domain.verzoeken import WijzigPersoonsgegevens
from overstap.domain.verzoeken_procedure import StelProcedureVast
from overstap.domain.weigering import Weigering
from tests.adapters.groepsbus.verzoeken import (
    GEDULD,
    PGNS,
    Rem,
    bezet_log,
    klas,
    leerlingen,
    open_op,
    vastgelegd,
    wacht_op_slot,
    wacht_tot_onderweg,
)
from tests.adapters.opstelling import (
    DECAAN,
    JAAR,
    REGIEBEHEERDER,
    REGIO,
    VO_BEHEERDER,
    opvoer,
)


def test_callers_in_many_threads_each_get_the_answer_to_their_own_request(bus: Groepsbus, geheel: App) -> None:
    stromen = leerlingen(geheel, 8)
    antwoorden: dict[UUID, list[Vastgelegd]] = {stroom: [] for stroom in stromen}

    def beller(stroom: UUID) -> None:
        antwoorden[stroom] += [vastgelegd(bus.stuur(klas(stroom, f"k{nummer}"))) for nummer in range(10)]

    draden = [threading.Thread(target=beller, args=(stroom,)) for stroom in stromen]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()

    for stroom, eigen in antwoorden.items():
        gebeurtenissen = [een for antwoord in eigen for een in antwoord.gebeurtenissen]
        assert [(een.originator_id, een.originator_version) for een in gebeurtenissen] == [
            (stroom, versie) for versie in range(2, 12)
        ]
    assert geheel.bus.staten(OVERSTAP, stromen)[stromen[0]].overstap.klas == "k9"


def test_what_waits_is_recorded_together(bus: Groepsbus, geheel: App) -> None:
    stromen = leerlingen(geheel, 40)
    rem = Rem(stromen.pop())
    geremd = bus.stuur(rem.opdracht)
    assert rem.houdt.wait(GEDULD)

    toekomsten = [bus.stuur(klas(stroom, "4b")) for stroom in stromen]
    rem.los.set()

    vastgelegd(geremd)
    # The clock of a demo stands still; what is recorded in one transaction has positions that follow on each other.
    posities = sorted(vastgelegd(toekomst).positie for toekomst in toekomsten)
    assert posities == list(range(posities[0], posities[0] + len(stromen)))


def test_event_loops_are_served_as_threads_are(bus: Groepsbus, geheel: App) -> None:
    stromen = leerlingen(geheel, 20)

    async def beller(stroom: UUID) -> list[Resultaat]:
        return [await bus.stuur_async(klas(stroom, f"k{nummer}")) for nummer in range(5)]

    async def alle() -> list[list[Resultaat]]:
        return await asyncio.gather(*map(beller, stromen))

    for antwoorden in asyncio.run(alle()):
        assert [een.gebeurtenissen[0].originator_version for een in antwoorden if isinstance(een, Vastgelegd)] == [
            2,
            3,
            4,
            5,
            6,
        ]


def test_a_task_that_was_cancelled_leaves_the_others_alone(bus: Groepsbus, geheel: App) -> None:
    eerste, tweede = leerlingen(geheel, 2)
    rem = Rem(eerste)

    async def proef() -> Resultaat:
        geremd = asyncio.create_task(bus.stuur_async(rem.opdracht))
        await asyncio.to_thread(rem.houdt.wait, GEDULD)
        gevolgd = asyncio.create_task(bus.stuur_async(klas(tweede, "4b")))
        geremd.cancel()
        await asyncio.sleep(0)
        rem.los.set()
        return await gevolgd

    assert isinstance(asyncio.run(proef()), Vastgelegd)


def test_requests_about_one_pupil_are_recorded_in_order_of_arrival(bus: Groepsbus, geheel: App) -> None:
    [stroom] = leerlingen(geheel, 1)

    toekomsten = [bus.stuur(klas(stroom, f"k{nummer}")) for nummer in range(200)]

    versies = [vastgelegd(toekomst).gebeurtenissen[0].originator_version for toekomst in toekomsten]
    assert versies == list(range(2, 202))


def test_a_full_batch_goes_before_the_last_one_is_in_and_its_pupils_keep_their_turn(
    bus: Groepsbus, databank: Databank, geheel: App
) -> None:
    stromen = leerlingen(geheel, LOONT + 1)
    with bezet_log(databank):
        toekomsten = [bus.stuur(klas(stromen[0], "eerst"))]
        wacht_op_slot(databank)
        toekomsten += [bus.stuur(klas(stroom, "eerst")) for stroom in stromen[1:]]
        wacht_tot_onderweg(bus, 2)
        later = [bus.stuur(klas(stroom, "later")) for stroom in (stromen[0], stromen[1])]
    posities = [vastgelegd(toekomst).positie for toekomst in [*toekomsten, *later]]
    assert posities == sorted(posities)
    staten = geheel.bus.staten(OVERSTAP, stromen[:3])
    assert [staten[stroom].overstap.klas for stroom in stromen[:3]] == ["later", "later", "eerst"]


def test_what_needs_no_recording_is_answered_too(bus: Groepsbus, geheel: App) -> None:
    [stroom] = leerlingen(geheel, 1)
    zelfde, onbekend = bus.stuur(klas(stroom, "4a")), bus.stuur(klas(uuid4(), "4b"))

    assert not isinstance(zelfde.result(GEDULD), Vastgelegd | Weigering)
    geweigerd = onbekend.result(GEDULD)
    assert isinstance(geweigerd, Weigering)
    assert geweigerd.code == "onbekende_leerling"


def test_a_request_that_breaks_down_is_told_so_and_its_neighbours_go_in(bus: Groepsbus, geheel: App) -> None:
    eerste, stuk, laatste, remmend = leerlingen(geheel, 4)
    rem = Rem(remmend)
    bus.stuur(rem.opdracht)
    assert rem.houdt.wait(GEDULD)

    def maak(_dossier: Dossier) -> WijzigPersoonsgegevens:
        raise ZeroDivisionError

    kapot = Opdracht(soort=OVERSTAP, stroom=stuk, verzoek=maak, actor=VO_BEHEERDER)
    toekomsten = [bus.stuur(klas(eerste, "4b")), bus.stuur(kapot), bus.stuur(klas(laatste, "4b"))]
    rem.los.set()

    vastgelegd(toekomsten[0])
    vastgelegd(toekomsten[2])
    with pytest.raises(ZeroDivisionError):
        toekomsten[1].result(GEDULD)


def test_what_cannot_be_written_down_harms_nobody_else(bus: Groepsbus, geheel: App) -> None:
    eerste, stuk, remmend = leerlingen(geheel, 3)
    rem = Rem(remmend)
    bus.stuur(rem.opdracht)
    assert rem.houdt.wait(GEDULD)

    toekomsten = [bus.stuur(klas(stuk, "\ud800")), bus.stuur(klas(eerste, "4b"))]
    rem.los.set()

    vastgelegd(toekomsten[1])
    with pytest.raises(UnicodeEncodeError):
        toekomsten[0].result(GEDULD)


def test_a_full_queue_says_when_to_try_again(databank: Databank, geheel: App) -> None:
    stromen = leerlingen(geheel, 3)
    with Groepsbus(lambda: open_op(databank), hoogstens=2) as bus:
        rem = Rem(stromen[0])
        bus.stuur(rem.opdracht)
        assert rem.houdt.wait(GEDULD)
        toekomsten = [bus.stuur(klas(stroom, "4b")) for stroom in stromen[1:]]

        with pytest.raises(BusVol) as vol:
            bus.stuur(klas(stromen[1], "4c"))

        rem.los.set()
        assert vol.value.seconden >= 1
        assert [vastgelegd(een).gebeurtenissen[0].originator_version for een in toekomsten] == [2, 2]


def test_only_a_callers_own_expected_version_answers_conflict(bus: Groepsbus, geheel: App) -> None:
    [stroom] = leerlingen(geheel, 1)

    eerst = bus.stuur(klas(stroom, "4b", verwacht=1))
    te_laat = bus.stuur(klas(stroom, "4c", verwacht=1))
    zonder = bus.stuur(klas(stroom, "4d"))

    vastgelegd(eerst)
    conflict = te_laat.result(GEDULD)
    assert isinstance(conflict, Weigering)
    assert conflict.code == "conflict"
    assert vastgelegd(zonder).gebeurtenissen[0].originator_version == 3


def test_a_recorded_request_with_an_expected_version_is_known_again(bus: Groepsbus, geheel: App) -> None:
    [stroom], sleutel = leerlingen(geheel, 1), uuid4().bytes
    vastgelegd(bus.stuur(klas(stroom, "4b", sleutel=sleutel, verwacht=1)))

    assert isinstance(bus.stuur(klas(stroom, "4b", sleutel=sleutel, verwacht=1)).result(GEDULD), EerderVastgelegd)


def test_who_may_not_see_a_pupil_is_not_told_his_version(bus: Groepsbus, geheel: App) -> None:
    vreemd = opvoer(geheel, str(next(PGNS)), school="99AB")
    geheel.bus.verwerk([vreemd])
    opdracht = Opdracht(
        soort=OVERSTAP,
        stroom=vreemd.stroom,
        verzoek=WijzigPersoonsgegevens(klas="4b"),
        actor=DECAAN,
        verwachte_versie=7,
    )

    geweigerd = bus.stuur(opdracht).result(GEDULD)

    assert isinstance(geweigerd, Weigering)
    assert geweigerd.code == "onbekende_leerling"


def test_several_of_them_work_on_one_database(databank: Databank, geheel: App) -> None:
    stromen = leerlingen(geheel, 4)
    with Groepsbus(lambda: open_op(databank)) as een, Groepsbus(lambda: open_op(databank)) as ander:
        toekomsten = [
            bus.stuur(klas(stroom, f"{naam}{nummer}"))
            for nummer in range(25)
            for naam, bus in (("a", een), ("b", ander))
            for stroom in stromen
        ]
        for toekomst in toekomsten:
            vastgelegd(toekomst)

    assert {stroom: staat.versie for stroom, staat in geheel.bus.staten(OVERSTAP, stromen).items()} == dict.fromkeys(
        stromen, 51
    )


def test_a_pupil_is_judged_by_the_rules_that_an_earlier_request_made(bus: Groepsbus, geheel: App) -> None:
    volgend_jaar = JAAR + 1
    stel_vast = Opdracht(
        soort=PROCEDURE,
        stroom=stroom_van_procedure(REGIO, volgend_jaar),
        verzoek=StelProcedureVast(
            regels=Regels(regio=REGIO, overstapjaar=volgend_jaar, revisie=1, kalender=kalender_van(volgend_jaar))
        ),
        actor=REGIEBEHEERDER,
    )

    def voer_op() -> Opdracht:
        opdracht = opvoer(geheel, str(next(PGNS)))
        geheel.kluis.nieuwe_sleutel(opdracht.stroom)
        return replace(opdracht, verzoek=replace(opdracht.verzoek(None), overstapjaar=volgend_jaar))

    voor, vast, na = [bus.stuur(een) for een in (voer_op(), stel_vast, voer_op())]

    vastgelegd(vast)
    geweigerd = [een.result(GEDULD) for een in (voor, na)]
    assert [een.code for een in geweigerd if isinstance(een, Weigering)] == ["geen_jaar", "te_vroeg"]


def test_who_stops_the_bus_waits_until_all_that_waited_is_answered(databank: Databank, geheel: App) -> None:
    stromen = leerlingen(geheel, 30)
    with Groepsbus(lambda: open_op(databank)) as bus:
        toekomsten = [bus.stuur(klas(stroom, "4b")) for stroom in stromen]

    assert all(toekomst.done() for toekomst in toekomsten)
    for toekomst in toekomsten:
        vastgelegd(toekomst)
    with pytest.raises(BusGesloten):
        bus.stuur(klas(stromen[0], "4c"))
