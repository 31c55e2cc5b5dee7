"""Personal data under lock: keys, sealed values, keyed hashes."""

from overstap.adapters.vault.fouten import (
    HoofdsleutelOngeldig,
    HoofdsleutelPastNiet,
    KluisFout,
    SleutelVernietigd,
    VerzegelingGeschonden,
)
from overstap.adapters.vault.hoofdsleutel import (
    Hoofdsleutel,
    maak_sleutelbestand,
    sleutel_uit_bestand,
    sleutel_uit_tekst,
)
from overstap.adapters.vault.kluis import Kluis
from overstap.adapters.vault.persoon import PERSOONSVELDEN, Persoon
from overstap.adapters.vault.sleutelbestand import Sleutelbestand
from overstap.domain.feiten import naam_van_soort

__all__ = [
    "PERSOONSVELDEN",
    "Hoofdsleutel",
    "HoofdsleutelOngeldig",
    "HoofdsleutelPastNiet",
    "Kluis",
    "KluisFout",
    "Persoon",
    "SleutelVernietigd",
    "Sleutelbestand",
    "VerzegelingGeschonden",
    "maak_sleutelbestand",
    "naam_van_soort",
    "sleutel_uit_bestand",
    "sleutel_uit_tekst",
]
