"""Chart 2: the reasons a step must give, the consultation with Leerplicht, and who acts in Leerplicht's place."""

from datetime import date

import pytest
from msgspec.structs import replace

from overstap.domain import verzoeken as v
from overstap.domain.feiten import Verzegeld
from overstap.domain.feiten import overstap as o
from overstap.domain.redenen import RedenAfsluiting, RedenUitschrijving, RedenVervolgkeuze, Uitkomst
from overstap.domain.rollen import Actor, Rol
from tests.statemachine.gegeven import ZEGEL, Gebeurd, Gegeven, given
from tests.statemachine.spelers import (
    DECAAN,
    GEMEENTE_ZONDER_ACCOUNTS,
    KADER,
    LEERPLICHT,
    REGIEBEHEERDER,
    VO_BEHEERDER,
    op,
)
from tests.statemachine.standen import gewijzigd, overstap_in

VERVOLGREDENEN = [
    *("mbo_buiten_regio", "doubleert", "andere_leerweg", "havo", "vavo", "particulier"),
    *("vrijstelling", "werk", "dagbesteding", "buitenland", "zorginstelling", "overig"),
]
UITKOMSTEN = ["terug_naar_vo", "naar_mbo", "vrijstelling", "verhuisd", "overgedragen_aan_doorstroompunt", "overig"]
AFSLUITREDENEN = ["start_niet_bevestigd", "overgedragen_aan_doorstroompunt", "uit_beeld"]
UITSCHRIJFREDENEN = ["verhuisd", "overleden", "foutief_opgevoerd"]


@pytest.mark.parametrize("reden", VERVOLGREDENEN)
def test_a_vervolgkeuze_has_a_reason_of_the_list(reden: str) -> None:
    verzoek = v.KiesVervolgVo(reden=reden, toelichting=ZEGEL)
    given().when(verzoek, by=DECAAN).then(
        o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze(reden), toelichting=ZEGEL),
        gewijzigd("nog_niet_aangemeld", "vervolgkeuze_vo", 2, "kies_vervolg_vo"),
    )


@pytest.mark.parametrize("reden", ["", "geen_zin", "HAVO"])
def test_a_vervolgkeuze_with_another_reason_is_refused_with_the_list(reden: str) -> None:
    weigering = given().when(v.KiesVervolgVo(reden=reden), by=DECAAN).refuses("reden_ongeldig", "vervolgreden_ongeldig")
    assert all(mag in weigering.wat_nodig for mag in VERVOLGREDENEN)


def test_an_mbo_outside_the_region_is_kept_with_its_brin() -> None:
    verzoek = v.KiesVervolgVo(reden="mbo_buiten_regio", brin="98ZZ")
    assert given().when(verzoek, by=DECAAN).feiten[0] == o.VervolgkeuzeVoGekozen(
        reden=RedenVervolgkeuze.MBO_BUITEN_REGIO, brin="98ZZ"
    )
    given().when(replace(verzoek, brin="98"), by=DECAAN).refuses("veld_ongeldig")


def test_all_that_is_wrong_is_told_at_once() -> None:
    te_vroeg = op("2026-03-01T12:00Z")
    weigering = given().when(v.KiesVervolgVo(reden="geen_zin"), by=DECAAN, at=te_vroeg).weigering
    assert [reden.voorwaarde for reden in weigering.redenen] == ["voor_de_vervolgkeuze", "vervolgreden_ongeldig"]
    assert weigering.code == "te_vroeg"


# Leerplicht: only after consultation.

OVERLEG = v.Overleg(contact=ZEGEL, overleg_datum=date(2026, 5, 12))
MIDDAG = op("2026-05-12T12:00Z")


def overlegd(datum: str) -> o.OverlegVastgelegd:
    return o.OverlegVastgelegd(overleg_datum=datum, contact=ZEGEL)


def test_leerplicht_is_not_called_in_without_consultation() -> None:
    weigering = given().when(v.SchakelLeerplichtIn(), by=DECAAN).refuses("overleg_ontbreekt", "overleg_ontbreekt")
    assert "overleg met Leerplicht" in weigering.wat_nodig


def test_a_consultation_told_with_the_call_is_recorded_with_it() -> None:
    given().when(v.SchakelLeerplichtIn(overleg=OVERLEG), by=DECAAN, at=MIDDAG).then(
        overlegd("2026-05-12"),
        o.LeerplichtIngeschakeld(overleg=2, overleg_datum="2026-05-12"),
        gewijzigd("nog_niet_aangemeld", "leerplicht_ingeschakeld", 3, "schakel_leerplicht_in"),
    )


