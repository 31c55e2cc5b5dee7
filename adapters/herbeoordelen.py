"""Play the whole log again as a judge: would each event still be legal, and does everyone stand where the views say?

All of it is the database at one moment, read as overstap_audit; nothing is changed and nobody is kept waiting.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from overstap.adapters.beeldvergelijking import Beeld, Beeldverschil
from overstap.adapters.bewijs.rijen import een_moment
from overstap.adapters.kaderverloop import Kaderverloop
from overstap.adapters.naspelen import vouwer_van
from overstap.adapters.opruimen import zelden_opruimen
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.projectie_lezing import Stroom, lees_hele_stromen
from overstap.adapters.postgres.rij import KOLOMMEN_MET_TOPIC, gebeurtenis_of_onleesbaar
from overstap.domain.feiten import (
    FeitVanAanmelding,
    FeitVanOrganisatie,
    FeitVanOverstap,
    FeitVanProcedure,
    naam_van,
)
from overstap.domain.gebeurtenis import Gebeurtenis, Onleesbaar, tot_onleesbaar
from overstap.domain.kalender import Regels
from overstap.statemachine.herbeoordeling import Bezwaar, Kadervinder, beoordeel, beschadigd
from overstap.statemachine.herbeoordeling_omgeving import beoordeel_omgeving

Onder = Literal["then", "now"] | Regels
"""Under which rules is judged: those of then, the last ones of each year, or these."""
Vorderen = Callable[[int], None]
"""Told how many events have been read."""
_NUMMER = re.compile(r"[0-9a-f][0-9a-f-]{2,35}")
_PER_KEER = 200  # streams
_MELD_ELKE = 1_000  # events
_OMGEVING = f"""
SELECT {KOLOMMEN_MET_TOPIC} FROM log.gebeurtenissen
 WHERE regio IS NOT NULL AND split_part(topic, '.', 1) = ANY(%s) ORDER BY positie
"""  # noqa: S608 - our own names
_VAN_SCHOOL = """
SELECT DISTINCT originator_id FROM log.gebeurtenissen
 WHERE split_part(topic, '.', 1) IN ('overstap-opgevoerd', 'leerling-overgedragen') AND regio = %(regio)s
   AND left(coalesce(convert_from(state, 'UTF8')::jsonb ->> 'school', convert_from(state, 'UTF8')::jsonb ->> 'naar'), 4)
       = %(school)s
"""
_BEGIN = """
SELECT DISTINCT originator_id FROM log.gebeurtenissen WHERE originator_id::text LIKE %s AND regio IS NOT NULL LIMIT 3
"""
_NAMEN_OMGEVING = sorted(
    {
        str(soort.__struct_config__.tag).rpartition(".")[0]
        for soort in (*FeitVanOrganisatie.__args__, *FeitVanProcedure.__args__)
    }
)
_VAN_EEN_LEERLING = frozenset({*FeitVanOverstap.__args__, *FeitVanAanmelding.__args__})


class Keuze(NamedTuple):
    """Which streams are judged: all, those of a region, of a school's pupils (who ever was there), or of one pupil."""

    regio: str | None = None
    school: str | None = None
    leerling: UUID | None = None


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


class Telling(msgspec.Struct, kw_only=True, rename="camel"):
    """What was gone through: filled in as it goes."""

    gebeurtenissen: int = 0
    stromen: int = 0
    beoordeeld: int = 0
    """Streams of which at least the kind is judged: pupils, organisations, years."""
    leerlingen: set[UUID] = msgspec.field(default_factory=set)
    """Pupils about whom something was found."""
    bevindingen: int = 0
    beeld_ontbreekt: bool = False


