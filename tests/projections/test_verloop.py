"""The year as it went counts on every day what that day counts by itself, of the whole and of its parts."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

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
from overstap.domain.kalender import Regels, einde_van, kalender_van
from overstap.domain.redenen import Leerweg, RedenUitschrijving
from overstap.domain.statussen import OverstapStatus
from overstap.projections.cijfers import Indeling, standen_op
from overstap.projections.verloop import verloop_op, verloop_van_deel
from tests.bewijzen import IS_VOL
from tests.projections.geschiedenissen import Boek, logboeken
from tests.projections.test_cijfers import AAN, GEPLAATST, Regio, Stap, aangemeld, geplaatst, status
from tests.projections.vastleggen import blik, een_regio, leg_vast

UIT = OverstapStatus.UITGESCHREVEN
MAART, APRIL, JUNI = (3, 1), (4, 1), (6, 1)


@pytest.fixture(scope="module")
def werker(demo_databank: Databank) -> Iterator[Werker]:
    with Werker(demo_databank) as werker:
        yield werker


@pytest.fixture
def regio(demo_databank: Databank, werker: Werker) -> Iterator[Regio]:
    with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Regio(demo_databank, Log(verbinding), werker)


def op(verloop: Mapping[str, Sequence[int]], hoeveelste: int) -> dict[str, int]:
    return {naam: aantallen[hoeveelste] for naam, aantallen in verloop.items() if aantallen[hoeveelste]}


@pytest.mark.proof
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200 if IS_VOL else 5)
@given(boek=logboeken(stromen=4), bekend_na=st.integers(0, 30))
def test_every_day_of_it_is_what_that_day_counts_by_itself(regio: Regio, boek: Boek, bekend_na: int) -> None:
    naam = een_regio()
    begin = date(leg_vast(regio.log, boek, naam)[0].gebeurd_op.year, 10, 1)
    regels = Regels(regio=naam, overstapjaar=2026, revisie=1, kalender=kalender_van(begin.year + 1))
    bekend = einde_van(begin + timedelta(days=bekend_na))
    dagen = [begin + timedelta(days=dag) for dag in range(31)]
    with blik(regio.databank, regio.werker, naam) as cursor:
        verloop = verloop_op(cursor, regels, dagen, bekend)
        per_leerweg = [verloop_van_deel(cursor, regels, dagen, (Indeling.LEERWEG, een), bekend) for een in Leerweg]
        for hoeveelste, dag in enumerate(dagen):
            standen = standen_op(cursor, regels, dag, bekend)
            assert op(verloop, hoeveelste) == {een: aantal for een, aantal in standen.items() if aantal and een != UIT}
            delen = Counter[str]()
            for deel in per_leerweg:
                delen.update(op(deel, hoeveelste))
            assert delen == op(verloop, hoeveelste)


def test_a_part_counts_its_own_pupils_and_an_mbo_its_own_aanmeldingen_by_their_status(regio: Regio) -> None:
    elders = Stap((3, 2), [a.AanmeldingOntvangen(nummer=2, brin="99YY01", crebo="25655")])
    daar = Stap((5, 1), [a.VoorlopigGeplaatst(nummer=2), status(AAN, GEPLAATST, 5)])
    regio.leerling(aangemeld(), elders, daar, school="99AA")
    regio.leerling(aangemeld(), geplaatst(), school="99BB")
    regio.leg_vast()
    dagen = [date(regio.jaar, *dag) for dag in (MAART, APRIL, JUNI)]
    with blik(regio.databank, regio.werker, regio.naam) as cursor:
        school = verloop_van_deel(cursor, regio.regels, dagen, (Indeling.SCHOOL, "99AA"))
        mbo = verloop_van_deel(cursor, regio.regels, dagen, (Indeling.MBO, "99YY"))
        ander = verloop_van_deel(cursor, regio.regels, dagen, (Indeling.MBO, "99XX"))
    assert school == {"aangemeld": [1, 1, 0], "geplaatst": [0, 0, 1]}
    assert mbo == {"aangemeld": [0, 1, 0], "voorlopig_geplaatst": [0, 0, 1]}
    assert ander == {"aangemeld": [2, 2, 1], "voorlopig_geplaatst": [0, 0, 1]}


def test_who_is_uitgeschreven_counts_until_then(regio: Regio) -> None:
    weg: list[Feit] = [o.LeerlingUitgeschreven(reden=RedenUitschrijving.OVERLEDEN), status(AAN, UIT, 4)]
    regio.leerling(aangemeld(), Stap((4, 1), weg))
    regio.leg_vast()
    dagen = [date(regio.jaar, *dag) for dag in (MAART, APRIL, JUNI)]
    with blik(regio.databank, regio.werker, regio.naam) as cursor:
        assert verloop_op(cursor, regio.regels, dagen) == {"aangemeld": [1, 0, 0]}
        assert verloop_van_deel(cursor, regio.regels, dagen, (Indeling.MBO, "99XX")) == {"aangemeld": [1, 0, 0]}
