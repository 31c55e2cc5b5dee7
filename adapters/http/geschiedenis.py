"""What happened to one pupil, in sentences: each event with both times, who and why, as far as the caller may know."""

from datetime import datetime
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Query, Request, Response

from overstap.adapters.http.antwoorden import in_json, volgende_bladzijde
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lezen import Gezien, lees_overstap
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.reden import Reden
from overstap.adapters.http.stappen import OverstapId
from overstap.adapters.http.wachten import Bijgewerkt
from overstap.domain.feiten import Verzegeld, naam_van
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Actor
from overstap.projections.tijdlijn import Regel, noem_feit, vertel
from overstap.statemachine.feitzicht import Feitzicht, feitzicht, gemaskeerd, verzegelde_velden, ziet_feit

router: Final = APIRouter()
MEESTE: Final = 200


class Voorval(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One event told; inhoud are the fields that the caller may have, sealed ones left out."""

    nummer: int
    positie: int | None
    feit: str
    gebeurd_op: datetime
    vastgelegd_op: datetime | None
    rol: str
    organisatie: str
    zin: str
    waarom: str
    procedure: str | None
    herzien_door: int | None


@router.get(
    "/overstappen/{overstapId:uuid}/gebeurtenissen",
    operation_id="vertel_overstap",
    tags=["overstappen"],
    openapi_extra=operatie(
        antwoord=Voorval,
        is_lijst=True,
        problemen=("niet-gevonden",),
        koppen={"Link": 'De volgende bladzijde, rel="next".'},
    ),
)
async def vertel_overstap(  # noqa: PLR0913, PLR0917  # FastAPI reads the request from the arguments
    request: Request,
    overstap_id: OverstapId,
    actor: Wie,
    reden: Reden,
    _bij: Bijgewerkt,
    na: Annotated[int, Query(ge=0, le=1_000_000, description="Het nummer waarna de bladzijde begint.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MEESTE, description="Hoeveel gebeurtenissen een bladzijde heeft.")] = 100,
) -> Response:
    """Vertel wat er met deze leerling gebeurde, in volgorde van vastleggen."""
    dienst = dienst_van(request)
    gezien = await lees_overstap(request, dienst, overstap_id, actor, reden, als="geschiedenis")
    voorvallen = [een for een in voorvallen_van(dienst, gezien, actor, met_reden=reden is not None) if een.nummer > na]
    bladzijde = voorvallen[:limit]
    is_meer = len(voorvallen) > limit
    return in_json(bladzijde, koppen=volgende_bladzijde(request, bladzijde[-1].nummer if is_meer else None))


def voorvallen_van(dienst: Dienst, gezien: Gezien, actor: Actor, *, met_reden: bool) -> list[Voorval]:
    """Tell each event of which the caller may know that it was, oldest first."""
    zichten = {
        een.originator_version: zicht
        for een in gezien.gebeurtenissen
        if (zicht := feitzicht(actor.rol, type(een.feit), met_reden=met_reden)) is not None
        and ziet_feit(actor, een, zicht, gezien.dossier.overstap)
    }

    def open_zegel(gebeurtenis: Gebeurtenis, veld: str, verzegeld: Verzegeld) -> str | None:
        if veld not in zichten[gebeurtenis.originator_version].velden:
            return None
        return gezien.kluis.open(gezien.stroom, naam_van(gebeurtenis.feit), veld, verzegeld)

    def noem(code: str) -> str:
        organisatie = dienst.kaders.organisatie(actor.regio, code)
        return f"{organisatie.naam} ({code})" if organisatie and organisatie.naam else code

    zichtbaar = [een for een in gezien.gebeurtenissen if een.originator_version in zichten]
    return [
        _voorval(een, regel, zichten[een.originator_version])
        for een, regel in zip(zichtbaar, vertel(zichtbaar, open_zegel, noem), strict=True)
    ]


def _voorval(gebeurtenis: Gebeurtenis, regel: Regel, zicht: Feitzicht) -> Voorval:
    """Tell an event; where a field is kept from the caller, the sentence would name it: then only what kind it was.

    What is sealed and not opened to him is left out of the sentence by itself, as when the pupil was erased.
    """
    alles = msgspec.to_builtins(gebeurtenis.feit)
    verborgen = alles.keys() - gemaskeerd(gebeurtenis, zicht).keys() - verzegelde_velden(type(gebeurtenis.feit))
    zin, waarom = (regel.zin, regel.waarom) if not verborgen else (_kort(gebeurtenis, regel), "")
    return Voorval(
        nummer=regel.nummer,
        positie=regel.positie,
        feit=regel.feit,
        gebeurd_op=regel.gebeurd_op,
        vastgelegd_op=regel.vastgelegd_op,
        rol=regel.rol,
        organisatie=regel.organisatie,
        zin=zin,
        waarom=waarom,
        procedure=regel.procedure,
        herzien_door=regel.herzien_door,
    )


def _kort(gebeurtenis: Gebeurtenis, regel: Regel) -> str:
    wat = noem_feit(gebeurtenis)
    return f"{wat[0].upper()}{wat[1:]}, door {regel.wie}."
