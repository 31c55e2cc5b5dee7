"""Who may say who somebody is: issuers of tokens, and the table by which their claims name an organisation."""

import ipaddress
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta


class UitgeverOngeldig(Exception):
    """The file of issuers cannot be used; the message says why."""


class Uitgever(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One issuer.

    doelgroep is the audience its access tokens must name; client_id and client_geheim_bestand are ours, for people who
    sign in. claim is the claim in which it names the organisation (a BRIN, a domain, an OIN), organisaties the table
    from its values to the codes of organisations; where the provider belongs to one organisation, organisatie is that.
    """

    issuer: Annotated[str, Meta(min_length=8)]
    naam: str = ""
    doelgroep: str | None = None
    client_id: str | None = None
    client_geheim_bestand: str | None = None
    claim: str | None = None
    organisaties: Mapping[str, str] = {}
    organisatie: str | None = None

    def organisatie_van(self, claims: Mapping[str, Any]) -> str | None:
        """Give the code of the organisation that these claims name, None when they name none that is in the table."""
        waarden = claims.get(self.claim) if self.claim else None
        for waarde in waarden if isinstance(waarden, list) else [waarden]:
            if isinstance(waarde, str) and waarde in self.organisaties:
                return self.organisaties[waarde]
        return self.organisatie

    def geheim(self) -> str | None:
        """Read our secret at this issuer."""
        return Path(self.client_geheim_bestand).read_text("utf-8").strip() if self.client_geheim_bestand else None


class _Bestand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    uitgever: list[Uitgever] = []


_TOML: Final = "Zie docs/api.md voor een voorbeeld."


def lees_uitgevers(pad: Path | None) -> Sequence[Uitgever]:
    """Read the file of issuers (TOML); none without a file.

    Raises:
        UitgeverOngeldig: when it cannot be read, or an issuer could be overheard.

    """
    if pad is None:
        return ()
    try:
        bestand = msgspec.toml.decode(pad.read_bytes(), type=_Bestand)
    except (OSError, ValueError) as fout:
        raise UitgeverOngeldig(f"De uitgevers in {pad} zijn niet te lezen: {fout} {_TOML}") from None
    for een in bestand.uitgever:
        if not is_veilig(een.issuer):
            raise UitgeverOngeldig(f"De uitgever {een.issuer} moet https zijn. {_TOML}")
    return tuple(bestand.uitgever)


def is_veilig(adres: str) -> bool:
    """Tell whether nobody between here and there can listen: https, or this machine itself."""
    delen = urlsplit(adres)
    if delen.scheme == "https":
        return True
    try:
        return delen.scheme == "http" and ipaddress.ip_address(delen.hostname or "").is_loopback
    except ValueError:
        return delen.scheme == "http" and delen.hostname == "localhost"
