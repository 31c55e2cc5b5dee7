"""The figures as files that a spreadsheet opens: with a semicolon, as Dutch spreadsheets read them."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from starlette.responses import Response

from overstap.adapters.http.doorstroom import Stroomblad
from overstap.adapters.web.bezoeker import Bezoeker
from overstap.adapters.web.csv_uitvoer import als_tekst
from overstap.adapters.web.regio_cijfers import Groepregel
from overstap.adapters.web.regio_verloop import VERBORGEN, Jaarbeeld
from overstap.adapters.web.regio_vraag import MATEN, Blik

_BOM: Final = "\ufeff"
Cel = str | int | float | None


def cijfers_als_csv(bezoeker: Bezoeker, blik: Blik, regels: Iterable[Groepregel]) -> Response:
    """Give a line for each group and measure; a figure that is hidden is empty."""
    taal = bezoeker.taal
    kop = [
        taal.woord("regio_kolom", naam)
        for naam in ("per", "code", "naam", "maat", "aantal", "van", "norm", "vorig_jaar")
    ]
    lijnen: list[list[Cel]] = [
        [
            taal.woord("regio_per", regel.indeling),
            regel.groep,
            regel.naam,
            taal.woord("regio_maat", naam),
            (deel := regel.maten[naam]).aantal,
            deel.van,
            deel.norm,
            deel.vorig_jaar,
        ]
        for regel in regels
        for naam in MATEN
    ]
    return _als_csv("cijfers", blik, kop, lijnen)


def stromen_als_csv(bezoeker: Bezoeker, blik: Blik, stromen: Iterable[Stroomblad]) -> Response:
    """Give a line for each stream; a figure that is hidden is empty."""
    taal = bezoeker.taal
    kop = [
        taal.woord("regio_kolom", naam)
        for naam in ("school", "naam", "bestemming", "waarheen", "leerlingen", "gestart")
    ]
    lijnen: list[list[Cel]] = [
        [
            een.school,
            bezoeker.noem(een.school),
            taal.woord("regio_bestemming", een.soort),
            bezoeker.noem(een.bestemming) if een.soort in {"mbo", "onderweg"} else taal.woord("keuze", een.bestemming),
            een.leerlingen,
            een.gestart,
        ]
        for een in stromen
    ]
    return _als_csv("doorstroom", blik, kop, lijnen)


def verloop_als_csv(bezoeker: Bezoeker, blik: Blik, jaar: Jaarbeeld) -> Response:
    """Give a line for each day; a figure that is hidden is empty."""
    taal = bezoeker.taal
    kop = [taal.woord("regio_kolom", "datum"), *(_noem(bezoeker, band.status) for band in jaar.banden)]
    lijnen: list[list[Cel]] = [
        [(jaar.van + timedelta(dag)).isoformat(), *(band.waarden[dag] for band in jaar.banden)]
        for dag in range(jaar.dagen if jaar.banden else 0)
    ]
    return _als_csv("verloop", blik, kop, lijnen)


def _noem(bezoeker: Bezoeker, status: str) -> str:
    return bezoeker.taal("regio.verborgen") if status == VERBORGEN else bezoeker.taal.woord("status", status)


def _als_csv(wat: str, blik: Blik, kop: Sequence[str], lijnen: Iterable[Sequence[Cel]]) -> Response:
    uit = io.StringIO()
    schrijver = csv.writer(uit, delimiter=";", lineterminator="\r\n")
    schrijver.writerow(kop)
    for lijn in lijnen:
        schrijver.writerow([als_tekst(cel) if isinstance(cel, str) else cel for cel in lijn])
    koppen = {"Content-Disposition": f'attachment; filename="{wat}-{blik.dag.isoformat()}.csv"'}
    return Response(_BOM + uit.getvalue(), headers=koppen, media_type="text/csv; charset=utf-8")
