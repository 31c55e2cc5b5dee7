"""Read your own write: an answer that waits until what was recorded is in what it shows."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Header, Query, Request

from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.problemen import Fout, Probleem, ongeldig
from overstap.adapters.postgres.projectie_zichtbaarheid import NogNietZichtbaar

LANGST: Final = 10
GEWOON: Final = 5
_LAATSTE_VAN: Final = "SELECT max(positie) FROM log.gebeurtenissen WHERE originator_id = %s"
_LAATSTE: Final = "SELECT coalesce(max(positie), 0) FROM log.gebeurtenissen"
_WACHT: Final = re.compile(r"(?:^|[,;\s])wait=([0-9]{1,3})(?![0-9])")


def _wacht_op(*beelden: str) -> Callable[..., Awaitable[None]]:
    async def wacht(
        request: Request,
        min_positie: Annotated[
            int | None,
            Query(
                alias="minPositie",
                ge=0,
                lt=2**63,
                description="Antwoord pas als deze positie van het log erin zit: die van uw eigen vastlegging.",
            ),
        ] = None,
        prefer: Annotated[
            str | None,
            Header(
                alias="Prefer",
                max_length=200,
                description=f"wait=N: wacht daarop hoogstens N seconden (1 tot {LANGST}).",
            ),
        ] = None,
    ) -> None:
        if min_positie is None:
            return
        await _eis_vastgelegd(dienst_van(request), min_positie)
        gevraagd = _WACHT.search(prefer or "")
        geduld = min(int(gevraagd[1]), LANGST) if gevraagd else GEWOON
        for beeld in beelden:
            await wacht_tot(dienst_van(request), beeld, min_positie, geduld)

    return wacht


async def _eis_vastgelegd(dienst: Dienst, positie: int) -> None:
    """See to it that a position is one of the log: for one that nobody was given, nobody waits.

    Raises:
        Probleem: 400 when it is not.

    """
    async with dienst.lezer() as verbinding:
        rij = await (await verbinding.execute(_LAATSTE)).fetchone()
    if rij is None or positie > rij[0]:
        uitleg = "Deze positie is er nog niet; geef die van uw eigen vastlegging."
        raise ongeldig(Fout(plaats="query.minPositie", code="ongeldig", uitleg=uitleg))


async def haal_in(dienst: Dienst, stroom: UUID) -> None:
    """Wait until what was recorded of a stream shows to whom it belongs; of a stream that is none, nothing.

    Raises:
        Probleem: 503 when that takes too long.

    """
    async with dienst.lezer() as verbinding:
        rij = await (await verbinding.execute(_LAATSTE_VAN, (stroom,))).fetchone()
    if rij is not None and rij[0] is not None:
        await wacht_tot(dienst, "actueel", rij[0], GEWOON)


async def wacht_tot(dienst: Dienst, beeld: str, positie: int, geduld: float = GEWOON) -> None:
    """Wait until a read model shows what was recorded up to a position.

    Raises:
        Probleem: 503 when that takes longer than geduld, in seconds.

    """
    try:
        await dienst.voortgang.tot_async(beeld, positie, geduld)
    except NogNietZichtbaar as fout:
        raise Probleem("niet-beschikbaar", str(fout), code="nog_niet_zichtbaar", koppen={"Retry-After": "1"}) from None


Bijgewerkt = Annotated[Any, Depends(_wacht_op("actueel", "wachtbak"))]
"""Where pupils stand is as far as the caller asks."""
Bijgeteld = Annotated[Any, Depends(_wacht_op("actueel", "statusperiodes", "kenmerkperiodes"))]
"""What figures count is as far as the caller asks."""
Ingericht = Annotated[Any, Depends(_wacht_op("organisaties"))]
"""Who takes part and who may act is as far as the caller asks."""
