"""The arguments that several commands share."""

from datetime import date, datetime
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
Op = Annotated[str | None, typer.Option(metavar="DATUM", help="De dag, als 2026-04-01; anders vandaag.")]
BekendOp = Annotated[
    str | None,
    typer.Option(metavar="MOMENT", help="Wat er op dit moment bekend was, als 2026-04-01T12:00; anders nu."),
]

PeilOp = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="MOMENT", help="Wat er op dit moment gold: een dag (aan het eind ervan) of 2026-04-01T12:00."
    ),
]
PeilBekend = Annotated[
    str | None,
    typer.Option("--known-at", metavar="MOMENT", help="Zoals dat op dit moment bekend was; anders zoals nu."),
]

_LENGTE_DAG = len("2026-04-01")


def lees_dag(tekst: str) -> date:
    """Read what --op says.

    Raises:
        Afgebroken: when it is not a day.

    """
    from overstap.adapters.cli.fouten import verkeerd_gebruik

    try:
        return date.fromisoformat(tekst)
    except ValueError:
        raise verkeerd_gebruik("Geef met --op een dag die bestaat, als 2026-04-01.") from None


def lees_moment(tekst: str) -> datetime:
    """Read what --bekend-op says; without an offset it is Amsterdam's time.

    Raises:
        Afgebroken: when it is not a moment.

    """
    from overstap.adapters.cli.fouten import verkeerd_gebruik
    from overstap.domain.kalender import AMSTERDAM

    try:
        moment = datetime.fromisoformat(tekst)
    except ValueError:
        raise verkeerd_gebruik("Geef met --bekend-op een moment, als 2026-04-01T12:00 (tijd van Amsterdam).") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)


def lees_peil(tekst: str, optie: str) -> datetime:
    """Read a moment of which somebody asks what held: of a day alone its last instant; UTC.

    Raises:
        Afgebroken: when it is neither.

    """
    from datetime import UTC, timedelta

    from overstap.adapters.cli.fouten import verkeerd_gebruik
    from overstap.domain.kalender import AMSTERDAM, einde_van

    try:
        if len(tekst) == _LENGTE_DAG:
            return einde_van(date.fromisoformat(tekst)) - timedelta(microseconds=1)
        moment = datetime.fromisoformat(tekst)
    except (ValueError, OverflowError):
        raise verkeerd_gebruik(
            f"Geef met {optie} een dag, als 2026-04-01, of een moment, als 2026-04-01T12:00 (tijd van Amsterdam)."
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)).astimezone(UTC)
