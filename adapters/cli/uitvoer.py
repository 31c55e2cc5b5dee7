"""Data on stdout: a table for a person, JSON for a program."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from overstap.projections.tijdlijn import Regel

_BREEDTE_ZONDER_TERMINAL = 160


def schrijf_json(waarde: object) -> None:
    """Write one JSON document."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(waarde), indent=2).decode() + "\n")


def in_json(waarde: msgspec.Struct) -> dict[str, Any]:
    """Give the fields of something whose names are ours, under names as all our JSON has them: lowerCamelCase."""
    velden: dict[str, Any] = msgspec.to_builtins(waarde)
    return {_met_bulten(naam): inhoud for naam, inhoud in velden.items()}


def _met_bulten(naam: str) -> str:
    eerste, *verder = naam.split("_")
    return eerste + "".join(woord.title() for woord in verder)


def schrijf_json_regel(waarde: object) -> None:
    """Write one JSON value on a line of its own, at once."""
    sys.stdout.write(msgspec.json.encode(waarde).decode() + "\n")
    sys.stdout.flush()


def schrijf_tabel(titel: str, kolommen: Sequence[str], rijen: Iterable[Sequence[object]]) -> None:
    """Write a table; a column whose head begins with # holds numbers, to the right."""
    if titel:
        _scherm().print(Text(titel, style="bold"))
    tabel = Table(
        show_edge=False,
        pad_edge=False,
        show_header=any(kolommen),
    )
    for kolom in kolommen:
        tabel.add_column(kolom.removeprefix("#"), justify="right" if kolom.startswith("#") else "left")
    for rij in rijen:
        tabel.add_row(*(Text("" if waarde is None else str(waarde)) for waarde in rij))
    _scherm().print(tabel, markup=False)


def schrijf_verhaal(titel: str, regels: Iterable[Regel]) -> None:
    """Write a story: each event with its number, both times, the sentence and why."""
    _scherm().print(Text(titel, style="bold"))
    tabel = Table(show_edge=False, pad_edge=False)
    tabel.add_column("nr", justify="right")
    tabel.add_column("gebeurd, vastgelegd", no_wrap=True)
    tabel.add_column("wat en waarom")
    for regel in regels:
        herzien = f"(herzien door gebeurtenis {regel.herzien_door})" if regel.herzien_door else ""
        wat = "\n".join(deel for deel in (regel.zin, regel.waarom, herzien, *regel.vervangt) if deel)
        tabel.add_row(str(regel.nummer), f"{regel.gebeurd}\n{regel.vastgelegd}", Text(wat))
    _scherm().print(tabel, markup=False)


def schrijf(tekst: str = "") -> None:
    """Write a line of text."""
    _scherm().print(tekst, markup=False, soft_wrap=True)


def _scherm() -> Console:
    breedte = None if sys.stdout.isatty() else _BREEDTE_ZONDER_TERMINAL
    return Console(file=sys.stdout, width=breedte, highlight=False)
