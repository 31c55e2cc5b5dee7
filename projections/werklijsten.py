"""Whom must somebody do something about, since when, and why? What the calendar makes true needs no event."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import Any, assert_never
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import class_row

from overstap.domain.kalender import Regels, datum_in_amsterdam, einde_van, is_kwalificatieplichtig
from overstap.domain.redenen import RedenAfsluiting
from overstap.domain.statussen import RANG, RANG_GESTART, VOLGT_AANMELDINGEN, OverstapStatus
from overstap.domain.woorden import datum_in_woorden
from overstap.projections.actueel import Actueel
from overstap.projections.projectie import sql_bestand
from overstap.projections.selectie import ALLEN, Selectie, lees_bladwijzer, schrijf_bladwijzer
from overstap.projections.werklijsttak import Plaats, Tak, met_status
from overstap.projections.zinnen import in_woorden


class Werklijst(StrEnum):
    """The worklists by name; the names are part of the API."""

    NIET_AANGEMELD = "niet_aangemeld"
    NIVEAU_GEDAALD = "niveau_gedaald"
    ALLE_AANMELDINGEN_BEEINDIGD = "alle_aanmeldingen_beeindigd"
    STIL = "stil"
    NIET_VERSCHENEN = "niet_verschenen"
    MET_LEERPLICHT = "met_leerplicht"
    UIT_BEELD = "uit_beeld"
    TEGENSTRIJDIG = "tegenstrijdig"
    WACHTBAK = "wachtbak"


RISICO = frozenset(
    {
        Werklijst.NIET_AANGEMELD,
        Werklijst.NIVEAU_GEDAALD,
        Werklijst.ALLE_AANMELDINGEN_BEEINDIGD,
        Werklijst.STIL,
        Werklijst.NIET_VERSCHENEN,
    }
)
"""The lists whose pupils are at risk."""


def _na_aanmelddatum(regels: Regels) -> datetime:
    return einde_van(regels.kalender.aanmelddatum)


def _na_mbo_start(regels: Regels) -> datetime:
    return einde_van(regels.kalender.mbo_start)


def _stil(regels: Regels) -> timedelta:
    return timedelta(weeks=regels.stil_weken)


_IEMAND = "a.gewist_op IS NULL"
"""Who was erased is on no list: nobody knows who he is, and every step about him is refused."""
_VOLGT = f"{met_status(*VOLGT_AANMELDINGEN)} AND {_IEMAND}"
_LEERPLICHT = met_status(OverstapStatus.LEERPLICHT_INGESCHAKELD)
_NIET = OverstapStatus.NOG_NIET_AANGEMELD
_ONDERWEG = VOLGT_AANMELDINGEN - {_NIET, OverstapStatus.GESTART}
TAKKEN: Mapping[Werklijst, tuple[Tak, ...]] = {
    Werklijst.NIET_AANGEMELD: (Tak("niet_aangemeld_sinds", _IEMAND, vanaf=_na_aanmelddatum),),
    Werklijst.NIVEAU_GEDAALD: (Tak("niveau_gedaald_op", _VOLGT),),
    Werklijst.ALLE_AANMELDINGEN_BEEINDIGD: (Tak("alle_beeindigd_op", _VOLGT),),
    Werklijst.STIL: (
        Tak("laatste_op", f"{met_status(_NIET)} AND {_IEMAND}", na=_stil, vanaf=_na_aanmelddatum),
        Tak("laatste_op", f"{met_status(*_ONDERWEG)} AND {_IEMAND}", na=_stil),
    ),
    Werklijst.NIET_VERSCHENEN: (Tak("niet_verschenen_op", _VOLGT),),
    Werklijst.MET_LEERPLICHT: (Tak("sinds", f"{_LEERPLICHT} AND {_IEMAND}"),),
    Werklijst.UIT_BEELD: (Tak("zonder_plaats_sinds", _IEMAND, vanaf=_na_mbo_start),),
    Werklijst.TEGENSTRIJDIG: (Tak("tegenstrijdig_op", _IEMAND),),
    Werklijst.WACHTBAK: (Tak("sinds", "true"),),
}
"""The worklists; of those of pupils `lijsten_van` says the same of one."""


class Post(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One entry: onderwerp is the overstap, or the item of the wachtbak (of which mbo is all that is known)."""

    lijst: Werklijst
    onderwerp: UUID
    sinds: datetime
    waarom: str
    school: str | None
    vestiging: str | None
    klas: str | None
    leerweg: str | None
    gemeente: str | None
    status: str | None
    mbo: str | None


