"""Who keeps organisations, accounts and contacts: the own administrator, or the regiebeheerder, never for oneself."""

from datetime import timedelta
from functools import reduce

import pytest
from msgspec.structs import replace

from overstap.domain import verzoeken_organisatie as v
from overstap.domain.feiten import Feit, Verzegeld
from overstap.domain.feiten import organisatie as f
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.organisatie import Organisatie, evolve_organisatie
from overstap.domain.rollen import ROLLEN_VAN, Actor, Rol, SoortOrganisatie
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.weigering import Weigering
from overstap.statemachine.kader import Besluit
from overstap.statemachine.organisatie import decide_organisatie
from tests.statemachine.spelers import (
    ALLES_OPEN,
    DECAAN,
    GEMEENTE,
    MBO,
    MBO_BEHEERDER,
    REGIEBEHEERDER,
    REGIO,
    SCHOOL,
    SPELERS,
    SWV,
    VO_BEHEERDER,
    speler,
)

NAAM = {"naam": Verzegeld("geheim")}
ANDERE_REGIEBEHEERDER = replace(REGIEBEHEERDER, account="regiebeheerder-2")
VAN_SOORT = {
    SoortOrganisatie.VO: SCHOOL,
    SoortOrganisatie.MBO: MBO,
    SoortOrganisatie.GEMEENTE: GEMEENTE,
    SoortOrganisatie.SAMENWERKINGSVERBAND: SWV,
    SoortOrganisatie.REGIO: REGIO,
}


def opgenomen(soort: SoortOrganisatie) -> f.OrganisatieOpgenomen:
    return f.OrganisatieOpgenomen(code=VAN_SOORT[soort], soort=soort, naam="Voorbeeld", accounts=True)


def gegeven(*feiten: Feit, door: Actor = REGIEBEHEERDER) -> Organisatie | None:
    gebeurtenissen = [
        Gebeurtenis(
            originator_id=stroom_van_organisatie(REGIO, SCHOOL),
            originator_version=nummer,
            feit=feit,
            regio=REGIO,
            gebeurd_op=ALLES_OPEN,
            actor=door.account,
            rol=door.rol,
            organisatie=door.organisatie,
        )
        for nummer, feit in enumerate(feiten, start=1)
    ]
    return reduce(evolve_organisatie, gebeurtenissen, None)


def feiten(organisatie: Organisatie | None, verzoek: v.OrganisatieVerzoek, door: Actor) -> tuple[Feit, ...]:
    antwoord = decide_organisatie(organisatie, verzoek, door, ALLES_OPEN)
    assert isinstance(antwoord, Besluit), antwoord
    return antwoord.feiten


def weigering(organisatie: Organisatie | None, verzoek: v.OrganisatieVerzoek, door: Actor) -> str:
    antwoord = decide_organisatie(organisatie, verzoek, door, ALLES_OPEN)
    assert isinstance(antwoord, Weigering), antwoord
    assert antwoord.wat_nodig
    return antwoord.code


def ken_toe(rol: Rol, account: str = "iemand-1") -> v.KenRolToe:
    return v.KenRolToe(account=account, rol=rol, functionaris=NAAM)


def heeft(rol: Rol, account: str) -> f.RolToegekend:
    return f.RolToegekend(account=account, rol=rol)


VO = opgenomen(SoortOrganisatie.VO)
MET_BEHEERDER = (VO, heeft(Rol.VO_BEHEERDER, VO_BEHEERDER.account))

# Taking part.

NEEM_OP = v.NeemOrganisatieOp(code=SCHOOL, soort=SoortOrganisatie.VO, naam=" Voorbeeld ", accounts=True)


@pytest.mark.parametrize("rol", Rol)
def test_only_the_regiebeheerder_lets_an_organisation_take_part(rol: Rol) -> None:
    if rol is Rol.REGIEBEHEERDER:
        assert feiten(None, NEEM_OP, SPELERS[rol]) == (VO,)
    else:
        assert weigering(None, NEEM_OP, SPELERS[rol]) == "niet_bevoegd"


