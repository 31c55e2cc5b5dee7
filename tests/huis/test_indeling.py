"""The four folders at the top, and how they import."""

import subprocess
import sys
from pathlib import Path

import pytest
import statemachine

from tests.huis.bron import MAPPEN, REPO, bestanden, pyproject

HOOGSTENS = 400
GEHEEL = {"adapters/bewijs/verify.py": 520}
"""Goes out of the house alone, so that it cannot be two files."""


def test_every_folder_with_files_is_a_package_in_pyproject() -> None:
    op_schijf = {".".join(("overstap", *pad.parent.parts)) for pad in bestanden()}
    opgegeven = pyproject()["tool"]["setuptools"]["packages"]
    assert sorted(opgegeven) == sorted(op_schijf)


@pytest.mark.parametrize("map_", MAPPEN)
def test_each_of_the_four_is_typed(map_: str) -> None:
    assert (REPO / map_ / "py.typed").is_file()


def test_only_the_folder_named_after_the_library_lacks_an_init() -> None:
    zonder = {
        pad.parent for pad in bestanden() if pad.suffix == ".py" and not (REPO / pad.parent / "__init__.py").exists()
    }
    assert zonder == {Path("statemachine")}


@pytest.mark.parametrize("map_", [".", *MAPPEN, "tests", "docs"])
def test_import_statemachine_is_the_library_in_the_folder(map_: str) -> None:
    assert _statemachine_vanuit(REPO / map_) == statemachine.__file__


def test_import_statemachine_is_the_library_elsewhere(tmp_path: Path) -> None:
    assert _statemachine_vanuit(tmp_path) == statemachine.__file__


def test_the_library_is_not_ours() -> None:
    assert not Path(statemachine.__file__).is_relative_to(REPO / "statemachine")
    assert hasattr(statemachine, "StateMachine")


def test_no_python_file_is_longer_than_400_lines() -> None:
    eigen = [*(pad for pad in bestanden() if pad.suffix == ".py"), *_toetsen()]
    te_lang = {
        str(pad) for pad in eigen if len((REPO / pad).read_bytes().splitlines()) > GEHEEL.get(str(pad), HOOGSTENS)
    }
    assert te_lang == set()


def _toetsen() -> list[Path]:
    return [pad.relative_to(REPO) for pad in (REPO / "tests").rglob("*.py")]


def _statemachine_vanuit(map_: Path) -> str:
    opdracht = [sys.executable, "-c", "import statemachine; print(statemachine.__file__)"]
    return subprocess.run(opdracht, cwd=map_, check=True, capture_output=True, text=True).stdout.strip()
