"""Read models of a year of a region, and of one many times as large: its pupils again, at schools of their own."""

import hashlib
import shutil
import time
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from overstap.adapters.app import app_op, hoofdsleutel_van
from overstap.adapters.beelden import werk_bij
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort, migraties
from overstap.adapters.postgres.server import Server
from overstap.domain.kalender import einde_van, kalender_van
from overstap.domain.rollen import Rol
from tests.benchmarks.groot_log import PLEK, hernoem, namen_van
from tests.benchmarks.jaarbestanden import OVERSTAPJAAR, lever, schrijf_jaarbestanden

LEERLINGEN = 7_000
KEREN = 25
"""175,000 pupils, whose year took a million events."""
VOOR_HET_JAAR = einde_van(kalender_van(OVERSTAPJAAR).opvoer_vanaf)
NA_HET_JAAR = einde_van(kalender_van(OVERSTAPJAAR).meting_op)
_KOPIE = "md5({}::text || kopie)::uuid"
_ELDERS = "lpad(kopie::text, 2, '0') || substr({}, 3)"
_ANDERS: Mapping[str, Mapping[str, str]] = {
    "actueel": {
        "overstap": _KOPIE,
        "leerling": _KOPIE,
        "school": _ELDERS,
        "beste_brin": _ELDERS,
        "mbos": "ARRAY(SELECT lpad(kopie::text, 2, '0') || substr(mbo, 3) FROM unnest({}) AS mbo)",
    },
    "statusperiodes": {"overstap": _KOPIE, "brin": _ELDERS},
    "kenmerkperiodes": {"overstap": _KOPIE, "school": _ELDERS},
    "wachtbak": {"item": _KOPIE, "brin": _ELDERS},
}
"""What a copy has instead of the column of its original."""
_KOLOMMEN = """
SELECT attname FROM pg_attribute
 WHERE attrelid = to_regclass('beeld.' || %s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


def speel_een_jaar(server: Server, map_: Path, naam: str) -> tuple[Databank, int]:
    """Import a year of a region and fold it; give the database and how many events the year took."""
    bestanden = schrijf_jaarbestanden(LEERLINGEN, map_ / "jaar")
    server.maak_databank(naam)
    databank = Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden)
    databank.migreer(Soort.DEMO)
    instellingen = Instellingen(datamap=map_ / "sleutels", logniveau="error")
    instellingen.datamap.mkdir(parents=True)
    klok = GezetteKlok(VOOR_HET_JAAR)
    with app_op(databank, hoofdsleutel_van(instellingen), instellingen, klok) as app:
        lever(app, bestanden.inrichting)
        lever(app, [bestand for bestand in bestanden.gemeten if bestand.rol is Rol.VO_BEHEERDER])
        klok.zet(NA_HET_JAAR)
        lever(app, [bestand for bestand in bestanden.gemeten if bestand.rol is Rol.KOPPELING])
        werk_bij(app)
        aantal = app.log.laatste_positie()
    _ruim(databank)
    return databank, aantal


def maak_groter(server: Server, van: str, naam: str) -> Databank:
    """Copy a database, and in the copy each pupil so many times that there are KEREN of him."""
    server.maak_databank(naam, van)
    databank = Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden)
    with databank.verbind(Login.PROJECTIE) as verbinding:
        for tabel, anders in _ANDERS.items():
            _vermenigvuldig(verbinding, tabel, anders)
    _ruim(databank)
    return databank


def bewaarde_regios(server: Server) -> tuple[Databank, Databank, Path]:
    """Give the region of a year, one many times as large, and the folder of their keys; made when the shape is new."""
    vorm = _vorm()
    klein, groot, sleutels = f"regio_klein_{vorm}", f"regio_groot_{vorm}", PLEK / f"regio_{vorm}"
    namen = namen_van(server)
    if groot not in namen:
        begin = time.perf_counter()
        for naam in namen:
            if naam.startswith("regio_"):
                server.verwijder_databank(naam)
        for map_ in PLEK.glob("regio_*"):
            shutil.rmtree(map_)
        _, aantal = speel_een_jaar(server, sleutels, klein)
        maak_groter(server, klein, "nieuw_regio")
        hernoem(server, "nieuw_regio", groot)
        duur = time.perf_counter() - begin
        print(f"a region of {aantal:,} events and one {KEREN} times as large were made in {duur:.0f} s; kept in {PLEK}")
    twee = [Databank(server.adres(Login.EIGENAAR, naam), server.wachtwoorden) for naam in (klein, groot)]
    return twee[0], twee[1], sleutels / "sleutels"


def _vorm() -> str:
    """Name the shape of what is stored and of what is made of it: migrations, facts, charts, read models, and how."""
    som = hashlib.sha256(Path(__file__).read_bytes())
    for migratie in migraties():
        som.update(migratie.controlesom)
    for pakket in ("overstap.domain", "overstap.domain.feiten", "overstap.projections"):
        for bestand in sorted(files(pakket).iterdir(), key=lambda een: een.name):
            if bestand.name.endswith((".py", ".sql")):
                som.update(bestand.read_bytes())
    return som.hexdigest()[:12]


def _vermenigvuldig(verbinding: psycopg.Connection[tuple[object, ...]], tabel: str, anders: Mapping[str, str]) -> None:
    kolommen = [str(rij[0]) for rij in verbinding.execute(_KOLOMMEN, (tabel,)).fetchall()]
    waarden = [SQL(anders.get(kolom, "{}")).format(Identifier(kolom)) for kolom in kolommen]
    verbinding.execute(
        SQL("INSERT INTO beeld.{0} ({1}) SELECT {2} FROM beeld.{0} CROSS JOIN generate_series(1, %s) AS kopie").format(
            Identifier(tabel), SQL(", ").join(map(Identifier, kolommen)), SQL(", ").join(waarden)
        ),
        (KEREN - 1,),
    )


def _ruim(databank: Databank) -> None:
    """Do now what autovacuum does in its own time."""
    with databank.verbind(Login.PROJECTIE) as verbinding:
        for tabel in _ANDERS:
            verbinding.execute(SQL("VACUUM ANALYZE beeld.{}").format(Identifier(tabel)))
