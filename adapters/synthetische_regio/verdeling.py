"""Deals out who ends where and who meets which trouble, by exact shares of the number of pupils."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from overstap.adapters.synthetische_regio.organisaties import Regio, School

LEERWEGEN = {
    "bb": 0.20, "kb": 0.25, "gl": 0.06, "tl": 0.36, "havo": 0.06, "pro": 0.04, "vso": 0.01, "isk": 0.01, "vavo": 0.01,
}  # fmt: skip
_Soort = TypeVar("_Soort")
_KLASSENLETTER = {"bb": "4B", "kb": "4K", "gl": "4G", "tl": "4T", "havo": "4H", "pro": "5P", "vso": "5S", "isk": "2I"}
_KLASGROOTTE = 24
_NIEMAND_KOMT_TEKORT = 100  # with fewer pupils a share that rounds to nobody stays nobody


class Eindstand(StrEnum):
    """Where a pupil stands on 1 October J."""

    GESTART = "gestart"
    MBO_BUITEN_REGIO = "mbo_buiten_regio"
    HAVO = "havo"
    DOUBLEERT = "doubleert"
    VAVO_OF_PARTICULIER = "vavo_of_particulier"
    LEERPLICHT = "leerplicht"
    UIT_BEELD = "uit_beeld"
    UITGESCHREVEN = "uitgeschreven"
    ANDERS = "anders"


class Verhaal(StrEnum):
    """What goes wrong on the way, at most one a pupil."""

    GEEN = ""
    AFGEWEZEN = "afgewezen"
    INGETROKKEN = "ingetrokken_na_plaatsing"
    NIET_VERSCHENEN = "niet_verschenen"
    TEGENSTRIJDIG = "tegenstrijdig"


class Merk(StrEnum):
    """What is unusual about a pupil beside his story, at most one a pupil."""

    GEEN = ""
    PGN_DOOR_SCHOOL = "pgn_door_school"
    PGN_DOOR_KOPPELING = "pgn_door_koppeling"
    PGN_IN_WACHTBAK = "pgn_in_wachtbak"
    LAAT_IN_WACHTBAK = "laat_in_wachtbak"
    LAAT = "laat"
    SCHOOLWISSEL = "schoolwissel"
    LEERPLICHT_TUSSENDOOR = "leerplicht_tussendoor"
    LEERPLICHT_TWEEMAAL = "leerplicht_tweemaal"
    HEROPEND = "heropend"
    OVERGENOMEN = "overgenomen"
    GEKOPPELD = "gekoppeld"


EINDSTANDEN = {
    Eindstand.GESTART: 0.64,
    Eindstand.MBO_BUITEN_REGIO: 0.21,
    Eindstand.HAVO: 0.06,
    Eindstand.DOUBLEERT: 0.045,
    Eindstand.VAVO_OF_PARTICULIER: 0.013,
    Eindstand.LEERPLICHT: 0.015,
    Eindstand.UIT_BEELD: 0.01,
    Eindstand.UITGESCHREVEN: 0.0035,
    Eindstand.ANDERS: 0.0035,
}
VERHALEN: dict[Verhaal, dict[Eindstand, float]] = {
    Verhaal.AFGEWEZEN: {Eindstand.GESTART: 0.052, Eindstand.MBO_BUITEN_REGIO: 0.008},
    Verhaal.INGETROKKEN: {
        Eindstand.GESTART: 0.018,
        Eindstand.MBO_BUITEN_REGIO: 0.004,
        Eindstand.HAVO: 0.003,
        Eindstand.DOUBLEERT: 0.003,
        Eindstand.UIT_BEELD: 0.002,
    },
    Verhaal.NIET_VERSCHENEN: {Eindstand.GESTART: 0.007, Eindstand.LEERPLICHT: 0.005, Eindstand.UIT_BEELD: 0.003},
    Verhaal.TEGENSTRIJDIG: {
        Eindstand.GESTART: 0.010,
        Eindstand.MBO_BUITEN_REGIO: 0.025,
        Eindstand.HAVO: 0.009,
        Eindstand.DOUBLEERT: 0.006,
    },
}
MERKEN: dict[Merk, dict[Eindstand, float]] = {
    Merk.PGN_DOOR_SCHOOL: {Eindstand.GESTART: 0.006},
    Merk.PGN_DOOR_KOPPELING: {Eindstand.GESTART: 0.003},
    Merk.PGN_IN_WACHTBAK: {Eindstand.GESTART: 0.001},
    Merk.LAAT_IN_WACHTBAK: {Eindstand.GESTART: 0.013},
    Merk.LAAT: {Eindstand.GESTART: 0.004, Eindstand.MBO_BUITEN_REGIO: 0.003},
    Merk.SCHOOLWISSEL: {Eindstand.GESTART: 0.005},
    Merk.LEERPLICHT_TUSSENDOOR: {Eindstand.GESTART: 0.012, Eindstand.MBO_BUITEN_REGIO: 0.004, Eindstand.HAVO: 0.002},
    Merk.LEERPLICHT_TWEEMAAL: {Eindstand.GESTART: 0.002},
    Merk.HEROPEND: {Eindstand.GESTART: 0.0005},
    Merk.OVERGENOMEN: {Eindstand.GESTART: 0.005},
    Merk.GEKOPPELD: {Eindstand.GESTART: 0.0007},
}
_ZONDER_AANMELDING = {
    Eindstand.MBO_BUITEN_REGIO: 0.008,
    Eindstand.HAVO: 0.006,
    Eindstand.DOUBLEERT: 0.005,
    Eindstand.VAVO_OF_PARTICULIER: 0.002,
    Eindstand.LEERPLICHT: 0.0035,
    Eindstand.UIT_BEELD: 0.0035,
    Eindstand.ANDERS: 0.002,
}
AANMELDINGEN = {0: 0.03, 1: 0.62, 2: 0.25, 3: 0.10}  # three stands for three or more
_DRIE_OF_MEER = (3, 3, 3, 3, 3, 3, 3, 4, 4, 5)
_AANDEEL_PER_FOUT = 0.0015


@dataclass(slots=True)
class Lot:
    """What is settled about a pupil before his year is made up; `fout` names a line of his that must be refused."""

    school: School
    klas: str
    vestiging: str
    leerweg: str
    eindstand: Eindstand
    aanmeldingen: int = 1
    verhaal: Verhaal = Verhaal.GEEN
    merk: Merk = Merk.GEEN
    fout: str = ""


def verdeel(toeval: random.Random, regio: Regio, leerlingen: int, fouten: tuple[str, ...]) -> list[Lot]:
    """Deal out every pupil's lot; `fouten` are the kinds of refusable lines, each for a few pupils."""
    loten = _plaats_in_klassen(toeval, regio, leerlingen)
    vrij: dict[Eindstand, list[Lot]] = {eindstand: [] for eindstand in Eindstand}
    for lot in loten:
        vrij[lot.eindstand].append(lot)
    for verhaal, aandelen in VERHALEN.items():
        for lot in _trek(vrij, aandelen, leerlingen):
            lot.verhaal = verhaal
    for merk, aandelen in MERKEN.items():
        for lot in _trek(vrij, aandelen, leerlingen, _KIESBAAR.get(merk, _iedereen)):
            lot.merk = merk
    for fout in fouten:
        for lot in _trek(vrij, {Eindstand.GESTART: _AANDEEL_PER_FOUT}, leerlingen):
            lot.fout = fout
    for lot in _trek(vrij, _ZONDER_AANMELDING, leerlingen):
        lot.aanmeldingen = 0
    _verdeel_aanmeldingen(toeval, loten)
    return loten


