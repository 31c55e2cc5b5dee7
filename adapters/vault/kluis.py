"""Seal and open personal data: one data key a stream, wrapped by the master key; who destroys it erases the person."""

import binascii
import hashlib
import hmac
import os
import time
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from overstap.adapters.postgres.toevoeging import Datasleutel
from overstap.adapters.vault.fouten import HoofdsleutelPastNiet, SleutelVernietigd, VerzegelingGeschonden
from overstap.adapters.vault.hoofdsleutel import LENGTE, Hoofdsleutel
from overstap.adapters.vault.persoon import FEITEN_MET, Persoon
from overstap.domain.feiten import Verzegeld, zonder_versie

if TYPE_CHECKING:
    from hmac import HMAC

# These two are the archive: a sealed value is base64(nonce || AES-256-GCM), a wrapped key VORM || nonce || AES-256-GCM.
NONCE: Final = 12
VORM: Final = b"\x01"
_BLOK: Final = 64  # bytes: of SHA-256; no key here is longer

HOOGSTENS: Final = 8_000
"""How many unwrapped keys stay in memory."""
HOUDBAAR: Final = 60.0
"""After how many seconds a key is read again: so long may a key that another process destroyed still open something."""


class _Sleutel:
    """An unwrapped data key ready for use; cijfer is None once the key was destroyed."""

    __slots__ = ("cijfer", "plaats", "tot")

    def __init__(self, stroom: UUID, cijfer: AESGCM | None, tot: float) -> None:
        self.cijfer = cijfer
        self.plaats: str = msgspec.to_builtins(stroom)  # a third of the time of str()
        self.tot = tot


class _BegonnenHash:
    """HMAC-SHA256 under one key (RFC 2104), with what depends on the key alone done once: half of hmac's time."""

    __slots__ = ("_binnen", "_buiten")

    def __init__(self, sleutel: bytes) -> None:
        blok = sleutel.ljust(_BLOK, b"\0")
        self._binnen = hashlib.sha256(bytes(een ^ 0x36 for een in blok))
        self._buiten = hashlib.sha256(bytes(een ^ 0x5C for een in blok))

    def van(self, inhoud: bytes) -> bytes:
        """Give the hash of a text."""
        binnen, buiten = self._binnen.copy(), self._buiten.copy()
        binnen.update(inhoud)
        buiten.update(binnen.digest())
        return buiten.digest()


