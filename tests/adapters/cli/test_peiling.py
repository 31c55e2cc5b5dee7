"""`overstap show --as-of --known-at`, `diff` and `history`, on a small year: as the region's own table has it."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from overstap.adapters.cli.fouten import Uitgang
from overstap.adapters.postgres.logins import SUPERGEBRUIKER
from overstap.adapters.postgres.server import Server
from overstap.projections.statusperiodes_tabel import standen
from tests.adapters.cli.conftest import Overstap

_LAAT = """
SELECT s.overstap, s.nummer, s.geldig_van, s.bekend_van, s.status
  FROM beeld.statusperiodes AS s
  JOIN beeld.statusperiodes AS was
    ON was.overstap = s.overstap AND was.nummer = s.nummer AND was.bekend_tot = s.bekend_van
   AND was.geldig_tot = 'infinity' AND was.status <> s.status AND was.bekend_van < s.geldig_van
 WHERE s.nummer > 0 AND s.bekend_van > s.geldig_van + interval '2 days'
   AND s.geldig_tot = 'infinity' AND s.bekend_tot = 'infinity'
 LIMIT 3
"""


@pytest.fixture(scope="module")
def datamap(gespeelde_datamap: Path) -> Path:
    return gespeelde_datamap


def vraag(datamap: Path, sql: str, *parameters: object) -> list[Any]:
    """Ask the database as its superuser."""
    server = Server(datamap)
    try:
        with psycopg.connect(make_conninfo(**server.adres(SUPERGEBRUIKER, "overstap"))) as verbinding:
            return verbinding.execute(sql, parameters).fetchall()
    finally:
        server.laat_los()


def peil(overstap: Overstap, leerling: object, op: datetime, bekend: datetime) -> Any:  # noqa: ANN401  # JSON
    return overstap("show", str(leerling), "--as-of", op.isoformat(), "--known-at", bekend.isoformat(), "--json")


def test_a_pupil_is_shown_where_the_region_s_own_table_has_him(overstap: Overstap, datamap: Path) -> None:
    leerlingen = [een for (een,) in vraag(datamap, "SELECT overstap FROM beeld.actueel ORDER BY opgevoerd_op, 1")]
    kans, begin = Random(3), datetime.fromisoformat("2026-01-05T09:00+00:00")  # noqa: S311 - the same moments every run
    uren = [(kans.randrange(24 * 260), kans.randrange(24 * 260)) for _ in range(8)]
    gekozen = [(kans.choice(leerlingen), *moment) for moment in uren]
    # Who was entered last: before anything was known of him, and before he was there.
    gekozen += [(leerlingen[-1], 0, 0), (leerlingen[-1], 0, 24 * 260)]
    server = Server(datamap)
    try:
        with psycopg.connect(make_conninfo(**server.adres(SUPERGEBRUIKER, "overstap"))) as verbinding:
            for leerling, *uur in gekozen:
                op, bekend = (begin + timedelta(hours=een) for een in uur)
                antwoord, gevonden = peil(overstap, leerling, op, bekend), {}
                if antwoord.uitgang == Uitgang.GEWEIGERD:
                    assert "nog niets bekend" in antwoord.zin
                else:
                    regels = [antwoord.json["leerling"], *antwoord.json["aanmeldingen"]]
                    gevonden = {regel["nummer"]: regel["status"] for regel in regels if regel}
                assert gevonden == standen(verbinding.cursor(), leerling, op, bekend)
    finally:
        server.laat_los()


def test_who_was_not_known_yet_is_not_shown(overstap: Overstap, datamap: Path) -> None:
    [(laatste, opgevoerd)] = vraag(
        datamap, "SELECT overstap, bekend_van FROM beeld.statusperiodes WHERE nummer = 0 ORDER BY bekend_van LIMIT 1"
    )
    ervoor = opgevoerd - timedelta(seconds=1)
    antwoord = peil(overstap, laatste, ervoor, ervoor)
    assert (antwoord.uitgang, antwoord.uit) == (Uitgang.GEWEIGERD, "")
    assert antwoord.zin == "Op dat moment was over deze leerling nog niets bekend. Kies een later moment."


def test_late_knowledge_says_when_it_came_and_what_was_believed_before(overstap: Overstap, datamap: Path) -> None:
    laat = vraag(datamap, _LAAT)
    assert laat
    for leerling, nummer, geldig, bekend, status in laat:
        momenten = (geldig.isoformat(), bekend.isoformat())
        assert (
            "bekend geworden" in overstap("show", str(leerling), "--as-of", momenten[0], "--known-at", momenten[1]).uit
        )
        vroeg = peil(overstap, leerling, geldig, bekend - timedelta(seconds=1)).json
        [regel] = [een for een in vroeg["aanmeldingen"] if een["nummer"] == nummer]
        assert regel["status"] != regel["vervangenDoor"]["status"] == status
        verschil = overstap("diff", str(leerling), "--known-at", *momenten, "--json").json
        assert (nummer, regel["status"], status) in {(een["nummer"], een["was"], een["wordt"]) for een in verschil}
        assert "bleek" in overstap("diff", str(leerling), "--known-at", *momenten).uit


def test_between_equal_moments_nothing_is_known_otherwise(overstap: Overstap, datamap: Path) -> None:
    [(leerling,), *_] = vraag(datamap, "SELECT overstap FROM beeld.actueel ORDER BY 1")
    gelijk = overstap("diff", str(leerling), "--known-at", "2026-05-01", "2026-05-01")
    assert "hetzelfde bekend" in gelijk.uit


def test_before_the_pupil_was_entered_there_is_nothing_to_show(overstap: Overstap, datamap: Path) -> None:
    [(leerling,), *_] = vraag(datamap, "SELECT overstap FROM beeld.actueel ORDER BY 1")
    geweigerd = overstap("show", str(leerling), "--as-of", "2020-01-01")
    assert geweigerd.uitgang == Uitgang.GEWEIGERD
    assert "later moment" in geweigerd.zin


def test_a_day_that_does_not_exist_is_used_wrongly(overstap: Overstap) -> None:
    verkeerd = overstap("show", "abc", "--as-of", "2026-02-30")
    assert verkeerd.uitgang == Uitgang.VERKEERD_GEBRUIK
    assert "--as-of" in verkeerd.zin


def test_looking_back_stands_in_the_log_of_access_and_a_name_takes_a_reason(overstap: Overstap, datamap: Path) -> None:
    [(leerling,), *_] = vraag(datamap, "SELECT overstap FROM beeld.actueel ORDER BY 1")
    dicht = overstap("show", str(leerling), "--known-at", "2026-06-01", "--json").json
    open_ = overstap("show", str(leerling), "--known-at", "2026-06-01", "--reden", "controle", "--json").json
    assert "persoon" not in dicht
    assert open_["persoon"]["achternaam"]
    gelogd = vraag(
        datamap, "SELECT handeling, reden FROM toegang.toegangslog WHERE overstap = %s ORDER BY nummer", leerling
    )
    assert ("peiling", "") in gelogd
    assert ("peiling", "controle") in gelogd
    assert ("vergelijking", "") in gelogd


def test_the_answer_is_json_for_a_program(overstap: Overstap, datamap: Path) -> None:
    [(leerling,), *_] = vraag(datamap, "SELECT overstap FROM beeld.actueel ORDER BY 1")
    inhoud = json.loads(overstap("show", str(leerling), "--as-of", "2026-09-30", "--json").uit)
    assert set(inhoud) == {"overstap", "peilmoment", "kennismoment", "leerling", "aanmeldingen"}
    assert inhoud["peilmoment"] == "2026-09-30T21:59:59.999999Z"
