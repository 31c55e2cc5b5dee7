"""Measure a durable POST of a step, beside a POST that does nothing and one that saves by the plain library.

`python -m tests.benchmarks.stappen_zetten [seconds a run]`. All three pass the same gate, sign-in, validation and
access check and are written in the log of access before they answer, by one worker in a process of its own; the callers
share another.
"""

import sys
from collections.abc import Mapping
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from eventsourcing.application import Application
from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from overstap.adapters.http.antwoorden import in_json, verwachte_versie
from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.identiteit.proefuitgever import Proefuitgever
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lezen import eis_overstap
from overstap.adapters.http.lichaam import lees
from overstap.adapters.http.stappen import IdempotencyKey, IfMatch, OverstapId
from overstap.adapters.http.stapverzoeken import STAPPEN
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.opdracht import Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.telemetry import richt_in
from overstap.domain.rollen import Actor
from tests.adapters.opstelling import DECAAN, app, opvoer, richt_regio_in
from tests.benchmarks.deur import bediend, neem_op, tempo
from tests.benchmarks.kale_bibliotheek import Leerling, kale_omgeving
from tests.benchmarks.meting import Rij, eigen_server, in_beurten, tabel

RONDES = 5
BELLERS = 32
LEERLINGEN = 500
DRADEN = 16
"""With so many connections the library writes."""
STAP = "leg_warme_overdracht_vast"
_INHOUD = b'{"datum":"2026-01-09"}'
_nummers = count()


async def doe_niets(
    request: Request, overstap_id: OverstapId, actor: Wie, _sleutel: IdempotencyKey, _als: IfMatch = None
) -> Response:
    """Do all that comes before a step and after it, and record nothing."""
    await _keur(request, overstap_id)
    await _log(request, overstap_id, actor)
    return in_json({})


async def bewaar(
    request: Request, overstap_id: OverstapId, actor: Wie, _sleutel: IdempotencyKey, _als: IfMatch = None
) -> Response:
    """Do the same, and let the library save one event that nobody judged."""
    await _keur(request, overstap_id)
    kaal: Application[UUID] = request.app.state.kaal
    await run_in_threadpool(lambda: kaal.save(Leerling()))
    await _log(request, overstap_id, actor)
    return in_json({})


async def _keur(request: Request, overstap: UUID) -> None:
    await lees(request, STAPPEN[STAP])
    verwachte_versie(request)
    await eis_overstap(dienst_van(request), overstap)


async def _log(request: Request, overstap: UUID, actor: Actor) -> None:
    await verantwoord(request, actor, [overstap], handeling=STAP, onderwerp="overstap")


def erbij(omgeving: Mapping[str, str], toepassing: FastAPI) -> None:
    """Add the two beside which is measured."""
    toepassing.state.kaal = Application[UUID](env=omgeving)
    bronnen = {"/v1/meting/{overstapId}/niets": doe_niets, "/v1/meting/{overstapId}/bewaar": bewaar}
    neem_op(toepassing, bronnen, "POST")


def verzoek(token: str, paden: list[str], nummer: int) -> bytes:
    """Write a request with a key of its own."""
    regels = (
        f"POST {paden[nummer % len(paden)]} HTTP/1.1",
        "Host: x",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        "If-Match: *",
        f"Idempotency-Key: {next(_nummers)}-{uuid4().hex}",
        f"Content-Length: {len(_INHOUD)}",
    )
    return "\r\n".join((*regels, "", "")).encode() + _INHOUD


def rijen(duur: float = 2.0) -> list[Rij]:
    """Measure."""
    with eigen_server() as server, TemporaryDirectory() as plek, kale_omgeving(server, DRADEN) as omgeving:
        databank = Databank(server.adres(Login.EIGENAAR, "stappen"), server.wachtwoorden)
        server.maak_databank("stappen")
        databank.migreer(Soort.DEMO)
        datamap = Path(plek)
        with app(databank) as geheel:
            richt_regio_in(geheel)
            opdrachten = [opvoer(geheel, f"{620_000_000 + nummer}") for nummer in range(LEERLINGEN)]
            if not all(isinstance(een, Vastgelegd) for een in geheel.bus.verwerk(opdrachten)):
                raise AssertionError("not all pupils were entered")
        token = Proefuitgever(datamap).token(DECAAN)
        stromen = [een.stroom for een in opdrachten]
        soorten = (
            [f"/v1/overstappen/{stroom}/stappen/leg-warme-overdracht-vast" for stroom in stromen],
            [f"/v1/meting/{stroom}/niets" for stroom in stromen],
            [f"/v1/meting/{stroom}/bewaar" for stroom in stromen],
        )
        with bediend(databank, datamap, partial(erbij, omgeving)) as poort:
            proeven = [partial(tempo, poort, partial(verzoek, token, paden), duur, BELLERS) for paden in soorten]
            for proef in proeven:
                proef()  # connections, plans and caches
            onze, niets, bibliotheek = in_beurten(*proeven, rondes=RONDES)
    return [
        Rij(
            naam="POST of a step, durable; beside a POST that does nothing",
            eenheid="answers/s",
            onze=onze,
            referentie=niets,
            doel=0.5,
        ),
        Rij(
            naam="the same, beside a POST that saves by the library",
            eenheid="answers/s",
            onze=onze,
            referentie=bibliotheek,
            doel=3.0,
        ),
    ]


if __name__ == "__main__":
    richt_in("error")
    print(tabel(rijen(float(sys.argv[1]) if len(sys.argv) > 1 else 2.0)))
