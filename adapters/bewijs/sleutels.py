"""The notary's private key: a file of its own outside the database, and what follows from it."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from overstap.adapters.bewijs.fouten import NotarisWeigert
from overstap.adapters.bewijs.teksten import sleutelnaam

_VAN_ANDEREN = 0o077


class Sleutel:
    """An Ed25519 key that signs; it never shows itself."""

    __slots__ = ("_geheim", "naam", "publiek")

    def __init__(self, geheim: Ed25519PrivateKey) -> None:
        self._geheim = geheim
        self.publiek = geheim.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.naam = sleutelnaam(self.publiek)

    def __repr__(self) -> str:
        return f"Sleutel({self.naam.hex()[:16]})"

    def onderteken(self, tekst: str) -> bytes:
        """Give the signature under a text, 64 bytes."""
        return self._geheim.sign(tekst.encode())


def is_ondertekend(tekst: str, handtekening: bytes, publiek: bytes) -> bool:
    """Tell whether a signature is that of this public key under this text."""
    try:
        Ed25519PublicKey.from_public_bytes(publiek).verify(handtekening, tekst.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def lees_sleutel(pad: Path) -> Sleutel:
    """Read the key from a file that nobody else may read.

    Raises:
        NotarisWeigert: when the file is missing, open to others, or holds no Ed25519 key.

    """
    try:
        with pad.open("rb") as bestand:
            if stat.S_IMODE(os.fstat(bestand.fileno()).st_mode) & _VAN_ANDEREN:
                raise NotarisWeigert(f"Anderen kunnen bij de notarissleutel in {pad}. Herstel dat met: chmod 600 {pad}")
            geheim = load_pem_private_key(bestand.read(4096), password=None)
    except OSError as fout:
        raise NotarisWeigert(
            f"De notarissleutel in {pad} is niet te lezen ({fout.strerror}). Zet haar terug, of wijs haar map aan met "
            "OVERSTAP_NOTARISMAP."
        ) from fout
    except (ValueError, TypeError) as fout:
        raise NotarisWeigert(f"In {pad} staat geen sleutel. Zet de notarissleutel (PEM, Ed25519) terug.") from fout
    if not isinstance(geheim, Ed25519PrivateKey):
        raise NotarisWeigert(f"De sleutel in {pad} is van een andere soort. Zet de notarissleutel (Ed25519) terug.")
    return Sleutel(geheim)


def maak_sleutel(pad: Path) -> Sleutel:
    """Make a key in a file of mode 0600 in a folder of mode 0700, unless there is one; two at once get the same key."""
    if not pad.exists():
        pad.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        inhoud = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        nummer, tijdelijk = tempfile.mkstemp(dir=pad.parent, prefix=f".{pad.name}-")
        try:
            with os.fdopen(nummer, "wb") as bestand:
                bestand.write(inhoud)
                bestand.flush()
                os.fsync(bestand.fileno())
            with contextlib.suppress(FileExistsError):  # another process was first, and its key counts
                os.link(tijdelijk, pad)
        finally:
            Path(tijdelijk).unlink()
    return lees_sleutel(pad)
