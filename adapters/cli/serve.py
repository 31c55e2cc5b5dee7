"""`overstap serve`: the HTTP API, in one process or more."""

from typing import Annotated

import typer


def bedien(  # noqa: PLR0917  # typer reads the options from the arguments
    poort: Annotated[int, typer.Option("--port", min=0, max=65535, help="De poort om op te luisteren.")] = 8000,
    host: Annotated[str, typer.Option(help="Het adres om op te luisteren.")] = "127.0.0.1",
    werkers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Het aantal processen.")] = 1,
    houdt_bij: Annotated[
        bool,
        typer.Option(
            "--project/--no-project", help="Werk zelf de leesmodellen bij; zonder dit doet `overstap project` het."
        ),
    ] = True,
    ondertekent: Annotated[
        bool,
        typer.Option(
            "--notary/--no-notary",
            help="Laat de notaris ernaast ondertekenen, in een eigen proces; zie docs/audit-format.md.",
        ),
    ] = True,
    proef: Annotated[
        bool,
        typer.Option(
            "--dev", help="Proef op deze machine: wie aanklopt kiest zelf een rol. Alleen op een demodatabase."
        ),
    ] = False,
) -> None:
    """Bedien de HTTP-API tot u haar stopt; wat is toegezegd, wordt eerst afgemaakt."""
    from contextlib import nullcontext

    from overstap.adapters.bewijs.ernaast import notaris_ernaast
    from overstap.adapters.cli.sessie import lees_instellingen, open_databank_van
    from overstap.adapters.http.bedienen import bedien
    from overstap.adapters.http.opties import Opties
    from overstap.adapters.postgres.controle import eis_beperkte_logins

    instellingen = lees_instellingen()
    if instellingen.database_url:  # of the embedded server we made the logins ourselves
        with open_databank_van() as databank:
            eis_beperkte_logins(databank)
    opties = Opties(host=host, poort=poort, werkers=werkers, is_proef=proef, houdt_bij=houdt_bij)
    with notaris_ernaast(instellingen) if ondertekent else nullcontext():
        bedien(opties, instellingen)
