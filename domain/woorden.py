"""Dates, moments and lists as a Dutch reader expects them."""

from collections.abc import Iterable
from datetime import date, datetime

from overstap.domain.kalender import AMSTERDAM

MAANDEN = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


def datum_in_woorden(dag: date) -> str:
    """Write a date as 21 november 2026."""
    return f"{dag.day} {MAANDEN[dag.month - 1]} {dag.year}"


def moment_in_woorden(moment: datetime) -> str:
    """Write an instant as 21 november 2026, 10.04 uur, in Europe/Amsterdam."""
    ter_plaatse = moment.astimezone(AMSTERDAM)
    return f"{datum_in_woorden(ter_plaatse.date())}, {ter_plaatse.hour}.{ter_plaatse.minute:02d} uur"


def opsomming(woorden: Iterable[str]) -> str:
    """Join words as a, b of c."""
    *eerste, laatste = [str(woord) for woord in woorden]
    return f"{', '.join(eerste)} of {laatste}" if eerste else laatste