def test_the_same_organisation_again_is_nothing_new_and_a_change_is_recorded() -> None:
    assert feiten(gegeven(VO), NEEM_OP, REGIEBEHEERDER) == ()
    anders = replace(NEEM_OP, koppeling=True)
    assert feiten(gegeven(VO), anders, REGIEBEHEERDER) == (replace(VO, koppeling=True),)


@pytest.mark.parametrize(
    ("soort", "code", "naam", "uitkomst"),
    [
        (SoortOrganisatie.VO, "99A", "School", "veld_ongeldig"),
        (SoortOrganisatie.MBO, "mbo", "School", "veld_ongeldig"),
        (SoortOrganisatie.GEMEENTE, "363", "Gemeente", "veld_ongeldig"),
        (SoortOrganisatie.VO, SCHOOL, "  ", "veld_ontbreekt"),
    ],
)
def test_an_organisation_has_a_name_and_a_code_of_its_kind(
    soort: SoortOrganisatie, code: str, naam: str, uitkomst: str
) -> None:
    verzoek = v.NeemOrganisatieOp(code=code, soort=soort, naam=naam)
    assert weigering(None, verzoek, REGIEBEHEERDER) == uitkomst


# Granting.

BEHEERDER = {SoortOrganisatie.VO: Rol.VO_BEHEERDER, SoortOrganisatie.MBO: Rol.MBO_BEHEERDER}
TOE_TE_KENNEN = {soort: ROLLEN_VAN[soort] - {Rol.KOPPELING, Rol.SYSTEEM} for soort in SoortOrganisatie}


@pytest.mark.parametrize(
    ("soort", "rol"), [(soort, rol) for soort in SoortOrganisatie for rol in Rol if rol not in TOE_TE_KENNEN[soort]]
)
def test_a_kind_of_organisation_has_its_own_kind_of_roles(soort: SoortOrganisatie, rol: Rol) -> None:
    for door in (REGIEBEHEERDER, VO_BEHEERDER, MBO_BEHEERDER):
        assert weigering(gegeven(opgenomen(soort)), ken_toe(rol), door) == "veld_ongeldig"


@pytest.mark.parametrize(
    ("soort", "rol"), [(soort, rol) for soort in BEHEERDER for rol in sorted(TOE_TE_KENNEN[soort])]
)
def test_the_administrator_grants_the_roles_of_his_own_organisation(soort: SoortOrganisatie, rol: Rol) -> None:
    organisatie = gegeven(opgenomen(soort))
    eigen = SPELERS[BEHEERDER[soort]]
    toegekend = f.RolToegekend(account="iemand-1", rol=rol, functionaris=NAAM)
    assert feiten(organisatie, ken_toe(rol), eigen) == (toegekend,)
    elders = speler(BEHEERDER[soort], "99ZZ")
    assert weigering(organisatie, ken_toe(rol), elders) == "andere_organisatie"


@pytest.mark.parametrize(
    ("soort", "rol"),
    [
        (soort, rol)
        for soort in (SoortOrganisatie.GEMEENTE, SoortOrganisatie.SAMENWERKINGSVERBAND, SoortOrganisatie.REGIO)
        for rol in sorted(TOE_TE_KENNEN[soort] - {Rol.AUDITOR})
    ],
)
def test_the_regiebeheerder_grants_the_roles_of_gemeenten_samenwerkingsverbanden_and_the_region(
    soort: SoortOrganisatie, rol: Rol
) -> None:
    toegekend = f.RolToegekend(account="iemand-1", rol=rol, functionaris=NAAM)
    assert feiten(gegeven(opgenomen(soort)), ken_toe(rol), REGIEBEHEERDER) == (toegekend,)


@pytest.mark.parametrize(
    ("soort", "door"),
    [
        (soort, door)
        for soort in SoortOrganisatie
        for door in Rol
        if door not in {BEHEERDER.get(soort), Rol.REGIEBEHEERDER}
    ],
)
def test_no_other_role_grants_anything(soort: SoortOrganisatie, door: Rol) -> None:
    rol = min(TOE_TE_KENNEN[soort])
    assert weigering(gegeven(opgenomen(soort)), ken_toe(rol), SPELERS[door]) == "niet_bevoegd"


