"""How a pupil's stream stood when it was last read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from overstap.adapters.stroomsoorten import Dossier
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.projections.actueel import Actueel, rij_van


@dataclass(frozen=True)
class Stand:
    """The state, and the events that led there."""

    dossier: Dossier
    gebeurtenissen: Sequence[Gebeurtenis]

    @cached_property
    def rij(self) -> Actueel:
        """The row that the read model has, or will have, of him as he stands here; folded when it is first asked for.

        Raises:
            ValueError: when the stream is not one of a pupil.

        """
        rij = rij_van(self.gebeurtenissen)
        if rij is None:
            raise ValueError("an empty stream is no pupil's")
        return rij