class Kluis:
    """Everything that is done with keys.

    Associated data of a sealed value is `<stream>|<fact>|<field>`, of a wrapped key `datasleutel|<stream>`: neither can
    be moved to another place unnoticed. lees_verpakt gives the wrapped keys there are of these streams, in one query.
    """

    def __init__(
        self,
        hoofdsleutel: Hoofdsleutel,
        lees_verpakt: Callable[[Collection[UUID]], Mapping[UUID, bytes]],
        *,
        hoogstens: int = HOOGSTENS,
        klok: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hoofdsleutel = hoofdsleutel
        self._lees_verpakt = lees_verpakt
        self._hoogstens = hoogstens
        self._klok = klok
        self._sleutels: dict[UUID, _Sleutel] = {}
        self._begonnen: dict[bytes, _BegonnenHash] = {}

    def nieuwe_sleutel(self, stroom: UUID) -> Datasleutel:
        """Make a data key for a stream; it can be used at once, and must be stored with the stream's first event."""
        geheim = os.urandom(LENGTE + NONCE)
        sleutel, nonce = geheim[:LENGTE], geheim[LENGTE:]
        bewaard = self._bewaar(stroom, AESGCM(sleutel))
        verpakt = self._hoofdsleutel.pak_in(nonce, sleutel, plaats_van_sleutel(bewaard.plaats))
        return Datasleutel(stroom, VORM + nonce + verpakt)

    def vergeet(self, stroom: UUID) -> None:
        """Drop a key from memory: it was never stored, or it was destroyed."""
        self._sleutels.pop(stroom, None)

    def laad(self, stromen: Collection[UUID]) -> None:
        """Read the keys of many streams at once, those in memory excepted.

        Raises:
            HoofdsleutelPastNiet: when a key was wrapped by another master key.

        """
        nu = self._klok()
        nodig = [stroom for stroom in stromen if (s := self._sleutels.get(stroom)) is None or s.tot < nu]
        if not nodig:
            return
        verpakt = self._lees_verpakt(nodig)
        for stroom in nodig:
            self._bewaar(stroom, self._uitgepakt(stroom, verpakt.get(stroom)))

    def onthoud(self, verpakt: Mapping[UUID, bytes | None]) -> None:
        """Take in wrapped keys that were read together with what they open; None: the key was destroyed.

        Raises:
            HoofdsleutelPastNiet: when a key was wrapped by another master key.

        """
        for stroom, sleutel in verpakt.items():
            self._bewaar(stroom, self._uitgepakt(stroom, sleutel))

    def verzegel(self, stroom: UUID, feit: str, veld: str, tekst: str) -> Verzegeld:
        """Seal one value for one field of one fact (its stable name) of one stream, in whichever version.

        Raises:
            SleutelVernietigd: when the stream has no key (any more).

        """
        return self.verzegel_velden(stroom, feit, {veld: tekst})[veld]

    def verzegel_velden(self, stroom: UUID, feit: str, velden: Mapping[str, str]) -> dict[str, Verzegeld]:
        """Seal each field of a person or functionary apart.

        Raises:
            SleutelVernietigd: when the stream has no key (any more).

        """
        sleutel = self._sleutel(stroom)
        if sleutel.cijfer is None:
            raise SleutelVernietigd("Van deze leerling zijn de persoonsgegevens gewist.")
        versleutel, plaats = sleutel.cijfer.encrypt, f"{sleutel.plaats}|{zonder_versie(feit)}|"
        toeval, begin = os.urandom(NONCE * len(velden)), 0
        verzegeld: dict[str, Verzegeld] = {}
        for veld, tekst in velden.items():
            nonce = toeval[begin : begin + NONCE]
            begin += NONCE
            geheim = nonce + versleutel(nonce, tekst.encode(), (plaats + veld).encode())
            verzegeld[veld] = Verzegeld(binascii.b2a_base64(geheim, newline=False).decode("ascii"))
        return verzegeld

    def open(self, stroom: UUID, feit: str, veld: str, verzegeld: Verzegeld) -> str | None:
        """Open a sealed value, or give None when its key was destroyed.

        Raises:
            VerzegelingGeschonden: when it was changed, or sealed for another stream, fact or field.

        """
        sleutel = self._sleutel(stroom)
        if sleutel.cijfer is None:
            return None
        tekst = _geopend(sleutel.cijfer, verzegeld, f"{sleutel.plaats}|{zonder_versie(feit)}|{veld}")
        if tekst is None:
            raise VerzegelingGeschonden(f"{veld} in {feit} van {stroom} is niet wat er verzegeld is.")
        return tekst

    def open_persoon(self, stroom: UUID, velden: Mapping[str, Verzegeld]) -> Persoon:
        """Open the fields of a person as a read model keeps them, whichever fact brought each of them.

        Raises:
            VerzegelingGeschonden: when a field was changed, or belongs to another pupil or field.

        """
        sleutel = self._sleutel(stroom)
        if sleutel.cijfer is None:
            return Persoon()
        open_: dict[str, str] = {}
        for veld, verzegeld in velden.items():
            for feit in FEITEN_MET.get(veld, ()):
                tekst = _geopend(sleutel.cijfer, verzegeld, f"{sleutel.plaats}|{zonder_versie(feit)}|{veld}")
                if tekst is not None:
                    open_[veld] = tekst
                    break
            else:
                raise VerzegelingGeschonden(f"{veld} van {stroom} is niet wat er verzegeld is.")
        return Persoon(**open_)

    def pgn_hash(self, pgn: str) -> bytes:
        """Give the keyed hash (HMAC-SHA256) by which the vault finds a persoonsgebonden nummer."""
        return self._hash(self._hoofdsleutel.pgn, pgn.encode("ascii"))

    def vingerafdruk(self, inhoud: bytes) -> bytes:
        """Give the keyed hash (HMAC-SHA256) of a request's content, for its receipt."""
        return self._hash(self._hoofdsleutel.vingerafdruk, inhoud)

    def begin_vingerafdruk(self) -> "HMAC":
        """Begin the keyed hash of something too large to hold at once, such as a delivery."""
        return hmac.new(self._hoofdsleutel.vingerafdruk, digestmod="sha256")

    def _hash(self, sleutel: bytes, inhoud: bytes) -> bytes:
        begonnen = self._begonnen.get(sleutel)
        if begonnen is None:
            begonnen = self._begonnen[sleutel] = _BegonnenHash(sleutel)
        return begonnen.van(inhoud)

    def _sleutel(self, stroom: UUID) -> _Sleutel:
        sleutel = self._sleutels.get(stroom)
        if sleutel is None or sleutel.tot < self._klok():
            self.laad((stroom,))
            sleutel = self._sleutels[stroom]
        return sleutel

    def _bewaar(self, stroom: UUID, cijfer: AESGCM | None) -> _Sleutel:
        self._sleutels.pop(stroom, None)
        while len(self._sleutels) >= self._hoogstens:
            self._sleutels.pop(next(iter(self._sleutels)), None)
        sleutel = self._sleutels[stroom] = _Sleutel(stroom, cijfer, self._klok() + HOUDBAAR)
        return sleutel

    def _uitgepakt(self, stroom: UUID, verpakt: bytes | None) -> AESGCM | None:
        if verpakt is None:
            return None
        nonce, geheim = verpakt[1 : 1 + NONCE], verpakt[1 + NONCE :]
        sleutel = self._hoofdsleutel.pak_uit(nonce, geheim, plaats_van_sleutel(str(stroom)))
        if sleutel is None:
            raise HoofdsleutelPastNiet(
                "De sleutels in deze database horen bij een andere hoofdsleutel. "
                "Geef de juiste met OVERSTAP_HOOFDSLEUTEL of OVERSTAP_HOOFDSLEUTEL_BESTAND."
            )
        return AESGCM(sleutel)


def plaats_van_sleutel(stroom: str) -> bytes:
    """Give the associated data of the wrapped key of a stream."""
    return f"datasleutel|{stroom}".encode("ascii")


def _geopend(cijfer: AESGCM, verzegeld: Verzegeld, plaats: str) -> str | None:
    try:
        ruw = binascii.a2b_base64(verzegeld, strict_mode=True)
        if binascii.b2a_base64(ruw, newline=False) != verzegeld.encode("ascii"):
            return None  # the last character has bits that decoding drops
        return cijfer.decrypt(ruw[:NONCE], ruw[NONCE:], plaats.encode()).decode("utf-8")
    except (InvalidTag, ValueError):
        return None
