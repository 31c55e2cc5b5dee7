"""The requests that change no status: who may ask them, when, and what is recorded."""

from datetime import date, timedelta
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from overstap.domain import verzoeken as v
from overstap.domain.feiten import Feit
from overstap.domain.feiten import overstap as o
from overstap.domain.identificaties import SoortPgn
from overstap.domain.redenen import Leerweg
from overstap.domain.rollen import Actor, Rol
from tests.statemachine.gegeven import NIEMAND, OPGEVOERD, ZEGEL, Gegeven, given
from tests.statemachine.spelers import (
    ANDER_MBO,
    ANDERE_SCHOOL,
    DECAAN,
    ELDERS,
    INTAKER,
    KADER,
    KOPPELING,
    LEERPLICHT,
    MBO,
    MENTOR,
    REGIEBEHEERDER,
    SCHOOL,
    SPELERS,
    SWV,
    VO_BEHEERDER,
    op,
    speler,
)
from tests.statemachine.standen import STATUSSEN_2, ontvangen, overstap_in
from tests.statemachine.tafel import mag_zien


class Rij(msgspec.Struct, frozen=True):
    """Who may ask, the request with valid content, and the fact it gives."""

    door: frozenset[Rol]
    verzoek: v.Verzoek
    feit: Feit


DAG = date(2026, 9, 3)
VO = frozenset({Rol.VO_BEHEERDER, Rol.DECAAN})
OVERDRAGERS = frozenset({Rol.MENTOR, Rol.DECAAN, Rol.MBO_INTAKER})

RIJEN: dict[str, Rij] = {
    "wijzig_persoonsgegevens": Rij(VO, v.WijzigPersoonsgegevens(klas="4C"), o.PersoonsgegevensGewijzigd(klas="4C")),
    "vervang_pgn": Rij(
        VO | {Rol.KOPPELING},
        v.VervangPgn(soort=SoortPgn.BSN, pgn=ZEGEL),
        o.PgnVervangen(van_soort=SoortPgn.ONDERWIJSNUMMER, naar_soort=SoortPgn.BSN, pgn=ZEGEL),
    ),
    "leg_overleg_vast": Rij(
        frozenset({Rol.DECAAN}),
        v.LegOverlegVast(contact=ZEGEL, overleg_datum=DAG),
        o.OverlegVastgelegd(contact=ZEGEL, overleg_datum="2026-09-03"),
    ),
    "plaats_bericht": Rij(
        OVERDRAGERS | {Rol.LEERPLICHTAMBTENAAR},
        v.PlaatsBericht(aan=SCHOOL, tekst=ZEGEL),
        o.BerichtGeplaatst(aan=SCHOOL, tekst=ZEGEL),
    ),
    "leg_warme_overdracht_vast": Rij(
        OVERDRAGERS, v.LegWarmeOverdrachtVast(datum=DAG), o.WarmeOverdrachtVastgelegd(datum="2026-09-03")
    ),
    "leg_ddd_status_vast": Rij(OVERDRAGERS, v.LegDddStatusVast(datum=DAG), o.DddStatusVastgelegd(datum="2026-09-03")),
    "draag_over": Rij(
        frozenset({Rol.DECAAN, Rol.REGIEBEHEERDER}),
        v.DraagOver(naar=ANDERE_SCHOOL),
        o.OverdrachtAangeboden(naar=ANDERE_SCHOOL),
    ),
}
BIJ_LEERPLICHT = overstap_in("leerplicht_ingeschakeld").given(ontvangen())
"""A pupil whom every role sees that sees pupils at all."""


@pytest.mark.parametrize("naam", RIJEN)
@pytest.mark.parametrize("rol", Rol)
def test_who_may_ask(naam: str, rol: Rol) -> None:
    rij = RIJEN[naam]
    uitslag = BIJ_LEERPLICHT.when(rij.verzoek, by=SPELERS[rol])
    if rol in rij.door:
        assert len(uitslag.feiten) == 1
        if rol is not Rol.REGIEBEHEERDER:
            uitslag.then(rij.feit)
    else:
        ziet = mag_zien(rol, "leerplicht_ingeschakeld", heeft_aanmelding=True)
        uitslag.refuses("niet_bevoegd" if ziet else "onbekende_leerling")


