"""A file between its preview and its confirmation: sealed, and kept by who chose it, in his own page.

So no file lies here, in clear or otherwise: nothing to be cleared away, to be found, or to be lost with a process. What
the page holds opens for the session that it was made in alone, for half an hour, and says what its file said then.
"""

import binascii
import hashlib
import os
import zlib
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from overstap.adapters.koppelingen.vooronderzoek import Soort
from overstap.adapters.vault import Hoofdsleutel, Kluis

HOUDBAAR: Final = timedelta(minutes=30)
"""So long after its preview a file can be confirmed."""
_NONCE: Final = 12
_ZOUT: Final = 16
_DOEL: Final = b"aanleveren|voorbeeld|v1"


class Bewaard(msgspec.Struct, frozen=True, array_like=True):
    """A file as it was previewed: when, what it is, which delivery it will be, what its preview said, and its bytes."""

    op: datetime
    soort: Soort | None
    aanlevering: UUID
    verwacht: str
    inhoud: bytes

    @property
    def sleutel(self) -> str:
        """By which the confirmation is known again, however often it is sent."""
        return hashlib.sha256(self.aanlevering.bytes + self.op.isoformat().encode()).hexdigest()

    def __repr__(self) -> str:
        return "Bewaard(***)"


def verzegel(hoofdsleutel: Hoofdsleutel, sessie: str, bewaard: Bewaard) -> str:
    """Seal a file for a session, as text that may stand in a form."""
    zout, nonce = os.urandom(_ZOUT), os.urandom(_NONCE)
    klaar = zlib.compress(msgspec.msgpack.encode(bewaard), level=6)
    geheim = _cijfer(hoofdsleutel, sessie, zout).encrypt(nonce, klaar, _DOEL)
    return binascii.b2a_base64(zout + nonce + geheim, newline=False).decode("ascii").translate(_NAAR_ADRES)


def open_verzegeld(hoofdsleutel: Hoofdsleutel, sessie: str, tekst: str, nu: datetime) -> Bewaard | None:
    """Open it; None when it is not of this session, too old, or not ours."""
    try:
        ruw = binascii.a2b_base64(tekst.translate(_TERUG).encode("ascii"))
        zout, nonce, geheim = ruw[:_ZOUT], ruw[_ZOUT : _ZOUT + _NONCE], ruw[_ZOUT + _NONCE :]
        klaar = _cijfer(hoofdsleutel, sessie, zout).decrypt(nonce, geheim, _DOEL)
    except (ValueError, InvalidTag):
        return None
    bewaard = msgspec.msgpack.decode(zlib.decompress(klaar), type=Bewaard)
    return bewaard if timedelta(0) <= nu - bewaard.op <= HOUDBAAR else None


def _cijfer(hoofdsleutel: Hoofdsleutel, sessie: str, zout: bytes) -> AESGCM:
    """Give the cipher of one preview: its key follows from the master key, the session and a salt, and is used once."""
    kluis = Kluis(hoofdsleutel, lambda _stromen: {})
    return AESGCM(kluis.vingerafdruk(b"|".join((_DOEL, sessie.encode(), zout))))


_NAAR_ADRES: Final = str.maketrans("+/", "-_")
_TERUG: Final = str.maketrans("-_", "+/")
