"""Measure everything, or the rows named: `python -m tests.benchmarks.run [ROW ...]`; prints a table and writes JSON."""

import sys
from collections.abc import Callable
from pathlib import Path

from overstap.adapters.telemetry import richt_in
from tests.benchmarks import enkele_verzoeken, invoer, log_toevoegen
from tests.benchmarks.meting import Rij, schrijf, toon

GROEPEN: dict[str, Callable[[], list[Rij]]] = {
    "import": invoer.rijen,
    "append": log_toevoegen.rijen,
    "command": enkele_verzoeken.rijen,
}
UITVOER = Path("build/bench.json")


def hoofd(gevraagd: list[str]) -> int:
    """Run the groups asked for; an unknown name is an error that lists the known ones."""
    onbekend = [naam for naam in gevraagd if naam not in GROEPEN]
    if onbekend:
        print(f"unknown row: {', '.join(onbekend)}; choose from: {', '.join(GROEPEN)}", file=sys.stderr)
        return 2
    richt_in("error")
    rijen = [rij for naam in gevraagd or GROEPEN for rij in GROEPEN[naam]()]
    toon(rijen)
    schrijf(rijen, UITVOER)
    return 0


if __name__ == "__main__":
    sys.exit(hoofd(sys.argv[1:]))
