"""The two statements that the notary signs, as lines of text: what is signed can be read, and written in one way only.

Changing these changes the archive: docs/audit-format.md has them.
"""

import re
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import msgspec

from overstap.adapters.bewijs.boom import LEEG

GEEN = bytes(32)
"""Stands for the one before the first."""
_GETAL = "(?:0|[1-9][0-9]{0,17})"
_HASH = "[0-9a-f]{64}"
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_CONTROLEPUNT = re.compile(
    rf"""overstap controlepunt v1
databank (?P<databank>{_UUID})
nummer (?P<nummer>{_GETAL})
vorige (?P<vorige>{_HASH})
grootte (?P<grootte>{_GETAL})
wortel (?P<wortel>{_HASH})
tijdstip (?P<tijdstip>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}\.[0-9]{{6}}Z)
toegang (?P<toegang_aantal>{_GETAL}) (?P<toegang>{_HASH})
gewist (?P<gewist_aantal>{_GETAL}) (?P<gewist>{_HASH})
sleutel (?P<sleutel>{_HASH})
""",
    re.ASCII,
)
_SLEUTEL = re.compile(
    rf"""overstap notarissleutel v1
databank (?P<databank>{_UUID})
nummer (?P<nummer>{_GETAL})
vorige (?P<vorige>{_HASH})
publiek (?P<publiek>{_HASH})
vanaf (?P<vanaf>{_GETAL})
""",
    re.ASCII,
)


class TekstOngeldig(ValueError):
    """A text is not one that a notary writes."""


class Stand(msgspec.Struct, frozen=True):
    """How far another list had come: how many it holds, and the root of the tree over them."""

    aantal: int = 0
    wortel: bytes = LEEG


NIETS = Stand()
"""Of a list that holds nothing."""


class Controlepunt(msgspec.Struct, frozen=True, kw_only=True):
    """What a notary vouches for: the first `grootte` events of this database are those under `wortel`.

    vorige is the SHA-256 of the checkpoint before it; toegang is the log of access, gewist the list of erased streams
    in the order in which they were erased (leaves: their 16 bytes); sleutel names the key that signs.
    """

    databank: UUID
    nummer: int
    vorige: bytes
    grootte: int
    wortel: bytes
    tijdstip: datetime
    toegang: Stand = NIETS
    gewist: Stand = NIETS
    sleutel: bytes

    def tekst(self) -> str:
        """Give the text that is signed."""
        return (
            "overstap controlepunt v1\n"
            f"databank {self.databank}\n"
            f"nummer {self.nummer}\n"
            f"vorige {self.vorige.hex()}\n"
            f"grootte {self.grootte}\n"
            f"wortel {self.wortel.hex()}\n"
            f"tijdstip {self.tijdstip.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}\n"
            f"toegang {self.toegang.aantal} {self.toegang.wortel.hex()}\n"
            f"gewist {self.gewist.aantal} {self.gewist.wortel.hex()}\n"
            f"sleutel {self.sleutel.hex()}\n"
        )


class Sleutelverklaring(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a key the notary's: it signs from checkpoint `vanaf` on; vorige names the key that says so."""

    databank: UUID
    nummer: int
    vorige: bytes
    publiek: bytes
    vanaf: int

    @property
    def sleutel(self) -> bytes:
        """Give the name of the key."""
        return sleutelnaam(self.publiek)

    def tekst(self) -> str:
        """Give the text that is signed."""
        return (
            "overstap notarissleutel v1\n"
            f"databank {self.databank}\n"
            f"nummer {self.nummer}\n"
            f"vorige {self.vorige.hex()}\n"
            f"publiek {self.publiek.hex()}\n"
            f"vanaf {self.vanaf}\n"
        )


def sleutelnaam(publiek: bytes) -> bytes:
    """Name a key: the SHA-256 of its 32 public bytes."""
    return sha256(publiek).digest()


def vingerafdruk(tekst: str) -> bytes:
    """Give what the next checkpoint calls this one by."""
    return sha256(tekst.encode()).digest()


def lees_controlepunt(tekst: str) -> Controlepunt:
    """Read a checkpoint from its text.

    Raises:
        TekstOngeldig: when it is not exactly as `tekst` would write it.

    """
    deel = _delen(_CONTROLEPUNT, tekst)
    try:
        tijdstip = datetime.strptime(deel["tijdstip"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError as fout:
        raise TekstOngeldig("dit tijdstip bestaat niet") from fout
    return Controlepunt(
        databank=UUID(deel["databank"]),
        nummer=int(deel["nummer"]),
        vorige=bytes.fromhex(deel["vorige"]),
        grootte=int(deel["grootte"]),
        wortel=bytes.fromhex(deel["wortel"]),
        tijdstip=tijdstip,
        toegang=Stand(int(deel["toegang_aantal"]), bytes.fromhex(deel["toegang"])),
        gewist=Stand(int(deel["gewist_aantal"]), bytes.fromhex(deel["gewist"])),
        sleutel=bytes.fromhex(deel["sleutel"]),
    )


def lees_sleutelverklaring(tekst: str) -> Sleutelverklaring:
    """Read what makes a key the notary's from its text.

    Raises:
        TekstOngeldig: when it is not exactly as `tekst` would write it.

    """
    deel = _delen(_SLEUTEL, tekst)
    return Sleutelverklaring(
        databank=UUID(deel["databank"]),
        nummer=int(deel["nummer"]),
        vorige=bytes.fromhex(deel["vorige"]),
        publiek=bytes.fromhex(deel["publiek"]),
        vanaf=int(deel["vanaf"]),
    )


def _delen(vorm: re.Pattern[str], tekst: str) -> dict[str, str]:
    gevonden = vorm.fullmatch(tekst)
    if gevonden is None:
        raise TekstOngeldig("deze tekst heeft niet de vorm van docs/audit-format.md")
    return gevonden.groupdict()
