"""Judge streams of the log again: would each event still be legal, and is the pupil where the views say?"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from overstap.adapters.beeldvergelijking import Beeld, Beeldverschil
from overstap.adapters.kaderverloop import Kaderverloop
from overstap.adapters.naspelen import vouwer_van
from overstap.adapters.postgres.projectie_lezing import Stroom
from overstap.domain.feiten import (
    FeitVanAanmelding,
    FeitVanOrganisatie,
    FeitVanOverstap,
    FeitVanProcedure,
    naam_van,
)
from overstap.domain.gebeurtenis import Gebeurtenis, Onleesbaar
from overstap.domain.kalender import Regels
from overstap.statemachine.herbeoordeling import Bezwaar, Kadervinder, beoordeel, beschadigd
from overstap.statemachine.herbeoordeling_omgeving import beoordeel_omgeving

Onder = Literal["then", "now"] | Regels
"""Under which rules is judged: those of then, the last ones of each year, or these."""
_PER_STUK = 1_000  # events
_VAN_EEN_LEERLING = frozenset({*FeitVanOverstap.__args__, *FeitVanAanmelding.__args__})


class Bevinding(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One thing found: at an event, or (positie None) at a pupil as a whole, whose status the views have otherwise.

    soort is that of a Bezwaar, or 'beeld': the live view says something else. onder is the version of the rules.
    """

    soort: str
    stroom: UUID
    positie: int | None = None
    nummer: int | None = None
    feit: str | None = None
    onder: str | None = None
    code: str
    zin: str
    wat_nodig: str = ""


class Telling(msgspec.Struct, kw_only=True):
    """What was gone through."""

    gebeurtenissen: int = 0
    stromen: int = 0
    beoordeeld: int = 0
    """Streams of which at least the kind is judged: pupils, organisations, years."""
    leerlingen: set[UUID] = msgspec.field(default_factory=set)
    """Pupils about whom something was found."""
    bevindingen: int = 0
    beeld_ontbreekt: bool = False

    def neem_op(self, stuk: "Stuk") -> None:
        """Add what came of some streams."""
        self.gebeurtenissen += stuk.telling.gebeurtenissen
        self.stromen += stuk.telling.stromen
        self.beoordeeld += stuk.telling.beoordeeld
        self.leerlingen |= stuk.telling.leerlingen
        self.bevindingen += len(stuk.bevindingen)
        self.beeld_ontbreekt |= stuk.telling.beeld_ontbreekt


class Stuk(NamedTuple):
    """What came of some streams."""

    telling: Telling
    bevindingen: list[Bevinding]


