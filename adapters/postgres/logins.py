"""Name the logins and group roles: who may do what is granted in migraties/, and every connection is one of these."""

import hashlib
import hmac
import secrets
from base64 import b64encode
from enum import StrEnum

from overstap.domain.rollen import Rol


class Login(StrEnum):
    """A login of the database. What each may do stands in docs/log.md, and in the grants of the migrations."""

    EIGENAAR = "overstap_eigenaar"
    """Owns every object; runs migrations and nothing else."""
    SCHRIJVER = "overstap_schrijver"
    """May call the append and read what decide needs; may not insert."""
    PROJECTIE = "overstap_projectie"
    """Reads the log, writes read models."""
    APP = "overstap_app"
    """Reads nothing itself: takes on the group role of whoever asks, for one transaction (bereik.py)."""
    AUDIT = "overstap_audit"
    """Reads the log, not the vault."""


SUPERGEBRUIKER = "postgres"
"""Of the embedded server only: makes databases, never used by the product's own work."""


def groepsrol(rol: Rol) -> str:
    """Name the group role in which requests of a role are answered: column grants and row policies hang on it."""
    return f"overstap_rol_{rol}"


TELLER = "overstap_rol_teller"
"""The group role that counts for figures: it reads what is counted, of the own organisation, and no person."""
GROEPSROLLEN = (*map(groepsrol, Rol), TELLER)
"""Every group role; none can log in, and overstap_app alone takes them on."""
EIGEN_NAMEN = (*Login, *GROEPSROLLEN)
"""All that a server must have before a database can be migrated."""


def nieuw_wachtwoord() -> str:
    """Make a password of 32 random bytes, for a program to keep."""
    return secrets.token_urlsafe(32)


def verificatie_van(wachtwoord: str) -> str:
    """Give what PostgreSQL keeps of a password of `nieuw_wachtwoord` (SCRAM-SHA-256, RFC 5802 section 3).

    One iteration: thousands of them make guessing slow, and nobody guesses 32 random bytes, while every connection
    pays for them (more than half of what it costs).
    """
    zout = secrets.token_bytes(16)
    gezouten = hashlib.pbkdf2_hmac("sha256", wachtwoord.encode(), zout, 1)
    van_client = hashlib.sha256(hmac.digest(gezouten, b"Client Key", "sha256")).digest()
    van_server = hmac.digest(gezouten, b"Server Key", "sha256")
    in_letters = [b64encode(deel).decode() for deel in (zout, van_client, van_server)]
    return "SCRAM-SHA-256$1:{}${}:{}".format(*in_letters)
