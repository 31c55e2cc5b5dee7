"""One row of the benchmark: ours and a reference, in turns, and the ratio of their medians."""

import os
import platform
from collections.abc import Callable
from pathlib import Path
from statistics import median

import msgspec

Proef = Callable[[], float]
"""One measured run; gives a rate (higher is better) or, for a bound, an amount (lower is better)."""


class Rij(msgspec.Struct, frozen=True, kw_only=True):
    """What a row says: medians of ours and the reference, their ratio, and the ratio to reach (None: no target)."""

    naam: str
    eenheid: str
    onze: float
    referentie: float
    verhouding: float
    doel: float | None = None
    hoogstens: bool = False

    @property
    def oordeel(self) -> str:
        """Say whether the row reaches its target."""
        if self.doel is None:
            return ""
        is_goed = self.verhouding <= self.doel if self.hoogstens else self.verhouding >= self.doel
        return "ok" if is_goed else "below target"


def in_beurten(onze: Proef, referentie: Proef, rondes: int) -> tuple[float, float]:
    """Run both in turns, so that a machine whose speed drifts slows both; give the medians."""
    metingen = [(onze(), referentie()) for _ in range(rondes)]
    return median(a for a, _ in metingen), median(b for _, b in metingen)


def toon(rijen: list[Rij]) -> None:
    """Print the rows as a table."""
    print(f"{'row':<44}{'ours':>12}{'reference':>12}{'ratio':>8}  {'target':>8}  unit")
    for rij in rijen:
        teken = "<=" if rij.hoogstens else ">="
        doel = f"{teken} {rij.doel:g}" if rij.doel is not None else ""
        print(
            f"{rij.naam:<44}{rij.onze:>12,.0f}{rij.referentie:>12,.0f}{rij.verhouding:>8.2f}  {doel:>8}  "
            f"{rij.eenheid}  {rij.oordeel}"
        )


def schrijf(rijen: list[Rij], bestand: Path) -> None:
    """Write the rows and the machine they were measured on as JSON."""
    machine = {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "memoryGiB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "python": platform.python_version(),
        "system": platform.platform(),
    }
    inhoud = {"machine": machine, "rows": [{**msgspec.structs.asdict(rij), "verdict": rij.oordeel} for rij in rijen]}
    bestand.parent.mkdir(parents=True, exist_ok=True)
    bestand.write_bytes(msgspec.json.format(msgspec.json.encode(inhoud), indent=1) + b"\n")
