"""How large texts and boxes are in the drawing, in pixels; letters are measured by their number, for lack of a font."""

from collections.abc import Iterable, Sequence

import msgspec

from overstap.adapters.procedurekaart.groepen import Etiket, Groep, Tekening

MARGE = 28.0
RAND = 14.0
REGEL = 16.0
POORT = 16.0
TUSSEN_GROEPEN = 20.0
KOP = 26.0
LID = 36.0
LID_MET_STAP = 52.0
LETTER = 7.6
KLEINE_LETTER = 6.6

_KLEINE_CIJFERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Vak(msgspec.Struct, frozen=True):
    """A rectangle: its upper left corner, breadth and height."""

    x: float
    y: float
    b: float
    h: float

    @property
    def rechts(self) -> float:
        """The right edge."""
        return self.x + self.b

    @property
    def onder(self) -> float:
        """The lower edge."""
        return self.y + self.h


class Opschriften:
    """The words in a drawing; obstacles are numbered notes, told below it."""

    def __init__(self, tekening: Tekening) -> None:
        self._woorden = {status.code: status.woorden for status in tekening.kaart.statussen}
        beletselen = (naam for stap in tekening.kaart.stappen for naam in stap.beletselen)
        self.noten = {naam: nummer for nummer, naam in enumerate(dict.fromkeys(beletselen), 1)}
        self._op_pijlen = {etiket.stap for pijl in tekening.pijlen for etiket in pijl.etiketten}

    def status(self, code: str) -> str:
        """Give a status in words."""
        return self._woorden[code]

    def stappen(self, etiketten: Iterable[Etiket]) -> tuple[str, ...]:
        """Give one line for each step, with the numbers of its notes."""
        return tuple(self._stap(etiket) for etiket in etiketten)

    def via(self, etiketten: Sequence[Etiket]) -> str:
        """Say by which steps one reaches a member of a group; notes stand here only for steps that no arrow shows."""
        delen = [
            self._stap(Etiket(stap=etiket.stap) if etiket.stap in self._op_pijlen else etiket) for etiket in etiketten
        ]
        return f"via {' of '.join(delen)}" if delen else ""

    def blijft(self, etiketten: Iterable[Etiket]) -> str:
        """Say which steps do not leave a box."""
        delen = self.stappen(etiketten)
        return f"↻ {', '.join(delen)}" if delen else ""

    def _stap(self, etiket: Etiket) -> str:
        noten = " ".join(str(self.noten[naam]).translate(_KLEINE_CIJFERS) for naam in etiket.beletselen)
        return f"{etiket.stap.replace('_', ' ')} {noten}".strip()


def breedte_van(teksten: Iterable[str], letter: float = KLEINE_LETTER) -> float:
    """Give the width of the longest line."""
    return max((len(tekst) * letter for tekst in teksten), default=0.0)


def hoogte_van_lid(groep: Groep, lid: str) -> float:
    """Give the height of one member's box: room for a second line where steps lead to it alone."""
    return LID_MET_STAP if groep.per_lid.get(lid) else LID


def maat_van_groep(groep: Groep, opschriften: Opschriften, breedte_onder: float) -> tuple[float, float]:
    """Give breadth and height of a group's box with its members below each other."""
    kop = opschriften.blijft(groep.binnen)
    namen = breedte_van((opschriften.status(lid) for lid in groep.leden), LETTER) + 4 * RAND
    stappen = breedte_van([kop, *(opschriften.via(groep.per_lid.get(lid, ())) for lid in groep.leden)]) + 2 * RAND
    if len(groep.leden) == 1:
        return max(namen, stappen, breedte_onder), LID_MET_STAP
    leden = sum(hoogte_van_lid(groep, lid) + RAND / 2 for lid in groep.leden)
    return max(namen, stappen, breedte_onder) + 2 * RAND, leden + 1.5 * RAND + (KOP if kop else 0)
