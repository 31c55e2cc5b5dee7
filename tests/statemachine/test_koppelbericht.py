"""A koppeling's message names a status: the row that leads there, else the shortest chain, else only a signal."""

from collections.abc import Container
from math import inf

import pytest
from hypothesis import given as voor_elk
from hypothesis import strategies as st
from msgspec.structs import replace

from overstap.domain import verzoeken as v
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.redenen import Grond
from overstap.domain.rollen import Rol
from overstap.domain.statussen import AanmeldingStatus
from overstap.statemachine.koppelbericht import kortste_weg
from tests.statemachine.berichten import CODES, bericht_van, signaal, soorten, zegt
from tests.statemachine.gegeven import ZEGEL, given
from tests.statemachine.spelers import KADER, KOPPELING, MBO, SPELERS
from tests.statemachine.standen import BIJ_STATUS, CREBO, KETEN_ID, STATUSSEN_1, aanmelding_in, gewijzigd
from tests.statemachine.tafel import BEEINDIGD, KAART_1, stap_van

# Which chain.

STAPPEN = frozenset(map(stap_van, KAART_1)) - {"wijzig_aanmelding"}


def afstanden(stappen: Container[str]) -> dict[tuple[str, str], float]:
    """Work out all distances by another way than the code: let each status that is no end come between, in turn."""
    rijen = {(van, rij.naar) for naam, rij in KAART_1.items() if stap_van(naam) in stappen for van in rij.vanuit}
    afstand = {(van, naar): float(van != naar) if van == naar or (van, naar) in rijen else inf for van, naar in PAREN}
    for tussen in STATUSSEN_1:
        if tussen not in BEEINDIGD:
            for van, naar in PAREN:
                afstand[van, naar] = min(afstand[van, naar], afstand[van, tussen] + afstand[tussen, naar])
    return afstand


PAREN = [(van, naar) for van in STATUSSEN_1 for naar in STATUSSEN_1]
AFSTAND = afstanden(STAPPEN)


@pytest.mark.parametrize(("van", "naar"), PAREN)
def test_a_message_takes_the_shortest_chain_of_rows(van: str, naar: str) -> None:
    weg = kortste_weg(AanmeldingStatus(van), AanmeldingStatus(naar))
    assert (inf if weg is None else len(weg)) == AFSTAND[van, naar]
    stand = van
    for stap, doel in weg or ():
        rijen = {(rij.vanuit, rij.naar) for naam, rij in KAART_1.items() if stap_van(naam) == stap}
        assert any(stand in vanuit and naar_ == doel for vanuit, naar_ in rijen)
        stand = str(doel)
    assert stand == (naar if weg else van)


@voor_elk(st.frozensets(st.sampled_from(sorted(STAPPEN)), min_size=4))
def test_of_the_rows_a_region_leaves_open_a_message_takes_the_shortest_chain(stappen: frozenset[str]) -> None:
    afstand = afstanden(stappen)
    wegen = {(van, naar): kortste_weg(AanmeldingStatus(van), AanmeldingStatus(naar), stappen) for van, naar in PAREN}
    assert {paar: inf if weg is None else len(weg) for paar, weg in wegen.items()} == afstand
    assert {stap for weg in wegen.values() for stap, _ in weg or ()} <= stappen


@pytest.mark.parametrize(
    ("van", "naar"),
    [
        ("gestart", "aangemeld"),
        ("gestart", "voorlopig_geplaatst"),
        ("definitief_geplaatst", "intake_gepland"),
        ("voorlopig_geplaatst", "wachtlijst"),
        ("gestart", "afgewezen"),
    ],
)
def test_no_chain_passes_through_an_end_that_nobody_reported(van: str, naar: str) -> None:
    assert kortste_weg(AanmeldingStatus(van), AanmeldingStatus(naar)) is None


@pytest.mark.parametrize("naar", STATUSSEN_1)
def test_a_first_message_may_name_any_status(naar: str) -> None:
    uitslag = given().when(zegt(naar, 1), by=KOPPELING)
    [aanmelding] = uitslag.overstap.aanmeldingen
    assert (str(aanmelding.status), aanmelding.volgnummer, aanmelding.keten_id) == (naar, 1, KETEN_ID)
    assert str(uitslag.overstap.status) == BIJ_STATUS[naar]


