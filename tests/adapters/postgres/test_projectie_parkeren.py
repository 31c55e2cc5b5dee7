"""A stream that cannot be folded stands aside with its error; the rest go on; it is tried again, or given up."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_herbouw import controleer, herbouw, niemand
from overstap.adapters.postgres.projectie_parkeren import (
    Geparkeerd,
    NietGeparkeerd,
    TeVeelGeparkeerd,
    geef_op,
    in_woorden,
    is_van_een_stroom,
    probeer_opnieuw,
    toon,
)
from overstap.adapters.postgres.projectie_toestand import Stand, toestanden
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.domain.feiten import aanmelding as a
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.projections import actueel_tabel
from overstap.projections.actueel import rij_na
from overstap.projections.actueel_tabel import ActueelProjectie
from tests.adapters.postgres.beelden import alle_rijen, een_leerling
from tests.postgres_fixture import MakeDatabank
from tests.projections.geschiedenissen import BEGIN, Boek, opvoer
from tests.projections.vastleggen import leg_vast

GIF = "99999"
"""The opleiding whose aanmelding the fold of these tests cannot handle."""
ACTUEEL = [ActueelProjectie]


@pytest.fixture
def databank(maak_databank: MakeDatabank) -> Databank:
    return maak_databank(Soort.DEMO)


@pytest.fixture
def log(databank: Databank) -> Iterator[Log]:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Log(verbinding)


@pytest.fixture
def gif(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let the fold of actueel fail at the opleiding GIF; undo() mends it."""
    goed = rij_na

    def stuk(rij: Any, gebeurtenis: Gebeurtenis, *verder: Any) -> Any:  # noqa: ANN401
        if isinstance(gebeurtenis.feit, a.AanmeldingOntvangen) and gebeurtenis.feit.crebo == GIF:
            raise ValueError("opleiding '99999' van Jan 123456782 is niet te vouwen")
        return goed(rij, gebeurtenis, *verder)

    monkeypatch.setattr(actueel_tabel, "rij_na", stuk)
    return monkeypatch


def leerlingen(log: Log, giftig: int = 1, gezond: int = 4) -> tuple[list[UUID], list[UUID]]:
    """Record pupils who were entered, applied and got an interview; give who cannot be folded, and the others."""
    boek = Boek()
    streams = [UUID(int=n) for n in range(1, giftig + gezond + 1)]
    for stroom in streams:
        boek.voeg_toe(stroom, [opvoer()], BEGIN, BEGIN)
    for nummer, stroom in enumerate(streams):
        crebo = GIF if nummer < giftig else "25647"
        boek.voeg_toe(stroom, [a.AanmeldingOntvangen(nummer=1, brin="99XX", crebo=crebo)], BEGIN, BEGIN)
    for stroom in streams:
        boek.voeg_toe(stroom, [a.IntakeGepland(nummer=1)], BEGIN, BEGIN)
    ids = list(dict.fromkeys(g.originator_id for g in leg_vast(log, boek)))
    return ids[:giftig], ids[giftig:]


def werk_bij(databank: Databank, omvang: int = 20_000) -> None:
    with Werker(databank, ACTUEEL, omvang=omvang) as werker:
        werker.bijwerken_tot()


def geparkeerd(databank: Databank) -> list[Geparkeerd]:
    with databank.verbind(Login.PROJECTIE) as verbinding:
        return toon(verbinding)


def versies(databank: Databank) -> dict[UUID, int]:
    with databank.verbind(Login.PROJECTIE) as verbinding:
        return dict(verbinding.execute("SELECT overstap, versie FROM beeld.actueel").fetchall())


@pytest.mark.parametrize("omvang", [1, 2, 5, 100])
def test_what_cannot_be_folded_stands_aside_at_its_event_and_the_rest_go_on(
    databank: Databank, log: Log, gif: pytest.MonkeyPatch, omvang: int
) -> None:
    [giftig], gezond = leerlingen(log)
    werk_bij(databank, omvang)
    assert versies(databank) == {giftig: 1} | dict.fromkeys(gezond, 3)
    [een] = geparkeerd(databank)
    assert (een.projectie, een.stroom, een.versie, een.wacht) == ("actueel", giftig, 2, 2)
    assert een.feit == "aanmelding-ontvangen.v1"
    assert een.positie == log.laad([giftig])[giftig][1].positie


def test_the_error_is_told_without_the_values_it_quotes(databank: Databank, log: Log, gif: pytest.MonkeyPatch) -> None:
    leerlingen(log)
    werk_bij(databank)
    [een] = geparkeerd(databank)
    assert een.fout == "ValueError: opleiding … van Jan … is niet te vouwen"


def test_later_events_of_a_parked_stream_wait_with_it(databank: Databank, log: Log, gif: pytest.MonkeyPatch) -> None:
    leerlingen(log)
    werk_bij(databank, omvang=12)
    een_leerling(log)
    werk_bij(databank)
    [een] = geparkeerd(databank)
    assert een.wacht == 2
    assert len(versies(databank)) == 6


def test_the_state_says_that_streams_are_parked(databank: Databank, log: Log, gif: pytest.MonkeyPatch) -> None:
    leerlingen(log, giftig=2)
    werk_bij(databank)
    [toestand] = toestanden(databank, ACTUEEL)
    assert (toestand.stand, toestand.geparkeerd, toestand.achter) == (Stand.GEPARKEERD, 2, 0)


