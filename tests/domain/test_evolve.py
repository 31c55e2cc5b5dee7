"""The fold of one overstap: what each fact changes, and that no order of facts can stop it."""

from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from overstap.domain.feiten import Feit, FeitVanAanmelding, FeitVanOverstap, Verzegeld
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.feiten.wachtbak import WachtbakItemVervallen
from overstap.domain.identificaties import SoortPgn
from overstap.domain.overstap import Aanmelding, Overstap, evolve
from overstap.domain.redenen import Grond, Leerweg, RedenVervolgkeuze
from overstap.domain.statussen import AanmeldingStatus, OverstapStatus
from tests.domain.feitstrategie import feit_van
from tests.domain.stroom import OPGEVOERD, STROOM, als_stroom, na, uur, vouw

ONTVANGEN = a.AanmeldingOntvangen(nummer=1, brin="99XX", crebo="25647")
TWEEDE = a.AanmeldingOntvangen(nummer=2, brin="99YY", crebo="25001")
ZEGEL = Verzegeld("geheim")


def bericht(volgnummer: int, keten_id: str = "99XX:90001119") -> a.Koppelbericht:
    return a.Koppelbericht(
        keten_id=keten_id, volgnummer=volgnummer, code="AO", laatste_wijziging="2026-01-12T09:30:00.123456Z"
    )


def standen(overstap: Overstap) -> list[tuple[AanmeldingStatus, str]]:
    return [(aanmelding.status, aanmelding.crebo) for aanmelding in overstap.aanmeldingen]


# What each fact changes.


def test_an_overstap_begins_as_nog_niet_aangemeld_with_what_the_school_entered() -> None:
    assert na() == Overstap(
        id=STROOM,
        versie=1,
        regio="21",
        leerling=OPGEVOERD.leerling,
        overstapjaar=2026,
        school="99AA",
        vestiging="01",
        klas="4B",
        leerweg=Leerweg.KB,
        gemeente="0363",
        soort_pgn=SoortPgn.ONDERWIJSNUMMER,
        kwalificatieplicht_tot="2028-03",
        status=OverstapStatus.NOG_NIET_AANGEMELD,
        sinds=uur(1),
    )


def test_a_change_of_status_counts_since_it_happened() -> None:
    gewijzigd = o.StatusGewijzigd(
        van=OverstapStatus.NOG_NIET_AANGEMELD, naar=OverstapStatus.AANGEMELD, oorzaak=2, stap="volg_aanmelding"
    )
    overstap = na(ONTVANGEN, gewijzigd)
    assert (overstap.status, overstap.sinds, overstap.versie) == (OverstapStatus.AANGEMELD, uur(3), 3)


def test_an_aanmelding_begins_as_aangemeld_with_what_the_koppeling_said() -> None:
    ontvangen = a.AanmeldingOntvangen(
        nummer=1,
        bericht=bericht(12),
        brin="99XX",
        crebo="25647",
        keten_id="99XX:90001119",
        aanbieder="101A620",
        startdatum="2026-08-24",
        leertraject="BOL",
    )
    assert na(ontvangen).aanmeldingen == (
        Aanmelding(
            nummer=1,
            brin="99XX",
            crebo="25647",
            status=AanmeldingStatus.AANGEMELD,
            sinds=uur(2),
            keten_id="99XX:90001119",
            aanbieder="101A620",
            startdatum="2026-08-24",
            leertraject="BOL",
            volgnummer=12,
        ),
    )


