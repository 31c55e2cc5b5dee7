"""Reads the generated files on its own terms: nothing here comes from the generator but the files."""

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

_KOPPEN = {
    "bsn": "pgn",
    "burgerservicenummer": "pgn",
    "onderwijsnummer": "pgn",
    "roepnaam": "voornaam",
    "voorvoegsel": "tussenvoegsel",
    "niveau": "leerweg",
    "gemeentecode": "gemeente",
    "vrijgesteld": "startkwalificatie",
}
_ITEM = re.compile(r'\{\s*"\$type"')


def is_pgn(waarde: str) -> bool:
    """Tell whether nine digits are a BSN or an onderwijsnummer."""
    if not re.fullmatch(r"[0-9]{9}", waarde):
        return False
    gewichten = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    rest = sum(gewicht * int(cijfer) for gewicht, cijfer in zip(gewichten, waarde, strict=True)) % 11
    return rest == 0 or (rest == 5 and waarde.startswith("10"))


@dataclass(frozen=True)
class Regel:
    """One line, row or item: where it stands, who delivered it when, and what it says (None: it cannot be read)."""

    bestand: str
    nummer: int
    soort: str
    namens: str
    rol: str
    op: datetime
    inhoud: dict[str, Any] | None

    @property
    def pgn(self) -> str:
        """Give the number that the line names."""
        inhoud = self.inhoud or {}
        return str(inhoud.get("pgn") or inhoud.get("leerling", {}).get("pgn", ""))


class Bestanden:
    """A generated folder, read once."""

    def __init__(self, map_: Path) -> None:
        self.map = map_
        self.manifest = json.loads((map_ / "manifest.json").read_bytes())
        self.verwacht = json.loads((map_ / "verwacht.json").read_bytes())
        tekst = (map_ / "moeilijkheden.ndjson").read_text(encoding="utf-8")
        self.moeilijkheden = [json.loads(regel) for regel in tekst.splitlines()]
        self.regels: list[Regel] = []
        for levering in self.manifest["leveringen"]:
            self.regels += self._lees(levering)
        self.op_plaats = {(regel.bestand, regel.nummer): regel for regel in self.regels}
        self._geweigerd = {
            (geval["bestand"], geval["regel"]) for geval in self.moeilijkheden if geval["verwacht"] == "geweigerd"
        }

    def mag(self, regel: Regel) -> bool:
        """Tell whether a line is not among those that must be refused."""
        return (regel.bestand, regel.nummer) not in self._geweigerd

    def verzoeken(self, verzoek: str) -> list[Regel]:
        """Give all people's lines that ask for one thing, in order of delivery, but for those that must be refused."""
        return [
            regel
            for regel in self.van("stappen")
            if regel.inhoud and regel.inhoud["verzoek"] == verzoek and self.mag(regel)
        ]

    def van(self, soort: str) -> list[Regel]:
        """Give all lines of one kind of file, in order of delivery."""
        return [regel for regel in self.regels if regel.soort == soort]

    def _lees(self, levering: dict[str, str]) -> list[Regel]:
        rauw = (self.map / levering["bestand"]).read_bytes()
        gevonden: list[tuple[int, dict[str, Any] | None]] = []
        match levering["soort"]:
            case "leerlingen" | "organisaties":
                gevonden = list(lees_csv(rauw))
            case "koppeling":
                gevonden = lees_items(rauw.decode("utf-8-sig"))
            case "stappen":
                gevonden = [(nummer, lees_json(regel)) for nummer, regel in enumerate(rauw.decode().splitlines(), 1)]
        op = datetime.fromisoformat(levering["op"])
        vast = (levering["soort"], levering["namens"], levering["rol"], op)
        return [Regel(levering["bestand"], nummer, *vast, inhoud) for nummer, inhoud in gevonden]


def ontcijfer(rauw: bytes) -> str:
    """Decode a list as a reader must: UTF-8 with or without BOM, else Windows-1252."""
    try:
        return rauw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return rauw.decode("cp1252")


def lees_csv(rauw: bytes) -> list[tuple[int, dict[str, Any] | None]]:
    """Read rows by physical line, headers by their usual name."""
    tekst = ontcijfer(rauw)
    kop = tekst.splitlines()[0]
    lezer = csv.reader(io.StringIO(tekst, newline=""), delimiter=";" if kop.count(";") > kop.count(",") else ",")
    namen = [re.sub(r"[ ._]", "", naam).lower() for naam in next(lezer)]
    namen = [_KOPPEN.get(naam, naam) for naam in namen]
    rijen: list[tuple[int, dict[str, Any] | None]] = []
    for rij in lezer:
        assert len(rij) == len(namen)
        rijen.append((lezer.line_num, dict(zip(namen, rij, strict=True))))
    return rijen


def lees_items(tekst: str) -> list[tuple[int, dict[str, Any] | None]]:
    """Find every item of a page, and the line on which it begins; a broken one is None."""
    schoon = re.sub(r",(\s*[}\]])", r"\1", tekst.replace("\r\n", "\n"))
    lezer = json.JSONDecoder()
    gevonden: list[tuple[int, dict[str, Any] | None]] = []
    nummer, geteld = 1, 0
    for begin in _ITEM.finditer(schoon):
        nummer += schoon.count("\n", geteld, begin.start())
        geteld = begin.start()
        try:
            gevonden.append((nummer, lezer.raw_decode(schoon, begin.start())[0]))
        except json.JSONDecodeError:
            gevonden.append((nummer, None))
    return gevonden


def lees_json(regel: str) -> dict[str, Any] | None:
    """Read one line of NDJSON; None when it is no JSON."""
    try:
        inhoud = json.loads(regel)
    except json.JSONDecodeError:
        return None
    assert isinstance(inhoud, dict)
    return inhoud
