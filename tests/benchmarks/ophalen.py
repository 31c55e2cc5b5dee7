"""Measure GET of one overstap, access logged, beside the same server doing only a scoped read by key.

`python -m tests.benchmarks.ophalen [seconds a run]`. Beside it a GET that does nothing. All behind the same gate and
sign-in, in one process of its own; the callers share another.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from fastapi import FastAPI, Request, Response

from overstap.adapters.http.antwoorden import in_json
from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.identiteit.proefuitgever import Proefuitgever
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.opdracht import Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.telemetry import richt_in
from tests.adapters.opstelling import DECAAN, app, opvoer, richt_regio_in
from tests.benchmarks.deur import bediend, neem_op, tempo
from tests.benchmarks.meting import Rij, eigen_server, in_beurten, tabel

RONDES = 5
BELLERS = 16
LEERLINGEN = 500
_SLEUTEL = b"SELECT versie, status FROM beeld.actueel WHERE overstap = %s"


async def doe_niets(_request: Request, _actor: Wie) -> Response:
    """Answer at once."""
    return in_json({})


async def lees_een(request: Request, overstap: UUID, actor: Wie) -> Response:
    """Read one row by its key in a transaction in the caller's scope, and nothing else."""
    async with dienst_van(request).in_bereik(actor) as cursor:
        rij = await (await cursor.execute(_SLEUTEL, (overstap,), prepare=True)).fetchone()
    return in_json({"rij": rij})


async def lees_een_in_een_rit(request: Request, overstap: UUID, actor: Wie) -> Response:
    """Do the same in one round trip, as GET of an overstap itself reads."""
    return in_json({"rij": await dienst_van(request).lees_rij(actor, _SLEUTEL, (overstap,))})


def erbij(toepassing: FastAPI) -> None:
    """Add the two beside which is measured."""
    bronnen: dict[str, Callable[..., Any]] = {
        "/v1/meting/niets": doe_niets,
        "/v1/meting/overstappen/{overstap}": lees_een,
        "/v1/meting/ritten/{overstap}": lees_een_in_een_rit,
    }
    neem_op(toepassing, bronnen, "GET")


def vraag(token: str, paden: list[str], nummer: int) -> bytes:
    """Ask for one of these."""
    pad = paden[nummer % len(paden)]
    return f"GET {pad} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def rijen(duur: float = 2.0) -> list[Rij]:
    """Measure."""
    with eigen_server() as server, TemporaryDirectory() as plek:
        databank = Databank(server.adres(Login.EIGENAAR, "ophalen"), server.wachtwoorden)
        server.maak_databank("ophalen")
        databank.migreer(Soort.DEMO)
        datamap = Path(plek)
        with app(databank) as geheel:
            richt_regio_in(geheel)
            opdrachten = [opvoer(geheel, f"{610_000_000 + nummer}") for nummer in range(LEERLINGEN)]
            if not all(isinstance(een, Vastgelegd) for een in geheel.bus.verwerk(opdrachten)):
                raise AssertionError("not all pupils were entered")
        with Werker(databank) as werker:
            werker.bijwerken_tot()
        with databank.verbind(Login.PROJECTIE) as verbinding:  # as the server itself does within a minute
            verbinding.execute("ANALYZE beeld.actueel, beeld.persoonsgegevens")
        token = Proefuitgever(datamap).token(DECAAN)
        heel = [f"/v1/overstappen/{een.stroom}" for een in opdrachten]
        kaal = [f"/v1/meting/overstappen/{een.stroom}" for een in opdrachten]
        rit = [f"/v1/meting/ritten/{een.stroom}" for een in opdrachten]
        with bediend(databank, datamap, erbij) as poort:
            proeven = [
                partial(tempo, poort, partial(vraag, token, paden), duur, BELLERS)
                for paden in (heel, kaal, rit, ["/v1/meting/niets"])
            ]
            for proef in proeven:
                proef()  # connections, plans and caches
            onze, een_lezing, een_rit, niets = in_beurten(*proeven, rondes=RONDES)
    return [
        Rij(
            naam="GET of one overstap, access logged; beside a scoped read by key",
            eenheid="answers/s",
            onze=onze,
            referentie=een_lezing,
            doel=0.7,
        ),
        Rij(
            naam="the same, beside that read in one round trip",
            eenheid="answers/s",
            onze=onze,
            referentie=een_rit,
        ),
        Rij(naam="the same, beside a GET that does nothing", eenheid="answers/s", onze=onze, referentie=niets),
    ]


if __name__ == "__main__":
    richt_in("error")
    print(tabel(rijen(float(sys.argv[1]) if len(sys.argv) > 1 else 2.0)))
