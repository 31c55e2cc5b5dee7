"""The pupil's status follows his best active aanmelding, until a person decides; then the decision stands."""

import pytest
from msgspec.structs import replace

from overstap.domain import verzoeken as v
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.rollen import Rol
from tests.statemachine.berichten import soorten, zegt
from tests.statemachine.gegeven import Gegeven, given
from tests.statemachine.spelers import ANDER_MBO, DECAAN, ELDERS, INTAKER, KOPPELING, MBO_ZONDER_ACCOUNTS, op
from tests.statemachine.standen import (
    BIJ_STATUS,
    CREBO,
    NAAR_STATUS,
    STATUSSEN_1,
    STATUSSEN_2,
    aanmelding_in,
    gewijzigd,
    ontvangen,
    overstap_in,
)

RANG = dict(zip(STATUSSEN_1, (10, 20, 25, 30, 35, 40, 50, 60, 0, 0, 0, 0), strict=True))
BESLIST = ("vervolgkeuze_vo", "leerplicht_ingeschakeld", "afgerond", "uitgeschreven")
TEGENSTRIJDIG = "tegenstrijdig"


def met_twee(eerste: str, tweede: str) -> Gegeven:
    """Give a pupil with an aanmelding at each of two MBO's."""
    ander = ontvangen(ANDER_MBO, None, nummer=2)
    stappen = [replace(feit, nummer=2) for feit in NAAR_STATUS[tweede]]
    beste = max((eerste, tweede), key=RANG.__getitem__)
    gegeven = aanmelding_in(eerste).given(ander, *stappen)
    assert gegeven.overstap is not None
    if BIJ_STATUS[beste] == BIJ_STATUS[eerste]:
        return gegeven
    return gegeven.given(gewijzigd(BIJ_STATUS[eerste], BIJ_STATUS[beste], gegeven.overstap.versie))


@pytest.mark.parametrize("eerste", STATUSSEN_1)
@pytest.mark.parametrize("tweede", [status for status in STATUSSEN_1 if status != "aangemeld"])
def test_of_two_aanmeldingen_the_best_active_one_tells_where_the_pupil_stands(eerste: str, tweede: str) -> None:
    gegeven = met_twee(eerste, "aangemeld")
    uitslag = gegeven.when(zegt(tweede, brin=ANDER_MBO, keten_id="99YY:1"), by=ELDERS[Rol.KOPPELING])
    assert str(uitslag.overstap.status) == BIJ_STATUS[max((eerste, tweede), key=RANG.__getitem__)]


def test_a_step_that_does_not_change_the_best_rank_changes_no_status() -> None:
    gegeven = met_twee("voorlopig_geplaatst", "aangemeld")
    uitslag = gegeven.when(v.PlanIntake(), by=ELDERS[Rol.MBO_INTAKER])
    uitslag.then(a.IntakeGepland(nummer=2))


def test_a_step_within_one_status_of_the_pupil_is_no_change_of_it() -> None:
    aanmelding_in("intake_gepland").when(v.RondIntakeAf(), by=INTAKER).then(a.IntakeAfgerond(nummer=1))


def test_a_drop_is_followed_as_well_as_a_rise() -> None:
    uitslag = met_twee("definitief_geplaatst", "intake_gepland").when(v.TrekIn(), by=INTAKER)
    assert uitslag.feiten == (a.AanmeldingIngetrokken(nummer=1), gewijzigd("geplaatst", "intake", 7))


def test_when_both_refuse_the_pupil_is_nog_niet_aangemeld_again() -> None:
    een_weg = met_twee("aangemeld", "aangemeld").when(v.WijsAf(grond="capaciteit"), by=INTAKER).daarna
    uitslag = een_weg.when(v.WijsAf(grond="capaciteit"), by=ELDERS[Rol.MBO_INTAKER])
    assert str(uitslag.overstap.status) == "nog_niet_aangemeld"


