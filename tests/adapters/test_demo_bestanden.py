"""The files of a demo, written in place of those of an earlier one, however that ended."""

from collections.abc import Callable
from pathlib import Path

import pytest

from overstap.adapters.demo import Opzet, schrijf_bestanden


class _Gestoord(Exception):
    """Somebody stopped it."""


def _na(keer: int) -> Callable[[int, str], None]:
    """Look on, and stop it after so many times."""
    gezien = iter(range(keer))

    def meld(_gedaan: int, _wat: str) -> None:
        if next(gezien, None) is None:
            raise _Gestoord

    return meld


def _bestanden(map_: Path) -> dict[str, bytes]:
    return {str(pad.relative_to(map_)): pad.read_bytes() for pad in map_.rglob("*") if pad.is_file()}


@pytest.mark.parametrize("eerst", ["niets", "een ander jaar", "een half jaar"])
def test_a_year_that_was_cut_off_is_written_anew(tmp_path: Path, eerst: str) -> None:
    opzet, map_ = Opzet(leerlingen=60, overstapjaar=2026, zaad=3), tmp_path / "demo"
    if eerst == "een ander jaar":
        schrijf_bestanden(Opzet(leerlingen=5, overstapjaar=2025, zaad=4), map_, _na(99))
    if eerst == "een half jaar":
        (map_ / "leerlingen").mkdir(parents=True)
        (map_ / "leerlingen" / "99AA.csv").write_bytes(b"half")
    stond_er = _bestanden(map_)
    for keer in (0, 1):
        with pytest.raises(_Gestoord):
            schrijf_bestanden(opzet, map_, _na(keer))
        assert _bestanden(map_) == stond_er
    manifest = schrijf_bestanden(opzet, map_, _na(99))
    schrijf_bestanden(opzet, tmp_path / "ernaast", _na(99))
    assert manifest.leerlingen == 60
    assert _bestanden(map_) == _bestanden(tmp_path / "ernaast")
    assert sorted(een.name for een in tmp_path.iterdir()) == ["demo", "ernaast"]
