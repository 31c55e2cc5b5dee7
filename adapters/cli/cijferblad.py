"""The region's figures as a command shows them: for a day, as known at a moment, against the norms and last year."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from psycopg import Cursor

from overstap.adapters.app import App
from overstap.adapters.cli.fouten import geweigerd
from overstap.domain.kalender import Kalender, Regels
from overstap.domain.statussen import OverstapStatus
from overstap.domain.woorden import datum_in_woorden
from overstap.projections.cijfers import Aandeel, Cijfers, Indeling, cijfers_op, standen_op
from overstap.projections.zinnen import in_woorden

_LAATSTE_JAAR = "SELECT max(overstapjaar) FROM beeld.actueel"
NORMDAG: dict[str, Callable[[Kalender], date]] = {
    "aangemeld_vmbo": lambda kalender: kalender.aanmelddatum,
    "aangemeld": lambda kalender: kalender.aanmelddatum,
    "voorlopig_geplaatst": lambda kalender: kalender.voorlopig_op,
    "geplaatst_en_gestart": lambda kalender: kalender.meting_op,
}
"""The day on which each norm must be reached."""
NORMKOPPEN = ("norm", "geldt op", "#aantal", "#deel", "#norm", "", "#vorig jaar")


class Deel(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """So many of so many, held against a norm; haalt_norm is None before its day and without a norm."""

    aantal: int
    van: int
    percentage: float | None
    norm: int | None
    norm_op: date | None
    haalt_norm: bool | None
    vorig_jaar: float | None


class Groep(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A region, school, MBO, gemeente or leerweg on a day."""

    groep: str
    leerlingen: int
    aangemeld: Deel
    aangemeld_vmbo: Deel
    voorlopig_geplaatst: Deel
    geplaatst_en_gestart: Deel
    warme_overdracht: Deel


class Blad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a region looks like on a day, as known at a moment."""

    overstapjaar: int
    op: date
    bekend_op: datetime
    per_status: dict[OverstapStatus, int]
    groepen: dict[Indeling, tuple[Groep, ...]]


def regels_van(app: App, cursor: Cursor[Any], overstapjaar: int | None) -> Regels:
    """Give the rules of a year, or of the latest year with pupils.

    Raises:
        Afgebroken: when there is no such year.

    """
    if overstapjaar is None:
        [(overstapjaar,)] = cursor.execute(_LAATSTE_JAAR).fetchall()
    jaar = app.kaders.jaar(app.regio, overstapjaar) if overstapjaar is not None else None
    if jaar is None or jaar.regels is None:
        raise geweigerd("Er zijn nog geen cijfers. Neem bestanden in met `overstap import`, of speel `overstap demo`.")
    return jaar.regels


def vul_in(app: App, cursor: Cursor[Any], regels: Regels, op: date, bekend: datetime) -> Blad:
    """Ask the figures of one day."""
    vorig = app.kaders.jaar(app.regio, regels.overstapjaar - 1)
    gemeten = cijfers_op(cursor, regels, op, bekend, vorig.regels if vorig else None)
    groepen: dict[Indeling, tuple[Groep, ...]] = {
        indeling: tuple(_groep(rij, regels.kalender, op) for rij in gemeten if rij.indeling is indeling)
        for indeling in Indeling
    }
    return Blad(
        overstapjaar=regels.overstapjaar,
        op=op,
        bekend_op=bekend,
        per_status=standen_op(cursor, regels, op, bekend),
        groepen=groepen,
    )


def _groep(rij: Cijfers, kalender: Kalender, op: date) -> Groep:
    def deel(naam: str, aandeel: Aandeel) -> Deel:
        norm_op = NORMDAG[naam](kalender) if naam in NORMDAG else None
        return Deel(
            aantal=aandeel.aantal,
            van=aandeel.van,
            percentage=aandeel.percentage,
            norm=aandeel.norm,
            norm_op=norm_op,
            haalt_norm=aandeel.haalt_norm if norm_op is not None and op >= norm_op else None,
            vorig_jaar=aandeel.vorig_jaar,
        )

    return Groep(
        groep=rij.groep,
        leerlingen=rij.leerlingen,
        aangemeld=deel("aangemeld", rij.aangemeld),
        aangemeld_vmbo=deel("aangemeld_vmbo", rij.aangemeld_vmbo),
        voorlopig_geplaatst=deel("voorlopig_geplaatst", rij.voorlopig_geplaatst),
        geplaatst_en_gestart=deel("geplaatst_en_gestart", rij.geplaatst_en_gestart),
        warme_overdracht=deel("warme_overdracht", rij.warme_overdracht),
    )


def delen_van(groep: Groep) -> dict[str, Deel]:
    """Give the shares of a group that have a norm, by name."""
    return {naam: getattr(groep, naam) for naam in NORMDAG}


def schrijf_percentage(percentage: float | None) -> str:
    """Write a percentage as 93,4 %."""
    return "-" if percentage is None else f"{percentage:.1f} %".replace(".", ",")


def schrijf_oordeel(deel: Deel) -> str:
    """Write a share and, from its day on, a mark for the norm: a sign, for colour alone would not do."""
    teken = {True: "✓", False: "✗", None: " "}[deel.haalt_norm]
    return f"{schrijf_percentage(deel.percentage)} {teken}"


def normrijen(groep: Groep) -> list[tuple[object, ...]]:
    """Give a row for each norm of one group."""
    return [
        (
            in_woorden(naam),
            datum_in_woorden(deel.norm_op) if deel.norm_op else "",
            f"{deel.aantal} van {deel.van}",
            schrijf_percentage(deel.percentage),
            f"{deel.norm} %",
            {True: "gehaald", False: "niet gehaald", None: ""}[deel.haalt_norm],
            "geen vorig jaar" if deel.vorig_jaar is None else schrijf_percentage(deel.vorig_jaar),
        )
        for naam, deel in delen_van(groep).items()
    ]


def statusrijen(bladen: Sequence[Blad]) -> Iterable[tuple[object, ...]]:
    """Give a row for each status with its count on each sheet."""
    return [(in_woorden(status), *(blad.per_status[status] for blad in bladen)) for status in OverstapStatus]
