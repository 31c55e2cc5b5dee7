"""School, leerweg, gemeente and handover of a pupil are those of the day, as known then: so figures of a day stay."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.kalender import AMSTERDAM, Regels, einde_van, kalender_van
from overstap.domain.redenen import Leerweg
from overstap.domain.statussen import RANG, AanmeldingStatus
from overstap.projections.cijfers import Indeling, cijfers_op
from overstap.projections.kenmerkperiodes import vouw_in
from overstap.projections.projectie import Batch, vastgelegd_op
from tests.bewijzen import IS_VOL
from tests.projections.geschiedenissen import BEGIN, Boek, logboeken
from tests.projections.test_cijfers import APRIL, JUNI, Regio, Stap, aangemeld, deel, geplaatst
from tests.projections.test_statusperiodes import Naief
from tests.projections.vastleggen import blik, een_regio, leg_vast

EVEN = timedelta(microseconds=1)
LEERLING = UUID(int=1)


@pytest.fixture(scope="module")
def werker(demo_databank: Databank) -> Iterator[Werker]:
    with Werker(demo_databank) as werker:
        yield werker


@pytest.fixture
def regio(demo_databank: Databank, werker: Werker) -> Iterator[Regio]:
    with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Regio(demo_databank, Log(verbinding), werker)


def groepen(regio: Regio, indeling: Indeling, dag: tuple[int, int], bekend: tuple[int, int] | None = None) -> list[str]:
    return [groep.groep for groep in regio.tel(dag, bekend) if groep.indeling is indeling]


def test_a_pupil_who_moved_counts_at_his_old_school_on_a_day_before(regio: Regio) -> None:
    regio.leerling(Stap((5, 10), [o.LeerlingOvergedragen(van="99AA", naar="99BB")]))
    assert (groepen(regio, Indeling.SCHOOL, APRIL), groepen(regio, Indeling.SCHOOL, JUNI)) == (["99AA"], ["99BB"])


def test_what_a_school_mended_later_counts_from_when_it_held_as_known_from_then_on(regio: Regio) -> None:
    gewijzigd = o.PersoonsgegevensGewijzigd(leerweg=Leerweg.TL, gemeente="0394")
    regio.leerling(Stap((3, 1), [gewijzigd], vastgelegd=(5, 1)))
    assert groepen(regio, Indeling.LEERWEG, APRIL, bekend=(4, 20)) == ["bb"]
    assert groepen(regio, Indeling.LEERWEG, APRIL, bekend=(5, 20)) == ["tl"]
    assert groepen(regio, Indeling.GEMEENTE, (2, 1), bekend=(5, 20)) == ["0363"]


def test_a_late_change_of_one_leaves_a_later_change_of_another_as_it_was(regio: Regio) -> None:
    regio.leerling(
        Stap((4, 20), [o.LeerlingOvergedragen(van="99AA", naar="99BB")]),
        Stap((3, 1), [o.PersoonsgegevensGewijzigd(leerweg=Leerweg.KB)], vastgelegd=(5, 1)),
    )
    assert [groepen(regio, indeling, JUNI) for indeling in (Indeling.SCHOOL, Indeling.LEERWEG)] == [["99BB"], ["kb"]]
    assert [groepen(regio, indeling, APRIL) for indeling in (Indeling.SCHOOL, Indeling.LEERWEG)] == [["99AA"], ["kb"]]


def test_a_handover_counts_from_its_day_as_known_from_its_recording(regio: Regio) -> None:
    overgedragen = o.WarmeOverdrachtVastgelegd(datum=f"{regio.jaar}-06-02")
    regio.leerling(aangemeld(), geplaatst(), Stap((6, 10), [overgedragen]))
    gezien = [
        deel(regio.totaal(dag, bekend).warme_overdracht)
        for dag, bekend in (((6, 1), (6, 20)), ((6, 2), (6, 20)), ((6, 2), (6, 9)))
    ]
    assert gezien == [(0, 1), (1, 1), (0, 1)]


def test_a_stream_that_does_not_begin_with_an_entry_is_damage() -> None:
    boek = Boek()
    boek.voeg_toe(LEERLING, [o.LeerlingOvergedragen(van="99AA", naar="99BB")], BEGIN, BEGIN)
    with pytest.raises(ValueError, match="begins with LeerlingOvergedragen"):
        vouw_in({}, boek.gebeurtenissen[0])


def kenmerk_op(eigen: Sequence[Gebeurtenis], veld: str, op: datetime, bekend: datetime) -> str | None:
    """The definition itself: of what was recorded by K about this and held by D, the last recorded."""
    waarde = None
    for g in eigen:
        if vastgelegd_op(g) > bekend:
            continue
        match g.feit:
            case o.OverstapOpgevoerd() as feit:
                waarde = str(getattr(feit, veld))
            case o.PersoonsgegevensGewijzigd() as feit if g.gebeurd_op <= op and veld != "school":
                waarde = getattr(feit, veld) or waarde
            case o.LeerlingOvergedragen() as feit if g.gebeurd_op <= op and veld == "school":
                waarde = feit.naar
            case _:
                pass
    return waarde


def is_overgedragen(eigen: Sequence[Gebeurtenis], dag: date, bekend: datetime) -> bool:
    return any(
        isinstance(g.feit, o.WarmeOverdrachtVastgelegd)
        and date.fromisoformat(g.feit.datum) <= dag
        and vastgelegd_op(g) <= bekend
        for g in eigen
    )


@pytest.mark.proof
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200 if IS_VOL else 4)
@given(
    boek=logboeken(stromen=4),
    dagen=st.tuples(st.integers(-2, 30), st.integers(0, 30)),
    omvang=st.integers(1, 9),
)
def test_every_group_counts_who_belonged_to_it_on_any_day_as_known_on_any_other(
    regio: Regio, boek: Boek, dagen: tuple[int, int], omvang: int
) -> None:
    naam = een_regio()
    vastgelegd = leg_vast(regio.log, boek, naam)
    jaar = vastgelegd[0].gebeurd_op.astimezone(AMSTERDAM).year + 1
    regels = Regels(regio=naam, overstapjaar=2026, revisie=1, kalender=kalender_van(jaar))
    dag = date(jaar - 1, 10, 1) + timedelta(days=dagen[0])
    op, bekend = einde_van(dag) - EVEN, einde_van(date(jaar - 1, 10, 1)) + timedelta(days=dagen[1])
    with Werker(regio.databank, omvang=omvang) as klein:
        klein.bijwerken_tot()
    with blik(regio.databank, regio.werker, naam) as cursor:
        geteld = cijfers_op(cursor, regels, dag, bekend)
    naief, verwacht = Naief(vastgelegd), Counter[tuple[Indeling, str, str]]()
    for stroom, eigen in Batch(vastgelegd).overstappen.items():
        stand = naief.stand_op((stroom, 0), op, bekend)
        if stand in ([], ["uitgeschreven"]):
            continue
        geplaatst_op = [
            nummer
            for overstap, nummer in naief.lijnen
            if overstap == stroom and nummer and RANG[_status(naief, (stroom, nummer), op, bekend)] >= 40
        ]
        for veld in ("school", "leerweg", "gemeente"):
            groep = kenmerk_op(eigen, veld, op, bekend)
            assert groep is not None
            verwacht[Indeling(veld), groep, "leerlingen"] += 1
            verwacht[Indeling(veld), groep, "geplaatst"] += bool(geplaatst_op)
            verwacht[Indeling(veld), groep, "overgedragen"] += bool(geplaatst_op) and is_overgedragen(
                eigen, dag, bekend
            )
    gevonden = Counter[tuple[Indeling, str, str]]()
    for rij in geteld:
        if rij.indeling not in {Indeling.REGIO, Indeling.MBO}:
            gevonden[rij.indeling, rij.groep, "leerlingen"] = rij.leerlingen
            gevonden[rij.indeling, rij.groep, "geplaatst"] = rij.warme_overdracht.van
            gevonden[rij.indeling, rij.groep, "overgedragen"] = rij.warme_overdracht.aantal
    assert +gevonden == +verwacht


def _status(naief: Naief, lijn: tuple[UUID, int], op: datetime, bekend: datetime) -> AanmeldingStatus:
    return AanmeldingStatus(*(naief.stand_op(lijn, op, bekend) or [AanmeldingStatus.AFGEWEZEN]))
