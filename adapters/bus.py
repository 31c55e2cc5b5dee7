"""The one way from requests to the log: load the streams, decide each in order, append them together, answer each."""

import contextlib
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import structlog

from overstap.adapters.kaders import Kaders
from overstap.adapters.klok import Klok
from overstap.adapters.opdracht import (
    DATASLEUTEL,
    DRUK,
    GEWIST,
    ONGEWIJZIGD,
    Meelifter,
    Opdracht,
    Resultaat,
    Vastgelegd,
    antwoord_bij_kwitantie,
    antwoord_van,
)
from overstap.adapters.opzoeken import Opzoeker
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.toevoeging import Aanspraak, Afloop, Toevoeging, Uitkomst
from overstap.adapters.stroomsoorten import Oordeel, Stroomsoort
from overstap.adapters.toestanden import Toestanden
from overstap.adapters.vault import Kluis, SleutelVernietigd
from overstap.domain.feiten import Feit
from overstap.domain.feiten.overstap import SignaalGegeven, StatusGewijzigd
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.weigering import Weigering

POGINGEN = 5
"""How often a request is decided again after another writer was first."""


class _Plan(msgspec.Struct, frozen=True):
    """What one request (by its number in the batch) would add."""

    nummer: int
    toevoeging: Toevoeging


class _Ronde(msgspec.Struct):
    """One pass over a batch: what each stream becomes when all goes in, and what came of each request by its number.

    herhaald are the requests that carry the receipt key of an earlier one of the batch, with that one's number.
    """

    nu: datetime
    werk: dict[UUID, tuple[Stroomsoort, Any, str]] = msgspec.field(default_factory=dict)
    plannen: list[_Plan] = msgspec.field(default_factory=list)
    besloten: dict[int, Resultaat] = msgspec.field(default_factory=dict)
    herhaald: dict[int, int] = msgspec.field(default_factory=dict)


