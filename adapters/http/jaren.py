"""Which year, day and moment of knowledge a question is about: parameters that lists and figures share."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator

from overstap.adapters.http.dienst import Dienst
from overstap.adapters.http.problemen import Fout, Probleem, ongeldig
from overstap.domain.kalender import Regels, datum_in_amsterdam

Jaar = Annotated[
    int | None,
    Query(alias="overstapjaar", ge=2000, le=2100, description="Het overstapjaar; anders dat waaraan nu wordt gewerkt."),
]


def _geschreven(waarde: object) -> object:
    """Let a date or a moment only be what is written as one: pydantic takes a number for seconds since 1970."""
    if isinstance(waarde, str) and "-" not in waarde[1:]:
        raise ValueError("not written as a date")
    return waarde


Datum = Annotated[date, BeforeValidator(_geschreven)]
Moment = Annotated[datetime, BeforeValidator(_geschreven)]
Peildatum = Annotated[Datum | None, Query(alias="peildatum", description="Wat er gold op deze dag; zonder vandaag.")]
Kennismoment = Annotated[
    Moment | None, Query(alias="kennismoment", description="Wat er op dit moment bekend was; zonder nu.")
]


def regels_van(dienst: Dienst, overstapjaar: int | None) -> Regels:
    """Give the rules of a year, or of the one that people work on.

    Raises:
        Probleem: 404 when there is no such year.

    """
    jaar = (
        overstapjaar
        if overstapjaar is not None
        else dienst.kaders.lopend_jaar(dienst.regio, datum_in_amsterdam(dienst.nu()))
    )
    kader = None if jaar is None else dienst.kaders.kader(dienst.regio, jaar)
    if kader is None:
        raise Probleem("niet-gevonden", "Dit overstapjaar is hier niet bekend.", code="onbekend_jaar")
    return kader.regels


def eis_zone(kennismoment: datetime | None) -> datetime | None:
    """See to it that a moment says in which zone it is.

    Raises:
        Probleem: 400 when it does not.

    """
    if kennismoment is not None and kennismoment.tzinfo is None:
        uitleg = "Schrijf een moment als 2026-05-12T10:04:00+02:00."
        raise ongeldig(Fout(plaats="query.kennismoment", code="ongeldig", uitleg=uitleg))
    return kennismoment