@pytest.mark.parametrize("naam", RIJEN)
@pytest.mark.parametrize("rol", ELDERS)
def test_the_same_role_elsewhere_knows_no_such_pupil(naam: str, rol: Rol) -> None:
    BIJ_LEERPLICHT.when(RIJEN[naam].verzoek, by=ELDERS[rol]).refuses("onbekende_leerling")


@pytest.mark.parametrize("naam", RIJEN)
@pytest.mark.parametrize("status", STATUSSEN_2)
def test_it_may_in_every_status_and_changes_none(naam: str, status: str) -> None:
    rij = RIJEN[naam]
    door = SPELERS[Rol.MENTOR if Rol.MENTOR in rij.door else Rol.DECAAN]
    assert str(overstap_in(status).when(rij.verzoek, by=door).overstap.status) == status


@pytest.mark.parametrize("naam", RIJEN)
def test_nobody_can_ask_it_of_a_pupil_whom_no_school_entered(naam: str) -> None:
    NIEMAND.when(RIJEN[naam].verzoek, by=DECAAN).refuses("onbekende_leerling")


# Entering a pupil.

VOER_OP = v.VoerOp(
    leerling=UUID("7d7f6a52-5a7e-4b0e-9a53-0d8f1f6f2c11"),
    overstapjaar=2026,
    school=SCHOOL,
    vestiging="01",
    klas="4B",
    leerweg=Leerweg.KB,
    gemeente="0363",
    soort_pgn=SoortPgn.ONDERWIJSNUMMER,
    kwalificatieplicht_tot="2028-03",
    persoon={"achternaam": ZEGEL, "pgn": ZEGEL},
)


@pytest.mark.parametrize("rol", Rol)
def test_a_school_enters_its_own_pupils(rol: Rol) -> None:
    uitslag = NIEMAND.when(VOER_OP, by=SPELERS[rol])
    if rol in VO:
        uitslag.then(OPGEVOERD)
    else:
        uitslag.refuses("niet_bevoegd", "bevoegde_rol")


@pytest.mark.parametrize("rol", sorted(VO))
def test_a_school_enters_nobody_else_s_pupils(rol: Rol) -> None:
    NIEMAND.when(VOER_OP, by=ELDERS[rol]).refuses("andere_organisatie")


def test_a_decaan_enters_pupils_of_his_own_vestiging() -> None:
    elders = speler(Rol.DECAAN, SCHOOL, vestiging="02")
    NIEMAND.when(VOER_OP, by=elders).refuses("andere_organisatie")
    assert NIEMAND.when(VOER_OP, by=speler(Rol.DECAAN, SCHOOL)).feiten


def test_a_pupil_is_entered_once_and_the_other_school_is_not_named() -> None:
    weigering = given().when(replace(VOER_OP, school=ANDERE_SCHOOL), by=ELDERS[Rol.DECAAN]).refuses("al_opgevoerd")
    assert SCHOOL not in weigering.zin + weigering.wat_nodig
    assert "regiebeheerder" in weigering.wat_nodig


def test_entering_opens_at_midnight_in_amsterdam() -> None:
    middernacht = op("2025-10-01T00:00+02:00")
    NIEMAND.when(VOER_OP, by=DECAAN, at=middernacht).then(OPGEVOERD)
    net_voor = middernacht - timedelta(microseconds=1)
    assert "1 oktober 2025" in NIEMAND.when(VOER_OP, by=DECAAN, at=net_voor).refuses("te_vroeg").zin
    NIEMAND.when(replace(VOER_OP, gebeurd_op=net_voor), by=DECAAN, at=middernacht).refuses("te_vroeg")


def test_a_pupil_is_entered_in_a_year_that_has_rules() -> None:
    NIEMAND.when(replace(VOER_OP, overstapjaar=2027), by=DECAAN).refuses("geen_jaar")


def test_a_pupil_lives_in_a_gemeente() -> None:
    NIEMAND.when(replace(VOER_OP, gemeente="363"), by=DECAAN).refuses("veld_ongeldig")


# The person.


