"""The flows say where pupils go, how long they stay and where aanmeldingen end, on a day as known on another."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import median
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.domain.feiten import Feit
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.kalender import AMSTERDAM, Regels, einde_van, kalender_van
from overstap.domain.redenen import Grond, RedenUitschrijving, RedenVervolgkeuze
from overstap.domain.statussen import RANG, AanmeldingStatus, OverstapStatus
from overstap.projections.doorstroom import Bestemming, Duur, Uitval, duur_tot, stromen_op, uitval_tot
from tests.bewijzen import IS_VOL
from tests.projections.geschiedenissen import Boek, logboeken
from tests.projections.test_cijfers import (
    AAN,
    GEPLAATST,
    GESTART,
    JUNI,
    KEUZE,
    NIET,
    Dag,
    Regio,
    Stap,
    aangemeld,
    gekozen,
    geplaatst,
    gestart,
    status,
)
from tests.projections.test_statusperiodes import Naief
from tests.projections.vastleggen import blik, een_regio, leg_vast

B = Bestemming
EVEN = timedelta(microseconds=1)
OKTOBER = (10, 1)


@pytest.fixture(scope="module")
def werker(demo_databank: Databank) -> Iterator[Werker]:
    with Werker(demo_databank) as werker:
        yield werker


@pytest.fixture
def regio(demo_databank: Databank, werker: Werker) -> Iterator[Regio]:
    with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Regio(demo_databank, Log(verbinding), werker)


def stromen(regio: Regio, dag: Dag, bekend: Dag | None = None) -> dict[tuple[str, Bestemming, str], tuple[int, int]]:
    regio.leg_vast()
    moment = datetime(regio.jaar, *bekend, tzinfo=UTC) if bekend else None  # type: ignore[arg-type, misc]
    with blik(regio.databank, regio.werker, regio.naam) as cursor:
        gevonden = stromen_op(cursor, regio.regels, date(regio.jaar, *dag), moment)
    return {(een.school, een.soort, een.bestemming): (een.leerlingen, een.gestart) for een in gevonden}


def duren(regio: Regio, dag: Dag) -> dict[OverstapStatus, Duur]:
    regio.leg_vast()
    with blik(regio.databank, regio.werker, regio.naam) as cursor:
        return {een.status: een for een in duur_tot(cursor, regio.regels, date(regio.jaar, *dag))}


def uitval(regio: Regio, dag: Dag) -> list[Uitval]:
    regio.leg_vast()
    with blik(regio.databank, regio.werker, regio.naam) as cursor:
        return uitval_tot(cursor, regio.regels, date(regio.jaar, *dag))


def test_each_school_has_its_outflow_by_mbo_choice_leerplicht_and_the_rest(regio: Regio) -> None:
    regio.leerling(aangemeld(), geplaatst(), gestart())
    regio.leerling(aangemeld(), geplaatst())
    regio.leerling(aangemeld())
    regio.leerling(gekozen(RedenVervolgkeuze.HAVO))
    regio.leerling(
        Stap((5, 1), [o.LeerplichtIngeschakeld(), status(NIET, OverstapStatus.LEERPLICHT_INGESCHAKELD, 2)]),
        school="99BB",
    )
    regio.leerling(school="99BB")
    weg = o.LeerlingUitgeschreven(reden=RedenUitschrijving.VERHUISD)
    regio.leerling(Stap((5, 1), [weg, status(NIET, OverstapStatus.UITGESCHREVEN, 2)]))
    assert stromen(regio, OKTOBER) == {
        ("99AA", B.MBO, "99XX"): (2, 1),
        ("99AA", B.ONDERWEG, "99XX"): (1, 0),
        ("99AA", B.VERVOLGKEUZE_VO, "havo"): (1, 0),
        ("99BB", B.LEERPLICHT, ""): (1, 0),
        ("99BB", B.GEEN, ""): (1, 0),
    }


def test_a_decision_goes_before_the_aanmeldingen_and_the_best_of_those_counts(regio: Regio) -> None:
    beter = Stap(
        (4, 2),
        [a.AanmeldingOntvangen(nummer=2, brin="99YY01", crebo="25655"), a.VoorlopigGeplaatst(nummer=2)],
    )
    regio.leerling(aangemeld(), beter)
    regio.leerling(
        aangemeld(), beter, Stap((5, 2), [o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.VAVO), status(AAN, KEUZE, 6)])
    )
    assert stromen(regio, JUNI) == {("99AA", B.MBO, "99YY"): (1, 0), ("99AA", B.VERVOLGKEUZE_VO, "vavo"): (1, 0)}


def test_who_is_closed_goes_where_he_went_before(regio: Regio) -> None:
    regio.leerling(
        gekozen(RedenVervolgkeuze.HAVO),
        Stap((10, 2), [o.OverstapAfgesloten(), status(KEUZE, OverstapStatus.AFGEROND, 4)]),
    )
    assert stromen(regio, (10, 5)) == {("99AA", B.VERVOLGKEUZE_VO, "havo"): (1, 0)}


def test_a_flow_of_a_past_day_is_as_it_was_known(regio: Regio) -> None:
    regio.leerling(aangemeld((3, 30), vastgelegd=(4, 7)))
    assert stromen(regio, (4, 1), bekend=(4, 3)) == {("99AA", B.GEEN, ""): (1, 0)}
    assert stromen(regio, (4, 1)) == {("99AA", B.ONDERWEG, "99XX"): (1, 0)}


def test_how_long_a_status_lasts_is_told_of_stays_that_ended(regio: Regio) -> None:
    for dag in ((3, 11), (3, 13), (3, 21)):
        naar_geplaatst: list[Feit] = [a.VoorlopigGeplaatst(nummer=1), status(AAN, GEPLAATST, 4)]
        regio.leerling(aangemeld((3, 1)), Stap(dag, naar_geplaatst))
    regio.leerling(aangemeld((3, 1)))
    duur = duren(regio, (4, 1))
    assert (duur[AAN].beeindigd, duur[AAN].lopend, duur[AAN].mediaan) == (3, 1, 12.0)
    assert duur[AAN].p90 == pytest.approx(12 + 0.8 * 8)
    assert (duur[GEPLAATST].beeindigd, duur[GEPLAATST].lopend, duur[GEPLAATST].mediaan) == (0, 3, None)
    assert GESTART not in duur


def test_where_aanmeldingen_end_is_told_with_who_has_no_place_since(regio: Regio) -> None:
    afgewezen = a.AanmeldingAfgewezen(nummer=1, grond=Grond.CAPACITEIT)
    regio.leerling(aangemeld(), Stap((4, 1), [afgewezen, status(AAN, NIET, 4)]))
    elders = a.AanmeldingOntvangen(nummer=2, brin="99YY", crebo="25655")
    regio.leerling(
        aangemeld(), Stap((4, 1), [elders, a.VoorlopigGeplaatst(nummer=2), afgewezen, status(AAN, GEPLAATST, 6)])
    )
    regio.leerling(
        aangemeld(), geplaatst(), Stap((7, 1), [a.AanmeldingIngetrokken(nummer=1), status(GEPLAATST, NIET, 6)])
    )
    assert [(een.mbo, een.van, een.naar, een.aantal, een.nog_zonder_plaats) for een in uitval(regio, OKTOBER)] == [
        ("99XX", AanmeldingStatus.AANGEMELD, AanmeldingStatus.AFGEWEZEN, 2, 1),
        ("99XX", AanmeldingStatus.VOORLOPIG_GEPLAATST, AanmeldingStatus.INGETROKKEN, 1, 1),
    ]
    assert [een.van for een in uitval(regio, JUNI)] == [AanmeldingStatus.AANGEMELD]


@pytest.mark.proof
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200 if IS_VOL else 6)
@given(boek=logboeken(stromen=4), dagen=st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_flows_and_stays_are_those_of_a_naive_replay_on_any_day_as_known_on_any_other(
    regio: Regio, boek: Boek, dagen: tuple[int, int]
) -> None:
    naam = een_regio()
    vastgelegd = leg_vast(regio.log, boek, naam)
    jaar = vastgelegd[0].gebeurd_op.astimezone(AMSTERDAM).year + 1
    regels = Regels(regio=naam, overstapjaar=2026, revisie=1, kalender=kalender_van(jaar))
    dag = date(jaar - 1, 10, 1) + timedelta(days=dagen[0])
    op, bekend = einde_van(dag) - EVEN, einde_van(date(jaar - 1, 10, 1)) + timedelta(days=dagen[1])
    with blik(regio.databank, regio.werker, naam) as cursor:
        stromen, duren = stromen_op(cursor, regels, dag, bekend), duur_tot(cursor, regels, dag, bekend)
    naief = Naief(vastgelegd)
    brins = {
        (g.originator_id, g.feit.nummer): g.feit.brin for g in vastgelegd if isinstance(g.feit, a.AanmeldingOntvangen)
    }
    leerlingen = [wie for wie, nummer in naief.lijnen if nummer == 0]
    bestemd = Counter(_bestemd(naief, brins, wie, op, bekend) for wie in leerlingen)
    if AFGEROND not in bestemd:
        gevonden = Counter[object]()
        for een in stromen:
            gevonden[een.soort, "" if een.soort is B.VERVOLGKEUZE_VO else een.bestemming] += een.leerlingen
        assert gevonden == Counter({wat: aantal for wat, aantal in bestemd.items() if wat is not None})
    verblijven = _verblijven(naief, leerlingen, op, bekend)
    assert {een.status: (een.beeindigd, een.lopend) for een in duren} == {
        status: (len(dagen_klaar), lopend) for status, (dagen_klaar, lopend) in verblijven.items()
    }
    for duur in duren:
        dagen_klaar, _ = verblijven[duur.status]
        assert duur.mediaan == (pytest.approx(median(dagen_klaar)) if dagen_klaar else None)


AFGEROND = (B.GEEN, "afgerond")
"""What counts of who is closed is the status before: told by the tests above."""


def _bestemd(
    naief: Naief, brins: dict[tuple[UUID, int], str], wie: UUID, op: datetime, bekend: datetime
) -> tuple[Bestemming, str] | None:
    match naief.stand_op((wie, 0), op, bekend):
        case [] | ["uitgeschreven"]:
            return None
        case ["afgerond"]:
            return AFGEROND
        case ["vervolgkeuze_vo"]:
            return B.VERVOLGKEUZE_VO, ""
        case ["leerplicht_ingeschakeld"]:
            return B.LEERPLICHT, ""
        case _:
            standen = {
                nummer: RANG[AanmeldingStatus(stand)]
                for van, nummer in naief.lijnen
                if van == wie and nummer
                for stand in naief.stand_op((wie, nummer), op, bekend)
            }
            rang, volgorde = max(((rang, -nummer) for nummer, rang in standen.items() if rang), default=(0, 0))
            soort = B.MBO if rang >= 40 else B.ONDERWEG if rang else B.GEEN
            return soort, brins[wie, -volgorde] if rang else ""


def _verblijven(
    naief: Naief, leerlingen: Iterable[UUID], op: datetime, bekend: datetime
) -> dict[OverstapStatus, tuple[list[float], int]]:
    """Give the days of each stay that ended, and how many had not, by status: by looking at every moment of change."""
    klaar: dict[OverstapStatus, list[float]] = defaultdict(list)
    lopend = Counter[OverstapStatus]()
    for wie in leerlingen:
        vorige: tuple[datetime, OverstapStatus] | None = None
        for moment in sorted({d for d, k, _ in naief.lijnen[wie, 0] if d <= op and k <= bekend}):
            stand = OverstapStatus(*naief.stand_op((wie, 0), moment, bekend))
            if vorige is not None and stand is not vorige[1]:
                klaar[vorige[1]].append((moment - vorige[0]) / timedelta(days=1))
            if vorige is None or stand is not vorige[1]:
                vorige = moment, stand
        if vorige is not None:
            lopend[vorige[1]] += 1
    return {status: (klaar[status], lopend[status]) for status in klaar.keys() | lopend.keys()}
