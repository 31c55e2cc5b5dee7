"""Opening and closing a year, following the log and examining the installation: on a database of its own."""

from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from overstap.adapters.postgres.logins import SUPERGEBRUIKER
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.server import Server
from tests.adapters.cli.conftest import Overstap
from tests.postgres_fixture import MakeDatabank


def test_a_year_is_opened_once(overstap: Overstap) -> None:
    assert overstap("open-jaar", "2030").uit == "Overstapjaar 2030 is geopend.\n"
    assert overstap("open-jaar", "2030").uit == "Overstapjaar 2030 was al open.\n"


def test_a_year_cannot_be_closed_before_its_measurement(overstap: Overstap) -> None:
    overstap("open-jaar", "2090")
    geweigerd = overstap("sluit-jaar", "2090")
    assert geweigerd.uitgang == 1
    assert "te_vroeg" in geweigerd.zin


def test_a_year_that_was_never_opened_cannot_be_closed(overstap: Overstap) -> None:
    geweigerd = overstap("sluit-jaar", "2029")
    assert geweigerd.uitgang == 1
    assert geweigerd.zin == "Overstapjaar 2029 is niet open. Open eerst het jaar. [geen_jaar]"


def test_closing_twice_records_once(overstap: Overstap) -> None:
    overstap("open-jaar", "2021")
    assert overstap("sluit-jaar", "2021", "--json").json == {"overstapjaar": 2021, "afgesloten": 0, "geweigerd": 0}
    na_de_eerste = overstap("tail", "--once", "--na", "0").uit
    assert overstap("sluit-jaar", "2021").uitgang == 0
    assert overstap("tail", "--once", "--na", "0").uit == na_de_eerste


def test_the_log_is_told_in_sentences_with_place_and_time(overstap: Overstap) -> None:
    overstap("open-jaar", "2022")
    laatste = overstap("tail", "--once").uit.splitlines()[-1]
    assert laatste.endswith("De regiebeheerder van 21 heeft overstapjaar 2022 geopend.")
    assert " uur  " in laatste


def test_an_unknown_pupil_is_refused_and_says_what_to_do(overstap: Overstap) -> None:
    geweigerd = overstap("show", "abcdef")
    assert (geweigerd.uitgang, geweigerd.uit) == (1, "")
    assert geweigerd.zin == "Er is geen overstap waarvan het nummer met abcdef begint. Controleer het nummer."


@pytest.mark.parametrize("welke", ["900180730", "zz", "ab", "'; drop"])
def test_what_is_no_id_of_an_overstap_is_wrong_use(welke: str, overstap: Overstap) -> None:
    assert overstap("show", welke).uitgang == 2


def test_an_unknown_pgn_on_stdin_is_refused_without_repeating_it(overstap: Overstap) -> None:
    geweigerd = overstap("history", "-", invoer="900180730\n")
    assert geweigerd.uitgang == 1
    assert "900180730" not in geweigerd.fout


def test_a_wrong_pgn_on_stdin_is_wrong_use(overstap: Overstap) -> None:
    assert overstap("show", "-", invoer="123456789\n").uitgang == 2


def test_an_unreachable_database_has_its_own_exit_code_and_one_line(
    overstap: Overstap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERSTAP_DATABASE_URL", "postgresql://localhost:1/overstap")
    monkeypatch.setenv("OVERSTAP_HOOFDSLEUTEL", "A" * 43 + "=")
    uitvoer = overstap("tail", "--once")
    assert uitvoer.uitgang == 4
    assert "OVERSTAP_DATABASE_URL" in uitvoer.zin


def test_a_setting_that_is_wrong_is_named_without_its_value(
    overstap: Overstap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERSTAP_TOESTANDEN", "geheim")
    uitvoer = overstap("doctor")
    assert uitvoer.uitgang == 2
    assert "OVERSTAP_TOESTANDEN" in uitvoer.zin
    assert "geheim" not in uitvoer.fout


def test_a_sound_installation_passes_every_check(overstap: Overstap) -> None:
    overstap("show", "abcdef")
    bevindingen = overstap("doctor", "--json").json
    assert isinstance(bevindingen, list)
    assert [een for een in bevindingen if not een["isGoed"]] == []


def test_a_key_that_others_can_read_is_found(overstap: Overstap, datamap: Path) -> None:
    sleutel = datamap / "hoofdsleutel"
    sleutel.chmod(0o640)
    try:
        uitvoer = overstap("doctor")
    finally:
        sleutel.chmod(0o600)
    assert uitvoer.uitgang == 1
    assert f"chmod 600 {sleutel}" in uitvoer.uit


def test_a_login_that_may_do_anything_is_found_and_not_served_with(
    overstap: Overstap, server: Server, maak_databank: MakeDatabank, monkeypatch: pytest.MonkeyPatch
) -> None:
    naam = maak_databank(Soort.ECHT).adres["dbname"]
    adres = server.adres(SUPERGEBRUIKER, naam)
    monkeypatch.setenv("OVERSTAP_DATABASE_URL", make_conninfo(**adres))
    monkeypatch.setenv("OVERSTAP_HOOFDSLEUTEL", "A" * 43 + "=")
    uitvoer = overstap("doctor", "--json")
    assert uitvoer.uitgang == 1
    mis = {een["wat"] for een in uitvoer.json if not een["isGoed"]}
    assert "overstap_app is geen supergebruiker of eigenaar" in mis
    assert adres["password"] not in uitvoer.uit + uitvoer.fout
    geweigerd = overstap("serve", "--port", "0")
    assert geweigerd.uitgang == 1
    assert "mag te veel op deze database" in geweigerd.zin


def test_a_database_that_is_current_needs_no_migration(overstap: Overstap) -> None:
    assert overstap("migrate", "--json").json == {"uitgevoerd": []}


def test_a_real_log_is_never_emptied_for_a_demo(overstap: Overstap) -> None:
    overstap("open-jaar", "2023")
    geweigerd = overstap("demo", "--once", "--pupils", "5")
    assert geweigerd.uitgang == 1
    assert "wordt niet leeggemaakt" in geweigerd.zin
    assert overstap("open-jaar", "2023").uit == "Overstapjaar 2023 was al open.\n"
