"""Name the logins: who may do what is granted in migraties/, and every connection is one of these."""

from enum import StrEnum


class Login(StrEnum):
    """A login of the database. What each may do stands in docs/log.md, and in the grants of the migrations."""

    EIGENAAR = "overstap_eigenaar"
    """Owns every object; runs migrations and nothing else."""
    SCHRIJVER = "overstap_schrijver"
    """May call the append and read what decide needs; may not insert."""
    PROJECTIE = "overstap_projectie"
    """Reads the log, writes read models."""
    APP = "overstap_app"
    """Reads read models; owns nothing, no way around row level security."""
    AUDIT = "overstap_audit"
    """Reads the log, not the vault."""


SUPERGEBRUIKER = "postgres"
"""Of the embedded server only: makes databases, never used by the product's own work."""
