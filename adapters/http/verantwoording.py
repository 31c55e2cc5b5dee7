"""Account for what is done here: a line in the log of access for each pupil concerned, before the answer leaves."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

from starlette.requests import Request

from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.toegangslog import PER_KEER, Toegang, Uitkomst, toegang_tot
from overstap.domain.rollen import Actor

HERKOMST: Final = "http"
ACTOR: Final = "overstap.actor"
"""Where the scope of a request holds who asks, once that is known."""
_KLAAR: Final = "overstap.verantwoord"


async def verantwoord(  # noqa: PLR0913  # what a line holds
    request: Request,
    actor: Actor,
    overstappen: Iterable[UUID | None],
    *,
    handeling: str,
    onderwerp: str,
    velden: Iterable[str] = (),
    reden: str | None = None,
    uitkomst: Uitkomst = Uitkomst.TOEGESTAAN,
) -> None:
    """Record what somebody did to whose data, one line for each pupil ([None]: about none); durable when it returns.

    Raises:
        ToegangslogVol: when so much waits that nothing may be shown now.
        DatabankOnbereikbaar: when it cannot be recorded.

    """
    regels = iter(
        toegang_tot(
            actor,
            overstappen,
            handeling=handeling,
            onderwerp=onderwerp,
            herkomst=HERKOMST,
            velden=velden,
            reden=reden or "",
            uitkomst=uitkomst,
            spoor=spoor_van(request),
        )
    )
    is_verantwoord(request)
    while deel := list(islice(regels, PER_KEER)):
        await dienst_van(request).toegangslog.schrijf_async(deel)


def is_verantwoord(request: Request) -> None:
    """Note that what was asked is recorded, so that a refusal later on needs no line of its own."""
    request.scope[_KLAAR] = True


async def verantwoord_weigering(request: Request, actor: Actor, bewerking: str) -> None:
    """Record that somebody was refused, unless it was recorded what he asked for."""
    if not request.scope.get(_KLAAR):
        overstap = request.path_params.get("overstapId")
        wie: Sequence[UUID | None] = [overstap if isinstance(overstap, UUID) else None]
        await verantwoord(request, actor, wie, handeling=bewerking, onderwerp="toegang", uitkomst=Uitkomst.GEWEIGERD)


async def verantwoord_aanmelding(  # noqa: PLR0913  # what a line holds
    request: Request,
    *,
    handeling: str,
    onderwerp: str,
    account: str = "",
    organisatie: str = "",
    rol: str = "",
    uitkomst: Uitkomst = Uitkomst.TOEGESTAAN,
) -> None:
    """Record that somebody signed in or out, or could not; account is empty when nobody is known. Raises the same."""
    dienst = dienst_van(request)
    regel = Toegang(
        regio=dienst.regio,
        account=account,
        rol=rol,
        organisatie=organisatie,
        handeling=handeling,
        onderwerp=onderwerp,
        uitkomst=uitkomst,
        herkomst=HERKOMST,
        spoor=spoor_van(request),
    )
    await dienst.toegangslog.schrijf_async([regel])


def spoor_van(request: Request) -> str:
    """Give the trace id of a request, as the gate set it."""
    return str(request.scope["overstap.correlatie"])
