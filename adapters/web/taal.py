"""The words of the screens: one catalogue in two languages, and dates and numbers as their reader writes them."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from overstap.domain.kalender import AMSTERDAM
from overstap.domain.woorden import datum_in_woorden, moment_in_woorden

NEDERLANDS: Final = "nl"
ENGELS: Final = "en"
TALEN: Final = {NEDERLANDS: "Nederlands", ENGELS: "English"}
KOEKJE: Final = "overstap-taal"
_MAANDEN: Final = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_WEEKDAGEN: Final = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MAP: Final = Path(__file__).parent / "teksten"


@cache
def catalogus(code: str) -> Mapping[str, str]:
    """Give every text of a language by its name, such as lijst.kop."""
    with (_MAP / f"{code}.toml").open("rb") as bestand:
        return dict(_plat(tomllib.load(bestand), ""))


def _plat(deel: Mapping[str, Any], voor: str) -> list[tuple[str, str]]:
    paren: list[tuple[str, str]] = []
    for naam, waarde in deel.items():
        if isinstance(waarde, dict):
            paren += _plat(waarde, f"{voor}{naam}.")
        else:
            paren.append((f"{voor}{naam}", waarde))
    return paren


class Taal:
    """One language: its texts, and how it writes dates, moments and numbers."""

    def __init__(self, code: str) -> None:
        self.code = code if code in TALEN else NEDERLANDS
        self._teksten = catalogus(self.code)

    def __call__(self, naam: str, /, **waarden: object) -> str:
        """Give a text with its values filled in.

        Raises:
            KeyError: when there is no such text, or it asks for a value that is not given.

        """
        return self._teksten[naam].format(**waarden)

    def aantal(self, naam: str, aantal: int, /, **waarden: object) -> str:
        """Give the text for so many: of naam.een or naam.meer, in which {aantal} is the number."""
        return self(f"{naam}.{'een' if aantal == 1 else 'meer'}", aantal=self.getal(aantal), **waarden)

    def woord(self, soort: str, code: object) -> str:
        """Give what a code is called, such as that of a status; a code without a name of its own reads as its words."""
        return self.noem(soort, code) or str(code).replace("_", " ")

    def noem(self, soort: str, code: object) -> str | None:
        """Give what a code is called, None when it has no name of its own."""
        return self._teksten.get(f"{soort}.{code}")

    def getal(self, waarde: int) -> str:
        """Write a number: 1.234, or 1,234 in English."""
        met_kommas = f"{waarde:,}"
        return met_kommas if self.code == ENGELS else met_kommas.replace(",", ".")

    def datum(self, dag: date | datetime) -> str:
        """Write a date, of an instant that in Amsterdam: 21 november 2026."""
        zuiver = dag.astimezone(AMSTERDAM).date() if isinstance(dag, datetime) else dag
        return f"{zuiver.day} {zuiver:%B} {zuiver.year}" if self.code == ENGELS else datum_in_woorden(zuiver)

    def weekdag(self, gekozen: str) -> str:
        """Write what stands in a field for a day or a moment: maandag 1 juni 2026, 10.04 uur; else nothing."""
        try:
            dag = datetime.fromisoformat(gekozen)
        except ValueError:
            return ""
        naam = f"{dag:%A}" if self.code == ENGELS else _WEEKDAGEN[dag.weekday()]
        uur = "" if "T" not in gekozen else f", {dag:%H:%M}" if self.code == ENGELS else f", {dag.hour}.{dag:%M} uur"
        return f"{naam} {self.datum(dag.date())}{uur}"

    def dag_en_maand(self, dag: date) -> str:
        """Write a date of this year: 1 april."""
        return self.datum(dag).rpartition(" ")[0]

    def maand(self, maand: str) -> str:
        """Write a month given as 2028-03: maart 2028."""
        return self.datum(date.fromisoformat(f"{maand}-01")).partition(" ")[2]

    def kort(self, moment: datetime) -> str:
        """Write the day of an instant as briefly as an axis asks: 1 feb 26."""
        ter_plaatse = moment.astimezone(AMSTERDAM)
        maand = f"{ter_plaatse:%b}" if self.code == ENGELS else _MAANDEN[ter_plaatse.month - 1]
        return f"{ter_plaatse.day} {maand} {ter_plaatse:%y}"

    def duur(self, duur: timedelta) -> str:
        """Say how long something lasts, in its largest unit: 3 uur, 12 dagen."""
        minuten = max(0, int(duur.total_seconds() // 60))
        naam, lengte = next(
            ((naam, lengte) for naam, lengte in (("dagen", 1440), ("uren", 60)) if minuten >= lengte), ("minuten", 1)
        )
        return self.aantal(f"duur.{naam}", minuten // lengte)

    def moment(self, moment: datetime) -> str:
        """Write an instant: 21 november 2026, 10.04 uur."""
        if self.code == NEDERLANDS:
            return moment_in_woorden(moment)
        ter_plaatse = moment.astimezone(AMSTERDAM)
        return f"{self.datum(moment)}, {ter_plaatse:%H:%M}"
