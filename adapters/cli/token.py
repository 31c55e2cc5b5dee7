"""`overstap token`: a token of the trial, by which a machine acts as a role of the demo region."""

from typing import Annotated

import typer

from overstap.domain.rollen import Rol


def maak_token(
    rol: Annotated[Rol, typer.Option(help="De rol.")],
    organisatie: Annotated[str, typer.Option(help="De organisatie: BRIN, gemeentecode, OIN of regio.")],
    account: Annotated[
        str | None, typer.Option(help="Het account; anders een dat bij rol en organisatie past.")
    ] = None,
    uren: Annotated[float, typer.Option(min=0.001, max=24 * 30, help="Hoe lang het geldt.")] = 8,
) -> None:
    """Schrijf een token voor `overstap serve --dev`; het telt nergens anders."""
    from overstap.adapters.app import open_app
    from overstap.adapters.cli.sessie import eis, lees_instellingen
    from overstap.adapters.cli.uitvoer import schrijf
    from overstap.adapters.http.identiteit.proefrollen import proefactor
    from overstap.adapters.http.identiteit.proefuitgever import Proefuitgever

    instellingen = lees_instellingen()
    with open_app(instellingen) as app:
        actor = eis(proefactor(app.kaders, app.regio, rol, organisatie, account))
    schrijf(Proefuitgever(instellingen.datamap).token(actor, int(uren * 3600)))
