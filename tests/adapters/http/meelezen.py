"""Read along with the stream of events as somebody, in a thread, until told to stop."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx

from overstap.adapters.app import App
from overstap.adapters.beelden import werk_bij
from overstap.adapters.opdracht import Opdracht
from overstap.adapters.stroomsoorten import ORGANISATIE
from overstap.domain.rollen import Actor
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.verzoeken_organisatie import OrganisatieVerzoek
from overstap.domain.weigering import Weigering
from tests.adapters.http.deur import GEDULD, Deur
from tests.adapters.opstelling import REGIO


class Meelezer:
    """What came by: events in order, where the reader is, and why his stream ended."""

    def __init__(self, antwoord: httpx.Response) -> None:
        self.antwoord = antwoord
        self.events: list[dict[str, Any]] = []
        self.plaats = -1
        self.hartslagen = 0
        self.einde: str | None = None
        self._nieuws = threading.Condition()
        self._draad = threading.Thread(target=self._lees, daemon=True)
        self._draad.start()

    def _lees(self) -> None:
        soort = ""
        with contextlib.suppress(httpx.HTTPError, httpx.StreamError):
            for regel in self.antwoord.iter_lines():
                veld, _, waarde = regel.partition(": ")
                with self._nieuws:
                    match veld:
                        case "id":
                            self.plaats = int(waarde)
                        case "event":
                            soort = waarde
                        case "data" if soort == "einde":
                            self.einde = json.loads(waarde)["reden"]
                        case "data":
                            self.events.append(json.loads(waarde))
                        case "" if waarde == "hartslag":
                            self.hartslagen += 1
                        case _:
                            pass
                    self._nieuws.notify_all()
        with self._nieuws:
            self.einde = self.einde or "verbroken"
            self._nieuws.notify_all()

    def wacht(self, tot: Any) -> None:  # noqa: ANN401  # a condition on this reader
        einde = time.monotonic() + GEDULD
        with self._nieuws:
            while not tot(self):
                assert self._nieuws.wait(einde - time.monotonic()), (self.plaats, self.einde, self.events[-1:])

    @property
    def posities(self) -> list[int]:
        return [int(een["sequence"]) for een in self.events]


@contextlib.contextmanager
def leest_mee(deur: Deur, actor: Actor, *, token: str | None = None, **vraag: Any) -> Iterator[Meelezer]:  # noqa: ANN401
    koppen = {"Authorization": f"Bearer {token}"} if token else deur.als(actor)
    na = vraag.pop("last_event_id", None)
    koppen |= {"Accept": "text/event-stream", **({} if na is None else {"Last-Event-ID": str(na)})}
    with deur.client.stream("GET", "/v1/gebeurtenissen", params=vraag, headers=koppen, timeout=GEDULD) as antwoord:
        assert antwoord.status_code == 200, antwoord.read()
        assert antwoord.headers["Content-Type"].startswith("text/event-stream")
        lezer = Meelezer(antwoord)
        lezer.wacht(lambda een: een.plaats >= 0)
        yield lezer


def verander_rol(app: App, organisatie: str, verzoek: OrganisatieVerzoek, door: Actor) -> None:
    stroom = stroom_van_organisatie(REGIO, organisatie)
    [resultaat] = app.bus.verwerk([Opdracht(soort=ORGANISATIE, stroom=stroom, verzoek=verzoek, actor=door)])
    assert not isinstance(resultaat, Weigering), resultaat
    werk_bij(app)


def laatste_positie(app: App) -> int:
    werk_bij(app)
    return app.log.laatste_positie()


def subjecten(lezer: Meelezer) -> list[UUID]:
    return [UUID(een["subject"]) for een in lezer.events]