def test_a_first_message_may_be_enrolled_one_fact_a_row_and_the_pupil_follows_once() -> None:
    verzoek = zegt("gestart", 1, aanbieder="101A620", startdatum="2026-08-24")
    bericht = bericht_van(verzoek)
    given().when(verzoek, by=KOPPELING).then(
        a.AanmeldingOntvangen(
            nummer=1,
            bericht=bericht,
            brin=MBO,
            crebo=CREBO,
            keten_id=KETEN_ID,
            aanbieder="101A620",
            startdatum="2026-08-24",
        ),
        a.DefinitiefGeplaatst(nummer=1, bericht=bericht),
        a.StartBevestigd(nummer=1, bericht=bericht),
        gewijzigd("nog_niet_aangemeld", "gestart", 4),
    )


@pytest.mark.parametrize(("van", "naar"), [paar for paar in PAREN if AFSTAND[paar] == inf])
def test_where_no_chain_leads_the_message_is_kept_and_signalled_and_nothing_else_changes(van: str, naar: str) -> None:
    gegeven = aanmelding_in(van)
    voor = gegeven.overstap
    assert voor is not None
    verzoek = zegt(naar)
    uitslag = gegeven.when(verzoek, by=KOPPELING)
    uitslag.then(
        a.KoppelberichtNietToegepast(
            bericht=bericht_van(verzoek), nummer=1, reden="geen_weg", status=AanmeldingStatus(naar)
        ),
        signaal("koppelbericht_niet_toegepast", voor.versie + 1),
    )
    assert (uitslag.overstap.aanmeldingen, uitslag.overstap.status) == (voor.aanmeldingen, voor.status)


def test_a_region_may_close_a_row_to_the_koppeling() -> None:
    regels = replace(KADER.regels, open_voor={"plaats_definitief": ("mbo_intaker",)})
    gegeven = aanmelding_in("intake_gepland").under(replace(KADER, regels=regels))
    assert soorten(gegeven.when(zegt("definitief_geplaatst"), by=KOPPELING).feiten) == [
        a.KoppelberichtNietToegepast,
        o.SignaalGegeven,
    ]
    open_ = [a.VoorlopigGeplaatst, o.StatusGewijzigd]
    assert soorten(gegeven.when(zegt("voorlopig_geplaatst"), by=KOPPELING).feiten) == open_


# What a message says besides.


@pytest.mark.parametrize(
    ("grond", "vastgelegd"), [(None, "niet_meegedeeld"), ("te_laat", "te_laat"), ("iets_anders", "niet_meegedeeld")]
)
def test_a_koppeling_that_gives_no_ground_is_recorded_as_not_telling(grond: str | None, vastgelegd: str) -> None:
    feit = aanmelding_in("aangemeld").when(zegt("afgewezen", grond=grond), by=KOPPELING).feiten[0]
    assert feit == a.AanmeldingAfgewezen(nummer=1, bericht=bericht_van(zegt("afgewezen")), grond=Grond(vastgelegd))


def test_a_message_that_says_the_same_is_recorded_as_seen() -> None:
    verzoek = zegt("aangemeld")
    gegeven = aanmelding_in("aangemeld")
    daarna = gegeven.when(verzoek, by=KOPPELING).then(a.KoppelberichtVastgelegd(nummer=1, bericht=bericht_van(verzoek)))
    assert daarna.overstap is not None
    assert daarna.overstap.aanmeldingen[0].volgnummer == 2


def test_a_message_may_change_opleiding_date_and_leertraject_of_the_same_aanmelding() -> None:
    verzoek = replace(zegt("aangemeld", crebo="25648", startdatum="2026-09-01"), leertraject="BBL")
    aanmelding_in("aangemeld").when(verzoek, by=KOPPELING).then(
        a.AanmeldingGewijzigd(
            nummer=1, bericht=bericht_van(verzoek), crebo="25648", startdatum="2026-09-01", leertraject="BBL"
        )
    )


def test_the_pupil_s_status_is_caused_by_the_step_and_not_by_a_change_told_with_it() -> None:
    verzoek = zegt("voorlopig_geplaatst", crebo="25648")
    bericht = bericht_van(verzoek)
    aanmelding_in("aangemeld").when(verzoek, by=KOPPELING).then(
        a.VoorlopigGeplaatst(nummer=1, bericht=bericht),
        a.AanmeldingGewijzigd(nummer=1, bericht=bericht, crebo="25648"),
        gewijzigd("aangemeld", "geplaatst", 4),
    )


