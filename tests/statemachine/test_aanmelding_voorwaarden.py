"""Chart 1: what a request must say, which aanmelding it means, and how an aanmelding is entered by hand."""

from datetime import date

import pytest
from msgspec.structs import replace

from overstap.domain import verzoeken as v
from overstap.domain.feiten import aanmelding as a
from overstap.domain.redenen import Grond
from overstap.domain.rollen import Actor, Rol
from tests.statemachine.gegeven import NIEMAND, given
from tests.statemachine.spelers import (
    ANDER_MBO,
    BUITEN_DE_REGIO,
    DECAAN,
    ELDERS,
    INTAKER,
    KADER,
    KOPPELING,
    MBO,
    MBO_ZONDER_ACCOUNTS,
    MBO_ZONDER_KOPPELING,
    SPELERS,
    speler,
)
from tests.statemachine.standen import CREBO, KETEN_ID, aanmelding_in, gewijzigd, ontvangen

GRONDEN = [
    "capaciteit",
    "vooropleiding",
    "te_laat",
    "geen_intake",
    "niet_gehandhaafd",
    "diploma_niet_behaald",
    "overig",
]


@pytest.mark.parametrize("grond", GRONDEN)
def test_an_mbo_refuses_on_a_ground_of_the_list(grond: str) -> None:
    aanmelding_in("aangemeld").when(v.WijsAf(grond=grond), by=INTAKER).then(
        a.AanmeldingAfgewezen(nummer=1, grond=Grond(grond)), gewijzigd("aangemeld", "nog_niet_aangemeld", 4)
    )


@pytest.mark.parametrize("grond", ["", "geen_zin", "Capaciteit", "niet_meegedeeld"])
def test_a_person_must_give_a_ground_of_the_list(grond: str) -> None:
    weigering = aanmelding_in("aangemeld").when(v.WijsAf(grond=grond), by=INTAKER).refuses("reden_ongeldig")
    assert all(mag in weigering.wat_nodig for mag in GRONDEN)
    assert "niet_meegedeeld" not in weigering.wat_nodig


def test_a_region_may_allow_fewer_grounds() -> None:
    kader = replace(KADER, regels=replace(KADER.regels, gronden=(Grond.CAPACITEIT, Grond.TE_LAAT)))
    gegeven = aanmelding_in("aangemeld").under(kader)
    gegeven.when(v.WijsAf(grond="overig"), by=INTAKER).refuses("reden_ongeldig", "grond_ongeldig")
    assert gegeven.when(v.WijsAf(grond="te_laat"), by=INTAKER).feiten


@pytest.mark.parametrize(
    ("reden", "code"),
    [
        ("", "reden_ontbreekt"),
        ("   ", "reden_ontbreekt"),
        ("hij heet Jan", "reden_ongeldig"),
        ("a" * 41, "reden_ongeldig"),
    ],
)
def test_leaving_early_needs_a_reason_that_is_one_word(reden: str, code: str) -> None:
    aanmelding_in("gestart").when(v.Onderbreek(reden=reden), by=INTAKER).refuses(code)


def test_the_reason_of_leaving_early_is_kept() -> None:
    uitslag = aanmelding_in("gestart").when(v.Onderbreek(reden=" ander_werk "), by=INTAKER)
    assert uitslag.feiten[0] == a.OpleidingOnderbroken(nummer=1, reden="ander_werk")


@pytest.mark.parametrize("naar", ["", "intake_gepland", "gestart", "afgewezen"])
def test_an_ended_aanmelding_is_reopened_to_two_statuses_only(naar: str) -> None:
    aanmelding_in("afgewezen").when(v.Heropen(naar=naar), by=INTAKER).refuses("veld_ongeldig")


def test_a_change_that_changes_nothing_is_nothing_new() -> None:
    aanmelding_in("aangemeld").when(v.WijzigAanmelding(crebo=CREBO), by=INTAKER).nothing_new()
    aanmelding_in("aangemeld").when(v.WijzigAanmelding(), by=INTAKER).nothing_new()