@pytest.mark.parametrize("soort", BEHEERDER)
def test_the_regiebeheerder_grants_the_first_administrator_of_a_school_and_no_more(soort: SoortOrganisatie) -> None:
    beheerder = BEHEERDER[soort]
    leeg = gegeven(opgenomen(soort))
    [toegekend] = feiten(leeg, ken_toe(beheerder), REGIEBEHEERDER)
    assert weigering(leeg, ken_toe(Rol.MANAGER), REGIEBEHEERDER) == "niet_bevoegd"
    bezet = gegeven(opgenomen(soort), toegekend)
    assert weigering(bezet, ken_toe(beheerder, "iemand-2"), REGIEBEHEERDER) == "niet_bevoegd"
    assert feiten(bezet, ken_toe(beheerder), REGIEBEHEERDER) == ()
    weer_leeg = gegeven(opgenomen(soort), toegekend, f.RolIngetrokken(account="iemand-1", rol=beheerder))
    assert feiten(weer_leeg, ken_toe(beheerder, "iemand-2"), REGIEBEHEERDER)


@pytest.mark.parametrize(
    ("soort", "rol", "door"),
    [
        (SoortOrganisatie.VO, Rol.MENTOR, VO_BEHEERDER),
        (SoortOrganisatie.MBO, Rol.MBO_INTAKER, MBO_BEHEERDER),
        (SoortOrganisatie.REGIO, Rol.AUDITOR, REGIEBEHEERDER),
        (SoortOrganisatie.GEMEENTE, Rol.LEERPLICHTAMBTENAAR, REGIEBEHEERDER),
    ],
)
def test_nobody_grants_himself_a_role(soort: SoortOrganisatie, rol: Rol, door: Actor) -> None:
    assert weigering(gegeven(opgenomen(soort)), ken_toe(rol, door.account), door) == "niet_bevoegd"


def test_a_role_granted_again_is_nothing_new_and_another_class_is() -> None:
    mentor = v.KenRolToe(account="mentor-1", rol=Rol.MENTOR, vestiging="01", klas="4B")
    [toegekend] = feiten(gegeven(VO), mentor, VO_BEHEERDER)
    bekend = gegeven(VO, toegekend)
    assert feiten(bekend, mentor, VO_BEHEERDER) == ()
    [nieuw] = feiten(bekend, replace(mentor, klas="4C"), VO_BEHEERDER)
    assert nieuw == f.RolToegekend(account="mentor-1", rol=Rol.MENTOR, vestiging="01", klas="4C")


def test_who_may_not_grant_is_not_told_that_a_role_is_held() -> None:
    bekend = gegeven(VO, heeft(Rol.MENTOR, "iemand-1"))
    assert weigering(bekend, ken_toe(Rol.MENTOR), DECAAN) == "niet_bevoegd"


@pytest.mark.parametrize("account", ["", "ab", "Jan", "jan@school.nl", "jan jansen"])
def test_an_account_is_an_opaque_name(account: str) -> None:
    assert weigering(gegeven(VO), ken_toe(Rol.MENTOR, account), VO_BEHEERDER) == "veld_ongeldig"


# An auditor takes two.

REGIE = opgenomen(SoortOrganisatie.REGIO)
VOORGESTELD = f.RolVoorgesteld(account="auditor-1", rol=Rol.AUDITOR, functionaris=NAAM)


def test_an_auditor_is_proposed_by_one_regiebeheerder_and_granted_by_another() -> None:
    verzoek = ken_toe(Rol.AUDITOR, "auditor-1")
    assert feiten(gegeven(REGIE), verzoek, REGIEBEHEERDER) == (VOORGESTELD,)
    voorgesteld = gegeven(REGIE, VOORGESTELD)
    assert feiten(voorgesteld, verzoek, REGIEBEHEERDER) == ()
    assert feiten(voorgesteld, verzoek, ANDERE_REGIEBEHEERDER) == (
        f.RolToegekend(account="auditor-1", rol=Rol.AUDITOR, functionaris=NAAM),
    )


