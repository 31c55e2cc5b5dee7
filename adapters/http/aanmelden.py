"""Sign in with OpenID Connect (code, PKCE S256, state, nonce); in a trial, choose who to be."""

import base64
import hashlib
import hmac
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import jwt
import structlog
from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit import proefbladzijde
from overstap.adapters.http.identiteit.proefrollen import proefactor
from overstap.adapters.http.identiteit.proefuitgever import UITGEVER
from overstap.adapters.http.identiteit.provider import Provider, ProviderOnbereikbaar
from overstap.adapters.http.identiteit.sessies import (
    HOOGSTENS,
    KOEKJE,
    POGING,
    Poging,
    Sessie,
    begin_poging,
    begin_sessie,
    geheim,
    neem_poging,
)
from overstap.adapters.http.identiteit.wie import (
    account_van,
    eis_zelfde_site,
    niet_aangemeld,
)
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.problemen import Fout, Probleem, onbekend, ongeldig
from overstap.adapters.http.sessie import verantwoord_sessie, wis_koekje, zet_koekje
from overstap.adapters.http.verantwoording import verantwoord_aanmelding
from overstap.adapters.toegangslog import Uitkomst
from overstap.domain.rollen import Rol
from overstap.domain.weigering import Weigering

router: Final = APIRouter()
_BLADZIJDE: Final = "/aanmelden"
"""Where people sign in; what went wrong is said there in words."""
_ONGELDIG: Final = "Deze aanmelding is niet (meer) geldig. Begin opnieuw op /v1/aanmelden."


@router.get(
    "/aanmelden",
    operation_id="meld_aan_met_oidc",
    tags=["identiteit"],
    responses={303: {"description": "Naar de uitgever om aan te melden."}},
    openapi_extra=operatie(
        media="text/html",
        betekenis="Kies een uitgever; bij een proef: wie u bent.",
        is_open=True,
        problemen=("niet-gevonden",),
    ),
)
async def meld_aan(
    request: Request,
    uitgever: Annotated[str | None, Query(description="De uitgever, als er meer dan één is.", max_length=500)] = None,
    naar: Annotated[str, Query(description="Waar u daarna heen gaat: een pad op deze site.", max_length=500)] = "/",
) -> Response:
    """Meld u aan: naar de uitgever van uw organisatie, of bij een proef naar de keuze van een rol."""
    dienst = dienst_van(request)
    if dienst.opties.is_proef and uitgever is None:
        return HTMLResponse(proefbladzijde.schrijf(dienst), headers=proefbladzijde.KOPPEN)
    mogelijk = {issuer: een for issuer, een in dienst.providers.items() if een.uitgever.client_id}
    if uitgever is None and len(mogelijk) != 1:
        return HTMLResponse(proefbladzijde.kies_uitgever(mogelijk, naar), headers=proefbladzijde.KOPPEN)
    provider = mogelijk.get(uitgever) if uitgever is not None else next(iter(mogelijk.values()))
    if provider is None:
        raise onbekend()
    staat, bewijs, nonce = geheim(), geheim(), geheim()
    veilig_naar = naar if naar.startswith("/") and not naar.startswith(("//", "/\\")) else "/"
    poging = Poging(uitgever=provider.uitgever.issuer, nonce=nonce, bewijs=bewijs, naar=veilig_naar)
    try:
        adres = await _adres_van(provider)
    except Probleem:
        if _is_mens(request):
            return _leg_uit("uitgever_weg")
        raise
    uitdaging = base64.urlsafe_b64encode(hashlib.sha256(bewijs.encode()).digest()).rstrip(b"=").decode()
    vraag = {
        "response_type": "code",
        "client_id": provider.uitgever.client_id,
        "redirect_uri": _terug(dienst),
        "scope": "openid",
        "state": staat,
        "nonce": nonce,
        "code_challenge": uitdaging,
        "code_challenge_method": "S256",
    }
    antwoord = RedirectResponse(f"{adres}{'&' if '?' in adres else '?'}{urlencode(vraag)}", 303)
    zet_koekje(antwoord, POGING, await begin_poging(dienst, poging, staat), 600)
    return antwoord


@router.get(
    "/aanmelden/terug",
    operation_id="kom_terug_van_oidc",
    tags=["identiteit"],
    status_code=303,
    openapi_extra=operatie(
        status=303, media="text/html", betekenis="Aangemeld.", is_open=True, problemen=("niet-aangemeld",)
    ),
)
async def kom_terug(
    request: Request,
    code: Annotated[str | None, Query(max_length=4_000)] = None,
    state: Annotated[str | None, Query(max_length=4_000)] = None,
    error: Annotated[str | None, Query(max_length=4_000, description="Waarom de uitgever niemand aanmeldde.")] = None,
    iss: Annotated[str | None, Query(max_length=4_000, description="De uitgever (RFC 9207).")] = None,
) -> Response:
    """Kom terug van de uitgever; hier begint de sessie. Een browser leest op een bladzijde wat er misging."""
    dienst = dienst_van(request)
    dienst.onbekenden.neem(request.client.host if request.client else "")
    try:
        sessie, naar = await _van_de_uitgever(request, dienst, code, state, error, iss)
    except Probleem as probleem:
        await verantwoord_aanmelding(
            request, handeling="aanmelden", onderwerp=probleem.code, uitkomst=Uitkomst.GEWEIGERD
        )
        if _is_mens(request):
            return _leg_uit(probleem.waarom if isinstance(probleem, _Mislukt) else probleem.code)
        raise
    antwoord = RedirectResponse(naar, 303)
    zet_koekje(antwoord, KOEKJE, await _begin(request, dienst, sessie), int(HOOGSTENS.total_seconds()))
    wis_koekje(antwoord, POGING)
    structlog.get_logger().info("aangemeld", account=sessie.account, organisatie=sessie.organisatie)
    return antwoord


