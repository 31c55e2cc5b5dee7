"""The whole is put together from its settings: which key, which clock, and that nothing secret shows."""

import base64
import secrets
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from overstap.adapters.app import app_op, hoofdsleutel_van
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import EchteKlok, GezetteKlok
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.vault import Hoofdsleutel, HoofdsleutelOngeldig
from tests.adapters.opstelling import HOOFDSLEUTEL, IN_JANUARI, app, richt_regio_in

SLEUTEL = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def kaal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No setting of the machine on which the test runs."""
    monkeypatch.chdir(tmp_path)
    for naam in Instellingen.model_fields:
        monkeypatch.delenv(f"OVERSTAP_{naam.upper()}", raising=False)
    return monkeypatch


def test_settings_come_from_the_environment(kaal: pytest.MonkeyPatch) -> None:
    kaal.setenv("OVERSTAP_REGIO", "07")
    kaal.setenv("OVERSTAP_DATABASE_URL", "postgresql://wie:geheim@plek/overstap")

    instellingen = Instellingen()

    assert instellingen.regio == "07"
    assert instellingen.database_url is not None
    assert instellingen.database_url.get_secret_value().endswith("@plek/overstap")


def test_what_is_secret_does_not_show_itself(kaal: pytest.MonkeyPatch) -> None:
    kaal.setenv("OVERSTAP_HOOFDSLEUTEL", SLEUTEL)
    kaal.setenv("OVERSTAP_DATABASE_URL", "postgresql://wie:geheim@plek/overstap")

    assert SLEUTEL not in repr(Instellingen())
    assert "geheim" not in repr(Instellingen())


def test_a_wrong_setting_is_refused_without_repeating_it(kaal: pytest.MonkeyPatch) -> None:
    kaal.setenv("OVERSTAP_TOESTANDEN", "geheim-woord")

    with pytest.raises(ValidationError) as fout:
        Instellingen()

    assert "toestanden" in str(fout.value)
    assert "geheim-woord" not in str(fout.value)


def test_the_embedded_database_gets_a_master_key_of_its_own_and_keeps_it(kaal: pytest.MonkeyPatch) -> None:
    eerst, dan = hoofdsleutel_van(Instellingen()), hoofdsleutel_van(Instellingen())

    assert eerst.inpakken == dan.inpakken
    assert (Path(".overstap") / "hoofdsleutel").stat().st_mode & 0o777 == 0o600


def test_a_database_elsewhere_must_be_given_its_master_key(kaal: pytest.MonkeyPatch) -> None:
    kaal.setenv("OVERSTAP_DATABASE_URL", "postgresql://plek/overstap")

    with pytest.raises(HoofdsleutelOngeldig, match="OVERSTAP_HOOFDSLEUTEL"):
        hoofdsleutel_van(Instellingen())

    assert not Path(".overstap").exists()


def test_the_master_key_is_given_as_text_or_as_a_file(kaal: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pad = tmp_path / "sleutel"
    pad.write_text(SLEUTEL, encoding="ascii")
    pad.chmod(0o600)
    kaal.setenv("OVERSTAP_HOOFDSLEUTEL_BESTAND", str(pad))
    uit_bestand = hoofdsleutel_van(Instellingen())
    kaal.setenv("OVERSTAP_HOOFDSLEUTEL", SLEUTEL)

    assert uit_bestand.inpakken == hoofdsleutel_van(Instellingen()).inpakken == Hoofdsleutel(bytes(range(32))).inpakken


def test_the_key_for_numbers_may_be_given_apart(kaal: pytest.MonkeyPatch) -> None:
    eigen = secrets.token_bytes(32)
    kaal.setenv("OVERSTAP_HOOFDSLEUTEL", SLEUTEL)
    kaal.setenv("OVERSTAP_PGN_SLEUTEL", base64.b64encode(eigen).decode())

    assert hoofdsleutel_van(Instellingen()).pgn == eigen


def test_a_demo_database_without_a_clock_stands_at_its_last_event(demo_databank: Databank) -> None:
    with app(demo_databank) as eerste:
        richt_regio_in(eerste)

    with app_op(demo_databank, HOOFDSLEUTEL, Instellingen(_env_file=None)) as later:  # type: ignore[call-arg]
        assert isinstance(later.klok, GezetteKlok)
        assert later.klok() == IN_JANUARI


def test_a_real_database_runs_on_the_real_clock(databank: Databank) -> None:
    with app_op(databank, HOOFDSLEUTEL, Instellingen(_env_file=None)) as geheel:  # type: ignore[call-arg]
        begin = datetime.now(UTC)
        assert isinstance(geheel.klok, EchteKlok)
        assert begin <= geheel.klok() <= datetime.now(UTC)
        assert geheel.klok.voor_het_log() is None


def test_a_clock_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        GezetteKlok(datetime(2026, 1, 1))  # noqa: DTZ001  # that is what is refused
