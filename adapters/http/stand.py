"""How a pupil's stream stood when it was last read."""

from collections.abc import Sequence
from dataclasses import dataclass

from overstap.adapters.stroomsoorten import Dossier
from overstap.domain.gebeurtenis import Gebeurtenis


@dataclass(frozen=True)
class Stand:
    """The state, and the events that led there."""

    dossier: Dossier
    gebeurtenissen: Sequence[Gebeurtenis]
