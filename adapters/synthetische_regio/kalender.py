"""Turns days and hours in Amsterdam into seconds since 1970, and back into the spellings the files use."""

import random
from datetime import UTC, date, datetime
from functools import lru_cache

MINUUT = 60
UUR = 3_600
DAG = 86_400
WEEK = 7 * DAG

_MAANDAG_NA_NUL = 3  # 1 January 1970 was a Thursday
_ZATERDAG = 5
_OKTOBER = 10
_ZOMERUUR_WISSEL = 1  # the clock changes at 01:00 UTC on the last Sunday of March and of October
_WERKDAG_BEGINT = 8 * UUR
_WERKDAG_DUURT = 8 * UUR + 30 * MINUUT


@lru_cache(maxsize=16)
def _zomertijd(jaar: int) -> tuple[int, int]:
    grenzen = []
    for maand in (3, _OKTOBER):
        laatste = date(jaar, maand, 31)
        zondag = laatste.day - (laatste.weekday() + 1) % 7
        grenzen.append(int(datetime(jaar, maand, zondag, _ZOMERUUR_WISSEL, tzinfo=UTC).timestamp()))
    return grenzen[0], grenzen[1]


@lru_cache(maxsize=8_192)
def _verschuiving_van_uur(uur: int) -> int:
    van, tot = _zomertijd(datetime.fromtimestamp(uur * UUR, UTC).year)
    return 2 * UUR if van <= uur * UUR < tot else UUR


def verschuiving(t: int) -> int:
    """Give how many seconds Amsterdam is ahead of UTC at an instant."""
    return _verschuiving_van_uur(t // UUR)


def amsterdam(jaar: int, maand: int, dag: int, uur: int = 0) -> int:
    """Give the instant at which the clock in Amsterdam shows this day and hour (no hour of a clock change)."""
    lokaal = int(datetime(jaar, maand, dag, uur, tzinfo=UTC).timestamp())
    return lokaal - verschuiving(lokaal - UUR)


@lru_cache(maxsize=4_096)
def _dagtekst(dag: int) -> str:
    return datetime.fromtimestamp(dag * DAG, UTC).strftime("%Y-%m-%d")


def datum(t: int) -> str:
    """Give the date in Amsterdam as 2026-05-12."""
    return _dagtekst((t + verschuiving(t)) // DAG)


def in_utc(t: int) -> str:
    """Give the instant as 2026-05-12T08:04:00Z."""
    return f"{_dagtekst(t // DAG)}T{_klok(t % DAG)}Z"


def in_utc_met_microseconden(t: int, microseconden: int) -> str:
    """Give the instant as the koppeling spells it: 2026-01-12T09:30:00.123456Z."""
    return f"{_dagtekst(t // DAG)}T{_klok(t % DAG)}.{microseconden:06d}Z"


def in_amsterdam(t: int) -> str:
    """Give the instant as people's systems spell it: 2026-05-12T10:04:00+02:00."""
    voor = verschuiving(t)
    return f"{datum(t)}T{_klok((t + voor) % DAG)}+0{voor // UUR}:00"


def _klok(seconden: int) -> str:
    return f"{seconden // UUR:02d}:{seconden // MINUUT % 60:02d}:{seconden % 60:02d}"


def weekdag(t: int) -> int:
    """Give the day of the week in Amsterdam: 0 is Monday."""
    return ((t + verschuiving(t)) // DAG + _MAANDAG_NA_NUL) % 7


def middernacht(t: int) -> int:
    """Give the midnight in Amsterdam with which a day begins, from an instant after any change of its clock."""
    return t - (t + verschuiving(t)) % DAG


def werktijd(toeval: random.Random, t: int) -> int:
    """Give a moment in working hours, at or after the given one: on its own day if that can be."""
    dag = middernacht(t)
    while True:
        moment = dag + _WERKDAG_BEGINT + int(toeval.random() * _WERKDAG_DUURT)
        if moment >= t and weekdag(moment) < _ZATERDAG:
            return moment
        dag += DAG


class Schooljaar:
    """The overstapjaar J as days: October to December lie in J-1, the rest in J."""

    def __init__(self, jaar: int) -> None:
        self.jaar = jaar
        self._dagen: dict[tuple[int, int], int] = {}

    def dag(self, maand: int, dag: int) -> int:
        """Give the first instant of a day between 1 October J-1 and 30 September J."""
        gevonden = self._dagen.get((maand, dag))
        if gevonden is None:
            gevonden = amsterdam(self.jaar - (maand >= _OKTOBER), maand, dag)
            self._dagen[maand, dag] = gevonden
        return gevonden

    def oktober(self, dag: int) -> int:
        """Give the first instant of a day in October of J itself, when the year closes."""
        return amsterdam(self.jaar, _OKTOBER, dag)

    def tussen(self, toeval: random.Random, van: tuple[int, int], tot: tuple[int, int]) -> int:
        """Draw a moment on a day from the first to the last one named, both (month, day), both included."""
        begin = self.dag(*van)
        return begin + int(toeval.random() * (self.dag(*tot) + DAG - begin))