def klassen(loten: list[Lot]) -> dict[str, list[tuple[str, str]]]:
    """Give per school (by BRIN) its classes with their vestiging."""
    gevonden: dict[str, dict[str, str]] = {}
    for lot in loten:
        gevonden.setdefault(lot.school.brin, {})[lot.klas] = lot.vestiging
    return {brin: sorted(klassen_.items()) for brin, klassen_ in gevonden.items()}


def _plaats_in_klassen(toeval: random.Random, regio: Regio, leerlingen: int) -> list[Lot]:
    eindstanden = _uitgeschud(toeval, EINDSTANDEN, leerlingen)
    leerwegen = _uitgeschud(toeval, LEERWEGEN, leerlingen)
    algemeen = [school for school in regio.scholen if not school.leerwegen]
    gewichten = [school.gewicht for school in algemeen]
    in_klas: Counter[tuple[str, str]] = Counter()
    loten = []
    for eindstand, leerweg in zip(eindstanden, leerwegen, strict=True):
        eigen = [school for school in regio.scholen if leerweg in school.leerwegen]
        school = toeval.choice(eigen) if eigen else toeval.choices(algemeen, gewichten)[0]
        nummer = in_klas[school.brin, leerweg] // _KLASGROOTTE
        in_klas[school.brin, leerweg] += 1
        klas = f"{_KLASSENLETTER.get(leerweg, '5V')}{nummer + 1}"
        vestiging = school.vestigingen[nummer % len(school.vestigingen)]
        loten.append(Lot(school, klas, vestiging, leerweg, eindstand))
    return loten


