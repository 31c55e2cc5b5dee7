"""What came to be known of a pupil between two moments, and what it replaced? From his stream."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest

import msgspec

from overstap.domain.feiten import Feit
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.projections.peiling import Gesteld, Lijnen, gezegd_op, is_laat, leg_over


class Verschil(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Over [van, tot) (None: still) a line was thought to say `was`, and later to say `wordt` (None: nothing yet).

    is_herschreven: it is about a time before the first moment of knowledge, so what was believed then was replaced;
    else it had not happened yet. The event of this number, recorded at bekend_op, made the difference.
    """

    nummer: int
    brin: str | None
    van: datetime
    tot: datetime | None
    was: str | None
    wordt: str | None
    gebeurtenis: int
    bekend_op: datetime
    is_herschreven: bool


class Vervanging(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An event that replaced what was believed: from `vanaf` on a line said `was` (by an event), and now `wordt`."""

    gebeurtenis: int
    nummer: int
    brin: str | None
    vanaf: datetime
    was: str
    was_gebeurtenis: int
    wordt: str
    is_herziening: bool


def verschillen(stroom: Sequence[Gebeurtenis], eerst: datetime, later: datetime) -> list[Verschil]:
    """Give what is known otherwise at `later` than at `eerst` (UTC), by line and in order of time.

    Raises:
        ValueError: when the stream is not one of a pupil, from its first event on.

    """
    lijnen = Lijnen(stroom)
    return [
        verschil
        for nummer in sorted(lijnen.gesteld)
        for verschil in _verschillen(
            lijnen, nummer, lijnen.geldend(nummer, eerst), lijnen.geldend(nummer, later), eerst
        )
    ]


def _verschillen(
    lijnen: Lijnen, nummer: int, toen: Sequence[Gesteld], nu: Sequence[Gesteld], eerst: datetime
) -> Iterator[Verschil]:
    grenzen = sorted({een.vanaf for een in (*toen, *nu)} | ({eerst} if toen or nu else set()))
    vorig: Verschil | None = None
    for van, tot in zip_longest(grenzen, grenzen[1:]):
        was, wordt = gezegd_op(toen, van), gezegd_op(nu, van)
        maakt = wordt or was
        if maakt is None or _zegt(was) == _zegt(wordt):
            if vorig is not None:
                yield vorig
            vorig = None
            continue
        verschil = Verschil(
            nummer=nummer,
            brin=lijnen.brin.get(nummer),
            van=van,
            tot=tot,
            was=was.stand.status if was else None,
            wordt=wordt.stand.status if wordt else None,
            gebeurtenis=maakt.gebeurtenis,
            bekend_op=maakt.bekend,
            is_herschreven=van < eerst,
        )
        if vorig is not None and _sluit_aan(vorig, verschil):
            vorig = msgspec.structs.replace(vorig, tot=tot)
            continue
        if vorig is not None:
            yield vorig
        vorig = verschil
    if vorig is not None:
        yield vorig


def _zegt(een: Gesteld | None) -> tuple[str, str | None] | None:
    return (een.stand.status, een.stand.reden) if een else None


def _sluit_aan(een: Verschil, volgend: Verschil) -> bool:
    return (een.was, een.wordt, een.gebeurtenis, een.is_herschreven) == (
        volgend.was,
        volgend.wordt,
        volgend.gebeurtenis,
        volgend.is_herschreven,
    )


def vervangingen(stroom: Sequence[Gebeurtenis]) -> list[Vervanging]:
    """Give every time that something replaced what was believed: news of an earlier day, or a correction.

    Raises:
        ValueError: when the stream is not one of a pupil, from its first event on.

    """
    lijnen = Lijnen(stroom)
    correcties = {g.originator_version for g in stroom if is_correctie(g.feit)}
    gevonden: list[Vervanging] = []
    for nummer, reeks in lijnen.gesteld.items():
        over: list[Gesteld] = []
        for nieuw in reeks:
            if nieuw.gebeurtenis in correcties or is_laat(nieuw):
                gevonden += [
                    Vervanging(
                        gebeurtenis=nieuw.gebeurtenis,
                        nummer=nummer,
                        brin=lijnen.brin.get(nummer),
                        vanaf=max(was.vanaf, nieuw.vanaf),
                        was=was.stand.status,
                        was_gebeurtenis=was.gebeurtenis,
                        wordt=nieuw.stand.status,
                        is_herziening=nieuw.gebeurtenis in correcties,
                    )
                    for was in _geraakt(over, nieuw.vanaf)
                    if was.stand.status != nieuw.stand.status and was.bekend < nieuw.bekend
                ]
            leg_over(over, nieuw)
    return sorted(gevonden, key=lambda een: (een.gebeurtenis, een.nummer, een.vanaf))


def _geraakt(over: Sequence[Gesteld], vanaf: datetime) -> Iterator[Gesteld]:
    """Give what a line said of a moment, and of what follows it."""
    for een, volgend in zip_longest(over, over[1:]):
        if volgend is None or volgend.vanaf > vanaf:
            yield een


def is_correctie(feit: Feit) -> bool:
    """Tell whether a fact is a correction, or the change of status that one led to."""
    return isinstance(feit, o.GebeurtenisHerzien) or (isinstance(feit, o.StatusGewijzigd) and feit.stap == "herzie")
