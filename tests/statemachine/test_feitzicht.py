"""Which facts a role sees, of whom, and with which fields: never more than the groups of fields that are its own."""

from typing import get_args

import pytest
from msgspec.structs import replace

from overstap.domain.feiten import Feit, FeitVanAanmelding, FeitVanOverstap
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import organisatie as org
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Actor, Rol
from overstap.domain.stromen import stroom_van_organisatie
from overstap.statemachine.feitzicht import Van, feitzicht, gemaskeerd, verzegelde_velden, zichtbare_velden, ziet_feit
from tests.statemachine.gegeven import OPGEVOERD, STROOM, ZEGEL, given
from tests.statemachine.spelers import (
    ALLES_OPEN,
    ANDER_MBO,
    DECAAN,
    GEMEENTE,
    INTAKER,
    LEERPLICHT,
    MBO,
    REGIEBEHEERDER,
    REGIO,
    SPELERS,
    VO_BEHEERDER,
)
from tests.statemachine.standen import ontvangen

VAN_EEN_LEERLING = get_args(FeitVanOverstap | FeitVanAanmelding)
MET_PERSOON = replace(OPGEVOERD, persoon=dict.fromkeys(("pgn", "achternaam", "adres", "email"), ZEGEL))


def gebeurtenis(feit: Feit, door: Actor = DECAAN) -> Gebeurtenis:
    return Gebeurtenis(
        originator_id=STROOM,
        originator_version=2,
        feit=feit,
        regio=REGIO,
        gebeurd_op=ALLES_OPEN,
        actor=door.account,
        rol=door.rol,
        organisatie=door.organisatie,
    )


def ziet(actor: Actor, wat: Gebeurtenis, *aanmeldingen: a.AanmeldingOntvangen) -> bool:
    zicht = feitzicht(actor.rol, type(wat.feit))
    return zicht is not None and ziet_feit(actor, wat, zicht, given(*aanmeldingen).overstap)


@pytest.mark.parametrize("rol", [Rol.MANAGER, Rol.MBO_BEHEERDER, Rol.SYSTEEM])
def test_who_sees_no_pupils_sees_no_fact_about_one(rol: Rol) -> None:
    assert [soort for soort in VAN_EEN_LEERLING if feitzicht(rol, soort)] == []


@pytest.mark.parametrize("rol", [Rol.DECAAN, Rol.VO_BEHEERDER])
def test_the_school_sees_every_fact_about_its_pupil_whole(rol: Rol) -> None:
    for soort in VAN_EEN_LEERLING:
        zicht = feitzicht(rol, soort)
        assert zicht is not None
        assert (zicht.van, zicht.velden) == (Van.ALLEN, frozenset(soort.__struct_fields__))


def test_an_mbo_sees_what_is_about_its_own_aanmeldingen_the_school_and_the_handover() -> None:
    gezien = {soort for soort in VAN_EEN_LEERLING if feitzicht(Rol.MBO_INTAKER, soort)}
    assert gezien == {
        *get_args(FeitVanAanmelding),
        o.OverstapOpgevoerd,
        o.PersoonsgegevensGewijzigd,
        o.BerichtGeplaatst,
        o.WarmeOverdrachtVastgelegd,
        o.DddStatusVastgelegd,
        o.OverdrachtAangeboden,
        o.LeerlingOvergedragen,
        o.GebeurtenisHerzien,
    }


def test_leerplicht_sees_no_aanmelding_and_no_reason_of_the_school() -> None:
    gezien = {soort for soort in VAN_EEN_LEERLING if feitzicht(Rol.LEERPLICHTAMBTENAAR, soort)}
    assert not gezien & set(get_args(FeitVanAanmelding))
    assert zichtbare_velden(Rol.LEERPLICHTAMBTENAAR, o.VervolgkeuzeVoGekozen) == frozenset()
    assert zichtbare_velden(Rol.LEERPLICHTAMBTENAAR, o.LeerlingUitgeschreven) == {"nieuwe_gemeente"}
    assert zichtbare_velden(Rol.LEERPLICHTAMBTENAAR, o.OverlegVastgelegd) == {"contact", "overleg_datum"}


