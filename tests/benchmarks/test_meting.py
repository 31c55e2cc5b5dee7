"""The harness of the benchmarks: what it computes, what it says of a target, and which rows it knows."""

from functools import partial
from pathlib import Path

import msgspec
import pytest

from tests.benchmarks.meting import Rij, in_beurten, schrijf, tabel
from tests.benchmarks.run import GROEPEN, hoofd
from tests.benchmarks.tegenover_umadb import Ontbreekt, richt_omgeving_in
from tests.benchmarks.wachttijd import p99


def rij(onze: float, referentie: float, doel: float | None = None, *, hoogstens: bool = False) -> Rij:
    return Rij(naam="proef", eenheid="events/s", onze=onze, referentie=referentie, doel=doel, hoogstens=hoogstens)


def test_all_are_run_in_turns() -> None:
    volgorde: list[str] = []

    def proef(naam: str) -> float:
        volgorde.append(naam)
        return 1.0

    in_beurten(lambda: proef("onze"), lambda: proef("hunne"), lambda: proef("kale"), rondes=2)
    assert volgorde == ["onze", "hunne", "kale"] * 2


def test_each_gets_the_median_of_its_own_rounds() -> None:
    onze, hunne = iter([5.0, 1.0, 900.0]), iter([30.0, 10.0, 20.0])
    assert in_beurten(lambda: next(onze), lambda: next(hunne), rondes=3) == [5.0, 20.0]


@pytest.mark.parametrize(
    ("gemeten", "oordeel"),
    [
        (rij(1500, 100, 15.0), "ok"),
        (rij(1499, 100, 15.0), "below target"),
        (rij(1000, 100, 10.0, hoogstens=True), "ok"),
        (rij(1001, 100, 10.0, hoogstens=True), "below target"),
        (rij(1, 100), ""),
    ],
)
def test_a_row_says_whether_it_reaches_its_target(gemeten: Rij, oordeel: str) -> None:
    assert gemeten.oordeel == oordeel


def test_a_row_of_the_table_with_a_target_ends_in_its_verdict() -> None:
    _, met, zonder = tabel([rij(200, 100, 3.0), rij(200, 100)]).splitlines()
    assert met.split() == ["proef", "200", "100", "2.00", ">=", "3", "events/s", "below", "target"]
    assert zonder.split() == ["proef", "200", "100", "2.00", "events/s"]


def test_small_numbers_keep_three_digits_in_the_table() -> None:
    assert tabel([rij(1.2345, 0.51)]).splitlines()[1].split()[1:4] == ["1.23", "0.51", "2.42"]


def test_the_json_names_for_each_row_what_it_is_and_on_what_machine(tmp_path: Path) -> None:
    schrijf([rij(200, 100, 3.0)], tmp_path / "diep" / "bench.json")
    [geschreven] = msgspec.json.decode((tmp_path / "diep" / "bench.json").read_bytes())
    assert "cores" in geschreven.pop("machine")
    assert geschreven == {
        "name": "proef",
        "ours": 200.0,
        "reference": 100.0,
        "ratio": 2.0,
        "unit": "events/s",
        "target": ">= 3",
        "verdict": "below target",
    }


def test_an_unknown_row_is_refused_with_the_names_of_those_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hoofd(["replay", "onzin"], uitvoer=tmp_path / "bench.json") == 2
    melding = capsys.readouterr().err
    assert melding == f"unknown row: onzin; choose from: {', '.join(GROEPEN)}\n"
    assert not (tmp_path / "bench.json").exists()


def test_the_rows_named_are_run_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gedaan: list[str] = []

    def groep(naam: str) -> list[Rij]:
        gedaan.append(naam)
        return [rij(2, 1)]

    groepen = {naam: partial(groep, naam) for naam in ("een", "twee", "drie")}
    assert hoofd(["drie", "een"], groepen, tmp_path / "bench.json") == 0
    assert gedaan == ["drie", "een"]
    assert len(msgspec.json.decode((tmp_path / "bench.json").read_bytes())) == 2
    assert capsys.readouterr().out.count("proef") == 4  # each group as it comes, and all together


@pytest.mark.parametrize(("aantal", "verwacht"), [(100, 99.0), (101, 100.0), (1, 1.0), (1000, 990.0)])
def test_99_of_100_stay_at_or_below_the_p99(aantal: int, verwacht: float) -> None:
    milliseconden = [nummer / 1000 for nummer in range(aantal, 0, -1)]
    assert p99(milliseconden) == pytest.approx(verwacht)


def test_a_peer_that_cannot_be_installed_says_why(tmp_path: Path) -> None:
    pakketten = tmp_path / "pakketten.txt"
    pakketten.write_text("--no-index\nbestaat-niet==1.0\n", encoding="utf-8")
    with pytest.raises(Ontbreekt, match="bestaat-niet"):
        richt_omgeving_in(tmp_path / "omgeving", pakketten)