def test_the_call_rests_on_the_latest_recorded_consultation() -> None:
    given(overlegd("2026-05-01"), overlegd("2026-05-04")).when(v.SchakelLeerplichtIn(), by=DECAAN, at=MIDDAG).then(
        o.LeerplichtIngeschakeld(overleg=3, overleg_datum="2026-05-04"),
        gewijzigd("nog_niet_aangemeld", "leerplicht_ingeschakeld", 4, "schakel_leerplicht_in"),
    )


def test_a_consultation_of_the_day_itself_counts_and_of_the_next_does_not() -> None:
    voor_middernacht = op("2026-05-11T23:59+02:00")
    verzoek = v.SchakelLeerplichtIn(overleg=OVERLEG)
    assert given().when(verzoek, by=DECAAN, at=op("2026-05-12T00:00+02:00")).feiten
    given().when(verzoek, by=DECAAN, at=voor_middernacht).refuses("overleg_in_toekomst", "overleg_in_toekomst")


def test_a_corrected_consultation_is_none() -> None:
    gegeven = given(overlegd("2026-05-01"), o.GebeurtenisHerzien(gebeurtenis=2, reden=ZEGEL))
    gegeven.when(v.SchakelLeerplichtIn(), by=DECAAN).refuses("overleg_ontbreekt")


AFGEHANDELD = Gebeurd(
    o.LeerplichtAfgehandeld(uitkomst=Uitkomst.TERUG_NAAR_VO, gemeente="0363"), LEERPLICHT, op("2026-05-20T22:30Z")
)
"""On 21 mei 2026 in Amsterdam."""


@pytest.mark.parametrize(
    ("datum", "code"), [("2026-05-20", "overleg_verouderd"), ("2026-05-21", "overleg_verouderd"), ("2026-05-22", None)]
)
def test_after_leerplicht_handed_back_a_new_consultation_of_a_later_day_is_needed(datum: str, code: str | None) -> None:
    naar_afgehandeld = gewijzigd("nog_niet_aangemeld", "leerplicht_afgehandeld", 2)
    nieuw_overleg = replace(OVERLEG, overleg_datum=date.fromisoformat(datum))
    uitslag = given(AFGEHANDELD, naar_afgehandeld).when(v.SchakelLeerplichtIn(overleg=nieuw_overleg), by=DECAAN)
    if code is None:
        assert str(uitslag.overstap.status) == "leerplicht_ingeschakeld"
    else:
        assert "21 mei 2026" in uitslag.refuses(code, "overleg_verouderd").wat_nodig


def test_a_region_that_asks_no_consultation_refuses_nothing_for_the_lack_of_one() -> None:
    kader = replace(KADER, regels=replace(KADER.regels, overleg_vereist=False))
    zonder = given().under(kader)
    zonder.when(v.SchakelLeerplichtIn(), by=DECAAN).then(
        o.LeerplichtIngeschakeld(),
        gewijzigd("nog_niet_aangemeld", "leerplicht_ingeschakeld", 2, "schakel_leerplicht_in"),
    )
    verouderd = given(overlegd("2026-05-01"), AFGEHANDELD).under(kader)
    assert verouderd.when(v.SchakelLeerplichtIn(), by=DECAAN).feiten[0] == o.LeerplichtIngeschakeld()


@pytest.mark.parametrize("uitkomst", UITKOMSTEN)
def test_leerplicht_hands_back_with_an_outcome_of_the_list(uitkomst: str) -> None:
    overstap_in("leerplicht_ingeschakeld").when(v.HandelLeerplichtAf(uitkomst=uitkomst), by=LEERPLICHT).then(
        o.LeerplichtAfgehandeld(uitkomst=Uitkomst(uitkomst), gemeente="0363"),
        gewijzigd("leerplicht_ingeschakeld", "leerplicht_afgehandeld", 5, "handel_leerplicht_af"),
    )


def test_leerplicht_gives_no_other_outcome() -> None:
    gegeven = overstap_in("leerplicht_ingeschakeld")
    gegeven.when(v.HandelLeerplichtAf(uitkomst="klaar"), by=LEERPLICHT).refuses("reden_ongeldig", "uitkomst_ongeldig")


def in_gemeente_zonder_accounts() -> Gegeven:
    ingeschakeld = o.PersoonsgegevensGewijzigd(gemeente=GEMEENTE_ZONDER_ACCOUNTS)
    return overstap_in("leerplicht_ingeschakeld").given(ingeschakeld)


