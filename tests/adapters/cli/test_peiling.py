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
SELECT overstap, nummer, geldig_van, bekend_van, status FROM beeld.statusperiodes
 WHERE nummer > 0 AND bekend_van > geldig_van + interval '2 days'
   AND geldig_tot = 'infinity' AND bekend_tot = 'infinity'
 ORDER BY 1, 2, 3 LIMIT 1
"""


@pytest.fixture(scope="module", autouse=True)
def gespeeld(overstap: Overstap) -> None:
    gespeeld = overstap("demo", "--once", "--json", "--pupils", "40")
    assert gespeeld.uitgang == Uitgang.GELUKT, gespeeld.fout[-2_000:]


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
    leerlingen = [een for (een,) in vraag(datamap, "SELECT overstap FROM beeld.actueel ORDER BY 1")]
    kans, begin = Random(3), datetime.fromisoformat("2026-01-05T09:00+00:00")  # noqa: S311 - the same ones every run
    server = Server(datamap)
    try:
        with psycopg.connect(make_conninfo(**server.adres(SUPERGEBRUIKER, "overstap"))) as verbinding:
            for _ in range(8):
                leerling = kans.choice(leerlingen)
                op, bekend = (begin + timedelta(hours=kans.randrange(24 * 260)) for _ in range(2))
                gevonden = peil(overstap, leerling, op, bekend).json
                regels = [gevonden["leerling"], *gevonden["aanmeldingen"]]
                verwacht = standen(verbinding.cursor(), leerling, op, bekend)
                assert {regel["nummer"]: regel["status"] for regel in regels} == verwacht
    finally:
        server.laat_los()


def test_late_knowledge_says_when_it_came_and_was_not_there_before(overstap: Overstap, datamap: Path) -> None:
    [(leerling, nummer, geldig, bekend, status)] = vraag(datamap, _LAAT)
    laat = overstap("show", str(leerling), "--as-of", geldig.isoformat(), "--known-at", bekend.isoformat())
    assert "bekend geworden" in laat.uit
    vroeg = peil(overstap, leerling, geldig, bekend - timedelta(seconds=1)).json
    [regel] = [een for een in vroeg["aanmeldingen"] if een["nummer"] == nummer] or [None]
    assert regel is None or regel["vervangenDoor"]["status"] == status
    verschil = overstap("diff", str(leerling), "--known-at", geldig.isoformat(), bekend.isoformat(), "--json").json
    assert (nummer, status) in {(een["nummer"], een["wordt"]) for een in verschil}
    assert "bleek" in overstap("diff", str(leerling), "--known-at", geldig.isoformat(), bekend.isoformat()).uit
    verteld = overstap("history", str(leerling), "--json").json
    assert any("was van aanmelding" in zin for regel in verteld for zin in regel["vervangt"])


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
