"""A correction and what came later: what rests on the corrected step comes first, what another role decided stands."""

from datetime import date

import pytest

from overstap.domain import verzoeken as v
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.redenen import RedenVervolgkeuze
from overstap.domain.rollen import Actor, Rol
from overstap.domain.statussen import OverstapStatus
from tests.statemachine.berichten import soorten, zegt
from tests.statemachine.gegeven import ZEGEL, Gebeurd, Gegeven, given
from tests.statemachine.herzieningen import herzie, herzien
from tests.statemachine.spelers import DECAAN, ELDERS, INTAKER, KOPPELING, LEERPLICHT, REGIEBEHEERDER
from tests.statemachine.standen import aanmelding_in, gewijzigd, ontvangen, overstap_in


def test_a_later_decision_of_another_role_stands() -> None:
    gegeven = overstap_in("leerplicht_afgehandeld")
    uitslag = gegeven.when(herzie(3), by=DECAAN)
    uitslag.then(herzien(3))
    assert uitslag.overstap.status is OverstapStatus.LEERPLICHT_AFGEHANDELD


def test_a_later_step_of_another_role_on_the_same_aanmelding_stands() -> None:
    gegeven = aanmelding_in("definitief_geplaatst").when(zegt("gestart", 5), by=KOPPELING).daarna
    uitslag = gegeven.when(herzie(3), by=INTAKER)
    uitslag.then(herzien(3))
    assert str(uitslag.overstap.aanmeldingen[0].status) == "gestart"


@pytest.mark.parametrize("door", [INTAKER, REGIEBEHEERDER], ids=["intaker", "regiebeheerder"])
def test_a_later_step_of_the_same_role_that_rests_on_it_comes_first(door: Actor) -> None:
    gegeven = aanmelding_in("gestart")
    weigering = gegeven.when(herzie(3), by=door).refuses("samenhang")
    assert weigering.wat_nodig == "Herzie eerst gebeurtenis 4."
    eerst = gegeven.when(herzie(4), by=door).daarna
    assert str(eerst.when(herzie(3), by=door).overstap.aanmeldingen[0].status) == "aangemeld"


def test_a_later_step_of_the_same_role_that_may_without_it_stays() -> None:
    gegeven = given(ontvangen(), a.IntakeGepland(nummer=1), a.VoorlopigGeplaatst(nummer=1))
    gegeven = gegeven.given(gewijzigd("nog_niet_aangemeld", "geplaatst", 4))
    gegeven.when(herzie(3), by=INTAKER).then(herzien(3))


def test_a_later_step_of_the_same_role_at_another_mbo_does_not_rest_on_it() -> None:
    elders = ELDERS[Rol.MBO_INTAKER]
    gegeven = given(
        ontvangen(),
        Gebeurd(ontvangen("99YY", None, nummer=2), elders),
        a.AanmeldingIngetrokken(nummer=1),
        Gebeurd(a.IntakeGepland(nummer=2), elders),
        gewijzigd("nog_niet_aangemeld", "intake", 5),
    )
    assert gegeven.when(herzie(4), by=INTAKER).feiten[0] == herzien(4)


def test_a_consultation_is_not_corrected_while_a_call_rests_on_it() -> None:
    gegeven = overstap_in("leerplicht_afgehandeld")
    for door in (DECAAN, REGIEBEHEERDER):
        assert gegeven.when(herzie(2), by=door).refuses("samenhang").wat_nodig == "Herzie eerst gebeurtenis 3."
    zonder_inschakeling = gegeven.when(herzie(3), by=DECAAN).daarna
    assert zonder_inschakeling.when(herzie(2), by=DECAAN).feiten == (herzien(2),)


def test_a_consultation_nothing_rests_on_may_go() -> None:
    gegeven = (
        given(
            o.OverlegVastgelegd(overleg_datum="2026-05-01", contact=ZEGEL),
            o.OverlegVastgelegd(overleg_datum="2026-05-02", contact=ZEGEL),
        )
        .when(v.SchakelLeerplichtIn(), by=DECAAN)
        .daarna
    )
    gegeven.when(herzie(3), by=DECAAN).refuses("samenhang")
    gegeven.when(herzie(2), by=DECAAN).then(herzien(2))


def test_a_step_that_another_correction_left_hanging_blocks_nothing() -> None:
    """Leerplicht corrected its handing back after the decaan resumed: resuming stands, and rests on nothing else."""
    gegeven = (
        given(o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.HAVO))
        .given(gewijzigd("nog_niet_aangemeld", "vervolgkeuze_vo", 2, "kies_vervolg_vo"))
        .when(v.TrekVervolgkeuzeIn(), by=DECAAN)
        .daarna.when(v.SchakelLeerplichtIn(overleg=v.Overleg(contact=ZEGEL, overleg_datum=date(2026, 9, 2))), by=DECAAN)
        .daarna.when(v.HandelLeerplichtAf(uitkomst="naar_mbo"), by=LEERPLICHT)
        .daarna
    )
    assert gegeven.overstap is not None
    afhandeling = gegeven.overstap.stappen[-1].nummer
    hervat = gegeven.when(v.Hervat(), by=DECAAN).daarna
    teruggenomen = hervat.when(herzie(afhandeling), by=LEERPLICHT).daarna
    assert teruggenomen.when(herzie(4), by=DECAAN).feiten[0] == herzien(4)


def met_leerplicht_afgehandeld(status: str) -> Gegeven:
    """Give a pupil with one aanmelding whom Leerplicht handed back, with a consultation recorded after that."""
    overleg = v.Overleg(contact=ZEGEL, overleg_datum=date(2026, 9, 2))
    ingeschakeld = aanmelding_in(status).when(v.SchakelLeerplichtIn(overleg=overleg), by=DECAAN).daarna
    afgehandeld = ingeschakeld.when(v.HandelLeerplichtAf(uitkomst="naar_mbo"), by=LEERPLICHT).daarna
    return afgehandeld.when(v.LegOverlegVast(contact=ZEGEL, overleg_datum=date(2026, 9, 3)), by=DECAAN).daarna


def laatste(gegeven: Gegeven) -> int:
    assert gegeven.overstap is not None
    return gegeven.overstap.stappen[-1].nummer


def test_a_step_that_kept_the_best_rank_moves_nobody_when_all_is_recomputed() -> None:
    gegeven = met_leerplicht_afgehandeld("aangemeld")
    overleg = laatste(gegeven)
    daarna = gegeven.when(v.WijzigAanmelding(crebo="25648"), by=INTAKER).daarna
    daarna.when(herzie(overleg), by=DECAAN).then(herzien(overleg))


def test_a_message_that_passes_through_a_live_status_to_another_end_moves_nobody() -> None:
    gegeven = met_leerplicht_afgehandeld("afgewezen")
    overleg = laatste(gegeven)
    uitslag = gegeven.when(zegt("ingetrokken", 5), by=KOPPELING)
    assert soorten(uitslag.feiten) == [a.AanmeldingHeropend, a.AanmeldingIngetrokken]
    uitslag.daarna.when(herzie(overleg), by=DECAAN).then(herzien(overleg))
