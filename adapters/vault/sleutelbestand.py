"""The file of the master key, and what lies beside it while it is replaced and afterwards.

P is the key. P.vorige is the one it replaces, until nothing is wrapped by that any more and it is destroyed. P.afgeleid
holds the keys of the keyed hashes, from the first replacement on: those hashes stay as they are.
"""

import base64
import os
import secrets
from pathlib import Path

from overstap.adapters.vault.fouten import HoofdsleutelOngeldig
from overstap.adapters.vault.hoofdsleutel import LENGTE, Hoofdsleutel, sleutel_uit_bestand, sleutel_uit_tekst

_GROOTSTE = 1_024


class Sleutelbestand:
    """The key in a file of mode 0600; pgn is the key of the numbers' hash where a setting gives it."""

    def __init__(self, pad: Path, pgn: bytes | None = None) -> None:
        self.pad, self._pgn = pad, pgn
        self.vorige = pad.with_name(f"{pad.name}.vorige")
        self._afgeleid = pad.with_name(f"{pad.name}.afgeleid")

    def lees(self) -> Hoofdsleutel:
        """Read the key, and the one before it while there is one; whoever has it follows a replacement.

        Raises:
            HoofdsleutelOngeldig: when a file is missing, open to everybody, or holds no key.

        """
        gezien = self._stempel()
        pgn, vingerafdruk = self._hashsleutels()
        return Hoofdsleutel(
            sleutel_uit_bestand(self.pad),
            pgn=self._pgn or pgn,
            vingerafdruk=vingerafdruk,
            vorige=sleutel_uit_bestand(self.vorige) if self.vorige.exists() else None,
            lees_opnieuw=lambda: None if self._stempel() in {gezien, None} else self.lees(),
        )

    def vervang(self) -> None:
        """Put a new key in the place of this one, which stays beside it; cut short, doing it again ends in the same.

        Raises:
            HoofdsleutelOngeldig: when a file cannot be read, or a replacement is still going on.

        """
        nu = self.lees()
        if self.is_bezig():
            raise HoofdsleutelOngeldig(f"De sleutel in {self.vorige} is nog niet vernietigd. Maak die wissel eerst af.")
        if not self._afgeleid.exists():
            _schrijf(self._afgeleid, nu.pgn, nu.vingerafdruk)
        if not self.vorige.exists():
            os.link(self.pad, self.vorige)
        _schrijf(self.pad, secrets.token_bytes(LENGTE))

    def is_bezig(self) -> bool:
        """Tell whether the key before this one is still there."""
        return self.vorige.exists() and not self.vorige.samefile(self.pad)

    def leeftijd(self, nu: float) -> float:
        """Give how many seconds ago the key was put there."""
        return nu - self.pad.stat().st_mtime

    def vernietig_vorige(self) -> None:
        """Destroy the key before this one: what only it opens is opened by nobody any more."""
        omvang = self.vorige.stat().st_size
        with self.vorige.open("r+b") as bestand:
            bestand.write(secrets.token_bytes(omvang))
            bestand.flush()
            os.fsync(bestand.fileno())
        self.vorige.unlink()
        _leg_map_vast(self.pad.parent)

    def _stempel(self) -> tuple[int, int] | None:
        try:
            stand = self.pad.stat()
        except OSError:
            return None
        return stand.st_ino, stand.st_mtime_ns

    def _hashsleutels(self) -> tuple[bytes | None, bytes | None]:
        if not self._afgeleid.exists():
            return None, None
        if self._afgeleid.stat().st_mode & 0o007:
            raise HoofdsleutelOngeldig(
                f"Iedereen kan {self._afgeleid} lezen. Herstel dat met: chmod 600 {self._afgeleid}"
            )
        regels = self._afgeleid.read_text(encoding="ascii")[:_GROOTSTE].split()
        if len(regels) != 2:  # noqa: PLR2004 - pgn, vingerafdruk
            raise HoofdsleutelOngeldig(f"In {self._afgeleid} staan niet de twee sleutels van de wissel. Zet hem terug.")
        return sleutel_uit_tekst(regels[0]), sleutel_uit_tekst(regels[1])


def _schrijf(pad: Path, *sleutels: bytes) -> None:
    """Write keys, a line each, in the place of what is there, whole or not at all."""
    nieuw = pad.with_name(f".{pad.name}.{os.getpid()}")
    with os.fdopen(os.open(nieuw, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as bestand:
        bestand.write(b"".join(base64.b64encode(sleutel) + b"\n" for sleutel in sleutels))
        bestand.flush()
        os.fsync(bestand.fileno())
    nieuw.replace(pad)
    _leg_map_vast(pad.parent)


def _leg_map_vast(map_: Path) -> None:
    nummer = os.open(map_, os.O_RDONLY)
    try:
        os.fsync(nummer)
    finally:
        os.close(nummer)
