"""The list as a file that a spreadsheet opens as text: with a semicolon, as Dutch spreadsheets read it."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Final

from starlette.responses import Response

from overstap.adapters.web.bezoeker import Bezoeker
from overstap.adapters.web.lijst import Regel
from overstap.adapters.web.uitvoer import Waarde, bestandsnaam, kolommen_van, rekent, waarden_van

_BOM: Final = "\ufeff"
"""By this a spreadsheet knows that it is UTF-8."""


def als_csv(bezoeker: Bezoeker, regels: Iterable[Regel]) -> Response:
    """Answer with the lines as CSV, with the columns that the visitor's role may have."""
    uit = io.StringIO()
    schrijver = csv.writer(uit, delimiter=";", lineterminator="\r\n")
    kolommen = kolommen_van(bezoeker)
    schrijver.writerow(bezoeker.taal.woord("kolom", naam) for naam in kolommen)
    for regel in regels:
        schrijver.writerow(map(als_tekst, waarden_van(bezoeker, regel, kolommen)))
    koppen = {"Content-Disposition": f'attachment; filename="{bestandsnaam(bezoeker, "csv")}"'}
    return Response(_BOM + uit.getvalue(), headers=koppen, media_type="text/csv; charset=utf-8")


def als_tekst(waarde: Waarde) -> str:
    """Write a cell so that no spreadsheet computes it."""
    if waarde is None:
        return ""
    tekst = waarde.isoformat() if isinstance(waarde, date) else str(waarde)
    return f"'{tekst}" if isinstance(waarde, str) and rekent(tekst) else tekst
