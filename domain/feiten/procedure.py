"""What happened to one overstapjaar: its rules set, the year opened and closed. These names are the archive."""

from overstap.domain.feiten._vorm import Vorm
from overstap.domain.kalender import Regels


class ProcedureVastgesteld(Vorm, frozen=True, kw_only=True, tag="procedure-vastgesteld.v1"):
    """A version of the rules is in force from here on; inhoud_hash is the SHA-256 (hex) of its canonical JSON."""

    regels: Regels
    inhoud_hash: str


class JaarGeopend(Vorm, frozen=True, kw_only=True, tag="jaar-geopend.v1"):
    """Schools may enter pupils of this overstapjaar."""

    overstapjaar: int


class JaarGesloten(Vorm, frozen=True, kw_only=True, tag="jaar-gesloten.v1"):
    """The year's overstappen that reached an end were closed; afgesloten counts them in this run."""

    overstapjaar: int
    afgesloten: int


FeitVanProcedure = ProcedureVastgesteld | JaarGeopend | JaarGesloten
