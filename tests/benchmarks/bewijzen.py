"""Measure what proving costs: verifying a log of a million events, one proof in it, and the hashes of the append."""

import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from functools import partial
from hashlib import sha256
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import psycopg

from overstap.adapters.bewijs import verify
from overstap.adapters.bewijs.aantonen import toon_inclusie
from overstap.adapters.bewijs.export import exporteer
from overstap.adapters.bewijs.notaris import open_notaris
from overstap.adapters.bewijs.toetsing import toets_log
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.server import Server
from overstap.adapters.postgres.toevoeging import Toevoeging
from tests.benchmarks.groot_log import MILJOEN, groot_log, kopie_van, vaste_server
from tests.benchmarks.kale_bibliotheek import PER_AGGREGAAT, PER_SAVE
from tests.benchmarks.log_toevoegen import verzoek, verzoek_met_kwitantie
from tests.benchmarks.meting import Rij, in_beurten

RONDES = 3
STAPELS = 200
BEWIJZEN = 1_000
GEHASHT = 100_000
"""So many stored events are hashed for the reference, those from the beginning."""
_CANONIEK = """
SELECT record_send(ROW(originator_id, originator_version, topic, state, regio, gebeurd_op, actor, rol, organisatie,
                       correlatie, oorzaak, procedure))
  FROM log.gebeurtenissen WHERE positie <= %s
"""
_HASH = re.compile(r"substring\(sha512\(.*?\) FOR 32\)", re.DOTALL)
"""How the append computes the digest of an origin, and a link."""


def rijen(aantal: int = MILJOEN) -> list[Rij]:
    """Measure on a copy of the large log, and the append on empty ones."""
    with vaste_server() as server:
        with (
            kopie_van(server, groot_log(server, aantal)) as databank,
            tempfile.TemporaryDirectory(prefix="overstap-meting-") as plek,
        ):
            with open_notaris(databank, Path(plek) / "notaris") as notaris:
                notaris.onderteken()
            with databank.verbind(Login.EIGENAAR) as verbinding:
                verbinding.execute("VACUUM (ANALYZE)")
            with databank.verbind(Login.AUDIT) as verbinding:
                gemeten = [*_controle(verbinding, Path(plek) / "export"), _bewijs(verbinding, aantal)]
        return [*gemeten, *_toevoegen(server)]


def _controle(verbinding: psycopg.Connection[Any], export: Path) -> list[Rij]:
    inhoud = exporteer(verbinding, export)
    opgeslagen = [een for (een,) in verbinding.execute(_CANONIEK, (GEHASHT,), binary=True)]
    onze, kaal = in_beurten(partial(_toets, verbinding), partial(_hash_alles, opgeslagen), rondes=RONDES)
    with redirect_stdout(StringIO()):
        begin = time.perf_counter()
        assert verify.hoofd([str(export)]) == 0
        seconden = time.perf_counter() - begin
    met_verify = inhoud.gebeurtenissen / seconden
    return [
        Rij(naam="proof: overstap audit verify", eenheid="events/s", onze=onze, referentie=kaal, doel=0.04),
        Rij(naam="proof: verify.py on an export", eenheid="events/s", onze=met_verify, referentie=kaal),
    ]


def _toets(verbinding: psycopg.Connection[Any]) -> float:
    begin = time.perf_counter()
    verslag = toets_log(verbinding)
    assert verslag.is_goed, verslag.bevindingen[:3]
    return verslag.gebeurtenissen / (time.perf_counter() - begin)


def _hash_alles(opgeslagen: list[bytes]) -> float:
    """Hash each stored event once."""
    begin = time.perf_counter()
    for inhoud in opgeslagen:
        sha256(inhoud).digest()
    return len(opgeslagen) / (time.perf_counter() - begin)


def _bewijs(verbinding: psycopg.Connection[Any], aantal: int) -> Rij:
    """Prove events from all over the log, and read as many by their position."""
    gekozen = Random(1).choices(range(1, aantal), k=BEWIJZEN)  # noqa: S311 - the same ones in every run

    def lees(positie: int) -> None:
        vraag = "SELECT * FROM log.gebeurtenissen WHERE positie = %s"
        verbinding.execute(vraag, (positie,), prepare=True, binary=True).fetchone()

    bewijs, rij = in_beurten(
        partial(_microseconden, partial(toon_inclusie, verbinding), gekozen),
        partial(_microseconden, lees, gekozen),
        rondes=RONDES,
    )
    naam = f"proof: one event in {aantal:,}"
    return Rij(naam=naam, eenheid="us", onze=bewijs, referentie=rij, doel=20, hoogstens=True)


def _microseconden(doe: Callable[[int], object], posities: list[int]) -> float:
    begin = time.perf_counter()
    for positie in posities:
        doe(positie)
    return (time.perf_counter() - begin) / len(posities) * 1e6


def _toevoegen(server: Server) -> list[Rij]:
    """Append to two new logs in turns, a batch of 1,000 at a time: what slows the machine slows both."""
    gemeten = []
    for maak, per_verzoek, waarvan in (
        (verzoek, PER_AGGREGAAT, "10 events a request"),
        (verzoek_met_kwitantie, 2, "2 events a request, receipts"),
    ):
        with ExitStack() as stapel:
            logs = [stapel.enter_context(_log(server, met_hash=met_hash)) for met_hash in (True, False)]
            proeven = [partial(_voeg_toe, een, partial(maak, per_verzoek), per_verzoek) for een in logs]
            onze, zonder = in_beurten(*proeven, rondes=STAPELS)
        naam = f"proof: append with its hashes, {waarvan}"
        gemeten.append(Rij(naam=naam, eenheid="events/s", onze=onze, referentie=zonder, doel=0.8))
    return gemeten


@contextmanager
def _log(server: Server, *, met_hash: bool) -> Iterator[Log]:
    naam = f"kaal_{uuid4().hex}"
    server.maak_databank(naam)
    databank = Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden)
    databank.migreer()
    if not met_hash:
        _zonder_hash(databank)
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Log(verbinding)
    server.verwijder_databank(naam)


def _voeg_toe(log: Log, maak: Callable[[], Toevoeging], per_verzoek: int) -> float:
    """Append one batch; give events/s."""
    stapel = [maak() for _ in range(PER_SAVE // per_verzoek)]
    begin = time.perf_counter()
    log.voeg_toe(stapel)
    return PER_SAVE / (time.perf_counter() - begin)


def _zonder_hash(databank: Databank) -> None:
    """Let the append take 32 zero bytes where it computes a hash."""
    with databank.verbind(Login.EIGENAAR) as verbinding:
        [(bron,)] = verbinding.execute("SELECT pg_get_functiondef('log.voeg_toe'::regproc)").fetchall()
        bron, aantal = _HASH.subn("geen_hash", bron)
        assert aantal == 2
        verbinding.execute(bron.encode())