class Bladzijde(msgspec.Struct, frozen=True):
    """A part of a worklist, the longest waiting first; verder is the bookmark of the next page, None after the last."""

    posten: list[Post]
    verder: str | None


class Rij(msgspec.Struct):
    """What the database tells of one entry.

    moment is since when the condition holds, aantal counts aanmeldingen (in the wachtbak: messages).
    """

    moment: datetime
    onderwerp: UUID
    school: str | None
    vestiging: str | None
    klas: str | None
    leerweg: str | None
    gemeente: str | None
    status: str | None
    mbo: str | None
    beste_status: str | None
    niveau_van: int | None
    aantal: int
    laatste_op: datetime


_RANGEN = {rang: status for status, rang in RANG.items() if rang}
_WACHTBAK = sql_bestand("werklijsten.sql")
_UIT = " FROM {bron} AS a WHERE a.regio = %(regio)s AND a.overstapjaar = %(overstapjaar)s AND {waar}"
_LEES = (
    "SELECT a.{kolom} AS moment, a.overstap AS onderwerp, a.school, a.vestiging, a.klas, a.leerweg, a.gemeente,"
    " a.status, {verhaal}" + _UIT + " AND a.{kolom} <= %(tot)s{verder} ORDER BY a.{kolom}, a.overstap LIMIT %(aantal)s"
)
_VERHAAL = "a.beste_brin AS mbo, a.beste_status, a.niveau_van, a.aantal_aanmeldingen AS aantal, a.laatste_op"
_ZONDER_VERHAAL = "NULL AS mbo, NULL AS beste_status, NULL AS niveau_van, 0 AS aantal, a.sinds AS laatste_op"
"""Leerplicht, who reads the list of its pupils, may not read anything about aanmeldingen."""
_VERDER = " AND (a.{kolom}, a.overstap) > (%(na_moment)s, %(na_onderwerp)s)"


def omvang(
    cursor: Cursor[Any],
    regels: Regels,
    op: datetime,
    selectie: Selectie = ALLEN,
    lijsten: Collection[Werklijst] = tuple(Werklijst),
) -> dict[Werklijst, int]:
    """Count the entries of worklists of a year at an instant."""
    aantallen = dict.fromkeys(lijsten, 0)
    smaller, gegeven = selectie.voorwaarden()
    for bron in ("beeld.actueel", _WACHTBAK):
        takken = [(lijst, tak) for lijst in lijsten if _bron(lijst) == bron for tak in TAKKEN[lijst]]
        if not takken:
            continue
        tellen = ", ".join(
            f"count(*) FILTER (WHERE {tak.waar} AND a.{tak.kolom} <= %(tot_{nummer})s)"
            for nummer, (_, tak) in enumerate(takken)
        )
        parameters = {f"tot_{nummer}": tak.tot(regels, op) for nummer, (_, tak) in enumerate(takken)}
        vraag = f"SELECT {tellen}{_UIT.format(bron=bron, waar='true')}{smaller}"
        jaar = {"regio": regels.regio, "overstapjaar": regels.overstapjaar}
        [rij] = cursor.execute(vraag.encode(), parameters | jaar | gegeven).fetchall()
        for (lijst, _), aantal in zip(takken, rij, strict=True):
            aantallen[lijst] += aantal
    return aantallen


def _bron(lijst: Werklijst) -> str:
    return _WACHTBAK if lijst is Werklijst.WACHTBAK else "beeld.actueel"


