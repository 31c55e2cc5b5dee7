"""Play a whole year of a made-up region: the files institutions would deliver, in order, on a simulated clock."""

import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from time import monotonic, perf_counter
from typing import Final, NamedTuple

import msgspec

from overstap.adapters.app import App
from overstap.adapters.beelden import werk_bij
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.jaarwisseling import Aanvraag, Sluiting, klaar_voor_sluiting, sluit_jaar
from overstap.adapters.klok import GezetteKlok, LopendeKlok
from overstap.adapters.koppelingen.invoer import importeer
from overstap.adapters.postgres.databank import Databank, open_databank
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.stopteken import Stopteken
from overstap.adapters.synthetische_regio import Levering, Manifest, genereer
from overstap.domain.kalender import AMSTERDAM, kalender_van
from overstap.domain.rollen import Actor, Rol

Meld = Callable[[int, str], None]
"""Hears how much is done, and what is being done."""
_INRICHTING: Final = frozenset({"parameters", "organisaties"})
_MAAND: Final = 365.25 / 12 * 24 * 3600
"""Seconds in a month."""


def _zwijg(_gedaan: int, _wat: str) -> None:
    """Tell nobody."""


class Opzet(NamedTuple):
    """What to play."""

    leerlingen: int
    overstapjaar: int
    zaad: int


class Telling(msgspec.Struct, kw_only=True):
    """What came of all deliveries together, in lines; geweigerd counts by code, redenen has a sentence for each."""

    leveringen: int = 0
    regels: int = 0
    aanvaard: int = 0
    ongewijzigd: int = 0
    wachtbak: int = 0
    geweigerd: dict[str, int] = {}
    redenen: dict[str, str] = {}
    gebeurtenissen: int = 0
    afgesloten: int = 0
    seconden: float = 0.0

    @property
    def gebeurtenissen_per_seconde(self) -> float:
        """How fast the year went, from the first file to the last read model."""
        return self.gebeurtenissen / self.seconden if self.seconden else 0.0


def schrijf_bestanden(opzet: Opzet, map_: Path, meld: Meld) -> Manifest:
    """Write the files of the year, in place of those of an earlier demo; cut off, the next one writes them anew."""
    nieuw, oud = (map_.with_name(f"{map_.name}.{wat}") for wat in ("nieuw", "oud"))
    for een in (nieuw, oud):
        shutil.rmtree(een, ignore_errors=True)
    manifest = genereer(
        opzet.leerlingen, opzet.overstapjaar, opzet.zaad, nieuw, lambda gedaan, _totaal: meld(gedaan, "")
    )
    if map_.exists():
        map_.rename(oud)
    nieuw.rename(map_)
    shutil.rmtree(oud, ignore_errors=True)
    return manifest


@contextmanager
def open_demo(instellingen: Instellingen) -> Iterator[Databank]:
    """Empty the demo database of the settings, and give it.

    Raises:
        MigratieFout: when the database holds a real log.

    """
    url = instellingen.database_url.get_secret_value() if instellingen.database_url else None
    with open_databank(instellingen.datamap, url) as databank:
        databank.begin_opnieuw(Soort.DEMO)
        yield databank


class Spel:
    """The files of a year, imported one after another, and what came of them together."""

    def __init__(self, manifest: Manifest, map_: Path) -> None:
        self.manifest = manifest
        self.over = deque(manifest.leveringen)
        """What is still to be delivered."""
        self._map = map_
        self._begin = perf_counter()
        self._telling = Telling()
        self._geweigerd: Counter[str] = Counter()

    def lever(self, app: App, meld: Meld = _zwijg) -> None:
        """Import the next file."""
        levering, telling = self.over.popleft(), self._telling
        verslag = importeer(app, self._map / levering.bestand, levering.namens, Rol(levering.rol))
        telling.leveringen += 1
        telling.regels += verslag.regels
        telling.aanvaard += verslag.aanvaard
        telling.ongewijzigd += verslag.ongewijzigd
        telling.wachtbak += verslag.wachtbak
        self._geweigerd.update(verslag.per_code)
        telling.redenen |= {een.code: een.reden for een in verslag.geweigerd if een.code not in telling.redenen}
        meld(telling.leveringen, levering.op[:10])

    def sluit(self, app: App) -> Telling:
        """Close the year, fold it all, and tell what came of it."""
        jaar, telling = self.manifest.overstapjaar, self._telling
        werk_bij(app)
        systeem = Actor(account="systeem", rol=Rol.SYSTEEM, organisatie=app.regio, regio=app.regio)
        uitslag = sluit_jaar(app, jaar, klaar_voor_sluiting(app, jaar), Aanvraag(systeem, "opdrachtregel"))
        werk_bij(app)
        telling.afgesloten = uitslag.afgesloten if isinstance(uitslag, Sluiting) else 0
        telling.geweigerd = dict(self._geweigerd.most_common())
        telling.gebeurtenissen = app.log.laatste_positie()
        telling.seconden = perf_counter() - self._begin
        return telling


def speel(app: App, klok: GezetteKlok, spel: Spel, meld: Meld) -> Telling:
    """Import every file at its moment of delivery, and close the year after its measurement."""
    while spel.over:
        klok.zet(moment_van(spel.over[0]))
        spel.lever(app, meld)
    klok.zet(max(klok(), sluiting_van(spel.manifest.overstapjaar)))
    return spel.sluit(app)


def richt_in(app: App, klok: GezetteKlok, spel: Spel) -> None:
    """Import what comes before the first pupil: the rules of the year, the organisations and who works there."""
    while spel.over and spel.over[0].soort in _INRICHTING:
        klok.zet(moment_van(spel.over[0]))
        spel.lever(app)


def klok_voor(spel: Spel, maand: float) -> LopendeKlok:
    """Give a clock that begins now, at the next file, and goes through a month in so many seconds, to the end."""
    einde = max(moment_van(spel.over[-1]), sluiting_van(spel.manifest.overstapjaar))
    return LopendeKlok(moment_van(spel.over[0]), einde, monotonic(), _MAAND / maand)


def speel_mee(app: App, klok: LopendeKlok, spel: Spel, stop: Stopteken, meld: Meld) -> Telling | None:
    """Import every file when the clock comes to its moment; None when it was stopped before the year was over."""
    while spel.over:
        stop.wacht(klok.seconden_tot(moment_van(spel.over[0])))
        if stop.is_gegeven:
            return None
        spel.lever(app, meld)
    stop.wacht(klok.seconden_tot(klok.einde))
    return None if stop.is_gegeven else spel.sluit(app)


def moment_van(levering: Levering) -> datetime:
    """Give the moment of a delivery."""
    return datetime.fromisoformat(levering.op)


def begin_van(overstapjaar: int) -> datetime:
    """Give the moment at which the clock of a year's demo begins."""
    return datetime.combine(kalender_van(overstapjaar).opvoer_vanaf, time(), AMSTERDAM)


def sluiting_van(overstapjaar: int) -> datetime:
    """Give a moment on the first day on which the year may be closed."""
    return datetime.combine(kalender_van(overstapjaar).sluit_vanaf, time(9), AMSTERDAM)
