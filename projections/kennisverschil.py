"""What came to be known of a pupil between two moments, and what it replaced? From his stream."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest

import msgspec

from overstap.domain.feiten import Feit
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.projections.peiling import Gesteld, Lijnen, gezegd_op, leg_over


class Verschil(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Over [van, tot) (None: still) a line was thought to say `was`, and later to say `wordt` (None: nothing yet).

    The event of this number, recorded at bekend_op, made the difference. is_herschreven: it had happened before the
    first moment of knowledge, so what was believed then was replaced; else it had not happened yet.
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
    """An event that replaced what another had said: from `vanaf` on a line said `was`, by that one, and now `wordt`."""

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
    grenzen = sorted({een.vanaf for een in (*toen, *nu)})
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
            is_herschreven=maakt.vanaf < eerst,
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
    """Give every time that an event replaced what another had said: a correction, or news out of its order.

    What is merely recorded later than it happened replaces nothing that was said.

    Raises:
        ValueError: when the stream is not one of a pupil, from its first event on.

    """
    lijnen = Lijnen(stroom)
    correcties = {g.originator_version for g in stroom if is_correctie(g.feit)}
    gevonden: list[Vervanging] = []
    for nummer, reeks in lijnen.gesteld.items():
        over: list[Gesteld] = []
        for nieuw in reeks:
            is_herziening = nieuw.gebeurtenis in correcties
            gevonden += [
                Vervanging(
                    gebeurtenis=nieuw.gebeurtenis,
                    nummer=nummer,
                    brin=lijnen.brin.get(nummer),
                    vanaf=max(was.vanaf, nieuw.vanaf),
                    was=was.stand.status,
                    was_gebeurtenis=was.gebeurtenis,
                    wordt=nieuw.stand.status,
                    is_herziening=is_herziening,
                )
                for was in (over[-1:] if is_herziening else over)
                if was.stand.status != nieuw.stand.status
                and (is_herziening or (was.vanaf >= nieuw.vanaf and was.bekend < nieuw.bekend))
            ]
            leg_over(over, nieuw)
    return sorted(gevonden, key=lambda een: (een.gebeurtenis, een.nummer, een.vanaf))


def is_correctie(feit: Feit) -> bool:
    """Tell whether a fact is a correction, or the change of status that one led to."""
    return isinstance(feit, o.GebeurtenisHerzien) or (isinstance(feit, o.StatusGewijzigd) and feit.stap == "herzie")