def lees(  # noqa: PLR0913 - each narrows what is asked
    cursor: Cursor[Any],
    lijst: Werklijst,
    regels: Regels,
    op: datetime,
    *,
    selectie: Selectie = ALLEN,
    na: str | None = None,
    aantal: int = 50,
) -> Bladzijde:
    """Give a page of a worklist at an instant, the longest waiting first; na is the bookmark of the page before.

    Raises:
        BladwijzerOngeldig: when na is not one that this list gave.

    """
    begin = lees_bladwijzer(na, Plaats) if na is not None else None
    takken = [_rijen(cursor, lijst, tak, regels, op, selectie, begin, aantal + 1) for tak in TAKKEN[lijst]]
    gevonden = list(islice(merge(*takken, key=lambda paar: paar[0]), aantal + 1))
    verder = schrijf_bladwijzer(gevonden[aantal - 1][0]) if len(gevonden) > aantal else None
    return Bladzijde([_post(lijst, plaats, rij, regels) for plaats, rij in gevonden[:aantal]], verder)


def _rijen(  # noqa: PLR0913, PLR0917 - each narrows what is asked
    cursor: Cursor[Any],
    lijst: Werklijst,
    tak: Tak,
    regels: Regels,
    op: datetime,
    selectie: Selectie,
    na: Plaats | None,
    aantal: int,
) -> list[tuple[Plaats, Rij]]:
    tot = tak.tot(regels, op)
    if tot is None:
        return []
    smaller, gegeven = selectie.voorwaarden()
    grens = tak.verder_na(na, regels) if na else None
    vraag = vraag_naar(lijst, tak, smaller, is_vervolg=grens is not None)
    parameters = {"regio": regels.regio, "overstapjaar": regels.overstapjaar, "tot": tot, "aantal": aantal}
    parameters |= dict(zip(("na_moment", "na_onderwerp"), grens, strict=True)) if grens else {}
    with cursor.connection.cursor(row_factory=class_row(Rij)) as rijen:
        gelezen = rijen.execute(vraag.encode(), parameters | gegeven).fetchall()
    return [(Plaats(tak.sinds(rij.moment, regels), rij.moment, rij.onderwerp), rij) for rij in gelezen]


def vraag_naar(lijst: Werklijst, tak: Tak, smaller: str = "", *, is_vervolg: bool = False) -> str:
    """Write the question for a part of a worklist, narrowed by conditions, from its beginning or from a place on."""
    return _LEES.format(
        kolom=tak.kolom,
        bron=_bron(lijst),
        waar=tak.waar,
        verhaal=_ZONDER_VERHAAL if lijst is Werklijst.MET_LEERPLICHT else _VERHAAL,
        verder=smaller + (_VERDER.format(kolom=tak.kolom) if is_vervolg else ""),
    )


def lijsten_van(rij: Actueel, regels: Regels, op: datetime) -> dict[Werklijst, datetime]:
    """Tell on which worklists one pupil stands at an instant, and since when: werklijsten.sql says the same of all."""
    if rij.gewist_op is not None:
        return {}
    volgt = rij.status in VOLGT_AANMELDINGEN
    na_aanmelddatum = einde_van(regels.kalender.aanmelddatum)
    na_mbo_start = einde_van(regels.kalender.mbo_start)
    stil = rij.laatste_op + timedelta(weeks=regels.stil_weken)
    if rij.status is OverstapStatus.NOG_NIET_AANGEMELD:
        stil = max(stil, na_aanmelddatum)
    sinds = {
        Werklijst.NIET_AANGEMELD: rij.niet_aangemeld_sinds and max(rij.niet_aangemeld_sinds, na_aanmelddatum),
        Werklijst.NIVEAU_GEDAALD: rij.niveau_gedaald_op if volgt else None,
        Werklijst.ALLE_AANMELDINGEN_BEEINDIGD: rij.alle_beeindigd_op if volgt else None,
        Werklijst.STIL: stil if volgt and rij.status is not OverstapStatus.GESTART else None,
        Werklijst.NIET_VERSCHENEN: rij.niet_verschenen_op if volgt else None,
        Werklijst.MET_LEERPLICHT: rij.sinds if rij.status is OverstapStatus.LEERPLICHT_INGESCHAKELD else None,
        Werklijst.UIT_BEELD: rij.zonder_plaats_sinds and max(rij.zonder_plaats_sinds, na_mbo_start),
        Werklijst.TEGENSTRIJDIG: rij.tegenstrijdig_op,
    }
    return {lijst: moment for lijst, moment in sinds.items() if moment is not None and moment <= op}


