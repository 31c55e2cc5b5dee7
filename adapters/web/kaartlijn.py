"""Where a status stands on the chart: the road from first to last and its side roads, read from the chart class."""

from collections.abc import Collection
from functools import cache

import msgspec

from overstap.adapters.procedurekaart import Kaart, kaarten
from overstap.domain.statussen import OverstapStatus


class Halte(msgspec.Struct, frozen=True, kw_only=True):
    """One status of the chart: is_hier: the pupil stands there; is_geweest: he has stood there."""

    status: str
    is_hier: bool
    is_geweest: bool


class Weg(msgspec.Struct, frozen=True, kw_only=True):
    """From here a step leads to these statuses."""

    stap: str
    naar: tuple[str, ...]


class Kaartlijn(msgspec.Struct, frozen=True, kw_only=True):
    """The main road, its side roads, and where one can go from here (without corrections, which lead everywhere)."""

    hoofdweg: list[Halte]
    zijwegen: list[Halte]
    wegen: list[Weg]


@cache
def _overstapkaart() -> Kaart:
    return kaarten()[1]


def kaartlijn(status: OverstapStatus, geweest: Collection[str]) -> Kaartlijn:
    """Place a pupil on the chart.

    The main road are the statuses that follow the aanmeldingen, and the end that the system closes them with: so a
    status that the chart gains stands here by itself.
    """
    kaart = _overstapkaart()
    stappen = {stap.naam: stap for stap in kaart.stappen}
    hoofdweg = (*stappen["volg_aanmelding"].doelen, *stappen["sluit_af"].doelen)
    zijwegen = [een.code for een in kaart.statussen if een.code not in hoofdweg]

    def haltes(codes: Collection[str]) -> list[Halte]:
        return [Halte(status=code, is_hier=code == status, is_geweest=code in geweest) for code in codes]

    wegen = []
    for stap in kaart.stappen:
        doelen = tuple(dict.fromkeys(rij.naar for rij in stap.rijen if rij.van == status and rij.naar != status))
        if doelen and not kaart.gaat_overal_heen(stap):
            wegen.append(Weg(stap=stap.naam, naar=doelen))
    return Kaartlijn(hoofdweg=haltes(hoofdweg), zijwegen=haltes(zijwegen), wegen=wegen)