class Bus:
    """Handles requests in batches, a batch in one transaction; later requests of a batch see the earlier ones."""

    def __init__(  # noqa: PLR0913  # the parts it connects
        self, *, log: Log, opzoeker: Opzoeker, kluis: Kluis, kaders: Kaders, toestanden: Toestanden, klok: Klok
    ) -> None:
        self._log = log
        self._opzoeker = opzoeker
        self._kluis = kluis
        self._kaders = kaders
        self._toestanden = toestanden
        self._klok = klok
        self._meelifter: Meelifter | None = None
        self.aantal_vastgelegd = 0
        """How many events this bus recorded."""

    @contextlib.contextmanager
    def neem_mee(self, meelifter: Meelifter) -> Iterator[None]:
        """Let what a delivery says of itself travel in the transactions of its own batches, the rest at the end.

        A batch that adds nothing takes nothing along either.
        """
        self._meelifter = meelifter
        try:
            yield
            self._voeg_toe([], is_laatste=True)
        finally:
            self._meelifter = None

    def verwerk(self, opdrachten: Sequence[Opdracht]) -> list[Resultaat]:
        """Decide and record requests, and give what came of each, in order.

        Each stands alone: one that is refused or not unique leaves the others as they are. Vastgelegd is durable.
        """
        begin = time.perf_counter()
        resultaten = self._eerder_vastgelegd(opdrachten)
        over = [nummer for nummer in range(len(opdrachten)) if nummer not in resultaten]
        rondes = 0
        while over and rondes < POGINGEN:
            rondes += 1
            over = self._ronde(opdrachten, over, resultaten)
        resultaten |= dict.fromkeys(over, DRUK)
        self._toestanden.ruim_op()
        antwoorden = [resultaten[nummer] for nummer in range(len(opdrachten))]
        structlog.get_logger().debug(
            "batch",
            opdrachten=len(opdrachten),
            gebeurtenissen=sum(len(een.gebeurtenissen) for een in antwoorden if isinstance(een, Vastgelegd)),
            geweigerd=sum(isinstance(een, Weigering) for een in antwoorden),
            rondes=rondes,
            milliseconden=round((time.perf_counter() - begin) * 1000, 1),
        )
        return antwoorden

    def staat(self, soort: Stroomsoort, stroom: UUID) -> Any:  # noqa: ANN401  # each kind has a state of its own
        """Give the state of a stream as the log has it now, None when it has no events."""
        return self.staten(soort, (stroom,))[stroom]

    def staten(self, soort: Stroomsoort, stromen: Iterable[UUID]) -> dict[UUID, Any]:
        """Give the states of streams of one kind as the log has them now."""
        gevraagd = list(stromen)
        self._toestanden.volg()
        self._toestanden.laad((stroom, soort) for stroom in gevraagd)
        return {stroom: self._toestanden.staat(stroom) for stroom in gevraagd}

    def _eerder_vastgelegd(self, opdrachten: Sequence[Opdracht]) -> dict[int, Resultaat]:
        """Answer what has a receipt: it must not be judged again, for what it asked has happened since."""
        met = [(nummer, opdracht.kwitantie) for nummer, opdracht in enumerate(opdrachten) if opdracht.kwitantie]
        bekend = self._opzoeker.kwitanties([kwitantie for _, kwitantie in met])
        return {
            nummer: antwoord_bij_kwitantie(kwitantie, vingerafdruk)
            for nummer, kwitantie in met
            if (vingerafdruk := bekend.get((kwitantie.client, kwitantie.sleutel))) is not None
        }

    def _ronde(self, opdrachten: Sequence[Opdracht], over: list[int], resultaten: dict[int, Resultaat]) -> list[int]:
        """Load, decide and append once; give the numbers of what must be decided again."""
        self._toestanden.volg()
        self._toestanden.laad((opdrachten[nummer].stroom, opdrachten[nummer].soort) for nummer in over)
        ronde = _Ronde(self._klok())
        gepland: dict[tuple[str, bytes], int] = {}
        for nummer in over:
            kwitantie = opdrachten[nummer].kwitantie
            eerder = gepland.get((kwitantie.client, kwitantie.sleutel)) if kwitantie else None
            if eerder is not None:
                ronde.herhaald[nummer] = eerder
                continue
            uitslag = self._beslis(opdrachten[nummer], ronde)
            if isinstance(uitslag, Toevoeging):
                ronde.plannen.append(_Plan(nummer, uitslag))
                if kwitantie:
                    gepland[kwitantie.client, kwitantie.sleutel] = nummer
            else:
                ronde.besloten[nummer] = uitslag
        uitkomsten = self._voeg_toe([plan.toevoeging for plan in ronde.plannen])
        return self._sluit_af(opdrachten, ronde, uitkomsten, resultaten)

    def _voeg_toe(self, toevoegingen: list[Toevoeging], *, is_laatste: bool = False) -> list[Uitkomst]:
        """Append, with who travels along in front; at the end he travels alone, as often as it takes."""
        lift = self._meelifter.toevoeging() if self._meelifter and (toevoegingen or is_laatste) else None
        alle = [lift, *toevoegingen] if lift else toevoegingen
        uitkomsten = self._log.voeg_toe(alle, self._klok.voor_het_log())
        posities = [een.positie for een in uitkomsten if een.afloop is Afloop.VASTGELEGD and een.positie]
        if posities:
            aantal = sum(
                len(toevoeging.gebeurtenissen)
                for toevoeging, een in zip(alle, uitkomsten, strict=True)
                if een.afloop is Afloop.VASTGELEGD
            )
            self._toestanden.eigen_werk(min(posities), aantal)
            self.aantal_vastgelegd += aantal
        if lift and self._meelifter:
            self._meelifter.neem_antwoord(uitkomsten[0])
            if is_laatste:
                self._voeg_toe([], is_laatste=True)
            return uitkomsten[1:]
        return uitkomsten

    def _beslis(self, opdracht: Opdracht, ronde: _Ronde) -> Toevoeging | Resultaat:
        """Judge one request on the state as earlier ones of the batch leave it; give what it would add."""
        soort, stroom, actor = opdracht.soort, opdracht.stroom, opdracht.actor
        eerder = ronde.werk.get(stroom)
        toestand = eerder[1] if eerder else self._toestanden.staat(stroom)
        sleutels = (self._kluis.nieuwe_sleutel(stroom),) if soort.begint_met_sleutel(toestand) else ()
        try:
            verzoek = opdracht.verzoek(toestand) if callable(opdracht.verzoek) else opdracht.verzoek
        except SleutelVernietigd:
            verzoek = GEWIST
        oordeel: Oordeel | Weigering | None = None
        if isinstance(verzoek, Weigering):
            oordeel = verzoek
        elif verzoek is not None:
            oordeel = soort.decide(toestand, verzoek, actor, ronde.nu, self._kaders)
        if oordeel is None or isinstance(oordeel, Weigering) or not oordeel.besluit.feiten:
            if sleutels:
                self._kluis.vergeet(stroom)
            return oordeel if isinstance(oordeel, Weigering) else ONGEWIJZIGD
        aanspraken = opdracht.aanspraken
        if toestand is None and soort.staat_vast:
            aanspraken += (Aanspraak(soort.naam, stroom.bytes, stroom),)
        gebeurtenissen = []
        correlatie = opdracht.correlatie or uuid4()
        for nummer, feit in enumerate(oordeel.besluit.feiten, toestand.versie + 1 if toestand is not None else 1):
            gebeurtenis = Gebeurtenis(
                originator_id=stroom,
                originator_version=nummer,
                feit=feit,
                regio=actor.regio,
                gebeurd_op=oordeel.besluit.gebeurd_op,
                actor=actor.account,
                rol=actor.rol,
                organisatie=actor.organisatie,
                correlatie=correlatie,
                oorzaak=_oorzaak(stroom, feit),
                procedure=oordeel.procedure,
            )
            toestand = soort.evolve(toestand, gebeurtenis)
            gebeurtenissen.append(gebeurtenis)
        ronde.werk[stroom] = (soort, toestand, actor.regio)
        return Toevoeging(
            gebeurtenissen=tuple(gebeurtenissen),
            aanspraken=aanspraken,
            kwitantie=opdracht.kwitantie,
            datasleutels=sleutels,
            wachtbak=opdracht.wachtbak,
            vrijgaven=opdracht.vrijgaven,
        )

    def _sluit_af(
        self,
        opdrachten: Sequence[Opdracht],
        ronde: _Ronde,
        uitkomsten: Sequence[Uitkomst],
        resultaten: dict[int, Resultaat],
    ) -> list[int]:
        """Answer what is certain, keep the states that now hold, and give what must be decided again."""
        opnieuw: set[int] = set()
        mislukt: dict[UUID, int] = {}
        for plan, uitkomst in zip(ronde.plannen, uitkomsten, strict=True):
            antwoord = antwoord_van(opdrachten[plan.nummer], plan.toevoeging, uitkomst)
            if antwoord is None:
                opnieuw.add(plan.nummer)
            else:
                ronde.besloten[plan.nummer] = antwoord
            if not isinstance(antwoord, Vastgelegd):
                mislukt.setdefault(opdrachten[plan.nummer].stroom, plan.nummer)
        self._onthoud(opdrachten, ronde, mislukt)
        # When a request did not go in, all that was judged after it on its stream was judged on what never happened.
        for nummer, resultaat in ronde.besloten.items():
            sinds = mislukt.get(opdrachten[nummer].stroom, nummer)
            if nummer > sinds and not isinstance(resultaat, Vastgelegd):
                opnieuw.add(nummer)
        for nummer, eerder in ronde.herhaald.items():
            kwitantie, eerdere = opdrachten[nummer].kwitantie, opdrachten[eerder].kwitantie
            if kwitantie and eerdere and isinstance(ronde.besloten.get(eerder), Vastgelegd):
                ronde.besloten[nummer] = antwoord_bij_kwitantie(kwitantie, eerdere.vingerafdruk)
            else:
                opnieuw.add(nummer)
        resultaten |= {nummer: uitslag for nummer, uitslag in ronde.besloten.items() if nummer not in opnieuw}
        return sorted(opnieuw)

    def _onthoud(self, opdrachten: Sequence[Opdracht], ronde: _Ronde, mislukt: dict[UUID, int]) -> None:
        """Keep the states that now hold; forget those that do not, and keys that were not stored or were destroyed."""
        for stroom, (soort, toestand, regio) in ronde.werk.items():
            if stroom in mislukt:
                self._toestanden.vergeet(stroom)
                self._kluis.vergeet(stroom)
            else:
                self._toestanden.bewaar(stroom, soort, toestand, regio)
        for nummer, uitslag in ronde.besloten.items():
            for vrijgave in opdrachten[nummer].vrijgaven:
                if isinstance(uitslag, Vastgelegd) and vrijgave.soort == DATASLEUTEL:
                    self._kluis.vergeet(vrijgave.stroom)


def _oorzaak(stroom: UUID, feit: Feit) -> str | None:
    """Name the event behind a consequence: it stands earlier in the same stream."""
    if isinstance(feit, StatusGewijzigd | SignaalGegeven) and feit.oorzaak is not None:
        return f"{stroom}@{feit.oorzaak}"
    return None
