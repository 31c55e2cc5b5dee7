"""What a chart class says: its statuses and steps, as plain data for drawing."""

from collections.abc import Iterable
from typing import cast

import msgspec
from statemachine import StateMachine

from overstap.statemachine.aanmelding_chart import RANGEN, AanmeldingChart
from overstap.statemachine.overstap_chart import OverstapChart


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """One status: its stored code, its words, its rank where the chart has ranks."""

    code: str
    woorden: str
    rang: int | None = None
    is_begin: bool = False


class Rij(msgspec.Struct, frozen=True, kw_only=True):
    """One transition: keuzes must all hold for it to be meant, beletselen must all be absent for it to be allowed."""

    van: str
    naar: str
    keuzes: tuple[str, ...] = ()
    beletselen: tuple[str, ...] = ()


class Stap(msgspec.Struct, frozen=True, kw_only=True):
    """A step with its transitions, in the order of the statuses it leaves."""

    naam: str
    rijen: tuple[Rij, ...]

    @property
    def bronnen(self) -> tuple[str, ...]:
        """The statuses it leaves, each once."""
        return tuple(dict.fromkeys(rij.van for rij in self.rijen))

    @property
    def doelen(self) -> tuple[str, ...]:
        """The statuses it leads to, each once."""
        return tuple(dict.fromkeys(rij.naar for rij in self.rijen))

    @property
    def blijft(self) -> bool:
        """Whether it never changes the status."""
        return all(rij.van == rij.naar for rij in self.rijen)

    @property
    def beletselen(self) -> tuple[str, ...]:
        """All that can stand in its way, each once."""
        return tuple(dict.fromkeys(naam for rij in self.rijen for naam in rij.beletselen))


class Kaart(msgspec.Struct, frozen=True, kw_only=True):
    """A chart with its title."""

    titel: str
    statussen: tuple[Status, ...]
    stappen: tuple[Stap, ...]

    def gaat_overal_heen(self, stap: Stap) -> bool:
        """Whether a step leads from each status that can be reached to each such status, as a correction does."""
        bereikbaar = {rij.naar for een in self.stappen for rij in een.rijen}
        return {(rij.van, rij.naar) for rij in stap.rijen} == {(van, naar) for van in bereikbaar for naar in bereikbaar}


def lees(chart: type[StateMachine], titel: str, rangen: dict[str, int]) -> Kaart:
    """Read a chart class."""
    rijen: dict[str, list[Rij]] = {}
    for toestand in chart.states:
        for overgang in toestand.transitions:
            if overgang.target is None:
                raise ValueError(f"{overgang.event} leads nowhere from {toestand.id}")
            rij = Rij(
                van=str(toestand.value),
                naar=str(overgang.target.value),
                keuzes=tuple(str(eis.func) for eis in overgang.cond if eis.expected_value),
                beletselen=tuple(str(eis.func) for eis in overgang.cond if not eis.expected_value),
            )
            for naam in str(overgang.event).split():
                rijen.setdefault(naam, []).append(rij)
    namen = cast("Iterable[object]", chart.events)  # the library types this property of the class as its function
    return Kaart(
        titel=titel,
        statussen=tuple(
            Status(
                code=str(toestand.value),
                woorden=toestand.name,
                rang=rangen.get(str(toestand.value)),
                is_begin=toestand.initial,
            )
            for toestand in chart.states
        ),
        stappen=tuple(Stap(naam=str(stap), rijen=tuple(rijen[str(stap)])) for stap in namen),
    )


def kaarten() -> tuple[Kaart, Kaart]:
    """Give both charts of the procedure, the aanmelding first."""
    return (
        lees(AanmeldingChart, "Aanmelding: één verzoek bij één MBO", RANGEN),
        lees(OverstapChart, "Overstap: waar de leerling staat", {}),
    )
