"""Put a request to the bus and account for it: with what it changes, in one transaction, or else on its own."""

from typing import Final
from uuid import UUID

import msgspec
from starlette.requests import Request

from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.metingen import meet_uitkomst
from overstap.adapters.http.verantwoording import HERKOMST, is_verantwoord, spoor_van, verantwoord
from overstap.adapters.opdracht import NietUniek, Opdracht, Resultaat, Vastgelegd
from overstap.adapters.toegangslog import Uitkomst, toegang_tot
from overstap.domain.weigering import Weigering

_GEWEIGERD: Final = (Weigering, NietUniek)


async def draag_op(
    request: Request, opdracht: Opdracht, *, handeling: str, onderwerp: str, overstap: UUID | None
) -> Resultaat:
    """Give what the bus answers to a request about a pupil (None: about none); that it was asked is durable by then.

    Raises:
        Probleem: 409 when the same request is being worked on already.
        BusVol, BusGesloten, DatabankOnbereikbaar: as the bus has it.
        ToegangslogVol: when a refusal cannot be recorded now.

    """
    dienst, actor = dienst_van(request), opdracht.actor
    regels = toegang_tot(
        actor, [overstap], handeling=handeling, onderwerp=onderwerp, herkomst=HERKOMST, spoor=spoor_van(request)
    )
    with dienst.kwitanties.loopt(opdracht.kwitantie):
        resultaat = await dienst.bus.stuur_async(msgspec.structs.replace(opdracht, toegang=tuple(regels)))
    meet_uitkomst(resultaat)
    if isinstance(resultaat, Vastgelegd):
        is_verantwoord(request)
    else:
        uitkomst = Uitkomst.GEWEIGERD if isinstance(resultaat, _GEWEIGERD) else Uitkomst.TOEGESTAAN
        await verantwoord(request, actor, [overstap], handeling=handeling, onderwerp=onderwerp, uitkomst=uitkomst)
    return resultaat
