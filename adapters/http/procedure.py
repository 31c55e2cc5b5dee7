"""The rules of a year as they hold now: its calendar, its norms, and which years are open."""

from datetime import date
from typing import Final

import msgspec
from fastapi import APIRouter, Request, Response

from overstap.adapters.http.antwoorden import in_json
from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.jaren import Jaar, regels_van
from overstap.adapters.http.operaties import operatie

router: Final = APIRouter()


class Kalenderblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The dates of a year."""

    opvoer_vanaf: date
    mbo_regels: date
    aanmelddatum: date
    vervolgkeuze_vanaf: date
    voorlopig_op: date = msgspec.field(name="voorlopigDatum")
    handhaven_tot: date
    mbo_start: date
    meting_op: date = msgspec.field(name="metingDatum")
    sluit_vanaf: date


class Normblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The norms, in percentages."""

    aangemeld_vmbo: int
    aangemeld_alle: int
    voorlopig_geplaatst: int
    geplaatst_en_gestart: int


class Procedureblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A version of the rules, such as 2026.21.3, and the years in which schools may enter pupils."""

    versie: str
    overstapjaar: int
    stil_weken: int
    overleg_vereist: bool
    kalender: Kalenderblad
    normen: Normblad
    open_jaren: list[int]


@router.get(
    "/procedure",
    operation_id="toon_procedure",
    tags=["organisaties"],
    openapi_extra=operatie(
        antwoord=Procedureblad,
        voorbeeld={
            "versie": "2026.21.1",
            "overstapjaar": 2026,
            "stilWeken": 6,
            "overlegVereist": True,
            "kalender": {
                "opvoerVanaf": "2025-10-01",
                "mboRegels": "2026-02-01",
                "aanmelddatum": "2026-04-01",
                "vervolgkeuzeVanaf": "2026-04-01",
                "voorlopigDatum": "2026-06-01",
                "handhavenTot": "2026-07-01",
                "mboStart": "2026-08-01",
                "metingDatum": "2026-10-01",
                "sluitVanaf": "2026-10-02",
            },
            "normen": {
                "aangemeldVmbo": 95,
                "aangemeldAlle": 90,
                "voorlopigGeplaatst": 90,
                "geplaatstEnGestart": 95,
            },
            "openJaren": [2026],
        },
        problemen=("niet-gevonden",),
    ),
)
async def toon_procedure(request: Request, _actor: Wie, overstapjaar: Jaar = None) -> Response:
    """Toon de regels die voor een jaar gelden: de kalender en de normen."""
    dienst = dienst_van(request)
    regels = regels_van(dienst, overstapjaar)
    return in_json(
        Procedureblad(
            versie=regels.versie,
            overstapjaar=regels.overstapjaar,
            stil_weken=regels.stil_weken,
            overleg_vereist=regels.overleg_vereist,
            kalender=msgspec.convert(regels.kalender, Kalenderblad, from_attributes=True),
            normen=msgspec.convert(regels.normen, Normblad, from_attributes=True),
            open_jaren=dienst.kaders.open_jaren(dienst.regio),
        )
    )
