"""The generator's own model of a pupil: small, checked against the procedure by hand, and content with every line."""

from pathlib import Path

import pytest

from overstap.adapters.synthetische_regio import genereer
from overstap.adapters.synthetische_regio.dossier import kortste_weg, naar_status, op_moment
from tests.adapters.synthetische_regio.lezers import Bestanden


@pytest.mark.parametrize(
    ("van", "naar", "rijen"),
    [
        ("aangemeld", "aangemeld", 0),
        ("aangemeld", "definitief_geplaatst", 1),
        ("aangemeld", "gestart", 2),
        ("definitief_geplaatst", "voorlopig_geplaatst", 1),
        ("afgewezen", "voorlopig_geplaatst", 1),
        ("afgewezen", "intake_gepland", 2),
        ("gestart", "onderbroken", 1),
        ("gestart", "afgewezen", None),
        ("voorlopig_geplaatst", "aangemeld", None),
    ],
)
def test_the_shortest_way_between_two_statuses(van: str, naar: str, rijen: int | None) -> None:
    assert kortste_weg(van, naar) == rijen


@pytest.mark.parametrize(
    ("rang", "status"),
    [
        (0, "nog_niet_aangemeld"),
        (10, "aangemeld"),
        (20, "intake"),
        (35, "intake"),
        (40, "geplaatst"),
        (50, "geplaatst"),
    ],
)
def test_the_best_rank_gives_the_status(rang: int, status: str) -> None:
    assert naar_status(rang) == status


def test_the_status_on_a_day_is_the_last_recorded_of_what_had_happened() -> None:
    momenten = [(10, 10, "nog_niet_aangemeld"), (50, 40, "geplaatst"), (60, 20, "aangemeld")]
    assert op_moment(momenten, gebeurd=45, bekend=45) == "nog_niet_aangemeld"
    assert op_moment(momenten, gebeurd=45, bekend=55) == "geplaatst"
    assert op_moment(momenten, gebeurd=45, bekend=60) == "aangemeld"
    assert op_moment(momenten, gebeurd=5, bekend=60) == ""


@pytest.mark.parametrize("leerlingen", [1, 2, 3, 10, 75, 250])
@pytest.mark.parametrize("seed", [11, 12])
def test_no_line_has_to_be_left_out_in_regions_of_any_size(tmp_path: Path, leerlingen: int, seed: int) -> None:
    genereer(leerlingen, 2027, seed, tmp_path / "regio")
    verwacht = Bestanden(tmp_path / "regio").verwacht
    assert verwacht["vervallen"] == 0
    assert verwacht["overstappen"] == leerlingen
