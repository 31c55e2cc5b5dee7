"""The wheel: it holds every file of the four folders, and runs where only it and its dependencies are."""

import os
import shutil
import site
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.huis.bron import MAPPEN, REPO, bestanden, pyproject


@pytest.fixture(scope="module")
def wiel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, so that nothing left in build/ can slip in."""
    kopie = tmp_path_factory.mktemp("kopie")
    for map_ in MAPPEN:
        shutil.copytree(REPO / map_, kopie / map_, ignore=shutil.ignore_patterns("__pycache__"))
    for bestand in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPO / bestand, kopie)
    uit = tmp_path_factory.mktemp("wiel")
    _pip("wheel", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(uit), str(kopie))
    (gebouwd,) = uit.iterdir()
    return gebouwd


def test_the_wheel_holds_every_file_of_the_four_folders_and_no_other(wiel: Path) -> None:
    with zipfile.ZipFile(wiel) as archief:
        namen = {naam for naam in archief.namelist() if ".dist-info/" not in naam}
    assert namen == {f"overstap/{pad.as_posix()}" for pad in bestanden()}


def test_the_wheel_names_its_licence(wiel: Path) -> None:
    with zipfile.ZipFile(wiel) as archief:
        (metadata,) = (naam for naam in archief.namelist() if naam.endswith(".dist-info/METADATA"))
        tekst = archief.read(metadata).decode()
    assert "\nLicense-Expression: EUPL-1.2\n" in tekst
    assert "\nLicense-File: LICENSE\n" in tekst


def test_the_wheel_installs_in_an_empty_environment_and_tells_its_version(wiel: Path, tmp_path: Path) -> None:
    omgeving = tmp_path / "omgeving"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(omgeving)], check=True)
    _pip("--python", str(omgeving / "bin" / "python"), "install", "--no-index", "--no-deps", str(wiel))
    # The dependencies of this environment, by a path file: it lends the packages, but not the editable install of ours.
    (pakketten,) = omgeving.glob("lib/python*/site-packages")
    (pakketten / "geleend.pth").write_text("\n".join(site.getsitepackages()) + "\n", encoding="utf-8")

    def draai(*opdracht: str) -> str:
        kaal = {"PATH": os.defpath, "HOME": str(tmp_path)}
        return subprocess.run(opdracht, cwd=tmp_path, env=kaal, check=True, capture_output=True, text=True).stdout

    waar = draai(str(omgeving / "bin" / "python"), "-c", "import overstap.adapters as a; print(a.__file__)")
    assert Path(waar.strip()).is_relative_to(omgeving)
    assert pyproject()["project"]["version"] in draai(str(omgeving / "bin" / "overstap"), "--version")


def _pip(*argumenten: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *argumenten],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
