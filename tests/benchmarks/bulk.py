"""Measure bulk, decided, durable and with receipts, beside COPY of the very same rows and the library's save."""

import time
from collections.abc import Callable
from typing import Any

import psycopg

from overstap.adapters.app import App
from overstap.adapters.opdracht import Opdracht, Vastgelegd
from overstap.adapters.opruimen import zelden_opruimen
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.server import Server
from tests.adapters.opstelling import app, opvoer, richt_regio_in
from tests.benchmarks.enkele_verzoeken import LEERLINGEN, Verzoeken
from tests.benchmarks.kale_bibliotheek import bewaar_leerlingen, kale_toepassing
from tests.benchmarks.meting import Rij, eigen_server, in_beurten

RONDES = 5
AANTAL = 10_000
PER_KEER = 2_000
"""How many requests' rows COPY commits together: as many lines as an import takes in at a time."""
TABELLEN = {
    "gebeurtenissen": "int8 uuid int8 text bytea text timestamptz timestamptz text text text uuid text text bytea",
    "kwitanties": "text bytea bytea text int8 int4 int8 uuid timestamptz",
}
"""The tables a request leaves rows in, with the types of their columns."""


def rijen() -> list[Rij]:
    """Measure requests of one and of two facts."""
    with eigen_server() as server:
        return [rij for feiten in (1, 2) for rij in _van(server, feiten)]


def _van(server: Server, feiten: int) -> list[Rij]:
    server.maak_databank(naam := f"bulk_{feiten}")
    databank = Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden)
    databank.migreer(Soort.DEMO)
    with app(databank) as geheel, kale_toepassing(server) as kaal:
        richt_regio_in(geheel)
        opdrachten = [opvoer(geheel, str(900_000_000 + nummer)) for nummer in range(LEERLINGEN)]
        geheel.bus.verwerk(opdrachten)
        verzoeken = Verzoeken([opdracht.stroom for opdracht in opdrachten])
        proef = Proef(geheel, verzoeken.met_een_feit if feiten == 1 else verzoeken.met_twee_feiten, feiten)
        onze, waarden, bytes_, bibliotheek = in_beurten(
            proef.verwerk,
            proef.kopieer_waarden,
            proef.kopieer_bytes,
            lambda: bewaar_leerlingen(kaal, AANTAL),
            rondes=RONDES,
        )
    soort = f"bulk, {feiten} fact{'s' * (feiten > 1)} and a receipt"
    return [
        Rij(naam=f"{soort} / COPY in", eenheid="events/s", onze=onze, referentie=waarden, doel=0.5),
        Rij(naam=f"{soort} / COPY in of bytes ready made", eenheid="events/s", onze=onze, referentie=bytes_),
        Rij(naam=f"{soort} / library's save of 1,000", eenheid="events/s", onze=onze, referentie=bibliotheek, doel=1.0),
    ]


class Proef:
    """Puts requests to the bus, and copies the rows that the last of them left into tables of the same shape."""

    def __init__(self, geheel: App, maak: Callable[[], Opdracht], feiten: int) -> None:
        self._app = geheel
        self._maak = maak
        self._feiten = feiten
        self._positie = 0

    def verwerk(self) -> float:
        """Decide and record; give events/s. Making the requests is left out of the time."""
        opdrachten = [self._maak() for _ in range(AANTAL)]
        self._positie = self._app.log.laatste_positie()
        with zelden_opruimen():
            begin = time.perf_counter()
            resultaten = self._app.bus.verwerk(opdrachten)
            duur = time.perf_counter() - begin
        assert all(isinstance(een, Vastgelegd) and len(een.gebeurtenissen) == self._feiten for een in resultaten)
        return len(resultaten) * self._feiten / duur

    def kopieer_waarden(self) -> float:
        """Copy the rows in from Python's values, as a program that has them would; give events/s."""
        return self._kopieer(self._waarden, _schrijf_waarden)

    def kopieer_bytes(self) -> float:
        """Copy the rows in from bytes that stood ready: what the server alone can take; give events/s."""
        return self._kopieer(self._bytes, _schrijf_bytes)

    def _kopieer(self, lees: Callable[[str], Any], schrijf: Callable[[psycopg.Copy, Any], None]) -> float:
        """Copy in the same batches, each committed, into tables with the indexes and checks of ours."""
        per_keer, laatste = PER_KEER * self._feiten, self._positie + AANTAL * self._feiten
        stapels = [
            {
                tabel: lees(
                    f"SELECT * FROM log.{tabel} WHERE positie > {van} AND positie <= {van + per_keer} ORDER BY positie"
                )
                for tabel in TABELLEN
            }
            for van in range(self._positie, laatste, per_keer)
        ]
        with self._app.databank.verbind(Login.EIGENAAR) as verbinding:
            for tabel in TABELLEN:
                verbinding.execute(f"CREATE TABLE public.{tabel} (LIKE log.{tabel} INCLUDING ALL)")
            with zelden_opruimen(), verbinding.cursor() as cursor:
                begin = time.perf_counter()
                for stapel in stapels:
                    with verbinding.transaction():
                        for tabel, soorten in TABELLEN.items():
                            with cursor.copy(f"COPY public.{tabel} FROM STDIN (FORMAT BINARY)") as doel:
                                doel.set_types(soorten.split())
                                schrijf(doel, stapel[tabel])
                duur = time.perf_counter() - begin
            [(aantal,)] = verbinding.execute("SELECT count(*) FROM public.gebeurtenissen")
            assert aantal == AANTAL * self._feiten
            for tabel in TABELLEN:
                verbinding.execute(f"DROP TABLE public.{tabel}")
        return int(aantal) / duur

    def _waarden(self, vraag: str) -> list[Any]:
        with self._app.databank.verbind(Login.SCHRIJVER) as lezer, lezer.cursor(binary=True) as cursor:
            return cursor.execute(vraag).fetchall()

    def _bytes(self, vraag: str) -> bytes:
        with (
            self._app.databank.verbind(Login.SCHRIJVER) as lezer,
            lezer.cursor() as cursor,
            cursor.copy(f"COPY ({vraag}) TO STDOUT (FORMAT BINARY)") as bron,
        ):
            return b"".join(bron)


def _schrijf_waarden(doel: psycopg.Copy, rijen_: list[Any]) -> None:
    for rij in rijen_:
        doel.write_row(rij)


def _schrijf_bytes(doel: psycopg.Copy, inhoud: bytes) -> None:
    doel.write(inhoud)
