"""The list of pupils as a file: which pupils and columns go into it, whatever the form of the file."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import msgspec
from fastapi import Request

from overstap.adapters.http.jaren import regels_van
from overstap.adapters.http.problemen import Fout, ongeldig
from overstap.adapters.web.bezoeker import Bezoeker
from overstap.adapters.web.lijst import Lijstvraag, Regel, is_mbo, lees_lijst
from overstap.domain.kalender import datum_in_amsterdam
from overstap.statemachine.veldgroepen import Veldgroep, zichtbare_groepen

HOOGSTENS: Final = 10_000
"""So many pupils go into one file: a region's, and no more than memory is there for."""
_REKENT: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
Waarde = str | int | date | None


async def lees_uitvoer(request: Request, bezoeker: Bezoeker, vraag: Lijstvraag) -> list[Regel]:
    """Read every pupil of a list, and record that they were given away as a file.

    Raises:
        Probleem: 400 when they are too many for one file: none is left out in silence.

    """
    alle = msgspec.structs.replace(vraag, aantal=HOOGSTENS, na=None)
    blad = await lees_lijst(request, bezoeker, alle, regels_van(bezoeker.dienst, vraag.overstapjaar), als="uitvoer")
    if blad.verder is not None:
        uitleg = bezoeker.taal("lijst.te_veel", hoogstens=bezoeker.taal.getal(HOOGSTENS))
        raise ongeldig(Fout(plaats="query", code="te_ruim", uitleg=uitleg))
    return blad.regels


def bestandsnaam(bezoeker: Bezoeker, soort: str) -> str:
    """Name the file by the day on which it was made."""
    return f"leerlingen-{datum_in_amsterdam(bezoeker.dienst.nu()).isoformat()}.{soort}"


def rekent(waarde: str) -> bool:
    """Tell whether a spreadsheet would compute a text that begins so; ours are text."""
    return waarde.startswith(_REKENT)


def kolommen_van(bezoeker: Bezoeker) -> list[str]:
    """Name the columns that the visitor's role may have."""
    groepen = zichtbare_groepen(bezoeker.actor.rol)
    namen = ["nummer"]
    namen += ["naam"] if Veldgroep.NAAM in groepen else []
    namen += ["school", "vestiging", "klas", "leerweg"]
    namen += ["gemeente"] if Veldgroep.GEMEENTE in groepen else []
    if is_mbo(bezoeker):
        return [*namen, "aanmelding", "sinds", "dagen", "elders"]
    namen += ["status", "sinds", "dagen"]
    return [*namen, "mbo", "aanmelding", "werklijsten"] if Veldgroep.ANDERE_AANMELDINGEN in groepen else namen


def waarden_van(bezoeker: Bezoeker, regel: Regel, kolommen: Iterable[str]) -> Iterator[Waarde]:
    """Give the values of a pupil, column by column."""
    taal = bezoeker.taal
    for naam in kolommen:
        match naam:
            case "nummer":
                yield str(regel.overstap)
            case "status":
                yield taal.woord("status", regel.status) if regel.status else None
            case "aanmelding":
                yield taal.woord("status", regel.mbo_status) if regel.mbo_status else None
            case "sinds":
                yield datum_in_amsterdam(regel.sinds) if regel.sinds else None
            case "elders":
                yield taal("woord.ja") if regel.elders else taal("woord.nee")
            case "school":
                yield bezoeker.noem(regel.school)
            case "mbo":
                yield bezoeker.noem(regel.mbo)
            case "werklijsten":
                yield ", ".join(taal.woord("werklijst", lijst) for lijst in regel.werklijsten)
            case _:
                yield getattr(regel, naam)
