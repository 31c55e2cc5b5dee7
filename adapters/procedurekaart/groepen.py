"""Which statuses share one box: those that the same steps leave, so that one arrow can stand for many."""

from itertools import pairwise

import msgspec

from overstap.adapters.procedurekaart.lezen import Kaart, Stap


class Etiket(msgspec.Struct, frozen=True, kw_only=True):
    """A step as written at an arrow, with what can stand in its way there."""

    stap: str
    beletselen: tuple[str, ...] = ()


class Groep(msgspec.Struct, frozen=True, kw_only=True):
    """Statuses in one box; binnen are the steps that stay inside it, per_lid those that lead to one member alone."""

    leden: tuple[str, ...]
    binnen: tuple[Etiket, ...] = ()
    per_lid: dict[str, tuple[Etiket, ...]] = {}


class Blok(msgspec.Struct, frozen=True, kw_only=True):
    """One place in the drawing: a group, or several in one envelope because steps choose among all of them."""

    groepen: tuple[int, ...]
    binnen: tuple[Etiket, ...] = ()


class Pijl(msgspec.Struct, frozen=True, kw_only=True):
    """An arrow from a group to a block, or to one group of it, with all the steps that go that way."""

    van: int
    naar_blok: int
    naar_groep: int | None
    etiketten: tuple[Etiket, ...]


class Tekening(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be drawn of a chart; overal are the steps from each status to each status, told in words."""

    kaart: Kaart
    groepen: tuple[Groep, ...]
    blokken: tuple[Blok, ...]
    pijlen: tuple[Pijl, ...]
    overal: tuple[str, ...]

    def blok_van(self, groep: int) -> int:
        """Give the index of the block that holds a group."""
        return next(index for index, blok in enumerate(self.blokken) if groep in blok.groepen)


def groepeer(kaart: Kaart) -> Tekening:
    """Reduce a chart to boxes and arrows that say the same."""
    te_tekenen = [stap for stap in kaart.stappen if not kaart.gaat_overal_heen(stap)]
    leden = _leden(kaart, te_tekenen)
    blokken = _blokken(leden, te_tekenen)
    schets = _Schets(leden, blokken)
    for stap in te_tekenen:
        schets.voeg_toe(stap)
    return Tekening(
        kaart=kaart,
        groepen=tuple(
            Groep(
                leden=van_groep,
                binnen=tuple(schets.in_groep.get(index, ())),
                per_lid={lid: tuple(schets.bij_lid[lid]) for lid in van_groep if lid in schets.bij_lid},
            )
            for index, van_groep in enumerate(leden)
        ),
        blokken=tuple(
            Blok(groepen=groepen, binnen=tuple(schets.in_blok.get(index, ()))) for index, groepen in enumerate(blokken)
        ),
        pijlen=tuple(
            Pijl(van=van, naar_blok=blok, naar_groep=groep, etiketten=tuple(etiketten))
            for (van, blok, groep), etiketten in schets.pijlen.items()
        ),
        overal=tuple(stap.naam for stap in kaart.stappen if kaart.gaat_overal_heen(stap)),
    )


def _leden(kaart: Kaart, stappen: list[Stap]) -> list[tuple[str, ...]]:
    """Put statuses together that the same steps leave; that no step leads to where one is already does not count."""

    def gelijk(een: str, ander: str) -> bool:
        return all(
            (een in stap.bronnen) == (ander in stap.bronnen) or stap.doelen in {(een,), (ander,)} for stap in stappen
        )

    groepen: list[list[str]] = []
    for status in kaart.statussen:
        bij = next((groep for groep in groepen if all(gelijk(status.code, lid) for lid in groep)), None)
        if bij is None or (status.is_begin and not any(status.code in stap.doelen for stap in stappen)):
            groepen.append([status.code])
        else:
            bij.append(status.code)
    return [tuple(groep) for groep in groepen]


def _blokken(leden: list[tuple[str, ...]], stappen: list[Stap]) -> list[tuple[int, ...]]:
    """Put neighbouring groups in one envelope when a step chooses among all their members."""
    samen = {
        tuple(index for index, groep in enumerate(leden) if set(groep) <= set(stap.doelen))
        for stap in stappen
        if not stap.blijft
        if all(set(groep) <= set(stap.doelen) or not set(groep) & set(stap.doelen) for groep in leden)
    }
    omhulsels = [groepen for groepen in samen if len(groepen) > 1 and all(b - a == 1 for a, b in pairwise(groepen))]
    ingedeeld = {groep for groepen in omhulsels for groep in groepen}
    alleen = [(index,) for index in range(len(leden)) if index not in ingedeeld]
    return sorted([*omhulsels, *alleen])


class _Schets:
    """Collects arrows and inner steps while each step of the chart passes by."""

    def __init__(self, leden: list[tuple[str, ...]], blokken: list[tuple[int, ...]]) -> None:
        self._leden = leden
        self._blokken = blokken
        self.in_groep: dict[int, list[Etiket]] = {}
        self.in_blok: dict[int, list[Etiket]] = {}
        self.bij_lid: dict[str, list[Etiket]] = {}
        self.pijlen: dict[tuple[int, int, int | None], list[Etiket]] = {}

    def voeg_toe(self, stap: Stap) -> None:
        for van, groep in enumerate(self._leden):
            rijen = [rij for rij in stap.rijen if rij.van in groep]
            if rijen:
                beletselen = tuple(dict.fromkeys(naam for rij in rijen for naam in rij.beletselen))
                etiket = Etiket(stap=stap.naam, beletselen=beletselen)
                self._teken(stap, van, {rij.naar for rij in rijen}, etiket)
        for groep in self._leden:
            geraakt = [lid for lid in groep if lid in stap.doelen]
            if not stap.blijft and len(geraakt) < len(groep):
                for lid in geraakt:
                    self.bij_lid.setdefault(lid, []).append(Etiket(stap=stap.naam, beletselen=stap.beletselen))

    def _teken(self, stap: Stap, van: int, doelen: set[str], etiket: Etiket) -> None:
        if stap.blijft:
            self.in_groep.setdefault(van, []).append(etiket)
            return
        for blok, groepen in enumerate(self._blokken):
            geraakt = [groep for groep in groepen if doelen & set(self._leden[groep])]
            if len(groepen) > 1 and geraakt == list(groepen):
                if van in groepen:
                    _voeg_eenmaal_toe(self.in_blok.setdefault(blok, []), etiket)
                else:
                    self.pijlen.setdefault((van, blok, None), []).append(etiket)
                continue
            for naar in geraakt:
                if naar != van:
                    self.pijlen.setdefault((van, blok, naar), []).append(etiket)
                elif len(stap.doelen) > 1:
                    self.in_groep.setdefault(van, []).append(etiket)


def _voeg_eenmaal_toe(etiketten: list[Etiket], etiket: Etiket) -> None:
    if etiket not in etiketten:
        etiketten.append(etiket)