@pytest.mark.parametrize(
    ("feit", "status"),
    [
        (a.IntakeGepland(nummer=2), AanmeldingStatus.INTAKE_GEPLAND),
        (a.OnderzoekGestart(nummer=2), AanmeldingStatus.NADER_ONDERZOEK),
        (a.IntakeAfgerond(nummer=2), AanmeldingStatus.INTAKE_AFGEROND),
        (a.OpWachtlijstGeplaatst(nummer=2), AanmeldingStatus.WACHTLIJST),
        (a.VoorlopigGeplaatst(nummer=2), AanmeldingStatus.VOORLOPIG_GEPLAATST),
        (a.DefinitiefGeplaatst(nummer=2), AanmeldingStatus.DEFINITIEF_GEPLAATST),
        (a.StartBevestigd(nummer=2), AanmeldingStatus.GESTART),
        (a.AanmeldingAfgewezen(nummer=2, grond=Grond.CAPACITEIT), AanmeldingStatus.AFGEWEZEN),
        (a.AanmeldingIngetrokken(nummer=2), AanmeldingStatus.INGETROKKEN),
        (a.NietVerschenenGemeld(nummer=2), AanmeldingStatus.NIET_VERSCHENEN),
        (a.OpleidingOnderbroken(nummer=2, reden="werk"), AanmeldingStatus.ONDERBROKEN),
        (
            a.AanmeldingHeropend(nummer=2, naar=AanmeldingStatus.VOORLOPIG_GEPLAATST),
            AanmeldingStatus.VOORLOPIG_GEPLAATST,
        ),
    ],
)
def test_a_fact_moves_the_aanmelding_it_names_and_no_other(feit: FeitVanAanmelding, status: AanmeldingStatus) -> None:
    eerste, tweede = na(ONTVANGEN, TWEEDE, feit).aanmeldingen
    assert (eerste.status, eerste.sinds) == (AanmeldingStatus.AANGEMELD, uur(2))
    assert (tweede.status, tweede.sinds) == (status, uur(4))


def test_a_changed_aanmelding_keeps_what_was_not_said_and_its_status() -> None:
    begin = replace(ONTVANGEN, startdatum="2026-08-24", leertraject="BOL")
    [aanmelding] = na(begin, a.AanmeldingGewijzigd(nummer=1, crebo="25648")).aanmeldingen
    assert (aanmelding.crebo, aanmelding.startdatum, aanmelding.leertraject) == ("25648", "2026-08-24", "BOL")
    assert aanmelding.sinds == uur(2)
    [aanmelding] = na(begin, a.AanmeldingGewijzigd(nummer=1, startdatum="2026-09-01", leertraject="BBL")).aanmeldingen
    assert (aanmelding.crebo, aanmelding.startdatum, aanmelding.leertraject) == ("25647", "2026-09-01", "BBL")


def test_a_koppeling_that_takes_over_gives_its_keten_id_and_its_number() -> None:
    [aanmelding] = na(
        ONTVANGEN, a.AanmeldingOvergenomen(nummer=1, bericht=bericht(7), keten_id="99XX:90001119")
    ).aanmeldingen
    assert (aanmelding.keten_id, aanmelding.volgnummer, aanmelding.status) == (
        "99XX:90001119",
        7,
        AanmeldingStatus.AANGEMELD,
    )


def test_every_message_is_seen_and_only_an_applied_one_counts_as_read() -> None:
    niet = a.KoppelberichtNietToegepast(nummer=1, bericht=bericht(9), reden="geen_weg")
    bevestigd = a.KoppelberichtVastgelegd(nummer=1, bericht=bericht(8))
    overstap = na(replace(ONTVANGEN, bericht=bericht(5), keten_id="99XX:90001119"), bevestigd, niet)
    assert set(overstap.gezien) == {("99XX:90001119", nummer) for nummer in (5, 8, 9)}
    assert overstap.aanmeldingen[0].volgnummer == 8


def test_the_best_rank_is_that_of_the_furthest_active_aanmelding() -> None:
    voor = na(ONTVANGEN, TWEEDE, a.VoorlopigGeplaatst(nummer=1), a.IntakeGepland(nummer=2))
    assert voor.beste_rang == 40
    assert na().beste_rang == 0
    na_intrekking = na(ONTVANGEN, TWEEDE, a.IntakeGepland(nummer=2), a.AanmeldingIngetrokken(nummer=1))
    assert na_intrekking.beste_rang == 20
    assert [x.is_actief for x in na_intrekking.aanmeldingen] == [False, True]


def test_changed_data_replace_what_was_said_and_nothing_else() -> None:
    overstap = na(o.PersoonsgegevensGewijzigd(klas="4C", gemeente="0394", persoon={"adres": ZEGEL}))
    assert (overstap.klas, overstap.gemeente) == ("4C", "0394")
    assert (overstap.vestiging, overstap.leerweg, overstap.kwalificatieplicht_tot) == ("01", Leerweg.KB, "2028-03")