class _Mislukt(Probleem):
    """Nobody was signed in; waarom says in a word why, for the page that tells it."""

    def __init__(self, waarom: str, zin: str) -> None:
        gewoon = niet_aangemeld(zin)
        super().__init__(gewoon.soort, zin, koppen=gewoon.koppen)
        self.waarom = waarom


def _is_mens(request: Request) -> bool:
    """Tell whether somebody looks at the answer: a browser asks for a page."""
    return "text/html" in request.headers.get("accept", "")


def _leg_uit(waarom: str) -> Response:
    """Send somebody to the page that says what went wrong, and lets him begin again."""
    antwoord = RedirectResponse(f"{_BLADZIJDE}?{urlencode({'mislukt': waarom})}", 303)
    wis_koekje(antwoord, POGING)
    return antwoord


async def _van_de_uitgever(  # noqa: PLR0913, PLR0917  # what an issuer sends back
    request: Request, dienst: Dienst, code: str | None, state: str | None, error: str | None, iss: str | None
) -> tuple[Sessie, str]:
    """Give who comes back from the issuer, and where he goes on."""
    koekje = request.cookies.get(POGING)
    poging = await neem_poging(dienst, koekje, state) if koekje and state else None
    provider = dienst.providers.get(poging.uitgever) if poging else None
    if poging is None or provider is None or (not code and error is None):
        raise _mislukt("staat")
    if iss is not None and iss != poging.uitgever:
        raise _mislukt("iss")
    if error is not None or code is None:
        raise _mislukt("geweigerd", "Uw uitgever heeft u niet aangemeld.")
    claims = await _claims(dienst, provider, poging, code)
    organisatie = provider.uitgever.organisatie_van(claims)
    if organisatie is None:
        raise _mislukt("organisatie", "Uw uitgever noemt geen organisatie die hier bekend is.")
    account = account_van(dienst.hoofdsleutel, provider.uitgever.issuer, str(claims["sub"]))
    return Sessie(uitgever=provider.uitgever.issuer, account=account, organisatie=organisatie), poging.naar


async def _begin(request: Request, dienst: Dienst, sessie: Sessie) -> str:
    """Begin a session, and account for it; give its secret."""
    eigen = await begin_sessie(dienst, sessie)
    await verantwoord_sessie(request, sessie, "aanmelden")
    return eigen


@router.post(
    "/aanmelden/proef",
    operation_id="meld_aan_als_proef",
    tags=["identiteit"],
    include_in_schema=False,
)
async def meld_aan_als_proef(
    request: Request, rol: Annotated[Rol, Form()], organisatie: Annotated[str, Form(max_length=40)]
) -> Response:
    """Wees in een proef wie u kiest."""
    return await begin_proefsessie(request, rol, organisatie, "/v1/sessie")


async def begin_proefsessie(request: Request, rol: Rol, organisatie: str, naar: str) -> Response:
    """Let somebody be in a trial who he chooses, and send him on.

    Raises:
        Probleem: 404 where this is no trial, 400 when there is no such role there, 403 when another site asks.

    """
    dienst = dienst_van(request)
    if not dienst.opties.is_proef:
        raise onbekend()
    eis_zelfde_site(request)
    actor = proefactor(dienst.kaders, dienst.regio, rol, organisatie)
    if isinstance(actor, Weigering):
        raise ongeldig(Fout(plaats="body.organisatie", code=actor.code, uitleg=actor.zin))
    sessie = Sessie(
        uitgever=UITGEVER,
        account=actor.account,
        organisatie=actor.organisatie,
        rol=actor.rol,
        vestiging=actor.vestiging,
        klas=actor.klas,
    )
    antwoord = RedirectResponse(naar, 303)
    zet_koekje(antwoord, KOEKJE, await _begin(request, dienst, sessie), int(HOOGSTENS.total_seconds()))
    return antwoord


async def _claims(dienst: Dienst, provider: Provider, poging: Poging, code: str) -> dict[str, Any]:
    """Exchange the code, and check the id token: signature, issuer, audience, time, nonce."""
    velden = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _terug(dienst),
        "code_verifier": poging.bewijs,
    }
    client_id = provider.uitgever.client_id or ""
    try:
        tokens = await provider.wissel(velden)
        claims = dict(await provider.lees(str(tokens.get("id_token", "")), client_id, ("sub", "iat", "nonce")))
    except jwt.PyJWTError as fout:
        raise _mislukt(type(fout).__name__) from None
    except ProviderOnbereikbaar as fout:
        raise Probleem("niet-beschikbaar", str(fout), code="uitgever_weg", koppen={"Retry-After": "5"}) from None
    is_van_ons = claims.get("azp", client_id) == client_id
    if not is_van_ons or not hmac.compare_digest(str(claims["nonce"]).encode(), poging.nonce.encode()):
        raise _mislukt("nonce")
    return claims


async def _adres_van(provider: Provider) -> str:
    try:
        adres = (await provider.adressen()).authorization_endpoint
    except ProviderOnbereikbaar as fout:
        raise Probleem("niet-beschikbaar", str(fout), code="uitgever_weg", koppen={"Retry-After": "5"}) from None
    if adres is None:
        raise Probleem(
            "niet-beschikbaar", "Bij deze uitgever kan niemand zich aanmelden.", koppen={"Retry-After": "60"}
        )
    return adres


def _mislukt(waarom: str, zin: str = _ONGELDIG) -> Probleem:
    structlog.get_logger().warning("aanmelding_mislukt", code=waarom)
    return _Mislukt(waarom, zin)


def _terug(dienst: Dienst) -> str:
    return f"{dienst.adres}/v1/aanmelden/terug"
