"""The year as a chart: how many were in each status on every day, stacked, with the three dates of the norms.

Drawn by the server, so that it is there without scripts and on paper; where a script runs it draws the same reading
again and tells what a day under the cursor holds. Where small figures are hidden they are one band of their own.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Any, Final

import msgspec
from psycopg import Cursor

from overstap.adapters.http.cijfers import PRECIES, werkt_bij_mbo
from overstap.adapters.web.bezoeker import Bezoeker
from overstap.adapters.web.regio_vraag import Blik
from overstap.domain.kalender import datum_in_amsterdam
from overstap.projections.cijfers import Indeling
from overstap.projections.verloop import Verloop, verloop_op, verloop_van_deel
from overstap.statemachine.afronding import TOTAAL, rond_af

VERBORGEN: Final = "verborgen"
"""The band of what is too small to show."""
_VAN_LEERLINGEN: Final = (
    "afgerond",
    "gestart",
    "geplaatst",
    "vervolgkeuze_vo",
    "intake",
    "aangemeld",
    "nog_niet_aangemeld",
    "leerplicht_afgehandeld",
    "leerplicht_ingeschakeld",
)
_VAN_AANMELDINGEN: Final = (
    "gestart",
    "definitief_geplaatst",
    "voorlopig_geplaatst",
    "wachtlijst",
    "intake_afgerond",
    "nader_onderzoek",
    "intake_gepland",
    "aangemeld",
    "ingetrokken",
    "afgewezen",
    "niet_verschenen",
    "onderbroken",
)
_NA_DE_METING: Final = timedelta(days=10)
_HOOGTE: Final = 1000
_OM_DE: Final = 2
_RUIM: Final = 0.055
"""A band gets its name inside it where it is at least this part of the chart high."""
_KANT: Final = 0.09
_NAAMBREEDTE: Final = 20
_NAAMHOOGTE: Final = 7
"""How far apart two names must be, in percentages of the chart."""
_HALVE_MAAND: Final = 15
_MEESTE_ASSEN: Final = 5
_STREEPJES: Final = (1, 2, 4, 10, 20)


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """One status: its figure on every day (None: hidden), its outline, and where its name fits.

    plek are percentages of the width and the height, from the left and the top; None: nowhere.
    """

    status: str
    waarden: list[int | None]
    vorm: str
    plek: tuple[float, float] | None


class Peil(msgspec.Struct, frozen=True, kw_only=True):
    """A date that is drawn as a line; x is a percentage of the width."""

    naam: str
    dag: date
    x: float


class Jaarbeeld(msgspec.Struct, frozen=True, kw_only=True):
    """The chart and what its table needs.

    banden lie from the ground up; dagen are those that have figures, from `van` on; breed is the percentage of the
    width that they take; assen are (figure, percentage from the top), maanden (first day, percentage of its middle).
    """

    van: date
    dagen: int
    breed: float
    hoogst: int
    banden: list[Band]
    totalen: list[int | None]
    assen: list[tuple[int, float]]
    maanden: list[tuple[date, float]]
    grenzen: list[float]
    peilen: list[Peil]
    soort: str
    is_van_geheel: bool

    def op(self, dag: date) -> dict[str, int | None] | None:
        """Give the figure of each band on a day; None on a day without figures."""
        hoeveelste = (dag - self.van).days
        if not 0 <= hoeveelste < self.dagen:
            return None
        return {band.status: band.waarden[hoeveelste] for band in self.banden}

    def totaal_op(self, dag: date) -> int | None:
        """Give the sum on a day; None on a day without figures, and where it is hidden."""
        hoeveelste = (dag - self.van).days
        return self.totalen[hoeveelste] if 0 <= hoeveelste < self.dagen else None


async def lees_jaarbeeld(bezoeker: Bezoeker, blik: Blik, deel: tuple[Indeling, str] | None) -> Jaarbeeld:
    """Read the year of the visitor's organisation, or of a part of it.

    A part is drawn only for who gets figures as they are: the years of parts, rounded each by itself, would together
    tell more than one table that is rounded as a whole. Who gets rounded ones gets the year of the whole.
    """
    actor, dienst = bezoeker.actor, bezoeker.dienst
    is_precies = actor.rol in PRECIES
    if werkt_bij_mbo(dienst, actor):
        deel = (Indeling.MBO, actor.organisatie[:4])
    elif not is_precies:
        deel = None
    begin, eind = blik.regels.kalender.opvoer_vanaf, blik.regels.kalender.meting_op + _NA_DE_METING
    tot = min(eind, blik.vandaag, datum_in_amsterdam(blik.bekend) if blik.bekend else eind)
    dagen = [begin + timedelta(dag) for dag in range((tot - begin).days + 1)]

    def lees(cursor: Cursor[Any]) -> Verloop:
        if deel is None:
            return verloop_op(cursor, blik.regels, dagen, blik.bekend)
        return verloop_van_deel(cursor, blik.regels, dagen, deel, blik.bekend)

    verloop = await dienst.tel_als(actor, lees) if dagen else {}
    van_mbo = deel is not None and deel[0] is Indeling.MBO
    return _teken(
        verloop,
        dagen,
        eind,
        blik,
        _VAN_AANMELDINGEN if van_mbo else _VAN_LEERLINGEN,
        is_precies=is_precies,
        is_van_geheel=deel is None,
    )


def _teken(  # noqa: PLR0913  # what the drawing is made of
    verloop: Verloop,
    dagen: Sequence[date],
    eind: date,
    blik: Blik,
    volgorde: Sequence[str],
    *,
    is_precies: bool,
    is_van_geheel: bool,
) -> Jaarbeeld:
    begin = blik.regels.kalender.opvoer_vanaf
    breedte = (eind - begin).days
    statussen = [status for status in volgorde if any(verloop.get(status, ()))]
    reeksen, totalen = (_precies if is_precies else _afgerond)(verloop, statussen, len(dagen))
    hoogst = _rond_naar_boven(
        max((sum(een or 0 for een in dag) for dag in zip(*reeksen.values(), strict=True)), default=0)
    )
    peilen = [Peil(naam=naam, dag=dag, x=_deel(dag, begin, breedte)) for naam, dag in blik.mijlpalen]
    return Jaarbeeld(
        van=begin,
        dagen=len(dagen),
        breed=round(100 * max(len(dagen) - 1, 0) / breedte, 3),
        hoogst=hoogst,
        banden=_banden(reeksen, hoogst, breedte),
        totalen=totalen,
        assen=_assen(hoogst),
        maanden=_maanden(begin, eind),
        grenzen=[_deel(dag, begin, breedte) for dag, _ in _maanden(begin, eind)[1:]],
        peilen=[peil for peil in peilen if begin <= peil.dag <= eind],
        soort="aanmelding" if volgorde is _VAN_AANMELDINGEN else "leerling",
        is_van_geheel=is_van_geheel,
    )


def _precies(
    verloop: Verloop, statussen: Sequence[str], aantal: int
) -> tuple[dict[str, list[int | None]], list[int | None]]:
    reeksen: dict[str, list[int | None]] = {status: list(verloop[status]) for status in statussen}
    return reeksen, [sum(verloop[status][dag] for status in statussen) for dag in range(aantal)]


def _afgerond(
    verloop: Verloop, statussen: Sequence[str], aantal: int
) -> tuple[dict[str, list[int | None]], list[int | None]]:
    """Round every day as the table of one line that it is; what is left of its sum is the band of what is hidden."""
    reeksen: dict[str, list[int | None]] = {status: [] for status in statussen}
    rest: list[int | None] = []
    totalen: list[int | None] = []
    for dag in range(aantal if statussen else 0):
        rond = rond_af({"": {status: verloop[status][dag] for status in statussen}})[""]
        for status in statussen:
            reeksen[status].append(rond[status])
        totalen.append(rond[TOTAAL])
        rest.append(max(0, (rond[TOTAAL] or 0) - sum(rond[status] or 0 for status in statussen)))
    te_zien = {status: waarden for status, waarden in reeksen.items() if any(waarden)}
    return (te_zien | {VERBORGEN: rest} if any(rest) else te_zien), totalen


def _banden(reeksen: dict[str, list[int | None]], hoogst: int, breedte: int) -> list[Band]:
    """Stack the series: each band is drawn from the top of the one below it."""
    onder = [0] * len(next(iter(reeksen.values()), []))
    banden: list[Band] = []
    for status, waarden in reeksen.items():
        boven = [grond + (waarde or 0) for grond, waarde in zip(onder, waarden, strict=True)]
        banden.append(
            Band(
                status=status,
                waarden=waarden,
                vorm=_vorm(onder, boven, hoogst),
                plek=_plek(onder, boven, hoogst, breedte, [band.plek for band in banden if band.plek]),
            )
        )
        onder = boven
    return banden


def _vorm(onder: Sequence[int], boven: Sequence[int], hoogst: int) -> str:
    """Write the outline of a band as a path, every other day: x in days, y in thousandths from the top."""
    laatste = len(onder) - 1
    dagen = sorted({*range(0, laatste + 1, _OM_DE), laatste}) if laatste >= 0 else []
    heen = [(dag, round(_HOOGTE - _HOOGTE * boven[dag] / hoogst)) for dag in dagen]
    terug = [(dag, round(_HOOGTE - _HOOGTE * onder[dag] / hoogst)) for dag in reversed(dagen)]
    if not heen:
        return ""
    punten = [*heen, *terug]
    stappen = "".join(f"l{punt[0] - vorig[0]} {punt[1] - vorig[1]}" for vorig, punt in pairwise(punten))
    return f"M{punten[0][0]} {punten[0][1]}{stappen}z"


def _plek(
    onder: Sequence[int], boven: Sequence[int], hoogst: int, breedte: int, bezet: Sequence[tuple[float, float]]
) -> tuple[float, float] | None:
    """Find where the name of a band fits: where it stays highest for a month around, and beside other names."""
    dik = [(top - grond) / hoogst for grond, top in zip(onder, boven, strict=True)]
    kant = round(_KANT * breedte)
    midden = range(kant, min(len(dik), breedte) - kant)
    beste = max(midden, key=lambda dag: min(dik[max(0, dag - 30) : dag + 31]), default=None)
    if beste is None or min(dik[max(0, beste - 30) : beste + 31]) < _RUIM / 2 or dik[beste] < _RUIM:
        return None
    x, y = round(100 * beste / breedte, 2), round(100 - 50 * (onder[beste] + boven[beste]) / hoogst, 2)
    is_vrij = all(abs(x - ander_x) > _NAAMBREEDTE or abs(y - ander_y) > _NAAMHOOGTE for ander_x, ander_y in bezet)
    return (x, y) if is_vrij else None


def _rond_naar_boven(waarde: int) -> int:
    """Give the height of the chart: what there is at most, and no more than a little air."""
    return max(1, -(-waarde * 51 // 50))


def _assen(hoogst: int) -> list[tuple[int, float]]:
    """Give some round figures under the highest, at most so many that they stand apart."""
    macht = 10 ** (len(str(hoogst)) - 1)
    stappen = [macht * deel // 2 for deel in _STREEPJES]
    stap = next((een for een in stappen if een and hoogst // een <= _MEESTE_ASSEN), hoogst)
    return [(waarde, round(100 - 100 * waarde / hoogst, 2)) for waarde in accumulate([stap] * (hoogst // stap))]


def _maanden(begin: date, eind: date) -> list[tuple[date, float]]:
    """Give the first day of each month, and the percentage of the width at which its middle lies."""
    maanden = []
    dag = begin.replace(day=1)
    while dag < eind:
        volgende = date(dag.year + dag.month // 12, dag.month % 12 + 1, 1)
        van, tot = max(dag, begin), min(volgende, eind)
        if (tot - van).days > _HALVE_MAAND:
            maanden.append((dag, round(100 * ((van - begin).days + (tot - van).days / 2) / (eind - begin).days, 2)))
        dag = volgende
    return maanden


def _deel(dag: date, begin: date, breedte: int) -> float:
    return round(100 * (dag - begin).days / breedte, 3)


def tabeldagen(jaar: Jaarbeeld, blik: Blik) -> list[date]:
    """Give the days of the table beside the chart: the first of each month, those of the norms, the day asked for."""
    eerste = [dag for dag, _ in jaar.maanden]
    dagen = sorted({*eerste, *(peil.dag for peil in jaar.peilen), blik.dag})
    return [dag for dag in dagen if (op := jaar.op(dag)) is not None and (dag == blik.dag or any(op.values()))]
