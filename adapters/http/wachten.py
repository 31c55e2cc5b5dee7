"""Read your own write: an answer that waits until what was recorded is in what it shows."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Query, Request

from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.problemen import Probleem
from overstap.adapters.postgres.projectie_zichtbaarheid import NogNietZichtbaar

LANGST: Final = 10
GEWOON: Final = 5
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
            Header(max_length=200, description=f"wait=N: wacht daarop hoogstens N seconden (1 tot {LANGST})."),
        ] = None,
    ) -> None:
        if min_positie is None:
            return
        gevraagd = _WACHT.search(prefer or "")
        geduld = min(int(gevraagd[1]), LANGST) if gevraagd else GEWOON
        for beeld in beelden:
            try:
                await dienst_van(request).voortgang.tot_async(beeld, min_positie, geduld)
            except NogNietZichtbaar as fout:
                raise Probleem(
                    "niet-beschikbaar", str(fout), code="nog_niet_zichtbaar", koppen={"Retry-After": "1"}
                ) from None

    return wacht


Bijgewerkt = Annotated[Any, Depends(_wacht_op("actueel", "wachtbak"))]
"""Where pupils stand is as far as the caller asks."""
Bijgeteld = Annotated[Any, Depends(_wacht_op("actueel", "statusperiodes", "kenmerkperiodes"))]
"""What figures count is as far as the caller asks."""
