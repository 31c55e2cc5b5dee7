"""The list of pupils comes in pages that follow one another, in any order, narrowed to what is asked."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.domain.statussen import OverstapStatus
from overstap.projections.actueel import Actueel
from overstap.projections.actueel_lijst import Volgorde, Vraag, bladzijde, tel
from overstap.projections.selectie import BladwijzerOngeldig, Selectie
from overstap.projections.werklijsten import Werklijst
from tests.projections.test_actueel import ONTVANGEN, status
from tests.projections.test_werklijsten import AAN, NIET, Regio
from tests.projections.vastleggen import blik

JUNI = (6, 1)


@pytest.fixture(scope="module")
def regio(demo_databank: Databank) -> Iterator[Regio]:
    """Five pupils of two schools; two applied, one of them a month before the other."""
    with demo_databank.verbind(Login.SCHRIJVER) as verbinding, Werker(demo_databank) as werker:
        regio = Regio(demo_databank, Log(verbinding), werker)
        for school, maand in (("99BB", 3), ("99AA", 4)):
            regio.leerling(((maand, 1), [ONTVANGEN, status(NIET, AAN, 2)]), school=school)
        for school in ("99AA", "99BB", "99AA"):
            regio.leerling(school=school)
        regio.leg_vast()
        yield regio


def gelezen(regio: Regio, vraag: Vraag, volgorde: Volgorde = Volgorde.SCHOOL, per: int = 2) -> list[Actueel]:
    rijen: list[Actueel] = []
    na = None
    with blik(regio.databank, regio.werker, regio.naam) as cursor:
        assert tel(cursor, regio.regels, regio.op(*JUNI), vraag) >= 0
        while True:
            blad = bladzijde(cursor, regio.regels, regio.op(*JUNI), vraag, volgorde=volgorde, na=na, aantal=per)
            rijen += blad.rijen
            if (na := blad.verder) is None:
                assert len(rijen) == tel(cursor, regio.regels, regio.op(*JUNI), vraag)
                return rijen


def ids(rijen: list[Actueel]) -> list[UUID]:
    return [rij.overstap for rij in rijen]


@pytest.mark.parametrize(
    ("volgorde", "sleutel", "andersom"),
    [
        (Volgorde.SCHOOL, lambda rij: (rij.school, rij.vestiging, rij.klas, rij.overstap), False),
        (Volgorde.LANGST, lambda rij: (rij.sinds, rij.overstap), False),
        (Volgorde.NIEUWST, lambda rij: (rij.sinds, rij.overstap), True),
        (Volgorde.STILST, lambda rij: (rij.laatste_op, rij.overstap), False),
    ],
)
def test_pages_follow_one_another_in_every_order(
    regio: Regio, volgorde: Volgorde, sleutel: Callable[[Actueel], tuple[Any, ...]], *, andersom: bool
) -> None:
    rijen = gelezen(regio, Vraag(), volgorde)
    assert len(set(ids(rijen))) == 5
    assert rijen == sorted(rijen, key=sleutel, reverse=andersom)


def test_a_list_is_narrowed_by_school_status_mbo_and_worklist(regio: Regio) -> None:
    alle = gelezen(regio, Vraag())
    assert ids(gelezen(regio, Vraag(selectie=Selectie(school="99BB")))) == [
        rij.overstap for rij in alle if rij.school == "99BB"
    ]
    aangemeld = [rij.overstap for rij in alle if rij.status is AAN]
    assert len(aangemeld) == 2
    assert ids(gelezen(regio, Vraag(status=OverstapStatus.AANGEMELD))) == aangemeld
    assert ids(gelezen(regio, Vraag(selectie=Selectie(mbo="99XX")))) == aangemeld
    assert sorted(ids(gelezen(regio, Vraag(werklijst=Werklijst.NIET_AANGEMELD)))) == sorted(
        rij.overstap for rij in alle if rij.status is NIET
    )
    assert gelezen(regio, Vraag(werklijst=Werklijst.WACHTBAK)) == []


def test_a_bookmark_of_another_order_is_refused(regio: Regio) -> None:
    with blik(regio.databank, regio.werker, regio.naam) as cursor:
        een = bladzijde(cursor, regio.regels, regio.op(*JUNI), Vraag(), volgorde=Volgorde.LANGST, aantal=2)
        for volgorde in (Volgorde.SCHOOL, Volgorde.NIEUWST):
            with pytest.raises(BladwijzerOngeldig, match="eerste bladzijde"):
                bladzijde(cursor, regio.regels, regio.op(*JUNI), Vraag(), volgorde=volgorde, na=een.verder)


def test_a_day_later_the_calendar_has_filled_a_worklist(regio: Regio) -> None:
    vraag, dag = Vraag(werklijst=Werklijst.NIET_AANGEMELD), timedelta(days=1)
    with blik(regio.databank, regio.werker, regio.naam) as cursor:
        voor, na = (tel(cursor, regio.regels, regio.op(4, 1) + x * dag, vraag) for x in (0, 1))
    assert (voor, na) == (0, 3)
