"""What happened to one delivery of an institution: received, lines refused, processed. These names are the archive."""

from typing import Literal

from overstap.domain.feiten._vorm import Vorm

SoortAanlevering = Literal["organisaties", "parameters", "leerlingen", "koppeling", "stappen"]


class AanleveringOntvangen(Vorm, frozen=True, kw_only=True, tag="aanlevering-ontvangen.v1"):
    """An organisation delivered a file; vingerafdruk is a keyed hash of its bytes (hex), bytes its size."""

    soort: SoortAanlevering
    vingerafdruk: str
    bytes: int


class RegelGeweigerd(Vorm, frozen=True, kw_only=True, tag="regel-geweigerd.v1"):
    """One line was refused: its number, code and reason, never its content. Line 0 is the file as a whole."""

    regel: int
    code: str
    reden: str


class AanleveringVerwerkt(Vorm, frozen=True, kw_only=True, tag="aanlevering-verwerkt.v1"):
    """The delivery was read to its end; counts of lines."""

    regels: int
    aanvaard: int
    ongewijzigd: int
    wachtbak: int
    geweigerd: int


FeitVanAanlevering = AanleveringOntvangen | RegelGeweigerd | AanleveringVerwerkt
