"""The state of one wachtbak item: messages about an unknown pupil, in the order in which they must be applied."""

from typing import assert_never
from uuid import UUID

import msgspec
from msgspec.structs import replace

from overstap.domain.feiten import Verzegeld
from overstap.domain.feiten import wachtbak as f
from overstap.domain.gebeurtenis import Gebeurtenis


class WachtbakItem(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for one ketenId; berichten maps a volgnummer to the sealed message; overstap is set once matched."""

    brin: str = ""
    keten_id: str = ""
    versie: int = 0
    berichten: dict[int, Verzegeld] = {}
    overstap: UUID | None = None
    is_vervallen: bool = False

    @property
    def wacht(self) -> bool:
        """Whether the item still waits for its pupil."""
        return self.overstap is None and not self.is_vervallen


def evolve_wachtbak(item: WachtbakItem | None, gebeurtenis: Gebeurtenis) -> WachtbakItem:
    """Give the state after an event.

    Raises:
        ValueError: when the stream holds a fact of another kind of stream: that is damage, not a refusal.

    """
    feit = gebeurtenis.feit
    if not isinstance(feit, f.FeitVanWachtbak):
        message = f"stream {gebeurtenis.originator_id} is a wachtbak item and holds {type(feit).__name__}"
        raise ValueError(message)  # noqa: TRY004  # damage in the archive, not a wrong argument type
    oud = replace(item or WachtbakItem(), versie=gebeurtenis.originator_version)
    match feit:
        case f.WachtbakBerichtOntvangen():
            berichten = dict(sorted({**oud.berichten, feit.volgnummer: feit.bericht}.items()))
            return replace(oud, brin=feit.brin, keten_id=feit.keten_id, berichten=berichten)
        case f.WachtbakItemGekoppeld():
            return replace(oud, overstap=feit.overstap)
        case f.WachtbakItemVervallen():
            return replace(oud, is_vervallen=True)
        case _:
            assert_never(feit)
