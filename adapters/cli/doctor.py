"""`overstap doctor`: is this installation sound?"""

from pathlib import Path
from typing import Annotated

import typer

from overstap.adapters.cli.opties import AlsJson


def onderzoek(
    gewist: Annotated[
        Path | None,
        typer.Option(
            "--gewist",
            metavar="EXPORT",
            help="Een export van elders: wie er volgens haar gewist is, wordt opnieuw gewist.",
        ),
    ] = None,
    als_json: AlsJson = False,
) -> None:
    """Controleer de installatie, en wis wie een reservekopie terugbracht; exitcode 1 als er iets mis is."""
    from overstap.adapters.cli.fouten import geweigerd
    from overstap.adapters.cli.sessie import lees_instellingen
    from overstap.adapters.cli.uitvoer import schrijf_json, schrijf_tabel
    from overstap.adapters.gezondheid import onderzoek_alles

    bevindingen = list(onderzoek_alles(lees_instellingen(), gewist))
    if als_json:
        schrijf_json(bevindingen)
    else:
        rijen = [
            ("LET OP" if een.let_op else "goed" if een.is_goed else "MIS", een.wat, een.uitleg) for een in bevindingen
        ]
        schrijf_tabel("", ("", "wat", "uitleg"), rijen)
    mis = sum(not een.is_goed for een in bevindingen)
    if mis:
        raise geweigerd(f"{mis} van de {len(bevindingen)} controles zijn mis. De kolom uitleg zegt wat te doen.")
