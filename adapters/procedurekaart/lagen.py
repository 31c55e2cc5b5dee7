"""In which order the blocks of a drawing stand: each after those that lead to it, the end of all at the bottom."""

from collections.abc import Mapping

import msgspec

from overstap.adapters.procedurekaart.groepen import Tekening


class Lagen(msgspec.Struct, frozen=True, kw_only=True):
    """Blocks from left to right, and the block that lies under all of them, if there is one."""

    rij: tuple[int, ...]
    bodem: int | None


def leg_in_lagen(tekening: Tekening) -> Lagen:
    """Order the blocks by the longest way that leads to them; an arrow back to where one came from does not count."""
    buren = _buren(tekening)
    vooruit = _vooruit(buren, begin=_begin(tekening))
    laag = _langste_weg(vooruit)
    bodem = _bodem(vooruit, tekening)
    rij = sorted((blok for blok in buren if blok != bodem), key=lambda blok: (laag[blok], blok))
    return Lagen(rij=tuple(rij), bodem=bodem)


def _begin(tekening: Tekening) -> int:
    begin = next(status.code for status in tekening.kaart.statussen if status.is_begin)
    groep = next(index for index, groep in enumerate(tekening.groepen) if begin in groep.leden)
    return tekening.blok_van(groep)


def _buren(tekening: Tekening) -> dict[int, list[int]]:
    buren: dict[int, set[int]] = {blok: set() for blok in range(len(tekening.blokken))}
    for pijl in tekening.pijlen:
        van = tekening.blok_van(pijl.van)
        if van != pijl.naar_blok:
            buren[van].add(pijl.naar_blok)
    return {blok: sorted(naar) for blok, naar in buren.items()}


def _vooruit(buren: Mapping[int, list[int]], begin: int) -> dict[int, list[int]]:
    """Leave out what leads back to a block on the way here, walking depth first."""
    vooruit: dict[int, list[int]] = {blok: [] for blok in buren}
    onderweg: set[int] = set()
    klaar: set[int] = set()

    def bezoek(blok: int) -> None:
        onderweg.add(blok)
        for naar in buren[blok]:
            if naar in onderweg:
                continue
            vooruit[blok].append(naar)
            if naar not in klaar:
                bezoek(naar)
        onderweg.remove(blok)
        klaar.add(blok)

    for blok in (begin, *buren):
        if blok not in klaar:
            bezoek(blok)
    return vooruit


def _langste_weg(vooruit: Mapping[int, list[int]]) -> dict[int, int]:
    laag = dict.fromkeys(vooruit, 0)
    for _ in vooruit:
        for blok, naar in vooruit.items():
            for volgend in naar:
                laag[volgend] = max(laag[volgend], laag[blok] + 1)
    return laag


def _bodem(vooruit: Mapping[int, list[int]], tekening: Tekening) -> int | None:
    """Name the block where the most others end and from which nothing leads on."""
    komt_uit = {
        blok: sum(blok in naar for naar in vooruit.values())
        for blok, verder in vooruit.items()
        if not verder and len(tekening.blokken[blok].groepen) == 1
    }
    einde = max(komt_uit, key=lambda blok: komt_uit[blok], default=None)
    return einde if einde is not None and komt_uit[einde] > 1 else None
