"""A koppeling's message: codes nobody knows, takeover of a manual aanmelding, the calendar, and whose message it is."""

import pytest
from msgspec.structs import replace

from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.rollen import Rol
from overstap.domain.statussen import AanmeldingStatus
from tests.statemachine.berichten import bericht_van, signaal, soorten, zegt
from tests.statemachine.gegeven import NIEMAND, given
from tests.statemachine.spelers import ANDER_MBO, ELDERS, KADER, KOPPELING, MBO, SPELERS, op, speler
from tests.statemachine.standen import KETEN_ID, aanmelding_in, ontvangen, overstap_in
from tests.statemachine.tafel import mag_zien

# Codes.


@pytest.mark.parametrize("code", ["ZZ", "", "ao", "AO "])
def test_an_unknown_code_is_recorded_and_signalled_never_guessed(code: str) -> None:
    verzoek = zegt(code)
    uitslag = aanmelding_in("aangemeld").when(verzoek, by=KOPPELING)
    uitslag.then(
        a.KoppelberichtNietToegepast(bericht=bericht_van(verzoek), nummer=1, reden="onbekende_code"),
        signaal("onbekende_code", 4),
    )
    assert uitslag.overstap.aanmeldingen[0].status is AanmeldingStatus.AANGEMELD


def test_a_first_message_with_an_unknown_code_makes_no_aanmelding() -> None:
    verzoek = zegt("ZZ", 1)
    given().when(verzoek, by=KOPPELING).then(
        a.KoppelberichtNietToegepast(bericht=bericht_van(verzoek), reden="onbekende_code"),
        signaal("onbekende_code", 2, aanmelding=None),
    )


def test_a_code_agreed_with_this_mbo_is_its_own() -> None:
    regels = replace(KADER.regels, koppelcodes={MBO: {"ZZ": AanmeldingStatus.INTAKE_GEPLAND}})
    gegeven = aanmelding_in("aangemeld").under(replace(KADER, regels=regels))
    assert soorten(gegeven.when(zegt("ZZ"), by=KOPPELING).feiten) == [a.IntakeGepland, o.StatusGewijzigd]


# Takeover of what was entered by hand.


@pytest.mark.parametrize("van", ["aangemeld", "intake_gepland", "voorlopig_geplaatst"])
def test_a_message_takes_over_the_manual_aanmelding_for_the_same_mbo_and_opleiding(van: str) -> None:
    verzoek = zegt("definitief_geplaatst", 3)
    uitslag = aanmelding_in(van, MBO, None).when(verzoek, by=KOPPELING)
    assert uitslag.feiten[:2] == (
        a.AanmeldingOvergenomen(nummer=1, bericht=bericht_van(verzoek), keten_id=KETEN_ID),
        a.DefinitiefGeplaatst(nummer=1, bericht=bericht_van(verzoek)),
    )
    [aanmelding] = uitslag.overstap.aanmeldingen
    assert (aanmelding.keten_id, aanmelding.volgnummer) == (KETEN_ID, 3)


def test_a_takeover_that_says_the_same_is_the_takeover_alone() -> None:
    verzoek = zegt("aangemeld", 3)
    aanmelding_in("aangemeld", MBO, None).when(verzoek, by=KOPPELING).then(
        a.AanmeldingOvergenomen(nummer=1, bericht=bericht_van(verzoek), keten_id=KETEN_ID)
    )


def test_the_manual_one_for_another_opleiding_or_mbo_stays_as_it_was() -> None:
    for gegeven in (
        given(replace(ontvangen(keten_id=None), crebo="25001")),
        given(ontvangen(ANDER_MBO, None)),
    ):
        uitslag = gegeven.when(zegt("aangemeld", 1), by=KOPPELING)
        assert [x.keten_id for x in uitslag.overstap.aanmeldingen] == [None, KETEN_ID]


def test_an_active_manual_aanmelding_is_taken_over_before_an_ended_one() -> None:
    twee = given(ontvangen(keten_id=None), a.AanmeldingIngetrokken(nummer=1), ontvangen(keten_id=None, nummer=2))
    uitslag = twee.when(zegt("aangemeld", 1), by=KOPPELING)
    assert [x.keten_id for x in uitslag.overstap.aanmeldingen] == [None, KETEN_ID]


def test_a_second_keten_id_for_the_same_opleiding_is_a_second_aanmelding() -> None:
    uitslag = aanmelding_in("aangemeld").when(zegt("aangemeld", 1, keten_id="99XX:90001120"), by=KOPPELING)
    assert soorten(uitslag.feiten) == [a.AanmeldingOntvangen]
    assert [x.nummer for x in uitslag.overstap.aanmeldingen] == [1, 2]


