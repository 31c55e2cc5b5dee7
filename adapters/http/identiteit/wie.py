"""Who asks: the one dependency of every operation behind the door. It gives an actor, or 401."""

from typing import Annotated

import jwt
import structlog
from fastapi import Depends
from starlette.requests import Request

from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.identiteit.proefuitgever import Proefuitgever
from overstap.adapters.http.problemen import Probleem
from overstap.domain.rollen import Actor


def _niet_aangemeld(detail: str, fout: str | None = None) -> Probleem:
    uitdaging = 'Bearer realm="overstap"' + (f', error="{fout}"' if fout else "")
    return Probleem("niet-aangemeld", detail, koppen={"WWW-Authenticate": uitdaging})


async def wie(request: Request) -> Actor:
    """Give who asks.

    Raises:
        Probleem: 401 when nobody we know does, 429 when he asks too much.

    """
    dienst = dienst_van(request)
    try:
        actor = _actor(request)
    except Probleem:
        dienst.onbekenden.neem(request.client.host if request.client else "")
        raise
    structlog.contextvars.bind_contextvars(
        account=actor.account, rol=str(actor.rol), organisatie=actor.organisatie, regio=actor.regio
    )
    dienst.grens.neem(f"{actor.organisatie}:{actor.account}")
    return actor


def _actor(request: Request) -> Actor:
    soort, _, token = request.headers.get("authorization", "").partition(" ")
    if soort.lower() != "bearer" or not token:
        raise _niet_aangemeld("Geef een token mee in Authorization: Bearer.")
    proef: Proefuitgever | None = request.app.state.proefuitgever
    if proef is None:
        raise _niet_aangemeld("Dit token geldt hier niet.", "invalid_token")
    try:
        actor = proef.lees(token.strip())
    except jwt.PyJWTError:
        raise _niet_aangemeld("Dit token geldt hier niet, of niet meer.", "invalid_token") from None
    if actor.regio != dienst_van(request).regio:
        raise _niet_aangemeld("Dit token geldt in deze regio niet.", "invalid_token")
    return actor


Wie = Annotated[Actor, Depends(wie)]
