"""What differs between a person as he was and as he is delivered now: only that is sealed and recorded."""

from collections.abc import Mapping
from uuid import UUID

from overstap.adapters.stroomsoorten import Dossier
from overstap.adapters.vault import Kluis


def wat_verschilt(kluis: Kluis, stroom: UUID, dossier: Dossier, persoon: Mapping[str, str]) -> dict[str, str]:
    """Give the fields whose value is another one now; the number apart, which has a request of its own."""
    nu = dict(kluis.open_persoon(stroom, dossier.persoon).velden())
    return {veld: waarde for veld, waarde in persoon.items() if veld != "pgn" and nu.get(veld) != waarde}
