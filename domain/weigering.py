"""A refusal as a value: a stable code, a sentence a user may read, its reasons, and what would make the step legal."""

import msgspec


class Reden(msgspec.Struct, frozen=True, kw_only=True):
    """Why one guard said no: its name, and a Dutch sentence without any person's data."""

    voorwaarde: str
    uitleg: str


class Weigering(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked may not be done; nothing was recorded.

    code is stable and belongs to the API; zin is Dutch; wat_nodig says what would make it legal; wel_mogelijk names the
    steps this actor may take now.
    """

    code: str
    zin: str
    redenen: tuple[Reden, ...] = ()
    wat_nodig: str = ""
    wel_mogelijk: tuple[str, ...] = ()


def weiger(code: str, zin: str, wat_nodig: str = "", *redenen: Reden) -> Weigering:
    """Make a refusal of one sentence."""
    return Weigering(code=code, zin=zin, wat_nodig=wat_nodig, redenen=redenen)
