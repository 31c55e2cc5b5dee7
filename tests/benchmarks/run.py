"""Measure everything, or the rows named; print a table and write JSON.

`python -m tests.benchmarks.run [ROW ...] [--large]`; --large measures growth on ten million events instead of one.
"""

import signal
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from overstap.adapters.telemetry import richt_in
from tests.benchmarks import (
    aanleveren,
    beelden,
    bewijzen,
    bladen,
    bulk,
    enkele_verzoeken,
    groei,
    herbeoordelen,
    herlezen,
    invoer,
    lezen,
    log_toevoegen,
    meelezers,
    ophalen,
    schermen,
    stappen_zetten,
    tegenover_umadb,
    wachttijd,
)
from tests.benchmarks.groot_log import TIEN_MILJOEN
from tests.benchmarks.meting import Rij, machine, schrijf, tabel

Groep = Callable[[], list[Rij]]

GROEPEN: dict[str, Groep] = {
    "command": enkele_verzoeken.rijen,
    "umadb": tegenover_umadb.rijen,
    "latency": wachttijd.rijen,
    "bulk": bulk.rijen,
    "append": log_toevoegen.rijen,
    "replay": herlezen.rijen,
    "growth": groei.rijen,
    "import": invoer.rijen,
    "views": beelden.rijen,
    "proof": bewijzen.rijen,
    "audit": herbeoordelen.rijen,
    "read": lezen.rijen,
    "get": ophalen.rijen,
    "post": stappen_zetten.rijen,
    "deliver": aanleveren.rijen,
    "stream": meelezers.rijen,
    "screens": schermen.rijen,
    "pages": bladen.rijen,
}
UITVOER = Path("build/bench.json")


def hoofd(gevraagd: list[str], groepen: Mapping[str, Groep] = GROEPEN, uitvoer: Path = UITVOER) -> int:
    """Run the groups asked for, all when none is; an unknown name is an error that lists the known ones."""
    onbekend = [naam for naam in gevraagd if naam not in groepen]
    if onbekend:
        print(f"unknown row: {', '.join(onbekend)}; choose from: {', '.join(groepen)}", file=sys.stderr)
        return 2
    rijen: list[Rij] = []
    for naam in gevraagd or groepen:
        nieuw = groepen[naam]()
        print(tabel(nieuw), flush=True)  # what was measured is seen, also when a later group fails
        rijen += nieuw
    if len(gevraagd or groepen) > 1:
        print(f"\n{machine()}\n{tabel(rijen)}")
    schrijf(rijen, uitvoer)
    return 0


if __name__ == "__main__":
    richt_in("error")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what is open is closed: servers, folders, peers
    namen = [naam for naam in sys.argv[1:] if naam != "--large"]
    groter = {"growth": partial(groei.rijen, TIEN_MILJOEN)} if "--large" in sys.argv else {}
    sys.exit(hoofd(namen, GROEPEN | groter))
