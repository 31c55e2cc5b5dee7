"""What is known of the years of a region."""

from datetime import date

import pytest

from overstap.adapters.kaders import Kaders
from overstap.domain.kalender import Regels, kalender_van
from overstap.domain.procedure import Jaar


def jaar(overstapjaar: int, *, is_open: bool = True, is_gesloten: bool = False) -> Jaar:
    return Jaar(
        overstapjaar=overstapjaar,
        versie=1,
        regels=Regels(regio="21", overstapjaar=overstapjaar, revisie=1, kalender=kalender_van(overstapjaar)),
        is_open=is_open,
        is_gesloten=is_gesloten,
    )


@pytest.mark.parametrize(
    ("jaren", "lopend"),
    [
        ([], None),
        ([jaar(2025), jaar(2026), jaar(2027)], 2026),
        ([jaar(2026), jaar(2027, is_open=False)], 2026),
        ([jaar(2025), jaar(2026, is_gesloten=True)], 2025),
        ([jaar(2026, is_gesloten=True), jaar(2027), jaar(2028)], 2027),
        ([jaar(2025, is_gesloten=True), jaar(2026, is_gesloten=True)], 2026),
        ([jaar(2026, is_open=False)], None),
    ],
)
def test_the_year_people_work_on_is_the_latest_that_began(jaren: list[Jaar], lopend: int | None) -> None:
    kaders = Kaders()
    for een in jaren:
        kaders.neem_jaar_op("21", een)
    assert kaders.lopend_jaar("21", date(2026, 9, 30)) == lopend
