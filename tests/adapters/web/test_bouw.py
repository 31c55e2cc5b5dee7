"""The build: only the tokens that are used, names that follow the content, a theme that can be swapped, a clear no."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from overstap.adapters.web import middelen
from tests.huis.bron import REPO

_WEB = REPO / "adapters" / "web"


@pytest.fixture
def huis(tmp_path: Path) -> Path:
    """Give a copy of what the build reads, with the packages of this house."""
    web = tmp_path / "adapters" / "web"
    shutil.copytree(_WEB, web, ignore=shutil.ignore_patterns("gebouwd", "__pycache__"))
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "web").symlink_to(REPO / "build" / "web")
    return tmp_path


def _bouw(huis: Path, *opties: str, **omgeving: str) -> subprocess.CompletedProcess[str]:
    opdracht = [sys.executable, str(huis / "adapters" / "web" / "bouw.py"), *opties]
    return subprocess.run(opdracht, env={**os.environ, **omgeving}, capture_output=True, text=True, check=False)


def _namen(huis: Path) -> dict[str, str]:
    gelezen: dict[str, str] = json.loads((huis / "adapters/web/gebouwd/namen.json").read_bytes())
    return gelezen


def test_the_same_sources_give_the_same_names(huis: Path) -> None:
    assert _bouw(huis).returncode == 0
    assert _namen(huis) == dict(middelen.namen())


def test_a_changed_rule_gives_the_style_another_name(huis: Path) -> None:
    (huis / "adapters/web/stijl/99-meer.css").write_text(".meer { color: red; }\n", encoding="utf-8")
    assert _bouw(huis).returncode == 0
    verschil = {naam for naam, nu in _namen(huis).items() if middelen.namen()[naam] != nu}
    assert verschil == {"overstap.css"}


def test_another_theme_takes_the_place_of_ours(huis: Path, tmp_path: Path) -> None:
    thema = tmp_path / "thema"
    thema.mkdir()
    (thema / "thema.css").write_text(":root { --overstap-merk: #123456; }\n", encoding="utf-8")
    (thema / "merk.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    assert _bouw(huis, "--thema", str(thema)).returncode == 0
    stijl = (huis / "adapters/web/gebouwd" / _namen(huis)["overstap.css"]).read_text(encoding="utf-8")
    assert "--overstap-merk: #123456" in stijl
    assert "--overstap-blad:" not in stijl


def test_the_style_asks_nothing_of_elsewhere_and_holds_no_token_in_vain() -> None:
    stijl = (_WEB / "gebouwd" / middelen.namen()["overstap.css"]).read_text(encoding="utf-8")
    assert "http://" not in stijl.replace("http://www.w3.org", "")
    assert "https://" not in stijl
    assert stijl.count("--voorbeeld-kleuren-") < 200


def test_a_machine_without_a_registry_is_told_what_to_do(huis: Path, tmp_path: Path) -> None:
    (huis / "build" / "web").unlink()
    leeg = tmp_path / "leeg"
    leeg.mkdir()
    gedaan = _bouw(
        huis, npm_config_registry="http://127.0.0.1:9/", npm_config_fetch_retries="0", npm_config_cache=str(leeg)
    )
    assert (gedaan.returncode, gedaan.stderr.startswith("The screens cannot be built: npm could not fetch")) == (
        1,
        True,
    )
    assert "Connect this machine to a registry of npm" in gedaan.stderr
