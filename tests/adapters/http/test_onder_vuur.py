"""Clients resend while connections break and the server is killed: each event once, and each answer the same."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from uuid import UUID

import pytest

from overstap.adapters.http.identiteit.proefuitgever import Proefuitgever
from overstap.adapters.postgres.databank import Databank, open_databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.domain.feiten.overstap import WarmeOverdrachtVastgelegd
from tests.adapters.http.deur import SLEUTEL_TEKST
from tests.adapters.opstelling import DECAAN, app, opgevoerd, richt_regio_in
from tests.postgres_fixture import verse_datamap

_VOL = os.environ.get("OVERSTAP_PROOF") == "full"
_CLIENTS, _VERZOEKEN, _KEREN = (32, 1_000, 5) if _VOL else (4, 24, 1)
_LEERLINGEN = 25
_GEDULD = 2_700 if _VOL else 150
_BREEK = 0.1
"""How often a client hangs up before it hears the answer."""


class Dienst:
    """`overstap serve --dev` in a process of its own, which can be killed and started again on the same port."""

    def __init__(self, datamap: Path) -> None:
        with socket.socket() as vrij:
            vrij.bind(("127.0.0.1", 0))
            self.poort = vrij.getsockname()[1]
        self._omgeving = {
            **os.environ,
            "OVERSTAP_DATAMAP": str(datamap),
            "OVERSTAP_HOOFDSLEUTEL": SLEUTEL_TEKST,
            "OVERSTAP_VERZOEKEN_PER_MINUUT": "0",
            "OVERSTAP_LOGNIVEAU": "error",
        }
        self.begin()

    def begin(self) -> None:
        begin = "from overstap.adapters.cli import main; raise SystemExit(main())"
        opdracht = [sys.executable, "-c", begin, "serve", "--dev", "--port", str(self.poort)]
        self.proces = subprocess.Popen(opdracht, env=self._omgeving, cwd="/", stderr=subprocess.DEVNULL)
        einde = time.monotonic() + 60
        while time.monotonic() < einde:
            lijn = http.client.HTTPConnection("127.0.0.1", self.poort, timeout=5)
            with closing(lijn), suppress(OSError, http.client.HTTPException):
                lijn.request("GET", "/v1/gezondheid/ready")
                if lijn.getresponse().status == 200:
                    return
            assert self.proces.poll() is None, "the service ended by itself"
            time.sleep(0.1)
        raise AssertionError("the service did not begin")

    def dood(self) -> None:
        self.proces.send_signal(signal.SIGKILL)
        self.proces.wait()

    def stop(self) -> int:
        self.proces.terminate()
        return self.proces.wait(60)


@pytest.fixture(scope="module")
def datamap() -> Path:
    return verse_datamap()


@pytest.fixture(scope="module")
def databank(datamap: Path) -> Iterator[Databank]:
    with open_databank(datamap) as een:
        een.migreer(Soort.DEMO)
        with app(een) as geheel:
            richt_regio_in(geheel)
        yield een


@pytest.fixture
def dienst(databank: Databank, datamap: Path) -> Iterator[Dienst]:
    een = Dienst(datamap)
    yield een
    if een.proces.poll() is None:
        een.stop()


class Client:
    """One caller: sends each request until it has heard its answer; sometimes it hangs up before that."""

    def __init__(self, poort: int, token: str, toeval: random.Random) -> None:
        self._poort = poort
        self._koppen = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "If-Match": "*"}
        self._toeval = toeval
        self._lijn: http.client.HTTPConnection | None = None

    def stuur(self, overstap: UUID, sleutel: str, einde: float) -> str:
        while time.monotonic() < einde:
            try:
                antwoord = self._probeer(overstap, sleutel)
            except (OSError, http.client.HTTPException):
                self.hang_op()
                time.sleep(0.02)
                continue
            if antwoord is not None:
                return antwoord
        raise AssertionError("no answer in time")

    def _probeer(self, overstap: UUID, sleutel: str) -> str | None:
        if self._lijn is None:
            self._lijn = http.client.HTTPConnection("127.0.0.1", self._poort, timeout=30)
        adres = f"/v1/overstappen/{overstap}/stappen/leg-warme-overdracht-vast"
        self._lijn.request("POST", adres, b'{"datum":"2026-01-09"}', {**self._koppen, "Idempotency-Key": sleutel})
        if self._toeval.random() < _BREEK:
            self.hang_op()
            return None
        antwoord = self._lijn.getresponse()
        inhoud = antwoord.read().decode()
        if antwoord.status == 200:
            return inhoud
        probleem = json.loads(inhoud)
        assert antwoord.status == 503 or probleem["code"] == "bezig", inhoud
        time.sleep(0.01)
        return None

    def hang_op(self) -> None:
        if self._lijn is not None:
            self._lijn.close()
            self._lijn = None


@pytest.mark.proof
@pytest.mark.timeout(_GEDULD + 120)
def test_resending_through_broken_connections_and_a_killed_server_records_each_request_once(
    dienst: Dienst, databank: Databank, datamap: Path
) -> None:
    with app(databank) as geheel:
        stromen = [opgevoerd(geheel, str(nummer)) for nummer in range(760_000_000, 760_000_000 + _LEERLINGEN)]
    verzoeken = [(stromen[nummer % _LEERLINGEN], f"verzoek-{nummer}") for nummer in range(_VERZOEKEN)]
    token = Proefuitgever(datamap).token(DECAAN)
    antwoorden: dict[str, set[str]] = defaultdict(set)
    slot, einde = threading.Lock(), time.monotonic() + _GEDULD

    def speel(nummer: int) -> None:
        toeval = random.Random(nummer)  # noqa: S311  # repeatable, no secret
        client = Client(dienst.poort, token, toeval)
        for overstap, sleutel in toeval.sample(verzoeken, len(verzoeken)):
            antwoord = client.stuur(overstap, sleutel, einde)
            with slot:
                antwoorden[sleutel].add(antwoord)
        client.hang_op()

    with ThreadPoolExecutor(_CLIENTS) as draden:
        spelers = [draden.submit(speel, nummer) for nummer in range(_CLIENTS)]
        for keer in range(_KEREN):
            while sum(map(len, antwoorden.values())) < (keer + 1) * _VERZOEKEN // (_KEREN + 1):
                assert not any(speler.done() and speler.exception() for speler in spelers)
                time.sleep(0.01)
            dienst.dood()
            dienst.begin()
        for speler in spelers:
            speler.result()
    assert {sleutel: len(een) for sleutel, een in antwoorden.items()} == {sleutel: 1 for _, sleutel in verzoeken}
    with app(databank) as geheel:
        feiten = [een.feit for eigen in geheel.log.laad(stromen).values() for een in eigen]
    assert sum(isinstance(feit, WarmeOverdrachtVastgelegd) for feit in feiten) == _VERZOEKEN
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        assert verbinding.execute("SELECT count(*) FROM log.kwitanties WHERE client LIKE 'http:%'").fetchone() == (
            _VERZOEKEN,
        )


@pytest.mark.timeout(180)
def test_a_service_that_is_stopped_first_answers_what_it_took(
    dienst: Dienst, databank: Databank, datamap: Path
) -> None:
    with app(databank) as geheel:
        stroom = opgevoerd(geheel, "770000000")
    token = Proefuitgever(datamap).token(DECAAN)
    gehoord: list[int] = []
    slot = threading.Lock()

    def stuur(nummer: int) -> None:
        client = Client(dienst.poort, token, random.Random(nummer))  # noqa: S311  # repeatable, no secret
        with suppress(OSError, http.client.HTTPException):
            antwoord = client._probeer(stroom, f"einde-{nummer}")
            if antwoord is not None:
                with slot:
                    gehoord.append(json.loads(antwoord)["versie"])
        client.hang_op()

    with ThreadPoolExecutor(16) as draden:
        bezig = [draden.submit(stuur, nummer) for nummer in range(64)]
        time.sleep(0.05)
        assert dienst.stop() == 0
        for een in bezig:
            een.result()
    with app(databank) as geheel:
        versies = {een.originator_version for een in geheel.log.laad([stroom])[stroom]}
    assert gehoord
    assert set(gehoord) <= versies
