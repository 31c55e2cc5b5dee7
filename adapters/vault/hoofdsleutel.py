"""The master key: the one secret outside the database, from which every other key of the vault follows."""

import base64
import binascii
import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from overstap.adapters.vault.fouten import HoofdsleutelOngeldig

LENGTE = 32
_LEESBAAR_VOOR_ANDEREN = 0o007


class Hoofdsleutel:
    """256 secret bytes, and the keys derived from them by HKDF-SHA256, each under a label of its own.

    inpakken wraps data keys, pgn makes the keyed hash of a persoonsgebonden nummer, vingerafdruk that of deliveries and
    receipts. The three cannot be computed from each other. pgn may also be given apart, as a key that has nothing to do
    with this one: then the master key can be replaced while the hashes in the vault stay as they are.
    """

    __slots__ = ("inpakken", "pgn", "vingerafdruk")

    def __init__(self, geheim: bytes, *, pgn: bytes | None = None) -> None:
        for sleutel in (geheim, pgn):
            if sleutel is not None and len(sleutel) != LENGTE:
                raise HoofdsleutelOngeldig(
                    f"Een sleutel is {LENGTE} bytes, in base64. Maak er een met: openssl rand -base64 32"
                )
        self.inpakken = _afgeleid(geheim, b"overstap inpakken v1")
        self.pgn = pgn or _afgeleid(geheim, b"overstap pgn v1")
        self.vingerafdruk = _afgeleid(geheim, b"overstap vingerafdruk v1")

    def __repr__(self) -> str:
        return "Hoofdsleutel(***)"


def _afgeleid(geheim: bytes, doel: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=LENGTE, salt=None, info=doel).derive(geheim)


def sleutel_uit_tekst(tekst: str) -> bytes:
    """Read a key written in base64, of either alphabet.

    Raises:
        HoofdsleutelOngeldig: when it is no base64 of 32 bytes.

    """
    try:
        sleutel = base64.b64decode(tekst.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        sleutel = b""
    if len(sleutel) != LENGTE:
        raise HoofdsleutelOngeldig(
            f"Een sleutel is {LENGTE} bytes, in base64. Maak er een met: openssl rand -base64 32"
        )
    return sleutel


def sleutel_uit_bestand(pad: Path) -> bytes:
    """Read a key from a file that nobody else may read.

    Raises:
        HoofdsleutelOngeldig: when the file is missing, open to everybody, or holds no key.

    """
    try:
        with pad.open(encoding="ascii") as bestand:
            if os.fstat(bestand.fileno()).st_mode & _LEESBAAR_VOOR_ANDEREN:
                raise HoofdsleutelOngeldig(
                    f"Iedereen kan de hoofdsleutel in {pad} lezen. Herstel dat met: chmod 600 {pad}"
                )
            return sleutel_uit_tekst(bestand.read(1024))
    except (OSError, UnicodeDecodeError) as fout:
        raise HoofdsleutelOngeldig(f"De hoofdsleutel in {pad} is niet te lezen.") from fout


def maak_sleutelbestand(pad: Path) -> bytes:
    """Make a key file of mode 0600, unless there is one, and read it; two processes at once get the same key."""
    if not pad.exists():
        pad.parent.mkdir(parents=True, exist_ok=True)
        nummer, tijdelijk = tempfile.mkstemp(dir=pad.parent, prefix=f".{pad.name}-")
        try:
            with os.fdopen(nummer, "w", encoding="ascii") as bestand:
                bestand.write(base64.b64encode(secrets.token_bytes(LENGTE)).decode("ascii") + "\n")
                bestand.flush()
                os.fsync(bestand.fileno())
            with contextlib.suppress(FileExistsError):  # another process was first, and its key counts
                os.link(tijdelijk, pad)
        finally:
            Path(tijdelijk).unlink()
    return sleutel_uit_bestand(pad)
