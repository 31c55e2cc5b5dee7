"""Corrections, as they are asked for and as the log keeps them."""

from overstap.domain import verzoeken as v
from overstap.domain.feiten import overstap as o
from tests.statemachine.gegeven import ZEGEL
from tests.statemachine.standen import gewijzigd


def herzie(nummer: int) -> v.Herzie:
    """Ask to correct the event of this number."""
    return v.Herzie(gebeurtenis=nummer, reden=ZEGEL)


def herzien(nummer: int) -> o.GebeurtenisHerzien:
    """Give the correction of the event of this number."""
    return o.GebeurtenisHerzien(gebeurtenis=nummer, reden=ZEGEL)


def terug(van: str, naar: str, oorzaak: int) -> o.StatusGewijzigd:
    """Give the change of status that a correction causes."""
    return gewijzigd(van, naar, oorzaak, "herzie")
