"""The table of roles, written down a second time and by hand: core, database and HTTP are held against it.

What a role sees is told in groups of fields (the words of docs/rechten.md), what it may do by the names of requests.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from overstap.domain.rollen import Rol


class Kring(StrEnum):
    """How the actor's organisation stands to the pupil."""

    EIGEN = "eigen"
    """The one that has to do with him."""
    ANDER = "andere organisatie"
    ANDERE_REGIO = "andere regio"


PERSOON = {"naam", "geboortedatum", "adres", "contact", "pgn"}
GROEPEN = PERSOON | {
    "school",
    "gemeente",
    "status",
    "signalen",
    "eigen_aanmeldingen",
    "andere_aanmeldingen",
    "elders_geplaatst",
    "leerplicht",
    "overleg",
    "contactpersoon",
    "reden",
    "eigen_berichten",
    "andere_berichten",
    "warme_overdracht",
}
BERICHTEN = {"eigen_berichten", "andere_berichten"}

ZIET: dict[Rol, set[str]] = {
    Rol.MENTOR: GROEPEN - {"pgn"},
    Rol.DECAAN: GROEPEN,
    Rol.VO_BEHEERDER: GROEPEN,
    Rol.MBO_INTAKER: {"naam", "geboortedatum", "school", "eigen_aanmeldingen", "elders_geplaatst", "warme_overdracht"}
    | {"eigen_berichten"},
    Rol.MBO_BEHEERDER: set(),
    Rol.LEERPLICHTAMBTENAAR: {"naam", "geboortedatum", "adres", "school", "gemeente", "status", "leerplicht"}
    | {"overleg", "contactpersoon", "eigen_berichten"},
    Rol.SAMENWERKINGSVERBAND: GROEPEN - {"pgn", "adres", "contact", "contactpersoon"} - BERICHTEN,
    Rol.MANAGER: set(),
    Rol.REGIEBEHEERDER: GROEPEN,
    Rol.AUDITOR: GROEPEN,
    Rol.KOPPELING: {"eigen_aanmeldingen"},
    Rol.SYSTEEM: set(),
}
"""What each role sees of a pupil of its own; of anybody else it sees nothing."""

ALLEEN_MET_REDEN = dict.fromkeys((Rol.REGIEBEHEERDER, Rol.AUDITOR), PERSOON | {"contactpersoon"})
REGIOBREED = {Rol.REGIEBEHEERDER, Rol.AUDITOR, Rol.SYSTEEM}
"""Roles of the region itself: every organisation in it is their own."""

SCHOOL = {Rol.DECAAN, Rol.VO_BEHEERDER}
MBO = {Rol.MBO_INTAKER}
VOLGERS = {Rol.MENTOR, Rol.DECAAN, Rol.MBO_INTAKER}
REGIE = {Rol.REGIEBEHEERDER}
DECAAN = {Rol.DECAAN}

DOET: dict[str, set[Rol]] = {
    "meld_aan": MBO | DECAAN,
    "wijzig_aanmelding": MBO,
    "plan_intake": MBO,
    "start_onderzoek": MBO,
    "rond_intake_af": MBO,
    "plaats_op_wachtlijst": MBO,
    "plaats_voorlopig": MBO,
    "plaats_definitief": MBO,
    "bevestig_start": MBO,
    "wijs_af": MBO,
    "trek_in": MBO,
    "meld_niet_verschenen": MBO,
    "onderbreek": MBO,
    "heropen": MBO,
    "kies_vervolg_vo": DECAAN,
    "trek_vervolgkeuze_in": DECAAN,
    "schakel_leerplicht_in": DECAAN,
    "handel_leerplicht_af": {Rol.LEERPLICHTAMBTENAAR},
    "hervat": DECAAN,
    "sluit_af": {Rol.SYSTEEM},
    "sluit_af_met_reden": REGIE,
    "schrijf_uit": SCHOOL | REGIE,
    "heropen_overstap": REGIE,
    "voer_op": SCHOOL,
    "wijzig_persoonsgegevens": SCHOOL,
    "vervang_pgn": SCHOOL | {Rol.KOPPELING},
    "leg_overleg_vast": DECAAN,
    "plaats_bericht": VOLGERS | {Rol.LEERPLICHTAMBTENAAR},
    "leg_warme_overdracht_vast": VOLGERS,
    "leg_ddd_status_vast": VOLGERS,
    "draag_over": DECAAN | REGIE,
    "aanvaard_overdracht": SCHOOL,
    "verwerk_koppelbericht": {Rol.KOPPELING},
    "herzie": DECAAN | REGIE,
}
"""Who may ask what about a pupil of his own, where MBO and gemeente have accounts and the MBO a koppeling.

The own school accepts who is offered to it. An
aanmelding is entered by hand at an MBO without a koppeling; `herzie` is about a decision of the decaan."""

ELDERS_OOK = {("meld_aan", Rol.MBO_INTAKER)}
"""An MBO without an aanmelding of the pupil may enter its own: so a pupil who is not in sight comes in sight."""


# --- over HTTP --------------------------------------------------------------------------------------------------------

