"""Where pupils go from each school, as a drawing of streams and as the table beside it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

import msgspec

from overstap.adapters.http.doorstroom import Doorstroomblad, Stroomblad, Uitvalblad
from overstap.projections.doorstroom import Bestemming

REST: Final = ""
"""Stands for all schools, or MBO's, that are too small for a place of their own in the drawing."""
_MEESTE_SCHOLEN: Final = 70
_MEESTE_MBOS: Final = 12
_RUIM_TOT: Final = 24
"""With more schools the names stand closer together."""
_SAMEN: Final = 420
"""How high all streams together are."""
_TINTEN: Final = 5
LINKS: Final = 230
RECHTS: Final = 604
DIK: Final = 12
"""Where the drawing begins and ends between the names (the whole is 860 wide), and how thick its two posts are."""

Paar = tuple[str, str]
"""A destination: its kind and, of an MBO, its code."""
_ANDERE_MBOS: Final[Paar] = (Bestemming.MBO.value, REST)
T = TypeVar("T")


class Knoop(msgspec.Struct, frozen=True, kw_only=True):
    """A school or a destination in the drawing: where it lies, and how many pass."""

    soort: str
    code: str
    y: float
    hoog: float
    aantal: int
    hoeveel: int


class Lint(msgspec.Struct, frozen=True, kw_only=True):
    """A stream from a school to a destination, as a path."""

    school: str
    soort: str
    bestemming: str
    aantal: int
    vorm: str


class Tekening(msgspec.Struct, frozen=True, kw_only=True):
    """The drawing; hoog is its height, links and rechts where it begins and ends, is_dicht: names stand close."""

    hoog: float
    is_dicht: bool
    scholen: list[Knoop]
    bestemmingen: list[Knoop]
    linten: list[Lint]
    links: int = LINKS
    rechts: int = RECHTS


class Kruistabel(msgspec.Struct, frozen=True, kw_only=True):
    """The streams as a table: schools by destinations. A cell is (pupils or None: hidden, step of its tint 0-5)."""

    kolommen: list[Paar]
    rijen: list[tuple[str, list[tuple[int | None, int] | None]]]


def paar_van(stroom: Stroomblad) -> Paar:
    """Give the destination of a stream: each MBO by itself, of other kinds the kind alone."""
    return (stroom.soort, stroom.bestemming if stroom.soort == Bestemming.MBO else "")


def teken_stromen(stromen: Iterable[Stroomblad]) -> Tekening | None:
    """Draw the streams whose figure is shown; None when there is none."""
    alle = [(een.school, paar_van(een), een.leerlingen) for een in stromen if een.leerlingen]
    if not alle:
        return None
    per_school: Counter[str] = Counter()
    per_mbo: Counter[str] = Counter()
    for school, (soort, code), aantal in alle:
        per_school[school] += aantal
        if soort == Bestemming.MBO:
            per_mbo[code] += aantal
    eigen_school = _grootsten(per_school, _MEESTE_SCHOLEN)
    eigen_mbo = _grootsten(per_mbo, _MEESTE_MBOS)
    bundels: Counter[tuple[str, Paar]] = Counter()
    for school, (soort, code), aantal in alle:
        plek = (soort, eigen_mbo(code) if soort == Bestemming.MBO else "")
        bundels[eigen_school(school), plek] += aantal
    return _leg_uit(bundels, per_school.keys(), per_mbo.keys(), eigen_school, eigen_mbo)


def _grootsten(geteld: Counter[str], hoogstens: int) -> Callable[[str], str]:
    """Give what names each of the largest by itself and the others together, if that spares more than one."""
    if len(geteld) <= hoogstens + 1:
        return lambda code: code
    eigen = {code for code, _ in geteld.most_common(hoogstens)}
    return lambda code: code if code in eigen else REST


def _leg_uit(
    bundels: Mapping[tuple[str, Paar], int],
    scholen: Iterable[str],
    mbos: Iterable[str],
    eigen_school: Callable[[str], str],
    eigen_mbo: Callable[[str], str],
) -> Tekening:
    """Give every school and destination its place, the largest on top, and lead the streams from one to the other."""
    links, rechts = Counter[str](), Counter[Paar]()
    for (school, plek), aantal in bundels.items():
        links[school] += aantal
        rechts[plek] += aantal
    soorten = list(Bestemming)
    namen_links = sorted(links, key=lambda school: (school == REST, -links[school], school))
    namen_rechts = sorted(
        rechts, key=lambda plek: (soorten.index(Bestemming(plek[0])), plek == _ANDERE_MBOS, -rechts[plek], plek)
    )
    is_dicht = max(len(links), len(rechts)) > _RUIM_TOT
    naamhoogte, tussen = (11.0, 2.5) if is_dicht else (17.0, 7.0)
    per_leerling = _SAMEN / sum(links.values())
    hoeveel_scholen, hoeveel_mbos = Counter(map(eigen_school, scholen)), Counter(map(eigen_mbo, mbos))
    hoogten = [
        sum(max(aantal * per_leerling, naamhoogte) + tussen for aantal in kant.values()) - tussen
        for kant in (links, rechts)
    ]
    knopen_links = [
        Knoop(
            soort="school",
            code=code,
            y=y,
            hoog=links[code] * per_leerling,
            aantal=links[code],
            hoeveel=hoeveel_scholen[code],
        )
        for code, y in _zet(namen_links, links, per_leerling, (naamhoogte, tussen), (max(hoogten) - hoogten[0]) / 2)
    ]
    knopen_rechts = [
        Knoop(
            soort=plek[0],
            code=plek[1],
            y=y,
            hoog=rechts[plek] * per_leerling,
            aantal=rechts[plek],
            hoeveel=hoeveel_mbos[plek[1]],
        )
        for plek, y in _zet(namen_rechts, rechts, per_leerling, (naamhoogte, tussen), (max(hoogten) - hoogten[1]) / 2)
    ]
    linten = _linten(bundels, knopen_links, knopen_rechts, per_leerling)
    return Tekening(
        hoog=round(max(hoogten), 1), is_dicht=is_dicht, scholen=knopen_links, bestemmingen=knopen_rechts, linten=linten
    )