def test_a_proposal_counts_for_that_account_alone_and_not_for_the_auditor_himself() -> None:
    voorgesteld = gegeven(REGIE, VOORGESTELD)
    ander = ken_toe(Rol.AUDITOR, "auditor-2")
    assert feiten(voorgesteld, ander, ANDERE_REGIEBEHEERDER) == (replace(VOORGESTELD, account="auditor-2"),)
    zelf = replace(REGIEBEHEERDER, account="auditor-1")
    assert weigering(voorgesteld, ken_toe(Rol.AUDITOR, "auditor-1"), zelf) == "niet_bevoegd"


# Taking away, and contacts.


def test_the_administrator_takes_a_role_of_his_own_organisation_away() -> None:
    bekend = gegeven(*MET_BEHEERDER, heeft(Rol.MENTOR, "mentor-1"))
    verzoek = v.TrekRolIn(account="mentor-1", rol=Rol.MENTOR)
    assert feiten(bekend, verzoek, VO_BEHEERDER) == (f.RolIngetrokken(account="mentor-1", rol=Rol.MENTOR),)
    assert feiten(gegeven(*MET_BEHEERDER), verzoek, VO_BEHEERDER) == ()
    assert weigering(bekend, verzoek, speler(Rol.VO_BEHEERDER, "99ZZ")) == "andere_organisatie"
    assert weigering(bekend, verzoek, DECAAN) == "niet_bevoegd"
    assert weigering(bekend, verzoek, REGIEBEHEERDER) == "niet_bevoegd"


def test_the_regiebeheerder_takes_an_administrator_s_role_away() -> None:
    verzoek = v.TrekRolIn(account=VO_BEHEERDER.account, rol=Rol.VO_BEHEERDER)
    ingetrokken = f.RolIngetrokken(account=VO_BEHEERDER.account, rol=Rol.VO_BEHEERDER)
    assert feiten(gegeven(*MET_BEHEERDER), verzoek, REGIEBEHEERDER) == (ingetrokken,)


def test_an_organisation_keeps_its_contacts() -> None:
    verzoek = v.LegContactVast(onderwerp=" overstap ", contact=NAAM)
    vastgelegd = f.ContactVastgelegd(onderwerp="overstap", contact=NAAM)
    assert feiten(gegeven(VO), verzoek, VO_BEHEERDER) == (vastgelegd,)
    assert weigering(gegeven(VO), verzoek, DECAAN) == "niet_bevoegd"
    assert weigering(gegeven(VO), replace(verzoek, onderwerp=" "), VO_BEHEERDER) == "veld_ontbreekt"
    assert weigering(gegeven(VO), replace(verzoek, contact={}), VO_BEHEERDER) == "veld_ontbreekt"


@pytest.mark.parametrize(
    "verzoek",
    [
        ken_toe(Rol.VO_BEHEERDER),
        v.TrekRolIn(account="iemand-1", rol=Rol.MENTOR),
        v.LegContactVast(onderwerp="x", contact=NAAM),
    ],
)
def test_an_organisation_nobody_knows_has_no_roles_and_no_contacts(verzoek: v.OrganisatieVerzoek) -> None:
    assert weigering(None, verzoek, REGIEBEHEERDER) == "onbekende_organisatie"


def test_a_moment_without_a_time_zone_or_still_to_come_is_refused() -> None:
    assert weigering(None, replace(NEEM_OP, gebeurd_op=ALLES_OPEN.replace(tzinfo=None)), REGIEBEHEERDER) == (
        "veld_ongeldig"
    )
    later = replace(NEEM_OP, gebeurd_op=ALLES_OPEN + timedelta(hours=1))
    assert weigering(None, later, REGIEBEHEERDER) == "in_de_toekomst"