@pytest.mark.parametrize("status", BESLIST)
def test_where_a_person_decided_the_decision_stands_and_the_conflict_is_signalled(status: str) -> None:
    gegeven = overstap_in(status)
    assert gegeven.overstap is not None
    oorzaak = gegeven.overstap.versie + 1
    uitslag = gegeven.when(v.MeldAan(brin=MBO_ZONDER_ACCOUNTS, crebo=CREBO), by=DECAAN)
    uitslag.then(
        a.AanmeldingOntvangen(nummer=1, brin=MBO_ZONDER_ACCOUNTS, crebo=CREBO, zonder_accounts=True),
        o.SignaalGegeven(signaal=TEGENSTRIJDIG, voor=Rol.DECAAN, oorzaak=oorzaak),
    )
    assert str(uitslag.overstap.status) == status


def test_where_a_person_decided_a_step_that_keeps_the_best_rank_is_no_conflict() -> None:
    gegeven = met_twee("gestart", "aangemeld").given(gewijzigd("gestart", "afgerond", 2, "sluit_af"))
    gegeven.when(v.PlanIntake(), by=ELDERS[Rol.MBO_INTAKER]).then(a.IntakeGepland(nummer=2))


def test_after_leerplicht_handed_back_the_status_follows_again() -> None:
    gegeven = overstap_in("leerplicht_afgehandeld")
    assert gegeven.overstap is not None
    uitslag = gegeven.when(zegt("voorlopig_geplaatst", 1), by=KOPPELING)
    assert soorten(uitslag.feiten) == [a.AanmeldingOntvangen, a.VoorlopigGeplaatst, o.StatusGewijzigd]
    assert uitslag.feiten[-1] == gewijzigd("leerplicht_afgehandeld", "geplaatst", gegeven.overstap.versie + 2)


def test_after_leerplicht_handed_back_an_ending_is_followed_too() -> None:
    gegeven = aanmelding_in("aangemeld").given(gewijzigd("aangemeld", "leerplicht_afgehandeld", 2, "herzie"))
    uitslag = gegeven.when(v.TrekIn(), by=INTAKER)
    assert uitslag.feiten[-1] == gewijzigd("leerplicht_afgehandeld", "nog_niet_aangemeld", 5)


@pytest.mark.parametrize("status", STATUSSEN_2)
def test_whether_a_status_follows_is_as_the_procedure_says(status: str) -> None:
    uitslag = overstap_in(status).when(zegt("gestart", 9, keten_id="99XX:00000009"), by=KOPPELING)
    volgt = status not in BESLIST
    assert (str(uitslag.overstap.status) == "gestart") is (volgt or status == "gestart")


def test_a_late_message_is_recorded_as_of_when_it_happened_and_moves_its_own_aanmelding() -> None:
    """A message of february, told in october, about the lesser aanmelding changes that one's line alone."""
    gegeven = met_twee("voorlopig_geplaatst", "aangemeld")
    toen = op("2026-02-10T10:00Z")
    laat = replace(zegt("intake_gepland", brin=ANDER_MBO, keten_id="99YY:1"), gebeurd_op=toen)
    uitslag = gegeven.when(laat, by=ELDERS[Rol.KOPPELING])
    assert uitslag.antwoord.gebeurd_op == toen  # type: ignore[union-attr]
    assert [x.sinds == toen for x in uitslag.overstap.aanmeldingen] == [False, True]
    assert str(uitslag.overstap.status) == "geplaatst"


def test_no_place_any_more_after_the_pupil_chose_to_stay_in_vo_is_a_conflict_for_the_decaan() -> None:
    gegeven = given(ontvangen(), a.VoorlopigGeplaatst(nummer=1), gewijzigd("nog_niet_aangemeld", "vervolgkeuze_vo", 3))
    uitslag = gegeven.when(v.WijsAf(grond="capaciteit"), by=INTAKER)
    assert soorten(uitslag.feiten) == [a.AanmeldingAfgewezen, o.SignaalGegeven]
