"""Who acts: the roles of the region, and one actor with the organisation he acts for."""

from enum import StrEnum

import msgspec


class Rol(StrEnum):
    """A role that an administrator grants; stored with every event, so changing a name changes the archive."""

    MENTOR = "mentor"
    DECAAN = "decaan"
    VO_BEHEERDER = "vo_beheerder"
    MBO_INTAKER = "mbo_intaker"
    MBO_BEHEERDER = "mbo_beheerder"
    LEERPLICHTAMBTENAAR = "leerplichtambtenaar"
    SAMENWERKINGSVERBAND = "samenwerkingsverband"
    MANAGER = "manager"
    REGIEBEHEERDER = "regiebeheerder"
    AUDITOR = "auditor"
    KOPPELING = "koppeling"
    SYSTEEM = "systeem"


VO_ROLLEN = frozenset({Rol.MENTOR, Rol.DECAAN, Rol.VO_BEHEERDER})
MBO_ROLLEN = frozenset({Rol.MBO_INTAKER, Rol.MBO_BEHEERDER, Rol.KOPPELING})


class SoortOrganisatie(StrEnum):
    """The kinds of organisation that take part in a region."""

    VO = "vo"
    MBO = "mbo"
    GEMEENTE = "gemeente"
    SAMENWERKINGSVERBAND = "samenwerkingsverband"
    REGIO = "regio"


ROLLEN_VAN: dict[SoortOrganisatie, frozenset[Rol]] = {
    SoortOrganisatie.VO: frozenset({Rol.MENTOR, Rol.DECAAN, Rol.VO_BEHEERDER, Rol.MANAGER}),
    SoortOrganisatie.MBO: frozenset({Rol.MBO_INTAKER, Rol.MBO_BEHEERDER, Rol.KOPPELING, Rol.MANAGER}),
    SoortOrganisatie.GEMEENTE: frozenset({Rol.LEERPLICHTAMBTENAAR, Rol.MANAGER}),
    SoortOrganisatie.SAMENWERKINGSVERBAND: frozenset({Rol.SAMENWERKINGSVERBAND, Rol.MANAGER}),
    SoortOrganisatie.REGIO: frozenset({Rol.REGIEBEHEERDER, Rol.AUDITOR, Rol.MANAGER, Rol.SYSTEEM}),
}


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody, or a koppeling, who asks for something: an opaque account in one role of one organisation.

    organisatie is a BRIN of four characters, a gemeentecode, an SWV code or the region's code; vestiging and klas
    narrow it.
    """

    account: str
    rol: Rol
    organisatie: str
    regio: str
    vestiging: str | None = None
    klas: str | None = None
