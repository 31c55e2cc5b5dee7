"""The one place that wires the parts: settings in, a working whole out."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from overstap.adapters.bus import Bus
from overstap.adapters.drooglog import Drooglog
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.kaders import Kaders
from overstap.adapters.klok import EchteKlok, GezetteKlok, Klok
from overstap.adapters.opzoeken import Opzoeker
from overstap.adapters.postgres.databank import Databank, open_databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.toestanden import Toestanden
from overstap.adapters.vault import (
    Hoofdsleutel,
    HoofdsleutelOngeldig,
    Kluis,
    Sleutelbestand,
    maak_sleutelbestand,
    sleutel_uit_tekst,
)


@dataclass(frozen=True)
class App:
    """What works together, as overstap_schrijver; for one thread."""

    regio: str
    databank: Databank
    log: Log
    opzoeker: Opzoeker
    kluis: Kluis
    kaders: Kaders
    bus: Bus
    klok: Klok
    bewaar_kwitanties: timedelta


@contextlib.contextmanager
def open_app(instellingen: Instellingen, klok: Klok | None = None) -> Iterator[App]:
    """Open the database of the settings and give the whole; the embedded database is migrated first.

    Raises:
        DatabankFout: when the database cannot be reached, or is not of this version.
        KluisFout: when there is no master key.

    """
    url = instellingen.database_url.get_secret_value() if instellingen.database_url else None
    with open_databank(instellingen.datamap, url) as databank:
        if url is None:
            databank.migreer(Soort.ECHT)
        with app_op(databank, hoofdsleutel_van(instellingen), instellingen, klok) as app:
            yield app


@contextlib.contextmanager
def app_op(
    databank: Databank, hoofdsleutel: Hoofdsleutel, instellingen: Instellingen, klok: Klok | None = None
) -> Iterator[App]:
    """Give the whole on a database that is open and migrated.

    Without a clock a real database gets the real one, and a demo database one that stands at its last event.
    """
    with databank.verbind(Login.SCHRIJVER) as lezer, databank.verbind(Login.SCHRIJVER) as schrijver:
        # A connection apart for adding: the bus reads and decides on while the log records.
        yield _zet_in_elkaar(databank, hoofdsleutel, instellingen, klok, Log(lezer, schrijver), Opzoeker(lezer))


@contextlib.contextmanager
def droge_app_op(
    databank: Databank, hoofdsleutel: Hoofdsleutel, regio: str, klok: Klok
) -> Iterator[tuple[App, Drooglog]]:
    """Give the whole with a log that records nothing, and that log: to try what a delivery would do.

    It reads over a connection of its own, which cannot write.
    """
    with databank.verbind(Login.SCHRIJVER) as lezer:
        opzoeker = Opzoeker(lezer)
        log = Drooglog(lezer, opzoeker)
        instellingen = Instellingen(regio=regio, _env_file=None)  # type: ignore[call-arg]  # how it is run is not asked
        yield _zet_in_elkaar(databank, hoofdsleutel, instellingen, klok, log, opzoeker), log


def _zet_in_elkaar(  # noqa: PLR0913, PLR0917  # the parts
    databank: Databank,
    hoofdsleutel: Hoofdsleutel,
    instellingen: Instellingen,
    klok: Klok | None,
    log: Log,
    opzoeker: Opzoeker,
) -> App:
    kaders, kluis = Kaders(), Kluis(hoofdsleutel, opzoeker.datasleutels)
    if klok is None:
        stand = opzoeker.stand_van_de_demo()
        klok = GezetteKlok(stand) if stand else EchteKlok()
    toestanden = Toestanden(log, opzoeker, kaders, hoogstens=instellingen.toestanden)
    return App(
        regio=instellingen.regio,
        databank=databank,
        log=log,
        opzoeker=opzoeker,
        kluis=kluis,
        kaders=kaders,
        bus=Bus(log=log, opzoeker=opzoeker, kluis=kluis, kaders=kaders, toestanden=toestanden, klok=klok),
        klok=klok,
        bewaar_kwitanties=timedelta(days=instellingen.kwitanties_dagen),
    )


def hoofdsleutel_van(instellingen: Instellingen) -> Hoofdsleutel:
    """Give the master key of the settings; the embedded database has one in its data folder, made when missing.

    Raises:
        HoofdsleutelOngeldig: when it cannot be read, or a database elsewhere has none.

    """
    pgn = sleutel_uit_tekst(instellingen.pgn_sleutel.get_secret_value()) if instellingen.pgn_sleutel else None
    if instellingen.hoofdsleutel:
        return Hoofdsleutel(sleutel_uit_tekst(instellingen.hoofdsleutel.get_secret_value()), pgn=pgn)
    if instellingen.hoofdsleutel_bestand:
        return Sleutelbestand(instellingen.hoofdsleutel_bestand, pgn).lees()
    eigen = instellingen.datamap / "hoofdsleutel"
    if instellingen.database_url and not eigen.exists():
        raise HoofdsleutelOngeldig(
            "Er is geen hoofdsleutel. Geef die met OVERSTAP_HOOFDSLEUTEL of OVERSTAP_HOOFDSLEUTEL_BESTAND; "
            "maak een nieuwe met: openssl rand -base64 32"
        )
    maak_sleutelbestand(eigen)
    return Sleutelbestand(eigen, pgn).lees()
