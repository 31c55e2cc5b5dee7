"""Measure the auditor's work: the whole log judged again, and one pupil on a moment as known on another."""

import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from uuid import UUID

from overstap.adapters.herbeoordelen import oordeel_opnieuw
from overstap.adapters.herbeoordelen_stroom import Telling
from overstap.adapters.postgres.bereik import bereik_van, in_bereik
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.domain.rollen import Actor, Rol
from overstap.projections.actueel_tabel import lees
from overstap.projections.peiling import peil
from tests.benchmarks.groot_log import MILJOEN, groot_log, vaste_server
from tests.benchmarks.herlezen import lees_en_vouw
from tests.benchmarks.meting import Rij, eigen_server, in_beurten
from tests.benchmarks.veel_leerlingen import NA_HET_JAAR, speel_een_jaar

RONDES, RONDES_PEILING = 3, 5
GEPEILD = 1_000
REGIE = Actor(account="regie-21", rol=Rol.REGIEBEHEERDER, organisatie="21", regio="21")


def rijen(aantal: int = MILJOEN) -> list[Rij]:
    """Judge a log and fold it, in turns; and look at pupils of a year."""
    with vaste_server() as server:
        databank = groot_log(server, aantal)
        beoordeeld, gevouwen = in_beurten(
            partial(lees_en_beoordeel, databank), partial(lees_en_vouw, databank), rondes=RONDES
        )
    with eigen_server() as server, tempfile.TemporaryDirectory(prefix="overstap-meting-") as map_:
        gepeild, actueel = _peil_en_kijk(speel_een_jaar(server, Path(map_), "jaar")[0])
    return [
        Rij(
            naam=f"audit: replay 'then' of {aantal:,} events / the bare fold",
            eenheid="events/s",
            onze=beoordeeld,
            referentie=gevouwen,
            doel=0.25,
        ),
        Rij(
            naam="audit: as-of of one pupil / his current view",
            eenheid="us",
            onze=gepeild,
            referentie=actueel,
            doel=3,
            hoogstens=True,
        ),
    ]


def lees_en_beoordeel(databank: Databank) -> float:
    """Fold every stream from zero and judge each event under the rules of then; give events/s."""
    telling = Telling()
    begin = time.perf_counter()
    bevindingen = list(oordeel_opnieuw(databank, "then", telling=telling))
    duur = time.perf_counter() - begin
    assert not [een for een in bevindingen if een.soort != "beeld"], bevindingen[:3]
    return telling.gebeurtenissen / duur


def _peil_en_kijk(databank: Databank) -> list[float]:
    with databank.verbind(Login.SCHRIJVER) as schrijver, databank.verbind(Login.APP) as verbinding:
        log = Log(schrijver)
        alle = sorted({een.originator_id for batch in log.lees_alles() for een in batch if een.procedure})
        gekozen = Random(1).choices(alle, k=GEPEILD)  # noqa: S311 - the same ones in every run
        op, bekend = NA_HET_JAAR - timedelta(days=120), NA_HET_JAAR
        bereik = bereik_van(REGIE, NA_HET_JAAR)

        def peil_een(leerling: UUID) -> None:
            peil(log.laad([leerling])[leerling], op, bekend)

        def kijk(leerling: UUID) -> None:
            with in_bereik(verbinding, bereik) as cursor:
                assert lees(cursor, leerling) is not None

        return in_beurten(
            partial(_microseconden, peil_een, gekozen), partial(_microseconden, kijk, gekozen), rondes=RONDES_PEILING
        )


def _microseconden(doe: Callable[[UUID], None], leerlingen: list[UUID]) -> float:
    begin = time.perf_counter()
    for leerling in leerlingen:
        doe(leerling)
    return (time.perf_counter() - begin) / len(leerlingen) * 1e6
