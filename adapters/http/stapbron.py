"""What steps have in common, whatever they are about: how they stand in the document, and what an answer tells."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from overstap.adapters.http.operaties import VASTLEGGEND, operatie
from overstap.adapters.http.stapverzoeken import pad_van
from overstap.adapters.http.vormen import Lichaam
from overstap.adapters.opdracht import EerderVastgelegd, Vastgelegd

CANONIEK: Final = msgspec.json.Encoder(order="sorted")
"""Writes a body always the same way, for its receipt."""


def voeg_stap_toe(  # noqa: PLR0913  # what a step is
    router: APIRouter,
    pad: str,
    naam: str,
    neem: Callable[..., Awaitable[Response]],
    *,
    lichaam: type[Lichaam],
    vraag_voorbeeld: Mapping[str, Any],
    antwoord: type[msgspec.Struct],
    voorbeeld: Mapping[str, Any],
    label: str,
) -> None:
    """Add the operation of one step, at the address of what it is about."""
    router.add_api_route(
        f"{pad}/stappen/{pad_van(naam)}",
        neem,
        methods=["POST"],
        operation_id=naam,
        name=naam,
        tags=[label],
        openapi_extra=operatie(
            antwoord=antwoord,
            voorbeeld=voorbeeld,
            betekenis="Vastgelegd, of het was al zo (dan is gebeurtenissen 0).",
            lichaam=lichaam,
            vraag_voorbeeld=vraag_voorbeeld,
            problemen=("niet-gevonden", "verouderd", "versie-ontbreekt", *VASTLEGGEND),
            koppen={"ETag": "De versie na deze stap."},
        ),
    )


def vastgelegd(resultaat: Vastgelegd | EerderVastgelegd) -> dict[str, Any]:
    """Tell what a step added to the log, now or when it was sent before."""
    if isinstance(resultaat, Vastgelegd):
        return {
            "versie": resultaat.gebeurtenissen[-1].originator_version,
            "gebeurtenissen": len(resultaat.gebeurtenissen),
            "positie": resultaat.positie,
            "vastgelegd_op": resultaat.vastgelegd_op,
        }
    eerder = resultaat.kwitantie
    return {
        "versie": eerder.versie or 0,
        "gebeurtenissen": eerder.aantal,
        "positie": eerder.positie,
        "vastgelegd_op": eerder.vastgelegd_op,
    }


def ongewijzigd(versie: int) -> dict[str, Any]:
    """Tell that all was so already."""
    return {"versie": versie, "gebeurtenissen": 0, "positie": None, "vastgelegd_op": None}
