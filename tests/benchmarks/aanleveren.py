"""Measure a batch of lines over HTTP (POST aanleveringen, NDJSON), beside the import of the command line.

`python -m tests.benchmarks.aanleveren [lines]`. Every line is a step, judged apart and durable when it is answered;
either way the lines are new each time, and about the same pupils in the same database.
"""

import http.client
import json
import sys
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import UUID, uuid4

from fastapi import FastAPI

from overstap.adapters.app import App, app_op, hoofdsleutel_van
from overstap.adapters.http.aanleveringen import NDJSON
from overstap.adapters.http.identiteit.proefuitgever import Proefuitgever
from overstap.adapters.koppelingen import importeer
from overstap.adapters.opdracht import Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.telemetry import richt_in
from overstap.domain.rollen import Rol
from tests.adapters.opstelling import DECAAN, SCHOOL, app, opvoer, richt_regio_in
from tests.benchmarks.deur import bediend
from tests.benchmarks.meelezers import instellingen
from tests.benchmarks.meting import Rij, eigen_server, in_beurten, tabel

RONDES = 5
REGELS = 5_000
LEERLINGEN = 1_000
_rondes = count()


def inhoud(stromen: list[UUID], regels: int) -> bytes:
    """Write so many steps about these pupils, one a line, as no earlier file had them."""
    ronde = next(_rondes)
    return b"".join(
        json.dumps(
            {
                "verzoek": "leg_warme_overdracht_vast",
                "leerling": {"overstap": str(stromen[(ronde + nummer) % len(stromen)])},
                "sleutel": f"{ronde}-{nummer}",
                "datum": f"2026-01-0{1 + (ronde + nummer) % 9}",
            }
        ).encode()
        + b"\n"
        for nummer in range(regels)
    )


def over_http(poort: int, token: str, ruw: bytes) -> float:
    """Deliver over HTTP; give accepted lines/s."""
    lijn = http.client.HTTPConnection("127.0.0.1", poort, timeout=120)
    koppen = {"Authorization": f"Bearer {token}", "Content-Type": NDJSON, "Idempotency-Key": uuid4().hex}
    begin = perf_counter()
    lijn.request("POST", "/v1/aanleveringen", ruw, koppen)
    blad = json.loads(lijn.getresponse().read())
    seconden = perf_counter() - begin
    lijn.close()
    return _tempo(int(blad["aanvaard"]), ruw, seconden)


def per_opdrachtregel(geheel: App, pad: Path, ruw: bytes) -> float:
    """Import a file as the command line does; give accepted lines/s."""
    pad.write_bytes(ruw)
    begin = perf_counter()
    verslag = importeer(geheel, pad, SCHOOL, Rol.DECAAN)
    return _tempo(verslag.aanvaard, ruw, perf_counter() - begin)


def _tempo(aanvaard: int, ruw: bytes, seconden: float) -> float:
    if aanvaard != ruw.count(b"\n"):
        raise AssertionError(f"{aanvaard} lines were accepted")
    return aanvaard / seconden


def niets_erbij(_toepassing: FastAPI) -> None:
    """Add no endpoint."""


def rijen(regels: int = REGELS) -> list[Rij]:
    """Measure."""
    with eigen_server() as server, TemporaryDirectory() as plek:
        databank = Databank(server.adres(Login.EIGENAAR, "aanleveren"), server.wachtwoorden)
        server.maak_databank("aanleveren")
        databank.migreer(Soort.DEMO)
        datamap = Path(plek)
        with app(databank) as geheel:
            richt_regio_in(geheel)
            opdrachten = [opvoer(geheel, f"{630_000_000 + nummer}") for nummer in range(LEERLINGEN)]
            if not all(isinstance(een, Vastgelegd) for een in geheel.bus.verwerk(opdrachten)):
                raise AssertionError("not all pupils were entered")
            stromen = [een.stroom for een in opdrachten]
        token = Proefuitgever(datamap).token(DECAAN)
        met = instellingen(datamap)
        with bediend(databank, datamap, niets_erbij) as poort, app_op(databank, hoofdsleutel_van(met), met) as geheel:

            def onze() -> float:
                return over_http(poort, token, inhoud(stromen, regels))

            def opdrachtregel() -> float:
                return per_opdrachtregel(geheel, datamap / "stappen.ndjson", inhoud(stromen, regels))

            for proef in (onze, opdrachtregel):
                proef()  # connections, plans and caches
            over_de_lijn, uit_bestand = in_beurten(onze, opdrachtregel, rondes=RONDES)
    return [
        Rij(
            naam=f"{regels:,} lines over HTTP, beside the import of the command line",
            eenheid="lines/s",
            onze=over_de_lijn,
            referentie=uit_bestand,
            doel=0.7,
        )
    ]


if __name__ == "__main__":
    richt_in("error")
    print(tabel(rijen(int(sys.argv[1]) if len(sys.argv) > 1 else REGELS)))
