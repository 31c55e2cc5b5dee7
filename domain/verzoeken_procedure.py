"""What can be asked about an overstapjaar: to set its rules, to open it, to close it."""

from overstap.domain.kalender import Regels
from overstap.domain.verzoeken import Vraag


class StelProcedureVast(Vraag, frozen=True, kw_only=True, tag="stel_procedure_vast"):
    """Put a version of the rules in force; the first one opens the year."""

    regels: Regels


class OpenJaar(Vraag, frozen=True, kw_only=True, tag="open_jaar"):
    """Let schools enter pupils of this overstapjaar; without rules of its own it gets the statutory calendar."""

    overstapjaar: int


class SluitJaar(Vraag, frozen=True, kw_only=True, tag="sluit_jaar"):
    """Record that the year's overstappen were closed; afgesloten counts those of this run."""

    overstapjaar: int
    afgesloten: int


ProcedureVerzoek = StelProcedureVast | OpenJaar | SluitJaar