def test_a_change_says_only_what_became_different() -> None:
    verzoek = v.WijzigAanmelding(crebo=CREBO, startdatum=date(2026, 9, 1), leertraject="BBL")
    aanmelding_in("aangemeld").when(verzoek, by=INTAKER).then(
        a.AanmeldingGewijzigd(nummer=1, startdatum="2026-09-01", leertraject="BBL")
    )


def test_an_opleiding_has_a_code_of_five_digits() -> None:
    aanmelding_in("aangemeld").when(v.WijzigAanmelding(crebo="256"), by=INTAKER).refuses("veld_ongeldig")


# Which aanmelding is meant.

TWEE = aanmelding_in("aangemeld").given(replace(ontvangen(keten_id=None, nummer=2), crebo="25001"))


@pytest.mark.parametrize(
    ("verwijzing", "nummer"),
    [
        (v.AanmeldingVerwijzing(nummer=2), 2),
        (v.AanmeldingVerwijzing(keten_id=KETEN_ID), 1),
        (v.AanmeldingVerwijzing(brin=MBO, crebo="25001"), 2),
        (v.AanmeldingVerwijzing(brin=f"{MBO}01", crebo=CREBO), 1),
    ],
)
def test_an_aanmelding_is_named_by_number_keten_id_or_mbo_and_opleiding(
    verwijzing: v.AanmeldingVerwijzing, nummer: int
) -> None:
    [feit] = TWEE.when(v.PlanIntake(aanmelding=verwijzing), by=INTAKER).feiten[:1]
    assert feit == a.IntakeGepland(nummer=nummer)


@pytest.mark.parametrize(
    "verwijzing",
    [
        None,
        v.AanmeldingVerwijzing(brin=MBO),
        v.AanmeldingVerwijzing(nummer=3),
        v.AanmeldingVerwijzing(nummer=1, crebo="25001"),
        v.AanmeldingVerwijzing(keten_id="99XX:00000000"),
    ],
)
def test_an_aanmelding_that_is_not_one_is_refused(verwijzing: v.AanmeldingVerwijzing | None) -> None:
    TWEE.when(v.PlanIntake(aanmelding=verwijzing), by=INTAKER).refuses("onbekende_aanmelding")


def test_without_a_name_the_only_active_one_is_meant() -> None:
    een_beeindigd = TWEE.given(a.AanmeldingIngetrokken(nummer=2))
    assert een_beeindigd.when(v.PlanIntake(), by=INTAKER).feiten[0] == a.IntakeGepland(nummer=1)


# Entering by hand.

MELD_AAN = v.MeldAan(brin=MBO_ZONDER_ACCOUNTS, crebo=CREBO)


@pytest.mark.parametrize("brin", [MBO_ZONDER_ACCOUNTS, BUITEN_DE_REGIO])
def test_the_decaan_enters_an_aanmelding_at_an_mbo_without_accounts_or_outside_the_region(brin: str) -> None:
    given().when(v.MeldAan(brin=brin, crebo=CREBO, leertraject="BOL"), by=DECAAN).then(
        a.AanmeldingOntvangen(nummer=1, brin=brin, crebo=CREBO, leertraject="BOL", zonder_accounts=True),
        gewijzigd("nog_niet_aangemeld", "aangemeld", 2),
    )


def test_the_fact_says_only_where_it_is_true_that_the_mbo_has_no_accounts() -> None:
    given().when(v.MeldAan(brin=MBO_ZONDER_KOPPELING, crebo=CREBO), by=DECAAN).then(
        a.AanmeldingOntvangen(nummer=1, brin=MBO_ZONDER_KOPPELING, crebo=CREBO),
        gewijzigd("nog_niet_aangemeld", "aangemeld", 2),
    )


def test_the_intaker_enters_an_aanmelding_at_his_own_mbo_of_a_pupil_new_to_it() -> None:
    given().when(v.MeldAan(brin=MBO, crebo=CREBO, startdatum=date(2026, 8, 24)), by=INTAKER).then(
        a.AanmeldingOntvangen(nummer=1, brin=MBO, crebo=CREBO, startdatum="2026-08-24"),
        gewijzigd("nog_niet_aangemeld", "aangemeld", 2),
    )


