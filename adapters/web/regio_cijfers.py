"""The figures as a page shows them: each measure with its share, its norm and what is lacking, each group as a line."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, TypeVar

import msgspec

from overstap.adapters.http.cijfers import Aandeelblad, Cijferblad
from overstap.adapters.web.bezoeker import Bezoeker
from overstap.adapters.web.regio_keuze import Keuzelijst, keuzelijst_van
from overstap.adapters.web.regio_vraag import MATEN, NORM_OP, Blik
from overstap.adapters.web.taal import NEDERLANDS, Taal
from overstap.projections.cijfers import Indeling

T = TypeVar("T")
GEEN: Final = "\N{EN DASH}"
PER_BLADZIJDE: Final = 100
"""So many groups of a long table stand on a page; a region has some 60 schools, the country 1,500."""
DEELBAAR: Final = (Indeling.SCHOOL, Indeling.MBO, Indeling.GEMEENTE, Indeling.LEERWEG)
"""By what one can divide, in the order in which it is offered."""


class Maat(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of one group; what is hidden, or not there, is None.

    oordeel: gehaald, niet_gehaald (the date of the norm is over), nog_niet (it is to come), geen (no norm, or nobody).
    tekort: how many pupils more would reach the norm; only of figures that are not rounded.
    """

    naam: str
    aantal: int | None
    van: int | None
    percentage: float | None
    norm: int | None
    norm_op: date | None
    vorig_jaar: float | None
    oordeel: str
    tekort: int | None


class Deellijst(msgspec.Struct, frozen=True, kw_only=True):
    """Where a page of a long table stands: after so many, up to and with so many, of so many."""

    vanaf: int
    tot: int
    van: int

    @property
    def verder(self) -> int | None:
        """After how many the next page goes on; None after the last."""
        return self.tot if self.tot < self.van else None


class Groepregel(msgspec.Struct, frozen=True, kw_only=True):
    """One group of a division, with what it is called."""

    indeling: str
    groep: str
    naam: str
    leerlingen: int | None
    maten: dict[str, Maat]


def regel_van(bezoeker: Bezoeker, blad: Cijferblad, blik: Blik) -> Groepregel:
    """Make the line of a group."""
    return Groepregel(
        indeling=blad.indeling,
        groep=blad.groep,
        naam=noem_groep(bezoeker, blad.indeling, blad.groep),
        leerlingen=blad.leerlingen,
        maten={naam: _maat(naam, getattr(blad, naam), blik, is_afgerond=blad.is_afgerond) for naam in MATEN},
    )


def noem_groep(bezoeker: Bezoeker, indeling: str, groep: str) -> str:
    """Name a group: a leerweg by its word, an organisation by its name, the whole by who is looking."""
    if indeling == Indeling.LEERWEG:
        return bezoeker.taal.woord("leerweg", groep)
    return bezoeker.noem(bezoeker.actor.organisatie if indeling == Indeling.REGIO else groep)


def _maat(naam: str, deel: Aandeelblad, blik: Blik, *, is_afgerond: bool) -> Maat:
    norm_op: date | None = getattr(blik.regels.kalender, NORM_OP[naam]) if naam in NORM_OP else None
    aantal, van = deel.aantal, deel.van
    tekort = None
    if deel.norm is None or aantal is None or not van:
        oordeel = "geen"
    elif 100 * aantal >= deel.norm * van:
        oordeel = "gehaald"
    else:
        oordeel = "niet_gehaald" if norm_op and blik.dag >= norm_op else "nog_niet"
        tekort = None if is_afgerond else -(-deel.norm * van // 100) - aantal
    return Maat(
        naam=naam,
        aantal=aantal,
        van=van,
        percentage=_percentage(aantal, van, 0 if is_afgerond else 1),
        norm=deel.norm,
        norm_op=norm_op,
        vorig_jaar=deel.vorig_jaar,
        oordeel=oordeel,
        tekort=tekort,
    )


def _percentage(aantal: int | None, van: int | None, decimalen: int) -> float | None:
    """Give the share; of rounded figures a whole number, which tells no more than they do."""
    return None if aantal is None or not van else round(100 * aantal / van, decimalen)


def delen_van(bezoeker: Bezoeker, bladen: Sequence[Cijferblad]) -> Keuzelijst:
    """Give per division the groups one can choose."""
    return keuzelijst_van(
        bezoeker.taal,
        {
            indeling.value: [
                (f"{indeling}.{een.groep}", noem_groep(bezoeker, indeling, een.groep))
                for een in bladen
                if een.indeling == indeling
            ]
            for indeling in DEELBAAR
        },
    )


def neem_deel(alle: Sequence[T], vanaf: int | None) -> tuple[Sequence[T], Deellijst]:
    """Give the page of a long table that begins after so many, and where it stands."""
    begin = min(vanaf or 0, max(0, len(alle) - 1))
    deel = alle[begin : begin + PER_BLADZIJDE]
    return deel, Deellijst(vanaf=begin, tot=begin + len(deel), van=len(alle))


def in_volgorde(regels: Iterable[Groepregel], volgorde: str) -> list[Groepregel]:
    """Sort the groups: by name, the most pupils first, or the lowest share of a measure first (hidden ones last)."""
    op_naam = sorted(regels, key=lambda regel: regel.naam)
    if volgorde == "leerlingen":
        return sorted(op_naam, key=lambda regel: -(regel.leerlingen or 0))
    if volgorde not in MATEN:
        return op_naam

    def hoe_ver(regel: Groepregel) -> tuple[bool, float]:
        deel = regel.maten[volgorde].percentage
        return deel is None, deel or 0.0

    return sorted(op_naam, key=hoe_ver)


def maat_van_nu(blik: Blik) -> str:
    """Give the measure that counts on a day: the one whose norm comes next, after the last the last."""
    kalender = blik.regels.kalender
    return next(
        (naam for naam in MATEN if naam in NORM_OP and blik.dag <= getattr(kalender, NORM_OP[naam])),
        "geplaatst_en_gestart",
    )


def achterblijvers(regels: Sequence[Groepregel], maat: str, hoogstens: int = 6) -> list[Groepregel]:
    """Give the groups that lack most pupils to reach the norm of a measure, the most first."""
    tekort = [(regel.maten[maat].tekort or 0, regel) for regel in regels]
    return [regel for aantal, regel in sorted(tekort, key=lambda paar: -paar[0])[:hoogstens] if aantal > 0]


def procent(waarde: float | None, taal: Taal, decimalen: int) -> str:
    """Write a share as its reader does: 93,4 %, or 93.4%; a dash where there is none."""
    if waarde is None:
        return GEEN
    geschreven = f"{waarde:.{decimalen}f}"
    return f"{geschreven.replace('.', ',')}\u00a0%" if taal.code == NEDERLANDS else f"{geschreven}%"
