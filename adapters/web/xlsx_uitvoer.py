"""The list as a workbook: text that stays text, dates that are dates, a header that stays in sight.

It is made in memory and never in a temporary file: names are on no disk in the clear. So a file holds at most
uitvoer.HOOGSTENS pupils, and a process makes one at a time.
"""

import asyncio
import io
from collections.abc import AsyncIterator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from typing import Final

import xlsxwriter
from starlette.responses import Response, StreamingResponse
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from overstap.adapters.web.bezoeker import Bezoeker
from overstap.adapters.web.lijst import Regel
from overstap.adapters.web.uitvoer import Waarde, bestandsnaam, kolommen_van, rekent, waarden_van

SOORT: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BREEDTES: Final[Mapping[str, int]] = {
    "nummer": 38,
    "naam": 30,
    "school": 30,
    "vestiging": 10,
    "klas": 8,
    "leerweg": 10,
    "gemeente": 10,
    "status": 24,
    "aanmelding": 22,
    "sinds": 12,
    "dagen": 8,
    "mbo": 30,
    "elders": 16,
    "werklijsten": 40,
}
"""In characters; of a column that is not here a library's own width will do."""
_STUK: Final = 64 * 1024
_draad: Final = ThreadPoolExecutor(1, "werkboek")


async def als_xlsx(bezoeker: Bezoeker, regels: list[Regel]) -> Response:
    """Answer with the lines as a workbook, with the columns that the visitor's role may have."""
    boek = await asyncio.get_running_loop().run_in_executor(_draad, _maak, bezoeker, regels)
    koppen = {
        "Content-Disposition": f'attachment; filename="{bestandsnaam(bezoeker, "xlsx")}"',
        "Content-Length": str(boek.getbuffer().nbytes),
    }
    return StreamingResponse(_stukken(boek), headers=koppen, media_type=SOORT)


async def _stukken(boek: io.BytesIO) -> AsyncIterator[bytes]:
    boek.seek(0)
    while stuk := boek.read(_STUK):
        yield stuk


def _maak(bezoeker: Bezoeker, regels: Iterable[Regel]) -> io.BytesIO:
    uit = io.BytesIO()
    kolommen = kolommen_van(bezoeker)
    woord = bezoeker.taal.woord
    with xlsxwriter.Workbook(uit, {"in_memory": True}) as boek:
        boek.set_properties({"title": bezoeker.taal("lijst.titel"), "created": bezoeker.dienst.nu()})
        blad = boek.add_worksheet(bezoeker.taal("lijst.titel"))
        kop = boek.add_format({"bold": True, "bottom": 1})
        vormen = {
            "datum": boek.add_format({"num_format": "dd-mm-yyyy"}),
            "tekst": boek.add_format({"quote_prefix": True}),
        }
        for nummer, naam in enumerate(kolommen):
            blad.write_string(0, nummer, woord("kolom", naam), kop)
            blad.set_column(nummer, nummer, _BREEDTES.get(naam))
        blad.freeze_panes(1, 0)
        rij = 0
        for rij, regel in enumerate(regels, 1):
            for nummer, waarde in enumerate(waarden_van(bezoeker, regel, kolommen)):
                _schrijf(blad, rij, nummer, waarde, vormen)
        blad.autofilter(0, 0, rij, len(kolommen) - 1)
    return uit


def _schrijf(blad: Worksheet, rij: int, nummer: int, waarde: Waarde, vormen: Mapping[str, Format]) -> None:
    """Write one cell as what it is: text as text, whatever it begins with."""
    match waarde:
        case None | "":
            return
        case date():
            blad.write_datetime(rij, nummer, datetime.combine(waarde, time()), vormen["datum"])
        case int():
            blad.write_number(rij, nummer, waarde)
        case str():
            blad.write_string(rij, nummer, waarde, vormen["tekst"] if rekent(waarde) else None)
