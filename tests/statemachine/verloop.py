"""Courses of a pupil's year drawn at random: steps that are granted, mixed with whatever anybody might ask."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from hypothesis import strategies as st

from overstap.domain import verzoeken as v
from overstap.domain.overstap import Overstap
from overstap.domain.rollen import Actor, Rol
from overstap.statemachine.decide import decide
from overstap.statemachine.kader import Besluit
from tests.statemachine.berichten import zegt
from tests.statemachine.gegeven import Gegeven, Uitslag, given
from tests.statemachine.geldig import STAPPEN_1, STAPPEN_2, geldige_verzoeken
from tests.statemachine.herzieningen import herzie
from tests.statemachine.omstandigheden import (
    AANMELDINGSVERZOEKEN,
    ACTOREN,
    ANDERE_VERZOEKEN,
    BERICHTEN,
    HERZIENINGEN,
    OVERSTAPVERZOEKEN,
    VERZOEKEN,
)
from tests.statemachine.spelers import (
    DECAAN,
    ELDERS,
    INTAKER,
    KADER,
    KOPPELING,
    LEERPLICHT,
    REGIEBEHEERDER,
    SPELERS,
    SYSTEEM,
    VO_BEHEERDER,
    op,
)
from tests.statemachine.standen import STATUSSEN_1
from tests.statemachine.tafel import KAART_2

Vraag = tuple[v.Verzoek, Actor]
Verloop = list[tuple[Vraag | int, int]]

BEGIN = op("2026-03-20T12:00+01:00")
_MENSEN = st.sampled_from([DECAAN, LEERPLICHT, REGIEBEHEERDER, SYSTEEM, VO_BEHEERDER])
_VRAGEN: st.SearchStrategy[Vraag] = st.one_of(
    st.tuples(OVERSTAPVERZOEKEN, _MENSEN),
    st.tuples(AANMELDINGSVERZOEKEN, st.just(INTAKER)),
    st.tuples(BERICHTEN, st.sampled_from([KOPPELING, ELDERS[Rol.KOPPELING]])),
    st.tuples(HERZIENINGEN, st.sampled_from([REGIEBEHEERDER, DECAAN, INTAKER])),
    st.tuples(ANDERE_VERZOEKEN, _MENSEN),
    st.tuples(VERZOEKEN, ACTOREN),
)
_KEUZES = st.integers(0, 9_999)
VERLOPEN: st.SearchStrategy[Verloop] = st.lists(
    st.tuples(_KEUZES | _KEUZES | _KEUZES | _VRAGEN, st.integers(0, 25)), min_size=6, max_size=20
)
"""Requests, each some days after the one before it; a number picks one of those that are granted at that moment."""


class Stap(msgspec.Struct, frozen=True):
    """One request of a course, when it was asked, and its answer."""

    uitslag: Uitslag
    nu: datetime

    @property
    def voor(self) -> Overstap:
        """The overstap when it was asked."""
        assert self.uitslag.gegeven.overstap is not None
        return self.uitslag.gegeven.overstap

    @property
    def na(self) -> Overstap:
        """The overstap afterwards."""
        return self.uitslag.overstap if isinstance(self.uitslag.antwoord, Besluit) else self.voor


def loop(verloop: Verloop) -> list[Stap]:
    """Ask all requests of a course, one after another."""
    overstap, nu, stappen = given().overstap, BEGIN, []
    assert overstap is not None
    for vraag, dagen in verloop:
        nu += timedelta(days=dagen)
        verzoek, door = vraag if isinstance(vraag, tuple) else _keuze(vraag, overstap, nu)
        stappen.append(Stap(Gegeven(overstap).when(verzoek, by=door, at=nu), nu))
        overstap = stappen[-1].na
    return stappen


def _keuze(getal: int, overstap: Overstap, nu: datetime) -> Vraag:
    """Pick a request that is granted now: a decision, a row of chart 1, a correction, or else (always) a message."""
    soort, getal = getal % 5, getal // 5
    mogelijk = [
        (verzoek, door)
        for verzoek, door in _van_soort(soort, overstap, nu)
        if isinstance(decide(overstap, verzoek, door, nu, KADER), Besluit)
    ]
    if mogelijk:
        return mogelijk[getal % len(mogelijk)]
    hoogste = max((nummer for _, nummer in overstap.gezien), default=0)
    return zegt(STATUSSEN_1[getal % len(STATUSSEN_1)], hoogste + 1), KOPPELING


def _van_soort(soort: int, overstap: Overstap, nu: datetime) -> Iterator[Vraag]:
    if soort in {0, 1}:
        for stap in STAPPEN_2:
            door = SPELERS[max(KAART_2[stap].door)]
            yield from ((verzoek, door) for verzoek in geldige_verzoeken(stap, overstap, nu))
    elif soort == 2:  # the kinds are counted, not named
        for stap in STAPPEN_1:
            yield from ((verzoek, INTAKER) for verzoek in geldige_verzoeken(stap, overstap, nu))
    elif soort == 3:
        for door in (REGIEBEHEERDER, DECAAN, INTAKER):
            yield from ((herzie(stap.nummer), door) for stap in overstap.stappen)
