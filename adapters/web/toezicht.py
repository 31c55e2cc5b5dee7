"""What the pages of auditor and operator share: whom they are for, their line in the log of access, reading proofs."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final, TypeVar
from uuid import UUID

import psycopg
from fastapi import Request
from starlette.responses import Response

from overstap.adapters.bewijs.fouten import BewijsFout
from overstap.adapters.http.problemen import Probleem, correlatie_van, onbekend
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.logins import Login
from overstap.adapters.taken import Taak, Taaksoort, Vorder, lees_taken
from overstap.adapters.toegangslog import Uitkomst, toegang_tot
from overstap.adapters.web.bezoeker import Bezoeker
from overstap.domain.rollen import Rol

HERKOMST: Final = "web"
T = TypeVar("T")


async def eis_rol(request: Request, bezoeker: Bezoeker, rollen: Collection[Rol], onderwerp: str) -> None:
    """See to it that a page is for this visitor; for whom it is not, it does not exist, and that he asked is recorded.

    Raises:
        Probleem: 404 when it is not.

    """
    if bezoeker.actor.rol not in rollen:
        await leg_vast(request, bezoeker, "inzage", onderwerp, uitkomst=Uitkomst.GEWEIGERD)
        raise onbekend()


async def leg_vast(  # noqa: PLR0913  # what a line holds
    request: Request,
    bezoeker: Bezoeker,
    handeling: str,
    onderwerp: str,
    *,
    overstappen: Iterable[UUID | None] = (None,),
    reden: str | None = None,
    uitkomst: Uitkomst = Uitkomst.TOEGESTAAN,
) -> None:
    """Record what somebody is about to see or do; durable when it returns."""
    regels = toegang_tot(
        bezoeker.actor,
        overstappen,
        handeling=handeling,
        onderwerp=onderwerp,
        herkomst=HERKOMST,
        reden=reden or "",
        uitkomst=uitkomst,
        spoor=correlatie_van(request),
    )
    await bezoeker.dienst.toegangslog.schrijf_async(regels)


async def als_audit(bezoeker: Bezoeker, werk: Callable[[psycopg.Connection[Any]], T]) -> T:
    """Do something as overstap_audit, as the command line does: it reads log and checkpoints, and opens nothing.

    Raises:
        Probleem: 404 when the proof that is asked for cannot be given, with why.
        DatabankOnbereikbaar: when there is no database.

    """

    def doe() -> T:
        try:
            with bezoeker.dienst.databank.verbind(Login.AUDIT) as verbinding:
                return werk(verbinding)
        except psycopg.OperationalError as fout:
            raise DatabankOnbereikbaar("De database is even niet te bereiken.") from fout

    try:
        return await asyncio.to_thread(doe)
    except BewijsFout as fout:
        raise Probleem("niet-gevonden", str(fout), code="geen_bewijs") from None


async def begin_taak(bezoeker: Bezoeker, soort: Taaksoort, wat: str, werk: Callable[[Vorder], object]) -> bool:
    """Begin long work in the background, and tell whether it was: False when some of its kind is being done."""
    return await asyncio.to_thread(bezoeker.dienst.taken.begin, soort, bezoeker.actor, wat, werk)


async def laatste_taak(bezoeker: Bezoeker, soort: Taaksoort) -> Taak | None:
    """Give the last work of a kind in the visitor's region: what is being done, or what came of it."""
    async with bezoeker.dienst.lezer() as verbinding:
        return next(iter(await lees_taken(verbinding, bezoeker.actor.regio, soort)), None)


def als_bestand(inhoud: bytes, naam: str) -> Response:
    """Give JSON to keep as a file."""
    koppen = {"Content-Disposition": f'attachment; filename="{naam}"'}
    return Response(inhoud, media_type="application/json", headers=koppen)
