"""What a page takes with 139,000 pupils in the region beside 7,000: server time of every page there is, p95.

`python -m tests.benchmarks.bladen [rounds] [--cpu]`. The pages are found by their links, from the first page of whoever
sees the whole region and of whoever sees one school. Both servers are asked in turns, each page as often. With --cpu
the processor time of the server and of PostgreSQL is told, of which a busy machine changes little.
"""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

import httpx
from fastapi import FastAPI

from overstap.adapters.instellingen import Instellingen
from overstap.adapters.postgres.bereik import bereik_van, in_bereik
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.telemetry import richt_in
from overstap.domain.rollen import Actor, Rol
from tests.adapters.web.wandeling import links_in, route_van
from tests.benchmarks.deur import bediend
from tests.benchmarks.groot_log import vaste_server
from tests.benchmarks.meting import Rij, tabel
from tests.benchmarks.processortijd import processortijd
from tests.benchmarks.veel_leerlingen import NA_HET_JAAR, bewaarde_regios

RONDES = 60
"""Of every page as many, whatever comes out: three of them may be longer than p95."""
HOOGSTENS = 3
_VOOR = 2
_P95 = 0.95
_REGIE = Actor(account="meting", rol=Rol.REGIEBEHEERDER, organisatie="21", regio="21")
_GROOTSTE = b"SELECT school FROM beeld.actueel GROUP BY school ORDER BY count(*) DESC, school LIMIT 1"
_TEL = b"SELECT count(*)::int FROM beeld.actueel"
_WIE = (Rol.REGIEBEHEERDER, Rol.DECAAN)
_BIJ = {
    Rol.REGIEBEHEERDER: ("/leerlingen?status=afgerond", "/leerlingen?werklijst=stil", "/leerlingen?volgorde=school"),
    Rol.DECAAN: ("/leerlingen?werklijst=stil",),
}
"""Beside what is found by links: lists that are as long as they get, and in another order."""
Stopwatch = Callable[[], float]
"""Tells how many seconds went by, of whichever clock."""


def rijen(rondes: int = RONDES, *, is_processortijd: bool = False) -> list[Rij]:
    """Measure."""
    with vaste_server() as server:
        klein, groot, datamap = bewaarde_regios(server)
        met = Instellingen(datamap=datamap, logniveau="error", verzoeken_per_minuut=0, _env_file=None)  # type: ignore[call-arg]
        klok = processortijd(server) if is_processortijd else time.perf_counter
        with _deur(klein, met) as adres_klein, _deur(groot, met) as adres_groot:
            return [rij for rol in _WIE for rij in _meet(rol, (klein, adres_klein), (groot, adres_groot), rondes, klok)]


@contextlib.contextmanager
def _deur(databank: Databank, met: Instellingen) -> Iterator[str]:
    with bediend(databank, met.datamap, niets_erbij, met) as poort:
        yield f"http://127.0.0.1:{poort}"


def niets_erbij(_toepassing: FastAPI) -> None:
    """Add no endpoints."""


def _meet(
    rol: Rol, klein: tuple[Databank, str], groot: tuple[Databank, str], rondes: int, klok: Stopwatch
) -> list[Rij]:
    met_weinig, met_veel = _aantal(klein[0]), _aantal(groot[0])
    with _bezoeker(klein[1], rol, klein[0]) as hier, _bezoeker(groot[1], rol, klein[0]) as daar:
        paden = _paden(hier) | dict.fromkeys(_BIJ[rol], "")
        gemeten: dict[str, tuple[list[float], list[float]]] = {pad: ([], []) for pad in paden}
        for ronde in range(rondes + _VOOR):  # the first make plans and fill caches
            for pad, (veel, weinig) in gemeten.items():
                for wie, tijden in ((daar, veel), (hier, weinig)):
                    duur = _tijd(wie, pad, klok)
                    if ronde >= _VOOR:
                        tijden.append(duur)
    return [
        Rij(
            naam=f"page {paden[pad] or pad} of {rol}: p95 at {met_veel:,} pupils, and at {met_weinig:,}",
            eenheid="ms",
            onze=_p95(veel),
            referentie=_p95(weinig),
            doel=HOOGSTENS,
            hoogstens=True,
        )
        for pad, (veel, weinig) in gemeten.items()
    ]


def _aantal(databank: Databank) -> int:
    with databank.verbind(Login.PROJECTIE) as verbinding:
        [(aantal,)] = verbinding.execute(_TEL).fetchall()
    return int(aantal)


@contextlib.contextmanager
def _bezoeker(adres: str, rol: Rol, databank: Databank) -> Iterator[httpx.Client]:
    """Give somebody who signed in: for the region, or for its largest school."""
    with databank.verbind(Login.APP) as verbinding, in_bereik(verbinding, bereik_van(_REGIE, NA_HET_JAAR)) as cursor:
        [(school,)] = cursor.execute(_GROOTSTE).fetchall()
    with httpx.Client(base_url=adres, timeout=120, headers={"Accept": "text/html"}) as client:
        organisatie = "21" if rol is Rol.REGIEBEHEERDER else school
        antwoord = client.post("/aanmelden", data={"rol": rol, "organisatie": organisatie})
        koekjes = [een.partition(";")[0] for een in antwoord.headers.get_list("set-cookie")]
        client.cookies.clear()
        client.headers["cookie"] = "; ".join(koekjes)  # a secure cookie on loopback, as a browser sends it
        yield client


def _paden(client: httpx.Client) -> dict[str, str]:
    """Give one address of each page that the first page leads to, with the route it is of."""
    gevonden: dict[str, str] = {}
    open_ = ["/"]
    while open_:
        pad = open_.pop(0)
        route = route_van(pad)
        if route is None or route in gevonden.values() or route.startswith(("/middelen", "/aanmelden", "/rol")):
            continue
        if route.endswith("/live"):
            continue
        antwoord = client.get(pad)
        if antwoord.status_code == httpx.codes.OK and antwoord.headers["content-type"].startswith("text/html"):
            gevonden[pad] = route
            open_ += links_in(antwoord.text)
    return gevonden


def _tijd(client: httpx.Client, pad: str, klok: Stopwatch) -> float:
    begin = klok()
    antwoord = client.get(pad)
    duur = (klok() - begin) * 1_000
    if antwoord.status_code != httpx.codes.OK:
        raise AssertionError(f"{pad}: {antwoord.status_code} {antwoord.text[-400:]}")
    return duur


def _p95(tijden: list[float]) -> float:
    return sorted(tijden)[int(_P95 * len(tijden))]


if __name__ == "__main__":
    richt_in("error")
    getallen = [int(een) for een in sys.argv[1:] if een.isdigit()]
    print(tabel(rijen(*getallen, is_processortijd="--cpu" in sys.argv)))
