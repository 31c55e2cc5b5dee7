"""`overstap open-jaar`: let schools enter pupils of a year."""

from typing import Annotated

import typer

Overstapjaar = Annotated[
    int, typer.Argument(metavar="JAAR", min=2000, max=2100, help="Het jaar waarin de leerlingen bij het MBO beginnen.")
]


def open_overstapjaar(overstapjaar: Overstapjaar) -> None:
    """Open een overstapjaar; zonder eigen parameters geldt de wettelijke kalender. Nog eens openen kan geen kwaad."""
    from overstap.adapters.cli.sessie import aanvraag, eis, open_sessie
    from overstap.adapters.cli.uitvoer import schrijf
    from overstap.adapters.jaarwisseling import open_jaar

    with open_sessie() as app:
        is_nieuw = eis(open_jaar(app, overstapjaar, aanvraag(app)))
    schrijf(f"Overstapjaar {overstapjaar} {'is geopend' if is_nieuw else 'was al open'}.")
