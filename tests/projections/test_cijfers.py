"""The figures count what domain and calendar say, on a day as known on another, against the norm and last year."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.domain.feiten import Feit, Verzegeld
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.kalender import Regels, einde_van, kalender_van
from overstap.domain.redenen import Leerweg, RedenUitschrijving, RedenVervolgkeuze
from overstap.domain.statussen import RANG, AanmeldingStatus, OverstapStatus
from overstap.projections.cijfers import Aandeel, Cijfers, Indeling, cijfers_op, standen_op
from tests.bewijzen import IS_VOL
from tests.projections.geschiedenissen import Boek, logboeken, opvoer
from tests.projections.test_statusperiodes import Naief
from tests.projections.vastleggen import blik, een_jaar, een_regio, leg_op_zijn_dag_vast, leg_vast

ZEGEL = Verzegeld("AAAA")
NIET, AAN, GEPLAATST = OverstapStatus.NOG_NIET_AANGEMELD, OverstapStatus.AANGEMELD, OverstapStatus.GEPLAATST
GESTART, KEUZE, AFGEROND = OverstapStatus.GESTART, OverstapStatus.VERVOLGKEUZE_VO, OverstapStatus.AFGEROND
APRIL, JUNI, OKTOBER = (4, 1), (6, 1), (10, 1)
ONTVANGEN = a.AanmeldingOntvangen(nummer=1, brin="99XX", crebo="25647")


Dag = tuple[int, ...]
"""Month and day (and hour, minute, second in UTC; else ten o'clock) of the year of the test."""


class Stap(NamedTuple):
    """What happened on a day, and when it was recorded (None: at once)."""

    dag: Dag
    feiten: Sequence[Feit]
    vastgelegd: Dag | None = None


class Regio:
    """Tell of pupils, and count: in a region and a year of its own."""

    def __init__(self, databank: Databank, log: Log, werker: Werker) -> None:
        self.databank, self.log, self.werker, self.naam, self.jaar = databank, log, werker, een_regio(), een_jaar()
        kalender = kalender_van(self.jaar)
        self.regels = Regels(regio=self.naam, overstapjaar=self.jaar, revisie=1, kalender=kalender)
        self.gebeurd: list[tuple[datetime, datetime, UUID, Sequence[Feit]]] = []

    def leerling(
        self, *stappen: Stap, leerweg: Leerweg = Leerweg.BB, school: str = "99AA", jaren_terug: int = 0
    ) -> None:
        stroom, jaar = uuid4(), self.jaar - jaren_terug
        begin = datetime(jaar - 1, 10, 1, 10, tzinfo=UTC)
        self.gebeurd.append((begin, begin, stroom, [opvoer(jaar, school, leerweg)]))
        for dag, feiten, vastgelegd in stappen:
            self.gebeurd.append((_moment(jaar, dag), _moment(jaar, vastgelegd or dag), stroom, feiten))

    def leg_vast(self) -> None:
        boek = Boek()
        for gebeurd, vastgelegd, stroom, feiten in sorted(self.gebeurd, key=lambda regel: regel[1]):
            boek.voeg_toe(stroom, feiten, gebeurd, vastgelegd)
        self.gebeurd = []
        if boek.gebeurtenissen:
            leg_op_zijn_dag_vast(self.log, boek, self.naam)

    def tel(self, dag: Dag, bekend: Dag | None = None) -> list[Cijfers]:
        self.leg_vast()
        with blik(self.databank, self.werker, self.naam) as cursor:
            return cijfers_op(
                cursor, self.regels, date(self.jaar, *dag), _moment(self.jaar, bekend) if bekend else None
            )

    def totaal(self, dag: Dag, bekend: Dag | None = None) -> Cijfers:
        return self.tel(dag, bekend)[0]

    def standen(self, dag: Dag) -> dict[OverstapStatus, int]:
        self.leg_vast()
        with blik(self.databank, self.werker, self.naam) as cursor:
            return zonder_nul(standen_op(cursor, self.regels, date(self.jaar, *dag)))


def _moment(jaar: int, dag: Dag) -> datetime:
    maand, dag_van_maand, uur, minuut, seconde = (*dag, 10, 0, 0)[:5]
    return datetime(jaar, maand, dag_van_maand, uur, minuut, seconde, tzinfo=UTC)


def zonder_nul(standen: dict[OverstapStatus, int]) -> dict[OverstapStatus, int]:
    return {naam: aantal for naam, aantal in standen.items() if aantal}


def status(van: OverstapStatus, naar: OverstapStatus, oorzaak: int, stap: str = "x") -> o.StatusGewijzigd:
    return o.StatusGewijzigd(van=van, naar=naar, oorzaak=oorzaak, stap=stap)


def aangemeld(dag: Dag = (3, 1), vastgelegd: Dag | None = None) -> Stap:
    return Stap(dag, [ONTVANGEN, status(NIET, AAN, 2)], vastgelegd)


def geplaatst(dag: Dag = (5, 1)) -> Stap:
    return Stap(dag, [a.VoorlopigGeplaatst(nummer=1), status(AAN, GEPLAATST, 4)])


def gestart(dag: Dag = (9, 1)) -> Stap:
    return Stap(dag, [a.DefinitiefGeplaatst(nummer=1), a.StartBevestigd(nummer=1), status(GEPLAATST, GESTART, 7)])


def gekozen(reden: RedenVervolgkeuze, oorzaak: int = 2, dag: Dag = (5, 2)) -> Stap:
    van = NIET if oorzaak == 2 else AAN
    return Stap(dag, [o.VervolgkeuzeVoGekozen(reden=reden), status(van, KEUZE, oorzaak, "kies_vervolg_vo")])


def deel(aandeel: Aandeel) -> tuple[int, int]:
    return aandeel.aantal, aandeel.van


@pytest.fixture(scope="module")
def werker(demo_databank: Databank) -> Iterator[Werker]:
    with Werker(demo_databank) as werker:
        yield werker


@pytest.fixture
def regio(demo_databank: Databank, werker: Werker) -> Iterator[Regio]:
    with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Regio(demo_databank, Log(verbinding), werker)


def test_a_day_counts_to_its_end_in_amsterdam(regio: Regio) -> None:
    regio.leerling(aangemeld((4, 1, 21, 59, 59)))
    regio.leerling(aangemeld((4, 1, 22, 0, 0)))
    assert deel(regio.totaal(APRIL).aangemeld) == (1, 2)
    assert deel(regio.totaal((4, 2)).aangemeld) == (2, 2)


def test_vmbo_is_counted_apart_against_its_own_norm(regio: Regio) -> None:
    regio.leerling(aangemeld(), leerweg=Leerweg.TL)
    regio.leerling(leerweg=Leerweg.KB)
    regio.leerling(aangemeld(), leerweg=Leerweg.HAVO)
    totaal = regio.totaal(APRIL)
    assert totaal.aangemeld == Aandeel(2, 3, norm=90)
    assert totaal.aangemeld_vmbo == Aandeel(1, 2, norm=95)


def test_an_mbo_outside_the_region_is_aangemeld_and_another_vervolgkeuze_is_not(regio: Regio) -> None:
    regio.leerling(gekozen(RedenVervolgkeuze.MBO_BUITEN_REGIO, dag=(4, 1)))
    regio.leerling(gekozen(RedenVervolgkeuze.HAVO, dag=(4, 1)))
    assert deel(regio.totaal(APRIL).aangemeld) == (1, 2)


def test_an_ended_aanmelding_remains_one_that_was_had(regio: Regio) -> None:
    regio.leerling(aangemeld(), Stap((3, 9), [a.AanmeldingIngetrokken(nummer=1), status(AAN, NIET, 4)]))
    assert deel(regio.totaal(APRIL).aangemeld) == (1, 1)


def test_a_corrected_receipt_counts_until_the_correction_and_not_after(regio: Regio) -> None:
    herzien = o.GebeurtenisHerzien(gebeurtenis=2, reden=ZEGEL)
    regio.leerling(aangemeld(), Stap((5, 1), [herzien, status(AAN, NIET, 4, "herzie")]))
    assert deel(regio.totaal(APRIL).aangemeld) == (1, 1)
    assert deel(regio.totaal(JUNI).aangemeld) == (0, 1)


def test_voorlopig_geplaatst_is_of_those_aangemeld_on_the_aanmelddatum(regio: Regio) -> None:
    regio.leerling(aangemeld(), geplaatst())
    regio.leerling(aangemeld(), gekozen(RedenVervolgkeuze.WERK, oorzaak=4))
    regio.leerling(aangemeld())
    regio.leerling(aangemeld((4, 20)), geplaatst())
    assert regio.totaal(JUNI).voorlopig_geplaatst == Aandeel(2, 3, norm=90)


def test_geplaatst_en_gestart_takes_education_reasons_and_keeps_them_after_the_year_closed(regio: Regio) -> None:
    def sluit_af(van: OverstapStatus, oorzaak: int) -> Stap:
        return Stap((10, 5), [o.OverstapAfgesloten(), status(van, AFGEROND, oorzaak, "sluit_af")])

    regio.leerling(aangemeld(), geplaatst(), gestart(), sluit_af(GESTART, 9))
    regio.leerling(aangemeld(), gekozen(RedenVervolgkeuze.HAVO, oorzaak=4), sluit_af(KEUZE, 6))
    regio.leerling(aangemeld(), gekozen(RedenVervolgkeuze.WERK, oorzaak=4), sluit_af(KEUZE, 6))
    regio.leerling(aangemeld(), geplaatst())
    for dag in (OKTOBER, (12, 31)):
        assert regio.totaal(dag).geplaatst_en_gestart == Aandeel(2, 4, norm=95), dag


def test_warme_overdracht_is_of_those_placed_and_from_its_date_on(regio: Regio) -> None:
    overdracht = Stap((6, 20), [o.WarmeOverdrachtVastgelegd(datum=f"{regio.jaar}-06-15")])
    regio.leerling(aangemeld(), geplaatst(), overdracht)
    regio.leerling(aangemeld(), geplaatst())
    regio.leerling(aangemeld(), overdracht)
    assert deel(regio.totaal(JUNI).warme_overdracht) == (0, 2)
    assert deel(regio.totaal((6, 15)).warme_overdracht) == (1, 2)
    assert deel(regio.totaal((6, 15), (6, 16)).warme_overdracht) == (0, 2)


def test_who_is_uitgeschreven_leaves_the_population_from_that_day_on(regio: Regio) -> None:
    weg = o.LeerlingUitgeschreven(reden=RedenUitschrijving.VERHUISD, nieuwe_gemeente="0599")
    regio.leerling(Stap((5, 1), [weg, status(NIET, OverstapStatus.UITGESCHREVEN, 2, "schrijf_uit")]))
    regio.leerling()
    assert (regio.totaal(APRIL).leerlingen, regio.totaal(JUNI).leerlingen) == (2, 1)
    assert regio.standen(JUNI) == {OverstapStatus.UITGESCHREVEN: 1, NIET: 1}


def test_what_was_recorded_late_counts_as_known_now_and_not_as_known_then(regio: Regio) -> None:
    regio.leerling(aangemeld((3, 30), vastgelegd=(4, 7)))
    assert deel(regio.totaal(APRIL).aangemeld) == (1, 1)
    assert deel(regio.totaal(APRIL, APRIL).aangemeld) == (0, 1)


def test_each_leerweg_gemeente_and_school_has_its_figures_and_the_region_comes_first(regio: Regio) -> None:
    regio.leerling(aangemeld(), leerweg=Leerweg.TL, school="99AA")
    regio.leerling(leerweg=Leerweg.KB, school="99BB")
    groepen = [(groep.indeling, groep.groep, deel(groep.aangemeld)) for groep in regio.tel(APRIL)]
    assert groepen == [
        (Indeling.REGIO, regio.naam, (1, 2)),
        (Indeling.LEERWEG, "kb", (0, 1)),
        (Indeling.LEERWEG, "tl", (1, 1)),
        (Indeling.GEMEENTE, "0363", (1, 2)),
        (Indeling.SCHOOL, "99AA", (1, 1)),
        (Indeling.SCHOOL, "99BB", (0, 1)),
        (Indeling.MBO, "99XX", (1, 1)),
    ]


def test_of_an_mbo_counts_only_what_was_reached_there(regio: Regio) -> None:
    elders = Stap((3, 2), [a.AanmeldingOntvangen(nummer=2, brin="99YY01", crebo="25655")])
    daar = Stap((5, 1), [a.VoorlopigGeplaatst(nummer=2), status(AAN, GEPLAATST, 5)])
    regio.leerling(aangemeld(), elders, daar)
    mbos = {groep.groep: groep for groep in regio.tel(JUNI) if groep.indeling is Indeling.MBO}
    assert {mbo: deel(groep.voorlopig_geplaatst) for mbo, groep in mbos.items()} == {"99XX": (0, 1), "99YY": (1, 1)}


def test_last_year_stands_beside_this_one_and_without_one_there_is_none(regio: Regio) -> None:
    regio.leerling(aangemeld(), jaren_terug=1)
    regio.leerling(jaren_terug=1)
    regio.leerling(aangemeld(), school="99BB")
    regionaal, *groepen = regio.tel(APRIL)
    assert (regionaal.aangemeld.percentage, regionaal.aangemeld.vorig_jaar) == (100.0, 50.0)
    [nieuwe_school] = [groep for groep in groepen if groep.indeling is Indeling.SCHOOL]
    assert nieuwe_school.aangemeld.vorig_jaar is None


def test_a_norm_is_met_at_exactly_its_percentage_and_nobody_meets_none() -> None:
    assert Aandeel(19, 20, norm=95).haalt_norm is True
    assert Aandeel(189, 200, norm=95).haalt_norm is False
    assert (Aandeel(0, 0, norm=95).haalt_norm, Aandeel(0, 0).percentage) == (None, None)


@pytest.mark.proof
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200 if IS_VOL else 6)
@given(boek=logboeken(stromen=4), dagen=st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_the_counts_are_those_of_the_definition_on_any_day_as_known_on_any_other(
    regio: Regio, boek: Boek, dagen: tuple[int, int]
) -> None:
    naam = een_regio()
    vastgelegd = leg_vast(regio.log, boek, naam)
    jaar = vastgelegd[0].gebeurd_op.year + 1
    naief, regels = Naief(vastgelegd), Regels(regio=naam, overstapjaar=2026, revisie=1, kalender=kalender_van(jaar))
    dag = date(jaar - 1, 10, 1) + timedelta(days=dagen[0])
    op, bekend = einde_van(dag) - timedelta(microseconds=1), einde_van(date(jaar - 1, 10, 1)) + timedelta(days=dagen[1])
    with blik(regio.databank, regio.werker, naam) as cursor:
        geteld = cijfers_op(cursor, regels, dag, bekend)[0]
        standen = zonder_nul(standen_op(cursor, regels, dag, bekend))
    verwacht = Counter(stand for lijn in naief.lijnen if lijn[1] == 0 for stand in naief.stand_op(lijn, op, bekend))
    assert standen == verwacht
    assert geteld.leerlingen == verwacht.total() - verwacht["uitgeschreven"]
    met_plaats = {
        stroom
        for stroom, nummer in naief.lijnen
        for stand in (naief.stand_op((stroom, nummer), op, bekend) if nummer else ())
        if RANG[AanmeldingStatus(stand)] >= 40 and naief.stand_op((stroom, 0), op, bekend) != ["uitgeschreven"]
    }
    assert geteld.warme_overdracht.van == len(met_plaats)
