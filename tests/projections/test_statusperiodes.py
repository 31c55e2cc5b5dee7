"""statusperiodes say what held at any moment, as known at any other: rectangles over both times."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from uuid import UUID

from hypothesis import given

from overstap.domain.feiten import Feit, Verzegeld
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.overstap import Aanmelding, Overstap, evolve
from overstap.domain.redenen import Grond, RedenVervolgkeuze
from overstap.domain.statussen import AanmeldingStatus, OverstapStatus
from overstap.projections.projectie import OVERSTAPFEITEN, Batch, vastgelegd_op
from overstap.projections.statusperiodes import Rechthoek, Stand
from overstap.projections.statusperiodes_tabel import Lijnen, vouw_in
from tests.projections.geschiedenissen import BEGIN, Boek, logboeken, opvoer

EVEN = timedelta(microseconds=1)
UUR = timedelta(hours=1)
LEERLING = UUID(int=1)
ZEGEL = Verzegeld("AAAA")


def gevouwen(gebeurtenissen: Sequence[Gebeurtenis]) -> dict[UUID, Lijnen]:
    """Fold in memory, with every cause and stream at hand."""
    alle: dict[UUID, Lijnen] = {}
    for stroom, eigen in Batch(gebeurtenissen).overstappen.items():
        lijnen = None
        for g in eigen:
            oorzaak = eigen[g.feit.oorzaak - 1].feit if isinstance(g.feit, o.StatusGewijzigd) else None
            lijnen = alle[stroom] = vouw_in(lijnen, g, oorzaak, eigen)
    return alle


def rechthoeken(alle: dict[UUID, Lijnen]) -> dict[tuple[UUID, int], list[Rechthoek]]:
    return {
        (stroom, nummer): [*lijn.open, *(dicht for dicht in lijn.gesloten if dicht.bekend_van < dicht.bekend_tot)]
        for stroom, lijnen in alle.items()
        for nummer, lijn in lijnen.van.items()
    }


def stand_op(lijn: Iterable[Rechthoek], op: datetime, bekend: datetime) -> list[str]:
    return [r.stand.status for r in lijn if r.geldig_van <= op < r.geldig_tot and r.bekend_van <= bekend < r.bekend_tot]


class Naief:
    """The definition itself: of the events recorded by K that happened by D, the one recorded last."""

    def __init__(self, gebeurtenissen: Sequence[Gebeurtenis]) -> None:
        self.lijnen: dict[tuple[UUID, int], list[tuple[datetime, datetime, str]]] = defaultdict(list)
        staten: dict[UUID, Overstap] = {}
        for g in gebeurtenissen:
            if type(g.feit) not in OVERSTAPFEITEN:
                continue
            stroom, bekend = g.originator_id, vastgelegd_op(g)
            voor = staten.get(stroom)
            na = staten[stroom] = evolve(voor, g)
            vanaf = bekend if _is_correctie(g.feit) else g.gebeurd_op
            if voor is None or isinstance(g.feit, o.StatusGewijzigd):
                self.lijnen[stroom, 0].append((vanaf, bekend, na.status))
            for aanmelding in na.aanmeldingen:
                was = voor.aanmeldingen[aanmelding.nummer - 1].status if voor and _bestond(voor, aanmelding) else None
                noemt = isinstance(g.feit, a.AanmeldingFeit) and g.feit.nummer == aanmelding.nummer
                if was != aanmelding.status or (noemt and isinstance(g.feit, a.StatusFeit | a.AanmeldingHeropend)):
                    self.lijnen[stroom, aanmelding.nummer].append((vanaf, bekend, aanmelding.status))

    def stand_op(self, lijn: tuple[UUID, int], op: datetime, bekend: datetime) -> list[str]:
        return [status for d, k, status in self.lijnen[lijn] if k <= bekend and d <= op][-1:]


def _is_correctie(feit: Feit) -> bool:
    return isinstance(feit, o.GebeurtenisHerzien) or (isinstance(feit, o.StatusGewijzigd) and feit.stap == "herzie")


def _bestond(overstap: Overstap, aanmelding: Aanmelding) -> bool:
    return len(overstap.aanmeldingen) >= aanmelding.nummer


@given(logboeken())
def test_the_rectangles_say_on_every_day_as_known_on_every_other_what_the_definition_says(boek: Boek) -> None:
    naief, lijnen = Naief(boek.gebeurtenissen), rechthoeken(gevouwen(boek.gebeurtenissen))
    momenten = sorted(
        {
            moment + rand
            for g in boek.gebeurtenissen
            for moment in (g.gebeurd_op, vastgelegd_op(g))
            for rand in (EVEN, -EVEN, 0 * EVEN)
        }
    )
    assert lijnen.keys() == naief.lijnen.keys()
    for sleutel, lijn in lijnen.items():
        for op in momenten:
            for bekend in momenten:
                assert stand_op(lijn, op, bekend) == naief.stand_op(sleutel, op, bekend), (sleutel, op, bekend)


@given(logboeken())
def test_what_holds_now_as_known_now_is_the_current_status(boek: Boek) -> None:
    straks = boek.gebeurtenissen[-1].vastgelegd_op
    assert straks is not None
    lijnen = rechthoeken(gevouwen(boek.gebeurtenissen))
    for stroom in {g.originator_id for g in boek.gebeurtenissen if type(g.feit) in OVERSTAPFEITEN}:
        staat = None
        for g in boek.van(stroom):
            staat = evolve(staat, g)
        assert staat is not None
        assert stand_op(lijnen[stroom, 0], straks, straks) == [staat.status]
        for aanmelding in staat.aanmeldingen:
            assert stand_op(lijnen[stroom, aanmelding.nummer], straks, straks) == [aanmelding.status]


@given(logboeken())
def test_no_two_rectangles_of_a_line_overlap_and_none_is_empty(boek: Boek) -> None:
    for lijn in rechthoeken(gevouwen(boek.gebeurtenissen)).values():
        for r in lijn:
            assert r.geldig_van < r.geldig_tot
            assert r.bekend_van < r.bekend_tot
        for r, s in combinations(lijn, 2):
            naast = r.geldig_tot <= s.geldig_van or s.geldig_tot <= r.geldig_van
            assert naast or r.bekend_tot <= s.bekend_van or s.bekend_tot <= r.bekend_van
        assert max(Counter((r.bekend_van, r.geldig_van) for r in lijn).values()) == 1, "the primary key"


def verhaal(*stappen: tuple[Sequence[Feit], int, int]) -> dict[tuple[UUID, int], list[Rechthoek]]:
    """Fold a pupil entered at hour 0, and what happened and was recorded at these hours."""
    boek = Boek()
    boek.voeg_toe(LEERLING, [opvoer()], BEGIN, BEGIN)
    for feiten, gebeurd, vastgelegd in stappen:
        boek.voeg_toe(LEERLING, feiten, BEGIN + gebeurd * UUR, BEGIN + vastgelegd * UUR)
    return rechthoeken(gevouwen(boek.gebeurtenissen))


def status(van: OverstapStatus, naar: OverstapStatus, oorzaak: int, stap: str = "volg_aanmelding") -> o.StatusGewijzigd:
    return o.StatusGewijzigd(van=van, naar=naar, oorzaak=oorzaak, stap=stap)


def laatste(lijn: Sequence[Rechthoek]) -> Stand:
    [stand] = [r.stand for r in lijn if r.geldig_tot.year == r.bekend_tot.year == 9999]
    return stand


def uur_van(moment: datetime) -> float | None:
    """Count hours from the begin; None: no end."""
    return None if moment.year == 9999 else (moment - BEGIN) / UUR


NIET, AAN, INTAKE = OverstapStatus.NOG_NIET_AANGEMELD, OverstapStatus.AANGEMELD, OverstapStatus.INTAKE
KEUZE, AFGEROND = OverstapStatus.VERVOLGKEUZE_VO, OverstapStatus.AFGEROND
ONTVANGEN = a.AanmeldingOntvangen(nummer=1, brin="99XX", crebo="25647")


def test_a_late_message_replaces_what_was_recorded_earlier_about_that_moment_and_later() -> None:
    lijn = verhaal(
        ([ONTVANGEN], 1, 1),
        ([a.AanmeldingAfgewezen(nummer=1, grond=Grond.CAPACITEIT)], 5, 5),
        ([a.IntakeGepland(nummer=1)], 3, 9),
    )[LEERLING, 1]
    assert stand_op(lijn, BEGIN + 6 * UUR, BEGIN + 8 * UUR) == [AanmeldingStatus.AFGEWEZEN]
    assert stand_op(lijn, BEGIN + 6 * UUR, BEGIN + 9 * UUR) == [AanmeldingStatus.INTAKE_GEPLAND]
    assert stand_op(lijn, BEGIN + 2 * UUR, BEGIN + 9 * UUR) == [AanmeldingStatus.AANGEMELD]


def test_what_a_late_message_does_not_reach_stays_one_rectangle() -> None:
    lijn = verhaal(([ONTVANGEN], 1, 1), ([a.IntakeGepland(nummer=1)], 5, 5), ([a.IntakeAfgerond(nummer=1)], 5, 9))
    aangemeld, gepland, afgerond = (
        Stand(naam, naam, rang) for naam, rang in (("aangemeld", 10), ("intake_gepland", 20), ("intake_afgerond", 30))
    )
    uren = sorted(
        (uur_van(r.geldig_van), uur_van(r.bekend_van), uur_van(r.bekend_tot), r.stand) for r in lijn[LEERLING, 1]
    )
    assert uren == [(1, 1, 5, aangemeld), (1, 5, None, aangemeld), (5, 5, 9, gepland), (5, 9, None, afgerond)]


def test_a_correction_leaves_the_lines_of_other_aanmeldingen_as_they_were() -> None:
    tweede = a.AanmeldingOntvangen(nummer=2, brin="99YY", crebo="25647")
    lijnen = verhaal(([ONTVANGEN, tweede], 1, 1), ([o.GebeurtenisHerzien(gebeurtenis=2, reden=ZEGEL)], 4, 4))
    assert len(lijnen[LEERLING, 2]) == 1


def test_a_correction_counts_from_the_moment_it_is_recorded() -> None:
    lijnen = verhaal(
        ([ONTVANGEN, status(NIET, AAN, 2)], 1, 1),
        ([a.IntakeGepland(nummer=1), status(AAN, INTAKE, 4)], 2, 2),
        ([o.GebeurtenisHerzien(gebeurtenis=4, reden=ZEGEL), status(INTAKE, AAN, 6, "herzie")], 7, 9),
    )
    for lijn, voor, na in ((0, INTAKE, AAN), (1, AanmeldingStatus.INTAKE_GEPLAND, AanmeldingStatus.AANGEMELD)):
        assert stand_op(lijnen[LEERLING, lijn], BEGIN + 8 * UUR, BEGIN + 9 * UUR) == [voor]
        assert stand_op(lijnen[LEERLING, lijn], BEGIN + 9 * UUR, BEGIN + 9 * UUR) == [na]


def test_an_aanmelding_whose_receipt_was_corrected_away_says_so() -> None:
    lijn = verhaal(([ONTVANGEN], 1, 1), ([o.GebeurtenisHerzien(gebeurtenis=2, reden=ZEGEL)], 4, 4))[LEERLING, 1]
    assert laatste(lijn) == Stand("ingetrokken", "ingetrokken", 0, "herzien")


def test_a_source_whose_clock_runs_ahead_counts_from_the_recording() -> None:
    lijn = verhaal(([ONTVANGEN], 3, 2))[LEERLING, 1]
    assert stand_op(lijn, BEGIN + 2 * UUR, BEGIN + 2 * UUR) == [AanmeldingStatus.AANGEMELD]


def test_a_vervolgkeuze_keeps_its_reason_until_after_the_year_closes() -> None:
    gekozen = o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.HAVO)
    lijnen = verhaal(
        ([gekozen, status(NIET, KEUZE, 2, "kies_vervolg_vo")], 1, 1),
        ([o.OverstapAfgesloten(), status(KEUZE, AFGEROND, 4, "sluit_af")], 2, 2),
    )
    assert [r.stand for r in lijnen[LEERLING, 0] if r.bekend_tot.year == 9999][-2:] == [
        Stand("vervolgkeuze_vo", "vervolgkeuze_vo", None, "havo"),
        Stand("afgerond", "vervolgkeuze_vo", None, "havo"),
    ]


def test_a_correction_that_brings_a_vervolgkeuze_back_brings_back_its_reason() -> None:
    gekozen = o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.VAVO)
    lijnen = verhaal(
        ([gekozen, status(NIET, KEUZE, 2, "kies_vervolg_vo")], 1, 1),
        ([o.VervolgkeuzeVoIngetrokken(), status(KEUZE, NIET, 4, "trek_vervolgkeuze_in")], 2, 2),
        ([o.GebeurtenisHerzien(gebeurtenis=4, reden=ZEGEL), status(NIET, KEUZE, 6, "herzie")], 3, 3),
    )
    assert laatste(lijnen[LEERLING, 0]) == Stand("vervolgkeuze_vo", "vervolgkeuze_vo", None, "vavo")
