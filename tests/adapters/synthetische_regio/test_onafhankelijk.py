"""The generator knows nothing of the engine: what it expects was not worked out by what it tests."""

import ast
import sys
from pathlib import Path

import overstap.adapters.synthetische_regio as pakket

EIGEN = "overstap.adapters.synthetische_regio"


def test_the_package_imports_nothing_of_overstap_but_itself() -> None:
    bestanden = sorted(Path(str(pakket.__file__)).parent.glob("*.py"))
    assert len(bestanden) > 10
    vreemd = {
        (bestand.name, module)
        for bestand in bestanden
        for module in _modules(bestand)
        if module.split(".")[0] in {"overstap", "domain", "statemachine", "projections", "adapters", "tests"}
        and not module.startswith(EIGEN)
    }
    assert vreemd == set()


def test_the_package_leans_on_the_standard_library_and_msgspec_alone() -> None:
    bestanden = Path(str(pakket.__file__)).parent.glob("*.py")
    toppen = {module.split(".")[0] for bestand in bestanden for module in _modules(bestand)}
    assert toppen - sys.stdlib_module_names == {"overstap", "msgspec"}


def _modules(bestand: Path) -> set[str]:
    modules: set[str] = set()
    for knoop in ast.walk(ast.parse(bestand.read_bytes())):
        if isinstance(knoop, ast.Import):
            modules |= {naam.name for naam in knoop.names}
        elif isinstance(knoop, ast.ImportFrom):
            assert knoop.level == 0
            modules.add(str(knoop.module))
    return modules
