"""actueel says where a pupil stands now: like `evolve`, and since when what a worklist asks for holds."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given

from overstap.domain.feiten import Feit, Verzegeld
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.overstap import evolve
from overstap.domain.redenen import Grond, RedenVervolgkeuze
from overstap.domain.statussen import OverstapStatus
from overstap.projections.actueel import Actueel, rij_na, rij_van
from overstap.projections.projectie import Batch
from tests.projections.geschiedenissen import BEGIN, Boek, bericht, logboeken, opvoer

LEERLING = UUID(int=1)
ZEGEL = Verzegeld("AAAA")
DAG = timedelta(days=1)
ONTVANGEN = a.AanmeldingOntvangen(nummer=1, brin="99XX", crebo="25647")
TWEEDE = a.AanmeldingOntvangen(nummer=2, brin="99YY", crebo="25655")
NIET, AAN, INTAKE = OverstapStatus.NOG_NIET_AANGEMELD, OverstapStatus.AANGEMELD, OverstapStatus.INTAKE
GEPLAATST, KEUZE = OverstapStatus.GEPLAATST, OverstapStatus.VERVOLGKEUZE_VO


def gevouwen(boek: Boek, stroom: UUID = LEERLING) -> Actueel:
    """Fold as the read model does: a correction folds the whole stream again."""
    rij = None
    eigen = Batch(boek.gebeurtenissen).overstappen[stroom]
    for g in eigen:
        is_correctie = isinstance(g.feit, o.GebeurtenisHerzien)
        rij = rij_van(eigen[: g.originator_version]) if is_correctie else rij_na(rij, g)
    assert rij is not None
    return rij


def na(*stappen: Feit | Sequence[Feit]) -> Actueel:
    """Fold a pupil entered on day 0, and what happened on each day after it."""
    boek = Boek()
    boek.voeg_toe(LEERLING, [opvoer()], BEGIN, BEGIN)
    for dag, stap in enumerate(stappen, 1):
        boek.voeg_toe(LEERLING, stap if isinstance(stap, Sequence) else [stap], op(dag), op(dag))
    return gevouwen(boek)


def op(dag: int) -> datetime:
    return BEGIN + dag * DAG


def status(van: OverstapStatus, naar: OverstapStatus, oorzaak: int = 1, stap: str = "x") -> o.StatusGewijzigd:
    return o.StatusGewijzigd(van=van, naar=naar, oorzaak=oorzaak, stap=stap)


@given(logboeken())
def test_a_row_says_what_evolve_says(boek: Boek) -> None:
    for stroom, eigen in Batch(boek.gebeurtenissen).overstappen.items():
        staat = None
        for g in eigen:
            staat = evolve(staat, g)
        rij = gevouwen(boek, stroom)
        assert staat is not None
        for veld in (
            *("versie", "regio", "leerling", "overstapjaar", "school", "vestiging", "klas", "leerweg", "gemeente"),
            *("soort_pgn", "kwalificatieplicht_tot", "status", "sinds", "beste_rang", "overdracht_naar"),
        ):
            assert getattr(rij, veld) == getattr(staat, veld), veld
        assert len(rij.aanmeldingen) == len(staat.aanmeldingen)
        for regel, aanmelding in zip(rij.aanmeldingen, staat.aanmeldingen, strict=True):
            for veld in ("nummer", "brin", "crebo", "status", "sinds", "keten_id", "startdatum", "leertraject"):
                assert getattr(regel, veld) == getattr(aanmelding, veld), veld


@given(logboeken())
def test_a_flag_holds_exactly_while_its_condition_does(boek: Boek) -> None:
    for stroom in Batch(boek.gebeurtenissen).overstappen:
        rij = gevouwen(boek, stroom)
        assert (rij.alle_beeindigd_op is not None) == (rij.aantal_aanmeldingen > 0 and rij.aantal_actief == 0)
        assert (rij.beste_nummer is None) == (rij.beste_rang == 0) == (rij.aantal_actief == 0)
        assert rij.beste_rang <= rij.hoogste_rang
        assert (rij.niveau_gedaald_op is None) == (rij.niveau_van is None)
        assert rij.niveau_van is None or rij.beste_rang < rij.niveau_van
        assert rij.laatste_op == max(g.gebeurd_op for g in boek.van(stroom))


def test_a_stream_that_does_not_begin_with_an_entry_is_damage() -> None:
    boek = Boek()
    boek.voeg_toe(LEERLING, [ONTVANGEN], BEGIN, BEGIN)
    with pytest.raises(ValueError, match="begins with AanmeldingOntvangen"):
        gevouwen(boek)


def test_the_best_aanmelding_is_the_active_one_of_the_highest_rank() -> None:
    rij = na(
        ONTVANGEN, TWEEDE, a.IntakeGepland(nummer=2), a.IntakeAfgerond(nummer=1), a.AanmeldingIngetrokken(nummer=1)
    )
    assert (rij.beste_nummer, rij.beste_brin, rij.beste_rang, rij.aantal_actief) == (2, "99YY", 20, 1)
    assert rij.hoogste_rang == 30


def test_a_drop_is_kept_until_the_level_is_regained() -> None:
    tot_de_daling = (ONTVANGEN, a.VoorlopigGeplaatst(nummer=1), a.AanmeldingIngetrokken(nummer=1))
    gedaald = na(*tot_de_daling, TWEEDE)
    assert (gedaald.niveau_gedaald_op, gedaald.niveau_van, gedaald.alle_beeindigd_op) == (op(3), 40, None)
    hersteld = na(*tot_de_daling, TWEEDE, a.VoorlopigGeplaatst(nummer=2))
    assert (hersteld.niveau_gedaald_op, hersteld.niveau_van) == (None, None)


def test_a_correction_is_no_drop() -> None:
    rij = na(ONTVANGEN, a.DefinitiefGeplaatst(nummer=1), o.GebeurtenisHerzien(gebeurtenis=3, reden=ZEGEL))
    assert (rij.beste_rang, rij.hoogste_rang, rij.niveau_gedaald_op) == (10, 10, None)


def test_a_corrected_receipt_is_no_aanmelding() -> None:
    rij = na(ONTVANGEN, o.GebeurtenisHerzien(gebeurtenis=2, reden=ZEGEL))
    assert (rij.aantal_aanmeldingen, rij.niet_aangemeld_sinds, rij.alle_beeindigd_op) == (0, BEGIN, None)


def test_when_all_have_ended_it_says_since_when() -> None:
    rij = na(
        ONTVANGEN, a.AanmeldingAfgewezen(nummer=1, grond=Grond.CAPACITEIT), o.BerichtGeplaatst(aan="99XX", tekst=ZEGEL)
    )
    assert rij.alle_beeindigd_op == op(2)


def test_a_no_show_who_is_placed_elsewhere_is_none_any_more() -> None:
    weg = (ONTVANGEN, a.DefinitiefGeplaatst(nummer=1), a.NietVerschenenGemeld(nummer=1))
    assert na(*weg, TWEEDE).niet_verschenen_op == op(3)
    assert na(*weg, TWEEDE, a.VoorlopigGeplaatst(nummer=2)).niet_verschenen_op is None


def test_without_a_place_begins_when_the_place_is_lost_not_at_the_next_step_below() -> None:
    rij = na(
        ONTVANGEN,
        [a.VoorlopigGeplaatst(nummer=1), status(AAN, GEPLAATST)],
        [a.AanmeldingIngetrokken(nummer=1), status(GEPLAATST, NIET)],
        [TWEEDE, status(NIET, AAN)],
        [a.IntakeGepland(nummer=2), status(AAN, INTAKE)],
    )
    assert rij.zonder_plaats_sinds == op(3)


def test_a_conflict_ends_when_somebody_decides_or_no_aanmelding_is_left() -> None:
    strijdig: tuple[Feit | Sequence[Feit], ...] = (
        ONTVANGEN,
        [o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.HAVO), status(AAN, KEUZE, 3)],
        [a.VoorlopigGeplaatst(nummer=1), o.SignaalGegeven(signaal="tegenstrijdig", voor="decaan", oorzaak=5)],
    )
    assert na(*strijdig).tegenstrijdig_op == op(3)
    assert na(*strijdig, [o.VervolgkeuzeVoIngetrokken(), status(KEUZE, GEPLAATST)]).tegenstrijdig_op is None
    assert na(*strijdig, a.AanmeldingIngetrokken(nummer=1)).tegenstrijdig_op is None
    assert na(*strijdig, o.GebeurtenisHerzien(gebeurtenis=5, reden=ZEGEL)).tegenstrijdig_op is None


def test_a_vervolgkeuze_that_a_correction_brings_back_is_in_the_row_again() -> None:
    rij = na(
        [o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.VAVO), status(NIET, KEUZE, 2)],
        [o.VervolgkeuzeVoIngetrokken(), status(KEUZE, NIET, 4)],
        [o.GebeurtenisHerzien(gebeurtenis=4, reden=ZEGEL), status(NIET, KEUZE, 6, "herzie")],
    )
    assert rij.vervolgkeuze is RedenVervolgkeuze.VAVO


def test_the_last_message_of_a_koppeling_shows_also_when_it_changed_nothing() -> None:
    rij = na(
        ONTVANGEN, a.KoppelberichtVastgelegd(nummer=1, bericht=bericht(1)), o.DddStatusVastgelegd(datum="2026-06-03")
    )
    assert (rij.laatste_bericht_op, rij.laatste_op) == (op(2), op(3))


def test_the_first_warme_overdracht_counts() -> None:
    rij = na(o.WarmeOverdrachtVastgelegd(datum="2026-06-02"), o.WarmeOverdrachtVastgelegd(datum="2026-06-09"))
    assert (rij.warme_overdracht, rij.warme_overdracht_bekend_op) == (date(2026, 6, 2), op(1))


def test_status_tells_both_when_it_happened_and_when_it_was_known() -> None:
    boek = Boek()
    boek.voeg_toe(LEERLING, [opvoer()], BEGIN, BEGIN)
    boek.voeg_toe(
        LEERLING, [ONTVANGEN, status(NIET, AAN, 2)], datetime(2025, 11, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    )
    rij = gevouwen(boek)
    assert (rij.sinds.date(), rij.bekend_op.date()) == (date(2025, 11, 1), date(2026, 1, 1))
