"""The states of streams that are in memory: bounded, and followed from the log itself."""

import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import structlog

from overstap.adapters.kaders import Kaders
from overstap.adapters.opzoeken import Opzoeker
from overstap.adapters.postgres.log import Log
from overstap.adapters.stroomsoorten import ORGANISATIE, PROCEDURE, VASTE_SOORTEN, Organisatiedossier, Stroomsoort
from overstap.domain.feiten import FeitVanOrganisatie, FeitVanProcedure
from overstap.domain.gebeurtenis import Gebeurtenis, Onleesbaar, tot_onleesbaar
from overstap.domain.procedure import Jaar

HOOGSTENS = 8_000
"""How many states of pupils stay in memory: about 5 kB each."""
VERS = 0.02
"""For so many seconds after it was read, the log counts as known: other processes may have added to it meanwhile.

What they did to a stream shows when something is added to it; a change to an organisation or a year may take this long.
"""
VERS_GENOEG = 0.25
"""The same while a delivery is read, whose lines come together: to ask after each answer takes longer than to judge."""
_TEVEEL = 2_000
"""After so many events of others it is cheaper to forget all and load what is asked for."""


class Toestanden:
    """What is known of each stream, kept up to date from the log itself.

    The log is followed by position. What this process adds is known already. What others add is read when the append
    tells that they did, or when the log was not heard of for a while; so under load nothing is asked twice.
    """

    def __init__(self, log: Log, opzoeker: Opzoeker, kaders: Kaders, *, hoogstens: int = HOOGSTENS) -> None:
        self._log = log
        self._opzoeker = opzoeker
        self._kaders = kaders
        self._hoogstens = hoogstens
        # By the number of the id: hashing a UUID itself takes longer than all the rest here.
        self._wisselend: dict[int, tuple[Stroomsoort, Any]] = {}
        self._vast: dict[int, tuple[Stroomsoort, Any]] = {}
        self._onleesbaar: set[int] = set()
        self._positie = 0
        self._bevestigd = 0.0
        self.vreemd = 0
        """How often events became known that (for all we know) others added."""
        self.begin_opnieuw()

    def begin_opnieuw(self) -> None:
        """Forget everything, and load what is always in memory."""
        self._positie = self._log.laatste_positie()
        self._wisselend.clear()
        self._vast.clear()
        self._onleesbaar.clear()
        vast = {stroom: VASTE_SOORTEN[soort] for soort, stroom in self._opzoeker.vaste_stromen(VASTE_SOORTEN)}
        self.laad(vast.items())

    def houd_bij(self, hoe_vers: float = VERS) -> bool:
        """Read the log on, unless that was done in the last `hoe_vers` seconds; tell whether it was."""
        if time.monotonic() - self._bevestigd < hoe_vers:
            return False
        self.volg()
        return True

    def wantrouw(self) -> None:
        """Let the log be read before anything else is judged."""
        self._bevestigd = 0.0

    def volg(self) -> None:
        """Take in what others added to the log since the last time."""
        self._bevestigd = time.monotonic()
        nieuw = self._log.lees_wat_kan(self._positie, _TEVEEL)
        self.vreemd += bool(nieuw)
        if len(nieuw) == _TEVEEL:
            self.begin_opnieuw()
            return
        for een in nieuw:
            if isinstance(een, Onleesbaar):
                self._zet_opzij(een)
            else:
                self._neem_op(een)
            self._positie = een.positie or self._positie

    def laad(self, gevraagd: Iterable[tuple[UUID, Stroomsoort]]) -> None:
        """Bring streams into memory, those that are there excepted, in one query.

        Of one that holds an event this program cannot read, the state is as it was before that; `is_onleesbaar` tells.
        """
        nodig = {
            stroom: soort for stroom, soort in gevraagd if stroom.int not in self._vast and not self._is_bekend(stroom)
        }
        if not nodig:
            return
        for stroom, gelezen in self._log.laad_wat_kan(nodig).items():
            soort, toestand = nodig[stroom], None
            gebeurtenissen = tot_onleesbaar(gelezen)
            for gebeurtenis in gebeurtenissen:
                toestand = soort.evolve(toestand, gebeurtenis)
            if toestand is not None:
                self.bewaar(stroom, soort, toestand, gebeurtenissen[-1].regio)
            if len(gebeurtenissen) < len(gelezen):
                self._zet_opzij(next(een for een in gelezen if isinstance(een, Onleesbaar)))

    def is_onleesbaar(self, stroom: UUID) -> bool:
        """Tell whether a stream that was loaded holds an event that this program cannot read: decide nothing on it."""
        return stroom.int in self._onleesbaar

    def staat(self, stroom: UUID) -> Any:  # noqa: ANN401  # each kind has a state of its own
        """Give the state of a stream in memory, None when it has no events."""
        bekend = self._wisselend.get(stroom.int) or self._vast.get(stroom.int)
        return bekend[1] if bekend else None

    def bewaar(self, stroom: UUID, soort: Stroomsoort, toestand: Any, regio: str) -> None:  # noqa: ANN401  # as above
        """Keep the state of a stream as the log has it, unless a later one is known."""
        bekend = self.staat(stroom)
        if bekend is not None and bekend.versie > toestand.versie:
            return
        if soort.staat_vast:
            self._vast[stroom.int] = (soort, toestand)
            if isinstance(toestand, Organisatiedossier):
                self._kaders.neem_organisatie_op(regio, toestand.organisatie)
            elif isinstance(toestand, Jaar):
                self._kaders.neem_jaar_op(regio, toestand)
            return
        self._wisselend.pop(stroom.int, None)
        self._wisselend[stroom.int] = (soort, toestand)

    def ruim_op(self) -> None:
        """Drop the states that were longest unused, above the number allowed."""
        while len(self._wisselend) > self._hoogstens:
            stroom = next(iter(self._wisselend))
            del self._wisselend[stroom]
            self._onleesbaar.discard(stroom)

    def vergeet(self, stroom: UUID) -> None:
        """Drop the state of a stream that may no longer hold; what is always in memory is loaded again at once."""
        self._onleesbaar.discard(stroom.int)
        self._wisselend.pop(stroom.int, None)
        vast = self._vast.pop(stroom.int, None)
        if vast is not None:
            self.laad([(stroom, vast[0])])

    def eigen_werk(self, eerder: int, aantal: int) -> None:
        """Note that this process added so many events after position `eerder`; others added what is not known yet."""
        if eerder > self._positie:
            self.vreemd += 1
            self.wantrouw()
            return
        self._positie = max(self._positie, eerder + aantal)
        self._bevestigd = time.monotonic()

    def _is_bekend(self, stroom: UUID) -> bool:
        bekend = self._wisselend.pop(stroom.int, None)
        if bekend is not None:
            self._wisselend[stroom.int] = bekend  # the last used stands last
        return bekend is not None

    def _zet_opzij(self, een: Onleesbaar) -> None:
        """Decide nothing about this stream any more; an organisation, or a year, is as if it were not there.

        What cannot be read may take a right away: nobody acts on what it was before.
        """
        structlog.get_logger().error(
            "stroom_onleesbaar", stroom=str(een.originator_id), versie=een.originator_version, soort=een.topic
        )
        self._onleesbaar.add(een.originator_id.int)
        vast = self._vast.get(een.originator_id.int)
        if vast is not None:
            self._kaders.vergeet(vast[1].organisatie if isinstance(vast[1], Organisatiedossier) else vast[1])

    def _neem_op(self, gebeurtenis: Gebeurtenis) -> None:
        stroom = gebeurtenis.originator_id
        bekend = self._wisselend.get(stroom.int) or self._vast.get(stroom.int)
        if bekend is None:
            if isinstance(gebeurtenis.feit, FeitVanOrganisatie):
                self.laad([(stroom, ORGANISATIE)])
            elif isinstance(gebeurtenis.feit, FeitVanProcedure):
                self.laad([(stroom, PROCEDURE)])
            return
        soort, toestand = bekend
        if gebeurtenis.originator_version == toestand.versie + 1:
            self.bewaar(stroom, soort, soort.evolve(toestand, gebeurtenis), gebeurtenis.regio)
        elif gebeurtenis.originator_version > toestand.versie:
            self.vergeet(stroom)
