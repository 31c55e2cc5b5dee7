"""`overstap projections`: how the read models are, and what to do about them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from overstap.adapters.cli.opties import AlsJson

if TYPE_CHECKING:
    from overstap.adapters.postgres.databank import Databank
    from overstap.adapters.postgres.projectie_herbouw import Herbouwd, Meekijker
    from overstap.adapters.postgres.projectie_toestand import Toestand
    from overstap.projections.projectie import Projectie

app = typer.Typer(help="Bekijk, herbouw en herstel de leesmodellen.", no_args_is_help=True)
Naam = Annotated[str | None, typer.Argument(metavar="[NAAM]", help="Het leesmodel; of geef --all.")]
EenNaam = Annotated[str, typer.Argument(metavar="NAAM", help="Het leesmodel.")]
Alle = Annotated[bool, typer.Option("--all", help="Alle leesmodellen.")]
Stroom = Annotated[UUID, typer.Argument(metavar="STROOM", help="Het nummer van de stroom, zoals `parked` het toont.")]


@app.callback()
def begin() -> None:
    """Prepare what every one of these commands shares."""


@app.command("list")
def toon_toestand(als_json: AlsJson = False) -> None:
    """Toon van elk leesmodel hoe ver het is, hoe ver achter, en wat er mis is."""
    from overstap.adapters.cli.sessie import open_databank_van
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_json, schrijf_tabel
    from overstap.adapters.postgres.projectie_toestand import toestanden

    with open_databank_van() as databank:
        alle = toestanden(databank)
    if als_json:
        schrijf_json(alle)
        return
    kop = ("leesmodel", "stand", "#versie", "#positie", "#achter", "#seconden", "#trend", "#per s", "#geparkeerd")
    schrijf_tabel("", kop, [_regel(een) for een in alle])
    for een in alle:
        if een.fout:
            schrijf(f"{een.naam}: {een.fout} ({een.fout_op:%Y-%m-%d %H:%M:%S} UTC)")
        if een.weg_terug is not None:
            schrijf(f"{een.naam}: versie {een.weg_terug} is bewaard; terug met: overstap projections back {een.naam}")
        if een.vastgezet:
            schrijf(f"{een.naam}: vastgezet op versie {een.versie}, tot: overstap projections rebuild {een.naam}")


@app.command("rebuild")
def herbouw(naam: Naam = None, alle: Alle = False, als_json: AlsJson = False) -> None:
    """Bouw leesmodellen opnieuw uit het log naast wat dienst doet, vergelijk, en zet ze op hun plaats."""
    from overstap.adapters.postgres.projectie_herbouw import herbouw

    verslagen = _bouw(herbouw, _gekozen(naam, alle=alle), "Herbouwen")
    _schrijf_verslagen(verslagen, als_json=als_json)


@app.command("verify")
def controleer(naam: Naam = None, alle: Alle = False, als_json: AlsJson = False) -> None:
    """Bouw leesmodellen opnieuw uit het log en zeg alleen wat er verschilt; wat dienst doet blijft."""
    from overstap.adapters.cli.fouten import geweigerd
    from overstap.adapters.postgres.projectie_herbouw import controleer

    verslagen = _bouw(controleer, _gekozen(naam, alle=alle), "Controleren")
    _schrijf_verslagen(verslagen, als_json=als_json)
    if any(verslag.aantal_verschillen for verslag in verslagen):
        raise geweigerd("Een leesmodel verschilt van het log. Herstel het met: overstap projections rebuild NAAM")


@app.command("back")
def ga_terug(naam: EenNaam) -> None:
    """Zet terug wat dienst deed voor de laatste herbouw; wat nu dienst doet blijft bewaard."""
    from overstap.adapters.cli.sessie import open_databank_van
    from overstap.adapters.cli.uitvoer import schrijf
    from overstap.adapters.postgres.projectie_herbouw import ga_terug

    [projectie] = _gekozen(naam, alle=False)
    with open_databank_van() as databank:
        ga_terug(databank, projectie)
    schrijf(f"{naam}: het vorige doet weer dienst.")


@app.command("drop-old")
def ruim_op(naam: Naam = None, alle: Alle = False) -> None:
    """Gooi weg wat na een herbouw bewaard bleef; daarna is er geen weg terug."""
    from overstap.adapters.cli.sessie import open_databank_van
    from overstap.adapters.cli.uitvoer import schrijf
    from overstap.adapters.postgres.projectie_herbouw import ruim_oude_op

    with open_databank_van() as databank:
        weg = ruim_oude_op(databank, _gekozen(naam, alle=alle))
    schrijf(f"Weggegooid: {', '.join(weg)}." if weg else "Er was niets bewaard.")


@app.command("parked")
def toon_geparkeerd(als_json: AlsJson = False) -> None:
    """Toon de stromen die een leesmodel niet kon vouwen, met de fout en de positie."""
    from overstap.adapters.cli.sessie import open_databank_van
    from overstap.adapters.cli.uitvoer import schrijf_json, schrijf_tabel
    from overstap.adapters.postgres.logins import Login
    from overstap.adapters.postgres.projectie_parkeren import toon
    from overstap.adapters.postgres.projectie_tabellen import richt_in

    with open_databank_van() as databank:
        richt_in(databank)
        with databank.verbind(Login.PROJECTIE) as verbinding:
            alle = toon(verbinding)
    if als_json:
        schrijf_json(alle)
        return
    rijen = [
        (een.projectie, een.stroom, een.positie, een.wacht, een.feit, een.fout, een.opgegeven_reden or "")
        for een in alle
    ]
    schrijf_tabel("", ("leesmodel", "stroom", "#positie", "#wacht", "feit", "fout", "opgegeven omdat"), rijen)


@app.command("retry")
def probeer_opnieuw(naam: EenNaam, stroom: Stroom) -> None:
    """Vouw een geparkeerde stroom opnieuw uit het log."""
    from overstap.adapters.cli.fouten import geweigerd
    from overstap.adapters.cli.sessie import open_databank_van
    from overstap.adapters.cli.uitvoer import schrijf
    from overstap.adapters.postgres.projectie_parkeren import probeer_opnieuw

    [projectie] = _gekozen(naam, alle=False)
    with open_databank_van() as databank:
        nog = probeer_opnieuw(databank, projectie, stroom)
    if nog is not None:
        raise geweigerd(f"Het lukt nog niet: {nog.fout}, bij positie {nog.positie}. De stroom blijft geparkeerd.")
    schrijf(f"{naam}: de stroom doet weer mee.")


@app.command("discard")
def geef_op(
    naam: EenNaam,
    stroom: Stroom,
    reden: Annotated[str, typer.Option("--reden", help="Waarom; blijft bewaard, dus zonder namen.")],
) -> None:
    """Geef een geparkeerde stroom op: dit leesmodel laat haar weg, met uw reden erbij."""
    from overstap.adapters.beelden import OPDRACHTREGEL
    from overstap.adapters.cli.fouten import verkeerd_gebruik
    from overstap.adapters.cli.sessie import open_databank_van
    from overstap.adapters.cli.uitvoer import schrijf
    from overstap.adapters.postgres.projectie_parkeren import geef_op

    [projectie] = _gekozen(naam, alle=False)
    if not reden.strip():
        raise verkeerd_gebruik("Geef met --reden een reden; een lege zegt niets.")
    with open_databank_van() as databank:
        geef_op(databank, projectie.naam, stroom, OPDRACHTREGEL, reden.strip())
    schrijf(f"{naam}: de stroom is opgegeven. Terugkomen kan met: overstap projections retry {naam} {stroom}")


def _gekozen(naam: str | None, *, alle: bool) -> "Sequence[type[Projectie]]":
    from overstap.adapters.cli.fouten import verkeerd_gebruik
    from overstap.adapters.postgres.projectie_tabellen import PROJECTIES

    if (naam is None) is not alle:
        raise verkeerd_gebruik("Geef de naam van een leesmodel, of --all.")
    gekozen = [projectie for projectie in PROJECTIES if alle or projectie.naam == naam]
    if not gekozen:
        namen = ", ".join(projectie.naam for projectie in PROJECTIES)
        raise verkeerd_gebruik(f"Dit leesmodel bestaat niet. Kies uit: {namen}.")
    return gekozen


def _bouw(
    opdracht: "Callable[[Databank, Sequence[type[Projectie]], Meekijker], list[Herbouwd]]",
    projecties: "Sequence[type[Projectie]]",
    wat: str,
) -> "list[Herbouwd]":
    from overstap.adapters.cli.sessie import open_databank_van

    with open_databank_van() as databank, _meekijker(databank, wat) as kijk_mee:
        return opdracht(databank, projecties, kijk_mee)


@contextmanager
def _meekijker(databank: "Databank", wat: str) -> "Iterator[Meekijker]":
    from overstap.adapters.cli.gesprek import voortgang
    from overstap.adapters.postgres.log import Log
    from overstap.adapters.postgres.logins import Login

    with databank.verbind(Login.PROJECTIE) as verbinding:
        totaal = Log(verbinding).laatste_positie()
    with voortgang(wat, totaal) as balk:
        yield lambda gedaan, _totaal, stap: balk.zet(gedaan, stap)


def _regel(een: "Toestand") -> tuple[object, ...]:
    versie = een.versie if een.versie == een.programmaversie else f"{een.versie} ({een.programmaversie})"
    achter = round(een.achter_seconden, 1) if een.achter else 0
    trend = "" if een.trend is None else f"{een.trend:+}"
    stand = een.stand.replace("_", " ") + ("" if een.wordt_gevolgd else ", niet gevolgd")
    return (een.naam, stand, versie, een.positie, een.achter, achter, trend, een.tempo, een.geparkeerd)


def _schrijf_verslagen(verslagen: "Sequence[Herbouwd]", *, als_json: bool) -> None:
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_json, schrijf_tabel

    if als_json:
        schrijf_json(verslagen)
        return
    rijen = [
        (een.projectie, een.versie, een.positie, een.seconden, een.geparkeerd, _verschil(een)) for een in verslagen
    ]
    schrijf_tabel("", ("leesmodel", "#versie", "#positie", "#seconden", "#geparkeerd", "verschillen"), rijen)
    for een in verslagen:
        for tabel in een.verschillen or ():
            for rij in tabel.eerste:
                schrijf(f"{tabel.tabel} {rij.sleutel}: {rij.wat}")


def _verschil(een: "Herbouwd") -> str:
    if een.verschillen is None:
        return "niet vergeleken: een andere versie, of ver achter"
    return ", ".join(f"{tabel.tabel} {tabel.verschillen} van {tabel.rijen}" for tabel in een.verschillen)