def test_the_kwalificatieplicht_can_end_by_a_startkwalificatie() -> None:
    assert na(o.PersoonsgegevensGewijzigd(kwalificatieplicht_gewijzigd=True)).kwalificatieplicht_tot is None
    assert na(o.PersoonsgegevensGewijzigd(kwalificatieplicht_tot="2030-01")).kwalificatieplicht_tot == "2028-03"


def test_a_replaced_pgn_changes_its_kind() -> None:
    vervangen = o.PgnVervangen(van_soort=SoortPgn.ONDERWIJSNUMMER, naar_soort=SoortPgn.BSN, pgn=ZEGEL)
    assert na(vervangen).soort_pgn is SoortPgn.BSN


def test_an_offered_pupil_stays_until_the_new_school_accepts() -> None:
    aangeboden = na(o.OverdrachtAangeboden(naar="99BB"))
    assert (aangeboden.school, aangeboden.overdracht_naar) == ("99AA", "99BB")
    overgedragen = o.LeerlingOvergedragen(van="99AA", naar="99BB", vestiging="02", klas="4D")
    overstap = na(o.OverdrachtAangeboden(naar="99BB"), overgedragen)
    assert (overstap.school, overstap.vestiging, overstap.klas, overstap.overdracht_naar) == ("99BB", "02", "4D", None)


def test_the_vervolgkeuze_in_force_is_the_last_one_that_holds() -> None:
    havo = o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.HAVO)
    vavo = o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.VAVO)
    gekozen = o.StatusGewijzigd(
        van=OverstapStatus.AANGEMELD, naar=OverstapStatus.VERVOLGKEUZE_VO, oorzaak=2, stap="kies_vervolg_vo"
    )
    assert na(havo).vervolgkeuze is None
    assert na(havo, gekozen, vavo).vervolgkeuze is RedenVervolgkeuze.VAVO
    assert na(havo, gekozen, vavo, o.GebeurtenisHerzien(gebeurtenis=4, reden=ZEGEL)).vervolgkeuze is (
        RedenVervolgkeuze.HAVO
    )


# Corrections.


def test_a_corrected_step_counts_as_not_applied_and_later_steps_stay() -> None:
    overstap = na(
        ONTVANGEN,
        a.IntakeGepland(nummer=1),
        a.AanmeldingGewijzigd(nummer=1, crebo="25648"),
        o.GebeurtenisHerzien(gebeurtenis=3, reden=ZEGEL),
    )
    assert standen(overstap) == [(AanmeldingStatus.AANGEMELD, "25648")]
    assert overstap.aanmeldingen[0].sinds == uur(2)
    assert overstap.herzien == {3}


def test_a_corrected_receipt_leaves_an_ended_aanmelding_so_that_the_numbers_of_others_hold() -> None:
    overstap = na(ONTVANGEN, TWEEDE, o.GebeurtenisHerzien(gebeurtenis=2, reden=ZEGEL), a.VoorlopigGeplaatst(nummer=2))
    assert standen(overstap) == [
        (AanmeldingStatus.INGETROKKEN, "25647"),
        (AanmeldingStatus.VOORLOPIG_GEPLAATST, "25001"),
    ]


def test_a_correction_keeps_how_far_the_messages_were_read() -> None:
    overstap = na(
        replace(ONTVANGEN, bericht=bericht(5), keten_id="99XX:90001119"),
        a.IntakeGepland(nummer=1, bericht=bericht(6)),
        a.KoppelberichtVastgelegd(nummer=1, bericht=bericht(9)),
        o.GebeurtenisHerzien(gebeurtenis=3, reden=ZEGEL),
    )
    assert overstap.aanmeldingen[0].volgnummer == 9
    assert set(overstap.gezien) == {("99XX:90001119", nummer) for nummer in (5, 6, 9)}


# Laws.

