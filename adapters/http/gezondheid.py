"""Is this process alive, and can it work? For whoever keeps it running; says nothing else."""

from typing import Final

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from overstap.adapters.http.antwoorden import in_json
from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.problemen import Probleem

router: Final = APIRouter()


class Toestand(msgspec.Struct, frozen=True):
    """How it is."""

    toestand: str


@router.get(
    "/gezondheid/live",
    operation_id="leeft",
    tags=["dienst"],
    openapi_extra=operatie(antwoord=Toestand, voorbeeld={"toestand": "levend"}, is_open=True),
)
async def leeft() -> Response:
    """Antwoord zolang het proces leeft."""
    return in_json(Toestand("levend"))


@router.get(
    "/gezondheid/ready",
    operation_id="is_klaar",
    tags=["dienst"],
    openapi_extra=operatie(antwoord=Toestand, voorbeeld={"toestand": "klaar"}, is_open=True),
)
async def is_klaar(request: Request) -> Response:
    """Antwoord 200 als verzoeken nu verwerkt kunnen worden, en anders 503."""
    dienst = dienst_van(request)
    async with dienst.lezer() as verbinding:
        await verbinding.execute("SELECT 1")
    if not dienst.bus_werkt:
        raise Probleem("niet-beschikbaar", "De bus werkt nu niet.", koppen={"Retry-After": "1"})
    return in_json(Toestand("klaar"))
