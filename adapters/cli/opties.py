"""The arguments that several commands share."""

from typing import Annotated

import typer

Welke = Annotated[
    str,
    typer.Argument(
        metavar="OVERSTAP", help="Het begin van het nummer van de overstap, of - om het PGN op stdin te geven."
    ),
]
Reden = Annotated[
    str | None,
    typer.Option("--reden", help="Waarom u gegevens van personen inziet; komt in het logboek, dus zonder namen."),
]
AlsJson = Annotated[bool, typer.Option("--json", help="Schrijf JSON in plaats van tekst.")]
BepaaldJaar = Annotated[
    int | None,
    typer.Option("--jaar", min=2000, max=2100, help="Het overstapjaar; anders het laatste waarvan er leerlingen zijn."),
]
