"""What happened to one organisation: known, its functionaries and contacts, its rights. These names are the archive."""

from overstap.domain.feiten._vorm import Verzegeld, Vorm
from overstap.domain.rollen import Rol, SoortOrganisatie


class OrganisatieOpgenomen(Vorm, frozen=True, kw_only=True, tag="organisatie-opgenomen.v1"):
    """An organisation takes part in the region, or what was known of it changed.

    code is a BRIN of four characters, a gemeentecode, an SWV code, an OIN or the region's code.
    """

    code: str
    soort: SoortOrganisatie
    naam: str
    gemeente: str | None = None
    aangesloten: str | None = None
    koppeling: bool = False
    accounts: bool = False


class RolToegekend(Vorm, frozen=True, kw_only=True, tag="rol-toegekend.v1"):
    """An account may act in a role for this organisation; functionaris holds name, e-mail and telephone, sealed."""

    account: str
    rol: Rol
    vestiging: str | None = None
    klas: str | None = None
    functionaris: dict[str, Verzegeld] = {}


class RolVoorgesteld(Vorm, frozen=True, kw_only=True, tag="rol-voorgesteld.v1"):
    """The first of two regiebeheerders proposes an auditor."""

    account: str
    rol: Rol
    functionaris: dict[str, Verzegeld] = {}


class RolIngetrokken(Vorm, frozen=True, kw_only=True, tag="rol-ingetrokken.v1"):
    """An account may no longer act in a role for this organisation."""

    account: str
    rol: Rol


class ContactVastgelegd(Vorm, frozen=True, kw_only=True, tag="contact-vastgelegd.v1"):
    """Whom to call at this organisation about a subject; naam, email and telefoon are sealed."""

    onderwerp: str
    contact: dict[str, Verzegeld]


FeitVanOrganisatie = OrganisatieOpgenomen | RolToegekend | RolVoorgesteld | RolIngetrokken | ContactVastgelegd
