"""A correction: who may, of what, and how the status is recomputed as if the named event had not been applied."""

from datetime import date

import pytest
from msgspec.structs import replace

from overstap.domain import verzoeken as v
from overstap.domain.feiten import Feit, Verzegeld
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.rollen import Rol
from tests.statemachine.berichten import zegt
from tests.statemachine.gegeven import ZEGEL, Gebeurd, Gegeven, given
from tests.statemachine.herzieningen import herzie, herzien, terug
from tests.statemachine.spelers import (
    ALLES_OPEN,
    DECAAN,
    ELDERS,
    INTAKER,
    KOPPELING,
    LEERPLICHT,
    MBO_ZONDER_ACCOUNTS,
    REGIEBEHEERDER,
    SPELERS,
    op,
)
from tests.statemachine.standen import (
    BIJ_STATUS,
    NAAR_STATUS,
    aanmelding_in,
    gewijzigd,
    ontvangen,
    overstap_in,
)
from tests.statemachine.tafel import mag_zien

GEKOZEN = overstap_in("vervolgkeuze_vo")
"""1 opgevoerd, 2 vervolgkeuze by the decaan, 3 status."""


# Who may.


@pytest.mark.parametrize("rol", Rol)
def test_only_who_caused_an_event_and_the_regiebeheerder_may_correct_it(rol: Rol) -> None:
    uitslag = GEKOZEN.given(ontvangen()).when(herzie(2), by=SPELERS[rol])
    if rol in {Rol.DECAAN, Rol.REGIEBEHEERDER}:
        uitslag.then(herzien(2), terug("vervolgkeuze_vo", "aangemeld", 5))
    else:
        ziet = mag_zien(rol, "vervolgkeuze_vo", heeft_aanmelding=True)
        uitslag.refuses("niet_bevoegd" if ziet else "onbekende_leerling")


@pytest.mark.parametrize("rol", ELDERS)
def test_the_same_role_elsewhere_knows_no_such_pupil(rol: Rol) -> None:
    GEKOZEN.when(herzie(2), by=ELDERS[rol]).refuses("onbekende_leerling")


def test_the_same_role_of_the_pupil_s_new_school_does_not_correct_what_the_old_one_decided() -> None:
    overgedragen = GEKOZEN.given(o.LeerlingOvergedragen(van="99AA", naar="99BB"))
    overgedragen.when(herzie(2), by=ELDERS[Rol.DECAAN]).refuses("niet_bevoegd")
    assert overgedragen.when(herzie(2), by=REGIEBEHEERDER).feiten


def test_a_koppeling_never_corrects_not_even_its_own_message() -> None:
    aanmelding_in("aangemeld").when(herzie(2), by=KOPPELING).refuses("niet_bevoegd")


def test_an_intaker_corrects_his_own_step_and_not_the_koppeling_s() -> None:
    gegeven = given(ontvangen(), gewijzigd("nog_niet_aangemeld", "aangemeld", 2), a.IntakeGepland(nummer=1))
    gegeven = gegeven.given(gewijzigd("aangemeld", "intake", 4))
    gegeven.when(herzie(4), by=INTAKER).then(herzien(4), terug("intake", "aangemeld", 6))
    gegeven.when(herzie(2), by=INTAKER).refuses("niet_bevoegd")


def test_an_mbo_is_not_told_which_role_took_a_step_it_may_not_see() -> None:
    gegeven = overstap_in("leerplicht_afgehandeld").given(ontvangen())
    codes = {gegeven.when(herzie(nummer), by=INTAKER).weigering.wat_nodig for nummer in (2, 3, 5)}
    assert codes == {"Laat dit doen door: regiebeheerder."}
    assert "leerplichtambtenaar" in gegeven.when(herzie(5), by=DECAAN).weigering.wat_nodig


def test_a_correction_has_a_reason() -> None:
    GEKOZEN.when(v.Herzie(gebeurtenis=2, reden=Verzegeld("")), by=DECAAN).refuses("reden_ontbreekt")


# Of what.


@pytest.mark.parametrize("nummer", [0, -1, 4, 99])
def test_an_event_that_is_not_there_is_unknown(nummer: int) -> None:
    GEKOZEN.when(herzie(nummer), by=REGIEBEHEERDER).refuses("onbekende_gebeurtenis")


@pytest.mark.parametrize("nummer", [1, 3])
def test_the_entry_of_the_pupil_and_a_change_of_status_are_no_steps_to_correct(nummer: int) -> None:
    GEKOZEN.when(herzie(nummer), by=REGIEBEHEERDER).refuses("niet_herzienbaar")


def test_an_event_is_corrected_once_and_a_correction_never() -> None:
    daarna = GEKOZEN.when(herzie(2), by=DECAAN).daarna
    daarna.when(herzie(2), by=DECAAN).refuses("niet_herzienbaar")
    daarna.when(herzie(4), by=REGIEBEHEERDER).refuses("niet_herzienbaar")


def test_that_the_koppeling_took_an_aanmelding_over_is_not_corrected_nor_its_entry_by_hand() -> None:
    handmatig = given(Gebeurd(ontvangen(keten_id=None), INTAKER), gewijzigd("nog_niet_aangemeld", "aangemeld", 2))
    assert handmatig.when(herzie(2), by=INTAKER).feiten
    overgenomen = handmatig.when(zegt("aangemeld", 3), by=KOPPELING).daarna
    overgenomen.when(herzie(4), by=REGIEBEHEERDER).refuses("niet_herzienbaar")
    overgenomen.when(herzie(2), by=INTAKER).refuses("niet_herzienbaar")