class Naspeler:
    """Judges streams one after the other, as far as they are of this region (None: all)."""

    def __init__(self, kaders: Kaderverloop, beeld: Beeld, onder: Onder, regio: str | None) -> None:
        self._is_toen = onder == "then"
        self._naam = onder.versie if isinstance(onder, Regels) else None
        self._kaders = kaders
        self._vind: Kadervinder = (
            kaders.onder(onder) if isinstance(onder, Regels) else kaders.toen if onder == "then" else kaders.nu
        )
        self._regio, self._beeld, self._telling = regio, beeld, Telling(beeld_ontbreekt=beeld.ontbreekt)

    def in_stukken(self, stromen: Iterable[Stroom[Gebeurtenis]]) -> Iterator[Stuk]:
        """Judge each stream, then say who stands in the view without one; give what came of it, the last at the end."""
        bevindingen: list[Bevinding] = []
        for stroom in stromen:
            bevindingen += self._neem(stroom)
            if self._telling.gebeurtenissen >= _PER_STUK:
                yield Stuk(self._telling, bevindingen)
                self._telling, bevindingen = Telling(), []
        for verschil in self._beeld.zonder_stroom():
            bevindingen.append(self._in_beeld(verschil))
        yield Stuk(self._telling, bevindingen)

    def _neem(self, stroom: Stroom[Gebeurtenis]) -> Iterator[Bevinding]:
        gebeurtenissen, onleesbaar = stroom
        self._telling.stromen += 1
        self._telling.gebeurtenissen += len(gebeurtenissen)
        if self._regio is not None and gebeurtenissen and gebeurtenissen[0].regio != self._regio:
            return
        if onleesbaar is not None:
            self._beeld.sla_over(onleesbaar.originator_id)
            yield self._onleesbaar(onleesbaar)
        if not gebeurtenissen:
            return
        feit = gebeurtenissen[0].feit
        if type(feit) in _VAN_EEN_LEERLING:
            yield from self._leerling(gebeurtenissen, is_geheel=onleesbaar is None)
        else:
            yield from self._omgeving(gebeurtenissen)

    def _leerling(self, stroom: Sequence[Gebeurtenis], *, is_geheel: bool) -> Iterator[Bevinding]:
        self._telling.beoordeeld += 1
        uitkomst = beoordeel(stroom, self._vind)
        for gebeurtenis, bezwaar in uitkomst.bezwaren:
            self._telling.leerlingen.add(gebeurtenis.originator_id)
            is_geheel = is_geheel and bezwaar.soort != "beschadigd"
            yield self._bevinding(gebeurtenis, bezwaar)
        if not is_geheel:
            self._beeld.sla_over(stroom[0].originator_id)  # how far he came cannot be told
            return
        for verschil in self._beeld.vergelijk(stroom, uitkomst.overstap):
            yield self._in_beeld(verschil)

    def _omgeving(self, stroom: Sequence[Gebeurtenis]) -> Iterator[Bevinding]:
        """Judge an organisation or a year, which no version of the rules is about; of the rest, see that it folds."""
        if isinstance(stroom[0].feit, FeitVanOrganisatie | FeitVanProcedure):
            if self._is_toen:
                self._telling.beoordeeld += 1
                for gebeurtenis, bezwaar in beoordeel_omgeving(stroom):
                    yield self._bevinding(gebeurtenis, bezwaar)
            return
        toestand = None
        for gebeurtenis in stroom:
            try:
                vouw = vouwer_van(gebeurtenis)
                toestand = vouw(toestand, gebeurtenis) if vouw else None
            except ValueError as fout:
                yield self._bevinding(gebeurtenis, beschadigd(fout))
                return

    def _bevinding(self, gebeurtenis: Gebeurtenis, bezwaar: Bezwaar) -> Bevinding:
        return Bevinding(
            soort=bezwaar.soort,
            stroom=gebeurtenis.originator_id,
            positie=gebeurtenis.positie,
            nummer=gebeurtenis.originator_version,
            feit=naam_van(gebeurtenis.feit),
            onder=self._onder(gebeurtenis),
            code=bezwaar.code,
            zin=bezwaar.zin,
            wat_nodig=bezwaar.wat_nodig,
        )

    def _onder(self, gebeurtenis: Gebeurtenis) -> str | None:
        """Name the version that an event was judged under now."""
        if self._naam is not None:
            return self._naam
        return gebeurtenis.procedure if self._is_toen else self._kaders.laatste_na(gebeurtenis.procedure)

    def _onleesbaar(self, een: Onleesbaar) -> Bevinding:
        bezwaar = beschadigd(een.fout)
        return Bevinding(
            soort=bezwaar.soort,
            stroom=een.originator_id,
            positie=een.positie,
            nummer=een.originator_version,
            feit=een.topic,
            code=bezwaar.code,
            zin=bezwaar.zin,
            wat_nodig=bezwaar.wat_nodig,
        )

    def _in_beeld(self, verschil: Beeldverschil) -> Bevinding:
        self._telling.leerlingen.add(verschil.overstap)
        nodig = "Vergelijk alle rijen met `overstap projections verify`, of bouw op met `overstap projections rebuild`."
        return Bevinding(soort="beeld", stroom=verschil.overstap, code=verschil.code, zin=verschil.zin, wat_nodig=nodig)
