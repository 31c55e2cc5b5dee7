"""Holds what one pupil's year is made of: his aanvragen, his lines, and the windows in which he must be left alone."""

import random
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from overstap.adapters.synthetische_regio.agenda import Agenda, Kanaal
from overstap.adapters.synthetische_regio.kalender import UUR, datum, werktijd
from overstap.adapters.synthetische_regio.organisaties import Mbo, School
from overstap.adapters.synthetische_regio.verdeling import Lot

NOOIT = 1 << 60
HIERVAN_DE_DAG = "<dag>"
_VLAK_ERNA = 15 * 60


class Verwacht(StrEnum):
    """What must become of a line."""

    AANVAARD = "aanvaard"
    ONGEWIJZIGD = "ongewijzigd"
    WACHTBAK = "wachtbak"
    GEWEIGERD = "geweigerd"
    SIGNAAL = "signaal"
    NIET_TOEGEPAST = "niet_toegepast"


class Ingang(StrEnum):
    """Who brings an aanvraag in: the MBO's system, its intaker, or the decaan for an MBO that takes no part."""

    KOPPELING = "koppeling"
    INTAKER = "mbo_intaker"
    DECAAN = "decaan"


@dataclass(slots=True)
class Aanvraag:
    """One application at one MBO: `mbo` is None outside the region."""

    brin: str
    crebo: str
    ingang: Ingang
    mbo: Mbo | None
    keten_id: str
    ca_keten_id: str
    leertraject: str
    startdatum: str
    altijd_nieuw_pgn: bool = False
    t: int = 0  # when it last moved
    levering: int = -1  # in which delivery it last moved
    dicht: bool = False
    regels: "list[Regel]" = field(default_factory=list)


@dataclass(slots=True)
class Regel:
    """One line of a file, before it is spelled.

    `verzoek` is `voer_op`, `koppelbericht` or the name of a people's step. `bron` is the delivery in which a koppelbericht
    was first published, which is later its own when it comes again, earlier when it comes late. `tekst`, when given, is
    written as it stands.
    """

    kanaal: Kanaal
    levering: int
    t: int
    verzoek: str
    velden: dict[str, Any]
    aanvraag: Aanvraag | None = None
    status: str = ""
    crebo: str = ""
    bron: int = -1
    bron_t: int = 0
    verwacht: Verwacht = Verwacht.AANVAARD
    code: str = ""
    moeilijkheden: tuple[str, ...] = ()
    pgn: str = ""
    volgnummersleutel: str = ""
    tekst: str = ""
    buiten_model: bool = False  # refused for a reason that a pupil's file knows nothing of

    @property
    def op(self) -> int:
        """Give the moment of its delivery."""
        return self.kanaal.op(self.levering)


@dataclass(slots=True)
class Leerling:
    """One pupil with his lines; `ingevoerd` is when his school's list that names him rightly is delivered."""

    nummer: int
    lot: Lot
    pgn: str
    nieuw_pgn: str
    nieuw_pgn_vanaf: tuple[int, int]
    persoon: dict[str, str]
    gemeente_heeft_accounts: bool
    school: School
    ingevoerd: int
    nieuwe_school: School | None = None
    nieuwe_school_vanaf: int = NOOIT
    late_klas: str = ""
    late_klas_vanaf: int = NOOIT
    aanvragen: list[Aanvraag] = field(default_factory=list)
    regels: list[Regel] = field(default_factory=list)
    vensters: list[tuple[int, int]] = field(default_factory=list)
    weg: list[tuple[int, int]] = field(default_factory=list)

    def pgn_op(self, op: int, t: int) -> str:
        """Give the number that everyone uses for him in a line delivered and happened then."""
        return self.nieuw_pgn if (op, t) >= self.nieuw_pgn_vanaf else self.pgn

    def klas_op(self, op: int) -> str:
        """Give the class he is in at the moment of a delivery."""
        return self.late_klas if op >= self.late_klas_vanaf else self.lot.klas

    def school_op(self, op: int) -> School:
        """Give the school that has him at the moment of a delivery."""
        return self.nieuwe_school if self.nieuwe_school is not None and op >= self.nieuwe_school_vanaf else self.school


