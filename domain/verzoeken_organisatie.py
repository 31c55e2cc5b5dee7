"""What can be asked about an organisation: to know it, to grant and take roles, to name a contact."""

from overstap.domain.feiten import Verzegeld
from overstap.domain.rollen import Rol, SoortOrganisatie
from overstap.domain.verzoeken import Vraag


class NeemOrganisatieOp(Vraag, frozen=True, kw_only=True, tag="neem_organisatie_op"):
    """Let an organisation take part in the region, or mend what is known of it."""

    code: str
    soort: SoortOrganisatie
    naam: str
    gemeente: str | None = None
    aangesloten: str | None = None
    koppeling: bool = False
    accounts: bool = False


class KenRolToe(Vraag, frozen=True, kw_only=True, tag="ken_rol_toe"):
    """Let an account act in a role; for an auditor the first regiebeheerder proposes and a second one grants."""

    account: str
    rol: Rol
    vestiging: str | None = None
    klas: str | None = None
    functionaris: dict[str, Verzegeld] = {}


class TrekRolIn(Vraag, frozen=True, kw_only=True, tag="trek_rol_in"):
    """Take a role from an account."""

    account: str
    rol: Rol


class LegContactVast(Vraag, frozen=True, kw_only=True, tag="leg_contact_vast"):
    """Name whom to call about a subject."""

    onderwerp: str
    contact: dict[str, Verzegeld]


OrganisatieVerzoek = NeemOrganisatieOp | KenRolToe | TrekRolIn | LegContactVast
