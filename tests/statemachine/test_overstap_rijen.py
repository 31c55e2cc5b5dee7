"""Chart 2, row by row: who may take it from where, what comes of it, and everybody and everything that may not."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from overstap.domain import verzoeken as v
from overstap.domain.feiten import overstap as o
from overstap.domain.redenen import RedenVervolgkeuze
from overstap.domain.rollen import Actor, Rol
from overstap.statemachine.tabel import OVERSTAP
from tests.statemachine.gegeven import ZEGEL, Gegeven
from tests.statemachine.spelers import (
    ALLES_OPEN,
    ELDERS,
    KADER,
    SPELERS,
    op,
)
from tests.statemachine.standen import BIJ_STATUS, STATUSSEN_2, aanmelding_in, gewijzigd, overstap_in
from tests.statemachine.tafel import (
    BIJ_RANG,
    BIJ_RANG_STATUSSEN,
    KAART_2,
    VOLGT,
    Rij,
    mag_zien,
    stap_van,
    vanuit_stap,
)

VAN_AANMELDING = frozenset(BIJ_STATUS.values()) - {"nog_niet_aangemeld"}
"""The statuses in which the pupil of these tests has an aanmelding."""
OPEN = [
    pytest.param(rij, van, rol, id=f"{rol} may {naam} from {van}")
    for naam, rij in KAART_2.items()
    for van in rij.vanuit
    for rol in sorted(rij.door)
]
DICHT = [
    pytest.param(rij, van, rol, id=f"{rol} may not {naam} from {van}")
    for naam, rij in KAART_2.items()
    for van in STATUSSEN_2
    if van not in vanuit_stap(KAART_2, stap_van(naam))
    for rol in sorted(rij.door)
]
ROLLEN_VAN_STAP = {
    stap: frozenset().union(*(rij.door for naam, rij in KAART_2.items() if stap_van(naam) == stap))
    for stap in map(stap_van, KAART_2)
}
ANDERE_ROL = [
    pytest.param(rij, van, rol, id=f"{rol} may not {naam} from {van}")
    for naam, rij in KAART_2.items()
    for van in rij.vanuit[:2]
    for rol in Rol
    if rol not in ROLLEN_VAN_STAP[stap_van(naam)]
]
DOEL_ZONDER_AANMELDING = "nog_niet_aangemeld"


def test_the_chart_has_the_rows_of_the_procedure_and_no_other() -> None:
    rijen = {
        (van, stap_van(naam), doel)
        for naam, rij in KAART_2.items()
        for van in rij.vanuit
        for doel in (BIJ_RANG_STATUSSEN if rij.naar == BIJ_RANG else (rij.naar,))
    }
    volgen = {(van, "volg_aanmelding", naar) for van in VOLGT for naar in BIJ_RANG_STATUSSEN}
    correcties = {(van, "herzie", naar) for van in STATUSSEN_2 for naar in STATUSSEN_2}
    in_de_kaart = {(van, stap, rij.doel) for (van, stap), rijen_ in OVERSTAP.items() for rij in rijen_}
    assert in_de_kaart == rijen | volgen | correcties


@pytest.mark.parametrize(("rij", "van", "rol"), OPEN)
def test_a_role_of_the_row_may(rij: Rij, van: str, rol: Rol) -> None:
    uitslag = overstap_in(van).when(rij.verzoek, by=SPELERS[rol])
    naar = DOEL_ZONDER_AANMELDING if rij.naar == BIJ_RANG else rij.naar
    [feit] = [feit for feit in uitslag.feiten if type(feit) is rij.feit]
    voor = uitslag.gegeven.overstap
    assert voor is not None
    oorzaak = voor.versie + 1 + uitslag.feiten.index(feit)
    assert gewijzigd(van, naar, oorzaak, v.naam_van_verzoek(rij.verzoek)) in uitslag.feiten
    assert str(uitslag.overstap.status) == naar


@pytest.mark.parametrize(("rij", "van", "rol"), DICHT)
def test_nobody_may_from_a_status_that_has_no_such_row(rij: Rij, van: str, rol: Rol) -> None:
    heeft_aanmelding = van in VAN_AANMELDING
    code = "niet_toegestaan" if mag_zien(rol, van, heeft_aanmelding=heeft_aanmelding) else "onbekende_leerling"
    overstap_in(van).when(rij.verzoek, by=SPELERS[rol]).refuses(code)


@pytest.mark.parametrize(("rij", "van", "rol"), ANDERE_ROL)
def test_no_other_role_may(rij: Rij, van: str, rol: Rol) -> None:
    heeft_aanmelding = van in VAN_AANMELDING
    code = "niet_bevoegd" if mag_zien(rol, van, heeft_aanmelding=heeft_aanmelding) else "onbekende_leerling"
    overstap_in(van).when(rij.verzoek, by=SPELERS[rol]).refuses(code)


@pytest.mark.parametrize("naam", KAART_2)
@pytest.mark.parametrize("rol", ELDERS)
def test_the_same_role_elsewhere_knows_no_such_pupil(naam: str, rol: Rol) -> None:
    rij = KAART_2[naam]
    overstap_in(rij.vanuit[0]).when(rij.verzoek, by=ELDERS[rol]).refuses("onbekende_leerling")


@pytest.mark.parametrize("rol", [Rol.DECAAN, Rol.VO_BEHEERDER])
def test_a_school_may_not_stop_following_a_pupil_whom_leerplicht_has(rol: Rol) -> None:
    verzoek = v.SchrijfUit(reden="verhuisd", nieuwe_gemeente="0599")
    overstap_in("leerplicht_ingeschakeld").when(verzoek, by=SPELERS[rol]).refuses(
        "niet_bevoegd", "leerplicht_is_aan_zet"
    )


@pytest.mark.parametrize("naam", [naam for naam, rij in KAART_2.items() if rij.naar == BIJ_RANG])
@pytest.mark.parametrize("aanmelding", BIJ_STATUS)
def test_what_leads_back_leads_to_the_status_of_the_best_aanmelding(naam: str, aanmelding: str) -> None:
    rij = KAART_2[naam]
    [rol] = rij.door
    van = rij.vanuit[0]
    gegeven = aanmelding_in(aanmelding)
    overstap = gegeven.overstap
    assert overstap is not None
    beslist = gegeven.given(gewijzigd(overstap.status, van, overstap.versie, "herzie"))
    assert str(beslist.when(rij.verzoek, by=SPELERS[rol]).overstap.status) == BIJ_STATUS[aanmelding]


# The calendar: on the day itself in Amsterdam, not a moment before, and judged on when it happened.

MET_DATUM = {naam: rij for naam, rij in KAART_2.items() if rij.vanaf}
ZONDER_DATUM = [naam for naam in KAART_2 if naam not in MET_DATUM]


def middernacht(rij: Rij) -> datetime:
    assert rij.vanaf is not None
    return op(f"{rij.vanaf}T00:00+02:00")


def begin(rij: Rij) -> tuple[Gegeven, Actor]:
    return overstap_in(rij.vanuit[0]), SPELERS[min(rij.door)]


@pytest.mark.parametrize("naam", MET_DATUM)
def test_a_step_with_a_date_opens_at_midnight_in_amsterdam(naam: str) -> None:
    rij = KAART_2[naam]
    gegeven, door = begin(rij)
    assert gegeven.when(rij.verzoek, by=door, at=middernacht(rij)).feiten
    weigering = gegeven.when(rij.verzoek, by=door, at=middernacht(rij) - timedelta(microseconds=1)).refuses("te_vroeg")
    assert "kan vanaf" in weigering.wat_nodig


@pytest.mark.parametrize("naam", MET_DATUM)
def test_a_step_with_a_date_is_judged_on_the_day_it_happened_not_on_which_it_was_told(naam: str) -> None:
    rij = KAART_2[naam]
    gegeven, door = begin(rij)
    net_voor = replace(rij.verzoek, gebeurd_op=middernacht(rij) - timedelta(microseconds=1))
    gegeven.when(net_voor, by=door, at=ALLES_OPEN).refuses("te_vroeg")
    net_na = gegeven.when(replace(rij.verzoek, gebeurd_op=middernacht(rij)), by=door, at=ALLES_OPEN)
    assert net_na.overstap.sinds == middernacht(rij)


@pytest.mark.parametrize("naam", ZONDER_DATUM)
def test_a_step_without_a_date_may_on_any_day(naam: str) -> None:
    rij = KAART_2[naam]
    gegeven, door = begin(rij)
    verzoek = rij.verzoek
    if isinstance(verzoek, v.SchakelLeerplichtIn):
        verzoek = replace(verzoek, overleg=v.Overleg(contact=ZEGEL, overleg_datum=op("2025-10-01T12:00Z").date()))
    assert gegeven.when(verzoek, by=door, at=op("2025-10-02T12:00Z")).feiten


def test_a_region_may_open_the_vervolgkeuze_on_another_day() -> None:
    kalender = replace(KADER.regels.kalender, vervolgkeuze_vanaf=op("2026-05-01T12:00Z").date())
    kader = replace(KADER, regels=replace(KADER.regels, kalender=kalender))
    gegeven = overstap_in("aangemeld").under(kader)
    verzoek, decaan = v.KiesVervolgVo(reden="havo"), SPELERS[Rol.DECAAN]
    gegeven.when(verzoek, by=decaan, at=op("2026-04-30T23:59+02:00")).refuses("te_vroeg", "voor_de_vervolgkeuze")
    assert gegeven.when(verzoek, by=decaan, at=op("2026-05-01T00:00+02:00")).feiten


# Who else a region lets in.


def test_a_region_may_open_a_step_to_another_role() -> None:
    regels = replace(KADER.regels, open_voor={"kies_vervolg_vo": ("decaan", "vo_beheerder")})
    gegeven = overstap_in("intake").under(replace(KADER, regels=regels))
    verzoek = v.KiesVervolgVo(reden="havo")
    assert gegeven.when(verzoek, by=SPELERS[Rol.VO_BEHEERDER]).feiten[0] == (
        o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.HAVO)
    )
    gegeven.when(verzoek, by=SPELERS[Rol.MENTOR]).refuses("niet_bevoegd")


def test_a_region_may_close_a_step_to_a_role() -> None:
    regels = replace(KADER.regels, open_voor={"schrijf_uit": ("vo_beheerder",)})
    gegeven = overstap_in("intake").under(replace(KADER, regels=regels))
    gegeven.when(v.SchrijfUit(reden="overleden"), by=SPELERS[Rol.DECAAN]).refuses("niet_bevoegd")
    assert gegeven.when(v.SchrijfUit(reden="overleden"), by=SPELERS[Rol.VO_BEHEERDER]).feiten


@pytest.mark.parametrize("stap", ["schakel_leerplicht_in", "sluit_af"])
def test_no_region_lets_another_role_call_in_leerplicht_or_do_the_system_s_work(stap: str) -> None:
    regels = replace(KADER.regels, open_voor={stap: ("mentor", "vo_beheerder")})
    rij = KAART_2[stap]
    gegeven = overstap_in(rij.vanuit[-1]).under(replace(KADER, regels=regels))
    gegeven.when(rij.verzoek, by=SPELERS[Rol.VO_BEHEERDER]).refuses("niet_bevoegd")
    assert gegeven.when(rij.verzoek, by=SPELERS[min(rij.door)]).feiten
