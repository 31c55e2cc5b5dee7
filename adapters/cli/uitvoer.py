"""Data on stdout: a table for a person, JSON for a program."""

import sys
from collections.abc import Iterable, Sequence

import msgspec
from rich.console import Console
from rich.table import Table

_BREEDTE_ZONDER_TERMINAL = 160


def schrijf_json(waarde: object) -> None:
    """Write one JSON document."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(waarde), indent=2).decode() + "\n")


def schrijf_json_regel(waarde: object) -> None:
    """Write one JSON value on a line of its own, at once."""
    sys.stdout.write(msgspec.json.encode(waarde).decode() + "\n")
    sys.stdout.flush()


def schrijf_tabel(titel: str, kolommen: Sequence[str], rijen: Iterable[Sequence[object]]) -> None:
    """Write a table; a column whose head begins with # holds numbers, to the right."""
    tabel = Table(title=titel or None, title_justify="left", title_style="bold", show_edge=False, pad_edge=False)
    for kolom in kolommen:
        tabel.add_column(kolom.removeprefix("#"), justify="right" if kolom.startswith("#") else "left")
    for rij in rijen:
        tabel.add_row(*("" if waarde is None else str(waarde) for waarde in rij))
    _scherm().print(tabel, markup=False)


def schrijf(tekst: str = "") -> None:
    """Write a line of text."""
    _scherm().print(tekst, markup=False, soft_wrap=True)


def _scherm() -> Console:
    breedte = None if sys.stdout.isatty() else _BREEDTE_ZONDER_TERMINAL
    return Console(file=sys.stdout, width=breedte, highlight=False)