def test_what_is_the_same_is_not_recorded_again() -> None:
    gelijk = v.WijzigPersoonsgegevens(
        klas="4B",
        leerweg=Leerweg.KB,
        gemeente="0363",
        vestiging="01",
        kwalificatieplicht_gewijzigd=True,
        kwalificatieplicht_tot="2028-03",
    )
    given().when(gelijk, by=DECAAN).nothing_new()
    given().when(replace(gelijk, klas="4C"), by=DECAAN).then(o.PersoonsgegevensGewijzigd(klas="4C"))


def test_a_startkwalificatie_ends_the_kwalificatieplicht() -> None:
    uitslag = given().when(v.WijzigPersoonsgegevens(kwalificatieplicht_gewijzigd=True), by=VO_BEHEERDER)
    assert uitslag.overstap.kwalificatieplicht_tot is None


def test_a_gemeente_has_a_code_of_four_digits() -> None:
    given().when(v.WijzigPersoonsgegevens(gemeente="Amsterdam"), by=DECAAN).refuses("veld_ongeldig")


@pytest.mark.parametrize(
    ("van", "naar", "mag"),
    [
        (SoortPgn.ONDERWIJSNUMMER, SoortPgn.BSN, True),
        (SoortPgn.ONDERWIJSNUMMER, SoortPgn.ONDERWIJSNUMMER, True),
        (SoortPgn.BSN, SoortPgn.BSN, True),
        (SoortPgn.BSN, SoortPgn.ONDERWIJSNUMMER, False),
    ],
)
@pytest.mark.parametrize("door", [DECAAN, VO_BEHEERDER, KOPPELING], ids=["decaan", "vo_beheerder", "koppeling"])
def test_an_onderwijsnummer_gives_way_to_a_bsn_never_back(
    van: SoortPgn, naar: SoortPgn, door: Actor, *, mag: bool
) -> None:
    gegeven = Gegeven(None).given(replace(OPGEVOERD, soort_pgn=van), ontvangen())
    uitslag = gegeven.when(v.VervangPgn(soort=naar, pgn=ZEGEL), by=door)
    if mag:
        uitslag.then(o.PgnVervangen(van_soort=van, naar_soort=naar, pgn=ZEGEL))
    else:
        uitslag.refuses("pgn_niet_terug")


# What was done, told afterwards.


@pytest.mark.parametrize(
    ("verzoek", "code"),
    [
        (v.LegOverlegVast(contact=ZEGEL, overleg_datum=DAG), "overleg_in_toekomst"),
        (v.LegWarmeOverdrachtVast(datum=DAG), "datum_ongeldig"),
        (v.LegDddStatusVast(datum=DAG), "datum_ongeldig"),
    ],
)
def test_what_is_still_to_come_is_not_recorded_as_done(verzoek: v.Verzoek, code: str) -> None:
    middernacht = op("2026-09-03T00:00+02:00")
    assert given().when(verzoek, by=DECAAN, at=middernacht).feiten
    net_voor = middernacht - timedelta(microseconds=1)
    given().when(verzoek, by=DECAAN, at=net_voor).refuses(code)
    given().when(replace(verzoek, gebeurd_op=net_voor), by=DECAAN, at=middernacht).refuses(code)


# Messages.


@pytest.mark.parametrize("aan", [SCHOOL, MBO, "0363"])
def test_a_message_goes_to_an_organisation_that_may_see_the_pupil(aan: str) -> None:
    BIJ_LEERPLICHT.when(v.PlaatsBericht(aan=aan, tekst=ZEGEL), by=MENTOR).then(o.BerichtGeplaatst(aan=aan, tekst=ZEGEL))


@pytest.mark.parametrize("aan", [ANDERE_SCHOOL, ANDER_MBO, "0599", SWV, "21", "", "99AA en meer"])
def test_a_message_goes_to_nobody_else(aan: str) -> None:
    BIJ_LEERPLICHT.when(v.PlaatsBericht(aan=aan, tekst=ZEGEL), by=MENTOR).refuses("onbekende_organisatie")


def test_a_message_goes_to_leerplicht_only_in_its_time() -> None:
    verzoek = v.PlaatsBericht(aan="0363", tekst=ZEGEL)
    given().when(verzoek, by=DECAAN).refuses("onbekende_organisatie")
    assert overstap_in("leerplicht_afgehandeld").when(verzoek, by=DECAAN).feiten


