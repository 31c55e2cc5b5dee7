"""Somebody with a file and a browser without scripts, and what can be counted of what came of it."""

import re
import threading
from typing import Any

import httpx

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import DECAAN, GEMEENTE, SCHOOL
from tests.adapters.web.school import PGNS
from tests.adapters.web.zonder import Zonder

KOP = "pgn;achternaam;voornaam;geboortedatum;leerweg;klas;gemeente"
_TELLING = re.compile(r'telling-(\w+)"><dt>[^<]*</dt><dd>([0-9.]+)</dd>')
VERZEGELD = re.compile(r'name="bestand" value="([A-Za-z0-9_=-]+)"')


def regel(achternaam: str, pgn: str | None = None, *, klas: str = "4b", leerweg: str = "kb") -> str:
    return f"{pgn or next(PGNS)};{achternaam};Sam;14-03-2010;{leerweg};{klas};{GEMEENTE}"


def lijst(*regels: str) -> bytes:
    return "\n".join((KOP, *regels, "")).encode()


def tellingen(blad: str) -> dict[str, int]:
    return {wat: int(aantal.replace(".", "")) for wat, aantal in _TELLING.findall(blad)}


def stand(databank: Databank) -> tuple[int, ...]:
    """Count everything that a delivery could leave behind, but the lines of the log of access."""
    tabellen = (
        "log.gebeurtenissen",
        "log.kwitanties",
        "log.aanspraken",
        "kluis.pgn",
        "kluis.datasleutels",
        "kluis.wachtbak",
    )
    with databank.verbind(Login.EIGENAAR) as verbinding:
        return tuple(
            rij[0]
            for tabel in tabellen
            if (rij := verbinding.execute(f"SELECT count(*) FROM {tabel}".encode()).fetchone())
        )


def vind(deur: Deur, pgn: str) -> dict[str, Any]:
    """Look for a pupil until the list has him."""
    for _ in range(500):
        antwoord = deur.client.post("/v1/overstappen/_zoek", json={"pgn": pgn}, headers=deur.als(DECAAN))
        if gevonden := antwoord.json()["gevonden"]:
            return dict(gevonden[0])
        threading.Event().wait(0.02)
    raise AssertionError("the list does not show him")


class Leverancier:
    """Somebody with a browser without scripts, and a file."""

    def __init__(self, zonder: Zonder, rol: str = "vo_beheerder", organisatie: str = SCHOOL) -> None:
        self.zonder = zonder
        zonder.meld_aan(rol, organisatie)
        self.merk = zonder.merk()

    def bekijk(self, inhoud: bytes, naam: str = "lijst.csv", **anders: str) -> httpx.Response:
        velden = {"merk": self.merk, **anders}
        return self.zonder.client.post("/aanleveren", data=velden, files={"bestand": (naam, inhoud)})

    def bevestig(self, voorbeeld: httpx.Response, **anders: str) -> httpx.Response:
        gevonden = VERZEGELD.search(voorbeeld.text)
        assert gevonden, voorbeeld.text[-3000:]
        return self.zonder.client.post(
            "/aanleveren/bevestig", data={"merk": self.merk, "bestand": gevonden[1], **anders}
        )

    def lees(self, antwoord: httpx.Response) -> str:
        assert antwoord.status_code == httpx.codes.SEE_OTHER, antwoord.text[-2000:]
        return self.zonder.client.get(antwoord.headers["location"]).text
