"""Requests go in by portions, one decided while the one before is recorded, and nothing shows of that but the speed."""

from collections.abc import Iterator
from functools import reduce
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.adapters import delen
from overstap.adapters.app import App
from overstap.adapters.opdracht import ONGEWIJZIGD, Opdracht, Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.stroomsoorten import ORGANISATIE, OVERSTAP, Dossier
from overstap.domain.overstap import evolve
from overstap.domain.rollen import SoortOrganisatie
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.verzoeken import WijzigPersoonsgegevens
from overstap.domain.verzoeken_organisatie import NeemOrganisatieOp
from tests.adapters.opstelling import REGIEBEHEERDER, REGIO, VO_BEHEERDER, app, opgevoerd, richt_regio_in

PGNS = iter(range(900_000_000, 999_999_999))


@pytest.fixture(scope="module")
def geheel(demo_databank: Databank) -> Iterator[App]:
    with app(demo_databank) as geheel, pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(delen, "PER_DEEL", 3)
        richt_regio_in(geheel)
        yield geheel


def leerling(geheel: App) -> UUID:
    return opgevoerd(geheel, str(next(PGNS)))


def klas(naam: str, stroom: UUID) -> Opdracht:
    return Opdracht(soort=OVERSTAP, stroom=stroom, verzoek=WijzigPersoonsgegevens(klas=naam), actor=VO_BEHEERDER)


@settings(max_examples=settings().max_examples // 4)
@given(wie=st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abc")), max_size=20))
def test_each_pupil_s_requests_keep_their_order_however_they_are_mixed(wie: list[tuple[int, str]], geheel: App) -> None:
    stromen = [leerling(geheel) for _ in range(4)]
    klassen = dict.fromkeys(range(4), "4a")

    antwoorden = geheel.bus.verwerk([klas(naam, stromen[wie_]) for wie_, naam in wie])

    for (wie_, naam), antwoord in zip(wie, antwoorden, strict=True):
        assert isinstance(antwoord, Vastgelegd) == (klassen[wie_] != naam)
        assert isinstance(antwoord, Vastgelegd) or antwoord is ONGEWIJZIGD
        klassen[wie_] = naam
    for nummer, stroom in enumerate(stromen):
        gevouwen = reduce(evolve, geheel.log.laad([stroom])[stroom], None)
        dossier: Dossier = geheel.bus.staat(OVERSTAP, stroom)
        assert gevouwen == dossier.overstap
        assert dossier.overstap.klas == klassen[nummer]


def test_a_request_that_cannot_be_decided_leaves_what_was_sent_recorded_and_the_bus_usable(geheel: App) -> None:
    stromen = [leerling(geheel) for _ in range(4)]

    def stuk(_dossier: Dossier) -> WijzigPersoonsgegevens:
        raise RuntimeError("stuk")

    kapot = Opdracht(soort=OVERSTAP, stroom=stromen[3], verzoek=stuk, actor=VO_BEHEERDER)
    with pytest.raises(RuntimeError, match="stuk"):
        geheel.bus.verwerk([*(klas("4z", stroom) for stroom in stromen[:3]), kapot])

    geladen = geheel.log.laad(stromen)
    assert [len(geladen[stroom]) for stroom in stromen] == [2, 2, 2, 1]
    assert isinstance(geheel.bus.verwerk([klas("4y", stromen[0])])[0], Vastgelegd)


def test_other_work_is_done_when_nothing_is_left_to_decide_and_the_log_is_waited_for(geheel: App) -> None:
    stromen = [leerling(geheel) for _ in range(4)]
    begin, toen = geheel.bus.aantal_vastgelegd, list[int]()

    with geheel.bus.doe_intussen(lambda: toen.append(geheel.bus.aantal_vastgelegd - begin)):
        antwoorden = geheel.bus.verwerk([klas("4v", stroom) for stroom in stromen])

    assert all(isinstance(een, Vastgelegd) for een in antwoorden)
    assert toen == [3], "the first portion was answered, the second under way"
    geheel.bus.verwerk([klas("4u", stromen[0])])
    assert len(toen) == 1


def test_other_work_that_fails_leaves_what_was_sent_recorded_and_the_bus_usable(geheel: App) -> None:
    stroom = leerling(geheel)

    def stuk() -> None:
        raise OSError("stuk")

    with pytest.raises(OSError, match="stuk"), geheel.bus.doe_intussen(stuk):
        geheel.bus.verwerk([klas("4t", stroom)])

    assert len(geheel.log.laad([stroom])[stroom]) == 2
    assert isinstance(geheel.bus.verwerk([klas("4s", stroom)])[0], Vastgelegd)


@pytest.mark.parametrize(("aantal", "verwacht"), [(2, 1), (3, 2), (4, 2)])
def test_a_short_row_goes_in_two_portions_unless_these_would_be_very_small(
    geheel: App, monkeypatch: pytest.MonkeyPatch, aantal: int, verwacht: int
) -> None:
    monkeypatch.setattr(delen, "PER_DEEL", 500)
    monkeypatch.setattr(delen, "KLEINSTE_DEEL", 2)
    stromen = [leerling(geheel) for _ in range(aantal)]
    rij = delen.Delen(geheel.bus, [klas("4x", stroom) for stroom in stromen])
    assert all(isinstance(een, Vastgelegd) for een in rij.verwerk())
    assert rij.aantal == verwacht


def test_what_others_are_judged_against_is_decided_beside_nothing_else(geheel: App) -> None:
    def organisatie(naam: str) -> Opdracht:
        return Opdracht(
            soort=ORGANISATIE,
            stroom=stroom_van_organisatie(REGIO, "99ZZ"),
            verzoek=NeemOrganisatieOp(
                code="99ZZ", soort=SoortOrganisatie.VO, naam=naam, accounts=True, koppeling=False
            ),
            actor=REGIEBEHEERDER,
        )

    stroom = leerling(geheel)
    antwoorden = geheel.bus.verwerk(
        [klas("4b", stroom), organisatie("Een"), klas("4c", stroom), organisatie("Twee"), klas("4d", uuid4())]
    )
    assert [type(antwoord).__name__ for antwoord in antwoorden] == [*["Vastgelegd"] * 4, "Weigering"]
    posities = [antwoord.positie for antwoord in antwoorden if isinstance(antwoord, Vastgelegd)]
    assert posities == sorted(posities)
