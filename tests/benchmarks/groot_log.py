"""Logs of ten thousand, a million and ten million events, made through the append and kept below build/ for next time.

One year of the synthetic region is imported, so decided. It is then added again and again under other ids, each request
with its receipt, claims and data key, so that every chain is whole and every stream folds.
"""

import hashlib
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from itertools import count, groupby, islice
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from psycopg.sql import SQL, Identifier

from overstap.adapters.app import app_op, hoofdsleutel_van
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.koppelingen.levering import KETENID
from overstap.adapters.opruimen import zelden_opruimen
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort, migraties
from overstap.adapters.postgres.server import Server
from overstap.adapters.postgres.toevoeging import Aanspraak, Afloop, Datasleutel, Kwitantie, Toevoeging, Uitkomst
from overstap.adapters.stroomsoorten import ORGANISATIE, PROCEDURE
from overstap.domain.feiten import FeitVanOrganisatie, FeitVanProcedure
from overstap.domain.feiten.aanmelding import AanmeldingOntvangen
from overstap.domain.feiten.overstap import OverstapOpgevoerd
from overstap.domain.gebeurtenis import Gebeurtenis
from tests.benchmarks.invoer import NA_HET_JAAR
from tests.benchmarks.jaarbestanden import OVERSTAPJAAR, lever, schrijf_jaarbestanden

PLEK = Path("build/bench")
KLEIN, MILJOEN, TIEN_MILJOEN = 10_000, 1_000_000, 10_000_000
LEERLINGEN = 7_000
PER_AANROEP = 1_000
_TIJDELIJK = ("nieuw_", "jaar_", "kopie_", "kaal_")
_UITGAVE = b"1"
"""How this file makes a log: with another number those that were kept are made anew."""
_SLEUTEL = 60
"""How many bytes a wrapped data key has."""


@contextmanager
def vaste_server() -> Iterator[Server]:
    """Start the PostgreSQL that keeps the large logs, with fsync."""
    PLEK.mkdir(parents=True, exist_ok=True)
    server = Server(PLEK / "server")
    try:
        for naam in namen_van(server):
            if naam.startswith(_TIJDELIJK):  # a run that was broken off left it behind
                server.verwijder_databank(naam)
        yield server
    finally:
        server.laat_los()


def groot_log(server: Server, aantal: int) -> Databank:
    """Give the database with a log of about so many events; it is made when there is none of the present shape."""
    naam = f"log_{aantal}_{_vorm()}"
    databank = Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden)
    if naam in (namen := namen_van(server)):
        return databank
    for oud in namen:
        if oud.startswith(f"log_{aantal}_"):
            server.verwijder_databank(oud)
    begin = time.perf_counter()
    nieuw = f"nieuw_{aantal}"
    server.maak_databank(nieuw)
    in_aanbouw = Databank(server.adres(Login.EIGENAAR, nieuw), server.wachtwoorden)
    in_aanbouw.migreer(Soort.DEMO)
    gevuld = _vul(in_aanbouw, _jaar(server), aantal)
    with in_aanbouw.verbind(Login.EIGENAAR) as verbinding:
        verbinding.execute("VACUUM (ANALYZE)")
    hernoem(server, nieuw, naam)
    print(f"a log of {gevuld:,} events was made in {time.perf_counter() - begin:.0f} s; it is kept in {PLEK}")
    return databank


def namen_van(server: Server) -> list[str]:
    """Name the databases there are."""
    with server._als_supergebruiker() as verbinding:
        return [naam for (naam,) in verbinding.execute("SELECT datname FROM pg_database")]


def hernoem(server: Server, van: str, naar: str) -> None:
    """Give a database the name by which it is kept: it is whole now."""
    with server._als_supergebruiker() as verbinding:
        verbinding.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(van), Identifier(naar)))


@contextmanager
def kopie_van(server: Server, databank: Databank) -> Iterator[Databank]:
    """Copy a database file by file, to write in; it is removed at the end."""
    naam = f"kopie_{time.monotonic_ns()}"
    with server._als_supergebruiker() as verbinding:
        verbinding.execute(
            SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy").format(
                Identifier(naam), Identifier(Login.EIGENAAR), Identifier(databank.adres["dbname"])
            )
        )
    try:
        yield Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden)
    finally:
        server.verwijder_databank(naam)


def _vorm() -> str:
    """Name the shape of what is stored: the migrations, the facts, and how a log is made of them."""
    som = hashlib.sha256(_UITGAVE)
    for migratie in migraties():
        som.update(migratie.controlesom)
    for bestand in sorted(files("overstap.domain.feiten").iterdir(), key=lambda een: een.name):
        if bestand.name.endswith(".py"):
            som.update(bestand.read_bytes())
    return som.hexdigest()[:12]


@cache
def _jaar(server: Server) -> list[Gebeurtenis]:
    """Import a year of the region and give all its events."""
    naam = f"jaar_{time.monotonic_ns()}"
    server.maak_databank(naam)
    databank = Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden)
    databank.migreer(Soort.DEMO)
    try:
        with tempfile.TemporaryDirectory(prefix="overstap-meting-") as plek:
            bestanden = schrijf_jaarbestanden(LEERLINGEN, Path(plek))
            instellingen = Instellingen(datamap=Path(plek), logniveau="error")
            with app_op(databank, hoofdsleutel_van(instellingen), instellingen, GezetteKlok(NA_HET_JAAR)) as app:
                lever(app, bestanden.inrichting)
                lever(app, bestanden.gemeten)
                return app.log.lees(0, app.log.laatste_positie())
    finally:
        server.verwijder_databank(naam)


