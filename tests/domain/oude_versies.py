"""A made-up fact that had two other shapes before, with how each became the next, for tests of how those are read."""

from typing import Any

from overstap.domain.feiten import TYPES, Archief, Vorm


class ProefV1(Vorm, frozen=True, kw_only=True, tag="proef-gehouden.v1"):
    """As it was first."""

    plaats: str
    aantal: int = 0


class ProefV2(Vorm, frozen=True, kw_only=True, tag="proef-gehouden.v2"):
    """With the reason, which nobody knows of those before."""

    plaats: str
    aantal: int = 0
    reden: str


class ProefV3(Vorm, frozen=True, kw_only=True, tag="proef-gehouden.v3"):
    """At any number of places, and held at least once."""

    plaatsen: tuple[str, ...]
    aantal: int = 1
    reden: str


def _met_reden(feit: ProefV1) -> ProefV2:
    return ProefV2(plaats=feit.plaats, aantal=feit.aantal, reden="onbekend")


def _met_plaatsen(feit: ProefV2) -> ProefV3:
    return ProefV3(plaatsen=(feit.plaats,), aantal=feit.aantal or 1, reden=feit.reden)


PROEF: Archief[Any] = Archief([*TYPES.values(), ProefV3], {ProefV1: _met_reden, ProefV2: _met_plaatsen})
"""All facts there are, and this one."""
