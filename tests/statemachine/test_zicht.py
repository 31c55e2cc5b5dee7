"""Which pupils exist for whom: a class, a school, an MBO with an aanmelding, Leerplicht in its time, the region."""

from datetime import date

import pytest
from msgspec.structs import replace

from overstap.domain import verzoeken as v
from overstap.domain.feiten import overstap as o
from overstap.domain.kalender import maanden_later
from overstap.domain.rollen import Actor, Rol
from overstap.statemachine.zicht import organisatie_ziet, ziet
from tests.statemachine.gegeven import Gegeven, given
from tests.statemachine.herzieningen import herzie
from tests.statemachine.spelers import (
    ALLES_OPEN,
    ELDERS,
    KADER,
    LEERPLICHT,
    REGIEBEHEERDER,
    SPELERS,
    op,
    speler,
)
from tests.statemachine.standen import STATUSSEN_2, ontvangen, overstap_in
from tests.statemachine.tafel import mag_zien


def ziet_nu(gegeven: Gegeven, actor: Actor, nu: str | None = None) -> bool:
    assert gegeven.overstap is not None
    return ziet(actor, gegeven.overstap, op(nu) if nu else ALLES_OPEN, KADER)


@pytest.mark.parametrize("rol", Rol)
@pytest.mark.parametrize("status", STATUSSEN_2)
def test_whom_a_role_sees_depends_on_school_aanmelding_and_leerplicht(rol: Rol, status: str) -> None:
    gegeven = overstap_in(status)
    assert gegeven.overstap is not None
    heeft_aanmelding = bool(gegeven.overstap.aanmeldingen)
    assert ziet_nu(gegeven, SPELERS[rol]) is mag_zien(rol, status, heeft_aanmelding=heeft_aanmelding)
    met_nog_een = gegeven.given(ontvangen(nummer=2))
    assert ziet_nu(met_nog_een, SPELERS[rol]) is mag_zien(rol, status, heeft_aanmelding=True)


@pytest.mark.parametrize("rol", ELDERS)
@pytest.mark.parametrize("status", STATUSSEN_2)
def test_the_same_role_elsewhere_sees_nobody(rol: Rol, status: str) -> None:
    assert not ziet_nu(overstap_in(status), ELDERS[rol])


@pytest.mark.parametrize(
    ("actor", "wel"),
    [
        (speler(Rol.MENTOR, "99AA", vestiging="01", klas="4B"), True),
        (speler(Rol.MENTOR, "99AA", vestiging="01", klas="4C"), False),
        (speler(Rol.MENTOR, "99AA", vestiging="02", klas="4B"), False),
        (speler(Rol.MENTOR, "99AA", klas="4B"), True),
        (speler(Rol.MENTOR, "99AA"), False),
        (speler(Rol.DECAAN, "99AA", vestiging="01"), True),
        (speler(Rol.DECAAN, "99AA", vestiging="02"), False),
        (speler(Rol.DECAAN, "99AA"), True),
        (speler(Rol.VO_BEHEERDER, "99AA", vestiging="02"), True),
        (speler(Rol.VO_BEHEERDER, "99AA01"), True),
    ],
)
def test_within_a_school_class_and_vestiging_narrow_the_sight(actor: Actor, *, wel: bool) -> None:
    assert ziet_nu(given(), actor) is wel


def test_a_pupil_who_moved_to_another_class_is_no_longer_his_old_mentor_s() -> None:
    verhuisd = given(o.PersoonsgegevensGewijzigd(klas="4C"))
    assert not ziet_nu(verhuisd, SPELERS[Rol.MENTOR])
    assert ziet_nu(verhuisd, SPELERS[Rol.DECAAN])


def test_an_mbo_keeps_sight_of_a_pupil_whose_aanmelding_ended() -> None:
    beeindigd = given(ontvangen()).when(v.TrekIn(), by=SPELERS[Rol.MBO_INTAKER]).daarna
    assert ziet_nu(beeindigd, SPELERS[Rol.MBO_INTAKER])


