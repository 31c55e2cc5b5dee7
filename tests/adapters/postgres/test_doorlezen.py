"""Reading the log in one go gives what reading it bit by bit gives, on every PostgreSQL."""

from datetime import UTC, datetime
from itertools import chain
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.rij import Herkomst, Schrijfrij
from overstap.adapters.postgres.toevoeging import Toevoeging
from overstap.adapters.postgres.voeg_toe import voeg_toe
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Rol
from tests.adapters.postgres.gebeurtenissen import gebeurtenis
from tests.domain.feitstrategie import FEITEN
from tests.postgres_fixture import MakeDatabank

TEKST = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)
MOMENTEN = st.datetimes(datetime(2001, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
KOLOMMEN = st.fixed_dictionaries(
    {
        "feit": FEITEN,
        "regio": TEKST,
        "gebeurd_op": MOMENTEN,
        "actor": TEKST,
        "rol": st.sampled_from(Rol),
        "organisatie": TEKST,
        "correlatie": st.none() | st.uuids(),
        "oorzaak": st.none() | TEKST,
        "procedure": st.none() | TEKST,
    }
)


@pytest.fixture(scope="module")
def databank(maak_op_elke: MakeDatabank) -> Databank:
    return maak_op_elke(Soort.ECHT)


def vul(log: Log, aantal: int) -> int:
    """Add events and give the position before them."""
    begin = log.laatste_positie()
    log.voeg_toe([Toevoeging([gebeurtenis(uuid4(), 1)]) for _ in range(aantal)])
    return begin


def posities(log: Log, na: int, tot: int | None = None, per_batch: int = 1_000) -> list[list[int | None]]:
    return [[een.positie for een in batch] for batch in log.lees_alles(na, tot, per_batch)]


@settings(max_examples=settings().max_examples // 4)
@given(rijen=st.lists(KOLOMMEN, min_size=1, max_size=5), per_batch=st.integers(1, 6))
def test_whatever_an_event_holds_it_is_what_reading_bit_by_bit_gives(
    rijen: list[dict[str, Any]], per_batch: int, databank: Databank
) -> None:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        log = Log(verbinding)
        begin, stroom = log.laatste_positie(), uuid4()
        wat = [Gebeurtenis(originator_id=stroom, originator_version=nr, **rij) for nr, rij in enumerate(rijen, 1)]
        log.voeg_toe([Toevoeging(wat)])
        gelezen = list(chain.from_iterable(log.lees_alles(begin, per_batch=per_batch)))
        assert gelezen == log.lees(begin, 100)
        assert [een.feit for een in gelezen] == [een.feit for een in wat]
        assert [een.gebeurd_op.tzinfo for een in gelezen] == [UTC] * len(wat)


def test_an_empty_stretch_gives_nothing(log: Log) -> None:
    assert posities(log, vul(log, 1) + 1) == []
    assert posities(log, 0, 0) == []


def test_batches_are_bounded_and_in_order_without_gaps(log: Log) -> None:
    na = vul(log, 7)
    assert posities(log, na, per_batch=3) == [
        [na + 1, na + 2, na + 3],
        [na + 4, na + 5, na + 6],
        [na + 7],
    ]


def test_it_stops_where_it_was_told_to_also_past_the_end(log: Log) -> None:
    na = vul(log, 5)
    assert posities(log, na + 1, na + 4, per_batch=2) == [[na + 2, na + 3], [na + 4]]
    assert posities(log, na + 3, na + 1_000_000_000) == [[na + 4, na + 5]]


def test_what_another_program_stored_is_passed_over(log: Log, databank: Databank) -> None:
    begin = log.laatste_positie()
    vreemd = Schrijfrij(Herkomst(uuid4()), 1, "iets:Anders", b"geen json")
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        voeg_toe(verbinding, [Toevoeging()], [[vreemd]])
        assert posities(log, begin, per_batch=1) == []
        voeg_toe(verbinding, [Toevoeging()], [[vreemd._replace(herkomst=Herkomst(uuid4()))]])
    assert posities(log, vul(log, 1) - 1) == [[begin + 3]]


def test_who_stops_half_way_can_go_on_with_the_log(log: Log) -> None:
    na = vul(log, 5)
    lezend = log.lees_alles(na, per_batch=1)
    assert [een.positie for een in next(lezend)] == [na + 1]
    lezend.close()  # type: ignore[attr-defined]  # an iterator that is a generator
    assert [een.positie for een in log.lees(na + 4, 10)] == [na + 5]


def test_what_is_added_meanwhile_is_not_read(log: Log, databank: Databank) -> None:
    na = vul(log, 2)
    lezend = log.lees_alles(na, per_batch=1)
    gelezen = [next(lezend)]
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        vul(Log(verbinding), 1)
    gelezen += lezend
    assert [een.positie for een in chain.from_iterable(gelezen)] == [na + 1, na + 2]
