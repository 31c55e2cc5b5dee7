"""What each role may know of a pupil who exists for it: the table of roles, by groups of fields."""

from collections.abc import Mapping
from enum import StrEnum

from overstap.domain.persoon import GROEP_VAN_VELD
from overstap.domain.rollen import Rol


class Veldgroep(StrEnum):
    """Fields of a pupil that are shown together or not at all; the names are part of the API."""

    NAAM = "naam"
    GEBOORTEDATUM = "geboortedatum"
    ADRES = "adres"
    CONTACT = "contact"
    """How to reach the pupil: e-mail and telephone."""
    PGN = "pgn"
    """The persoonsgebonden nummer, and of which kind it is."""
    SCHOOL = "school"
    """School, vestiging, klas and leerweg, also the school to which he is offered."""
    GEMEENTE = "gemeente"
    STATUS = "status"
    """Where the overstap stands and since when, and until when he is kwalificatieplichtig."""
    SIGNALEN = "signalen"
    """What asks for somebody's attention, and what the worklists rest on."""
    EIGEN_AANMELDINGEN = "eigen_aanmeldingen"
    """Those at the MBO that looks."""
    ANDERE_AANMELDINGEN = "andere_aanmeldingen"
    ELDERS_GEPLAATST = "elders_geplaatst"
    """Whether another MBO has placed him, and nothing more about it."""
    LEERPLICHT = "leerplicht"
    OVERLEG = "overleg"
    CONTACTPERSOON = "contactpersoon"
    """With whom at Leerplicht was spoken."""
    REDEN = "reden"
    """Why: of a vervolgkeuze, of closing, of leaving, of a correction; with its explanation."""
    EIGEN_BERICHTEN = "eigen_berichten"
    """From and to the organisation that looks."""
    ANDERE_BERICHTEN = "andere_berichten"
    WARME_OVERDRACHT = "warme_overdracht"
    """That there was one, when and by whom; the same of the doorstroomdossier."""


_G = Veldgroep
ALLE = frozenset(Veldgroep)
PERSOONLIJK = frozenset({_G.NAAM, _G.GEBOORTEDATUM, _G.ADRES, _G.CONTACT, _G.PGN, _G.CONTACTPERSOON})
"""Who somebody is: kept sealed. The region's own roles see it with a reason alone."""
MET_REDEN = frozenset({Rol.REGIEBEHEERDER, Rol.AUDITOR})
"""The roles to which sealed data opens only when they say why."""

VAN_ROL: Mapping[Rol, frozenset[Veldgroep]] = {
    Rol.MENTOR: ALLE - {_G.PGN},
    Rol.DECAAN: ALLE,
    Rol.VO_BEHEERDER: ALLE,
    Rol.MBO_INTAKER: frozenset(
        {
            _G.NAAM,
            _G.GEBOORTEDATUM,
            _G.SCHOOL,
            _G.EIGEN_AANMELDINGEN,
            _G.ELDERS_GEPLAATST,
            _G.EIGEN_BERICHTEN,
            _G.WARME_OVERDRACHT,
        }
    ),
    Rol.LEERPLICHTAMBTENAAR: frozenset(
        {
            _G.NAAM,
            _G.GEBOORTEDATUM,
            _G.ADRES,
            _G.SCHOOL,
            _G.GEMEENTE,
            _G.STATUS,
            _G.LEERPLICHT,
            _G.OVERLEG,
            _G.CONTACTPERSOON,
            _G.EIGEN_BERICHTEN,
        }
    ),
    Rol.SAMENWERKINGSVERBAND: ALLE
    - {_G.PGN, _G.ADRES, _G.CONTACT, _G.CONTACTPERSOON, _G.EIGEN_BERICHTEN, _G.ANDERE_BERICHTEN},
    Rol.REGIEBEHEERDER: ALLE,
    Rol.AUDITOR: ALLE,
    Rol.KOPPELING: frozenset({_G.EIGEN_AANMELDINGEN}),
    Rol.MBO_BEHEERDER: frozenset(),
    Rol.MANAGER: frozenset(),
    Rol.SYSTEEM: frozenset(),
}
"""The table. What it leaves open is decided here: an address and the person spoken to at Leerplicht count as contact
data (samenwerkingsverband); a koppeling gets back what it sent, which is its own aanmeldingen."""

PERSOONSVELDEN: Mapping[str, Veldgroep] = {veld: Veldgroep(groep) for veld, groep in GROEP_VAN_VELD.items()}
"""The group of each sealed field of a person."""


def zichtbare_groepen(rol: Rol, *, met_reden: bool = False) -> frozenset[Veldgroep]:
    """Give what a role may know of a pupil who exists for it (zicht.py says who does).

    met_reden: the caller said why he looks, which is logged; it opens the person to the region's own roles.
    """
    groepen = VAN_ROL[rol]
    return groepen if met_reden or rol not in MET_REDEN else groepen - PERSOONLIJK


def zichtbare_persoonsvelden(rol: Rol, *, met_reden: bool = False) -> frozenset[str]:
    """Give the fields of a person, such as achternaam, that a role may have."""
    groepen = zichtbare_groepen(rol, met_reden=met_reden)
    return frozenset(veld for veld, groep in PERSOONSVELDEN.items() if groep in groepen)
