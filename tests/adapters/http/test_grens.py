"""How many requests a caller may send holds over all processes of one service."""

from contextlib import closing
from pathlib import Path

import pytest

from overstap.adapters.http.grens import Grens, maak_bestand
from overstap.adapters.http.problemen import Probleem
from tests.processen import PROCESSEN

_PER_MINUUT = 600
_INEENS = 100
"""So many at once: ten seconds' worth."""


def _neem(grens: Grens, keren: int, wie: str = "99AA:decaan") -> int:
    """Ask so many times, and tell how often it was allowed."""
    gelukt = 0
    for _ in range(keren):
        try:
            grens.neem(wie)
        except Probleem:
            continue
        gelukt += 1
    return gelukt


def _in_een_ander_proces(bestand: Path) -> int:
    with closing(Grens(_PER_MINUUT, bestand, klok=lambda: 1_000.0)) as grens:
        return _neem(grens, _INEENS)


def test_processes_together_let_through_what_one_would(tmp_path: Path) -> None:
    bestand = maak_bestand(tmp_path / "grens")
    with PROCESSEN.Pool(4) as processen:
        assert sum(processen.map(_in_een_ander_proces, [bestand] * 8, chunksize=1)) == _INEENS


def test_a_bucket_fills_by_the_second_and_says_how_long_to_wait() -> None:
    nu = 1_000.0
    with closing(Grens(_PER_MINUUT, klok=lambda: nu)) as grens:
        assert _neem(grens, 2 * _INEENS) == _INEENS
        with pytest.raises(Probleem) as geweigerd:
            grens.neem("99AA:decaan")
        assert (geweigerd.value.status, geweigerd.value.koppen) == (429, {"Retry-After": "1"})
        nu += 2.0
        assert _neem(grens, _INEENS) == 20


def test_one_caller_takes_nothing_from_another() -> None:
    with closing(Grens(_PER_MINUUT, klok=lambda: 1_000.0)) as grens:
        assert [_neem(grens, _INEENS + 1, f"99AA:{nummer}") for nummer in range(50)] == [_INEENS] * 50


def test_more_callers_than_there_is_room_for_are_counted_still() -> None:
    nu = 1_000.0
    with closing(Grens(_PER_MINUUT, klok=lambda: nu)) as grens:
        for nummer in range(100_000):
            nu += 0.000_001
            grens.neem(f"voorbijganger {nummer}")
        assert _neem(grens, 2 * _INEENS) == _INEENS


def test_without_a_limit_nobody_is_refused() -> None:
    with closing(Grens(0)) as grens:
        assert _neem(grens, 1_000) == 1_000
