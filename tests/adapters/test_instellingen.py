"""Settings come from the environment."""

from pathlib import Path

import pytest

from overstap.adapters.instellingen import Instellingen


def test_an_empty_variable_is_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # without a .env of its own
    monkeypatch.setenv("OVERSTAP_DATAMAP", "")
    monkeypatch.setenv("OVERSTAP_BEWAAR_MAANDEN", "")
    monkeypatch.setenv("OVERSTAP_REGIO", "22")
    instellingen = Instellingen()
    assert (instellingen.datamap, instellingen.bewaar_maanden) == (Path(".overstap"), 12)
    assert instellingen.regio == "22"
