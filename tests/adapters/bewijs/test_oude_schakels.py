"""Links that were made before migration 0050 stay right under those of now, and their columns cannot change either."""

from pathlib import Path

import msgspec
import pytest

from overstap.adapters.bewijs import verify
from overstap.adapters.bewijs.aantonen import toon_inclusie
from overstap.adapters.bewijs.export import exporteer
from overstap.adapters.bewijs.toetsing import toets_log
from overstap.adapters.postgres.controle import breuken
from overstap.adapters.postgres.keten import oude_keten_hash
from overstap.adapters.postgres.logins import Login
from tests.adapters.bewijs.conftest import Bewaakt, MaakBewaakt
from tests.adapters.bewijs.knoeien import reken_keten_opnieuw

OUDE = 63
KOLOMMEN = (
    "originator_id", "originator_version", "topic", "state", "regio", "gebeurd_op", "actor", "rol", "organisatie",
    "correlatie", "oorzaak", "procedure",
)  # fmt: skip


@pytest.fixture(scope="module")
def bewaakt(maak_bewaakt: MaakBewaakt) -> Bewaakt:
    """Give a log whose streams begin with links in the old form and go on in the new one, with a checkpoint."""
    bewaakt = maak_bewaakt()
    bewaakt.groei(OUDE - 3)
    bewaakt.groei_vreemd(3)
    with bewaakt.databank.verbind(Login.EIGENAAR) as eigenaar:
        eigenaar.execute("ALTER TABLE log.gebeurtenissen DISABLE TRIGGER ALL")
        eigenaar.execute("GRANT UPDATE ON log.gebeurtenissen TO overstap_eigenaar")
        for (positie,) in eigenaar.execute("SELECT min(positie) FROM log.gebeurtenissen GROUP BY originator_id"):
            reken_keten_opnieuw(eigenaar, positie, oude_keten_hash)
    bewaakt.groei(60)
    bewaakt.onderteken()
    return bewaakt


def bevindingen(map_: Path) -> list[str]:
    gevonden: list[str] = []
    verify.Export(map_, gevonden.append).toets([])
    return gevonden


def test_old_and_new_links_are_right_together(bewaakt: Bewaakt, tmp_path: Path) -> None:
    assert bewaakt.lezer.execute(
        """SELECT count(*) FROM log.gebeurtenissen AS oud JOIN log.gebeurtenissen AS nieuw USING (originator_id)
            WHERE oud.positie <= %s AND nieuw.originator_version = oud.originator_version + 1 AND nieuw.positie > %s""",
        (OUDE, OUDE),
    ).fetchone() == (3,)
    exporteer(bewaakt.lezer, tmp_path / "export")
    assert bevindingen(tmp_path / "export") == []
    assert toets_log(bewaakt.lezer, bewaakt.punten).bevindingen == []
    assert breuken(bewaakt.lezer) == []


@pytest.mark.parametrize("positie", [1, OUDE, OUDE + 1])
def test_one_event_is_proved_in_either_form(bewaakt: Bewaakt, positie: int) -> None:
    bewijs = msgspec.json.decode(msgspec.json.encode(toon_inclusie(bewaakt.lezer, positie)))
    gevonden: list[str] = []
    verify.toets_inclusie(bewijs, gevonden.append)
    assert gevonden == []


@pytest.mark.parametrize("kolom", KOLOMMEN)
def test_a_change_under_an_old_link_is_found(bewaakt: Bewaakt, kolom: str, tmp_path: Path) -> None:
    anders = {
        "originator_id": "gen_random_uuid()",
        "originator_version": "originator_version + 1000",
        "state": "state || ' '",
        "gebeurd_op": "gebeurd_op - interval '1 second'",
        "correlatie": "gen_random_uuid()",
    }.get(kolom, f"coalesce({kolom}, '') || 'x'")
    with bewaakt.als_supergebruiker() as beheerder:
        beheerder.execute(f"UPDATE log.gebeurtenissen SET {kolom} = {anders} WHERE positie = 5".encode())
        exporteer(beheerder, tmp_path / "export")
        assert 5 in {bevinding.van for bevinding in toets_log(beheerder).bevindingen}
        assert 5 in breuken(beheerder)
    assert any(zin.startswith("Positie 5: past niet") for zin in bevindingen(tmp_path / "export"))
