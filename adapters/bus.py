"""The one way from requests to the log: load the streams, decide each in order, append them together, answer each."""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
import structlog

from overstap.adapters.delen import Delen
from overstap.adapters.kaders import Kaders
from overstap.adapters.klok import Klok
from overstap.adapters.opdracht import (
    DATASLEUTEL,
    ONGEWIJZIGD,
    ONLEESBAAR,
    Meelifter,
    Opdracht,
    Resultaat,
    Vastgelegd,
    antwoord_bij_kwitantie,
    antwoord_van,
    conflict,
)
from overstap.adapters.opzoeken import Opzoeker
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.toevoeging import Aanspraak, Afloop, Toevoeging, Uitkomst
from overstap.adapters.ronde import Plan, Ronde
from overstap.adapters.stroomsoorten import Oordeel, Stroomsoort, weigering_zonder_sleutel
from overstap.adapters.toestanden import VERS, VERS_GENOEG, Toestanden
from overstap.adapters.vault import Kluis, SleutelVernietigd
from overstap.adapters.willekeurig import willekeurige_ids
from overstap.domain.feiten import Feit
from overstap.domain.feiten.overstap import SignaalGegeven, StatusGewijzigd
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.weigering import Weigering
from overstap.statemachine.weigeringen import onbekende_leerling

ONBEKEND = onbekende_leerling().code
_GEVOLGEN = (StatusGewijzigd, SignaalGegeven)


