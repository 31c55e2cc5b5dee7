"""`overstap tail`: follow the log as it grows."""

from typing import Annotated

import typer

from overstap.adapters.cli.opties import AlsJson

_EERST = 10


def volg_log(
    vanaf: Annotated[
        int | None, typer.Option("--na", min=0, help="Begin na deze positie; anders bij de laatste tien.")
    ] = None,
    eenmaal: Annotated[bool, typer.Option("--once", help="Stop aan het eind in plaats van te wachten.")] = False,
    als_json: AlsJson = False,
) -> None:
    """Volg het log: elke gebeurtenis als zin, zonder verzegelde tekst. Stop met Ctrl-C."""
    from overstap.adapters.cli.meelezen import lees_mee
    from overstap.adapters.cli.sessie import open_sessie

    with open_sessie() as app:
        begin = max(0, app.log.laatste_positie() - _EERST) if vanaf is None else vanaf
        lees_mee(app, begin, als_json=als_json, blijf=not eenmaal)
