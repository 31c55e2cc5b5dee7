"""One pupil's overstap: where he stands, and what this caller may do about him now."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from overstap.adapters.http.antwoorden import etag, in_json, is_bekend, ongewijzigd
from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lezen import Gezien, lees_overstap
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.stappen import OverstapId
from overstap.adapters.http.stapverzoeken import STAPPEN, pad_van
from overstap.domain.overstap import Aanmelding
from overstap.domain.rollen import Actor, Rol
from overstap.domain.weigering import Reden
from overstap.statemachine.kader import zelfde_instelling
from overstap.statemachine.mogelijkheden import Mogelijkheid, mogelijkheden

router: Final = APIRouter()


class Aanmeldingblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One aanmelding as it goes out."""

    nummer: int
    brin: str
    crebo: str
    status: str
    sinds_op: datetime
    keten_id: str | None
    startdatum: str | None
    leertraject: str | None


class Weigeringblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Why a step is not open."""

    code: str
    zin: str
    redenen: tuple[Reden, ...]
    wat_nodig: str


class Stapblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A step: where to send it, on which aanmelding, and whether it is open to this caller now."""

    stap: str
    aanmelding: int | None
    is_open: bool
    adres: str
    weigering: Weigeringblad | None


class Overstapblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An overstap as it goes out to one caller."""

    id: UUID
    versie: int
    overstapjaar: int
    school: str
    vestiging: str
    klas: str
    leerweg: str
    gemeente: str
    status: str
    sinds_op: datetime
    aanmeldingen: list[Aanmeldingblad]
    stappen: list[Stapblad]


@router.get(
    "/overstappen/{overstapId}",
    operation_id="toon_overstap",
    tags=["overstappen"],
    responses={304: {"description": "U hebt deze versie al."}},
    openapi_extra=operatie(antwoord=Overstapblad, problemen=("niet-gevonden",), koppen={"ETag": "De versie."}),
)
async def toon_overstap(request: Request, overstap_id: OverstapId, actor: Wie) -> Response:
    """Toon één overstap, met wat de aanvrager er nu mee mag: elke stap, of waarom die niet kan."""
    dienst = dienst_van(request)
    gezien = await lees_overstap(dienst, overstap_id, actor)
    versie = gezien.dossier.versie
    if is_bekend(request, versie):
        return ongewijzigd(versie)
    mag = mogelijkheden(gezien.dossier.overstap, actor, dienst.nu(), gezien.kader)
    return in_json(_blad(gezien, actor, mag), koppen={"ETag": etag(versie)})


def _blad(gezien: Gezien, actor: Actor, mag: tuple[Mogelijkheid, ...]) -> Overstapblad:
    overstap = gezien.dossier.overstap
    return Overstapblad(
        id=overstap.id,
        versie=overstap.versie,
        overstapjaar=overstap.overstapjaar,
        school=overstap.school,
        vestiging=overstap.vestiging,
        klas=overstap.klas,
        leerweg=overstap.leerweg,
        gemeente=overstap.gemeente,
        status=overstap.status,
        sinds_op=overstap.sinds,
        aanmeldingen=[_aanmelding(een) for een in overstap.aanmeldingen if _mag_zien(actor, een)],
        stappen=[_stap(overstap.id, een) for een in mag if een.stap in STAPPEN],
    )


def _mag_zien(actor: Actor, aanmelding: Aanmelding) -> bool:
    return actor.rol is not Rol.MBO_INTAKER or zelfde_instelling(actor.organisatie, aanmelding.brin)


def _aanmelding(een: Aanmelding) -> Aanmeldingblad:
    return Aanmeldingblad(
        nummer=een.nummer,
        brin=een.brin,
        crebo=een.crebo,
        status=een.status,
        sinds_op=een.sinds,
        keten_id=een.keten_id,
        startdatum=een.startdatum,
        leertraject=een.leertraject,
    )


def _stap(overstap: UUID, een: Mogelijkheid) -> Stapblad:
    weigering = een.weigering
    return Stapblad(
        stap=een.stap,
        aanmelding=een.aanmelding,
        is_open=weigering is None,
        adres=f"/v1/overstappen/{overstap}/stappen/{pad_van(een.stap)}",
        weigering=Weigeringblad(
            code=weigering.code, zin=weigering.zin, redenen=weigering.redenen, wat_nodig=weigering.wat_nodig
        )
        if weigering
        else None,
    )