def test_a_parked_stream_that_can_be_folded_again_gets_the_rows_of_a_rebuild(
    databank: Databank, log: Log, gif: pytest.MonkeyPatch
) -> None:
    [giftig], _ = leerlingen(log)
    werk_bij(databank)
    gif.undo()
    assert probeer_opnieuw(databank, ActueelProjectie, giftig) is None
    assert geparkeerd(databank) == []
    [verslag] = controleer(databank, ACTUEEL, niemand)
    assert verslag.aantal_verschillen == 0
    assert versies(databank)[giftig] == 3


def test_a_parked_stream_that_still_cannot_be_folded_stays_parked(
    databank: Databank, log: Log, gif: pytest.MonkeyPatch
) -> None:
    [giftig], _ = leerlingen(log)
    werk_bij(databank)
    nog = probeer_opnieuw(databank, ActueelProjectie, giftig)
    assert nog is not None
    assert (nog.stroom, nog.versie) == (giftig, 2)
    assert versies(databank)[giftig] == 1


def test_a_worker_that_remembers_rows_goes_on_with_those_of_the_retry(
    databank: Databank, log: Log, gif: pytest.MonkeyPatch
) -> None:
    with Werker(databank, ACTUEEL) as werker:
        [giftig], _ = leerlingen(log)
        werker.bijwerken_tot()
        gif.undo()
        probeer_opnieuw(databank, ActueelProjectie, giftig)
        een_leerling(log)
        werker.bijwerken_tot()
    [verslag] = controleer(databank, ACTUEEL, niemand)
    assert verslag.aantal_verschillen == 0


def test_who_gave_a_stream_up_and_why_and_when_is_kept(databank: Databank, log: Log, gif: pytest.MonkeyPatch) -> None:
    [giftig], _ = leerlingen(log)
    werk_bij(databank)
    geef_op(databank, "actueel", giftig, "account-1", "hoort hier niet")
    [een] = geparkeerd(databank)
    assert (een.opgegeven_door, een.opgegeven_reden) == ("account-1", "hoort hier niet")
    assert een.opgegeven_op is not None
    [toestand] = toestanden(databank, ACTUEEL)
    assert (toestand.stand, toestand.geparkeerd, toestand.opgegeven) == (Stand.BIJ, 0, 1)


def test_a_stream_that_was_given_up_stays_out_of_a_rebuild(
    databank: Databank, log: Log, gif: pytest.MonkeyPatch
) -> None:
    [giftig], _ = leerlingen(log)
    werk_bij(databank)
    geef_op(databank, "actueel", giftig, "account-1", "hoort hier niet")
    gif.undo()
    [verslag] = herbouw(databank, ACTUEEL, niemand)
    assert verslag.aantal_verschillen == 0
    assert versies(databank)[giftig] == 1
    assert [een.opgegeven_reden for een in geparkeerd(databank)] == ["hoort hier niet"]


def test_a_rebuild_parks_what_a_worker_parks(databank: Databank, log: Log, gif: pytest.MonkeyPatch) -> None:
    [giftig], _ = leerlingen(log)
    werk_bij(databank)
    live = alle_rijen(databank, ("actueel", "persoonsgegevens"))
    [verslag] = herbouw(databank, ACTUEEL, niemand)
    assert (verslag.geparkeerd, verslag.aantal_verschillen) == (1, 0)
    assert alle_rijen(databank, ("actueel", "persoonsgegevens")) == live
    assert [(een.stroom, een.versie) for een in geparkeerd(databank)] == [(giftig, 2)]


def test_when_very_many_streams_fail_the_fold_stops_and_parks_none(
    databank: Databank, log: Log, gif: pytest.MonkeyPatch
) -> None:
    leerlingen(log, giftig=101, gezond=1)
    with pytest.raises(TeVeelGeparkeerd):
        werk_bij(databank)
    assert geparkeerd(databank) == []
    assert versies(databank) == {}


def test_a_stream_that_is_not_parked_is_not_tried_again(databank: Databank, log: Log) -> None:
    werk_bij(databank)
    with pytest.raises(NietGeparkeerd):
        probeer_opnieuw(databank, ActueelProjectie, uuid4())


def test_a_stream_that_is_not_parked_is_not_given_up(databank: Databank, log: Log) -> None:
    werk_bij(databank)
    with pytest.raises(NietGeparkeerd):
        geef_op(databank, "actueel", uuid4(), "account-1", "zomaar")


def test_an_error_of_the_database_is_not_blamed_on_a_stream() -> None:
    for fout in (psycopg.errors.UndefinedTable(), psycopg.errors.DiskFull(), psycopg.OperationalError(), OSError()):
        assert not is_van_een_stroom(fout)
    for eigen in (ValueError(), KeyError(), psycopg.errors.NotNullViolation(), psycopg.errors.NumericValueOutOfRange()):
        assert is_van_een_stroom(eigen)


def test_words_of_an_error_stay_on_one_short_line() -> None:
    assert in_woorden(KeyError("naam")) == "KeyError: …"
    assert len(in_woorden(ValueError("x " * 500))) == 200
