"""The list as a file that a spreadsheet opens as text: with a semicolon, as Dutch spreadsheets read it."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from starlette.responses import Response

from overstap.adapters.web.bezoeker import Bezoeker
from overstap.adapters.web.lijst import Regel, is_mbo
from overstap.domain.kalender import datum_in_amsterdam
from overstap.statemachine.veldgroepen import Veldgroep, zichtbare_groepen

_REKENT: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is computed by a spreadsheet; ours are text."""
_BOM: Final = "\ufeff"
"""By this a spreadsheet knows that it is UTF-8."""


def als_csv(bezoeker: Bezoeker, regels: Iterable[Regel]) -> Response:
    """Answer with the lines as CSV, with the columns that the visitor's role may have."""
    uit = io.StringIO()
    schrijver = csv.writer(uit, delimiter=";", lineterminator="\r\n")
    kolommen = _kolommen(bezoeker)
    schrijver.writerow(bezoeker.taal.woord("kolom", naam) for naam in kolommen)
    for regel in regels:
        schrijver.writerow(map(als_tekst, _cellen(bezoeker, regel, kolommen)))
    naam = f"leerlingen-{datum_in_amsterdam(bezoeker.dienst.nu()).isoformat()}.csv"
    koppen = {"Content-Disposition": f'attachment; filename="{naam}"'}
    return Response(_BOM + uit.getvalue(), headers=koppen, media_type="text/csv; charset=utf-8")


def als_tekst(waarde: str) -> str:
    """Write a cell so that no spreadsheet computes it."""
    return f"'{waarde}" if waarde.startswith(_REKENT) else waarde


def _kolommen(bezoeker: Bezoeker) -> list[str]:
    groepen = zichtbare_groepen(bezoeker.actor.rol)
    namen = ["nummer"]
    namen += ["naam"] if Veldgroep.NAAM in groepen else []
    namen += ["school", "vestiging", "klas", "leerweg"]
    namen += ["gemeente"] if Veldgroep.GEMEENTE in groepen else []
    if is_mbo(bezoeker):
        return [*namen, "aanmelding", "sinds", "dagen", "elders"]
    namen += ["status", "sinds", "dagen"]
    return [*namen, "mbo", "aanmelding", "werklijsten"] if Veldgroep.ANDERE_AANMELDINGEN in groepen else namen


def _cellen(bezoeker: Bezoeker, regel: Regel, kolommen: Iterable[str]) -> Iterator[str]:
    taal = bezoeker.taal
    for naam in kolommen:
        match naam:
            case "nummer":
                yield str(regel.overstap)
            case "status":
                yield taal.woord("status", regel.status) if regel.status else ""
            case "aanmelding":
                yield taal.woord("status", regel.mbo_status) if regel.mbo_status else ""
            case "sinds":
                yield datum_in_amsterdam(regel.sinds).isoformat() if regel.sinds else ""
            case "elders":
                yield taal("woord.ja") if regel.elders else taal("woord.nee")
            case "school":
                yield bezoeker.noem(regel.school)
            case "mbo":
                yield bezoeker.noem(regel.mbo)
            case "werklijsten":
                yield ", ".join(taal.woord("werklijst", lijst) for lijst in regel.werklijsten)
            case _:
                waarde = getattr(regel, naam)
                yield "" if waarde is None else str(waarde)