@pytest.mark.parametrize("rol", [Rol.MENTOR, Rol.SAMENWERKINGSVERBAND, Rol.MBO_INTAKER, Rol.LEERPLICHTAMBTENAAR])
def test_who_may_not_have_the_pgn_gets_it_from_no_fact(rol: Rol) -> None:
    velden = {veld for soort in VAN_EEN_LEERLING for veld in zichtbare_velden(rol, soort)}
    assert not velden & {"pgn", "persoon.pgn", "soort_pgn", "van_soort", "naar_soort"}


@pytest.mark.parametrize("rol", [Rol.REGIEBEHEERDER, Rol.AUDITOR])
def test_the_region_sees_what_is_sealed_with_a_reason_alone(rol: Rol) -> None:
    for soort in get_args(Feit):
        zonder, met = zichtbare_velden(rol, soort), zichtbare_velden(rol, soort, met_reden=True)
        verzegeld = {veld for veld in met - zonder if veld.partition(".")[0] not in verzegelde_velden(soort)}
        assert not {veld.partition(".")[0] for veld in zonder} & verzegelde_velden(soort)
        assert verzegeld <= {"soort_pgn", "van_soort", "naar_soort"}


def test_a_masked_fact_holds_the_fields_that_are_seen_and_no_other() -> None:
    zicht = feitzicht(Rol.MBO_INTAKER, o.OverstapOpgevoerd)
    assert zicht is not None
    assert gemaskeerd(gebeurtenis(MET_PERSOON), zicht) == {
        "feit": "overstap-opgevoerd.v1",
        "leerling": str(OPGEVOERD.leerling),
        "overstapjaar": 2026,
        "school": "99AA",
        "vestiging": "01",
        "klas": "4B",
        "leerweg": "kb",
        "persoon": {"achternaam": "geheim"},
    }


def test_an_mbo_sees_facts_about_its_own_aanmelding_whoever_caused_them() -> None:
    twee = (ontvangen(), ontvangen(ANDER_MBO, f"{ANDER_MBO}:90001120", nummer=2))
    assert ziet(INTAKER, gebeurtenis(a.IntakeGepland(nummer=1), DECAAN), *twee)
    assert not ziet(INTAKER, gebeurtenis(a.IntakeGepland(nummer=2), REGIEBEHEERDER), *twee)


@pytest.mark.parametrize(
    ("lezer", "van", "aan", "wel"),
    [
        (INTAKER, DECAAN, MBO, True),
        (INTAKER, INTAKER, "99AA", True),
        (INTAKER, DECAAN, ANDER_MBO, False),
        (INTAKER, LEERPLICHT, "99AA", False),
        (LEERPLICHT, DECAAN, GEMEENTE, True),
        (LEERPLICHT, DECAAN, MBO, False),
        (DECAAN, LEERPLICHT, MBO, True),
        (SPELERS[Rol.SAMENWERKINGSVERBAND], DECAAN, MBO, False),
    ],
)
def test_a_message_is_read_by_who_sent_it_who_gets_it_and_the_school(
    lezer: Actor, van: Actor, aan: str, *, wel: bool
) -> None:
    assert ziet(lezer, gebeurtenis(o.BerichtGeplaatst(aan=aan, tekst=ZEGEL), van)) is wel


def test_a_role_is_granted_in_sight_of_the_own_organisation_s_administrator() -> None:
    toegekend = gebeurtenis(org.RolToegekend(account="mentor-99aa", rol=Rol.MENTOR), REGIEBEHEERDER)
    eigen = replace(toegekend, originator_id=stroom_van_organisatie(REGIO, "99AA"))
    assert ziet(VO_BEHEERDER, eigen)
    assert not ziet(VO_BEHEERDER, toegekend)
    assert not ziet(DECAAN, eigen)


def test_nothing_of_another_region_is_seen() -> None:
    elders = replace(gebeurtenis(org.ContactVastgelegd(onderwerp="intake", contact={})), regio="22")
    assert not ziet(DECAAN, elders)
