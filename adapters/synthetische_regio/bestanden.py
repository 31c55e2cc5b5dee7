"""Gathers lines per delivery and writes the files, in bounded memory, with every seeded trouble's line number."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

import msgspec

from overstap.adapters.synthetische_regio.agenda import Kanaal
from overstap.adapters.synthetische_regio.organisaties import Regio
from overstap.adapters.synthetische_regio.spelling import VOLGNUMMER
from overstap.adapters.synthetische_regio.toeval import toeval_voor

_MEESTE_IN_GEHEUGEN = 250_000  # lines; beyond them they wait in a file per delivery
_BOM = "\ufeff"


class Moeilijkheid(msgspec.Struct, frozen=True, array_like=True):
    """One seeded trouble of a line: its kind, what must become of it, and the code where there is one."""

    soort: str
    verwacht: str
    code: str


class Wachtend(msgspec.Struct, frozen=True, array_like=True):
    """A line that waits for its delivery to be written.

    `sleutel` orders it. For messages `nummer` names a wijzigingsvolgnummer that another line shares: the first one
    remembers it, one with `herhaalt` uses it again, one without text only takes it.
    """

    sleutel: int
    tekst: str
    moeilijkheden: tuple[Moeilijkheid, ...] = ()
    nummer: str = ""
    herhaalt: bool = False


class Levering(msgspec.Struct, frozen=True):
    """One delivery as the manifest names it."""

    bestand: str
    soort: str
    namens: str
    rol: str
    op: str


@dataclass(frozen=True, slots=True)
class Gevonden:
    """A seeded trouble at the line where it came to stand."""

    op: int
    bestand: str
    regel: int
    moeilijkheid: Moeilijkheid


class Leveringen:
    """Keeps the lines of each delivery until all are known, then writes the files."""

    def __init__(self, map_: Path, regio: Regio, seed: int) -> None:
        self._map = map_
        self._concept = map_ / ".concept"
        self._scholen = {school.brin: school for school in regio.scholen}
        self._mbos = {mbo.brin: mbo for mbo in regio.mbos}
        self._seed = seed
        self._regels: dict[int, list[Wachtend]] = {}
        self._aantal = 0
        self.gevonden: list[Gevonden] = []

    def voeg_toe(self, levering: int, regel: Wachtend) -> None:
        """Keep a line for the delivery with this number."""
        self._regels.setdefault(levering, []).append(regel)
        self._aantal += 1
        if self._aantal >= _MEESTE_IN_GEHEUGEN:
            self._leg_weg()

    def schrijf(self, kanaal: Kanaal) -> Iterator[int]:
        """Write every file of a channel that has lines; give the number of each delivery that was written."""
        volgnummers = _Volgnummers(toeval_voor(self._seed, "volgnummers", kanaal.namens))
        for levering in range(kanaal.eerste, kanaal.eerste + len(kanaal.momenten)):
            wachtend = sorted(self._haal_terug(levering), key=lambda regel: regel.sleutel)
            if kanaal.soort == "koppeling":
                wachtend = [volgnummers.vul_in(regel) for regel in wachtend]
            regels = [regel for regel in wachtend if regel.tekst]
            if regels:
                self._schrijf_bestand(kanaal, levering, regels)
                yield levering

    def ruim_op(self) -> None:
        """Remove what was only kept while making the files."""
        rmtree(self._concept, ignore_errors=True)

    def _leg_weg(self) -> None:
        self._concept.mkdir(parents=True, exist_ok=True)
        for levering, regels in self._regels.items():
            with (self._concept / str(levering)).open("ab") as bestand:
                bestand.write(b"".join(msgspec.json.encode(regel) + b"\n" for regel in regels))
        self._regels.clear()
        self._aantal = 0

    def _haal_terug(self, levering: int) -> list[Wachtend]:
        pad = self._concept / str(levering)
        eerder = (
            msgspec.json.decode(b"[" + pad.read_bytes().rstrip().replace(b"\n", b",") + b"]", type=list[Wachtend])
            if pad.exists()
            else []
        )
        return eerder + self._regels.pop(levering, [])

    def _schrijf_bestand(self, kanaal: Kanaal, levering: int, regels: list[Wachtend]) -> None:
        bestand = kanaal.bestand(levering)
        pad = self._map / bestand
        pad.parent.mkdir(parents=True, exist_ok=True)
        begin, tussen, eind, codering, regeleinde = self._opmaak(kanaal)
        nummer = begin.count("\n") + 1
        for regel in regels:
            for moeilijkheid in regel.moeilijkheden:
                self.gevonden.append(Gevonden(kanaal.op(levering), bestand, nummer, moeilijkheid))
            nummer += regel.tekst.count("\n") + 1
        tekst = begin + tussen.join(regel.tekst for regel in regels) + eind
        pad.write_bytes(tekst.replace("\n", regeleinde).encode(codering))

    def _opmaak(self, kanaal: Kanaal) -> tuple[str, str, str, str, str]:
        """Give what opens a file, parts its lines and closes it, its code page, and how its lines end."""
        if kanaal.soort == "leerlingen":
            vorm = self._scholen[kanaal.namens].lijst
            return vorm.kopregel() + "\n", "\n", "\n", vorm.codering, vorm.regeleinde
        if kanaal.soort != "koppeling":
            return "", "\n", "\n", "utf-8", "\n"
        match self._mbos[kanaal.namens].vorm:
            case "regels":
                return "", "\n", "\n", "utf-8", "\n"
            case "reeks":
                return "[\n", ",\n", "\n]\n", "utf-8", "\n"
            case "reeks_bom":
                return _BOM + "[\n", ",\n", "\n]\n", "utf-8", "\r\n"
            case omhulsel:
                slot = ",\n]}\n" if omhulsel == "slordig" else "\n]}\n"
                return '{"koppelpuntCode": "0234AS", "aanmeldingen": [\n', ",\n", slot, "utf-8", "\n"


class _Volgnummers:
    """Counts the changes of one MBO's system: rising, with gaps."""

    def __init__(self, toeval: random.Random) -> None:
        self._toeval = toeval
        self._laatste = toeval.randrange(1_000, 60_000)
        self._onthouden: dict[str, int] = {}

    def vul_in(self, regel: Wachtend) -> Wachtend:
        """Put a message's number in its place."""
        if regel.herhaalt:
            nummer = self._onthouden[regel.nummer]
        else:
            self._laatste += self._toeval.randrange(1, 5)
            nummer = self._laatste
            if regel.nummer:
                self._onthouden[regel.nummer] = nummer
        return msgspec.structs.replace(regel, tekst=regel.tekst.replace(VOLGNUMMER, str(nummer)))