def _aantallen(aandelen: Mapping[_Soort, float], leerlingen: int) -> dict[_Soort, int]:
    """Turn shares into whole numbers that add up to their share together: largest remainders first."""
    totaal = round(sum(aandelen.values()) * leerlingen)
    aantallen = {soort: int(aandeel * leerlingen) for soort, aandeel in aandelen.items()}
    resten = sorted(aandelen, key=lambda soort: aantallen[soort] - aandelen[soort] * leerlingen)
    for soort in resten[: totaal - sum(aantallen.values())]:
        aantallen[soort] += 1
    if totaal == 0 and leerlingen >= _NIEMAND_KOMT_TEKORT:
        aantallen[resten[0]] = 1
    return aantallen


def _uitgeschud(toeval: random.Random, aandelen: Mapping[_Soort, float], leerlingen: int) -> list[_Soort]:
    kaarten = [soort for soort, aantal in _aantallen(aandelen, leerlingen).items() for _ in range(aantal)]
    toeval.shuffle(kaarten)
    return kaarten


def _iedereen(_: Lot) -> bool:
    return True


def _trek(
    vrij: dict[Eindstand, list[Lot]],
    aandelen: Mapping[Eindstand, float],
    leerlingen: int,
    kiesbaar: Callable[[Lot], bool] = _iedereen,
) -> Iterator[Lot]:
    """Take pupils with nothing unusual yet out of the free ones, as many as the shares say and as there are."""
    for eindstand, aantal in _aantallen(aandelen, leerlingen).items():
        genomen = list(islice((lot for lot in vrij[eindstand] if kiesbaar(lot)), aantal))
        bezet = {id(lot) for lot in genomen}
        vrij[eindstand] = [lot for lot in vrij[eindstand] if id(lot) not in bezet]
        yield from genomen


def _op_late_lijst(lot: Lot) -> bool:
    return lot.school.late_lijst


def _op_enige_vestiging(lot: Lot) -> bool:
    return len(lot.school.vestigingen) == 1 and not lot.school.leerwegen


_KIESBAAR = {Merk.LAAT: _op_late_lijst, Merk.LAAT_IN_WACHTBAK: _op_late_lijst, Merk.SCHOOLWISSEL: _op_enige_vestiging}


def _verdeel_aanmeldingen(toeval: random.Random, loten: list[Lot]) -> None:
    aantallen = _aantallen(AANMELDINGEN, len(loten))
    meer = [2] * aantallen[2] + [3] * aantallen[3]
    toeval.shuffle(meer)
    elders_verder = [lot for lot in loten if _vraagt_tweede_aanmelding(lot)]
    anderen = [lot for lot in loten if lot.aanmeldingen and not _vraagt_tweede_aanmelding(lot)]
    toeval.shuffle(anderen)
    for lot, aantal in zip([*elders_verder, *anderen], meer, strict=False):
        lot.aanmeldingen = aantal if aantal == 2 else toeval.choice(_DRIE_OF_MEER)  # noqa: PLR2004
    for lot in elders_verder[len(meer) :]:
        lot.aanmeldingen = 2


def _vraagt_tweede_aanmelding(lot: Lot) -> bool:
    if lot.verhaal is Verhaal.AFGEWEZEN:
        return True
    return lot.eindstand is Eindstand.GESTART and lot.verhaal in {Verhaal.INGETROKKEN, Verhaal.NIET_VERSCHENEN}
