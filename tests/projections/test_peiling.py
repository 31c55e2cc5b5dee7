"""A pupil on one moment as known on another: told from his stream, equal to the definition and to statusperiodes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.domain.feiten import Feit, Verzegeld
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.redenen import Grond
from overstap.domain.statussen import OverstapStatus
from overstap.projections.kennisverschil import verschillen, vervangingen
from overstap.projections.peiling import Peiling, peil
from overstap.projections.projectie import OVERSTAPFEITEN, vastgelegd_op
from overstap.projections.zinnen_vervanging import vertel_vervangingen
from tests.bewijzen import IS_VOL
from tests.projections.geschiedenissen import BEGIN, Boek, logboeken, opvoer
from tests.projections.test_statusperiodes import Naief, gevouwen, rechthoeken, stand_op

OMVANG = settings(max_examples=500) if IS_VOL else settings()
"""How many histories: each is held against every pair of moments of it."""
EVEN = timedelta(microseconds=1)
DAG = timedelta(days=1)
LEERLING = UUID(int=1)
ZEGEL = Verzegeld("AAAA")
ONTVANGEN = a.AanmeldingOntvangen(nummer=1, brin="99XX", crebo="25647")
NIET, AAN, INTAKE = OverstapStatus.NOG_NIET_AANGEMELD, OverstapStatus.AANGEMELD, OverstapStatus.INTAKE


def momenten_van(boek: Boek) -> list[datetime]:
    """Give every moment on which anything changes in either time, and just before and after it."""
    return sorted(
        {
            moment + rand
            for g in boek.gebeurtenissen
            for moment in (g.gebeurd_op, vastgelegd_op(g))
            for rand in (EVEN, -EVEN, 0 * EVEN)
        }
    )


def standen(peiling: Peiling | None) -> dict[int, str]:
    if peiling is None:
        return {}
    regels = [*([peiling.leerling] if peiling.leerling else []), *peiling.aanmeldingen]
    return {regel.nummer: regel.status for regel in regels}


@pytest.mark.proof
@OMVANG
@given(logboeken(verzoeken=15))
def test_a_pupil_is_where_the_definition_and_statusperiodes_have_him(boek: Boek) -> None:
    naief, lijnen = Naief(boek.gebeurtenissen), rechthoeken(gevouwen(boek.gebeurtenissen))
    momenten = momenten_van(boek)[::2]
    for stroom in {g.originator_id for g in boek.gebeurtenissen if type(g.feit) in OVERSTAPFEITEN}:
        eigen, eigen_lijnen = boek.van(stroom), [lijn for lijn in lijnen if lijn[0] == stroom]
        for op in momenten:
            for bekend in momenten:
                gevonden = standen(peil(eigen, op, bekend))
                for lijn in eigen_lijnen:
                    verwacht = [gevonden[lijn[1]]] if lijn[1] in gevonden else []
                    assert naief.stand_op(lijn, op, bekend) == verwacht, (lijn, op, bekend)
                    assert stand_op(lijnen[lijn], op, bekend) == verwacht, (lijn, op, bekend)


@pytest.mark.proof
@OMVANG
@given(logboeken(stromen=1, verzoeken=20), st.data())
def test_a_difference_is_told_exactly_where_two_moments_of_knowledge_differ(boek: Boek, data: st.DataObject) -> None:
    eigen = [g for g in boek.gebeurtenissen if type(g.feit) in OVERSTAPFEITEN]
    momenten = momenten_van(boek)
    eerst, later = sorted(data.draw(st.tuples(st.sampled_from(momenten), st.sampled_from(momenten))))
    gevonden = verschillen(eigen, eerst, later)
    for op in momenten:
        was, wordt = standen(peil(eigen, op, eerst)), standen(peil(eigen, op, later))
        for nummer in was.keys() | wordt.keys():
            geldig = [
                (een.was, een.wordt)
                for een in gevonden
                if een.nummer == nummer and een.van <= op and (een.tot is None or op < een.tot)
            ]
            if was.get(nummer) != wordt.get(nummer):
                assert geldig == [(was.get(nummer), wordt.get(nummer))], (nummer, op)
            else:
                assert all(een[0] == een[1] for een in geldig), "the reason alone may differ"


@given(logboeken(stromen=1))
def test_what_is_known_now_is_replaced_by_nothing(boek: Boek) -> None:
    eigen = [g for g in boek.gebeurtenissen if type(g.feit) in OVERSTAPFEITEN]
    laatste = vastgelegd_op(boek.gebeurtenissen[-1])
    peiling = peil(eigen, laatste, laatste)
    assert peiling is not None
    assert peiling.leerling is not None
    assert all(regel.vervangen_door is None for regel in (peiling.leerling, *peiling.aanmeldingen))


def verhaal(*stappen: tuple[Sequence[Feit], float, float]) -> list[Gebeurtenis]:
    """Give the stream of a pupil entered on day 0, and what happened and was recorded on these days."""
    boek = Boek()
    boek.voeg_toe(LEERLING, [opvoer()], BEGIN, BEGIN)
    for feiten, gebeurd, vastgelegd in stappen:
        boek.voeg_toe(LEERLING, feiten, BEGIN + gebeurd * DAG, BEGIN + vastgelegd * DAG)
    return boek.gebeurtenissen


def status(van: OverstapStatus, naar: OverstapStatus, oorzaak: int, stap: str = "volg_aanmelding") -> o.StatusGewijzigd:
    return o.StatusGewijzigd(van=van, naar=naar, oorzaak=oorzaak, stap=stap)


AFGEWEZEN_EN_LAAT_GEPLAND = verhaal(
    ([ONTVANGEN], 1, 1),
    ([a.AanmeldingAfgewezen(nummer=1, grond=Grond.CAPACITEIT)], 5, 5),
    ([a.IntakeGepland(nummer=1)], 3, 9),
)


def test_late_knowledge_says_when_it_came() -> None:
    peiling = peil(AFGEWEZEN_EN_LAAT_GEPLAND, BEGIN + 6 * DAG, BEGIN + 10 * DAG)
    assert peiling is not None
    [regel] = peiling.aanmeldingen
    assert (regel.status, regel.sinds_op, regel.gebeurtenis) == ("intake_gepland", BEGIN + 3 * DAG, 4)
    assert regel.bekend_geworden == "op 10 oktober 2025 bekend geworden"


def test_what_was_recorded_on_the_day_itself_needs_no_saying() -> None:
    peiling = peil(AFGEWEZEN_EN_LAAT_GEPLAND, BEGIN + 2 * DAG, BEGIN + 2 * DAG)
    assert peiling is not None
    assert [regel.bekend_geworden for regel in peiling.aanmeldingen] == [""]


def test_what_replaced_it_since_is_told_beside_what_was_believed() -> None:
    peiling = peil(AFGEWEZEN_EN_LAAT_GEPLAND, BEGIN + 6 * DAG, BEGIN + 7 * DAG)
    assert peiling is not None
    [regel] = peiling.aanmeldingen
    assert regel.status == "afgewezen"
    assert regel.vervangen_door is not None
    assert (regel.vervangen_door.status, regel.vervangen_door.gebeurtenis) == ("intake_gepland", 4)
    assert regel.vervangen_door.bekend_geworden == "op 10 oktober 2025 bekend geworden"


def test_before_anything_was_known_there_is_nothing() -> None:
    assert peil(AFGEWEZEN_EN_LAAT_GEPLAND, BEGIN, BEGIN - EVEN) is None
    assert peil(AFGEWEZEN_EN_LAAT_GEPLAND, BEGIN - EVEN, BEGIN + DAG) is None


def test_an_aanmelding_has_the_opleiding_that_was_known_then() -> None:
    stroom = verhaal(([ONTVANGEN], 1, 1), ([a.AanmeldingGewijzigd(nummer=1, crebo="25655")], 2, 4))
    crebos = []
    for bekend in (3, 5):
        peiling = peil(stroom, BEGIN + 3 * DAG, BEGIN + bekend * DAG)
        assert peiling is not None
        crebos.append(peiling.aanmeldingen[0].crebo)
    assert crebos == ["25647", "25655"]


def test_a_difference_tells_what_was_rewritten_from_what_happened_since() -> None:
    stroom = verhaal(
        ([ONTVANGEN], 1, 1),
        ([a.AanmeldingAfgewezen(nummer=1, grond=Grond.CAPACITEIT)], 5, 5),
        ([a.IntakeGepland(nummer=1)], 3, 9),
        ([a.VoorlopigGeplaatst(nummer=1)], 12, 12),
    )
    gevonden = verschillen(stroom, BEGIN + 4 * DAG, BEGIN + 12 * DAG)
    assert [(een.was, een.wordt, een.van, een.tot, een.gebeurtenis, een.is_herschreven) for een in gevonden] == [
        ("aangemeld", "intake_gepland", BEGIN + 3 * DAG, BEGIN + 12 * DAG, 4, True),
        ("aangemeld", "voorlopig_geplaatst", BEGIN + 12 * DAG, None, 5, False),
    ]


def test_history_says_what_was_said_and_what_replaced_it() -> None:
    [een] = vervangingen(AFGEWEZEN_EN_LAAT_GEPLAND)
    assert (een.was, een.was_gebeurtenis, een.wordt, een.vanaf) == ("afgewezen", 3, "intake_gepland", BEGIN + 5 * DAG)
    [zin] = vertel_vervangingen(AFGEWEZEN_EN_LAAT_GEPLAND)[4]
    assert zin.startswith("Vanaf 6 oktober 2025, 10.00 uur was van aanmelding 1 bij 99XX bekend: afgewezen ")
    assert zin.endswith("(gebeurtenis 3); nu: intake gepland.")


def test_what_was_merely_recorded_late_replaced_nothing_that_was_said() -> None:
    assert vervangingen(verhaal(([ONTVANGEN], 1, 1), ([a.IntakeGepland(nummer=1)], 2, 9))) == []


def test_what_was_recorded_with_it_was_never_believed() -> None:
    assert vervangingen(verhaal(([ONTVANGEN, a.VoorlopigGeplaatst(nummer=1)], 1, 9))) == []


def test_a_correction_replaces_what_held_until_then_and_both_remain() -> None:
    stroom = verhaal(
        ([ONTVANGEN, status(NIET, AAN, 2)], 1, 1),
        ([a.IntakeGepland(nummer=1), status(AAN, INTAKE, 4)], 2, 2),
        ([o.GebeurtenisHerzien(gebeurtenis=4, reden=ZEGEL), status(INTAKE, AAN, 6, "herzie")], 8, 8),
    )
    assert vertel_vervangingen(stroom) == {
        6: ("Tot dan gold voor aanmelding 1 bij 99XX: intake gepland (gebeurtenis 4); daarna: aangemeld.",),
        7: ("Tot dan gold voor de leerling: intake (gebeurtenis 5); daarna: aangemeld.",),
    }


def test_a_stream_that_is_no_pupil_s_is_damage() -> None:
    [_, los, *_] = AFGEWEZEN_EN_LAAT_GEPLAND
    with pytest.raises(ValueError, match="begins with AanmeldingOntvangen"):
        peil([los], BEGIN, BEGIN)
