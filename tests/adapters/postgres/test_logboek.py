"""The log read back: what is found is what a look at every event would find, however long the log is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from psycopg import Cursor

from overstap.adapters.postgres.bereik import bereik_van, in_bereik
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logboek import Logvraag, lees_op, lees_terug, samen_met
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.postgres.toevoeging import Toevoeging
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Actor, Rol
from tests.adapters.postgres.gebeurtenissen import gebeurtenis

AUDITOR = Actor(account="auditor-21", rol=Rol.AUDITOR, organisatie="21", regio="21")
VAN_ELDERS = replace(AUDITOR, organisatie="22", regio="22")
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
UUR = timedelta(hours=1)
AANTAL = 1_300
ELDERS = 400
"""Events of another region, in the midst of ours."""
STROMEN = [UUID(int=nummer + 1) for nummer in range(4)]


def _maak() -> list[Gebeurtenis]:
    versies = dict.fromkeys(STROMEN, 0)
    gemaakt = []
    for nummer in range(AANTAL):
        stroom = STROMEN[nummer % len(STROMEN)]
        versies[stroom] += 1
        gebeurd = BEGIN + UUR * (nummer // 10) - timedelta(days=nummer % 7)
        wat = gebeurtenis(stroom, versies[stroom], gebeurd_op=gebeurd)
        rol = Rol.DECAAN if nummer % 400 == 3 else Rol.KOPPELING
        gemaakt.append(replace(wat, rol=rol, organisatie=f"99A{'ABC'[nummer % 3]}", correlatie=UUID(int=nummer // 5)))
    return gemaakt


def _van_elders() -> list[Toevoeging]:
    stroom = UUID(int=99)
    gemaakt = [gebeurtenis(stroom, versie, gebeurd_op=BEGIN) for versie in range(1, ELDERS + 1)]
    return [Toevoeging([replace(een, regio=VAN_ELDERS.regio)]) for een in gemaakt]


@pytest.fixture(scope="module")
def alles(demo_databank: Databank) -> list[Gebeurtenis]:
    """Record events an hour apart by tens, fold them, and give them as they stand in the log."""
    gemaakt = _maak()
    with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
        log = Log(verbinding)
        for begin in range(0, AANTAL, 10):
            stapel = [Toevoeging([een]) for een in gemaakt[begin : begin + 10]]
            log.voeg_toe(stapel, BEGIN + UUR * (begin // 10))
            if begin == 210:
                log.voeg_toe(_van_elders(), BEGIN + UUR * 21)
        with Werker(demo_databank) as werker:
            werker.bijwerken_tot()
        return [een for een in log.lees(0, AANTAL + ELDERS) if een.regio == AUDITOR.regio]


@pytest.fixture
def cursor(demo_databank: Databank, alles: list[Gebeurtenis]) -> Iterator[Cursor[Any]]:
    with (
        demo_databank.verbind(Login.APP) as verbinding,
        in_bereik(verbinding, bereik_van(AUDITOR, BEGIN)) as cursor,
    ):
        yield cursor


def past(vraag: Logvraag, een: Gebeurtenis) -> bool:
    """Say whether an event is asked for, looking at all of it."""
    vastgelegd = een.vastgelegd_op or BEGIN
    return (
        (vraag.organisatie in {None, een.organisatie})
        and (vraag.rol in {None, een.rol})
        and (vraag.stroom in {None, een.originator_id})
        and (vraag.correlatie in {None, een.correlatie})
        and (vraag.van is None or een.gebeurd_op >= vraag.van)
        and (vraag.tot is None or een.gebeurd_op < vraag.tot)
        and (vraag.vastgelegd_van is None or vastgelegd >= vraag.vastgelegd_van)
        and (vraag.vastgelegd_tot is None or vastgelegd < vraag.vastgelegd_tot)
    )


@pytest.mark.parametrize(
    "vraag",
    [
        Logvraag(),
        Logvraag(rol="decaan"),
        Logvraag(organisatie="99AB", rol="decaan"),
        Logvraag(stroom=STROMEN[2], organisatie="99AC"),
        Logvraag(correlatie=UUID(int=7)),
        Logvraag(van=BEGIN + UUR * 20, tot=BEGIN + UUR * 23),
        Logvraag(vastgelegd_van=BEGIN + UUR * 20, vastgelegd_tot=BEGIN + UUR * 23),
        Logvraag(vastgelegd_van=BEGIN + UUR * 20 + timedelta(minutes=1), vastgelegd_tot=BEGIN + UUR * 20.5),
        Logvraag(stroom=STROMEN[1], vastgelegd_tot=BEGIN + UUR * 3),
        Logvraag(vastgelegd_van=BEGIN + UUR * 500),
        Logvraag(vastgelegd_van=BEGIN + UUR * 22, vastgelegd_tot=BEGIN + UUR * 24),
        Logvraag(vastgelegd_van=BEGIN + UUR * 21, vastgelegd_tot=BEGIN + UUR * 22),
        Logvraag(vastgelegd_tot=BEGIN - UUR),
        Logvraag(feiten=["jaar-geopend.v1"]),
    ],
)
def test_pages_together_hold_what_a_look_at_every_event_finds(
    cursor: Cursor[Any], alles: list[Gebeurtenis], vraag: Logvraag
) -> None:
    gevonden: list[int] = []
    voor: int | None = None
    for _ in range(AANTAL):
        blad = lees_terug(cursor, vraag, voor, 40)
        gevonden += [een.positie for een in blad.gebeurtenissen]
        voor = blad.verder
        if voor is None:
            break
    verwacht = [een.positie for een in reversed(alles) if past(vraag, een)] if not vraag.feiten else []
    assert gevonden == verwacht


def test_who_waits_long_is_told_how_far_the_search_came(cursor: Cursor[Any]) -> None:
    vraag = Logvraag(correlatie=UUID(int=0))
    eerst = lees_terug(cursor, vraag, None, 40, geduld=0.0)
    assert (eerst.gebeurtenissen, eerst.verder) == ([], AANTAL + ELDERS + 1 - 500)
    daarna = lees_terug(cursor, vraag, eerst.verder, 40)
    assert ([een.positie for een in daarna.gebeurtenissen], daarna.verder) == ([5, 4, 3, 2, 1], None)


def test_what_was_recorded_together_is_found_without_the_event_itself(cursor: Cursor[Any]) -> None:
    wat = lees_op(cursor, 13)
    assert wat is not None
    assert [een.positie for een in samen_met(cursor, wat, 3)] == [11, 12, 14]


def test_in_another_region_there_is_none_of_it(demo_databank: Databank, alles: list[Gebeurtenis]) -> None:
    with (
        demo_databank.verbind(Login.APP) as verbinding,
        in_bereik(verbinding, bereik_van(VAN_ELDERS, BEGIN)) as cursor,
    ):
        gezien = lees_terug(cursor, Logvraag(), None, AANTAL).gebeurtenissen
        assert {een.regio for een in gezien} == {VAN_ELDERS.regio}
        assert len(gezien) == ELDERS
        assert lees_op(cursor, 13) is None
