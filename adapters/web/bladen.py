"""Every page there is, for the front door."""

from typing import Final

from starlette.routing import BaseRoute

from overstap.adapters.web import (
    aanleveren,
    aanleveringen,
    aanmelden,
    beelden,
    controle,
    gebeurtenis,
    jaren,
    leerling,
    leerlingen,
    live,
    logboek,
    middelen,
    opvoeren,
    opvoeren_overdracht,
    organisatie,
    organisaties,
    regio,
    rolkeuze,
    stapblad,
    start,
    stromen,
    toegang,
    wachtbak,
)

DELEN: Final = (
    start,
    leerlingen,
    live,
    leerling,
    stapblad,
    opvoeren,
    opvoeren_overdracht,
    logboek,
    gebeurtenis,
    aanleveren,
    aanleveringen,
    wachtbak,
    stromen,
    controle,
    beelden,
    toegang,
    organisaties,
    organisatie,
    jaren,
    aanmelden,
    regio,
    rolkeuze,
    middelen,
)
"""The pages; each is a module with a router."""


def routes() -> list[BaseRoute]:
    """Give the routes themselves: to find one in a router in a router, each is searched twice."""
    return [route for deel in DELEN for route in deel.router.routes]