def oordeel_opnieuw(
    verbinding: psycopg.Connection[Any],
    onder: Onder = "then",
    keuze: Keuze | None = None,
    telling: Telling | None = None,
    vorderen: Vorderen = lambda _: None,
) -> Iterator[Bevinding]:
    """Fold every stream from its first event, judge each event again, and give what is found as it is found.

    The connection is overstap_audit's and for this alone until the end; who stops before that closes the iterator.
    """
    keuze, telling = keuze or Keuze(), telling or Telling()
    with een_moment(verbinding), zelden_opruimen():
        omgeving = _lees_omgeving(verbinding)
        kaders = Kaderverloop(een for een in omgeving if isinstance(een, Gebeurtenis))
        beeld = Beeld(verbinding, keuze.regio, is_alles=keuze.school is None and keuze.leerling is None)
        telling.beeld_ontbreekt = beeld.ontbreekt
        naspeler = _Naspeler(kaders, onder, keuze, beeld, telling)
        gemeld = 0
        for stroom in _stromen(verbinding, keuze):
            for bevinding in naspeler.neem(stroom):
                telling.bevindingen += 1
                yield bevinding
            if telling.gebeurtenissen - gemeld >= _MELD_ELKE:
                gemeld = telling.gebeurtenissen
                vorderen(gemeld)
        for verschil in beeld.zonder_stroom():
            telling.bevindingen += 1
            telling.leerlingen.add(verschil.overstap)
            yield _in_beeld(verschil)
        vorderen(telling.gebeurtenissen)


class _Naspeler:
    def __init__(self, kaders: Kaderverloop, onder: Onder, keuze: Keuze, beeld: Beeld, telling: Telling) -> None:
        self._is_toen = onder == "then"
        self._naam = onder.versie if isinstance(onder, Regels) else None
        self._kaders = kaders
        self._vind: Kadervinder = (
            kaders.onder(onder) if isinstance(onder, Regels) else kaders.toen if onder == "then" else kaders.nu
        )
        self._regio, self._beeld, self._telling = keuze.regio, beeld, telling

    def neem(self, stroom: Stroom) -> Iterator[Bevinding]:
        """Judge one stream."""
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
            self._telling.leerlingen.add(verschil.overstap)
            yield _in_beeld(verschil)

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


def _in_beeld(verschil: Beeldverschil) -> Bevinding:
    nodig = "Vergelijk alle rijen met `overstap projections verify`, of bouw op met `overstap projections rebuild`."
    return Bevinding(soort="beeld", stroom=verschil.overstap, code=verschil.code, zin=verschil.zin, wat_nodig=nodig)


def stromen_met_begin(verbinding: psycopg.Connection[Any], begin: str) -> list[UUID]:
    """Give the streams whose number begins so, three at most."""
    if not _NUMMER.fullmatch(begin):
        return []
    return [stroom for (stroom,) in verbinding.execute(_BEGIN, (f"{begin}%",))]


def _lees_omgeving(verbinding: psycopg.Connection[Any]) -> list[Gebeurtenis | Onleesbaar]:
    with verbinding.cursor(binary=True) as cursor:
        return [gebeurtenis_of_onleesbaar(rij) for rij in cursor.execute(_OMGEVING, (_NAMEN_OMGEVING,))]


def _stromen(verbinding: psycopg.Connection[Any], keuze: Keuze) -> Iterator[Stroom]:
    if keuze.leerling is None and keuze.school is None:
        [(tot,)] = verbinding.execute("SELECT coalesce(max(positie), 0) FROM log.gebeurtenissen").fetchall()
        yield from lees_hele_stromen(verbinding, tot)
        return
    if keuze.leerling is not None:
        gekozen = [keuze.leerling]
    else:
        vraag = {"regio": keuze.regio, "school": keuze.school}
        gekozen = [stroom for (stroom,) in verbinding.execute(_VAN_SCHOOL, vraag, binary=True)]
    log = Log(verbinding)
    for begin in range(0, len(gekozen), _PER_KEER):
        for stroom in log.laad_wat_kan(gekozen[begin : begin + _PER_KEER]).values():
            yield tot_onleesbaar(stroom), next((een for een in stroom if isinstance(een, Onleesbaar)), None)
