"""Name the logins and group roles: who may do what is granted in migraties/, and every connection is one of these."""

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
