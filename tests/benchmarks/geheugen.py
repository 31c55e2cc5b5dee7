"""Import one file of many lines in this process, and print the peak of its memory in MiB."""

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from overstap.adapters.app import app_op, hoofdsleutel_van
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.koppelingen import importeer
from overstap.adapters.postgres.databank import open_databank
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.synthetische_regio import genereer
from overstap.adapters.telemetry import richt_in
from overstap.domain.rollen import Rol
from tests.benchmarks.jaarbestanden import OVERSTAPJAAR

MBO = "99MA"


def schrijf_berichten(pad: Path, regels: int) -> None:
    """Write messages about pupils nobody entered and nobody else names: each line leaves something in the database."""
    with pad.open("w", encoding="utf-8") as uit:
        for nummer in range(regels):
            item = {
                "ketenId": f"{MBO}:{nummer:08d}",
                "wijzigingsvolgnummer": nummer + 1,
                "pgn": _pgn(nummer),
                "status": "AO",
                "laatsteWijziging": f"{OVERSTAPJAAR}-01-12T09:30:00Z",
                "brin": MBO,
                "opleidingCreboCode": "25647",
                "opleidingAanmeldjaar": f"{OVERSTAPJAAR}-{OVERSTAPJAAR + 1}",
            }
            uit.write(json.dumps(item) + "\n")


def _pgn(nummer: int) -> str:
    """Give the nummer-th nine digits from 900000000 on that pass the eleven-test: one in eleven does."""
    for eind in range(11):
        cijfers = f"{900_000_000 + nummer * 11 + eind}"
        gewogen = sum(g * int(c) for g, c in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), cijfers, strict=True))
        if gewogen % 11 == 0:
            return cijfers
    return _pgn(nummer + 1)


def _piek() -> float:
    """Give the peak of this program alone, in MiB: getrusage's also counts that of the program that started it."""
    [kibibytes] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("utf-8"))
    return int(kibibytes) / 1024


def hoofd(map_: Path, regels: int) -> None:
    """Make a database and import the file."""
    richt_in("error")
    map_.mkdir(parents=True)
    map_.chmod(0o711)
    manifest = genereer(30, OVERSTAPJAAR, 1, map_ / "regio")
    schrijf_berichten(map_ / "berichten.ndjson", regels)
    instellingen = Instellingen(datamap=map_ / "data", logniveau="error")
    klok = GezetteKlok(datetime(OVERSTAPJAAR, 10, 10, tzinfo=UTC))
    with open_databank(instellingen.datamap) as databank:
        databank.migreer(Soort.DEMO)
        with app_op(databank, hoofdsleutel_van(instellingen), instellingen, klok) as app:
            for levering in manifest.leveringen:
                if levering.soort in {"organisaties", "parameters"}:
                    importeer(app, map_ / "regio" / levering.bestand, levering.namens, Rol(levering.rol))
            verslag = importeer(app, map_ / "berichten.ndjson", MBO, Rol.KOPPELING)
    if verslag.wachtbak != regels:
        sys.exit(f"{verslag.wachtbak} of {regels} lines went in: {verslag.per_code}")
    print(_piek())


if __name__ == "__main__":
    hoofd(Path(sys.argv[1]), int(sys.argv[2]))
