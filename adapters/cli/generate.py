"""`overstap generate`: write the files that a made-up region delivers over a year."""

from pathlib import Path
from typing import Annotated

import typer

from overstap.adapters.cli.opties import AlsJson

Leerlingen = Annotated[int, typer.Option("--pupils", min=1, max=1_000_000, help="Hoeveel leerlingen.")]
Jaar = Annotated[int, typer.Option("--year", min=2000, max=2100, help="Het overstapjaar.")]
Zaad = Annotated[int, typer.Option("--seed", help="Hetzelfde getal geeft dezelfde bestanden, byte voor byte.")]


def verzin_bestanden(
    map_: Annotated[Path, typer.Option("--out", metavar="MAP", help="Een lege of nieuwe map.")],
    leerlingen: Leerlingen = 7_000,
    jaar: Jaar = 2026,
    zaad: Zaad = 1,
    als_json: AlsJson = False,
) -> None:
    """Verzin een regio en schrijf de bestanden die instellingen in een jaar aanleveren, met wat eraan mis is."""
    from overstap.adapters.cli.fouten import verkeerd_gebruik
    from overstap.adapters.cli.gesprek import voortgang
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_json
    from overstap.adapters.synthetische_regio import genereer

    if map_.exists() and any(map_.iterdir()):
        raise verkeerd_gebruik(f"In {map_} staat al iets. Kies met --out een lege of nieuwe map.")
    with voortgang("Bestanden schrijven", leerlingen) as balk:
        manifest = genereer(leerlingen, jaar, zaad, map_, lambda gedaan, _totaal: balk.zet(min(gedaan, leerlingen)))
    if als_json:
        schrijf_json({"map": str(map_), "leerlingen": leerlingen, "leveringen": len(manifest.leveringen)})
    else:
        schrijf(f"{len(manifest.leveringen)} bestanden staan in {map_}; manifest.json zegt wanneer wie wat aanlevert.")
