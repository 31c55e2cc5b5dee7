"""The calendar of a year, and what day it is in Amsterdam at an instant."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overstap.domain.kalender import (
    STANDAARD_KOPPELCODES,
    Kalender,
    Regels,
    achttien_op,
    datum_in_amsterdam,
    einde_van,
    inhoud_hash,
    is_kwalificatieplichtig,
    kalender_van,
    maand_van,
)
from overstap.domain.statussen import AanmeldingStatus
from overstap.domain.woorden import datum_in_woorden, moment_in_woorden, opsomming

DAGEN = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def op(tekst: str) -> datetime:
    return datetime.fromisoformat(tekst)


@pytest.mark.parametrize(
    ("moment", "dag"),
    [
        ("2026-03-31T21:59:59.999999+00:00", date(2026, 3, 31)),
        ("2026-03-31T22:00:00+00:00", date(2026, 4, 1)),
        ("2025-12-31T22:59:59+00:00", date(2025, 12, 31)),
        ("2025-12-31T23:00:00+00:00", date(2026, 1, 1)),
        ("2026-04-01T00:00:00+02:00", date(2026, 4, 1)),
        ("2026-04-01T00:00:00+12:00", date(2026, 3, 31)),
        # The clock goes forward on 29 maart 2026 and back on 25 oktober 2026: midnight moves along.
        ("2026-03-28T23:00:00+00:00", date(2026, 3, 29)),
        ("2026-03-29T21:59:59+00:00", date(2026, 3, 29)),
        ("2026-03-29T22:00:00+00:00", date(2026, 3, 30)),
        ("2026-10-24T22:00:00+00:00", date(2026, 10, 25)),
        ("2026-10-25T22:59:59+00:00", date(2026, 10, 25)),
        ("2026-10-25T23:00:00+00:00", date(2026, 10, 26)),
    ],
)
def test_a_day_begins_at_midnight_in_amsterdam(moment: str, dag: date) -> None:
    assert datum_in_amsterdam(op(moment)) == dag


@pytest.mark.parametrize(
    ("dag", "einde"),
    [
        (date(2026, 4, 1), "2026-04-01T22:00:00+00:00"),
        (date(2026, 10, 1), "2026-10-01T22:00:00+00:00"),
        (date(2026, 1, 31), "2026-01-31T23:00:00+00:00"),
        (date(2026, 3, 28), "2026-03-28T23:00:00+00:00"),
        (date(2026, 3, 29), "2026-03-29T22:00:00+00:00"),
        (date(2026, 10, 25), "2026-10-25T23:00:00+00:00"),
    ],
)
def test_a_day_ends_at_the_next_midnight(dag: date, einde: str) -> None:
    assert einde_van(dag) == op(einde)


@given(DAGEN)
def test_the_last_moment_of_a_day_is_of_that_day_and_its_end_of_the_next(dag: date) -> None:
    einde = einde_van(dag)
    assert einde.tzinfo is UTC
    assert datum_in_amsterdam(einde - timedelta(microseconds=1)) == dag
    assert datum_in_amsterdam(einde) == dag + timedelta(days=1)


@pytest.mark.parametrize(
    ("geboren", "achttien"),
    [
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2008, 2, 28), date(2026, 2, 28)),
        (date(2008, 3, 1), date(2026, 3, 1)),
        (date(2010, 12, 31), date(2028, 12, 31)),
    ],
)
def test_somebody_turns_eighteen_on_his_birthday(geboren: date, achttien: date) -> None:
    assert achttien_op(geboren) == achttien


@given(DAGEN)
def test_nobody_is_eighteen_on_the_day_before(geboren: date) -> None:
    dag = achttien_op(geboren) - timedelta(days=1)
    assert dag.year - geboren.year - ((dag.month, dag.day) < (geboren.month, geboren.day)) == 17


@pytest.mark.parametrize(
    ("tot", "dag", "plichtig"),
    [
        ("2028-03", date(2028, 2, 29), True),
        ("2028-03", date(2028, 3, 1), True),
        ("2028-03", date(2028, 3, 31), True),
        ("2028-03", date(2028, 4, 1), False),
        ("2028-12", date(2029, 1, 1), False),
        (None, date(2026, 1, 1), False),
    ],
)
def test_the_kwalificatieplicht_holds_through_its_last_month(tot: str | None, dag: date, *, plichtig: bool) -> None:
    assert is_kwalificatieplichtig(tot, dag) is plichtig


def test_a_month_is_written_as_year_and_two_digits() -> None:
    assert maand_van(date(2028, 3, 31)) == "2028-03"


def test_the_statutory_calendar_has_the_dates_of_the_procedure() -> None:
    assert kalender_van(2026) == Kalender(
        opvoer_vanaf=date(2025, 10, 1),
        mbo_regels=date(2026, 2, 1),
        aanmelddatum=date(2026, 4, 1),
        vervolgkeuze_vanaf=date(2026, 4, 1),
        voorlopig_op=date(2026, 6, 1),
        handhaven_tot=date(2026, 7, 1),
        mbo_start=date(2026, 8, 1),
        meting_op=date(2026, 10, 1),
        sluit_vanaf=date(2026, 10, 2),
    )


REGELS = Regels(regio="21", overstapjaar=2026, revisie=3, kalender=kalender_van(2026))


def test_a_version_is_named_year_region_revision() -> None:
    assert REGELS.versie == "2026.21.3"


def test_the_content_hash_changes_with_any_parameter_and_not_with_the_order_of_names() -> None:
    codes = {"A": AanmeldingStatus.GESTART, "B": AanmeldingStatus.AANGEMELD}
    ene = msgspec.structs.replace(REGELS, koppelcodes={"99XX": codes})
    andere = msgspec.structs.replace(REGELS, koppelcodes={"99XX": dict(reversed(codes.items()))})
    assert inhoud_hash(ene) == inhoud_hash(andere)
    anders = [
        REGELS,
        ene,
        msgspec.structs.replace(REGELS, stil_weken=7),
        msgspec.structs.replace(REGELS, overleg_vereist=False),
        msgspec.structs.replace(REGELS, kalender=kalender_van(2027)),
    ]
    assert len({inhoud_hash(regels) for regels in anders}) == len(anders)


def test_a_code_agreed_with_one_mbo_goes_before_the_common_ones() -> None:
    regels = msgspec.structs.replace(REGELS, koppelcodes={"99XX": {"AO": AanmeldingStatus.INTAKE_GEPLAND}})
    assert regels.status_bij_code("99XX", "AO") is AanmeldingStatus.INTAKE_GEPLAND
    assert regels.status_bij_code("99XX", "LI") is AanmeldingStatus.AFGEWEZEN
    assert regels.status_bij_code("99YY", "AO") is AanmeldingStatus.AANGEMELD


def test_a_code_nobody_agreed_on_is_never_guessed() -> None:
    assert REGELS.status_bij_code("99XX", "ZZ") is None
    assert REGELS.status_bij_code("99XX", "ao") is None


def test_every_status_of_an_aanmelding_has_a_default_code() -> None:
    assert set(STANDAARD_KOPPELCODES.values()) == set(AanmeldingStatus)
    assert {code: STANDAARD_KOPPELCODES[code] for code in ("AO", "LI", "PB", "IT", "IS")} == {
        "AO": AanmeldingStatus.AANGEMELD,
        "LI": AanmeldingStatus.AFGEWEZEN,
        "PB": AanmeldingStatus.VOORLOPIG_GEPLAATST,
        "IT": AanmeldingStatus.INGETROKKEN,
        "IS": AanmeldingStatus.DEFINITIEF_GEPLAATST,
    }


def test_dates_moments_and_lists_are_written_as_a_dutch_reader_expects() -> None:
    assert datum_in_woorden(date(2026, 4, 1)) == "1 april 2026"
    assert moment_in_woorden(op("2026-11-21T09:04:00+00:00")) == "21 november 2026, 10.04 uur"
    assert moment_in_woorden(op("2026-03-31T22:00:00+00:00")) == "1 april 2026, 0.00 uur"
    assert opsomming(["a"]) == "a"
    assert opsomming(["a", "b", "c"]) == "a, b of c"
