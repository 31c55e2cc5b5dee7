"""A checkpoint as it leaves the database: a line of JSON to be kept elsewhere and held against the log later."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from overstap.adapters.bewijs.fouten import BewijsFout
from overstap.adapters.bewijs.opslag import BewaardeSleutel, Getekend
from overstap.adapters.bewijs.teksten import TekstOngeldig, lees_controlepunt, sleutelnaam


class Uitgegeven(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint with its signature and the public key that it can be checked with, in hexadecimal."""

    nummer: int
    tekst: str
    handtekening: str
    publiek: str


_LEZER = msgspec.json.Decoder(Uitgegeven)


def uitgegeven(punt: Getekend, sleutels: Iterable[BewaardeSleutel]) -> Uitgegeven:
    """Write a checkpoint as it leaves the database; whose key is unknown, or a text that cannot be read, stays so."""
    try:
        naam = lees_controlepunt(punt.tekst).sleutel
    except TekstOngeldig:
        naam = b""
    publiek = next((sleutel.publiek for sleutel in sleutels if sleutelnaam(sleutel.publiek) == naam), b"")
    return Uitgegeven(nummer=punt.nummer, tekst=punt.tekst, handtekening=punt.handtekening.hex(), publiek=publiek.hex())


def lees_bewaard(pad: Path) -> list[Uitgegeven]:
    """Read the checkpoints that somebody kept: one a line, as `overstap audit checkpoint --json` gives it.

    Raises:
        BewijsFout: when there is none in it, or something else.

    """
    punten = lees_regels(pad.read_bytes())
    if not punten:
        raise BewijsFout(f"In {pad} staat geen controlepunt. Geef een bestand met er op elke regel een.")
    return punten


def lees_regels(inhoud: bytes) -> list[Uitgegeven]:
    """Read checkpoints, one a line; none when something else stands there."""
    try:
        return [_LEZER.decode(regel) for regel in inhoud.splitlines() if regel.strip()]
    except msgspec.DecodeError:
        return []
