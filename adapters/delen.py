"""Handle a row of requests in portions: one is decided while the log records the one before (docs/adr/0005)."""

from collections import Counter, deque
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from overstap.adapters.opdracht import DRUK, Opdracht, Resultaat
from overstap.adapters.ronde import Ronde

PER_DEEL = 500
"""How many requests go in together: with more the log waits for us, with fewer it commits too often."""
KLEINSTE_DEEL = 50
"""A row that is shorter than PER_DEEL goes in two portions all the same, if neither is smaller than this."""
POGINGEN = 5
"""How often a request is decided again after another writer was first."""


class Stappen(Protocol):
    """The steps of one pass of the bus."""

    def begin(self, opdrachten: Sequence[Opdracht]) -> Ronde:
        """Decide."""

    def verstuur(self, ronde: Ronde) -> None:
        """Send to the log."""

    def benut_wachten(self) -> None:
        """Do something else while the log works."""

    def ontvang(self, ronde: Ronde) -> None:
        """Wait for the log."""

    def rond_af(self, ronde: Ronde) -> list[Resultaat | None]:
        """Answer."""


class _Deel(NamedTuple):
    """Requests, by their numbers, that go in together."""

    nummers: list[int]
    ronde: Ronde


class Delen:
    """Requests on their way through the bus; a request for a stream that is under way waits for its turn."""

    def __init__(self, stappen: Stappen, opdrachten: Sequence[Opdracht]) -> None:
        self._stappen = stappen
        self._opdrachten = opdrachten
        self._per_deel = min(PER_DEEL, max(KLEINSTE_DEEL, -(-len(opdrachten) // 2)))
        self._wacht = deque(range(len(opdrachten)))
        self._pogingen: Counter[int] = Counter()
        self._onderweg: _Deel | None = None
        self._resultaten: dict[int, Resultaat] = {}
        self.aantal = 0
        """In how many portions they went."""

    def verwerk(self) -> list[Resultaat]:
        """Decide and record all; give what came of each, in order."""
        while self._wacht or self._onderweg:
            try:
                volgende = self._beslis()
                if volgende is None:
                    self._stappen.benut_wachten()
            except BaseException:
                self._schuif_door(None)  # what was sent is received, or the connection could not be used any more
                raise
            self._schuif_door(volgende)
        return [self._resultaten[nummer] for nummer in range(len(self._opdrachten))]

    def _beslis(self) -> _Deel | None:
        nummers = self._neem()
        if not nummers:
            return None
        self.aantal += 1
        return _Deel(nummers, self._stappen.begin([self._opdrachten[nummer] for nummer in nummers]))

    def _schuif_door(self, volgende: _Deel | None) -> None:
        """Receive what was under way, send what was decided meanwhile, and then answer."""
        klaar, self._onderweg = self._onderweg, None
        if klaar:
            self._stappen.ontvang(klaar.ronde)
        if volgende:
            self._stappen.verstuur(volgende.ronde)
            self._onderweg = volgende
        if klaar:
            self._rond_af(klaar)

    def _rond_af(self, deel: _Deel) -> None:
        opnieuw = []
        for nummer, antwoord in zip(deel.nummers, self._stappen.rond_af(deel.ronde), strict=True):
            if antwoord is not None:
                self._resultaten[nummer] = antwoord
                continue
            self._pogingen[nummer] += 1
            if self._pogingen[nummer] < POGINGEN:
                opnieuw.append(nummer)
            else:
                self._resultaten[nummer] = DRUK
        self._wacht.extendleft(reversed(opnieuw))

    def _neem(self) -> list[int]:
        """Take what waits, in order, but what is about a stream that is under way, and what comes after it there.

        Organisations and years are what others are judged against: they are decided beside nothing else. A portion that
        would be small for what is under way waits for that, so that it goes in whole.
        """
        if not self._wacht:
            return []
        onderweg = [self._opdrachten[nummer] for nummer in self._onderweg.nummers] if self._onderweg else []
        is_vast = self._opdrachten[self._wacht[0]].soort.staat_vast
        if onderweg and (is_vast or onderweg[0].soort.staat_vast):
            return []
        bezet = {opdracht.stroom.int for opdracht in onderweg}
        genomen: list[int] = []
        blijft: list[int] = []
        while len(genomen) < self._per_deel and self._wacht:
            nummer = self._wacht.popleft()
            opdracht = self._opdrachten[nummer]
            if opdracht.soort.staat_vast is not is_vast:
                blijft.append(nummer)
                break
            (blijft if opdracht.stroom.int in bezet else genomen).append(nummer)
        if bezet and blijft and len(genomen) < self._per_deel // 2:
            blijft, genomen = sorted(blijft + genomen), []
        self._wacht.extendleft(reversed(blijft))
        return genomen
