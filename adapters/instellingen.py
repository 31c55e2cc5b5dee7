"""Everything that can be set, in one place: environment variables that begin with OVERSTAP_, or a file .env."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Instellingen(BaseSettings):
    """The settings of this installation; each has a default but the master key of a database of your own.

    A field `regio` is set by OVERSTAP_REGIO, and so on; an empty one is as none. What is secret does not show itself.
    """

    model_config = SettingsConfigDict(
        env_prefix="OVERSTAP_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    regio: str = "21"
    """The region this installation works for: the code of its Doorstroompunt-regio."""
    datamap: Path = Path(".overstap")
    """Where the embedded database and the master key it belongs to live."""
    database_url: SecretStr | None = None
    """postgresql://... of any PostgreSQL from 15 on; without it the embedded one."""
    hoofdsleutel: SecretStr | None = None
    """The master key: 32 bytes in base64."""
    hoofdsleutel_bestand: Path | None = None
    """A file that holds the master key; mode 0600."""
    pgn_sleutel: SecretStr | None = None
    """A key apart for the hash of persoonsgebonden nummers; without it one that follows from the master key."""
    notarismap: Path | None = None
    """The folder of the notary's key and memory, mode 0700, of a user that the database does not run as; without it
    `notaris` in the data folder."""
    notaris_gebeurtenissen: int = 1_000
    """After how many events `overstap audit checkpoint --follow` signs."""
    notaris_seconden: float = 60
    """After how many seconds it signs what is there, however little."""
    kwitanties_dagen: int = 30
    """How many days the receipt of a request is kept, at least 1: so long the same request is known again."""
    bewaar_maanden: int = Field(default=12, ge=1, le=120)
    """So many months after an overstapjaar closes the persons of that year are erased (docs/privacy.md)."""
    bewaking_seconden: float = Field(default=3_600.0, gt=0)
    """After so many seconds `overstap serve` looks again who has been kept too long."""
    toestanden: int = 8_000
    """How many pupils' states stay in memory, about 5 kB each."""
    oin: str = "0" * 20
    """The OIN of the organisation that runs this installation: the source of its events."""
    openbaar_adres: str | None = None
    """Where the outside world reaches `overstap serve`, https://...; without it where it listens."""
    uitgevers: Path | None = None
    """A TOML file of the issuers that may say who somebody is (docs/api.md); without it nobody signs in."""
    grootste_verzoek: int = 262_144
    """How many bytes the body of a request may have; a delivery has a limit of its own."""
    grootste_levering: int = 536_870_912
    """How many bytes a delivery (`/v1/aanleveringen`) may have."""
    grootste_bestand: int = 8_388_608
    """How many bytes a file that is chosen on a page may have; a larger one goes by the API or the command line."""
    geduld_levering: float = 900.0
    """In how many seconds the body of a delivery must be there."""
    verzoeken_per_minuut: int = 6_000
    """How many requests one account may send a minute; 0: no limit."""
    missers_per_minuut: int = 60
    """How many requests without a valid sign-in one address may send a minute; 0: no limit."""
    geduld_lichaam: float = 30.0
    """In how many seconds the body of a request must be there."""
    hartslag: float = 15.0
    """After so many seconds without news a reader of the stream gets a sign of life, and is asked for again."""
    logniveau: Literal["debug", "info", "warning", "error"] = "info"
    """Which log lines are written."""

    @property
    def map_van_notaris(self) -> Path:
        """The folder of the notary, wherever it was put."""
        return self.notarismap or self.datamap / "notaris"
