"""Who asks: the one dependency of every operation behind the door. It gives an actor, or 401, or 403 without a role."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final

import jwt
import structlog
from fastapi import Depends, Request

from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.proefuitgever import UITGEVER, Proefuitgever
from overstap.adapters.http.identiteit.provider import ProviderOnbereikbaar
from overstap.adapters.http.identiteit.sessies import KOEKJE, Sessie, vind_sessie, zoek_sessie
from overstap.adapters.http.identiteit.tokens import uitgever_van
from overstap.adapters.http.problemen import Probleem
from overstap.adapters.http.verantwoording import ACTOR, verantwoord_aanmelding
from overstap.adapters.toegangslog import Uitkomst
from overstap.adapters.vault import Hoofdsleutel
from overstap.domain.rollen import Actor, Rol

_VEILIG: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_NIEMAND: Final = frozenset({401, 403})
_LENGTE: Final = 24


async def wie(request: Request) -> Actor:
    """Give who asks.

    Raises:
        Probleem: 401 when nobody we know does, 403 when he has no role here, 429 when he asks too much.

    """
    dienst = dienst_van(request)
    try:
        actor = await _actor(request, dienst, zoek_sessie)
    except Probleem as probleem:
        structlog.get_logger().warning("aanmelding_mislukt", code=probleem.code)
        dienst.onbekenden.neem(request.client.host if request.client else "")
        if probleem.status in _NIEMAND:
            await verantwoord_aanmelding(
                request, handeling="aanmelden", onderwerp=probleem.code, uitkomst=Uitkomst.GEWEIGERD
            )
        raise
    request.scope[ACTOR] = actor
    structlog.contextvars.bind_contextvars(
        account=actor.account, rol=str(actor.rol), organisatie=actor.organisatie, regio=actor.regio
    )
    dienst.grens.neem(f"{actor.organisatie}:{actor.account}")
    return actor


async def wie_nog(request: Request) -> Actor:
    """Give who a request of a while ago stands for by now; it does not count as something that he did.

    Raises:
        Probleem: 401 or 403 when he may not any more.

    """
    return await _actor(request, dienst_van(request), vind_sessie)


Wie = Annotated[Actor, Depends(wie)]


async def _actor(request: Request, dienst: Dienst, zoek: Callable[[Dienst, str], Awaitable[Sessie | None]]) -> Actor:
    soort, _, token = request.headers.get("authorization", "").partition(" ")
    if soort:
        if soort.lower() != "bearer" or not token:
            raise niet_aangemeld("Geef een token mee in Authorization: Bearer.")
        return await _van_token(dienst, request.app.state.proefuitgever, token.strip())
    koekje = request.cookies.get(KOEKJE)
    sessie = await zoek(dienst, koekje) if koekje else None
    if sessie is None:
        raise niet_aangemeld("Geef een token mee in Authorization: Bearer, of meld u aan op /v1/aanmelden.")
    eis_zelfde_site(request)
    return actor_van_sessie(dienst, sessie)


async def _van_token(dienst: Dienst, proef: Proefuitgever | None, token: str) -> Actor:
    try:
        uitgever = uitgever_van(token)
        if uitgever == UITGEVER and proef is not None:
            actor = proef.lees(token)
            if actor.regio == dienst.regio:
                return actor
            raise jwt.InvalidTokenError("regio")
        provider = dienst.providers.get(uitgever)
        if provider is None or provider.uitgever.doelgroep is None:
            raise jwt.InvalidIssuerError("iss")
        claims = await provider.lees(token, provider.uitgever.doelgroep, ("sub",))
    except jwt.PyJWTError:
        raise niet_aangemeld("Dit token geldt hier niet, of niet meer.", "invalid_token") from None
    except ProviderOnbereikbaar as fout:
        raise Probleem("niet-beschikbaar", str(fout), code="uitgever_weg", koppen={"Retry-After": "5"}) from None
    organisatie = provider.uitgever.organisatie_van(claims)
    if organisatie is None:
        raise niet_aangemeld("Dit token noemt geen organisatie die hier bekend is.", "invalid_token")
    account = account_van(dienst.hoofdsleutel, provider.uitgever.issuer, str(claims["sub"]))
    return actor_met_rol(dienst, account, organisatie, _gevraagde_rol(claims))


def actor_van_sessie(dienst: Dienst, sessie: Sessie) -> Actor:
    """Give who a session stands for: in a trial whom he chose to be, elsewhere in a role that he has now.

    Raises:
        Probleem: 401 when the session is not of this kind of service, 403 when he has no role.

    """
    if sessie.uitgever == UITGEVER:
        if not dienst.opties.is_proef or sessie.rol is None:
            raise niet_aangemeld("Deze sessie geldt hier niet.")
        return Actor(
            account=sessie.account,
            rol=Rol(sessie.rol),
            organisatie=sessie.organisatie,
            regio=dienst.regio,
            vestiging=sessie.vestiging,
            klas=sessie.klas,
        )
    if sessie.uitgever not in dienst.providers:
        raise niet_aangemeld("Deze sessie geldt hier niet meer.")
    return actor_met_rol(dienst, sessie.account, sessie.organisatie, Rol(sessie.rol) if sessie.rol else None)


def rollen_van(dienst: Dienst, account: str, organisatie: str) -> Mapping[Rol, tuple[str | None, str | None]]:
    """Give the roles an account has at an organisation now, each with the vestiging and class it is narrowed to."""
    bekend = dienst.kaders.organisatie(dienst.regio, organisatie)
    return {rol: bereik for (wie, rol), bereik in bekend.rollen.items() if wie == account} if bekend else {}


def actor_met_rol(dienst: Dienst, account: str, organisatie: str, rol: Rol | None) -> Actor:
    """Give an account in the role it asks for, or in the only one it has.

    Raises:
        Probleem: 403 when it has none, not this one, or must choose.

    """
    rollen = rollen_van(dienst, account, organisatie)
    if not rollen:
        raise Probleem(
            "geen-toegang",
            f"Het account {account} heeft bij {organisatie} nog geen rol.",
            code="account_zonder_rol",
            wat_nodig="Vraag de beheerder van uw organisatie dit account een rol te geven.",
        )
    if rol is None and len(rollen) > 1:
        raise Probleem(
            "geen-toegang",
            f"Kies een rol: {', '.join(sorted(rollen))}.",
            code="kies_rol",
            wat_nodig="Vraag een token met als scope rol:<rol>, of kies de rol van uw sessie (POST /v1/sessie).",
        )
    gekozen = rol or next(iter(rollen))
    if gekozen not in rollen:
        raise Probleem("geen-toegang", "Deze rol hebt u hier niet, of niet meer.", code="rol_ingetrokken")
    vestiging, klas = rollen[gekozen]
    return Actor(
        account=account, rol=gekozen, organisatie=organisatie, regio=dienst.regio, vestiging=vestiging, klas=klas
    )


def account_van(hoofdsleutel: Hoofdsleutel, uitgever: str, sub: str) -> str:
    """Give our own opaque account of a subject of an issuer; the key outlives a change of the master key."""
    zegel = hmac.digest(hoofdsleutel.pgn, f"account|{uitgever}|{sub}".encode(), "sha256")
    return f"a-{zegel.hex()[:_LENGTE]}"


def eis_zelfde_site(request: Request) -> None:
    """See to it that another site does not use somebody's session to change something.

    Raises:
        Probleem: 403 when it would.

    """
    if request.method in _VEILIG:
        return
    herkomst = request.headers.get("sec-fetch-site")
    if herkomst is None:
        origin = request.headers.get("origin")
        is_eigen = origin is None or origin == str(request.base_url).rstrip("/")
    else:
        is_eigen = herkomst in {"same-origin", "none"}
    if not is_eigen:
        raise Probleem("geen-toegang", "Een andere site kan hier namens u niets wijzigen.", code="andere_site")


def niet_aangemeld(detail: str, fout: str | None = None) -> Probleem:
    """Say that nobody we know asks, and how to sign in."""
    uitdaging = 'Bearer realm="overstap"' + (f', error="{fout}"' if fout else "")
    return Probleem("niet-aangemeld", detail, koppen={"WWW-Authenticate": uitdaging})


def _gevraagde_rol(claims: Mapping[str, Any]) -> Rol | None:
    """Read the role from the scope, such as `rol:decaan`."""
    scope = claims.get("scope", "")
    namen = scope.split() if isinstance(scope, str) else []
    rollen = {str(rol): rol for rol in Rol}
    return next((rollen[naam[4:]] for naam in namen if naam.startswith("rol:") and naam[4:] in rollen), None)
