"""Verify the whole log where it is: order, chains, tree, checkpoints and keys, in one pass over one moment of it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
import psycopg

from overstap.adapters.bewijs import opslag
from overstap.adapters.bewijs.bewaard import Uitgegeven
from overstap.adapters.bewijs.boom import Boom, Plek
from overstap.adapters.bewijs.getekend import toets_controlepunten, toets_sleutels
from overstap.adapters.bewijs.gewist import lees_gewist, standen_van_gewist
from overstap.adapters.bewijs.nalezen import Bevinding, Bevindingen, Nalezing, Soort
from overstap.adapters.bewijs.rijen import een_moment, lees_bytes
from overstap.adapters.bewijs.sleutels import is_ondertekend
from overstap.adapters.bewijs.teksten import Controlepunt, TekstOngeldig, lees_controlepunt
from overstap.adapters.bewijs.toegangskoppen import toets_toegang
from overstap.adapters.opruimen import zelden_opruimen

Vorderen = Callable[[int], None]
"""Told how many events have been read."""


class Toetsverslag(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What verifying a log came to.

    What lies after beschermd_tot no signature covers yet. bewaard_tot is how far the checkpoints reach that were
    brought along; 0: none, and then nothing shows that the whole was not made anew.
    """

    is_goed: bool
    gebeurtenissen: int
    stromen: int
    controlepunten: int
    sleutels: int
    beschermd_tot: int
    bewaard_tot: int
    aantal_bevindingen: int
    bevindingen: Sequence[Bevinding]


def tel_rijen(verbinding: psycopg.Connection[Any]) -> int:
    """Count the rows of the log."""
    [(aantal,)] = verbinding.execute("SELECT count(*) FROM log.gebeurtenissen").fetchall()
    return int(aantal)


def toets_log(
    verbinding: psycopg.Connection[Any], bewaard: Sequence[Uitgegeven] = (), vorderen: Vorderen = lambda _: None
) -> Toetsverslag:
    """Verify the log of a database, and hold checkpoints against it that were kept elsewhere.

    All of it is read as it was at one moment; who appends is not kept waiting.
    """
    with een_moment(verbinding), zelden_opruimen():
        return _Toetsing(verbinding, bewaard).voer_uit(vorderen)