IEDEREEN = set(Rol)
LEERLINGEN = {rol for rol in Rol if ZIET[rol]}
"""Roles for which pupils exist."""
SIGNALEN = {rol for rol in LEERLINGEN if {"signalen", "andere_aanmeldingen"} <= ZIET[rol]}
BEHEERDERS = {Rol.VO_BEHEERDER, Rol.MBO_BEHEERDER, Rol.REGIEBEHEERDER}

BEWERKINGEN: dict[str, set[Rol]] = {
    "toon_overstap": LEERLINGEN,
    "vertel_overstap": LEERLINGEN,
    "noem_overstappen": IEDEREEN,
    "zoek_overstappen": IEDEREEN,
    "volg_gebeurtenissen": IEDEREEN,
    "noem_werklijsten": IEDEREEN,
    "toon_werklijst": SIGNALEN | {Rol.LEERPLICHTAMBTENAAR},
    "toon_cijfers": IEDEREEN - {Rol.KOPPELING, Rol.SYSTEEM},
    "toon_doorstroom": IEDEREEN - {Rol.KOPPELING, Rol.SYSTEEM},
    "noem_organisaties": IEDEREEN,
    "toon_organisatie": IEDEREEN,
    "noem_accounts": IEDEREEN,
    "noem_contacten": IEDEREEN,
    "zoek_toegang": {Rol.REGIEBEHEERDER, Rol.AUDITOR},
    "toon_procedure": IEDEREEN,
    "voer_op": SCHOOL,
    "voer_velen_op": SCHOOL,
    "neem_organisatie_op": REGIE,
    "ken_rol_toe": BEHEERDERS,
    "trek_rol_in": BEHEERDERS,
    "leg_contact_vast": BEHEERDERS,
    "koppel_wachtbak": REGIE | {Rol.VO_BEHEERDER},
    "lever_aan": IEDEREEN,
    "toon_aanlevering": IEDEREEN - {Rol.SYSTEEM},
}
"""Who gets an answer from what is no step of the charts, at his own organisation. What a role does not see is not in
it: lists are empty for whom nobody exists, and of a delivery each line is judged."""

LEVERT: dict[str, set[Rol]] = {
    "leerlingen": SCHOOL,
    "koppeling": DOET["verwerk_koppelbericht"],
    "parameters": REGIE,
    "organisaties": BEHEERDERS,
    "stappen": DOET["leg_warme_overdracht_vast"],
}
"""Of whose deliveries, by what is in them, a line is accepted; of steps one that is the role's own."""

ZONDER_DEUR = {
    "meld_aan_met_oidc",
    "kom_terug_van_oidc",
    "toon_sessie",
    "kies_rol",
    "meld_af",
    "leeft",
    "is_klaar",
    "meet",
    "toon_openapi",
    "toon_documentatie",
    "noem_problemen",
    "leg_probleem_uit",
}
"""What nobody needs a token for: signing in, and what tells of the service itself."""

_ZOEKT = {"naam", "geboortedatum", "school", "gemeente", "status"}
TOONT: dict[str, set[str]] = {
    "toon_overstap": GROEPEN - {"reden"},
    "vertel_overstap": GROEPEN - PERSOON - {"gemeente", "elders_geplaatst"},
    "noem_overstappen": _ZOEKT,
    "zoek_overstappen": _ZOEKT,
    "volg_gebeurtenissen": GROEPEN - PERSOON - {"elders_geplaatst", "contactpersoon"} | {"pgn"},
    "toon_werklijst": _ZOEKT,
}
"""Which groups of fields an operation can show at all of a pupil; of the pgn the feed tells which kind it is."""


class Cel(NamedTuple):
    """One cell of the matrix."""

    rol: Rol
    wat: str
    kring: Kring
    mag: bool


def kringen(rol: Rol) -> tuple[Kring, ...]:
    """Give how an actor of this role can stand to a pupil: a role of the region has no other organisation in it."""
    return (Kring.EIGEN, Kring.ANDERE_REGIO) if rol in REGIOBREED else tuple(Kring)


def veldcellen(*, met_reden: bool) -> Iterator[Cel]:
    """Give who may see what of whom."""
    for rol in Rol:
        zonder = set() if met_reden else ALLEEN_MET_REDEN.get(rol, set())
        for groep in sorted(GROEPEN):
            for kring in kringen(rol):
                yield Cel(rol, groep, kring, mag=kring is Kring.EIGEN and groep in ZIET[rol] - zonder)


def toonkring(rol: Rol, bewerking: str) -> set[str]:
    """Give the groups that an operation shows a role of a pupil of its own."""
    return ZIET[rol] & TOONT[bewerking] if rol in BEWERKINGEN[bewerking] else set()


def toonbare_cellen(bewerking: str, *, met_reden: bool) -> Iterator[Cel]:
    """Give who may see what of whom in the answer of one operation."""
    for cel in veldcellen(met_reden=met_reden and bewerking != "volg_gebeurtenissen"):  # the feed opens nothing
        yield cel._replace(mag=cel.mag and cel.wat in toonkring(cel.rol, bewerking))


def verzoekcellen() -> Iterator[Cel]:
    """Give who may ask what about whom."""
    for rol in Rol:
        for verzoek, rollen in DOET.items():
            for kring in kringen(rol):
                elders = kring is Kring.ANDER and (verzoek, rol) in ELDERS_OOK
                yield Cel(rol, verzoek, kring, mag=rol in rollen and (kring is Kring.EIGEN or elders))