def is_in_beeld(rij: Actueel, regels: Regels, op: datetime) -> bool:
    """Tell whether somebody has the pupil in sight; until the MBO year starts everybody is."""
    return Werklijst.UIT_BEELD not in lijsten_van(rij, regels, op)


def verantwoordelijke(rij: Actueel, op: datetime) -> str:
    """Name the party responsible at an instant: vo, mbo, leerplicht or doorstroompunt.

    From the start it is the mbo; while called in leerplicht, and from 18 on doorstroompunt in its place (as far as we
    know when that is: the month in which the duty ends).
    """
    tot, dag = rij.kwalificatieplicht_tot, datum_in_amsterdam(op)
    if rij.status is OverstapStatus.LEERPLICHT_INGESCHAKELD:
        return "leerplicht" if tot is None or is_kwalificatieplichtig(tot, dag) else "doorstroompunt"
    if rij.afsluiting is RedenAfsluiting.OVERGEDRAGEN_AAN_DOORSTROOMPUNT:
        return "doorstroompunt"
    is_begonnen = rij.status in {OverstapStatus.GESTART, OverstapStatus.AFGEROND} and rij.beste_rang >= RANG_GESTART
    return "mbo" if is_begonnen else "vo"


def _post(lijst: Werklijst, plaats: Plaats, rij: Rij, regels: Regels) -> Post:
    return Post(
        lijst=lijst,
        onderwerp=rij.onderwerp,
        sinds=plaats.sinds,
        waarom=waarom(lijst, plaats.sinds, rij, regels),
        school=rij.school,
        vestiging=rij.vestiging,
        klas=rij.klas,
        leerweg=rij.leerweg,
        gemeente=rij.gemeente,
        status=rij.status,
        mbo=rij.mbo,
    )


def waarom(lijst: Werklijst, vanaf: datetime, rij: Rij, regels: Regels) -> str:
    """Say why a pupil is on a list, in a sentence."""
    sinds = datum_in_woorden(datum_in_amsterdam(vanaf))
    match lijst:
        case Werklijst.NIET_AANGEMELD:
            return f"Nog geen aanmelding na de aanmelddatum ({datum_in_woorden(regels.kalender.aanmelddatum)})."
        case Werklijst.NIVEAU_GEDAALD:
            van = in_woorden(_RANGEN[rij.niveau_van]) if rij.niveau_van else "een hoger niveau"
            return f"Op {sinds} gezakt van {van} naar {_of_geen(rij.beste_status)}."
        case Werklijst.ALLE_AANMELDINGEN_BEEINDIGD:
            hoeveel = "De enige aanmelding is" if rij.aantal == 1 else f"Alle {rij.aantal} aanmeldingen zijn"
            return f"{hoeveel} beëindigd, de laatste op {sinds}."
        case Werklijst.STIL:
            laatste = datum_in_woorden(datum_in_amsterdam(rij.laatste_op))
            return f"Al {regels.stil_weken} weken of langer stil: het laatste bericht is van {laatste}."
        case Werklijst.NIET_VERSCHENEN:
            return f"Op {sinds} gemeld als niet verschenen, en niet elders geplaatst."
        case Werklijst.MET_LEERPLICHT:
            return f"Leerplicht is ingeschakeld op {sinds} en heeft nog niet afgehandeld."
        case Werklijst.UIT_BEELD:
            begin = datum_in_woorden(regels.kalender.mbo_start)
            return f"Na {begin} zonder plaats, zonder vervolgkeuze VO en niet bij Leerplicht."
        case Werklijst.TEGENSTRIJDIG:
            besluit = in_woorden(rij.status or "")
            return f"De status is {besluit}, maar er is een aanmelding: {_of_geen(rij.beste_status)}."
        case Werklijst.WACHTBAK:
            berichten = "Een bericht" if rij.aantal == 1 else f"{rij.aantal} berichten"
            return f"{berichten} van {rij.mbo} over een leerling die geen school heeft opgevoerd."
        case _:
            assert_never(lijst)


def _of_geen(status: str | None) -> str:
    return in_woorden(status) if status else "geen actieve aanmelding"
