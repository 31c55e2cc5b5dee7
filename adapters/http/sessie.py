"""The session of who signed in: who he is, in which of his roles he goes on, and its end."""

from typing import Final

import msgspec
from fastapi import APIRouter, Request, Response

from overstap.adapters.http.antwoorden import in_json
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.proefuitgever import UITGEVER
from overstap.adapters.http.identiteit.sessies import (
    KOEKJE,
    Sessie,
    beeindig_sessie,
    kies_rol,
    vind_sessie,
    zoek_sessie,
)
from overstap.adapters.http.identiteit.wie import actor_met_rol, eis_zelfde_site, niet_aangemeld, rollen_van
from overstap.adapters.http.lichaam import lees
from overstap.adapters.http.operaties import ALTIJD, operatie
from overstap.adapters.http.verantwoording import verantwoord_aanmelding
from overstap.adapters.http.vormen import Lichaam
from overstap.domain.rollen import Rol

router: Final = APIRouter()


class Sessieblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who is signed in, and in which of his roles."""

    account: str
    organisatie: str
    rol: str | None
    rollen: list[str]


class Rolkeuze(Lichaam, frozen=True, kw_only=True):
    """The role to go on in."""

    rol: Rol


@router.get(
    "/sessie",
    operation_id="toon_sessie",
    tags=["identiteit"],
    openapi_extra=operatie(antwoord=Sessieblad, problemen=("niet-aangemeld",), is_open=True),
)
async def toon_sessie(request: Request) -> Response:
    """Toon wie er in deze sessie is aangemeld, en welke rollen hij heeft."""
    dienst = dienst_van(request)
    _, sessie = await _sessie(request, dienst)
    return in_json(_blad(dienst, sessie))


@router.post(
    "/sessie",
    operation_id="kies_rol",
    tags=["identiteit"],
    openapi_extra=operatie(
        antwoord=Sessieblad,
        lichaam=Rolkeuze,
        vraag_voorbeeld={"rol": "decaan"},
        problemen=("niet-aangemeld", "geen-toegang"),
        is_open=True,
    ),
)
async def kies_een_rol(request: Request) -> Response:
    """Ga verder in een andere rol die u hebt."""
    dienst = dienst_van(request)
    eis_zelfde_site(request)
    eigen, sessie = await _sessie(request, dienst)
    keuze = await lees(request, Rolkeuze)
    if sessie.uitgever != UITGEVER:
        actor_met_rol(dienst, sessie.account, sessie.organisatie, keuze.rol)
        await kies_rol(dienst, eigen, keuze.rol)
        sessie = msgspec.structs.replace(sessie, rol=keuze.rol)
        await verantwoord_sessie(request, sessie, "kies_rol")
    return in_json(_blad(dienst, sessie))


@router.post(
    "/afmelden",
    operation_id="meld_af",
    tags=["identiteit"],
    status_code=204,
    responses={204: {"description": "Afgemeld."}},
    openapi_extra={
        "security": [],
        "x-problemen": sorted(ALTIJD),
    },
)
async def meld_af(request: Request) -> Response:
    """Meld u af: de sessie is voorbij."""
    eis_zelfde_site(request)
    dienst, koekje = dienst_van(request), request.cookies.get(KOEKJE)
    sessie = await vind_sessie(dienst, koekje) if koekje else None
    if koekje and sessie is not None:
        await beeindig_sessie(dienst, koekje)
        await verantwoord_sessie(request, sessie, "afmelden")
    antwoord = Response(status_code=204)
    wis_koekje(antwoord, KOEKJE)
    return antwoord


async def _sessie(request: Request, dienst: Dienst) -> tuple[str, Sessie]:
    koekje = request.cookies.get(KOEKJE)
    sessie = await zoek_sessie(dienst, koekje) if koekje else None
    if koekje is None or sessie is None:
        raise niet_aangemeld("Meld u aan op /v1/aanmelden.")
    return koekje, sessie


def _blad(dienst: Dienst, sessie: Sessie) -> Sessieblad:
    rollen = sorted(rollen_van(dienst, sessie.account, sessie.organisatie))
    enige = str(rollen[0]) if len(rollen) == 1 else None
    return Sessieblad(
        account=sessie.account,
        organisatie=sessie.organisatie,
        rol=sessie.rol or enige,
        rollen=[str(een) for een in rollen] or ([sessie.rol] if sessie.rol else []),
    )


async def verantwoord_sessie(request: Request, sessie: Sessie, handeling: str) -> None:
    """Account for what somebody did with his session."""
    await verantwoord_aanmelding(
        request,
        handeling=handeling,
        onderwerp="sessie",
        account=sessie.account,
        organisatie=sessie.organisatie,
        rol=sessie.rol or "",
    )


def zet_koekje(antwoord: Response, naam: str, waarde: str, seconden: int) -> None:
    """Set a cookie that no script and no other site can use."""
    antwoord.set_cookie(naam, waarde, max_age=seconden, path="/", secure=True, httponly=True, samesite="lax")


def wis_koekje(antwoord: Response, naam: str) -> None:
    """Take a cookie back."""
    antwoord.delete_cookie(naam, path="/", secure=True, httponly=True, samesite="lax")
