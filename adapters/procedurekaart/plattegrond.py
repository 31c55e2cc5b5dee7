"""Where everything stands: boxes in a row, arrows straight to neighbours, in arcs over others, down to the end."""

from itertools import pairwise

import msgspec

from overstap.adapters.procedurekaart.groepen import Pijl, Tekening
from overstap.adapters.procedurekaart.lagen import leg_in_lagen
from overstap.adapters.procedurekaart.maten import (
    KOP,
    LID_MET_STAP,
    MARGE,
    POORT,
    RAND,
    REGEL,
    TUSSEN_GROEPEN,
    Opschriften,
    Vak,
    breedte_van,
    maat_van_groep,
)

Punt = tuple[float, float]


class Lijn(msgspec.Struct, frozen=True, kw_only=True):
    """An arrow: its corners, its text as lines, and where the first line starts, or has its middle when gecentreerd."""

    punten: tuple[Punt, ...]
    tekst: tuple[str, ...]
    tekst_op: Punt
    gecentreerd: bool


class Plattegrond(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing with every place known: groepen by group, omhulsels by block; bodem is the group at the bottom."""

    breedte: float
    hoogte: float
    groepen: dict[int, Vak]
    omhulsels: dict[int, Vak]
    lijnen: tuple[Lijn, ...]
    bodem: int | None


def leg_uit(tekening: Tekening, opschriften: Opschriften) -> Plattegrond:
    """Give every box and arrow of a drawing its place."""
    return _Uitleg(tekening, opschriften).plattegrond()


class _Uitleg:
    """Works out the places in order: sizes, places in the row, heights above and below it, arrows."""

    def __init__(self, tekening: Tekening, opschriften: Opschriften) -> None:
        self._tekening = tekening
        self._opschriften = opschriften
        lagen = leg_in_lagen(tekening)
        self._rij = lagen.rij
        self._bodem = tekening.blokken[lagen.bodem].groepen[0] if lagen.bodem is not None else None
        self._volgorde = [groep for blok in lagen.rij for groep in tekening.blokken[blok].groepen]
        pijlen = tekening.pijlen
        self._neer = [pijl for pijl in pijlen if self._bodem is not None and pijl.naar_groep == self._bodem]
        self._op = [pijl for pijl in pijlen if pijl.van == self._bodem]
        in_de_rij = [pijl for pijl in pijlen if pijl not in self._neer and pijl not in self._op]
        self._naast = [pijl for pijl in in_de_rij if self._zijn_buren(pijl)]
        self._bogen = [pijl for pijl in in_de_rij if not self._zijn_buren(pijl)]

    def plattegrond(self) -> Plattegrond:
        maten = {
            groep: maat_van_groep(self._tekening.groepen[groep], self._opschriften, self._breedte_onder(groep))
            for groep in self._volgorde
        }
        plaats, breedte = self._zet_naast_elkaar(maten)
        poorten = self._poorten(plaats)
        sporen = self._sporen(poorten)
        hoogten = [
            max(len(self._tekst(pijl)) for pijl in self._bogen if sporen[pijl] == spoor) * REGEL + RAND
            for spoor in range(max(sporen.values(), default=-1) + 1)
        ]
        boven = MARGE + sum(hoogten) + (RAND if hoogten else 0)
        hoogste = max(self._blokhoogte(blok, maten) for blok in self._rij)
        midden = boven + hoogste / 2
        groepen, omhulsels = self._zet_op_hoogte(maten, plaats, midden)
        onder = boven + hoogste
        zone = max((len(self._tekst(pijl)) for pijl in self._neer + self._op), default=0) * REGEL + 3 * RAND
        if self._bodem is not None:
            groepen[self._bodem] = Vak(MARGE, onder + zone, breedte - 2 * MARGE, LID_MET_STAP + 2 * RAND)
        spoor_y = [boven - RAND - sum(hoogten[:spoor]) for spoor in range(len(hoogten))]
        lijnen = [
            *self._rechte_lijnen(groepen, omhulsels, midden),
            *self._gebogen_lijnen(groepen, omhulsels, poorten, sporen, spoor_y),
            *self._staande_lijnen(groepen, omhulsels, onder, zone),
        ]
        hoogte = max(vak.onder for vak in [*groepen.values(), *omhulsels.values()]) + MARGE
        return Plattegrond(
            breedte=breedte,
            hoogte=hoogte,
            groepen=groepen,
            omhulsels=omhulsels,
            lijnen=tuple(lijnen),
            bodem=self._bodem,
        )

    def _tekst(self, pijl: Pijl) -> tuple[str, ...]:
        return self._opschriften.stappen(pijl.etiketten)

    def _groepen_van(self, blok: int) -> tuple[int, ...]:
        return self._tekening.blokken[blok].groepen

    def _landt_bij(self, pijl: Pijl) -> int:
        """Give the group at which an arrow lands: its own, or the nearest of an envelope."""
        if pijl.naar_groep is not None:
            return pijl.naar_groep
        groepen = self._groepen_van(pijl.naar_blok)
        if pijl.van == self._bodem:
            return groepen[0]
        return min(groepen, key=lambda groep: abs(self._volgorde.index(groep) - self._volgorde.index(pijl.van)))

    def _zijn_buren(self, pijl: Pijl) -> bool:
        if pijl.van not in self._volgorde:
            return False
        stap = self._volgorde.index(self._landt_bij(pijl)) - self._volgorde.index(pijl.van)
        return abs(stap) == 1

    def _staand(self, groep: int) -> list[Pijl]:
        op = [pijl for pijl in self._op if self._landt_bij(pijl) == groep]
        return op + [pijl for pijl in self._neer if pijl.van == groep]

    def _breedte_staand(self, pijl: Pijl) -> float:
        return breedte_van(self._tekst(pijl)) + 2 * RAND

    def _breedte_onder(self, groep: int) -> float:
        return sum(self._breedte_staand(pijl) for pijl in self._staand(groep))

    def _is_omhulsel(self, blok: int) -> bool:
        return len(self._groepen_van(blok)) > 1

    def _blokhoogte(self, blok: int, maten: dict[int, tuple[float, float]]) -> float:
        hoog = max(maten[groep][1] for groep in self._groepen_van(blok))
        return hoog + KOP + 2 * RAND if self._is_omhulsel(blok) else hoog

    def _zet_naast_elkaar(self, maten: dict[int, tuple[float, float]]) -> tuple[dict[int, tuple[float, float]], float]:
        """Give left edge and breadth of each group, and the breadth of the whole."""
        plaats: dict[int, tuple[float, float]] = {}
        x = MARGE
        for nummer, blok in enumerate(self._rij):
            inspringen = RAND if self._is_omhulsel(blok) else 0.0
            x += inspringen
            for groep in self._groepen_van(blok):
                plaats[groep] = (x, maten[groep][0])
                x += maten[groep][0] + TUSSEN_GROEPEN
            x += inspringen - TUSSEN_GROEPEN
            if nummer + 1 < len(self._rij):
                x += self._tussenruimte(blok, self._rij[nummer + 1])
        return plaats, x + MARGE

    def _tussenruimte(self, links: int, rechts: int) -> float:
        buren = {self._groepen_van(links)[-1], self._groepen_van(rechts)[0]}
        teksten = [
            tekst for pijl in self._naast if {pijl.van, self._landt_bij(pijl)} == buren for tekst in self._tekst(pijl)
        ]
        return max(3 * RAND, breedte_van(teksten) + 3 * RAND)

    def _zet_op_hoogte(
        self, maten: dict[int, tuple[float, float]], plaats: dict[int, tuple[float, float]], midden: float
    ) -> tuple[dict[int, Vak], dict[int, Vak]]:
        groepen: dict[int, Vak] = {}
        omhulsels: dict[int, Vak] = {}
        for blok in self._rij:
            zak = KOP / 2 if self._is_omhulsel(blok) else 0.0
            for groep in self._groepen_van(blok):
                (x, breed), hoog = plaats[groep], maten[groep][1]
                groepen[groep] = Vak(x, midden - hoog / 2 + zak, breed, hoog)
            if self._is_omhulsel(blok):
                eerste, laatste = groepen[self._groepen_van(blok)[0]], groepen[self._groepen_van(blok)[-1]]
                hoog = self._blokhoogte(blok, maten)
                breed = laatste.rechts - eerste.x + 2 * RAND
                omhulsels[blok] = Vak(eerste.x - RAND, midden - hoog / 2, breed, hoog)
        return groepen, omhulsels

    def _poorten(self, plaats: dict[int, tuple[float, float]]) -> dict[Pijl, tuple[float, float]]:
        """Give each arc the places on the two boxes where it leaves and lands, so that arcs of one box do not cross."""
        gebruik: dict[int, list[tuple[tuple[int, int], Pijl]]] = {}
        for pijl in self._bogen:
            einden = (pijl.van, self._landt_bij(pijl))
            for hier, daar in (einden, einden[::-1]):
                afstand = self._volgorde.index(daar) - self._volgorde.index(hier)
                gebruik.setdefault(hier, []).append(((afstand > 0, -afstand), pijl))
        vertrek: dict[Pijl, float] = {}
        aankomst: dict[Pijl, float] = {}
        for groep, lijst in gebruik.items():
            x, breed = plaats[groep]
            for nummer, (_, pijl) in enumerate(sorted(lijst, key=lambda deel: deel[0])):
                poort = x + breed - RAND - POORT * (len(lijst) - 1 - nummer)
                (vertrek if pijl.van == groep else aankomst)[pijl] = poort
        return {pijl: (vertrek[pijl], aankomst[pijl]) for pijl in self._bogen}

    def _sporen(self, poorten: dict[Pijl, tuple[float, float]]) -> dict[Pijl, int]:
        """Give each arc a height, counted from the row: the shorter, the lower."""
        sporen: dict[Pijl, int] = {}
        for pijl in sorted(self._bogen, key=lambda pijl: abs(poorten[pijl][0] - poorten[pijl][1])):
            links, rechts = sorted(poorten[pijl])
            geraakt = [
                spoor
                for ander, spoor in sporen.items()
                if min(poorten[ander]) < rechts + POORT and max(poorten[ander]) > links - POORT
            ]
            sporen[pijl] = max(geraakt, default=-1) + 1
        return sporen

    def _doelvak(self, pijl: Pijl, groepen: dict[int, Vak], omhulsels: dict[int, Vak]) -> Vak:
        return omhulsels[pijl.naar_blok] if pijl.naar_groep is None else groepen[pijl.naar_groep]

    def _rechte_lijnen(self, groepen: dict[int, Vak], omhulsels: dict[int, Vak], midden: float) -> list[Lijn]:
        lijnen: list[Lijn] = []
        paren: dict[frozenset[int], list[Pijl]] = {}
        for pijl in self._naast:
            paren.setdefault(frozenset({pijl.van, self._landt_bij(pijl)}), []).append(pijl)
        for paar in paren.values():
            y = midden - (sum(len(self._tekst(pijl)) * REGEL + RAND for pijl in paar) + REGEL + RAND) / 2
            for pijl in paar:
                tekst = self._tekst(pijl)
                y += len(tekst) * REGEL + RAND
                van, naar = groepen[pijl.van], self._doelvak(pijl, groepen, omhulsels)
                begin, einde = (van.rechts, naar.x) if van.x < naar.x else (van.x, naar.rechts)
                lijnen.append(
                    Lijn(
                        punten=((begin, y), (einde, y)),
                        tekst=tekst,
                        tekst_op=((begin + einde) / 2, y - 6 - REGEL * (len(tekst) - 1)),
                        gecentreerd=True,
                    )
                )
        return lijnen

    def _gebogen_lijnen(
        self,
        groepen: dict[int, Vak],
        omhulsels: dict[int, Vak],
        poorten: dict[Pijl, tuple[float, float]],
        sporen: dict[Pijl, int],
        spoor_y: list[float],
    ) -> list[Lijn]:
        lijnen: list[Lijn] = []
        for pijl in self._bogen:
            (begin, einde), y, tekst = poorten[pijl], spoor_y[sporen[pijl]], self._tekst(pijl)
            kruisend = [x for ander in self._bogen if sporen[ander] > sporen[pijl] for x in poorten[ander]]
            lijnen.append(
                Lijn(
                    punten=(
                        (begin, groepen[pijl.van].y),
                        (begin, y),
                        (einde, y),
                        (einde, self._doelvak(pijl, groepen, omhulsels).y),
                    ),
                    tekst=tekst,
                    tekst_op=(_midden_van_langste_stuk(begin, einde, kruisend), y - 6 - REGEL * (len(tekst) - 1)),
                    gecentreerd=True,
                )
            )
        return lijnen

    def _staande_lijnen(
        self, groepen: dict[int, Vak], omhulsels: dict[int, Vak], onder: float, zone: float
    ) -> list[Lijn]:
        lijnen: list[Lijn] = []
        for groep in self._volgorde:
            x = groepen[groep].x + (groepen[groep].b - self._breedte_onder(groep)) / 2
            for pijl in self._staand(groep):
                tekst = self._tekst(pijl)
                vak = groepen[groep] if pijl.van == groep else self._doelvak(pijl, groepen, omhulsels)
                punten = ((x + RAND / 2, vak.onder), (x + RAND / 2, onder + zone))
                lijnen.append(
                    Lijn(
                        punten=punten if pijl.van == groep else punten[::-1],
                        tekst=tekst,
                        tekst_op=(x + RAND, onder + zone / 2 - REGEL * len(tekst) / 2 + REGEL * 0.8),
                        gecentreerd=False,
                    )
                )
                x += self._breedte_staand(pijl)
        return lijnen


def _midden_van_langste_stuk(begin: float, einde: float, kruisend: list[float]) -> float:
    links, rechts = sorted((begin, einde))
    grenzen = [links, *sorted(x for x in kruisend if links < x < rechts), rechts]
    stukken = list(pairwise(grenzen))
    van, tot = max(stukken, key=lambda stuk: stuk[1] - stuk[0])
    return (van + tot) / 2