def _zet(
    namen: Sequence[T], geteld: Mapping[T, int], per_leerling: float, ruim: tuple[float, float], begin: float
) -> Iterator[tuple[T, float]]:
    """Give where each lies, from the top: one that is lower than its name gets the room of its name."""
    y = begin
    for naam in namen:
        hoog = geteld[naam] * per_leerling
        ruimte = max(hoog, ruim[0])
        yield naam, round(y + (ruimte - hoog) / 2, 1)
        y += ruimte + ruim[1]


def _linten(
    bundels: Mapping[tuple[str, Paar], int],
    scholen: Sequence[Knoop],
    bestemmingen: Sequence[Knoop],
    per_leerling: float,
) -> list[Lint]:
    """Lead every stream from its school to its destination, both in the order in which those lie."""
    vanaf = {knoop.code: knoop.y for knoop in scholen}
    naar = {(knoop.soort, knoop.code): knoop.y for knoop in bestemmingen}
    linten = []
    for school in [knoop.code for knoop in scholen]:
        for plek in [(knoop.soort, knoop.code) for knoop in bestemmingen]:
            aantal = bundels.get((school, plek), 0)
            if not aantal:
                continue
            dik = aantal * per_leerling
            vorm = _vorm(vanaf[school], naar[plek], dik)
            linten.append(Lint(school=school, soort=plek[0], bestemming=plek[1], aantal=aantal, vorm=vorm))
            vanaf[school] += dik
            naar[plek] += dik
    return linten


def _vorm(van: float, naar: float, dik: float) -> str:
    """Write a stream as a path: two curves, as far apart as it is thick."""
    begin, eind, midden = LINKS + DIK, RECHTS - DIK, (LINKS + RECHTS) // 2
    return (
        f"M{begin} {van:.1f}C{midden} {van:.1f} {midden} {naar:.1f} {eind} {naar:.1f}v{dik:.1f}"
        f"C{midden} {naar + dik:.1f} {midden} {van + dik:.1f} {begin} {van + dik:.1f}z"
    )


def kruistabel(stromen: Iterable[Stroomblad]) -> Kruistabel:
    """Put the streams side by side; a tint has six steps, to the largest of its row: most of a school stands out."""
    cellen: dict[str, dict[Paar, int | None]] = defaultdict(dict)
    per_plek: Counter[Paar] = Counter()
    for een in stromen:
        plek = paar_van(een)
        per_plek[plek] += een.leerlingen or 0
        eerder = cellen[een.school].get(plek, 0)
        cellen[een.school][plek] = None if eerder is None or een.leerlingen is None else eerder + een.leerlingen
    soorten = list(Bestemming)
    kolommen = sorted(per_plek, key=lambda plek: (soorten.index(Bestemming(plek[0])), -per_plek[plek], plek))
    rijen = []
    for school, rij in cellen.items():
        meeste = max((aantal or 0 for aantal in rij.values()), default=0)
        rijen.append((school, [_cel(rij, plek, meeste) for plek in kolommen]))
    return Kruistabel(kolommen=kolommen, rijen=rijen)


def _cel(rij: Mapping[Paar, int | None], plek: Paar, meeste: int) -> tuple[int | None, int] | None:
    if plek not in rij:
        return None
    aantal = rij[plek]
    return aantal, 0 if not aantal else -(-_TINTEN * aantal // meeste)


def waar_het_eindigt(uitval: Iterable[Uitvalblad]) -> list[Uitvalblad]:
    """Add up over the MBO's where aanmeldingen ended, the most first; of figures that are not rounded."""
    geteld: dict[tuple[str, str], tuple[int, int]] = {}
    for een in uitval:
        aantal, zonder = geteld.get((een.van, een.naar), (0, 0))
        geteld[een.van, een.naar] = (aantal + (een.aantal or 0), zonder + (een.nog_zonder_plaats or 0))
    samen = [
        Uitvalblad(mbo="", van=van, naar=naar, aantal=aantal, nog_zonder_plaats=zonder)
        for (van, naar), (aantal, zonder) in geteld.items()
    ]
    return sorted(samen, key=lambda een: (-(een.aantal or 0), een.van, een.naar))


def van_deel(blad: Doorstroomblad, soort: str, code: str) -> Doorstroomblad:
    """Keep what is about one school or one MBO."""
    if soort == "school":
        return msgspec.structs.replace(
            blad, stromen=[een for een in blad.stromen if een.school == code], duur=[], uitval=[]
        )
    return msgspec.structs.replace(
        blad,
        stromen=[een for een in blad.stromen if een.soort == Bestemming.MBO and een.bestemming == code],
        duur=[],
        uitval=[een for een in blad.uitval if een.mbo == code],
    )
