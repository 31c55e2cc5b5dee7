"""Invents a region and its year: the files that institutions would deliver, written without knowledge of the engine."""

from overstap.adapters.synthetische_regio.bestanden import Levering
from overstap.adapters.synthetische_regio.opwekken import Manifest, Voortgang, genereer

__all__ = ["Levering", "Manifest", "Voortgang", "genereer"]