class _Toetsing:
    def __init__(self, verbinding: psycopg.Connection[Any], bewaard: Sequence[Uitgegeven]) -> None:
        self._verbinding = verbinding
        self._bevindingen = Bevindingen()
        databank, rijen = opslag.databank_van(verbinding), opslag.sleutels(verbinding)
        self._sleutels = toets_sleutels(databank, rijen, self._bevindingen)
        self._opgeslagen = opslag.controlepunten(verbinding)
        self._punten = toets_controlepunten(databank, self._opgeslagen, self._sleutels, self._bevindingen)
        self._bewaard = list(self._lees_bewaard(bewaard))
        self._knopen = opslag.alle_knopen(verbinding)
        self._vreemd: set[Plek] = set()
        self._aantal = tel_rijen(verbinding)

    def voer_uit(self, vorderen: Vorderen) -> Toetsverslag:
        nalezing, boom = Nalezing(self._bevindingen), Boom()
        grootten = sorted({punt.grootte for punt in (*self._punten, *self._bewaard)}, reverse=True)
        wortels = {}
        beschermd = max((punt.grootte for punt in self._punten), default=0)
        for blok in lees_bytes(self._verbinding):
            bladeren = nalezing.neem(blok)
            while grootten and grootten[-1] <= boom.grootte + len(bladeren):
                knip = grootten[-1] - boom.grootte
                self._vergelijk(boom.groei(bladeren[:knip]), beschermd)
                wortels[grootten.pop()] = boom.wortel()
                bladeren = bladeren[knip:]
            self._vergelijk(boom.groei(bladeren), beschermd)
            vorderen(nalezing.gelezen)
        self._sluit_af(nalezing, wortels, boom.grootte)
        gevonden = self._bevindingen
        return Toetsverslag(
            is_goed=not gevonden.aantal,
            gebeurtenissen=nalezing.gelezen,
            stromen=nalezing.stromen,
            controlepunten=len(self._opgeslagen),
            sleutels=len(self._sleutels),
            beschermd_tot=beschermd,
            bewaard_tot=max((punt.grootte for punt in self._bewaard), default=0),
            aantal_bevindingen=gevonden.aantal,
            bevindingen=gevonden.alle,
        )

    def _lees_bewaard(self, bewaard: Iterable[Uitgegeven]) -> Iterable[Controlepunt]:
        """Hold what was kept against what is stored, and give what can be held against the tree."""
        teksten = {punt.nummer: punt.tekst for punt in self._opgeslagen}
        bekend = {sleutel.publiek.hex() for sleutel in self._sleutels}
        for een in bewaard:
            noem = f"Het bewaarde controlepunt {een.nummer}"
            punt = _lees_los(een)
            if punt is None:
                self._meld(Soort.BEWAARD, 0, 0, f"{noem} is zelf niet goed ondertekend: bewaar een ander.")
                continue
            if een.publiek not in bekend:
                self._meld(Soort.BEWAARD, 0, 0, f"{noem} is getekend met een sleutel die deze database niet kent.")
            if teksten.get(punt.nummer) != een.tekst:
                zin = f"{noem} staat niet zo in de database: het is daar weg of veranderd."
                self._meld(Soort.BEWAARD, 0, 0, zin)
            yield punt

    def _vergelijk(self, geheel: Iterable[tuple[Plek, bytes]], beschermd: int) -> None:
        """Hold computed nodes against the stored ones, and name the smallest part of the tree that differs."""
        for plek, hash_ in geheel:
            eind = plek.nummer + 1 << plek.niveau
            opgeslagen = self._knopen.pop(plek, None)
            if opgeslagen == hash_ or (opgeslagen is None and eind > beschermd):
                continue
            onder = (Plek(plek.niveau - 1, 2 * plek.nummer), Plek(plek.niveau - 1, 2 * plek.nummer + 1))
            if not self._vreemd.intersection(onder):
                begin = (plek.nummer << plek.niveau) + 1
                wat = "geven een andere hash dan de boom bewaart" if opgeslagen else "hebben geen hash in de boom"
                zin = f"De gebeurtenissen op positie {begin} tot en met {eind} {wat}."
                self._meld(Soort.BOOM, begin, eind, zin)
            self._vreemd.add(plek)

    def _sluit_af(self, nalezing: Nalezing, wortels: dict[int, bytes], grootte: int) -> None:
        if nalezing.gelezen != self._aantal:
            zin = f"De tabel heeft {self._aantal} rijen, waarvan er {nalezing.gelezen} een positie hebben."
            self._meld(Soort.VOLGORDE, 0, 0, zin)
        for plek in self._knopen:
            zin = f"De boom bewaart een knoop ({plek.niveau}, {plek.nummer}) waar het log niet komt."
            self._meld(Soort.BOOM, 0, 0, zin)
        toets_toegang(self._verbinding, self._punten, self._bevindingen)
        self._toets_gewist()
        self._vergelijk_wortels("Controlepunt", Soort.CONTROLEPUNT, self._punten, wortels, grootte)
        self._vergelijk_wortels("Het bewaarde controlepunt", Soort.BEWAARD, self._bewaard, wortels, grootte)

    def _toets_gewist(self) -> None:
        """Name the first checkpoint that saw another list of erased streams."""
        standen = standen_van_gewist(lees_gewist(self._verbinding))
        for punt in self._punten:
            if punt.gewist not in standen[punt.gewist.aantal : punt.gewist.aantal + 1]:
                zin = f"Controlepunt {punt.nummer} zag een andere lijst van gewiste overstappen."
                self._meld(Soort.CONTROLEPUNT, 0, 0, zin)
                return

    def _vergelijk_wortels(
        self, wie: str, soort: Soort, punten: Sequence[Controlepunt], wortels: dict[int, bytes], grootte: int
    ) -> None:
        """Name the first checkpoint that saw another log, and between which positions the difference begins."""
        gelijk = 0
        for nummer, punt in enumerate(punten):
            if punt.grootte > grootte:
                zin = (
                    f"{wie} {punt.nummer} zag {punt.grootte} gebeurtenissen; het log houdt op bij {grootte}: het eind "
                    "is eraf."
                )
                self._meld(soort, grootte + 1, punt.grootte, zin)
                return
            if wortels[punt.grootte] != punt.wortel:
                zin = (
                    f"{wie} {punt.nummer} zag een ander log: het verschil begint tussen positie {gelijk + 1} en "
                    f"{punt.grootte}."
                )
                if rest := len(punten) - nummer - 1:
                    zin += f" Over de {rest} erna zegt dit niets meer."
                self._meld(soort, gelijk + 1, punt.grootte, zin)
                return
            gelijk = max(gelijk, punt.grootte)

    def _meld(self, soort: Soort, van: int, tot: int, zin: str) -> None:
        self._bevindingen.meld(soort, van, tot, zin)


def _lees_los(een: Uitgegeven) -> Controlepunt | None:
    """Read a checkpoint that brings its own public key; None when that key did not sign it."""
    try:
        if is_ondertekend(een.tekst, bytes.fromhex(een.handtekening), bytes.fromhex(een.publiek)):
            return lees_controlepunt(een.tekst)
    except (TekstOngeldig, ValueError):
        pass
    return None
