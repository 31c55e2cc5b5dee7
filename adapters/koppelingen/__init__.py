"""What institutions deliver in files, read line by line and put to the bus."""

from overstap.adapters.koppelingen.invoer import importeer
from overstap.adapters.koppelingen.verslag import GeweigerdeRegel, Verslag, Voortgang
from overstap.adapters.koppelingen.vooronderzoek import Soort

__all__ = ["GeweigerdeRegel", "Soort", "Verslag", "Voortgang", "importeer"]
