"""Random histories that go on for as long as one asks: requests for pupils and the wachtbak, one after the other."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from overstap.domain.feiten import Feit
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Rol
from overstap.domain.statussen import OverstapStatus
from tests.projections.geschiedenissen import (
    _ANDERE,
    _BESLUITEN,
    _STATUSFEITEN,
    _ZEGEL,
    HERZIENBAAR,
    MBOS,
    opvoer,
    wachtbakbericht,
)


class Loop:
    """Makes the next request of one of many streams, as a list of events that go in together."""

    def __init__(self, zaad: int, stromen: int = 40) -> None:
        self._kans = random.Random(zaad)  # noqa: S311 - histories, no secrets
        self._leerlingen: list[list[Gebeurtenis]] = [[] for _ in range(stromen)]
        self._wachtbak: list[list[Gebeurtenis]] = [[] for _ in range(3)]
        self._aanmeldingen: dict[UUID, int] = {}

    def verzoek(self) -> list[Gebeurtenis]:
        """Give the events of one request."""
        if self._kans.random() < 0.15:
            stroom = self._kans.choice(self._wachtbak)
            return self._voeg_toe(stroom, [wachtbakbericht(len(stroom) + 1)])
        stroom = self._kans.choice(self._leerlingen)
        return self._voeg_toe(stroom, self._feiten(stroom))

    def _feiten(self, stroom: Sequence[Gebeurtenis]) -> list[Feit]:
        kans, versie = self._kans, len(stroom)
        if not stroom:
            return [opvoer()]
        overstap = stroom[0].originator_id
        aantal = self._aanmeldingen.get(overstap, 0)
        soort = kans.choice(("meld_aan", "stap", "stap", "volg", "besluit", "ander", "herzie"))
        if soort == "meld_aan" and aantal < 4:
            self._aanmeldingen[overstap] = aantal + 1
            return [a.AanmeldingOntvangen(nummer=aantal + 1, brin=kans.choice(MBOS), crebo="25647")]
        if soort in {"stap", "volg"} and aantal:
            feit = kans.choice(_STATUSFEITEN)(kans.randint(1, aantal))
            naar = kans.choice(list(OverstapStatus))
            return [feit, _gewijzigd(naar, versie + 1, "volg_aanmelding")] if soort == "volg" else [feit]
        if soort == "besluit":
            besluit, naar, stap = kans.choice(_BESLUITEN)
            return [besluit, _gewijzigd(naar, versie + 1, stap)]
        herzien = {g.feit.gebeurtenis for g in stroom if isinstance(g.feit, o.GebeurtenisHerzien)}
        mogelijk = [g.originator_version for g in stroom if isinstance(g.feit, HERZIENBAAR)]
        if soort == "herzie" and (over := [nummer for nummer in mogelijk if nummer not in herzien]):
            herziening = o.GebeurtenisHerzien(gebeurtenis=kans.choice(over), reden=_ZEGEL)
            return [herziening, _gewijzigd(kans.choice(list(OverstapStatus)), versie + 1, "herzie")]
        return [kans.choice(_ANDERE)]

    def _voeg_toe(self, stroom: list[Gebeurtenis], feiten: Sequence[Feit]) -> list[Gebeurtenis]:
        overstap = stroom[0].originator_id if stroom else uuid4()
        nieuw = [
            Gebeurtenis(
                originator_id=overstap,
                originator_version=len(stroom) + nummer,
                feit=feit,
                regio="21",
                gebeurd_op=datetime.now(UTC),
                actor="account-1",
                rol=Rol.DECAAN,
                organisatie="99AA",
            )
            for nummer, feit in enumerate(feiten, start=1)
        ]
        stroom += nieuw
        return nieuw


def _gewijzigd(naar: OverstapStatus, oorzaak: int, stap: str) -> o.StatusGewijzigd:
    return o.StatusGewijzigd(van=OverstapStatus.NOG_NIET_AANGEMELD, naar=naar, oorzaak=oorzaak, stap=stap)