def test_where_the_gemeente_has_no_accounts_the_regiebeheerder_hands_back_with_a_reason() -> None:
    gegeven = in_gemeente_zonder_accounts()
    verzoek = v.HandelLeerplichtAf(uitkomst="terug_naar_vo", reden=ZEGEL)
    afgehandeld = o.LeerplichtAfgehandeld(
        uitkomst=Uitkomst.TERUG_NAAR_VO,
        gemeente=GEMEENTE_ZONDER_ACCOUNTS,
        gemeente_zonder_accounts=True,
        reden=ZEGEL,
    )
    assert gegeven.when(verzoek, by=REGIEBEHEERDER).feiten[0] == afgehandeld
    zonder_reden = v.HandelLeerplichtAf(uitkomst="terug_naar_vo")
    gegeven.when(zonder_reden, by=REGIEBEHEERDER).refuses("reden_ontbreekt", "regiereden_ontbreekt")


def test_where_the_gemeente_has_accounts_the_regiebeheerder_leaves_it_to_leerplicht() -> None:
    verzoek = v.HandelLeerplichtAf(uitkomst="terug_naar_vo", reden=ZEGEL)
    weigering = overstap_in("leerplicht_ingeschakeld").when(verzoek, by=REGIEBEHEERDER).refuses("niet_bevoegd")
    assert weigering.wat_nodig == "Laat dit doen door: leerplichtambtenaar."


# Closing, leaving, reopening.


@pytest.mark.parametrize("reden", AFSLUITREDENEN)
def test_the_regiebeheerder_closes_with_a_reason_of_the_list(reden: str) -> None:
    given().when(v.SluitAfMetReden(reden=reden), by=REGIEBEHEERDER).then(
        o.OverstapAfgesloten(reden=RedenAfsluiting(reden)),
        gewijzigd("nog_niet_aangemeld", "afgerond", 2, "sluit_af_met_reden"),
    )
    given().when(v.SluitAfMetReden(reden="klaar"), by=REGIEBEHEERDER).refuses("reden_ongeldig", "afsluitreden_ongeldig")


@pytest.mark.parametrize("door", [DECAAN, VO_BEHEERDER, REGIEBEHEERDER], ids=["decaan", "vo_beheerder", "regie"])
@pytest.mark.parametrize("reden", [*UITSCHRIJFREDENEN, "overig", "geen_zin"])
def test_a_school_has_three_reasons_to_stop_following_a_pupil_and_the_regiebeheerder_one_more(
    door: Actor, reden: str
) -> None:
    uitslag = given().when(v.SchrijfUit(reden=reden, nieuwe_gemeente="0599"), by=door)
    if reden in UITSCHRIJFREDENEN or (reden == "overig" and door is REGIEBEHEERDER):
        uitslag.then(
            o.LeerlingUitgeschreven(reden=RedenUitschrijving(reden), nieuwe_gemeente="0599"),
            gewijzigd("nog_niet_aangemeld", "uitgeschreven", 2, "schrijf_uit"),
        )
    else:
        uitslag.refuses("reden_ongeldig", "uitschrijfreden_ongeldig")


def test_who_moves_goes_to_a_gemeente() -> None:
    given().when(v.SchrijfUit(reden="verhuisd"), by=DECAAN).refuses("veld_ontbreekt", "nieuwe_gemeente_ontbreekt")
    fout = v.SchrijfUit(reden="verhuisd", nieuwe_gemeente="Utrecht")
    given().when(fout, by=DECAAN).refuses("veld_ongeldig")
    assert given().when(v.SchrijfUit(reden="overleden"), by=DECAAN).feiten


def test_leerplicht_is_told_when_the_regiebeheerder_takes_a_pupil_out_of_its_hands() -> None:
    overstap_in("leerplicht_ingeschakeld").when(v.SchrijfUit(reden="overig"), by=REGIEBEHEERDER).then(
        o.LeerlingUitgeschreven(reden=RedenUitschrijving.OVERIG),
        gewijzigd("leerplicht_ingeschakeld", "uitgeschreven", 5, "schrijf_uit"),
        o.SignaalGegeven(signaal="uitgeschreven_bij_leerplicht", voor=Rol.LEERPLICHTAMBTENAAR, oorzaak=5),
    )


def test_a_closed_overstap_is_reopened_with_a_reason() -> None:
    gegeven = overstap_in("uitgeschreven")
    zonder = v.HeropenOverstap(reden=Verzegeld(""))
    gegeven.when(zonder, by=REGIEBEHEERDER).refuses("reden_ontbreekt", "heropenreden_ontbreekt")
    gegeven.when(v.HeropenOverstap(reden=ZEGEL), by=REGIEBEHEERDER).then(
        o.OverstapHeropend(reden=ZEGEL), gewijzigd("uitgeschreven", "nog_niet_aangemeld", 4, "heropen_overstap")
    )


def test_closing_can_be_repeated_without_closing_twice() -> None:
    overstap_in("afgerond").when(v.SluitAf(), by=replace(REGIEBEHEERDER, rol=Rol.SYSTEEM)).refuses("niet_toegestaan")
