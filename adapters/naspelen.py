"""Play the log again from its first event: what every stream has come to, by nothing else than its facts."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, get_args
from uuid import UUID

from overstap.adapters.opruimen import niet_opruimen
from overstap.domain.feiten import (
    FeitVanAanmelding,
    FeitVanOrganisatie,
    FeitVanOverstap,
    FeitVanProcedure,
    FeitVanWachtbak,
)
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.organisatie import Organisatie, evolve_organisatie
from overstap.domain.overstap import Overstap, evolve
from overstap.domain.procedure import Jaar, evolve_procedure
from overstap.domain.wachtbak import WachtbakItem, evolve_wachtbak

Toestand = Overstap | Organisatie | Jaar | WachtbakItem

_SOORTEN: tuple[tuple[Any, Callable[[Any, Gebeurtenis], Toestand]], ...] = (
    (FeitVanOverstap | FeitVanAanmelding, evolve),
    (FeitVanOrganisatie, evolve_organisatie),
    (FeitVanProcedure, evolve_procedure),
    (FeitVanWachtbak, evolve_wachtbak),
)
_VOUW = {feit: vouw for feiten, vouw in _SOORTEN for feit in get_args(feiten)}


def vouwer_van(gebeurtenis: Gebeurtenis) -> Callable[[Any, Gebeurtenis], Toestand] | None:
    """Give the fold of the kind of stream that such an event stands in; a delivery's has no state, and no fold."""
    return _VOUW.get(type(gebeurtenis.feit))


def speel_na(batches: Iterable[Sequence[Gebeurtenis]]) -> dict[UUID, Toestand]:
    """Fold events, in the order of the log, to the state of each stream; a delivery's stream has none.

    What it takes is memory for the states alone: about 5 kB for a pupil.

    Raises:
        ValueError: when a stream holds what cannot be in it: that is damage.

    """
    # By the number of the id: hashing a UUID itself takes as long as folding an event.
    toestanden: dict[int, Toestand] = {}
    stromen: list[UUID] = []
    with niet_opruimen():
        for batch in batches:
            for gebeurtenis in batch:
                vouw = _VOUW.get(type(gebeurtenis.feit))
                if vouw is None:
                    continue
                stroom = gebeurtenis.originator_id.int
                toestand = toestanden.get(stroom)
                if toestand is None:
                    stromen.append(gebeurtenis.originator_id)
                toestanden[stroom] = vouw(toestand, gebeurtenis)
        return dict(zip(stromen, toestanden.values(), strict=True))
