"""Where did this pupil stand on one moment, as known on another, and what replaced what was believed? From his stream.

The same changes as statusperiodes keeps of everybody, of which the last one recorded counts (design: two times).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from overstap.domain.feiten import Feit
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.kalender import datum_in_amsterdam
from overstap.domain.woorden import datum_in_woorden
from overstap.projections.projectie import OVERSTAPFEITEN, geldt_vanaf, vastgelegd_op
from overstap.projections.statusperiodes import LEERLING, Stand, vraagt_stroom, wijzigingen_bij


class Gesteld(NamedTuple):
    """A line says this from `vanaf` on, recorded at `bekend` by the event of this number (both UTC)."""

    vanaf: datetime
    bekend: datetime
    gebeurtenis: int
    stand: Stand


class Regelstand(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What held for the pupil (nummer 0, brin and crebo None) or one aanmelding, and since when.

    sinds_op is when it happened, bekend_op when it was recorded, by the event of this number. bekend_geworden says so
    in words when that was on a later day, '' when it was not. vervangen_door is what was recorded after the moment of
    knowledge, and replaces it.
    """

    nummer: int
    brin: str | None = None
    crebo: str | None = None
    status: str
    reden: str | None = None
    sinds_op: datetime
    bekend_op: datetime
    gebeurtenis: int
    bekend_geworden: str = ""
    vervangen_door: "Later | None" = None


class Later(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is known now of a moment on which something else was believed: the status, and the event that says so."""

    status: str
    bekend_op: datetime
    gebeurtenis: int
    bekend_geworden: str


class Peiling(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The pupil's line and those of his aanmeldingen at `peilmoment`, as known at `kennismoment`."""

    peilmoment: datetime
    kennismoment: datetime
    leerling: Regelstand | None
    aanmeldingen: tuple[Regelstand, ...]


class Lijnen:
    """All that was ever said of a pupil and his aanmeldingen, by number, in the order in which it was recorded.

    Raises:
        ValueError: when the stream is not one of a pupil, from its first event on.

    """

    def __init__(self, stroom: Sequence[Gebeurtenis]) -> None:
        if stroom and not isinstance(stroom[0].feit, o.OverstapOpgevoerd):
            message = f"stream {stroom[0].originator_id} begins with {type(stroom[0].feit).__name__}"
            raise ValueError(message)
        self.gesteld: dict[int, list[Gesteld]] = {}
        self.brin: dict[int, str] = {}
        self._crebos: dict[int, list[tuple[datetime, datetime, str]]] = {}
        vorige: list[Gesteld] = []
        for plaats, gebeurtenis in enumerate(stroom):
            feit = gebeurtenis.feit
            if type(feit) not in OVERSTAPFEITEN:
                continue
            if isinstance(feit, a.AanmeldingOntvangen):
                self.brin[feit.nummer] = feit.brin
            if isinstance(feit, a.AanmeldingOntvangen | a.AanmeldingGewijzigd) and feit.crebo:
                moment = (geldt_vanaf(gebeurtenis), vastgelegd_op(gebeurtenis), feit.crebo)
                self._crebos.setdefault(feit.nummer, []).append(moment)
            laatste = vorige[-1].stand if vorige else None
            tot_hier = stroom[: plaats + 1] if vraagt_stroom(gebeurtenis) else ()
            for wijziging in wijzigingen_bij(gebeurtenis, _oorzaak(feit, stroom), laatste, tot_hier):
                nummer, vanaf, bekend, stand = wijziging
                nieuw = Gesteld(vanaf, bekend, gebeurtenis.originator_version, stand)
                self.gesteld.setdefault(nummer, []).append(nieuw)
                if nummer == LEERLING:
                    leg_over(vorige, nieuw)

    def geldend(self, nummer: int, bekend: datetime | None = None) -> list[Gesteld]:
        """Give what a line says over time, as known at a moment (None: as known now): each until the next begins."""
        over: list[Gesteld] = []
        for nieuw in self.gesteld.get(nummer, ()):
            if bekend is not None and nieuw.bekend > bekend:
                break
            leg_over(over, nieuw)
        return over

    def crebo(self, nummer: int, op: datetime, bekend: datetime) -> str | None:
        """Give the opleiding of an aanmelding at a moment, as known at another."""
        gevonden = [crebo for vanaf, moment, crebo in self._crebos.get(nummer, ()) if vanaf <= op and moment <= bekend]
        return gevonden[-1] if gevonden else None


def leg_over(over: list[Gesteld], nieuw: Gesteld) -> None:
    """Replace what a line said of a moment and later."""
    while over and over[-1].vanaf >= nieuw.vanaf:
        over.pop()
    over.append(nieuw)


def _oorzaak(feit: Feit, stroom: Sequence[Gebeurtenis]) -> Feit | None:
    if isinstance(feit, o.StatusGewijzigd) and 0 < feit.oorzaak <= len(stroom):
        return stroom[feit.oorzaak - 1].feit
    return None


def gezegd_op(over: Sequence[Gesteld], moment: datetime) -> Gesteld | None:
    """Give what a line says of a moment, None when it does not reach back so far."""
    return next((een for een in reversed(over) if een.vanaf <= moment), None)


def peil(stroom: Sequence[Gebeurtenis], peilmoment: datetime, kennismoment: datetime) -> Peiling | None:
    """Give where a pupil and each aanmelding stood at a moment, as known at another; None when nobody knew of him.

    Of what was recorded by then and happened by that moment the last thing recorded counts. Both moments in UTC.

    Raises:
        ValueError: when the stream is not one of a pupil, from its first event on.

    """
    lijnen = Lijnen(stroom)
    regels = [regel for nummer in sorted(lijnen.gesteld) if (regel := _regel(lijnen, nummer, peilmoment, kennismoment))]
    if not regels:
        return None
    return Peiling(
        peilmoment=peilmoment,
        kennismoment=kennismoment,
        leerling=next((regel for regel in regels if regel.nummer == LEERLING), None),
        aanmeldingen=tuple(regel for regel in regels if regel.nummer != LEERLING),
    )


def _regel(lijnen: Lijnen, nummer: int, peilmoment: datetime, kennismoment: datetime) -> Regelstand | None:
    toen = gezegd_op(lijnen.geldend(nummer, kennismoment), peilmoment)
    if toen is None:
        return None
    nu = gezegd_op(lijnen.geldend(nummer), peilmoment)
    later = None
    if nu is not None and nu.bekend > kennismoment:
        later = Later(
            status=nu.stand.status,
            bekend_op=nu.bekend,
            gebeurtenis=nu.gebeurtenis,
            bekend_geworden=bekend_geworden(nu.bekend),
        )
    return Regelstand(
        nummer=nummer,
        brin=lijnen.brin.get(nummer),
        crebo=lijnen.crebo(nummer, peilmoment, kennismoment),
        status=toen.stand.status,
        reden=toen.stand.reden,
        sinds_op=toen.vanaf,
        bekend_op=toen.bekend,
        gebeurtenis=toen.gebeurtenis,
        bekend_geworden=bekend_geworden(toen.bekend) if _is_laat(toen) else "",
        vervangen_door=later,
    )


def bekend_geworden(moment: datetime) -> str:
    """Say on which day something became known, such as 'op 3 juli 2026 bekend geworden'."""
    return f"op {datum_in_woorden(datum_in_amsterdam(moment))} bekend geworden"


def _is_laat(een: Gesteld) -> bool:
    """Tell whether something became known on a later day than it happened."""
    return datum_in_amsterdam(een.bekend) > datum_in_amsterdam(een.vanaf)
