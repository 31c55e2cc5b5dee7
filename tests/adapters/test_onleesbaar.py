"""An event that this program cannot read keeps its own stream from being decided on, and stops nobody else."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest

from overstap.adapters.app import App
from overstap.adapters.opdracht import ONLEESBAAR, Opdracht, Resultaat, Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.stroomsoorten import ORGANISATIE, OVERSTAP
from overstap.domain.rollen import Actor
from overstap.domain.stromen import stroom_van_organisatie, stroom_van_procedure
from overstap.domain.verzoeken import LegWarmeOverdrachtVast
from overstap.domain.verzoeken_organisatie import KenRolToe
from overstap.domain.weigering import Weigering
from tests.adapters.opstelling import (
    ANDERE_SCHOOL,
    DECAAN,
    IN_JANUARI,
    JAAR,
    REGIO,
    SCHOOL,
    VO_BEHEERDER,
    app,
    opgevoerd,
    opvoer,
    richt_regio_in,
)
from tests.adapters.postgres.test_projectie_onleesbaar import leg_onleesbaar_vast
from tests.postgres_fixture import MakeDatabank


@pytest.fixture
def databank(maak_databank: MakeDatabank) -> Databank:
    return maak_databank(Soort.DEMO)


@pytest.fixture
def geheel(databank: Databank) -> Iterator[App]:
    with app(databank) as een:
        richt_regio_in(een)
        yield een


def stap(overstap: UUID, actor: Actor = DECAAN) -> Opdracht:
    return Opdracht(
        soort=OVERSTAP,
        stroom=overstap,
        verzoek=LegWarmeOverdrachtVast(datum=date(2026, 1, 5)),
        actor=actor,
    )


def code(resultaat: Resultaat) -> str:
    return resultaat.code if isinstance(resultaat, Weigering) else type(resultaat).__name__


def test_a_step_is_refused_and_says_so_and_its_neighbours_go_in(geheel: App) -> None:
    stuk, heel = opgevoerd(geheel, "900000001"), opgevoerd(geheel, "900000002")
    leg_onleesbaar_vast(geheel.log, stuk)
    vreemde = Actor(account="decaan-99ab", rol=DECAAN.rol, organisatie=ANDERE_SCHOOL, regio=REGIO)
    with app(geheel.databank) as ander:
        resultaten = ander.bus.verwerk([stap(stuk), stap(heel), stap(stuk, vreemde)])
    assert [code(een) for een in resultaten] == [ONLEESBAAR.code, Vastgelegd.__name__, "onbekende_leerling"]


def test_who_runs_already_learns_of_it(geheel: App) -> None:
    stuk = opgevoerd(geheel, "900000001")
    with app(geheel.databank) as ander:
        leg_onleesbaar_vast(ander.log, stuk)
    geheel.bus.houd_bij()
    assert code(geheel.bus.verwerk([stap(stuk)])[0]) == ONLEESBAAR.code


def test_nobody_acts_for_an_organisation_that_cannot_be_read_and_others_go_on(geheel: App) -> None:
    with app(geheel.databank) as loper:
        assert loper.kaders.organisatie(REGIO, SCHOOL) is not None
        leg_onleesbaar_vast(geheel.log, stroom_van_organisatie(REGIO, SCHOOL))
        loper.bus.houd_bij()
        eis_zonder_school(loper, "900000008")
    with app(geheel.databank) as later:
        eis_zonder_school(later, "900000009")


def eis_zonder_school(geheel: App, pgn: str) -> None:
    assert geheel.kaders.organisatie(REGIO, SCHOOL) is None
    toekenning = Opdracht(
        soort=ORGANISATIE,
        stroom=stroom_van_organisatie(REGIO, SCHOOL),
        verzoek=KenRolToe(account="mentor-4b", rol=DECAAN.rol),
        actor=VO_BEHEERDER,
    )
    elders = opvoer(geheel, pgn, school=ANDERE_SCHOOL)
    assert [code(een) for een in geheel.bus.verwerk([toekenning, elders])] == [ONLEESBAAR.code, Vastgelegd.__name__]


def test_a_year_that_cannot_be_read_is_not_worked_on(geheel: App) -> None:
    leg_onleesbaar_vast(geheel.log, stroom_van_procedure(REGIO, JAAR))
    with app(geheel.databank, IN_JANUARI + timedelta(minutes=1)) as later:
        assert later.kaders.jaar(REGIO, JAAR) is None
        assert isinstance(later.bus.verwerk([opvoer(later, "900000009")])[0], Weigering)
