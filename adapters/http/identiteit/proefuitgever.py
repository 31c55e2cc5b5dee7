"""The trial's own issuer of tokens: its key lies in the data folder, and counts in `overstap serve --dev` alone."""

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from overstap.adapters.http.identiteit.tokens import Herkend
from overstap.domain.rollen import Actor, Rol

UITGEVER: Final = "urn:overstap:proef"
DOELGROEP: Final = "urn:overstap:proef"
GELDIG: Final = 8 * 3600
"""How many seconds a token of the trial counts."""
_BESTAND: Final = "proefsleutel.pem"


class Proefuitgever:
    """Writes and reads tokens of the trial; the key is made when missing, mode 0600."""

    def __init__(self, datamap: Path) -> None:
        self._sleutel = _sleutel(datamap / _BESTAND)
        self._herkend: Herkend[Actor] = Herkend()

    def token(self, actor: Actor, geldig: int = GELDIG) -> str:
        """Write a token by which a machine acts as this actor."""
        nu = int(time.time())
        inhoud: dict[str, Any] = {
            "iss": UITGEVER,
            "aud": DOELGROEP,
            "sub": actor.account,
            "rol": str(actor.rol),
            "organisatie": actor.organisatie,
            "regio": actor.regio,
            "vestiging": actor.vestiging,
            "klas": actor.klas,
            "iat": nu,
            "exp": nu + geldig,
        }
        gevuld = {naam: waarde for naam, waarde in inhoud.items() if waarde is not None}
        return jwt.encode(gevuld, self._sleutel, algorithm="ES256", headers={"typ": "at+jwt"})

    def lees(self, token: str) -> Actor:
        """Give who a token of the trial stands for.

        Raises:
            InvalidTokenError: when it is no such token, not for us, or its time is over.

        """
        if (bekend := self._herkend.geef(token)) is not None:
            return bekend
        inhoud = jwt.decode(
            token,
            self._sleutel.public_key(),
            algorithms=["ES256"],
            audience=DOELGROEP,
            issuer=UITGEVER,
            options={"require": ["iss", "aud", "sub", "exp", "iat", "rol", "organisatie", "regio"]},
        )
        try:
            rol = Rol(inhoud["rol"])
        except ValueError:
            raise jwt.InvalidTokenError("rol") from None
        actor = Actor(
            account=inhoud["sub"],
            rol=rol,
            organisatie=inhoud["organisatie"],
            regio=inhoud["regio"],
            vestiging=inhoud.get("vestiging"),
            klas=inhoud.get("klas"),
        )
        self._herkend.bewaar(token, actor, inhoud["exp"])
        return actor


def _sleutel(pad: Path) -> EllipticCurvePrivateKey:
    if not pad.exists():
        pad.parent.mkdir(parents=True, exist_ok=True)
        pem = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        nummer, tijdelijk = tempfile.mkstemp(dir=pad.parent, prefix=f".{pad.name}-")
        try:
            with os.fdopen(nummer, "wb") as bestand:
                bestand.write(pem)
            with suppress(FileExistsError):  # another process was first, and its key counts
                os.link(tijdelijk, pad)
        finally:
            Path(tijdelijk).unlink()
    sleutel = load_pem_private_key(pad.read_bytes(), None)
    if not isinstance(sleutel, EllipticCurvePrivateKey):
        raise jwt.InvalidKeyError(f"{pad} is no key of the trial")
    return sleutel