def test_an_ended_aanmelding_is_not_changed_by_the_message_that_ends_it() -> None:
    feiten = aanmelding_in("aangemeld").when(zegt("afgewezen", crebo="25648"), by=KOPPELING).feiten
    assert a.AanmeldingGewijzigd not in soorten(feiten)


@pytest.mark.parametrize("brin", ["99XX", "99XX01"])
def test_a_brin_with_vestiging_is_the_same_mbo(brin: str) -> None:
    assert given().when(zegt("aangemeld", 1, brin=brin), by=KOPPELING).overstap.aanmeldingen[0].brin == brin


# Order.


def test_an_older_message_is_recorded_and_not_applied() -> None:
    gegeven = aanmelding_in("aangemeld").when(zegt("intake_gepland", 9), by=KOPPELING).daarna
    ouder = zegt("afgewezen", 8)
    uitslag = gegeven.when(ouder, by=KOPPELING)
    uitslag.then(
        a.KoppelberichtNietToegepast(
            bericht=bericht_van(ouder), nummer=1, reden="verouderd", status=AanmeldingStatus.AFGEWEZEN
        )
    )
    assert uitslag.overstap.aanmeldingen == uitslag.gegeven.overstap.aanmeldingen  # type: ignore[union-attr]


@pytest.mark.parametrize("eerste", [zegt("intake_gepland", 9), zegt("ZZ", 9), zegt("wachtlijst", 9)])
def test_a_message_seen_before_says_nothing_new(eerste: v.VerwerkKoppelbericht) -> None:
    gegeven = aanmelding_in("voorlopig_geplaatst").when(eerste, by=KOPPELING).daarna
    gegeven.when(eerste, by=KOPPELING).nothing_new()
    gegeven.when(replace(eerste, code=CODES["gestart"]), by=KOPPELING).nothing_new()


def test_gaps_in_the_numbers_are_normal() -> None:
    gegeven = aanmelding_in("aangemeld").when(zegt("intake_gepland", 2**40), by=KOPPELING).daarna
    assert str(gegeven.when(zegt("gestart", 2**62), by=KOPPELING).overstap.status) == "gestart"


def test_an_ended_aanmelding_lives_again_only_by_a_higher_number() -> None:
    gegeven = aanmelding_in("aangemeld").when(zegt("afgewezen", 5), by=KOPPELING).daarna
    gegeven.when(zegt("voorlopig_geplaatst", 5), by=KOPPELING).nothing_new()
    lager = gegeven.when(zegt("voorlopig_geplaatst", 4), by=KOPPELING)
    assert soorten(lager.feiten) == [a.KoppelberichtNietToegepast]
    hoger = gegeven.when(zegt("voorlopig_geplaatst", 6), by=KOPPELING)
    assert hoger.feiten[0] == a.AanmeldingHeropend(
        nummer=1, bericht=bericht_van(zegt("voorlopig_geplaatst", 6)), naar=AanmeldingStatus.VOORLOPIG_GEPLAATST
    )
    assert str(hoger.overstap.status) == "geplaatst"


def test_after_a_correction_an_older_message_is_still_older() -> None:
    gegeven = aanmelding_in("aangemeld").when(zegt("intake_gepland", 5), by=KOPPELING).daarna
    gegeven = gegeven.when(zegt("intake_gepland", 9), by=KOPPELING).daarna
    herzien = gegeven.when(v.Herzie(gebeurtenis=4, reden=ZEGEL), by=SPELERS[Rol.REGIEBEHEERDER]).daarna
    assert soorten(herzien.when(zegt("afgewezen", 7), by=KOPPELING).feiten) == [a.KoppelberichtNietToegepast]


def test_each_keten_id_has_its_own_order() -> None:
    ander = zegt("intake_gepland", 1, keten_id="99XX:90001120")
    gegeven = aanmelding_in("aangemeld").when(zegt("intake_gepland", 9), by=KOPPELING).daarna
    assert [x.volgnummer for x in gegeven.when(ander, by=KOPPELING).overstap.aanmeldingen] == [9, 1]
