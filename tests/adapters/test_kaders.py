"""What is known of the years of a region."""

import pytest

from overstap.adapters.kaders import Kaders
from overstap.domain.procedure import Jaar


def jaar(overstapjaar: int, *, is_open: bool = True, is_gesloten: bool = False) -> Jaar:
    return Jaar(overstapjaar=overstapjaar, versie=1, is_open=is_open, is_gesloten=is_gesloten)


@pytest.mark.parametrize(
    ("jaren", "laatste"),
    [
        ([], None),
        ([jaar(2026), jaar(2027)], 2027),
        ([jaar(2026), jaar(2027, is_open=False)], 2026),
        ([jaar(2026), jaar(2027, is_gesloten=True)], 2026),
        ([jaar(2025, is_gesloten=True), jaar(2026, is_gesloten=True)], 2026),
        ([jaar(2026, is_open=False)], None),
    ],
)
def test_the_latest_year_is_one_that_is_open_or_else_was(jaren: list[Jaar], laatste: int | None) -> None:
    kaders = Kaders()
    for een in jaren:
        kaders.neem_jaar_op("21", een)
    assert kaders.laatste_jaar("21") == laatste
