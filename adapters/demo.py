"""Play a whole year of a made-up region: the files institutions would deliver, in order, on a simulated clock."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import msgspec

from overstap.adapters.app import App, app_op, hoofdsleutel_van
from overstap.adapters.beelden import werk_bij
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.jaarwisseling import Sluiting, klaar_voor_sluiting, sluit_jaar
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.koppelingen.invoer import importeer
from overstap.adapters.postgres.databank import open_databank
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.synthetische_regio import Manifest, genereer
from overstap.domain.kalender import AMSTERDAM, kalender_van
from overstap.domain.rollen import Rol

Meld = Callable[[int, str], None]
"""Hears how much is done, and what is being done."""


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
    """Write the files of the year, in place of those of an earlier demo."""
    if (map_ / "manifest.json").exists():
        shutil.rmtree(map_)
    return genereer(opzet.leerlingen, opzet.overstapjaar, opzet.zaad, map_, lambda gedaan, _totaal: meld(gedaan, ""))


@contextmanager
def open_demo(instellingen: Instellingen, begin: datetime) -> Iterator[tuple[App, GezetteKlok]]:
    """Empty the demo database of the settings, and give the whole on it with a clock that can be set.

    Raises:
        MigratieFout: when the database holds a real log.

    """
    url = instellingen.database_url.get_secret_value() if instellingen.database_url else None
    with open_databank(instellingen.datamap, url) as databank:
        databank.begin_opnieuw(Soort.DEMO)
        klok = GezetteKlok(begin)
        with app_op(databank, hoofdsleutel_van(instellingen), instellingen, klok) as app:
            yield app, klok


def speel(app: App, klok: GezetteKlok, manifest: Manifest, map_: Path, meld: Meld) -> Telling:
    """Import every file at its moment of delivery, close the year after its measurement, and fold it all."""
    begin = perf_counter()
    telling = Telling()
    geweigerd: Counter[str] = Counter()
    for levering in manifest.leveringen:
        klok.zet(datetime.fromisoformat(levering.op))
        verslag = importeer(app, map_ / levering.bestand, levering.namens, Rol(levering.rol))
        telling.leveringen += 1
        telling.regels += verslag.regels
        telling.aanvaard += verslag.aanvaard
        telling.ongewijzigd += verslag.ongewijzigd
        telling.wachtbak += verslag.wachtbak
        geweigerd.update(verslag.per_code)
        telling.redenen |= {een.code: een.reden for een in verslag.geweigerd if een.code not in telling.redenen}
        meld(telling.leveringen, levering.op[:10])
    klok.zet(max(klok(), sluiting_van(manifest.overstapjaar)))
    werk_bij(app)
    uitslag = sluit_jaar(app, manifest.overstapjaar, klaar_voor_sluiting(app, manifest.overstapjaar))
    werk_bij(app)
    telling.afgesloten = uitslag.afgesloten if isinstance(uitslag, Sluiting) else 0
    telling.geweigerd = dict(geweigerd.most_common())
    telling.gebeurtenissen = app.log.laatste_positie()
    telling.seconden = perf_counter() - begin
    return telling


def begin_van(overstapjaar: int) -> datetime:
    """Give the moment at which the clock of a year's demo begins."""
    return datetime.combine(kalender_van(overstapjaar).opvoer_vanaf, time(), AMSTERDAM)


def sluiting_van(overstapjaar: int) -> datetime:
    """Give a moment on the first day on which the year may be closed."""
    return datetime.combine(kalender_van(overstapjaar).sluit_vanaf, time(9), AMSTERDAM)
