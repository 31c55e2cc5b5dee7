"""The Makefile: its targets, and a set-up that happens only when something changed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.huis.bron import MAPPEN, REPO

# Stands for every python: writes down what it was asked, and makes an environment that holds itself.
NOTULIST = """#!/bin/sh
echo "$*" >> "$NOTULEN"
case "$*" in *"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;; esac
"""


class Opzet:
    """A copy of the house with an interpreter that only writes down what it is asked to do."""

    def __init__(self, plek: Path) -> None:
        self.plek = plek
        self._notulen = plek / "notulen"
        shutil.copy(REPO / "Makefile", plek)
        web = ("adapters/web/bouw.py", "adapters/web/package-lock.json", "adapters/web/stijl/grond.css")
        for naam in ("requirements-dev.lock", "pyproject.toml", *web, *(f"{map_}/py.typed" for map_ in MAPPEN)):
            (plek / naam).parent.mkdir(parents=True, exist_ok=True)
            (plek / naam).touch()
        self._python = plek / "notulist"
        self._python.write_text(NOTULIST, encoding="utf-8")
        self._python.chmod(0o755)

    def draai(self) -> list[str]:
        """Run the set-up and name what it did: installed the packages, built the screens, installed the project."""
        self._notulen.write_text("", encoding="utf-8")
        _make("setup", f"PYTHON={self._python}", plek=self.plek, NOTULEN=str(self._notulen))
        gedaan = self._notulen.read_text(encoding="utf-8")
        delen = (("--require-hashes", "pakketten"), ("bouw.py", "schermen"), ("--editable", "project"))
        return [wat for teken, wat in delen if teken in gedaan]

    def wijzig(self, naam: str) -> None:
        """Give a file a time after that of every stamp."""
        jongste = max(stempel.stat().st_mtime for stempel in (self.plek / ".venv").glob(".*"))
        os.utime(self.plek / naam, (jongste + 1, jongste + 1))


@pytest.fixture
def opgezet(tmp_path: Path) -> Opzet:
    opzet = Opzet(tmp_path)
    assert opzet.draai() == ["pakketten", "schermen", "project"]
    return opzet


def test_make_alone_lists_the_targets() -> None:
    uitvoer = _make(plek=REPO)
    genoemd = {regel.split()[0] for regel in uitvoer.splitlines() if regel.startswith("  ")}
    assert genoemd == {"help", "demo", "test", "check", "prove", "bench", "screenshots", "setup", "lock", "clean"}


def test_nothing_is_installed_again_when_nothing_changed(opgezet: Opzet) -> None:
    assert opgezet.draai() == []


def test_a_changed_file_is_seen_through_its_link(opgezet: Opzet) -> None:
    opgezet.wijzig("domain/py.typed")
    assert opgezet.draai() == []


def test_an_added_file_asks_for_a_new_tree_of_links(opgezet: Opzet) -> None:
    (opgezet.plek / "domain" / "nieuw.py").touch()
    assert opgezet.draai() == ["project"]
    assert opgezet.draai() == []


def test_a_removed_file_asks_for_a_new_tree_of_links(opgezet: Opzet) -> None:
    (opgezet.plek / "adapters" / "py.typed").unlink()
    assert opgezet.draai() == ["project"]


def test_a_changed_pyproject_installs_the_project(opgezet: Opzet) -> None:
    opgezet.wijzig("pyproject.toml")
    assert opgezet.draai() == ["project"]


@pytest.mark.parametrize("naam", ["package-lock.json", "bouw.py", "stijl/grond.css"])
def test_what_the_screens_are_made_of_builds_them_again(opgezet: Opzet, naam: str) -> None:
    opgezet.wijzig(f"adapters/web/{naam}")
    assert opgezet.draai() == ["schermen"]


def test_a_changed_lock_installs_everything(opgezet: Opzet) -> None:
    opgezet.wijzig("requirements-dev.lock")
    assert opgezet.draai() == ["pakketten", "schermen", "project"]


def _make(*argumenten: str, plek: Path, **omgeving: str) -> str:
    # What an outer make hands down would change what this one does.
    geerfd = {naam: waarde for naam, waarde in os.environ.items() if not naam.startswith(("MAKE", "MFLAGS"))}
    opdracht = ["make", *argumenten]
    return subprocess.run(opdracht, cwd=plek, env=geerfd | omgeving, check=True, capture_output=True, text=True).stdout
