"""Who asks: the one dependency of every operation behind the door. It gives an actor, or 401."""

from typing import Annotated

import jwt
import structlog
from fastapi import Depends
from starlette.requests import Request

from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.problemen import Probleem
from overstap.domain.rollen import Actor


def _niet_aangemeld(detail: str, fout: str | None = None) -> Probleem:
    uitdaging = 'Bearer realm="overstap"' + (f', error="{fout}"' if fout else "")
    return Probleem("niet-aangemeld", detail, koppen={"WWW-Authenticate": uitdaging})


async def wie(request: Request) -> Actor:
    """Give who asks.

    Raises:
        Probleem: 401 when nobody we know does.

    """
    soort, _, token = request.headers.get("authorization", "").partition(" ")
    if soort.lower() != "bearer" or not token:
        raise _niet_aangemeld("Geef een token mee in Authorization: Bearer.")
    proef = request.app.state.proefuitgever
    if proef is None:
        raise _niet_aangemeld("Dit token geldt hier niet.", "invalid_token")
    try:
        actor: Actor = proef.lees(token.strip())
    except jwt.PyJWTError:
        raise _niet_aangemeld("Dit token geldt hier niet, of niet meer.", "invalid_token") from None
    structlog.contextvars.bind_contextvars(
        account=actor.account, rol=str(actor.rol), organisatie=actor.organisatie, regio=dienst_van(request).regio
    )
    return actor


Wie = Annotated[Actor, Depends(wie)]
