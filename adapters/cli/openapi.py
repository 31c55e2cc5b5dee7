"""`overstap openapi`: the OpenAPI document of the HTTP API."""

from typing import Annotated

import typer


def schrijf_document(
    adres: Annotated[str, typer.Option(help="Waar de API te bereiken is.")] = "http://127.0.0.1:8000",
) -> None:
    """Schrijf het OpenAPI-document van de HTTP-API."""
    from overstap.adapters.cli.sessie import lees_instellingen
    from overstap.adapters.cli.uitvoer import schrijf_json
    from overstap.adapters.http.opties import Opties
    from overstap.adapters.http.toepassing import maak_toepassing

    instellingen = lees_instellingen().model_copy(update={"openbaar_adres": adres})
    schrijf_json(maak_toepassing(Opties(), instellingen).openapi())
