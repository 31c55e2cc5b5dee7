"""What may be asked about a person who was erased, and by whom he may be."""

import pytest
from msgspec.structs import replace

from overstap.domain import verzoeken as v
from overstap.domain.feiten import overstap as o
from overstap.domain.rollen import Rol
from overstap.domain.statussen import OverstapStatus
from overstap.domain.verzoeken_wissen import WisPersoon
from overstap.domain.weigering import Weigering
from overstap.statemachine.kader import Besluit
from overstap.statemachine.mogelijkheden import mogelijkheden
from overstap.statemachine.wissen import decide_wissen
from tests.statemachine.gegeven import given
from tests.statemachine.spelers import ALLES_OPEN, ANDERE_SCHOOL, DECAAN, KADER, SPELERS, speler
from tests.statemachine.standen import overstap_in

GEWIST = o.OverstapGewist(aanleiding="verzoek", reden="brief 12")
WIS = WisPersoon(aanleiding="verzoek", reden="brief 12")


@pytest.mark.parametrize("rol", Rol)
def test_the_regiebeheerder_and_the_system_erase(rol: Rol) -> None:
    antwoord = decide_wissen(given().overstap, WIS, SPELERS[rol], ALLES_OPEN)
    if rol in {Rol.REGIEBEHEERDER, Rol.SYSTEEM}:
        assert antwoord == Besluit(feiten=(GEWIST,), gebeurd_op=ALLES_OPEN)
    else:
        assert isinstance(antwoord, Weigering)
        assert antwoord.code == "niet_bevoegd"


def test_who_was_erased_is_not_erased_again() -> None:
    assert decide_wissen(given(GEWIST).overstap, WIS, SPELERS[Rol.REGIEBEHEERDER], ALLES_OPEN) == Besluit(
        feiten=(), gebeurd_op=ALLES_OPEN
    )


def test_nobody_is_erased_of_another_region() -> None:
    antwoord = decide_wissen(given().overstap, WIS, replace(SPELERS[Rol.REGIEBEHEERDER], regio="22"), ALLES_OPEN)
    assert isinstance(antwoord, Weigering)
    assert antwoord.code == "onbekende_leerling"


def test_of_who_was_erased_nothing_more_is_recorded() -> None:
    given(GEWIST).when(v.WijzigPersoonsgegevens(klas="4C"), by=DECAAN, at=ALLES_OPEN).refuses("gewist")


def test_who_could_not_see_him_is_not_told_that_he_was_erased() -> None:
    vreemd = speler(Rol.DECAAN, ANDERE_SCHOOL)
    given(GEWIST).when(v.WijzigPersoonsgegevens(klas="4C"), by=vreemd, at=ALLES_OPEN).refuses("onbekende_leerling")


def test_a_transfer_that_was_offered_ends_with_the_erasure() -> None:
    overstap = given(o.OverdrachtAangeboden(naar=ANDERE_SCHOOL), GEWIST).overstap
    assert overstap is not None
    assert (overstap.is_gewist, overstap.overdracht_naar) == (True, None)


def test_his_overstap_closes_with_its_year() -> None:
    gegeven = overstap_in("gestart").given(GEWIST)
    uitslag = gegeven.when(v.SluitAf(), by=SPELERS[Rol.SYSTEEM], at=ALLES_OPEN)
    assert uitslag.overstap.status is OverstapStatus.AFGEROND
    assert uitslag.overstap.is_gewist


@pytest.mark.parametrize("rol", [Rol.DECAAN, Rol.REGIEBEHEERDER, Rol.MBO_INTAKER])
def test_no_step_is_said_to_be_open(rol: Rol) -> None:
    overstap = overstap_in("geplaatst").given(GEWIST).overstap
    assert overstap is not None
    stappen = mogelijkheden(overstap, SPELERS[rol], ALLES_OPEN, KADER)
    assert stappen
    assert all(een.weigering is not None for een in stappen)
