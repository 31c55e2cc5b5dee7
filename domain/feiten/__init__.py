"""Every fact the log can hold, by stream, and the stable name of each."""

from typing import get_args

from overstap.domain.feiten._vorm import Datum, Verzegeld, Vorm
from overstap.domain.feiten.aanlevering import FeitVanAanlevering
from overstap.domain.feiten.aanmelding import FeitVanAanmelding
from overstap.domain.feiten.archief import Archief, naam_van_soort, zonder_versie
from overstap.domain.feiten.organisatie import FeitVanOrganisatie
from overstap.domain.feiten.oud import OPWAARDERINGEN
from overstap.domain.feiten.overstap import FeitVanOverstap
from overstap.domain.feiten.procedure import FeitVanProcedure
from overstap.domain.feiten.wachtbak import FeitVanWachtbak

Feit = (
    FeitVanOverstap | FeitVanAanmelding | FeitVanAanlevering | FeitVanWachtbak | FeitVanOrganisatie | FeitVanProcedure
)

ARCHIEF: Archief[Feit] = Archief(get_args(Feit), OPWAARDERINGEN)
TYPES = ARCHIEF.huidig
"""The class of each stable name."""

naam_van, naar_bytes = ARCHIEF.naam_van, ARCHIEF.naar_bytes
uit_bytes, uit_reeks = ARCHIEF.uit_bytes, ARCHIEF.uit_reeks

__all__ = [
    "ARCHIEF",
    "TYPES",
    "Archief",
    "Datum",
    "Feit",
    "FeitVanAanlevering",
    "FeitVanAanmelding",
    "FeitVanOrganisatie",
    "FeitVanOverstap",
    "FeitVanProcedure",
    "FeitVanWachtbak",
    "Verzegeld",
    "Vorm",
    "naam_van",
    "naam_van_soort",
    "naar_bytes",
    "uit_bytes",
    "uit_reeks",
    "zonder_versie",
]
