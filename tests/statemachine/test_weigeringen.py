"""A refusal explains itself: what stood in the way, what would make it legal, and what this actor may do now."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from overstap.domain import verzoeken as v
from overstap.domain.rollen import Actor
from overstap.statemachine.kader import Besluit
from tests.statemachine.gegeven import given
from tests.statemachine.spelers import (
    AUDITOR,
    DECAAN,
    INTAKER,
    KOPPELING,
    LEERPLICHT,
    MBO_ZONDER_ACCOUNTS,
    MENTOR,
    REGIEBEHEERDER,
    SAMENWERKINGSVERBAND,
    SYSTEEM,
    VO_BEHEERDER,
    op,
)
from tests.statemachine.standen import aanmelding_in, ontvangen, overstap_in


def test_a_role_that_may_not_is_told_which_role_may() -> None:
    weigering = given().when(v.KiesVervolgVo(reden="havo"), by=MENTOR).refuses("niet_bevoegd", "bevoegde_rol")
    assert weigering.zin == "Als mentor kunt u de stap 'kies vervolg vo' hier niet zetten."
    assert weigering.wat_nodig == "Laat dit doen door: decaan."


def test_a_step_that_is_not_there_tells_from_where_it_is() -> None:
    weigering = aanmelding_in("aangemeld").when(v.BevestigStart(), by=INTAKER).refuses("niet_toegestaan")
    assert weigering.zin == "Vanuit 'aangemeld' kan de stap 'bevestig start' niet."
    assert weigering.wat_nodig == "De stap kan vanuit definitief geplaatst."


def test_a_step_that_is_too_early_tells_when_it_opens() -> None:
    vroeg = op("2026-03-01T12:00Z")
    weigering = given().when(v.KiesVervolgVo(reden="havo"), by=DECAAN, at=vroeg).refuses("te_vroeg")
    assert weigering.wat_nodig == "Een vervolgkeuze VO vastleggen kan vanaf 1 april 2026."
    assert weigering.zin == (
        "De stap 'kies vervolg vo' kan nu niet: een vervolgkeuze VO vastleggen kan vanaf 1 april 2026."
    )


def test_what_a_role_may_not_see_does_not_exist_for_it() -> None:
    bekend = given().when(v.KiesVervolgVo(reden="havo"), by=INTAKER).refuses("onbekende_leerling")
    assert bekend.wel_mogelijk == ()
    assert "99AA" not in bekend.zin + bekend.wat_nodig


@pytest.mark.parametrize(
    ("status", "door", "mag"),
    [
        ("aangemeld", DECAAN, {"kies_vervolg_vo", "schakel_leerplicht_in", "schrijf_uit"}),
        ("aangemeld", VO_BEHEERDER, {"schrijf_uit"}),
        ("aangemeld", MENTOR, set()),
        ("aangemeld", AUDITOR, set()),
        ("aangemeld", SAMENWERKINGSVERBAND, set()),
        ("aangemeld", REGIEBEHEERDER, {"schrijf_uit", "sluit_af_met_reden"}),
        ("gestart", SYSTEEM, {"sluit_af"}),
        ("gestart", INTAKER, {"wijzig_aanmelding", "onderbreek"}),
        ("gestart", KOPPELING, set()),
        ("leerplicht_ingeschakeld", LEERPLICHT, {"handel_leerplicht_af"}),
        ("leerplicht_ingeschakeld", DECAAN, set()),
        ("leerplicht_ingeschakeld", REGIEBEHEERDER, {"schrijf_uit"}),
        ("vervolgkeuze_vo", DECAAN, {"trek_vervolgkeuze_in", "schakel_leerplicht_in", "schrijf_uit"}),
        ("afgerond", REGIEBEHEERDER, {"heropen_overstap"}),
    ],
)
def test_the_steps_that_are_open_are_named(status: str, door: Actor, mag: set[str]) -> None:
    assert set(overstap_in(status).when(v.Hervat(), by=door).weigering.wel_mogelijk) == mag


def test_a_step_that_is_not_open_yet_is_not_named() -> None:
    voor_april = op("2026-03-01T12:00Z")
    weigering = given().when(v.Hervat(), by=DECAAN, at=voor_april).refuses("niet_toegestaan")
    assert set(weigering.wel_mogelijk) == {"schakel_leerplicht_in", "schrijf_uit"}


def test_the_steps_named_are_those_open_now_also_when_the_request_told_of_long_ago() -> None:
    lang_geleden = v.Hervat(gebeurd_op=op("2026-03-01T12:00Z"))
    assert "kies_vervolg_vo" in given().when(lang_geleden, by=DECAAN).weigering.wel_mogelijk


def test_on_the_day_leerplicht_handed_back_no_new_call_is_possible_whatever_the_consultation() -> None:
    afgehandeld = overstap_in("leerplicht_ingeschakeld").when(
        v.HandelLeerplichtAf(uitkomst="terug_naar_vo"), by=LEERPLICHT, at=op("2026-10-05T08:00Z")
    )
    dezelfde_dag, volgende_dag = op("2026-10-05T12:00Z"), op("2026-10-06T12:00Z")
    nu = afgehandeld.daarna.when(v.TrekVervolgkeuzeIn(), by=DECAAN, at=dezelfde_dag).weigering
    assert "schakel_leerplicht_in" not in nu.wel_mogelijk
    morgen = afgehandeld.daarna.when(v.TrekVervolgkeuzeIn(), by=DECAAN, at=volgende_dag).weigering
    assert "schakel_leerplicht_in" in morgen.wel_mogelijk


def test_the_steps_of_a_decaan_for_an_mbo_without_accounts_are_named_too() -> None:
    zonder = given(ontvangen(MBO_ZONDER_ACCOUNTS, None)).when(v.Hervat(), by=DECAAN).weigering
    assert {"plan_intake", "wijs_af", "kies_vervolg_vo"} <= set(zonder.wel_mogelijk)
    met = given(ontvangen()).when(v.Hervat(), by=DECAAN).weigering
    assert "plan_intake" not in met.wel_mogelijk


# When it happened.

NU = op("2026-05-12T12:00Z")
VERZOEK = v.KiesVervolgVo(reden="havo")


@pytest.mark.parametrize(
    ("gebeurd_op", "geldt"),
    [
        (None, NU),
        (NU - timedelta(days=3), NU - timedelta(days=3)),
        (NU + timedelta(minutes=5), NU),
        (NU.astimezone(timezone(timedelta(hours=-8))), NU),
    ],
)
def test_what_happened_is_recorded_as_of_then_and_a_clock_may_run_five_minutes_ahead(
    gebeurd_op: datetime | None, geldt: datetime
) -> None:
    besluit = given().when(replace(VERZOEK, gebeurd_op=gebeurd_op), by=DECAAN, at=NU).antwoord
    assert isinstance(besluit, Besluit)
    assert (besluit.gebeurd_op, besluit.gebeurd_op.tzinfo) == (geldt, UTC)


def test_what_is_still_to_come_did_not_happen() -> None:
    later = replace(VERZOEK, gebeurd_op=NU + timedelta(minutes=5, microseconds=1))
    given().when(later, by=DECAAN, at=NU).refuses("in_de_toekomst")


def test_a_moment_without_a_time_zone_is_no_moment() -> None:
    given().when(replace(VERZOEK, gebeurd_op=NU.replace(tzinfo=None)), by=DECAAN, at=NU).refuses("veld_ongeldig")


# The little language of these tests tells a wrong answer from a right one.


def test_the_language_of_these_tests_fails_where_it_should() -> None:
    goed, fout = given().when(VERZOEK, by=DECAAN), given().when(VERZOEK, by=MENTOR)
    with pytest.raises(AssertionError):
        goed.refuses("niet_bevoegd")
    with pytest.raises(AssertionError):
        goed.nothing_new()
    with pytest.raises(AssertionError):
        fout.then()
    with pytest.raises(AssertionError):
        fout.refuses("te_vroeg")
    with pytest.raises(AssertionError):
        fout.refuses("niet_bevoegd", "iets_anders")