def test_leerplicht_and_an_mbo_write_to_the_school() -> None:
    for door in (LEERPLICHT, INTAKER):
        assert BIJ_LEERPLICHT.when(v.PlaatsBericht(aan=SCHOOL, tekst=ZEGEL), by=door).feiten


# To another school.

NAAR_ANDERE = v.DraagOver(naar=ANDERE_SCHOOL)
NIEUWE_DECAAN = ELDERS[Rol.DECAAN]


def test_a_pupil_offered_by_his_decaan_moves_when_the_new_school_accepts() -> None:
    aangeboden = given().when(NAAR_ANDERE, by=DECAAN).then(o.OverdrachtAangeboden(naar=ANDERE_SCHOOL))
    aangeboden.when(NAAR_ANDERE, by=DECAAN).nothing_new()
    overgedragen = aangeboden.when(v.AanvaardOverdracht(vestiging="02", klas="4D"), by=NIEUWE_DECAAN).then(
        o.LeerlingOvergedragen(van=SCHOOL, naar=ANDERE_SCHOOL, vestiging="02", klas="4D")
    )
    overgedragen.when(NAAR_ANDERE, by=DECAAN).refuses("onbekende_leerling")
    assert overgedragen.when(v.KiesVervolgVo(reden="havo"), by=NIEUWE_DECAAN).feiten


@pytest.mark.parametrize("rol", Rol)
def test_only_decaan_and_beheerder_of_the_new_school_accept(rol: Rol) -> None:
    aangeboden = BIJ_LEERPLICHT.given(o.OverdrachtAangeboden(naar=ANDERE_SCHOOL))
    nieuw = ELDERS.get(rol) or SPELERS[rol]
    uitslag = aangeboden.when(v.AanvaardOverdracht(), by=nieuw)
    if rol in VO:
        assert uitslag.feiten
    else:
        uitslag.refuses("onbekende_leerling")
        ziet = mag_zien(rol, "leerplicht_ingeschakeld", heeft_aanmelding=True)
        oud = aangeboden.when(v.AanvaardOverdracht(), by=SPELERS[rol])
        oud.refuses("niet_bevoegd" if ziet else "onbekende_leerling")


def test_nobody_accepts_what_was_not_offered_to_him() -> None:
    given().when(v.AanvaardOverdracht(), by=NIEUWE_DECAAN).refuses("onbekende_leerling")
    aangeboden = given(o.OverdrachtAangeboden(naar="99CC"))
    aangeboden.when(v.AanvaardOverdracht(), by=NIEUWE_DECAAN).refuses("onbekende_leerling")
    aangeboden.when(v.AanvaardOverdracht(), by=DECAAN).refuses("niet_bevoegd")
    buurregio = replace(NIEUWE_DECAAN, regio="22")
    given(o.OverdrachtAangeboden(naar=ANDERE_SCHOOL)).when(v.AanvaardOverdracht(), by=buurregio).refuses(
        "onbekende_leerling"
    )


def test_the_regiebeheerder_moves_a_pupil_at_once() -> None:
    given().when(NAAR_ANDERE, by=REGIEBEHEERDER).then(o.LeerlingOvergedragen(van=SCHOOL, naar=ANDERE_SCHOOL))


@pytest.mark.parametrize(
    ("naar", "code"),
    [
        (SCHOOL, "veld_ongeldig"),
        (MBO, "onbekende_organisatie"),
        ("99CC", "onbekende_organisatie"),
        ("", "onbekende_organisatie"),
    ],
)
def test_a_pupil_goes_to_another_vo_school_of_the_region(naar: str, code: str) -> None:
    given().when(v.DraagOver(naar=naar), by=DECAAN).refuses(code)


def test_a_region_may_let_a_mentor_record_the_overleg() -> None:
    regels = replace(KADER.regels, open_voor={"leg_overleg_vast": ("decaan", "mentor")})
    gegeven = given().under(replace(KADER, regels=regels))
    assert gegeven.when(RIJEN["leg_overleg_vast"].verzoek, by=MENTOR).feiten
