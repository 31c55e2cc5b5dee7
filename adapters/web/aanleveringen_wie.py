"""Who has the pages of deliveries and of the wachtbak: those whose scope holds them (docs/rechten.md)."""

from typing import Final

from overstap.adapters.koppelingen.toegang import MAG_LEVEREN
from overstap.domain.rollen import Rol

VAN_DE_REGIO: Final = frozenset({Rol.REGIEBEHEERDER, Rol.AUDITOR})
"""Who sees what came from everybody, and what waits in the wachtbak."""
LEZERS: Final = VAN_DE_REGIO | {Rol.DECAAN, Rol.VO_BEHEERDER, Rol.MBO_INTAKER, Rol.LEERPLICHTAMBTENAAR}
"""Who sees deliveries, of his own organisation or of all."""


def mag_leveren(rol: Rol) -> bool:
    """Tell whether a role delivers files by a page: one that may bring some, and sees what came of them."""
    return rol in LEZERS - {Rol.AUDITOR} and any(rol in rollen for rollen in MAG_LEVEREN.values())
