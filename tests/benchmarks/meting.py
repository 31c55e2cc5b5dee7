"""One row of the benchmark: ours and a reference, in turns, and the ratio of their medians."""

import os
import platform
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import msgspec

from overstap.adapters.postgres.server import Server

Proef = Callable[[], float]
"""One measured run; gives a rate (higher is better) or, for a bound, an amount (lower is better)."""


class Rij(msgspec.Struct, frozen=True, kw_only=True):
    """What a row says: medians of ours and the reference, and the ratio to reach (None: no target)."""

    naam: str
    eenheid: str
    onze: float
    referentie: float
    doel: float | None = None
    hoogstens: bool = False

    @property
    def verhouding(self) -> float:
        """Say how many times the reference ours is."""
        return self.onze / self.referentie

    @property
    def oordeel(self) -> str:
        """Say whether the row reaches its target."""
        if self.doel is None:
            return ""
        is_goed = self.verhouding <= self.doel if self.hoogstens else self.verhouding >= self.doel
        return "ok" if is_goed else "below target"


class _Regel(msgspec.Struct, kw_only=True, rename="camel"):
    """A row as it is written down."""

    name: str
    ours: float
    reference: float
    ratio: float
    unit: str
    target: str | None
    verdict: str | None
    machine: str


def in_beurten(*proeven: Proef, rondes: int) -> list[float]:
    """Run all in turns, so that a machine whose speed drifts slows all; give the median of each."""
    metingen = [[proef() for proef in proeven] for _ in range(rondes)]
    return [median(waarden) for waarden in zip(*metingen, strict=True)]


@contextmanager
def eigen_server() -> Iterator[Server]:
    """Start a PostgreSQL for one group of rows, as installed: fsync and synchronous_commit are on."""
    with tempfile.TemporaryDirectory(prefix="overstap-meting-", ignore_cleanup_errors=True) as plek:
        Path(plek).chmod(0o711)
        server = Server(Path(plek) / "data")
        try:
            yield server
        finally:
            server.laat_los()


def machine() -> str:
    """Say on what machine this is measured."""
    geheugen = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {geheugen:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def tabel(rijen: list[Rij]) -> str:
    """Write the rows as a table."""
    breedte = max((len(rij.naam) for rij in rijen), default=0)
    regels = [f"{'row':<{breedte}}{'ours':>12}{'reference':>12}{'ratio':>8}{'target':>9}  unit"]
    regels += [
        f"{rij.naam:<{breedte}}{_getal(rij.onze):>12}{_getal(rij.referentie):>12}{rij.verhouding:>8.2f}"
        f"{_doel(rij) or '':>9}  {rij.eenheid}  {rij.oordeel}".rstrip()
        for rij in rijen
    ]
    return "\n".join(regels)


def schrijf(rijen: list[Rij], bestand: Path) -> None:
    """Write the rows as JSON, each with the machine it was measured on."""
    waarop = machine()
    regels = [
        _Regel(
            name=rij.naam,
            ours=rij.onze,
            reference=rij.referentie,
            ratio=rij.verhouding,
            unit=rij.eenheid,
            target=_doel(rij),
            verdict=rij.oordeel or None,
            machine=waarop,
        )
        for rij in rijen
    ]
    bestand.parent.mkdir(parents=True, exist_ok=True)
    bestand.write_bytes(msgspec.json.format(msgspec.json.encode(regels), indent=1) + b"\n")


def _doel(rij: Rij) -> str | None:
    return None if rij.doel is None else f"{'<=' if rij.hoogstens else '>='} {rij.doel:g}"


def _getal(waarde: float) -> str:
    """Write a number with three digits at least."""
    return f"{waarde:,.0f}" if waarde >= 100 else f"{waarde:.3g}"


def _processor() -> str:
    try:
        regels = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((regel.partition(":")[2].strip() for regel in regels if regel.startswith("model name")), "") or (
        platform.machine()
    )