def _vul(databank: Databank, jaar: list[Gebeurtenis], aantal: int) -> int:
    """Add the year so often that there are this many events; each batch is made while the log works on the last."""
    gevuld = 0
    onderweg = None
    with zelden_opruimen(), databank.verbind(Login.SCHRIJVER) as verbinding:
        log = Log(verbinding)
        alle = _toevoegingen(jaar, aantal)
        while stapel := list(islice(alle, PER_AANROEP)):
            if onderweg:
                _eis_vastgelegd(log.ontvang(onderweg).uitkomsten)
            onderweg = log.verstuur(stapel, NA_HET_JAAR)
            gevuld += sum(len(een.gebeurtenissen) for een in stapel)
        if onderweg:
            _eis_vastgelegd(log.ontvang(onderweg).uitkomsten)
    return gevuld


def _eis_vastgelegd(uitkomsten: list[Uitkomst]) -> None:
    anders = Counter(een.afloop for een in uitkomsten if een.afloop is not Afloop.VASTGELEGD)
    if anders:
        raise AssertionError(f"the log did not take in what was decided before: {anders}")


def _toevoegingen(jaar: list[Gebeurtenis], aantal: int) -> Iterator[Toevoeging]:
    vast = [een for een in jaar if isinstance(een.feit, FeitVanOrganisatie | FeitVanProcedure)]
    wisselend = [een for een in jaar if not isinstance(een.feit, FeitVanOrganisatie | FeitVanProcedure)]
    yield from _verzoeken(vast, 0)
    over = aantal - len(vast)
    for kopie in count():
        deel = wisselend if over >= len(wisselend) else _enkele_stromen(wisselend, over)
        yield from _verzoeken(deel, kopie)
        over -= len(deel)
        if over <= 0:
            return


def _enkele_stromen(gebeurtenissen: list[Gebeurtenis], aantal: int) -> list[Gebeurtenis]:
    """Keep whole streams, as many as it takes to have this many events."""
    lengten = Counter(een.originator_id.int for een in gebeurtenissen)
    gekozen = set()
    for stroom, lengte in lengten.items():
        if aantal <= 0:
            break
        gekozen.add(stroom)
        aantal -= lengte
    return [een for een in gebeurtenissen if een.originator_id.int in gekozen]


def _verzoeken(gebeurtenissen: list[Gebeurtenis], kopie: int) -> Iterator[Toevoeging]:
    """Make the requests that these events came of, under the ids of this copy."""
    masker = int.from_bytes(hashlib.sha256(str(kopie).encode()).digest()[:16], "big") if kopie else 0
    for _, eigen in groupby(gebeurtenissen, lambda een: (een.originator_id.int, een.correlatie)):
        yield _verzoek(list(_verplaatst(eigen, masker)), kopie)


def _verplaatst(gebeurtenissen: Iterable[Gebeurtenis], masker: int) -> Iterator[Gebeurtenis]:
    for een in gebeurtenissen:
        stroom = UUID(int=een.originator_id.int ^ masker)
        yield replace(
            een,
            originator_id=stroom,
            correlatie=UUID(int=een.correlatie.int ^ masker) if een.correlatie else None,
            oorzaak=f"{stroom}@{een.oorzaak.partition('@')[2]}" if een.oorzaak else None,
        )


def _verzoek(gebeurtenissen: list[Gebeurtenis], kopie: int) -> Toevoeging:
    eerste = gebeurtenissen[0]
    som = hashlib.sha512(eerste.originator_id.bytes + eerste.originator_version.to_bytes(8, "big")).digest()
    stroom, regio = eerste.originator_id, eerste.regio
    aanspraken = [
        Aanspraak(KETENID, f"{regio}/{een.feit.keten_id}/{kopie}".encode(), stroom)
        for een in gebeurtenissen
        if isinstance(een.feit, AanmeldingOntvangen) and een.feit.keten_id
    ]
    if isinstance(eerste.feit, OverstapOpgevoerd):
        aanspraken.append(Aanspraak("pgn", som[:32], stroom, regio, OVERSTAPJAAR))
    elif eerste.originator_version == 1 and isinstance(eerste.feit, FeitVanOrganisatie | FeitVanProcedure):
        soort = ORGANISATIE if isinstance(eerste.feit, FeitVanOrganisatie) else PROCEDURE
        aanspraken.append(Aanspraak(soort.naam, stroom.bytes, stroom))
    sleutels = [Datasleutel(stroom, som[:_SLEUTEL])] if isinstance(eerste.feit, OverstapOpgevoerd) else []
    return Toevoeging(
        gebeurtenissen,
        aanspraken=aanspraken,
        kwitantie=Kwitantie(eerste.organisatie, som[16:32], som[32:]),
        datasleutels=sleutels,
    )


def leerlingen(databank: Databank, aantal: int) -> list[tuple[UUID, str]]:
    """Give pupils from all over the log, each with the school that entered him."""
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        rijen: list[Any] = verbinding.execute(
            "SELECT originator_id, state->>'school' FROM log.gebeurtenissen_json"
            " WHERE topic = 'overstap-opgevoerd.v1' ORDER BY md5(originator_id::text) LIMIT %s",
            (aantal,),
        ).fetchall()
    return rijen