class Bus:
    """Handles requests in batches, some hundreds in one transaction; later requests see the earlier ones."""

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
        self._intussen: Callable[[], None] | None = None
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
            self._neem_rest_mee(meelifter)
        finally:
            self._meelifter = None

    @contextlib.contextmanager
    def doe_intussen(self, werk: Callable[[], None]) -> Iterator[None]:
        """Have work done whenever the log is waited for with nothing left to decide; it may come any number of times.

        It asks nothing of the log and nothing of this bus: what is under way is not known yet.
        """
        self._intussen = werk
        try:
            yield
        finally:
            self._intussen = None

    def verwerk(self, opdrachten: Sequence[Opdracht]) -> list[Resultaat]:
        """Decide and record requests, and give what came of each, in order.

        Each stands alone: one that is refused or not unique leaves the others as they are. Vastgelegd is durable.
        """
        begin = time.perf_counter()
        delen = Delen(self, opdrachten)
        resultaten = delen.verwerk()
        structlog.get_logger().debug(
            "batch",
            opdrachten=len(opdrachten),
            gebeurtenissen=sum(len(een.gebeurtenissen) for een in resultaten if isinstance(een, Vastgelegd)),
            geweigerd=sum(isinstance(een, Weigering) for een in resultaten),
            delen=delen.aantal,
            milliseconden=round((time.perf_counter() - begin) * 1000, 1),
        )
        return resultaten

    # --- one pass in its steps, for who decides the next one while the log works on this one --------------------------

    def begin(self, opdrachten: Sequence[Opdracht]) -> Ronde:
        """Begin a pass: decide requests, in order. Nothing is sent yet."""
        ronde = Ronde(nu=self._klok(), vreemd=self._toestanden.vreemd)
        self.beslis(ronde, opdrachten)
        ronde.vreemd = self._toestanden.vreemd
        return ronde

    def beslis(self, ronde: Ronde, opdrachten: Sequence[Opdracht]) -> None:
        """Decide more requests in a pass that was not sent yet; they see what the earlier ones decided."""
        eerste = len(ronde.opdrachten)
        if self._toestanden.houd_bij(VERS_GENOEG if self._meelifter else VERS):
            ronde.vers.update(range(eerste, eerste + len(opdrachten)))
        self._toestanden.laad((opdracht.stroom, opdracht.soort) for opdracht in opdrachten if not opdracht.is_nieuw)
        correlaties = willekeurige_ids(len(opdrachten))
        for nummer, opdracht in enumerate(opdrachten, eerste):
            ronde.opdrachten.append(opdracht)
            kwitantie = opdracht.kwitantie
            if kwitantie:
                eerder = ronde.gepland.get((kwitantie.client, kwitantie.sleutel))
                if eerder is not None:
                    ronde.herhaald[nummer] = eerder
                    continue
            uitslag = self._beslis(opdracht, ronde, correlaties)
            if isinstance(uitslag, Toevoeging):
                ronde.plannen.append(Plan(nummer, uitslag))
                if kwitantie:
                    ronde.gepland[kwitantie.client, kwitantie.sleutel] = nummer
            else:
                ronde.besloten[nummer] = uitslag

    def verstuur(self, ronde: Ronde) -> None:
        """Send what was decided to the log, and do not wait; with a Meelifter one pass at a time can be under way."""
        if ronde.plannen:
            ronde.lift = self._meelifter.toevoeging() if self._meelifter else None
            voorop = [ronde.lift] if ronde.lift else []
            toevoegingen = voorop + [plan.toevoeging for plan in ronde.plannen]
            ronde.onderweg = self._log.verstuur(toevoegingen, self._klok.voor_het_log())

    def benut_wachten(self) -> None:
        """Do what was asked to be done while the log works."""
        if self._intussen is not None:
            self._intussen()

    def ontvang(self, ronde: Ronde) -> None:
        """Wait for what the log made of it; passes come back in the order in which they were sent."""
        if ronde.onderweg:
            stapel = self._log.ontvang(ronde.onderweg)
            ronde.eerder = stapel.eerder
            ronde.uitkomsten = stapel.uitkomsten[1:] if ronde.lift else stapel.uitkomsten
            if ronde.lift and self._meelifter:
                ronde.vastgelegd = _vastgelegd(stapel.uitkomsten[0])
                self._meelifter.neem_antwoord(stapel.uitkomsten[0])

    def rond_af(self, ronde: Ronde) -> list[Resultaat | None]:
        """Keep the states that now hold; give the answer to each request, None to one that must be decided again."""
        opnieuw: set[int] = set()
        mislukt: dict[UUID, int] = {}
        for plan, uitkomst in zip(ronde.plannen, ronde.uitkomsten, strict=True):
            opdracht = ronde.opdrachten[plan.nummer]
            antwoord = antwoord_van(opdracht, plan.toevoeging, uitkomst)
            if isinstance(antwoord, Vastgelegd):
                ronde.vastgelegd += uitkomst.aantal
                ronde.besloten[plan.nummer] = antwoord
                self._vergeet_vernietigde(opdracht)
                continue
            mislukt.setdefault(opdracht.stroom, plan.nummer)
            if antwoord is None:
                opnieuw.add(plan.nummer)
            else:
                ronde.besloten[plan.nummer] = antwoord
        if ronde.eerder is not None:
            self._toestanden.eigen_werk(ronde.eerder, ronde.vastgelegd)
        self.aantal_vastgelegd += ronde.vastgelegd
        for stroom, soort, toestand, regio in ronde.werk.values():
            if stroom in mislukt:
                self._toestanden.vergeet(stroom)
                self._kluis.vergeet(stroom)
            else:
                self._toestanden.bewaar(stroom, soort, toestand, regio)
        self._toestanden.ruim_op()
        if len(ronde.besloten) > len(ronde.plannen) - len(opnieuw):
            self._toets_zonder_vastlegging(ronde, opnieuw, mislukt)
        for nummer, eerder in ronde.herhaald.items():
            kwitantie, eerdere = ronde.opdrachten[nummer].kwitantie, ronde.opdrachten[eerder].kwitantie
            wat = next((u for p, u in zip(ronde.plannen, ronde.uitkomsten, strict=True) if p.nummer == eerder), None)
            if kwitantie and eerdere and wat and isinstance(ronde.besloten.get(eerder), Vastgelegd):
                ronde.besloten[nummer] = antwoord_bij_kwitantie(kwitantie, eerdere.vingerafdruk, wat)
            else:
                opnieuw.add(nummer)
        return [None if nummer in opnieuw else ronde.besloten[nummer] for nummer in range(len(ronde.opdrachten))]

    # ------------------------------------------------------------------------------------------------------------------

    def houd_bij(self) -> None:
        """Take in what others added to the log, unless that was done just now."""
        self._toestanden.houd_bij()

    def staat(self, soort: Stroomsoort, stroom: UUID) -> Any:  # noqa: ANN401  # each kind has a state of its own
        """Give the state of a stream as the log has it now, None when it has no events."""
        return self.staten(soort, (stroom,))[stroom]

    def staten(self, soort: Stroomsoort, stromen: Iterable[UUID]) -> dict[UUID, Any]:
        """Give the states of streams of one kind as the log has them now."""
        gevraagd = list(stromen)
        self._toestanden.volg()
        self._toestanden.laad((stroom, soort) for stroom in gevraagd)
        return {stroom: self._toestanden.staat(stroom) for stroom in gevraagd}

    def _beslis(self, opdracht: Opdracht, ronde: Ronde, correlaties: Iterator[UUID]) -> Toevoeging | Resultaat:
        """Judge one request on the state as earlier ones of the batch leave it; give what it would add."""
        soort, stroom, actor = opdracht.soort, opdracht.stroom, opdracht.actor
        eerder = ronde.werk.get(stroom.int)
        toestand = eerder[2] if eerder else self._toestanden.staat(stroom)
        sleutels = (self._kluis.nieuwe_sleutel(stroom),) if soort.begint_met_sleutel(toestand) else ()
        try:
            verzoek = opdracht.verzoek(toestand) if callable(opdracht.verzoek) else opdracht.verzoek
        except SleutelVernietigd:
            verzoek = weigering_zonder_sleutel(toestand, actor, ronde.nu, self._kaders)
        oordeel: Oordeel | Weigering | None = None
        if isinstance(verzoek, Weigering):
            oordeel = verzoek
        elif verzoek is not None:
            oordeel = soort.decide(toestand, verzoek, actor, ronde.nu, self._kaders)
        versie = toestand.versie if toestand is not None else 0
        verwacht = opdracht.verwachte_versie
        # Who may not see the stream is not told its version either.
        if verwacht is not None and verwacht != versie and not _is_onbekend(oordeel):
            oordeel = conflict(versie)
        if self._toestanden.is_onleesbaar(stroom) and not _is_onbekend(oordeel):
            oordeel = ONLEESBAAR
        if oordeel is None or isinstance(oordeel, Weigering) or not oordeel.besluit.feiten:
            if sleutels:
                self._kluis.vergeet(stroom)
            return oordeel if isinstance(oordeel, Weigering) else ONGEWIJZIGD
        aanspraken = opdracht.aanspraken
        if toestand is None and soort.staat_vast:
            aanspraken += (Aanspraak(soort.naam, stroom.bytes, stroom),)
        gebeurtenissen = []
        correlatie = opdracht.correlatie or next(correlaties)
        for nummer, feit in enumerate(oordeel.besluit.feiten, versie + 1):
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
        ronde.werk[stroom.int] = (stroom, soort, toestand, actor.regio)
        return Toevoeging(
            gebeurtenissen=tuple(gebeurtenissen),
            aanspraken=aanspraken,
            kwitantie=opdracht.kwitantie,
            datasleutels=sleutels,
            wachtbak=opdracht.wachtbak,
            vrijgaven=opdracht.vrijgaven,
            toegang=opdracht.toegang,
        )

    def _toets_zonder_vastlegging(self, ronde: Ronde, opnieuw: set[int], mislukt: dict[UUID, int]) -> None:
        """Look again at what was answered without adding anything: no version check protects it.

        It must be decided again when an earlier request on its stream did not go in, or when others wrote while the log
        was not read; and what has a receipt was asked before, so that it must not be judged at all.
        """
        gepland = {plan.nummer for plan in ronde.plannen}
        zonder = [nummer for nummer in ronde.besloten if nummer not in gepland]
        if ronde.eerder is None and any(nummer not in ronde.vers for nummer in zonder):
            self._toestanden.volg()  # nothing was sent, so the log did not tell whether anyone else wrote
        is_bij = ronde.vreemd == self._toestanden.vreemd
        if not is_bij:
            self._toestanden.wantrouw()
        for nummer, antwoord in ronde.besloten.items():
            if isinstance(antwoord, Vastgelegd):
                continue
            sinds = mislukt.get(ronde.opdrachten[nummer].stroom, nummer)
            if nummer > sinds or (nummer not in ronde.vers and not is_bij and nummer not in gepland):
                opnieuw.add(nummer)
        met = [
            (nummer, kwitantie)
            for nummer in zonder
            if nummer not in opnieuw and (kwitantie := ronde.opdrachten[nummer].kwitantie)
        ]
        bekend = self._opzoeker.kwitanties([kwitantie for _, kwitantie in met])
        for nummer, kwitantie in met:
            if (gevonden := bekend.get((kwitantie.client, kwitantie.sleutel))) is not None:
                ronde.besloten[nummer] = antwoord_bij_kwitantie(kwitantie, *gevonden)

    def _neem_rest_mee(self, meelifter: Meelifter) -> None:
        """Record what is still to be said, as often as it takes."""
        while (lift := meelifter.toevoeging()) is not None:
            stapel = self._log.ontvang(self._log.verstuur([lift], self._klok.voor_het_log()))
            [uitkomst] = stapel.uitkomsten
            self._toestanden.eigen_werk(stapel.eerder, _vastgelegd(uitkomst))
            self.aantal_vastgelegd += _vastgelegd(uitkomst)
            meelifter.neem_antwoord(uitkomst)

    def _vergeet_vernietigde(self, opdracht: Opdracht) -> None:
        for vrijgave in opdracht.vrijgaven:
            if vrijgave.soort == DATASLEUTEL:
                self._kluis.vergeet(vrijgave.stroom)


def _vastgelegd(uitkomst: Uitkomst) -> int:
    """Count the events that went in."""
    return uitkomst.aantal if uitkomst.afloop is Afloop.VASTGELEGD else 0


def _is_onbekend(oordeel: Oordeel | Weigering | None) -> bool:
    return isinstance(oordeel, Weigering) and oordeel.code == ONBEKEND


def _oorzaak(stroom: UUID, feit: Feit) -> str | None:
    """Name the event behind a consequence: it stands earlier in the same stream."""
    if isinstance(feit, _GEVOLGEN) and feit.oorzaak is not None:
        return f"{msgspec.to_builtins(stroom)}@{feit.oorzaak}"  # a third of the time of str()
    return None
