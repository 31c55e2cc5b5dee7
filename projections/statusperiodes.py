"""What held when, as known when? The status of the pupil and of each aanmelding over both times, as rectangles."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from overstap.domain.feiten import Feit
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.statussen import RANG, AanmeldingStatus, OverstapStatus
from overstap.projections.actueel import rij_van
from overstap.projections.projectie import ONEINDIG, geldt_vanaf, vastgelegd_op

HERZIE = "herzie"
"""The step of a change of status that a correction caused."""
MET_REDEN = frozenset({OverstapStatus.VERVOLGKEUZE_VO, OverstapStatus.AFGEROND})
"""The statuses whose reason stands in the fact that caused them."""
LEERLING = 0
"""The line of the pupil himself; the lines of his aanmeldingen have their numbers, from 1."""
HERZIEN = "herzien"
"""The reden on the line of an aanmelding whose receipt was corrected away: it counts for nothing."""


class Stand(NamedTuple):
    """What a line says: the status, the one that counts (they differ once an overstap is closed), rank and reason."""

    status: str
    telt_als: str
    rang: int | None = None
    reden: str | None = None


class Rechthoek(msgspec.Struct):
    """One stand over [geldig_van, geldig_tot) as known in [bekend_van, bekend_tot); is_bewaard: its row exists."""

    geldig_van: datetime
    geldig_tot: datetime
    bekend_van: datetime
    bekend_tot: datetime
    stand: Stand
    is_bewaard: bool = False


class Wijziging(NamedTuple):
    """A line says something else from `vanaf` on, as known from `bekend` on."""

    nummer: int
    vanaf: datetime
    bekend: datetime
    stand: Stand


def rechthoeken_na(
    open_rechthoeken: Iterable[Rechthoek], wijziging: Wijziging
) -> tuple[list[Rechthoek], list[Rechthoek]]:
    """Give the open rectangles of a line after a change, and those it closed.

    Every open one that reaches beyond `vanaf` is closed at `bekend` and its part before `vanaf` opened again; from
    `vanaf` on the change holds. One that was known for no time at all is among the closed, with bekend_tot equal to
    bekend_van: no reader ever sees it.
    """
    blijft: list[Rechthoek] = []
    gesloten: list[Rechthoek] = []
    for rechthoek in open_rechthoeken:
        if rechthoek.geldig_tot <= wijziging.vanaf:
            blijft.append(rechthoek)
            continue
        if rechthoek.geldig_van < wijziging.vanaf:
            blijft.append(Rechthoek(rechthoek.geldig_van, wijziging.vanaf, wijziging.bekend, ONEINDIG, rechthoek.stand))
        rechthoek.bekend_tot = wijziging.bekend
        gesloten.append(rechthoek)
    blijft.append(Rechthoek(wijziging.vanaf, ONEINDIG, wijziging.bekend, ONEINDIG, wijziging.stand))
    return blijft, gesloten


def wijzigingen_bij(
    gebeurtenis: Gebeurtenis, oorzaak: Feit | None, vorige: Stand | None, stroom: Sequence[Gebeurtenis]
) -> list[Wijziging]:
    """Give what an event changes, for the pupil's line or those of aanmeldingen.

    oorzaak is the fact that caused a change of the pupil's status; vorige what his line said last; stroom all events up
    to and with this one, where `vraagt_stroom` asks for it.
    """
    feit = gebeurtenis.feit
    match feit:
        case o.OverstapOpgevoerd():
            begin = OverstapStatus.NOG_NIET_AANGEMELD
            return [_vanaf_gebeurd(gebeurtenis, LEERLING, Stand(begin, begin))]
        case o.StatusGewijzigd() if feit.stap == HERZIE:
            return [_vanaf_vastgelegd(gebeurtenis, LEERLING, _stand_uit_stroom(feit.naar, stroom))]
        case o.StatusGewijzigd():
            return [_vanaf_gebeurd(gebeurtenis, LEERLING, _stand_van_leerling(feit, oorzaak, vorige))]
        case o.GebeurtenisHerzien():
            return _na_herziening(gebeurtenis, stroom)
        case a.AanmeldingOntvangen():
            return [_vanaf_gebeurd(gebeurtenis, feit.nummer, _stand_van_aanmelding(AanmeldingStatus.AANGEMELD))]
        case a.AanmeldingHeropend():
            return [_vanaf_gebeurd(gebeurtenis, feit.nummer, _stand_van_aanmelding(feit.naar))]
        case a.AanmeldingFeit() if isinstance(feit, a.StatusFeit):
            return [_vanaf_gebeurd(gebeurtenis, feit.nummer, _stand_van_aanmelding(a.STATUS_NA[type(feit)]))]
        case _:
            return []


def vraagt_stroom(gebeurtenis: Gebeurtenis) -> bool:
    """Tell whether only the whole stream up to this event can say what it changes: at a correction."""
    feit = gebeurtenis.feit
    if isinstance(feit, o.StatusGewijzigd):
        return feit.stap == HERZIE and feit.naar in MET_REDEN
    return isinstance(feit, o.GebeurtenisHerzien)


def _vanaf_gebeurd(gebeurtenis: Gebeurtenis, nummer: int, stand: Stand) -> Wijziging:
    return Wijziging(nummer, geldt_vanaf(gebeurtenis), vastgelegd_op(gebeurtenis), stand)


def _vanaf_vastgelegd(gebeurtenis: Gebeurtenis, nummer: int, stand: Stand) -> Wijziging:
    """A correction counts from the moment it is recorded."""
    moment = vastgelegd_op(gebeurtenis)
    return Wijziging(nummer, moment, moment, stand)


def _stand_van_aanmelding(status: AanmeldingStatus, reden: str | None = None) -> Stand:
    return Stand(status, status, RANG[status], reden)


def _stand_van_leerling(feit: o.StatusGewijzigd, oorzaak: Feit | None, vorige: Stand | None) -> Stand:
    if isinstance(oorzaak, o.VervolgkeuzeVoGekozen):
        return Stand(feit.naar, feit.naar, reden=oorzaak.reden)
    if isinstance(oorzaak, o.OverstapAfgesloten):
        return Stand(feit.naar, feit.van, reden=oorzaak.reden or (vorige.reden if vorige else None))
    return Stand(feit.naar, feit.naar)


def _stand_uit_stroom(naar: OverstapStatus, stroom: Sequence[Gebeurtenis]) -> Stand:
    """Find what the pupil's line says of a status that a correction brought back: as the last time that still holds."""
    if naar not in MET_REDEN:
        return Stand(naar, naar)
    herzien = {g.feit.gebeurtenis for g in stroom if isinstance(g.feit, o.GebeurtenisHerzien)}
    feiten = {g.originator_version: g.feit for g in stroom}
    laatste: dict[OverstapStatus, Stand] = {}
    for feit in feiten.values():
        if isinstance(feit, o.StatusGewijzigd) and feit.stap != HERZIE and feit.oorzaak not in herzien:
            laatste[feit.naar] = _stand_van_leerling(feit, feiten.get(feit.oorzaak), laatste.get(feit.van))
    return laatste.get(naar, Stand(naar, naar))


def _na_herziening(gebeurtenis: Gebeurtenis, stroom: Sequence[Gebeurtenis]) -> list[Wijziging]:
    voor, na = rij_van(stroom[:-1]), rij_van(stroom)
    if voor is None or na is None:
        return []
    return [
        _vanaf_vastgelegd(
            gebeurtenis, regel.nummer, _stand_van_aanmelding(regel.status, HERZIEN if regel.is_herzien else None)
        )
        for was, regel in zip(voor.aanmeldingen, na.aanmeldingen, strict=True)
        if (was.status, was.is_herzien) != (regel.status, regel.is_herzien)
    ]
