"""Writes one pupil's lines down, each in a delivery that comes after all it rests on."""

import random

from overstap.adapters.synthetische_regio.agenda import Agenda, Kanaal
from overstap.adapters.synthetische_regio.kalender import UUR, datum, werktijd
from overstap.adapters.synthetische_regio.plan import NOOIT, Aanvraag, Beweging, Ingang, Leerling, Regel

HIERVAN_DE_DAG = "<dag>"  # as a field of a step: the date on which it is taken
_VLAK_ERNA = 15 * 60
STAP_NAAR = {
    "aangemeld": "meld_aan",
    "intake_gepland": "plan_intake",
    "nader_onderzoek": "start_onderzoek",
    "intake_afgerond": "rond_intake_af",
    "wachtlijst": "plaats_op_wachtlijst",
    "voorlopig_geplaatst": "plaats_voorlopig",
    "definitief_geplaatst": "plaats_definitief",
    "gestart": "bevestig_start",
    "afgewezen": "wijs_af",
    "ingetrokken": "trek_in",
    "niet_verschenen": "meld_niet_verschenen",
}


class Reis:
    """One pupil on his way through the year: draws moments for him and writes his lines."""

    def __init__(self, leerling: Leerling, agenda: Agenda, toeval: random.Random) -> None:
        self.leerling = leerling
        self.agenda = agenda
        self.jaar = agenda.jaar
        self.toeval = toeval

    def kans(self, aandeel: float) -> bool:
        """Draw whether something happens that happens to this share of pupils."""
        return self.toeval.random() < aandeel

    def dagen(self, van: float, tot: float) -> int:
        """Draw a span of time between two numbers of days."""
        return int((van + self.toeval.random() * (tot - van)) * 24 * UUR)

    def tussen(self, van: tuple[int, int], tot: tuple[int, int]) -> int:
        """Draw a moment between two days of the year, both (month, day)."""
        return self.jaar.tussen(self.toeval, van, tot)

    def rust(self, van: int, tot: int = NOOIT) -> None:
        """Let no aanmelding of the pupil move in deliveries from the one moment until before the other."""
        self.leerling.vensters.append((van, tot))

    def beweeg(self, aanvraag: Aanvraag, beweging: Beweging) -> int | None:
        """Move an aanvraag when the pupil may move; give the moment of delivery, None when it stops for good."""
        if aanvraag.dicht:
            return None
        t, vertraging = beweging.t, beweging.vertraging
        while (gevonden := self._levering(aanvraag, t, vertraging)) is not None:
            kanaal, levering, t = gevonden
            tot = self._rust_tot(kanaal.op(levering))
            if tot == NOOIT:
                break
            if not tot:
                return self._schrijf(aanvraag, beweging, gevonden)
            t, vertraging = tot + self.dagen(0.1, 3), 0
        aanvraag.dicht = True
        return None

    def beweeg_toch(self, aanvraag: Aanvraag, beweging: Beweging) -> int | None:
        """Move an aanvraag whatever others decided about the pupil, and let it go on from there."""
        gevonden = self._levering(aanvraag, beweging.t, beweging.vertraging)
        if gevonden is None:
            return None
        aanvraag.dicht = False
        return self._schrijf(aanvraag, beweging, gevonden)

    def stap(self, wie: tuple[str, str], t: int, verzoek: str, **velden: object) -> int:
        """Let somebody of an (organisation, role) take a step at or after a moment; give the moment of its delivery.

        NOOIT when the year has no such delivery any more. A field given as HIERVAN_DE_DAG becomes the date of the step.
        """
        t = werktijd(self.toeval, max(t, self.leerling.ingevoerd + _VLAK_ERNA))
        kanaal = self.agenda.stappen(*wie)
        levering = kanaal.levering_na(t)
        if levering is None:
            return NOOIT
        self.leerling.regels.append(Regel(kanaal, levering, t, verzoek, _met_dag(velden, datum(t))))
        return kanaal.op(levering)

    def decaan(self, t: int, verzoek: str, **velden: object) -> int:
        """Let the decaan of the pupil's school take a step; give the moment of its delivery."""
        return self.stap((self.leerling.school_op(t).brin, "decaan"), t, verzoek, **velden)

    def noem(self, *soorten: str) -> Regel:
        """List the pupil's last line as trouble of these kinds."""
        regel = self.leerling.regels[-1]
        regel.moeilijkheden = soorten
        return regel

    def _levering(self, aanvraag: Aanvraag, t: int, vertraging: int) -> tuple[Kanaal, int, int] | None:
        """Find the channel and delivery of a move, never before the last one of that aanvraag."""
        vanaf = 0 if aanvraag.begint_voor_invoer else self.leerling.ingevoerd + _VLAK_ERNA
        t = max(t, aanvraag.t + _VLAK_ERNA, vanaf)
        if aanvraag.ingang is not Ingang.KOPPELING:
            t = werktijd(self.toeval, t)
        kanaal = self._kanaal_van(aanvraag)
        levering = kanaal.levering_na(t)
        if levering is None:
            return None
        levering = max(levering, aanvraag.levering)
        return kanaal, levering + vertraging if kanaal.bevat(levering + vertraging) else levering, t

    def _kanaal_van(self, aanvraag: Aanvraag) -> Kanaal:
        if aanvraag.ingang is Ingang.DECAAN or aanvraag.mbo is None:
            return self.agenda.stappen(self.leerling.school.brin, "decaan")
        if aanvraag.ingang is Ingang.INTAKER:
            return self.agenda.stappen(aanvraag.mbo.brin, "mbo_intaker")
        return self.agenda.koppeling(aanvraag.mbo)

    def _rust_tot(self, op: int) -> int:
        return next((tot for van, tot in self.leerling.vensters if van <= op < tot), 0)

    def _schrijf(self, aanvraag: Aanvraag, beweging: Beweging, plaats: tuple[Kanaal, int, int]) -> int:
        kanaal, levering, t = plaats
        regel = Regel(
            kanaal,
            levering,
            t,
            "koppelbericht" if aanvraag.ingang is Ingang.KOPPELING else STAP_NAAR[beweging.status],
            velden={"grond": beweging.grond} if beweging.grond else {},
            aanvraag=aanvraag,
            status=beweging.status,
            crebo=aanvraag.crebo,
            bron=levering,
            bron_t=t,
            moeilijkheden=(beweging.soort,) if beweging.soort else (),
        )
        aanvraag.t, aanvraag.levering = t, levering
        aanvraag.regels.append(regel)
        self.leerling.regels.append(regel)
        return kanaal.op(levering)


def _met_dag(velden: dict[str, object], dag: str) -> dict[str, object]:
    gevuld: dict[str, object] = {}
    for naam, waarde in velden.items():
        gevuld[naam] = (
            _met_dag(waarde, dag) if isinstance(waarde, dict) else dag if waarde == HIERVAN_DE_DAG else waarde
        )
    return gevuld
