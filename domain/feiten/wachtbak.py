"""What happened to one wachtbak item: messages that wait for an unknown pupil. These names are the archive."""

from typing import Literal
from uuid import UUID

from overstap.domain.feiten._vorm import Verzegeld, Vorm


class WachtbakBerichtOntvangen(Vorm, frozen=True, kw_only=True, tag="wachtbak-bericht-ontvangen.v1"):
    """A koppeling sent a message about a pupil nobody entered; the message is sealed under the item's own key."""

    brin: str
    keten_id: str
    volgnummer: int
    overstapjaar: int
    bericht: Verzegeld


class WachtbakItemGekoppeld(Vorm, frozen=True, kw_only=True, tag="wachtbak-item-gekoppeld.v1"):
    """The pupil was found: the item's messages went to this overstap."""

    overstap: UUID


class WachtbakItemVervallen(Vorm, frozen=True, kw_only=True, tag="wachtbak-item-vervallen.v1"):
    """The item was given up and its key destroyed."""

    reden: Literal["te_oud", "gewist"]


FeitVanWachtbak = WachtbakBerichtOntvangen | WachtbakItemGekoppeld | WachtbakItemVervallen
