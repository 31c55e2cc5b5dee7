"""The ids of streams that have a natural name: derived from it, so that two processes meet in the same stream."""

import hashlib
from uuid import UUID

import msgspec

_RUIMTE = UUID("6f0a8f4e-3a86-5d52-9d35-0c1c2b7a2f10")
"""Our namespace; changing it would orphan every organisation, procedure, delivery and wachtbak item in the archive."""
_BEGIN = hashlib.sha1(_RUIMTE.bytes, usedforsecurity=False)
_VRIJ = 0xFFFFFFFFFFFF0FFF3FFFFFFFFFFFFFFF
_VERSIE_5 = 0x00000000000050008000000000000000


def _stroom(*delen: str) -> UUID:
    """Give the UUID of version 5 of a name (RFC 9562, 5.5), in half the time that uuid5 takes."""
    gehasht = _BEGIN.copy()
    gehasht.update("/".join(delen).encode())
    getal = int.from_bytes(gehasht.digest()[:16], "big") & _VRIJ | _VERSIE_5
    return msgspec.convert(f"{getal:032x}", UUID)


def stroom_van_organisatie(regio: str, code: str) -> UUID:
    """Give the stream of one organisation, by BRIN (four characters), gemeentecode, SWV code or the region's code."""
    return _stroom("organisatie", regio, code)


def stroom_van_procedure(regio: str, overstapjaar: int) -> UUID:
    """Give the stream that holds the rules of one overstapjaar."""
    return _stroom("procedure", regio, str(overstapjaar))


def stroom_van_wachtbak(regio: str, brin: str, keten_id: str) -> UUID:
    """Give the stream of the messages about one unknown pupil's aanmelding."""
    return _stroom("wachtbak", regio, brin, keten_id)


def stroom_van_aanlevering(regio: str, namens: str, rol: str, vingerafdruk: str) -> UUID:
    """Give the stream of one delivery: the same bytes from the same deliverer are the same delivery."""
    return _stroom("aanlevering", regio, namens, rol, vingerafdruk)
