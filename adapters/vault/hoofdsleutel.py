"""The master key: the one secret outside the database, from which every other key of the vault follows."""

import base64
import binascii
import contextlib
import os
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from overstap.adapters.vault.fouten import HoofdsleutelOngeldig

LENGTE = 32
_LEESBAAR_VOOR_ANDEREN = 0o007
_GEZIEN = 0.05
"""For so many seconds a look at the file counts: who destroys a key waits far longer after putting another there."""


class Hoofdsleutel:
    """256 secret bytes, and the keys derived from them by HKDF-SHA256, each under a label of its own.

    inpakken wraps data keys, pgn makes the keyed hash of a persoonsgebonden nummer, vingerafdruk that of deliveries and
    receipts. The three cannot be computed from each other. pgn and vingerafdruk may also be given apart: then the
    master key can be replaced while the hashes in the database stay as they are.
    vorige is the master key that this one replaces, as long as data keys may be wrapped by it. lees_opnieuw gives the
    key as it is now where it is kept, None while nothing changed there: so a process that runs follows a replacement.
    """

    __slots__ = ("_gekeken", "_inpakker", "_lees_opnieuw", "_uitpakkers", "inpakken", "pgn", "vingerafdruk")

    def __init__(
        self,
        geheim: bytes,
        *,
        pgn: bytes | None = None,
        vingerafdruk: bytes | None = None,
        vorige: bytes | None = None,
        lees_opnieuw: "Callable[[], Hoofdsleutel | None] | None" = None,
    ) -> None:
        for sleutel in (geheim, pgn, vingerafdruk, vorige):
            if sleutel is not None and len(sleutel) != LENGTE:
                raise HoofdsleutelOngeldig(
                    f"Een sleutel is {LENGTE} bytes, in base64. Maak er een met: openssl rand -base64 32"
                )
        self.inpakken = _afgeleid(geheim, b"overstap inpakken v1")
        self.pgn = pgn or _afgeleid(geheim, b"overstap pgn v1")
        self.vingerafdruk = vingerafdruk or _afgeleid(geheim, b"overstap vingerafdruk v1")
        self._inpakker = AESGCM(self.inpakken)
        ervoor = (AESGCM(_afgeleid(vorige, b"overstap inpakken v1")),) if vorige else ()
        self._uitpakkers = (self._inpakker, *ervoor)
        self._lees_opnieuw = lees_opnieuw
        self._gekeken = time.monotonic()

    def pak_in(self, nonce: bytes, sleutel: bytes, plaats: bytes) -> bytes:
        """Wrap a data key, bound to the place it is for, by the master key as it is now."""
        if time.monotonic() - self._gekeken > _GEZIEN:
            self._volg()
        return self._inpakker.encrypt(nonce, sleutel, plaats)

    def pak_uit(self, nonce: bytes, verpakt: bytes, plaats: bytes) -> bytes | None:
        """Unwrap a data key; None when neither this master key nor the one before it wrapped it."""
        sleutel = self._geprobeerd(nonce, verpakt, plaats)
        if sleutel is None and self._volg():
            return self._geprobeerd(nonce, verpakt, plaats)
        return sleutel

    def is_ingepakt(self, nonce: bytes, verpakt: bytes, plaats: bytes) -> bool:
        """Tell whether this master key itself wrapped a data key."""
        return _geopend(self._inpakker, nonce, verpakt, plaats) is not None

    def _geprobeerd(self, nonce: bytes, verpakt: bytes, plaats: bytes) -> bytes | None:
        for uitpakker in self._uitpakkers:
            if (sleutel := _geopend(uitpakker, nonce, verpakt, plaats)) is not None:
                return sleutel
        return None

    def _volg(self) -> bool:
        """Take in that the key was replaced; tell whether it was."""
        self._gekeken = time.monotonic()
        nieuw = self._lees_opnieuw() if self._lees_opnieuw else None
        if nieuw is None:
            return False
        for naam in ("inpakken", "_inpakker", "_uitpakkers", "_lees_opnieuw"):
            setattr(self, naam, getattr(nieuw, naam))
        return True

    def __repr__(self) -> str:
        return "Hoofdsleutel(***)"


def _geopend(cijfer: AESGCM, nonce: bytes, verpakt: bytes, plaats: bytes) -> bytes | None:
    try:
        return cijfer.decrypt(nonce, verpakt, plaats)
    except (InvalidTag, ValueError):
        return None


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
