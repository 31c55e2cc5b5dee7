"""Where the repository is, and what its own files say of it: the house tests compare the two."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPO = Path(__file__).parents[2]
MAPPEN = ("adapters", "domain", "projections", "statemachine")


def pyproject() -> dict[str, Any]:
    """Read pyproject.toml."""
    return tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))


def bestanden() -> Iterator[Path]:
    """Give every file of the four folders as a path from the repository's top, without what Python compiled."""
    for map_ in MAPPEN:
        for pad in sorted((REPO / map_).rglob("*")):
            if pad.is_file() and pad.suffix != ".pyc":
                yield pad.relative_to(REPO)


def ingevoerde_namen(pad: Path) -> set[str]:
    """Give the full names of the modules that a Python file imports, wherever in the file it does so."""
    namen: set[str] = set()
    for knoop in ast.walk(ast.parse((REPO / pad).read_bytes())):
        if isinstance(knoop, ast.Import):
            namen.update(naam.name for naam in knoop.names)
        elif isinstance(knoop, ast.ImportFrom) and knoop.module is not None and knoop.level == 0:
            namen.add(knoop.module)
    return namen


def vreemde_modules(pad: Path) -> set[str]:
    """Give the top-level names a file imports that are neither the standard library's nor ours."""
    toppen = {naam.partition(".")[0] for naam in ingevoerde_namen(pad)}
    return toppen - sys.stdlib_module_names - {"overstap", "tests"}