class Reis:
    """Writes one pupil's lines down, each in a delivery that comes after all it rests on."""

    def __init__(self, leerling: Leerling, agenda: Agenda, toeval: random.Random) -> None:
        self.leerling = leerling
        self.agenda = agenda
        self.jaar = agenda.jaar
        self.toeval = toeval

    def dagen(self, van: float, tot: float) -> int:
        """Draw a span of time between two numbers of days."""
        return int((van + self.toeval.random() * (tot - van)) * 24 * UUR)

    def tussen(self, van: tuple[int, int], tot: tuple[int, int]) -> int:
        """Draw a moment between two days of the year, both (month, day)."""
        return self.jaar.tussen(self.toeval, van, tot)

    def rust(self, van: int, tot: int = NOOIT) -> None:
        """Let no aanmelding of the pupil move in deliveries from the one moment until before the other."""
        self.leerling.vensters.append((van, tot))

    def beweeg(self, aanvraag: Aanvraag, status: str, t: int, *soorten: str, **velden: Any) -> int | None:
        """Bring an aanvraag to a status, at or soon after a moment; give the moment of delivery, None when it cannot be.

        Fields beside: `grond`; `vertraging`, the number of deliveries it comes too late; `ondanks`, to move in a window
        too; `voor_invoer`, to move before the school entered the pupil too.
        """
        ondanks, vertraging = velden.pop("ondanks", False), velden.pop("vertraging", 0)
        vanaf = 0 if velden.pop("voor_invoer", False) else self.leerling.ingevoerd + _VLAK_ERNA
        if aanvraag.dicht and not ondanks:
            return None
        aanvraag.dicht = False
        kanaal = self.kanaal_van(aanvraag)
        t = max(t, aanvraag.t + _VLAK_ERNA, vanaf)
        while True:
            if aanvraag.ingang is not Ingang.KOPPELING:
                t = werktijd(self.toeval, t)
            levering = kanaal.levering_na(t)
            if levering is None:
                break
            levering = max(levering, aanvraag.levering)
            if kanaal.bevat(levering + vertraging):
                levering += vertraging
            tot = 0 if ondanks else self._rust_tot(kanaal.op(levering))
            if tot == NOOIT:
                break
            if tot == 0:
                return self._schrijf_beweging(aanvraag, kanaal, levering, t, status, soorten, velden)
            t, vertraging = tot + self.dagen(0.1, 3), 0
        aanvraag.dicht = True
        return None

    def kanaal_van(self, aanvraag: Aanvraag) -> Kanaal:
        """Find the channel in which an aanvraag moves."""
        if aanvraag.ingang is Ingang.DECAAN or aanvraag.mbo is None:
            return self.agenda.stappen(self.leerling.school.brin, "decaan")
        if aanvraag.ingang is Ingang.INTAKER:
            return self.agenda.stappen(aanvraag.mbo.brin, "mbo_intaker")
        return self.agenda.koppeling(aanvraag.mbo)

    def stap(self, organisatie: str, rol: str, t: int, verzoek: str, *soorten: str, **velden: Any) -> int:
        """Let somebody take a step at or after a moment; give the moment of its delivery (NOOIT: too late in the year).

        A field given as HIERVAN_DE_DAG becomes the date of the step.
        """
        t = werktijd(self.toeval, max(t, self.leerling.ingevoerd + _VLAK_ERNA))
        kanaal = self.agenda.stappen(organisatie, rol)
        levering = kanaal.levering_na(t)
        if levering is None:
            return NOOIT
        _vul_dag_in(velden, t)
        self.leerling.regels.append(Regel(kanaal, levering, t, verzoek, velden, moeilijkheden=soorten))
        return kanaal.op(levering)

    def decaan(self, t: int, verzoek: str, *soorten: str, **velden: Any) -> int:
        """Let the decaan of the pupil's school take a step; give the moment of its delivery."""
        return self.stap(self.leerling.school_op(t).brin, "decaan", t, verzoek, *soorten, **velden)

    def _rust_tot(self, op: int) -> int:
        for van, tot in self.leerling.vensters:
            if van <= op < tot:
                return tot
        return 0

    def _schrijf_beweging(
        self,
        aanvraag: Aanvraag,
        kanaal: Kanaal,
        levering: int,
        t: int,
        status: str,
        soorten: tuple[str, ...],
        velden: dict[str, Any],
    ) -> int:
        verzoek = "koppelbericht" if aanvraag.ingang is Ingang.KOPPELING else STAP_NAAR[status]
        regel = Regel(kanaal, levering, t, verzoek, velden, aanvraag, status, aanvraag.crebo, levering, t)
        regel.moeilijkheden = soorten
        aanvraag.t, aanvraag.levering = t, levering
        aanvraag.regels.append(regel)
        self.leerling.regels.append(regel)
        return kanaal.op(levering)


def _vul_dag_in(velden: dict[str, Any], t: int) -> None:
    for naam, waarde in velden.items():
        if waarde == HIERVAN_DE_DAG:
            velden[naam] = datum(t)
        elif isinstance(waarde, dict):
            _vul_dag_in(waarde, t)


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