# The status is recomputed.


@pytest.mark.parametrize("status", [status for status in NAAR_STATUS if status != "aangemeld"])
def test_without_its_last_step_an_aanmelding_stands_where_it_stood(status: str) -> None:
    stappen = NAAR_STATUS[status]
    gegeven = aanmelding_in(status)
    voor = {1: "aangemeld", 2: "definitief_geplaatst", 3: "gestart"}[len(stappen)]
    uitslag = gegeven.when(herzie(2 + len(stappen)), by=INTAKER)
    assert str(uitslag.overstap.aanmeldingen[0].status) == voor
    assert str(uitslag.overstap.status) == BIJ_STATUS[voor]


@pytest.mark.parametrize(
    ("status", "nummer", "naar"),
    [
        ("vervolgkeuze_vo", 2, "nog_niet_aangemeld"),
        ("leerplicht_ingeschakeld", 3, "nog_niet_aangemeld"),
        ("leerplicht_afgehandeld", 5, "leerplicht_ingeschakeld"),
        ("afgerond", 4, "vervolgkeuze_vo"),
        ("uitgeschreven", 2, "nog_niet_aangemeld"),
    ],
)
def test_without_the_decision_the_pupil_stands_where_he_stood(status: str, nummer: int, naar: str) -> None:
    gegeven = overstap_in(status)
    assert gegeven.overstap is not None
    oorzaak = gegeven.overstap.versie + 1
    gegeven.when(herzie(nummer), by=REGIEBEHEERDER).then(herzien(nummer), terug(status, naar, oorzaak))


@pytest.mark.parametrize(
    ("feit", "van", "naar"),
    [
        (o.VervolgkeuzeVoIngetrokken(), "nog_niet_aangemeld", "vervolgkeuze_vo"),
        (o.OverstapHeropend(reden=ZEGEL), "nog_niet_aangemeld", "vervolgkeuze_vo"),
    ],
)
def test_without_what_led_back_the_decision_holds_again(feit: Feit, van: str, naar: str) -> None:
    daarna = GEKOZEN.given(feit, gewijzigd("vervolgkeuze_vo", van, 4, "trek_vervolgkeuze_in"))
    daarna.when(herzie(4), by=DECAAN).then(herzien(4), terug(van, naar, 6))


def test_without_the_decision_the_status_follows_what_the_aanmeldingen_became_meanwhile() -> None:
    daarna = GEKOZEN.when(zegt("gestart", 1), by=KOPPELING).daarna
    daarna.when(herzie(2), by=DECAAN).then(herzien(2), terug("vervolgkeuze_vo", "gestart", 8))


def test_a_correction_that_leaves_the_status_says_nothing_of_it() -> None:
    gegeven = aanmelding_in("voorlopig_geplaatst").given(a.AanmeldingGewijzigd(nummer=1, crebo="25648"))
    uitslag = gegeven.when(herzie(5), by=INTAKER)
    uitslag.then(herzien(5))
    assert uitslag.overstap.aanmeldingen[0].crebo == "25647"


def test_a_corrected_entry_leaves_no_active_aanmelding() -> None:
    met_de_hand = given(
        Gebeurd(ontvangen(MBO_ZONDER_ACCOUNTS, None), DECAAN), gewijzigd("nog_niet_aangemeld", "aangemeld", 2)
    )
    uitslag = met_de_hand.when(herzie(2), by=DECAAN)
    uitslag.then(herzien(2), terug("aangemeld", "nog_niet_aangemeld", 4))
    assert [x.is_actief for x in uitslag.overstap.aanmeldingen] == [False]


def test_one_step_of_a_message_corrected_leaves_the_others_and_what_leerplicht_decided() -> None:
    """A first message said 'enrolled'; Leerplicht was called in and handed back; then the enrolment is corrected."""
    ingeschreven = given().when(zegt("definitief_geplaatst", 1), by=KOPPELING).daarna
    overleg = v.Overleg(contact=ZEGEL, overleg_datum=date(2026, 9, 2))
    bij = ingeschreven.when(v.SchakelLeerplichtIn(overleg=overleg), by=DECAAN).daarna
    af = bij.when(v.HandelLeerplichtAf(uitkomst="naar_mbo"), by=LEERPLICHT).daarna
    uitslag = af.when(herzie(3), by=REGIEBEHEERDER)
    uitslag.then(herzien(3))
    assert str(uitslag.overstap.status) == "leerplicht_afgehandeld"
    assert str(uitslag.overstap.aanmeldingen[0].status) == "aangemeld"


# When it counts.


def test_a_correction_counts_from_the_moment_it_is_recorded_whatever_it_says() -> None:
    verzoek = replace(herzie(2), gebeurd_op=op("2026-05-01T10:00Z"))
    uitslag = GEKOZEN.when(verzoek, by=DECAAN, at=ALLES_OPEN)
    assert uitslag.antwoord.gebeurd_op == ALLES_OPEN  # type: ignore[union-attr]
    assert uitslag.overstap.sinds == ALLES_OPEN


def test_after_a_correction_the_year_goes_on() -> None:
    herstel = GEKOZEN.when(herzie(2), by=DECAAN).daarna
    assert str(herstel.when(v.KiesVervolgVo(reden="vavo"), by=DECAAN).overstap.status) == "vervolgkeuze_vo"
    heropend: Gegeven = overstap_in("uitgeschreven").when(herzie(2), by=REGIEBEHEERDER).daarna
    assert str(heropend.when(zegt("gestart", 1), by=KOPPELING).overstap.status) == "gestart"
