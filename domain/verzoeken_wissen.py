"""What can be asked about the person of an overstap: to erase him."""

from overstap.domain.feiten.overstap import Aanleiding
from overstap.domain.verzoeken import Vraag


class WisPersoon(Vraag, frozen=True, kw_only=True, tag="wis_persoon"):
    """Erase the person; reden is in the clear for ever, so it names nobody."""

    aanleiding: Aanleiding
    reden: str = ""