def test_an_intaker_enters_nothing_at_another_mbo() -> None:
    given().when(v.MeldAan(brin=ANDER_MBO, crebo=CREBO), by=INTAKER).refuses("andere_organisatie")


def test_what_comes_by_koppeling_the_decaan_does_not_enter() -> None:
    given().when(v.MeldAan(brin=MBO, crebo=CREBO), by=DECAAN).refuses("niet_bevoegd")


def test_the_same_aanmelding_entered_again_is_nothing_new() -> None:
    een = given().when(MELD_AAN, by=DECAAN).daarna
    een.when(MELD_AAN, by=DECAAN).nothing_new()
    een.when(replace(MELD_AAN, brin=f"{MBO_ZONDER_ACCOUNTS}01"), by=DECAAN).nothing_new()


def test_a_pupil_may_have_any_number_of_aanmeldingen() -> None:
    veel = given()
    for nummer in range(1, 8):
        veel = veel.when(replace(MELD_AAN, crebo=f"2564{nummer}"), by=DECAAN).daarna
    assert veel.overstap is not None
    assert [x.nummer for x in veel.overstap.aanmeldingen] == [1, 2, 3, 4, 5, 6, 7]


def test_an_ended_aanmelding_may_be_followed_by_another_for_the_same_opleiding() -> None:
    gegeven = aanmelding_in("ingetrokken", MBO_ZONDER_ACCOUNTS, None)
    assert len(gegeven.when(MELD_AAN, by=DECAAN).overstap.aanmeldingen) == 2


@pytest.mark.parametrize("fout", [{"brin": "99"}, {"brin": ""}, {"crebo": "1"}, {"crebo": "2564a"}])
def test_an_aanmelding_names_an_mbo_and_an_opleiding_of_the_right_form(fout: dict[str, str]) -> None:
    given().when(replace(MELD_AAN, **fout), by=DECAAN).refuses("veld_ongeldig")


@pytest.mark.parametrize("rol", [rol for rol in Rol if rol not in {Rol.DECAAN, Rol.MBO_INTAKER}])
def test_no_other_role_enters_an_aanmelding(rol: Rol) -> None:
    ziet = rol in {
        Rol.MENTOR,
        Rol.VO_BEHEERDER,
        Rol.SAMENWERKINGSVERBAND,
        Rol.REGIEBEHEERDER,
        Rol.AUDITOR,
        Rol.SYSTEEM,
    }
    given().when(MELD_AAN, by=SPELERS[rol]).refuses("niet_bevoegd" if ziet else "onbekende_leerling")


def test_a_koppeling_enters_by_its_messages_only() -> None:
    aanmelding_in("aangemeld").when(v.MeldAan(brin=MBO, crebo="25001"), by=KOPPELING).refuses("niet_bevoegd")


BUURREGIO = Actor(account="intaker-22", rol=Rol.MBO_INTAKER, organisatie=MBO, regio="22")


@pytest.mark.parametrize("door", [ELDERS[Rol.DECAAN], BUURREGIO], ids=["decaan elsewhere", "intaker of another region"])
def test_who_does_not_know_the_pupil_enters_no_aanmelding(door: Actor) -> None:
    brin = MBO if door is BUURREGIO else MBO_ZONDER_ACCOUNTS
    given().when(v.MeldAan(brin=brin, crebo=CREBO), by=door).refuses("onbekende_leerling")


def test_nobody_has_an_aanmelding_before_his_school_entered_him() -> None:
    NIEMAND.when(MELD_AAN, by=DECAAN).refuses("onbekende_leerling")


def test_a_decaan_of_another_vestiging_does_not_know_the_pupil() -> None:
    given().when(MELD_AAN, by=speler(Rol.DECAAN, "99AA", vestiging="02")).refuses("onbekende_leerling")
