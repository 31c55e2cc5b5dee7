"""A front door on a real socket, in a thread of the test, on a demo database with a small region."""

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import uvicorn
from pydantic import SecretStr

from overstap.adapters.http.dienst import Dienst
from overstap.adapters.http.identiteit.proefuitgever import Proefuitgever
from overstap.adapters.http.opties import Opties
from overstap.adapters.http.toepassing import maak_toepassing
from overstap.adapters.http.verbinding import Verbinding
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.postgres.databank import Databank
from overstap.domain.rollen import Actor
from tests.adapters.opstelling import REGIO

GEDULD = 20
ZONDER_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For who knocks on loopback: to read the certificates that one would trust elsewhere takes longer than a test."""
SLEUTEL_TEKST = base64.b64encode(bytes(range(32))).decode()
"""The master key of the tests, as a setting."""


def instellingen(datamap: Path, **anders: Any) -> Instellingen:  # noqa: ANN401  # any setting
    return Instellingen(regio=REGIO, datamap=datamap, hoofdsleutel=SecretStr(SLEUTEL_TEKST), _env_file=None, **anders)  # type: ignore[call-arg]


class Deur:
    """The door, and how to knock on it as somebody."""

    def __init__(self, adres: str, uitgever: Proefuitgever, dienst: Dienst) -> None:
        self.adres = adres
        self.dienst = dienst
        self.uitgever = uitgever
        self.client = httpx.Client(base_url=adres, timeout=GEDULD, verify=ZONDER_TLS)

    def als(self, actor: Actor) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.uitgever.token(actor)}"}

    def toon(self, overstap: UUID, actor: Actor, **koppen: str) -> httpx.Response:
        return self.client.get(f"/v1/overstappen/{overstap}", headers={**self.als(actor), **koppen})

    def stap(  # noqa: PLR0913  # what a step is made of
        self,
        overstap: UUID,
        stap: str,
        inhoud: Mapping[str, Any],
        actor: Actor,
        *,
        versie: str = "*",
        sleutel: str | None = None,
    ) -> httpx.Response:
        koppen = {"If-Match": versie, "Idempotency-Key": sleutel or uuid4().hex}
        return self.client.post(
            f"/v1/overstappen/{overstap}/stappen/{stap}", json=inhoud, headers={**self.als(actor), **koppen}
        )


@contextlib.contextmanager
def open_deur(databank: Databank, datamap: Path, **anders: Any) -> Iterator[Deur]:  # noqa: ANN401  # any setting
    with socket.socket() as luisterend:
        luisterend.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)  # so that a reader who stalls is felt soon
        luisterend.bind(("127.0.0.1", 0))
        luisterend.listen(256)
        opties = Opties(poort=luisterend.getsockname()[1], is_proef=True)
        app = maak_toepassing(opties, instellingen(datamap, **anders), contextlib.nullcontext(databank))
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", ws="none", http=Verbinding)
        server = uvicorn.Server(config)
        draad = threading.Thread(target=server.run, kwargs={"sockets": [luisterend]})
        draad.start()
        try:
            for _ in range(GEDULD * 100):
                if server.started or not draad.is_alive():
                    break
                threading.Event().wait(0.01)
            assert server.started, "the door did not open"
            deur = Deur(opties.adres, Proefuitgever(datamap), app.state.dienst)
            with deur.client:
                yield deur
        finally:
            server.should_exit = True
            draad.join(GEDULD)
