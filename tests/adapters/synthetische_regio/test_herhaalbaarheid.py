"""The same arguments give the same bytes; every other seed gives others."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from overstap.adapters.synthetische_regio import genereer
from overstap.adapters.synthetische_regio.bestanden import Leveringen


def test_the_same_seed_gives_the_same_bytes_in_another_process_with_other_hashes(tmp_path: Path) -> None:
    opdracht = (
        "import sys, pathlib; from overstap.adapters.synthetische_regio import genereer;"
        "genereer(120, 2026, 5, pathlib.Path(sys.argv[1]))"
    )
    omgeving = os.environ | {"PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", opdracht, str(tmp_path / "ver")], check=True, env=omgeving)
    genereer(120, 2026, 5, tmp_path / "hier")
    assert _inhoud(tmp_path / "ver") == _inhoud(tmp_path / "hier")


def test_another_seed_gives_other_pupils_and_other_files(tmp_path: Path) -> None:
    for seed in (1, 2):
        genereer(60, 2026, seed, tmp_path / str(seed))
    een, ander = _inhoud(tmp_path / "1"), _inhoud(tmp_path / "2")
    lijsten = {naam for naam in een if naam.startswith("leerlingen/")} & ander.keys()
    assert lijsten
    assert all(een[naam] != ander[naam] for naam in lijsten)


def test_lines_that_waited_on_disk_come_out_as_those_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    genereer(60, 2026, 3, tmp_path / "geheugen")
    monkeypatch.setattr("overstap.adapters.synthetische_regio.bestanden._MEESTE_IN_GEHEUGEN", 50)
    weggelegd: list[int] = []
    leg_weg = Leveringen._leg_weg

    def tel_en_leg_weg(zelf: Leveringen) -> None:
        weggelegd.append(1)
        leg_weg(zelf)

    monkeypatch.setattr(Leveringen, "_leg_weg", tel_en_leg_weg)
    genereer(60, 2026, 3, tmp_path / "schijf")
    assert len(weggelegd) > 5
    assert _inhoud(tmp_path / "schijf") == _inhoud(tmp_path / "geheugen")


def test_another_year_moves_every_delivery(tmp_path: Path) -> None:
    manifest = genereer(30, 2031, 1, tmp_path / "regio")
    assert {levering.op[:4] for levering in manifest.leveringen} == {"2030", "2031"}


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "iets").write_text("van een ander", encoding="utf-8")
    with pytest.raises(FileExistsError):
        genereer(10, 2026, 1, tmp_path)
    assert [pad.name for pad in tmp_path.iterdir()] == ["iets"]


def test_progress_reaches_its_total(tmp_path: Path) -> None:
    gemeld: list[tuple[int, int]] = []
    genereer(600, 2026, 1, tmp_path / "regio", lambda gedaan, totaal: gemeld.append((gedaan, totaal)))
    assert gemeld == sorted(gemeld)
    assert len(gemeld) > 2
    assert gemeld[-1][0] == gemeld[-1][1]


def _inhoud(map_: Path) -> dict[str, str]:
    bestanden = sorted(pad for pad in map_.rglob("*") if pad.is_file())
    return {str(pad.relative_to(map_)): hashlib.sha256(pad.read_bytes()).hexdigest() for pad in bestanden}
