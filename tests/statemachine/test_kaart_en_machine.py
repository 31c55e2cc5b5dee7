"""The compiled table is the chart: the library's own machine goes where the table goes, and nothing is a dead end."""

from collections.abc import Iterable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statemachine import StateMachine
from statemachine.exceptions import TransitionNotAllowed

from overstap.domain.statussen import RANG, OverstapStatus
from overstap.domain.weigering import Reden
from overstap.statemachine.aanmelding_chart import GEEN, AanmeldingChart
from overstap.statemachine.beletselen import CODE_VAN, Beletselen
from overstap.statemachine.overstap_chart import OverstapChart
from overstap.statemachine.tabel import (
    AANMELDING,
    OVERSTAP,
    STATUS_BIJ_RANG,
    Tabel,
    compileer,
    stappen_vanuit,
    volgende,
)
from tests.statemachine.omstandigheden import BELETSELEN
from tests.statemachine.spelers import ALLES_OPEN, INTAKER, REGELS

KAARTEN: list[tuple[type[StateMachine], Tabel]] = [(AanmeldingChart, AANMELDING), (OverstapChart, OVERSTAP)]
beide = pytest.mark.parametrize(("kaart", "tabel"), KAARTEN, ids=["aanmelding", "overstap"])
CORRECTIES = {"herzie", "herzie_aanmelding"}


def statussen(kaart: type[StateMachine]) -> list[str]:
    return [str(toestand.value) for toestand in kaart.states]


def stappen(tabel: Tabel) -> list[str]:
    return sorted({stap for _, stap in tabel})


@cache
def machine_van(kaart: type[StateMachine]) -> tuple[StateMachine, Beletselen]:
    """Make the library's machine once (that takes 10 ms); its status and circumstances are those of its model."""
    model = Beletselen(regels=REGELS, actor=INTAKER, gebeurd_op=ALLES_OPEN)
    return kaart(model=model, start_value=str(next(iter(kaart.states)).value)), model


def na_machine(kaart: type[StateMachine], van: str, stap: str, omstandigheden: Beletselen) -> str | None:
    """Let the library's machine take a step; give where it went, None when it would not."""
    machine, model = machine_van(kaart)
    vars(model).update(vars(omstandigheden) | {"state": van})
    try:
        machine.send(stap)
    except TransitionNotAllowed:
        assert str(model.state) == van
        return None
    return str(model.state)


@pytest.mark.proof
@beide
@given(data=st.data())
def test_the_table_goes_where_the_library_s_machine_goes(
    kaart: type[StateMachine], tabel: Tabel, data: st.DataObject
) -> None:
    """A random sequence of steps, each in random circumstances; most are refused, by both."""
    van = data.draw(st.sampled_from(statussen(kaart)))
    for stap in data.draw(st.lists(st.sampled_from(stappen(tabel)), max_size=8)):
        omstandigheden = data.draw(BELETSELEN)
        naar = volgende(tabel, van, stap, omstandigheden)
        assert na_machine(kaart, van, stap, omstandigheden) == (naar if isinstance(naar, str) else None)
        van = naar if isinstance(naar, str) else van


@pytest.mark.proof
@beide
@given(data=st.data())
def test_the_machine_and_the_table_take_every_row_under_the_same_circumstances(
    kaart: type[StateMachine], tabel: Tabel, data: st.DataObject
) -> None:
    """The same from rows that exist, so that the two are compared where they may go, too."""
    for van, stap in data.draw(st.lists(st.sampled_from(sorted(tabel)), min_size=1, max_size=8)):
        omstandigheden = data.draw(BELETSELEN)
        naar = volgende(tabel, van, stap, omstandigheden)
        assert na_machine(kaart, van, stap, omstandigheden) == (naar if isinstance(naar, str) else None)
        assert not isinstance(naar, tuple) or all(isinstance(reden, Reden) for reden in naar)


@pytest.mark.parametrize("rang", sorted({0, *RANG.values()}))
@pytest.mark.parametrize("van", sorted(OverstapStatus))
def test_the_status_follows_the_rank_as_in_the_machine(van: OverstapStatus, rang: int) -> None:
    omstandigheden = Beletselen(regels=REGELS, actor=INTAKER, gebeurd_op=ALLES_OPEN, rang=rang)
    assert STATUS_BIJ_RANG.get((van, rang)) == na_machine(OverstapChart, van, "volg_aanmelding", omstandigheden)


@beide
def test_the_table_has_the_transitions_of_the_class(kaart: type[StateMachine], tabel: Tabel) -> None:
    van_de_klasse = [
        (str(toestand.value), stap, str(overgang.target.value))
        for toestand in kaart.states
        for overgang in toestand.transitions
        for stap in str(overgang.event).split()
    ]
    assert sorted(van_de_klasse) == sorted(
        (van, stap, rij.doel) for (van, stap), rijen in tabel.items() for rij in rijen
    )


@beide
def test_every_obstacle_of_a_chart_has_a_code_and_explains_itself(kaart: type[StateMachine], tabel: Tabel) -> None:
    namen = {beletsel.__name__ for rijen in tabel.values() for rij in rijen for beletsel in rij.beletselen}
    assert namen <= set(CODE_VAN)
    assert all(getattr(Beletselen, naam).__doc__ for naam in namen)
    assert kaart.__doc__


def test_every_code_belongs_to_an_obstacle_of_a_chart() -> None:
    namen = {
        beletsel.__name__
        for _, tabel in KAARTEN
        for rijen in tabel.values()
        for rij in rijen
        for beletsel in rij.beletselen
    }
    assert set(CODE_VAN) == namen


@given(BELETSELEN)
def test_an_obstacle_names_itself(omstandigheden: Beletselen) -> None:
    for naam in CODE_VAN:
        reden = getattr(omstandigheden, naam)()
        assert reden is None or (reden.voorwaarde == naam and reden.uitleg.endswith("."))


def test_a_chart_that_names_an_unknown_obstacle_does_not_compile() -> None:
    from statemachine import State  # noqa: PLC0415  # only this test makes a chart of its own

    class Fout(StateMachine):
        begin = State(initial=True)
        einde = State(final=True)
        ga = begin.to(einde, unless="bestaat_niet")

    with pytest.raises(AttributeError, match="bestaat_niet"):
        compileer(Fout)


def bereikbaar(tabel: Tabel, van: str, zonder: Iterable[str] = ()) -> set[str]:
    """Give all statuses that some sequence of rows leads to."""
    gezien, wachtrij = {van}, [van]
    while wachtrij:
        hier = wachtrij.pop()
        for stap in set(stappen_vanuit(tabel, hier)) - set(zonder):
            for rij in tabel[hier, stap]:
                if rij.doel not in gezien:
                    gezien.add(rij.doel)
                    wachtrij.append(rij.doel)
    return gezien


@beide
def test_no_status_is_a_dead_end_even_without_corrections(kaart: type[StateMachine], tabel: Tabel) -> None:
    alle = set(statussen(kaart)) - {GEEN}
    assert {van for van in alle if not alle <= bereikbaar(tabel, van, CORRECTIES)} == set()


@beide
def test_a_correction_may_leave_every_status_for_every_status(kaart: type[StateMachine], tabel: Tabel) -> None:
    alle = set(statussen(kaart)) - {GEEN}
    [correctie] = CORRECTIES & set(stappen(tabel))
    assert {van for van in alle if {rij.doel for rij in tabel[van, correctie]} != alle} == set()


@beide
def test_no_status_is_final_for_the_library(kaart: type[StateMachine], tabel: Tabel) -> None:
    assert [toestand.id for toestand in kaart.states if toestand.final] == []
    assert tabel
