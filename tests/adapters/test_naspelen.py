"""Playing the log again gives every stream the state that folding that stream alone gives."""

from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from overstap.adapters.app import App
from overstap.adapters.naspelen import speel_na
from overstap.adapters.opdracht import Opdracht, Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.stroomsoorten import OVERSTAP, WACHTBAK, Waargenomen
from overstap.domain.feiten import Verzegeld
from overstap.domain.feiten.aanmelding import IntakeGepland
from overstap.domain.feiten.wachtbak import WachtbakBerichtOntvangen
from overstap.domain.organisatie import Organisatie, evolve_organisatie
from overstap.domain.overstap import Overstap, evolve
from overstap.domain.procedure import Jaar, evolve_procedure
from overstap.domain.stromen import stroom_van_organisatie, stroom_van_procedure, stroom_van_wachtbak
from overstap.domain.verzoeken import VerwerkKoppelbericht
from overstap.domain.wachtbak import WachtbakItem, evolve_wachtbak
from tests.adapters.opstelling import JAAR, KOPPELING, MBO, REGIO, SCHOOL, app, opgevoerd, richt_regio_in
from tests.adapters.postgres.gebeurtenissen import gebeurtenis

KETEN_ID = "99XX:90001119"
ITEM = stroom_van_wachtbak(REGIO, MBO, KETEN_ID)
SOORTEN: list[tuple[type, Callable[[Any, Any], Any]]] = [
    (Overstap, evolve),
    (Organisatie, evolve_organisatie),
    (Jaar, evolve_procedure),
    (WachtbakItem, evolve_wachtbak),
]


@pytest.fixture(scope="module")
def geheel(demo_databank: Databank) -> Iterator[App]:
    with app(demo_databank) as geheel:
        richt_regio_in(geheel)
        berichten = [
            Opdracht(
                soort=OVERSTAP,
                stroom=stroom,
                actor=KOPPELING,
                verzoek=VerwerkKoppelbericht(
                    keten_id=keten_id,
                    volgnummer=volgnummer,
                    code=code,
                    laatste_wijziging="2026-01-12T09:00:00Z",
                    brin=MBO,
                    crebo="25647",
                ),
            )
            for stroom, keten_id in [
                (opgevoerd(geheel, "900180730"), "99XX:1"),
                (opgevoerd(geheel, "182071649"), "99XX:2"),
            ]
            for volgnummer, code in enumerate(("AO", "PB", "LI"))
        ]
        wachtend = Waargenomen(
            feiten=(
                WachtbakBerichtOntvangen(
                    brin=MBO, keten_id=KETEN_ID, volgnummer=1, overstapjaar=JAAR, bericht=Verzegeld("geheim")
                ),
            )
        )
        opdrachten = [*berichten, Opdracht(soort=WACHTBAK, stroom=ITEM, verzoek=wachtend, actor=KOPPELING)]
        assert {type(antwoord) for antwoord in geheel.bus.verwerk(opdrachten)} == {Vastgelegd}
        yield geheel


@pytest.mark.parametrize(("soort", "evolve_soort"), SOORTEN)
def test_every_stream_comes_to_the_state_it_has_alone(
    geheel: App, soort: type, evolve_soort: Callable[[Any, Any], Any]
) -> None:
    nagespeeld = {stroom: een for stroom, een in speel_na(geheel.log.lees_alles()).items() if isinstance(een, soort)}
    alleen: dict[UUID, Any] = {
        stroom: reduce(evolve_soort, gebeurtenissen, None)
        for stroom, gebeurtenissen in geheel.log.laad(nagespeeld).items()
    }
    assert nagespeeld == alleen
    assert nagespeeld


def test_no_stream_with_a_state_is_left_out(geheel: App) -> None:
    nagespeeld = speel_na(geheel.log.lees_alles())
    stromen = {een.originator_id for batch in geheel.log.lees_alles() for een in batch}
    assert set(nagespeeld) == stromen
    assert {stroom_van_organisatie(REGIO, SCHOOL), stroom_van_procedure(REGIO, JAAR), ITEM} < stromen


def test_a_delivery_has_no_state() -> None:
    assert speel_na([[gebeurtenis(uuid4(), 1)]]) == {}


def test_a_stream_that_begins_half_way_is_damage() -> None:
    los = gebeurtenis(uuid4(), 1)
    with pytest.raises(ValueError, match="begins with IntakeGepland"):
        speel_na([[replace(los, feit=IntakeGepland(nummer=1))]])
