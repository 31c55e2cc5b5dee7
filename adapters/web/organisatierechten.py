"""What a visitor may record of an organisation: asked of the core beforehand, so that a page offers nothing else."""

from datetime import datetime
from typing import Final

from overstap.adapters.http.accounts import Accountblad
from overstap.domain.feiten import Verzegeld
from overstap.domain.organisatie import Organisatie
from overstap.domain.rollen import ROLLEN_VAN, Actor, Rol, SoortOrganisatie
from overstap.domain.verzoeken_organisatie import (
    KenRolToe,
    LegContactVast,
    NeemOrganisatieOp,
    OrganisatieVerzoek,
    TrekRolIn,
)
from overstap.domain.weigering import Weigering
from overstap.statemachine.organisatie import decide_organisatie

BEHEERDERS: Final = frozenset({Rol.VO_BEHEERDER, Rol.MBO_BEHEERDER, Rol.REGIEBEHEERDER, Rol.AUDITOR})
"""Who sees which accounts there are: of the own organisation, or of the region."""
_IEMAND: Final = "zomaar-iemand"


def rollen_te_geven(organisatie: Organisatie, actor: Actor, nu: datetime) -> list[Rol]:
    """Give the roles that he may grant here to somebody else."""
    return sorted(rol for rol in ROLLEN_VAN[organisatie.soort] if mag_rol_geven(organisatie, actor, _IEMAND, rol, nu))


def mag_rol_geven(organisatie: Organisatie, actor: Actor, account: str, rol: Rol, nu: datetime) -> bool:
    """Tell whether he may grant this role to this account, and that would change something."""
    return _verandert(organisatie, KenRolToe(account=account, rol=rol), actor, nu)


def mag_rol_nemen(organisatie: Organisatie, actor: Actor, account: Accountblad, nu: datetime) -> bool:
    """Tell whether he may take a role back."""
    return _verandert(organisatie, TrekRolIn(account=account.account, rol=Rol(account.rol)), actor, nu)


def mag_contact_noemen(organisatie: Organisatie, actor: Actor, nu: datetime) -> bool:
    """Tell whether he may say whom to call."""
    return _verandert(organisatie, LegContactVast(onderwerp=_IEMAND, contact={"naam": Verzegeld("")}), actor, nu)


def mag_gegevens(organisatie: Organisatie, actor: Actor, nu: datetime) -> bool:
    """Tell whether he may mend what is known of the organisation itself."""
    return mag_opnemen(organisatie, organisatie.code, organisatie.soort, actor, nu)


def mag_opnemen(oud: Organisatie | None, code: str, soort: SoortOrganisatie, actor: Actor, nu: datetime) -> bool:
    """Tell whether he may let an organisation take part."""
    return _verandert(oud, NeemOrganisatieOp(code=code, soort=soort, naam="Andere naam"), actor, nu)


def _verandert(oud: Organisatie | None, verzoek: OrganisatieVerzoek, actor: Actor, nu: datetime) -> bool:
    besluit = decide_organisatie(oud, verzoek, actor, nu)
    return not isinstance(besluit, Weigering) and bool(besluit.feiten)
