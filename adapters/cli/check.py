"""`overstap check no-loss`: prove on a running database that nothing is lost, whatever dies."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overstap.adapters.cli.opties import AlsJson

if TYPE_CHECKING:
    from overstap.adapters.controle.vergelijking import Verslag

app = typer.Typer(help="Bewijs wat het log belooft.", no_args_is_help=True)


@app.callback()
def begin() -> None:
    """Prepare what every check shares."""


@app.command("no-loss")
def toets_verlies(  # noqa: PLR0917  # typer names them
    schrijvers: Annotated[int, typer.Option("--writers", min=1, max=64, help="Aantal schrijvende processen.")] = 4,
    lezers: Annotated[int, typer.Option("--readers", min=1, max=64, help="Aantal meelezende processen.")] = 3,
    seconden: Annotated[float, typer.Option("--seconds", min=1, help="Hoe lang er geschreven wordt.")] = 60,
    sterfgevallen: Annotated[
        int, typer.Option("--kills", min=0, help="Hoeveel processen er tussentijds worden gedood.")
    ] = 5,
    programmas: Annotated[
        Path | None, typer.Option("--pg-bin", help="Map met de programma's van PostgreSQL (15 of nieuwer).")
    ] = None,
    url: Annotated[
        str | None, typer.Option("--url", help="Een demodatabase om op te toetsen; die wordt niet herstart.")
    ] = None,
    als_json: AlsJson = False,
) -> None:
    """Schrijf en lees met veel processen, dood er een paar en de database, en vergelijk: niets kwijt, niets dubbel."""
    from overstap.adapters.cli.fouten import geweigerd, verkeerd_gebruik
    from overstap.adapters.cli.gesprek import voortgang, zeg
    from overstap.adapters.cli.uitvoer import schrijf_json
    from overstap.adapters.controle.proces import ControleFout
    from overstap.adapters.controle.proef import Omvang, controleer, eigen_cluster, gegeven_databank

    if url and programmas:
        raise verkeerd_gebruik("Geef --url of --pg-bin, niet beide: een gegeven database draait al.")
    if url:
        zeg("De gegeven database wordt niet herstart; alleen processen worden gedood.")
    omvang = Omvang(schrijvers=schrijvers, lezers=lezers, seconden=seconden, sterfgevallen=sterfgevallen)
    with (
        gegeven_databank(url) if url else eigen_cluster(programmas) as (databank, herstart),
        voortgang("Schrijven en lezen", int(seconden)) as balk,
    ):
        try:
            verslag = controleer(databank, omvang, herstart, balk.zet)
        except ControleFout as fout:
            raise geweigerd(str(fout)) from None
    if als_json:
        schrijf_json(verslag)
    else:
        _toon(verslag)
    if not verslag.is_goed:
        raise geweigerd("Er ging iets verloren, dubbel of door elkaar; zie de cijfers hierboven.")


def _toon(verslag: "Verslag") -> None:
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_tabel

    doden = verslag.killed
    database = f"de database {doden['database']}x" if doden["database"] else "de database niet"
    schrijf(f"PostgreSQL {verslag.postgres}, {verslag.seconds} s. {verslag.acknowledged} verzoeken bevestigd, ")
    schrijf(f"{verslag.stored} gebeurtenissen in het log. Gedood: {doden['writers']} schrijvers, ")
    schrijf(f"{doden['readers']} lezers, {database}.")
    rijen: list[tuple[object, ...]] = [
        (een.kind, een.delivered, een.missed, een.duplicated, een.out_of_order) for een in verslag.readers
    ]
    rijen.append(("alles samen", "", verslag.missed, verslag.duplicated, verslag.out_of_order))
    schrijf_tabel("", ("lezer", "#geleverd", "#gemist", "#dubbel", "#door elkaar"), rijen)
