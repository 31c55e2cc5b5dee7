"""What decisions were judged against at any place in the log: the organisations as they were there, and all rules."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from overstap.domain.feiten import FeitVanOrganisatie
from overstap.domain.feiten.procedure import ProcedureVastgesteld
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.kalender import Regels
from overstap.domain.organisatie import Organisatie, evolve_organisatie
from overstap.statemachine.herbeoordeling import Bezwaar, Kadervinder
from overstap.statemachine.kader import Kader

TRAAGHEID = timedelta(seconds=5)
"""So long after it was recorded a change of an organisation or of the rules may be unknown to who decides, at most."""

UIT_BESTAND = 0
"""Stands for the revision of rules that no event laid down."""


class _Stand(msgspec.Struct, frozen=True):
    """The organisations of a region from a position on."""

    positie: int
    vastgelegd_op: datetime
    organisaties: Mapping[str, Organisatie]


class _Versie(msgspec.Struct):
    """Rules, from where they stood in the log until a moment after a later revision came (None: none did)."""

    positie: int
    vastgelegd_op: datetime
    regels: Regels
    tot: datetime | None = None


class Kaderverloop:
    """Made from the events of all organisations and procedures, in the order of the log.

    Raises:
        ValueError: when a stream of an organisation cannot be folded: that is damage.

    """

    def __init__(self, gebeurtenissen: Iterable[Gebeurtenis]) -> None:
        self._standen: dict[str, list[_Stand]] = {}
        self._versies: dict[str, _Versie] = {}
        self._per_jaar: dict[tuple[str, int], list[_Versie]] = {}
        self._kaders: dict[tuple[str, int, int, int], Kader] = {}
        stromen: dict[int, Organisatie] = {}
        for g in gebeurtenissen:
            if g.positie is None or g.vastgelegd_op is None:
                continue
            if isinstance(g.feit, ProcedureVastgesteld):
                self._neem_regels_op(_Versie(g.positie, g.vastgelegd_op, g.feit.regels))
            elif isinstance(g.feit, FeitVanOrganisatie):
                stroom = g.originator_id.int
                organisatie = stromen[stroom] = evolve_organisatie(stromen.get(stroom), g)
                self._neem_organisatie_op(g.regio, g.positie, g.vastgelegd_op, organisatie)
        self._posities = {regio: [een.positie for een in standen] for regio, standen in self._standen.items()}
        self._nieuw_tot = {
            regio: [een.vastgelegd_op + TRAAGHEID for een in standen] for regio, standen in self._standen.items()
        }

    def _neem_organisatie_op(self, regio: str, positie: int, moment: datetime, organisatie: Organisatie) -> None:
        standen = self._standen.setdefault(regio, [])
        vorige = standen[-1].organisaties if standen else {}
        standen.append(_Stand(positie, moment, {**vorige, organisatie.code: organisatie}))

    def _neem_regels_op(self, versie: _Versie) -> None:
        regels = versie.regels
        self._versies.setdefault(regels.versie, versie)
        van_jaar = self._per_jaar.setdefault((regels.regio, regels.overstapjaar), [])
        for eerdere in van_jaar:
            if eerdere.tot is None and eerdere.regels.revisie < regels.revisie:
                eerdere.tot = versie.vastgelegd_op + TRAAGHEID
        van_jaar.append(versie)

    def regels_nu(self, regio: str, overstapjaar: int) -> Regels | None:
        """Give the rules that a year ended up with, None when it has none."""
        versies = self._per_jaar.get((regio, overstapjaar), ())
        return max((een.regels for een in versies), key=lambda regels: regels.revisie, default=None)

    def laatste_na(self, procedure: str | None) -> str | None:
        """Name the last version of the rules of the year that a version belongs to; itself when nobody knows it."""
        versie = self._versies.get(procedure or "")
        regels = self.regels_nu(versie.regels.regio, versie.regels.overstapjaar) if versie else None
        return regels.versie if regels else procedure

    def toen(self, gebeurtenis: Gebeurtenis, overstapjaar: int) -> Iterable[Kader] | Bezwaar:
        """Give what an event was judged against: the version that it names, when that was in force then."""
        versie = self._versies.get(gebeurtenis.procedure or "")
        if (
            versie is None
            or versie.regels.regio != gebeurtenis.regio
            or versie.regels.overstapjaar != overstapjaar
            or versie.positie > (gebeurtenis.positie or 0)
            or (versie.tot is not None and (gebeurtenis.vastgelegd_op or gebeurtenis.gebeurd_op) > versie.tot)
        ):
            return _onbekend(gebeurtenis)
        return self._met(versie.regels, gebeurtenis, versie.regels.revisie)

    def nu(self, gebeurtenis: Gebeurtenis, overstapjaar: int) -> Iterable[Kader] | Bezwaar:
        """Give what an event would be judged against under the last rules of its year."""
        regels = self.regels_nu(gebeurtenis.regio, overstapjaar)
        return self._met(regels, gebeurtenis, regels.revisie) if regels else _onbekend(gebeurtenis)

    def onder(self, regels: Regels) -> Kadervinder:
        """Give what events would be judged against under these rules; those of another region or year are not."""

        def vind(gebeurtenis: Gebeurtenis, overstapjaar: int) -> Iterable[Kader]:
            if (gebeurtenis.regio, overstapjaar) != (regels.regio, regels.overstapjaar):
                return ()
            return self._met(regels, gebeurtenis, UIT_BESTAND)

        return vind

    def _met(self, regels: Regels, gebeurtenis: Gebeurtenis, revisie: int) -> Iterable[Kader]:
        """Give the circumstances where an event stands, and those before them as far as these had just changed."""
        regio, moment = gebeurtenis.regio, gebeurtenis.vastgelegd_op or gebeurtenis.gebeurd_op
        plaats = bisect_right(self._posities.get(regio, ()), gebeurtenis.positie or 0)
        if plaats and moment <= self._nieuw_tot[regio][plaats - 1]:
            return self._ook_ervoor(regels, regio, plaats, revisie, moment)
        return (self._kader(regels, regio, plaats, revisie),)

    def _ook_ervoor(self, regels: Regels, regio: str, plaats: int, revisie: int, moment: datetime) -> Iterator[Kader]:
        yield self._kader(regels, regio, plaats, revisie)
        while plaats and moment <= self._nieuw_tot[regio][plaats - 1]:
            plaats -= 1
            yield self._kader(regels, regio, plaats, revisie)

    def _kader(self, regels: Regels, regio: str, plaats: int, revisie: int) -> Kader:
        sleutel = (regio, regels.overstapjaar, plaats, revisie)
        kader = self._kaders.get(sleutel)
        if kader is None:
            organisaties = self._standen[regio][plaats - 1].organisaties if plaats else {}
            kader = self._kaders[sleutel] = Kader(regels=regels, organisaties=organisaties)
        return kader


def _onbekend(gebeurtenis: Gebeurtenis) -> Bezwaar:
    return Bezwaar(
        soort="onbekende_procedure",
        code="onbekende_procedure",
        zin=f"De regels {gebeurtenis.procedure or '(geen)'} golden hier toen niet.",
        wat_nodig="Zoek uit wie deze versie noemde.",
    )