def test_a_message_without_a_way_takes_nothing_over() -> None:
    uitslag = aanmelding_in("gestart", MBO, None).when(zegt("intake_gepland", 1), by=KOPPELING)
    assert soorten(uitslag.feiten) == [a.KoppelberichtNietToegepast, o.SignaalGegeven]
    assert uitslag.overstap.aanmeldingen[0].keten_id is None


# The calendar binds people; a koppeling it only signals.


@pytest.mark.parametrize(
    ("van", "naar", "te_vroeg", "op_tijd"),
    [
        ("aangemeld", "wachtlijst", "2026-03-31T23:59:59+02:00", "2026-04-01T00:00+02:00"),
        ("definitief_geplaatst", "gestart", "2026-07-31T23:59:59+02:00", "2026-08-01T00:00+02:00"),
        ("aangemeld", "gestart", "2026-07-31T23:59:59+02:00", "2026-08-01T00:00+02:00"),
        ("voorlopig_geplaatst", "niet_verschenen", "2026-07-31T23:59:59+02:00", "2026-08-01T00:00+02:00"),
    ],
)
def test_a_step_before_its_date_is_applied_and_signalled(van: str, naar: str, te_vroeg: str, op_tijd: str) -> None:
    gegeven = aanmelding_in(van)
    vroeg = gegeven.when(zegt(naar), by=KOPPELING, at=op(te_vroeg))
    tijdig = gegeven.when(zegt(naar), by=KOPPELING, at=op(op_tijd))
    assert str(vroeg.overstap.aanmeldingen[0].status) == naar
    [kalender] = [feit for feit in vroeg.feiten if isinstance(feit, o.SignaalGegeven)]
    stappen = [feit for feit in vroeg.feiten if isinstance(feit, a.AanmeldingFeit)]
    assert gegeven.overstap is not None
    assert kalender == signaal("kalender", gegeven.overstap.versie + len(stappen))
    assert [feit for feit in vroeg.feiten if feit != kalender] == list(tijdig.feiten)


# Whose message it is.


@pytest.mark.parametrize("rol", [rol for rol in Rol if rol is not Rol.KOPPELING])
def test_nobody_else_speaks_for_a_koppeling(rol: Rol) -> None:
    ziet = mag_zien(rol, "aangemeld", heeft_aanmelding=True)
    uitslag = aanmelding_in("aangemeld").when(zegt("gestart"), by=SPELERS[rol])
    uitslag.refuses("niet_bevoegd" if ziet else "onbekende_leerling")


def test_a_koppeling_speaks_for_its_own_mbo_only() -> None:
    elders = ELDERS[Rol.KOPPELING]
    gegeven = aanmelding_in("aangemeld")
    gegeven.when(zegt("gestart"), by=elders).refuses("andere_organisatie")
    gegeven.when(zegt("gestart", brin=ANDER_MBO), by=elders).refuses("andere_organisatie")
    assert gegeven.when(zegt("gestart", brin=ANDER_MBO, keten_id="99YY:90001119"), by=elders).feiten


def test_a_koppeling_of_another_region_knows_no_such_pupil() -> None:
    buur = replace(KOPPELING, regio="22")
    aanmelding_in("aangemeld").when(zegt("gestart"), by=buur).refuses("onbekende_leerling")


def test_a_message_about_a_pupil_nobody_entered_is_not_for_this_stream() -> None:
    NIEMAND.when(zegt("aangemeld"), by=KOPPELING).refuses("onbekende_leerling")


@pytest.mark.parametrize("status", ["vervolgkeuze_vo", "leerplicht_ingeschakeld", "afgerond", "uitgeschreven"])
def test_a_message_is_recorded_whatever_was_decided_about_the_pupil(status: str) -> None:
    gegeven = overstap_in(status)
    assert gegeven.overstap is not None
    uitslag = gegeven.when(zegt("aangemeld", 1), by=KOPPELING)
    assert soorten(uitslag.feiten) == [a.AanmeldingOntvangen, o.SignaalGegeven]
    assert str(uitslag.overstap.status) == status


def test_a_vestiging_of_the_mbo_may_send_too() -> None:
    uitslag = aanmelding_in("aangemeld").when(zegt("intake_gepland"), by=speler(Rol.KOPPELING, f"{MBO}01"))
    assert soorten(uitslag.feiten) == [a.IntakeGepland, o.StatusGewijzigd]
