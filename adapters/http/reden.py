"""Why the region's own roles look at a person: said in a header, logged, and never a person itself."""

import re
from typing import Annotated, Final
from urllib.parse import unquote

from fastapi import Depends, Header

from overstap.adapters.http.problemen import Fout, ongeldig

LANGSTE: Final = 200
_NUMMER: Final = re.compile(r"[0-9]{8}")


async def _reden(  # not async it would be run in a thread
    reden: Annotated[
        str | None,
        Header(
            alias="Reden",
            max_length=600,
            description="Waarom u deze persoon inziet (regiebeheerder, auditor); wordt vastgelegd. Zonder "
            "namen of nummers; tekens buiten ASCII met %-codering.",
        ),
    ] = None,
) -> str | None:
    return None if reden is None else keur_reden(unquote(reden))


def keur_reden(reden: str) -> str:
    """Give a reason as it is logged.

    Raises:
        Probleem: 400 when it is empty, too long, or holds the number of a person.

    """
    kort = " ".join(reden.split())
    if not kort or len(kort) > LANGSTE or not kort.isprintable():
        raise ongeldig(
            Fout(plaats="header.Reden", code="ongeldig", uitleg=f"Geef in hooguit {LANGSTE} tekens een reden.")
        )
    if _NUMMER.search(kort):
        raise ongeldig(
            Fout(plaats="header.Reden", code="ongeldig", uitleg="Zet in de reden geen nummer van een persoon.")
        )
    return kort


Reden = Annotated[str | None, Depends(_reden)]
