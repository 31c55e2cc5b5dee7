"""Whom must somebody do something about, since when, and why? What the calendar makes true needs no event."""

from datetime import datetime, timedelta
from enum import StrEnum
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


class _Rij(msgspec.Struct):
    lijst: str
    sinds: datetime
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


_POSTEN = sql_bestand("werklijsten.sql")
_OMVANG = f"SELECT lijst, count(*) FROM ({_POSTEN}) AS posten GROUP BY lijst"  # noqa: S608 - our own file
_LEES = (
    f"SELECT {', '.join(_Rij.__struct_fields__)} FROM ({_POSTEN}) AS posten "  # noqa: S608 - our own file
    "WHERE lijst = %(lijst)s AND (%(school)s::text IS NULL OR school = %(school)s) "
    "AND (%(gemeente)s::text IS NULL OR gemeente = %(gemeente)s) "
    "AND (%(na_sinds)s::timestamptz IS NULL OR (sinds, onderwerp) > (%(na_sinds)s, %(na_onderwerp)s::uuid)) "
    "ORDER BY sinds, onderwerp LIMIT %(aantal)s"
)
_RANGEN = {rang: status for status, rang in RANG.items() if rang}


def omvang(cursor: Cursor[Any], regels: Regels, op: datetime) -> dict[Werklijst, int]:
    """Count the entries of every worklist of a year at an instant."""
    geteld = dict(cursor.execute(_OMVANG.encode(), _parameters(regels, op)).fetchall())
    return {lijst: geteld.get(lijst.value, 0) for lijst in Werklijst}


def lees(  # noqa: PLR0913 - each narrows what is asked
    cursor: Cursor[Any],
    lijst: Werklijst,
    regels: Regels,
    op: datetime,
    *,
    school: str | None = None,
    gemeente: str | None = None,
    na: Post | None = None,
    aantal: int = 50,
) -> list[Post]:
    """Give a page of a worklist at an instant, the longest waiting first; na is the last entry of the page before."""
    parameters = _parameters(regels, op) | {
        "lijst": lijst,
        "school": school,
        "gemeente": gemeente,
        "na_sinds": na.sinds if na else None,
        "na_onderwerp": na.onderwerp if na else None,
        "aantal": aantal,
    }
    with cursor.connection.cursor(row_factory=class_row(_Rij)) as rijen:
        return [_post(rij, regels) for rij in rijen.execute(_LEES.encode(), parameters).fetchall()]


def lijsten_van(rij: Actueel, regels: Regels, op: datetime) -> dict[Werklijst, datetime]:
    """Tell on which worklists one pupil stands at an instant, and since when: werklijsten.sql says the same of all."""
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


def _parameters(regels: Regels, op: datetime) -> dict[str, object]:
    return {
        "regio": regels.regio,
        "overstapjaar": regels.overstapjaar,
        "op": op,
        "volgt": [status.value for status in VOLGT_AANMELDINGEN],
        "stil": timedelta(weeks=regels.stil_weken),
        "na_aanmelddatum": einde_van(regels.kalender.aanmelddatum),
        "na_mbo_start": einde_van(regels.kalender.mbo_start),
    }


def _post(rij: _Rij, regels: Regels) -> Post:
    return Post(
        lijst=Werklijst(rij.lijst),
        onderwerp=rij.onderwerp,
        sinds=rij.sinds,
        waarom=_waarom(Werklijst(rij.lijst), rij, regels),
        school=rij.school,
        vestiging=rij.vestiging,
        klas=rij.klas,
        leerweg=rij.leerweg,
        gemeente=rij.gemeente,
        status=rij.status,
        mbo=rij.mbo,
    )


def _waarom(lijst: Werklijst, rij: _Rij, regels: Regels) -> str:
    sinds = datum_in_woorden(datum_in_amsterdam(rij.sinds))
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