AANMELDINGFEITEN = st.one_of([feit_van(soort) for soort in get_args(FeitVanAanmelding)]).flatmap(
    lambda feit: st.integers(0, 4).map(lambda nummer: replace(feit, nummer=nummer))
)
OVERSTAPFEITEN = st.one_of([feit_van(soort) for soort in get_args(FeitVanOverstap)])
HERZIENINGEN = st.integers(1, 12).map(lambda nummer: o.GebeurtenisHerzien(gebeurtenis=nummer, reden=ZEGEL))
REEKSEN = st.lists(st.one_of(AANMELDINGFEITEN, OVERSTAPFEITEN, HERZIENINGEN), max_size=10)
STAPPEN = st.lists(
    st.sampled_from(
        [
            a.IntakeGepland(nummer=1),
            a.VoorlopigGeplaatst(nummer=1),
            a.AanmeldingIngetrokken(nummer=2),
            a.AanmeldingGewijzigd(nummer=2, crebo="25999"),
            a.AanmeldingHeropend(nummer=2, naar=AanmeldingStatus.AANGEMELD),
        ]
    ),
    max_size=6,
)


@given(REEKSEN)
def test_no_order_of_facts_stops_the_fold_and_each_is_counted(feiten: list[Feit]) -> None:
    assert na(*feiten).versie == 1 + len(feiten)


@given(REEKSEN)
def test_the_fold_reads_no_sealed_value_so_a_destroyed_key_changes_nothing(feiten: list[Feit]) -> None:
    open_, gewist = na(*feiten), na(*map(zonder_inhoud, feiten))
    assert replace(open_, stappen=()) == replace(gewist, stappen=())
    assert [zonder_inhoud(stap.feit) for stap in open_.stappen] == [stap.feit for stap in gewist.stappen]


@given(STAPPEN, st.sets(st.integers(4, 9)))
def test_corrected_steps_count_as_if_they_had_never_been_there(stappen: list[Feit], weg: set[int]) -> None:
    """Numbers 4 and on are the steps: the first two aanmeldingen are 2 and 3."""
    herzien = [o.GebeurtenisHerzien(gebeurtenis=nummer, reden=ZEGEL) for nummer in sorted(weg)]
    overig = [stap for nummer, stap in enumerate(stappen, start=4) if nummer not in weg]
    assert standen(na(ONTVANGEN, TWEEDE, *stappen, *herzien)) == standen(na(ONTVANGEN, TWEEDE, *overig))


@given(STAPPEN, STAPPEN, st.sets(st.integers(4, 9)))
def test_a_correction_counts_the_same_whether_it_came_before_or_after_later_steps(
    eerder: list[Feit], later: list[Feit], weg: set[int]
) -> None:
    eerder += [a.IntakeGepland(nummer=1)] * (6 - len(eerder))
    herzien = [o.GebeurtenisHerzien(gebeurtenis=nummer, reden=ZEGEL) for nummer in sorted(weg)]
    assert standen(na(ONTVANGEN, TWEEDE, *eerder, *herzien, *later)) == standen(
        na(ONTVANGEN, TWEEDE, *eerder, *later, *herzien)
    )


@given(REEKSEN)
def test_a_state_is_not_changed_by_what_happens_after_it(feiten: list[Feit]) -> None:
    stroom = als_stroom(OPGEVOERD, ONTVANGEN, *feiten)
    eerder = vouw(stroom[:2])
    bewaard = msgspec.json.encode(eerder.aanmeldingen), eerder.stappen, eerder.gezien, eerder.versie
    vouw(stroom)
    assert (msgspec.json.encode(eerder.aanmeldingen), eerder.stappen, eerder.gezien, eerder.versie) == bewaard


# Damage: what cannot be in the log of this stream.


def test_a_stream_that_does_not_begin_with_opgevoerd_is_damage() -> None:
    with pytest.raises(ValueError, match="begins with AanmeldingOntvangen"):
        vouw(als_stroom(ONTVANGEN))


def test_a_fact_of_another_kind_of_stream_is_damage() -> None:
    [_, vreemd] = als_stroom(OPGEVOERD, WachtbakItemVervallen(reden="gewist"))
    with pytest.raises(ValueError, match="is an overstap and holds WachtbakItemVervallen"):
        evolve(na(), vreemd)


def zonder_inhoud(feit: Any) -> Any:  # noqa: ANN401  # a fact of any type, and the same type back
    """Give the fact with every sealed value replaced, as when its key is gone."""
    gewist: dict[str, Any] = {}
    for veld, soort in get_type_hints(type(feit)).items():
        waarde = getattr(feit, veld)
        if Verzegeld in {soort, *get_args(soort)} and waarde is not None:
            gewist[veld] = dict.fromkeys(waarde, "") if isinstance(waarde, dict) else ""
    return replace(feit, **gewist)
