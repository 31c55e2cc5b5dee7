"""The version of the API, as info.version and in every answer."""

from importlib.metadata import version
from typing import Final

VERSIE: Final = version("overstap")