def test_a_school_of_another_samenwerkingsverband_or_none_is_not_seen() -> None:
    zonder = replace(KADER, organisaties={})
    overstap = given().overstap
    assert overstap is not None
    assert not ziet(SPELERS[Rol.SAMENWERKINGSVERBAND], overstap, ALLES_OPEN, zonder)


@pytest.mark.parametrize("rol", Rol)
def test_nobody_looks_into_another_region(rol: Rol) -> None:
    for status in STATUSSEN_2:
        assert not ziet_nu(overstap_in(status).given(ontvangen()), replace(SPELERS[rol], regio="22"))


# Leerplicht: from inschakeling until three months after afhandeling.


@pytest.mark.parametrize(
    ("nu", "wel"),
    [
        ("2026-09-01T12:00+02:00", True),
        ("2026-12-01T23:59:59+01:00", True),
        ("2026-12-02T00:00+01:00", False),
        ("2027-09-01T12:00+02:00", False),
    ],
)
def test_leerplicht_keeps_sight_for_three_months_after_handing_back(nu: str, *, wel: bool) -> None:
    assert ziet_nu(overstap_in("leerplicht_afgehandeld"), LEERPLICHT, nu) is wel


def test_while_leerplicht_has_the_pupil_it_sees_him_however_long() -> None:
    assert ziet_nu(overstap_in("leerplicht_ingeschakeld"), LEERPLICHT, "2028-01-01T12:00Z")


def test_leerplicht_loses_sight_at_once_of_a_pupil_who_was_called_in_by_mistake() -> None:
    assert not ziet_nu(overstap_in("leerplicht_ingeschakeld").when(herzie(3), by=REGIEBEHEERDER).daarna, LEERPLICHT)


def test_leerplicht_sees_whom_the_regiebeheerder_took_out_of_its_hands_and_the_signal_is_about() -> None:
    uitgeschreven = overstap_in("leerplicht_ingeschakeld").when(v.SchrijfUit(reden="overig"), by=REGIEBEHEERDER).daarna
    assert ziet_nu(uitgeschreven, LEERPLICHT, "2026-12-31T12:00Z")
    assert ziet_nu(uitgeschreven, LEERPLICHT, "2027-01-05T12:00Z")
    assert not ziet_nu(uitgeschreven, LEERPLICHT, "2027-01-06T12:00Z")


def test_leerplicht_does_not_see_a_pupil_who_left_without_it() -> None:
    assert not ziet_nu(overstap_in("uitgeschreven"), LEERPLICHT)


def test_when_the_pupil_moves_the_other_gemeente_sees_him() -> None:
    verhuisd = overstap_in("leerplicht_ingeschakeld").given(o.PersoonsgegevensGewijzigd(gemeente="0599"))
    assert not ziet_nu(verhuisd, LEERPLICHT)
    assert ziet_nu(verhuisd, ELDERS[Rol.LEERPLICHTAMBTENAAR])


@pytest.mark.parametrize(
    ("dag", "maanden", "later"),
    [
        (date(2026, 9, 1), 3, date(2026, 12, 1)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 5, 15), 12, date(2027, 5, 15)),
    ],
)
def test_some_months_later_is_the_same_day_or_the_last_of_a_shorter_month(dag: date, maanden: int, later: date) -> None:
    assert maanden_later(dag, maanden) == later


@pytest.mark.parametrize(
    ("code", "wel"),
    [
        ("99AA", True),
        ("99AA01", True),
        ("99XX", True),
        ("0363", False),
        ("99BB", False),
        ("SWV2101", False),
        ("", False),
    ],
)
def test_an_organisation_may_see_a_pupil_of_its_school_or_with_an_aanmelding(code: str, *, wel: bool) -> None:
    overstap = given(ontvangen()).overstap
    assert overstap is not None
    assert organisatie_ziet(code, overstap, ALLES_OPEN) is wel


def test_a_corrected_handing_back_leaves_the_pupil_with_leerplicht() -> None:
    hersteld = overstap_in("leerplicht_afgehandeld").when(herzie(5), by=LEERPLICHT).daarna
    assert ziet_nu(hersteld, LEERPLICHT, "2027-09-01T12:00Z")
