"""Who is signed in: sessions and sign-ins under way, kept by their hash in the database that all processes share."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

import msgspec

from overstap.adapters.http.dienst import Dienst

KOEKJE: Final = "__Host-overstap"
POGING: Final = "__Host-overstap-poging"
HOOGSTENS: Final = timedelta(hours=10)
"""How long a session lasts."""
STIL: Final = timedelta(hours=1)
"""After so long without a request it is over."""
_POGING_DUUR: Final = timedelta(minutes=10)
_BEWAAR: Final = """
INSERT INTO toegang.sessies (sessie, regio, uitgever, account, organisatie, rol, vestiging, klas, verloopt_op)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, clock_timestamp() + %s)
"""
_ZOEK: Final = """
SELECT uitgever, account, organisatie, rol, vestiging, klas
  FROM toegang.sessies
 WHERE sessie = %s AND regio = %s AND verloopt_op > clock_timestamp() AND laatst_op > clock_timestamp() - %s
"""
_GEZIEN: Final = """
UPDATE toegang.sessies SET laatst_op = clock_timestamp()
 WHERE sessie = %s AND laatst_op < clock_timestamp() - interval '1 minute'
"""
_RUIM_OP: Final = "DELETE FROM toegang.sessies WHERE verloopt_op < clock_timestamp()"
_BEGIN_POGING: Final = """
WITH oud AS (DELETE FROM toegang.aanmeldpogingen WHERE verloopt_op < clock_timestamp())
INSERT INTO toegang.aanmeldpogingen VALUES (%s, %s, %s, %s, %s, %s, clock_timestamp() + %s)
"""
_NEEM_POGING: Final = """
DELETE FROM toegang.aanmeldpogingen WHERE poging = %s AND staat = %s AND verloopt_op > clock_timestamp()
RETURNING uitgever, nonce, bewijs, naar
"""


class Sessie(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who signed in: at which issuer, under which account, for which organisation, in which role."""

    uitgever: str
    account: str
    organisatie: str
    rol: str | None = None
    vestiging: str | None = None
    klas: str | None = None


class Poging(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in under way: what the issuer must give back, and what proves that we asked."""

    uitgever: str
    nonce: str
    bewijs: str
    naar: str


def geheim() -> str:
    """Give 256 random bits, as they go into a cookie or an address."""
    return secrets.token_urlsafe(32)


def hash_van(waarde: str) -> bytes:
    """Give what is kept of a secret of 256 bits; so much chance needs no salt."""
    return hashlib.sha256(waarde.encode()).digest()


async def begin_sessie(dienst: Dienst, sessie: Sessie) -> str:
    """Begin a session and give its secret, for the cookie."""
    eigen = geheim()
    velden = [getattr(sessie, veld) for veld in Sessie.__struct_fields__]
    async with dienst.lezer() as verbinding:
        await verbinding.execute(_RUIM_OP)
        await verbinding.execute(_BEWAAR, (hash_van(eigen), dienst.regio, *velden, HOOGSTENS))
    return eigen


async def vind_sessie(dienst: Dienst, eigen: str) -> Sessie | None:
    """Give the session of a cookie, None when it is over or never was."""
    async with dienst.lezer() as verbinding:
        rij = await (await verbinding.execute(_ZOEK, (hash_van(eigen), dienst.regio, STIL))).fetchone()
    return Sessie(**dict(zip(Sessie.__struct_fields__, rij, strict=True))) if rij else None


async def zoek_sessie(dienst: Dienst, eigen: str) -> Sessie | None:
    """Do the same because somebody asks for something: his session is not idle."""
    sessie = await vind_sessie(dienst, eigen)
    if sessie is not None:
        async with dienst.lezer() as verbinding:
            await verbinding.execute(_GEZIEN, (hash_van(eigen),))
    return sessie


async def kies_rol(dienst: Dienst, eigen: str, rol: str) -> None:
    """Let a session go on in another role."""
    async with dienst.lezer() as verbinding:
        await verbinding.execute("UPDATE toegang.sessies SET rol = %s WHERE sessie = %s", (rol, hash_van(eigen)))


async def beeindig_sessie(dienst: Dienst, eigen: str) -> None:
    """End a session."""
    async with dienst.lezer() as verbinding:
        await verbinding.execute("DELETE FROM toegang.sessies WHERE sessie = %s", (hash_van(eigen),))


async def begin_poging(dienst: Dienst, poging: Poging, staat: str) -> str:
    """Remember a sign-in under way, and give the secret that ties it to this browser."""
    eigen = geheim()
    async with dienst.lezer() as verbinding:
        waarden = (hash_van(eigen), poging.uitgever, hash_van(staat), poging.nonce, poging.bewijs, poging.naar)
        await verbinding.execute(_BEGIN_POGING, (*waarden, _POGING_DUUR))
    return eigen


async def neem_poging(dienst: Dienst, eigen: str, staat: str) -> Poging | None:
    """Give the sign-in that this browser began with this state, once; None when there is none."""
    async with dienst.lezer() as verbinding:
        rij = await (await verbinding.execute(_NEEM_POGING, (hash_van(eigen), hash_van(staat)))).fetchone()
    return Poging(**dict(zip(Poging.__struct_fields__, rij, strict=True))) if rij else None
