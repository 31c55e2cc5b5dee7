"""`overstap procedure`: draw both charts from their classes."""

import sys
from enum import StrEnum
from typing import Annotated

import typer


class Vorm(StrEnum):
    """How the charts can be drawn."""

    MD = "md"
    MERMAID = "mermaid"
    SVG = "svg"


def teken_procedure(
    vorm: Annotated[Vorm, typer.Option("--format", help="md: tabellen, mermaid: tekst, svg: plaatje.")] = Vorm.MD,
) -> None:
    """Teken de twee kaarten van de procedure: aanmelding en overstap."""
    from overstap.adapters.procedurekaart import als_markdown, als_mermaid, als_svg, kaarten

    teken = {Vorm.MD: als_markdown, Vorm.MERMAID: als_mermaid, Vorm.SVG: als_svg}[vorm]
    sys.stdout.write(teken(kaarten()))
