"""Judges lines by a small model of its own, so that what is expected of the engine was not worked out by the engine.

The tables are those of the procedure (aanmelding and overstap), written down a second time on purpose.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from overstap.adapters.synthetische_regio.plan import Aanvraag, Regel, Verwacht

RANG = {
    "aangemeld": 10,
    "intake_gepland": 20,
    "nader_onderzoek": 25,
    "intake_afgerond": 30,
    "wachtlijst": 35,
    "voorlopig_geplaatst": 40,
    "definitief_geplaatst": 50,
    "gestart": 60,
    "afgewezen": 0,
    "ingetrokken": 0,
    "niet_verschenen": 0,
    "onderbroken": 0,
}
_TOT_PLAATSING = frozenset({"aangemeld", "intake_gepland", "nader_onderzoek", "intake_afgerond", "wachtlijst"})
_TOT_START = _TOT_PLAATSING | {"voorlopig_geplaatst", "definitief_geplaatst"}
_EINDES = frozenset({"afgewezen", "ingetrokken", "niet_verschenen", "onderbroken"})
# Row by row: the statuses it leaves, the status it reaches.
_RIJEN: tuple[tuple[frozenset[str], str], ...] = (
    (_TOT_PLAATSING - {"intake_gepland"}, "intake_gepland"),
    (_TOT_PLAATSING - {"nader_onderzoek"}, "nader_onderzoek"),
    (_TOT_PLAATSING - {"intake_afgerond"}, "intake_afgerond"),
    (_TOT_PLAATSING - {"wachtlijst"}, "wachtlijst"),
    (_TOT_PLAATSING | {"definitief_geplaatst"}, "voorlopig_geplaatst"),
    (_TOT_PLAATSING | {"voorlopig_geplaatst"}, "definitief_geplaatst"),
    (frozenset({"definitief_geplaatst"}), "gestart"),
    (_TOT_START, "afgewezen"),
    (_TOT_START, "ingetrokken"),
    (frozenset({"voorlopig_geplaatst", "definitief_geplaatst"}), "niet_verschenen"),
    (frozenset({"gestart"}), "onderbroken"),
    (_EINDES, "aangemeld"),
    (_EINDES, "voorlopig_geplaatst"),
)
_VOLGT = frozenset({"nog_niet_aangemeld", "aangemeld", "intake", "geplaatst", "gestart", "leerplicht_afgehandeld"})
_BEPAALT_VO = frozenset({"nog_niet_aangemeld", "aangemeld", "intake", "geplaatst", "leerplicht_afgehandeld"})
# Step by step: the statuses it leaves, and the one it reaches ("" is: by the best aanmelding).
_STAPPEN: dict[str, tuple[frozenset[str], str]] = {
    "kies_vervolg_vo": (_BEPAALT_VO, "vervolgkeuze_vo"),
    "trek_vervolgkeuze_in": (frozenset({"vervolgkeuze_vo"}), ""),
    "schakel_leerplicht_in": (_BEPAALT_VO | {"vervolgkeuze_vo"}, "leerplicht_ingeschakeld"),
    "handel_leerplicht_af": (frozenset({"leerplicht_ingeschakeld"}), "leerplicht_afgehandeld"),
    "hervat": (frozenset({"leerplicht_afgehandeld"}), ""),
    "schrijf_uit": (_VOLGT | {"vervolgkeuze_vo"}, "uitgeschreven"),
    "heropen_overstap": (frozenset({"uitgeschreven", "afgerond"}), ""),
}


def kortste_weg(van: str, naar: str) -> int | None:
    """Give how many rows of the chart lead from one status of an aanmelding to another, None when there is no way.

    A way may begin or finish at an end (afgewezen, ingetrokken, ...), and never passes through one.
    """
    afstand = {van: 0}
    wachtrij = deque([van])
    while wachtrij:
        hier = wachtrij.popleft()
        if hier == naar:
            return afstand[hier]
        if hier in _EINDES and hier != van:
            continue
        for vanaf, doel in _RIJEN:
            if hier in vanaf and doel not in afstand:
                afstand[doel] = afstand[hier] + 1
                wachtrij.append(doel)
    return None


_WEGEN = {(van, naar): kortste_weg(van, naar) for van in RANG for naar in RANG}


Moment = tuple[int, int, str]  # when recorded, when it happened, the status from then on


def op_moment(momenten: list[Moment], gebeurd: int, bekend: int) -> str:
    """Give the status on a moment as it was known at another: the last recorded of what had happened by then."""
    gevonden = ""
    for vastgelegd, op, status in momenten:
        if vastgelegd <= bekend and op <= gebeurd:
            gevonden = status
    return gevonden


@dataclass(slots=True)
class Stand:
    """Where one aanmelding stands, and stood."""

    status: str
    crebo: str
    volgorde: tuple[int, int] = (-1, 0)
    momenten: list[Moment] = field(default_factory=list)


@dataclass(slots=True)
class Dossier:
    """What a pupil's file says after each of his lines, in the order of delivery."""

    status: str = ""
    pgn: str = ""
    overleg: bool = False
    aanmeldingen: dict[int, Stand] = field(default_factory=dict)
    gezien: dict[int, set[tuple[int, int]]] = field(default_factory=dict)
    redenen: list[Moment] = field(default_factory=list)
    wachtend: list[Regel] = field(default_factory=list)
    momenten: list[Moment] = field(default_factory=list)
    feiten: int = 0  # about how many facts the engine records for him

    def verwerk(self, regel: Regel) -> tuple[Verwacht, str]:
        """Take in the next line; give what becomes of it, with a code where there is one."""
        if regel.verzoek == "voer_op":
            return self._voer_op(regel)
        if regel.verzoek == "koppelbericht":
            return self._bericht(regel)
        if not self.status:
            return Verwacht.GEWEIGERD, "onbekende_leerling"
        if regel.aanvraag is not None:
            return self._stap_van_aanmelding(regel, regel.aanvraag)
        return self._stap(regel)

    def rang_op(self, gebeurd: int, bekend: int) -> int:
        """Give the best aanmelding's rank on a moment as it was known at another, -1 when there was none at all."""
        standen = (op_moment(stand.momenten, gebeurd, bekend) for stand in self.aanmeldingen.values())
        return max((RANG[status] for status in standen if status), default=-1)

    def _voer_op(self, regel: Regel) -> tuple[Verwacht, str]:
        if self.status:
            self.feiten += not regel.gelijk
            return (Verwacht.ONGEWIJZIGD if regel.gelijk else Verwacht.AANVAARD), ""
        self.pgn = regel.pgn
        self._zet(regel.op, regel.op, "nog_niet_aangemeld")
        self._haal_uit_wachtbak(regel.op, lambda wachtend: wachtend.pgn == self.pgn)
        return Verwacht.AANVAARD, ""

    def _bericht(self, regel: Regel) -> tuple[Verwacht, str]:
        aanvraag = regel.aanvraag
        if aanvraag is None:
            return Verwacht.GEWEIGERD, "andere_organisatie"
        stand = self.aanmeldingen.get(id(aanvraag))
        volgorde = (regel.bron, regel.bron_t)
        if stand is None and (not self.status or regel.pgn != self.pgn):
            self.wachtend.append(regel)
            self.feiten += 1
            return Verwacht.WACHTBAK, ""
        if volgorde in self.gezien.setdefault(id(aanvraag), set()):
            return Verwacht.ONGEWIJZIGD, ""
        self.gezien[id(aanvraag)].add(volgorde)
        if stand is not None and volgorde < stand.volgorde:
            self.feiten += 1
            return Verwacht.NIET_TOEGEPAST, ""
        if regel.code == "onbekende_code":
            self.feiten += 1
            return Verwacht.SIGNAAL, "onbekende_code"
        if regel.pgn != self.pgn:
            self.pgn = regel.pgn
            self.feiten += 1
        return self._pas_toe(regel, aanvraag, regel.op)

    def _pas_toe(self, regel: Regel, aanvraag: Aanvraag, vastgelegd: int) -> tuple[Verwacht, str]:
        voor = self._beste_rang()
        stand = self.aanmeldingen.get(id(aanvraag))
        if stand is None:
            stand = self.aanmeldingen[id(aanvraag)] = Stand("aangemeld", regel.crebo)
            self.feiten += 1
        rijen = _WEGEN[stand.status, regel.status]
        if rijen is None:
            return Verwacht.NIET_TOEGEPAST, ""
        self.feiten += rijen + (stand.crebo != regel.crebo)
        stand.status, stand.crebo = regel.status, regel.crebo
        stand.momenten.append((vastgelegd, regel.t, regel.status))
        if regel.verzoek == "koppelbericht":
            stand.volgorde = (regel.bron, regel.bron_t)
        if self._volg(voor, vastgelegd, regel.t):
            return Verwacht.SIGNAAL, "tegenstrijdig"
        return (Verwacht.SIGNAAL, "kalender") if regel.code == "kalender" else (Verwacht.AANVAARD, "")

    def _volg(self, voor: int, vastgelegd: int, gebeurd: int) -> bool:
        """Let the status follow the best aanmelding; tell whether a person's decision stands in its way."""
        na = self._beste_rang()
        if voor == na:
            return False
        if self.status not in _VOLGT:
            self.feiten += 1
            return True
        if self.status != naar_status(na):
            self._zet(vastgelegd, gebeurd, naar_status(na))
        return False

    def _stap_van_aanmelding(self, regel: Regel, aanvraag: Aanvraag) -> tuple[Verwacht, str]:
        stand = self.aanmeldingen.get(id(aanvraag))
        if (stand is None) != (regel.verzoek == "meld_aan"):
            return Verwacht.GEWEIGERD, "onbekende_aanmelding"
        if stand is not None and _WEGEN[stand.status, regel.status] != 1:
            return Verwacht.GEWEIGERD, "niet_toegestaan"
        return self._pas_toe(regel, aanvraag, regel.op)

    def _stap(self, regel: Regel) -> tuple[Verwacht, str]:
        if regel.verzoek not in _STAPPEN:
            self._stap_zonder_status(regel)
            return Verwacht.AANVAARD, ""
        vanaf, naar = _STAPPEN[regel.verzoek]
        if self.status not in vanaf:
            return Verwacht.GEWEIGERD, "niet_toegestaan"
        if regel.verzoek == "schakel_leerplicht_in" and not (self.overleg or "overleg" in regel.velden):
            return Verwacht.GEWEIGERD, "overleg_ontbreekt"
        self.overleg &= regel.verzoek != "schakel_leerplicht_in"
        self.feiten += 1 + ("overleg" in regel.velden)
        if regel.verzoek == "kies_vervolg_vo":
            self.redenen.append((regel.op, regel.t, str(regel.velden["reden"])))
        self._zet(regel.op, regel.t, naar or naar_status(self._beste_rang()))
        return Verwacht.AANVAARD, ""

    def _stap_zonder_status(self, regel: Regel) -> None:
        self.feiten += 1
        if regel.verzoek == "leg_overleg_vast":
            self.overleg = True
        elif regel.verzoek == "vervang_pgn":
            self.pgn = str(regel.velden["nieuwePgn"])
            self._haal_uit_wachtbak(regel.op, lambda wachtend: wachtend.pgn == self.pgn)
        elif regel.verzoek == "koppel_wachtbak":
            self._haal_uit_wachtbak(regel.op, lambda wachtend: _keten(wachtend) == regel.velden["ketenId"])

    def _haal_uit_wachtbak(self, vastgelegd: int, hoort: Callable[[Regel], bool]) -> None:
        bekend = [regel for regel in self.wachtend if hoort(regel)]
        self.wachtend = [regel for regel in self.wachtend if not hoort(regel)]
        for regel in bekend:
            if regel.aanvraag is not None:
                self.feiten += 1
                self._pas_toe(regel, regel.aanvraag, vastgelegd)

    def _beste_rang(self) -> int:
        return max((RANG[stand.status] for stand in self.aanmeldingen.values()), default=0)

    def _zet(self, vastgelegd: int, gebeurd: int, status: str) -> None:
        self.status = status
        self.momenten.append((vastgelegd, gebeurd, status))
        self.feiten += 1


def naar_status(rang: int) -> str:
    """Give the status of an overstap whose best active aanmelding has a rank."""
    if rang >= RANG["gestart"]:
        return "gestart"
    if rang >= RANG["voorlopig_geplaatst"]:
        return "geplaatst"
    if rang >= RANG["intake_gepland"]:
        return "intake"
    return "aangemeld" if rang else "nog_niet_aangemeld"


def _keten(regel: Regel) -> str:
    return regel.aanvraag.keten_id if regel.aanvraag is not None else ""
