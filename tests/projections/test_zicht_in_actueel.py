"""actueel says who may see a pupil: over any history the same as the judgement of the state machine."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from overstap.domain.feiten import overstap as o
from overstap.domain.kalender import AMSTERDAM, Regels, datum_in_amsterdam, kalender_van
from overstap.domain.overstap import evolve
from overstap.domain.redenen import RedenUitschrijving, Uitkomst
from overstap.domain.rollen import Actor, Rol
from overstap.domain.statussen import OverstapStatus
from overstap.projections.projectie import ONEINDIGE_DAG, Batch
from overstap.statemachine.kader import Kader
from overstap.statemachine.zicht import ziet
from tests.projections.geschiedenissen import BEGIN, MBOS, Boek, logboeken
from tests.projections.test_actueel import ONTVANGEN, TWEEDE, gevouwen, na, op, status

NIET, MET_LEERPLICHT = OverstapStatus.NOG_NIET_AANGEMELD, OverstapStatus.LEERPLICHT_INGESCHAKELD
KLAAR, WEG = OverstapStatus.LEERPLICHT_AFGEHANDELD, OverstapStatus.UITGESCHREVEN
KADER = Kader(regels=Regels(regio="21", overstapjaar=2026, revisie=1, kalender=kalender_van(2026)))
INGESCHAKELD = (o.LeerplichtIngeschakeld(), status(NIET, MET_LEERPLICHT, 2))
DAG = timedelta(days=1)


def actor(rol: Rol, organisatie: str) -> Actor:
    return Actor(account="account-2", rol=rol, organisatie=organisatie, regio="21")


def om_twaalf_uur(dag: date) -> datetime:
    return datetime.combine(dag, time(12), AMSTERDAM)


@given(logboeken(), st.integers(0, 200))
def test_leerplicht_sees_a_pupil_until_the_day_that_the_row_says(boek: Boek, dagen: int) -> None:
    for stroom, eigen in Batch(boek.gebeurtenissen).overstappen.items():
        staat = None
        for g in eigen:
            staat = evolve(staat, g)
        rij = gevouwen(boek, stroom)
        assert staat is not None
        tot = rij.leerplicht_ziet_tot
        dag = datum_in_amsterdam(BEGIN) + dagen * DAG
        randen = () if tot in {None, ONEINDIGE_DAG} or tot is None else (tot, tot + DAG)
        for vandaag in (dag, *randen):
            gezien = ziet(actor(Rol.LEERPLICHTAMBTENAAR, rij.gemeente), staat, om_twaalf_uur(vandaag), KADER)
            assert gezien == (tot is not None and vandaag <= tot)


@given(logboeken())
def test_an_mbo_sees_a_pupil_when_the_row_names_it(boek: Boek) -> None:
    for stroom, eigen in Batch(boek.gebeurtenissen).overstappen.items():
        staat = None
        for g in eigen:
            staat = evolve(staat, g)
        rij = gevouwen(boek, stroom)
        assert staat is not None
        gezien = {mbo for mbo in MBOS if ziet(actor(Rol.MBO_INTAKER, mbo), staat, BEGIN, KADER)}
        assert gezien == set(rij.mbos)
        assert len(rij.mbos) == len(gezien)


def test_while_leerplicht_has_a_pupil_it_sees_him_without_end() -> None:
    assert na(INGESCHAKELD).leerplicht_ziet_tot == ONEINDIGE_DAG
    assert na().leerplicht_ziet_tot is None


def test_three_months_after_handing_back_leerplicht_sees_the_pupil_for_the_last_time() -> None:
    afgehandeld = o.LeerplichtAfgehandeld(uitkomst=Uitkomst.TERUG_NAAR_VO, gemeente="0363")
    rij = na(INGESCHAKELD, [afgehandeld, status(MET_LEERPLICHT, KLAAR, 4)])
    assert rij.leerplicht_ziet_tot == date(2026, 1, 3)


def test_a_pupil_taken_out_of_the_hands_of_leerplicht_is_no_longer_with_it() -> None:
    weg = o.LeerlingUitgeschreven(reden=RedenUitschrijving.OVERIG)
    rij = na(INGESCHAKELD, [weg, status(MET_LEERPLICHT, WEG, 4)])
    assert (rij.leerplicht_sinds, rij.leerplicht_klaar_op) == (None, op(2).date())
    assert rij.leerplicht_ziet_tot == date(2026, 1, 3)


def test_every_mbo_with_an_aanmelding_stands_in_the_row_once() -> None:
    assert na(ONTVANGEN, TWEEDE, ONTVANGEN.__class__(nummer=3, brin="99XX01", crebo="25655")).mbos == ("99XX", "99YY")
