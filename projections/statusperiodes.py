"""What held when, as known when? The status of the pupil and of each aanmelding over both times, as rectangles."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from overstap.domain.feiten import Feit
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Voorval
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


class Rechthoek(msgspec.Struct, gc=False):
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


_STAND = {status: Stand(status, status, rang) for status, rang in RANG.items()}
_STATUS_NA: dict[type, AanmeldingStatus] = {**a.STATUS_NA}


def rechthoeken_na(open_rechthoeken: list[Rechthoek], wijziging: Wijziging) -> list[Rechthoek]:
    """Change the open rectangles of a line, which follow one another in time, and give those that were closed.

    Every open one that reaches beyond `vanaf` is closed at `bekend` and its part before `vanaf` opened again; from
    `vanaf` on the change holds. One that was known for no time at all is among the closed, with bekend_tot equal to
    bekend_van: no reader ever sees it. What is opened stands at the end of the list.
    """
    _, vanaf, bekend, stand = wijziging
    gesloten: list[Rechthoek] = []
    while open_rechthoeken and open_rechthoeken[-1].geldig_tot > vanaf:
        rechthoek = open_rechthoeken.pop()
        rechthoek.bekend_tot = bekend
        gesloten.append(rechthoek)
    if gesloten and gesloten[-1].geldig_van < vanaf:
        eerste = gesloten[-1]
        open_rechthoeken.append(Rechthoek(eerste.geldig_van, vanaf, bekend, ONEINDIG, eerste.stand))
    open_rechthoeken.append(Rechthoek(vanaf, ONEINDIG, bekend, ONEINDIG, stand))
    return gesloten


def wijzigingen_bij(
    gebeurtenis: Voorval, oorzaak: Feit | None, vorige: Stand | None, stroom: Sequence[Voorval]
) -> list[Wijziging]:
    """Give what an event changes, for the pupil's line or those of aanmeldingen.

    oorzaak is the fact that caused a change of the pupil's status; vorige what his line said last; stroom all events up
    to and with this one, where `vraagt_stroom` asks for it.
    """
    feit = gebeurtenis.feit
    if isinstance(feit, a.AanmeldingFeit):
        stand = _stand_na(feit)
        return [_vanaf_gebeurd(gebeurtenis, feit.nummer, stand)] if stand else []
    match feit:
        case o.StatusGewijzigd():
            if feit.stap == HERZIE:
                return [_vanaf_vastgelegd(gebeurtenis, LEERLING, _stand_uit_stroom(feit.naar, stroom))]
            return [_vanaf_gebeurd(gebeurtenis, LEERLING, _stand_van_leerling(feit, oorzaak, vorige))]
        case o.OverstapOpgevoerd():
            begin = OverstapStatus.NOG_NIET_AANGEMELD
            return [_vanaf_gebeurd(gebeurtenis, LEERLING, Stand(begin, begin))]
        case o.GebeurtenisHerzien():
            return _na_herziening(gebeurtenis, stroom)
        case _:
            return []


def vraagt_stroom(gebeurtenis: Voorval) -> bool:
    """Tell whether only the whole stream up to this event can say what it changes: at a correction."""
    feit = gebeurtenis.feit
    if isinstance(feit, o.StatusGewijzigd):
        return feit.stap == HERZIE and feit.naar in MET_REDEN
    return isinstance(feit, o.GebeurtenisHerzien)


def _vanaf_gebeurd(gebeurtenis: Voorval, nummer: int, stand: Stand) -> Wijziging:
    return Wijziging(nummer, geldt_vanaf(gebeurtenis), vastgelegd_op(gebeurtenis), stand)


def _vanaf_vastgelegd(gebeurtenis: Voorval, nummer: int, stand: Stand) -> Wijziging:
    """A correction counts from the moment it is recorded."""
    moment = vastgelegd_op(gebeurtenis)
    return Wijziging(nummer, moment, moment, stand)


def _stand_na(feit: a.AanmeldingFeit) -> Stand | None:
    if isinstance(feit, a.AanmeldingOntvangen):
        return _STAND[AanmeldingStatus.AANGEMELD]
    if isinstance(feit, a.AanmeldingHeropend):
        return _STAND[feit.naar]
    status = _STATUS_NA.get(type(feit))
    return _STAND[status] if status else None


def _stand_van_leerling(feit: o.StatusGewijzigd, oorzaak: Feit | None, vorige: Stand | None) -> Stand:
    if isinstance(oorzaak, o.VervolgkeuzeVoGekozen):
        return Stand(feit.naar, feit.naar, reden=oorzaak.reden)
    if isinstance(oorzaak, o.OverstapAfgesloten):
        return Stand(feit.naar, feit.van, reden=oorzaak.reden or (vorige.reden if vorige else None))
    return Stand(feit.naar, feit.naar)


def _stand_uit_stroom(naar: OverstapStatus, stroom: Sequence[Voorval]) -> Stand:
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


def _na_herziening(gebeurtenis: Voorval, stroom: Sequence[Voorval]) -> list[Wijziging]:
    voor, na = rij_van(stroom[:-1]), rij_van(stroom)
    if voor is None or na is None:
        return []
    return [
        _vanaf_vastgelegd(
            gebeurtenis, regel.nummer, _STAND[regel.status]._replace(reden=HERZIEN if regel.is_herzien else None)
        )
        for was, regel in zip(voor.aanmeldingen, na.aanmeldingen, strict=True)
        if (was.status, was.is_herzien) != (regel.status, regel.is_herzien)
    ]
