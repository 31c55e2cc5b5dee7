"""What an actor is told he may do is what he may do: held against the decisions themselves."""

from datetime import date

import pytest

from overstap.domain import verzoeken as v
from overstap.domain.feiten import overstap as o
from overstap.domain.overstap import Overstap
from overstap.domain.rollen import Rol
from overstap.domain.weigering import Weigering
from overstap.statemachine.decide import decide
from overstap.statemachine.mogelijkheden import STAPPEN, mogelijkheden
from overstap.statemachine.weigeringen import in_gewone_taal
from tests.statemachine.gegeven import ZEGEL, Gegeven, given
from tests.statemachine.geldig import STAPPEN_1, geldige_verzoeken
from tests.statemachine.spelers import (
    ALLES_OPEN,
    ANDER_MBO,
    ANDERE_SCHOOL,
    DECAAN,
    ELDERS,
    INTAKER,
    KADER,
    MBO_ZONDER_KOPPELING,
    SPELERS,
    op,
    speler,
)
from tests.statemachine.standen import NAAR_STATUS, STATUSSEN_2, aanmelding_in, ontvangen, overstap_in

DAG = date(2026, 9, 1)
ANDERE: dict[str, v.Verzoek] = {
    "meld_aan": v.MeldAan(brin=MBO_ZONDER_KOPPELING, crebo="25600"),
    "wijzig_persoonsgegevens": v.WijzigPersoonsgegevens(klas="4C"),
    "vervang_pgn": v.VervangPgn(soort=given().overstap.soort_pgn, pgn=ZEGEL),  # type: ignore[union-attr]
    "leg_overleg_vast": v.LegOverlegVast(contact=ZEGEL, overleg_datum=DAG),
    "plaats_bericht": v.PlaatsBericht(aan="99AA", tekst=ZEGEL),
    "leg_warme_overdracht_vast": v.LegWarmeOverdrachtVast(datum=DAG),
    "leg_ddd_status_vast": v.LegDddStatusVast(datum=DAG),
    "draag_over": v.DraagOver(naar=ANDERE_SCHOOL),
    "aanvaard_overdracht": v.AanvaardOverdracht(),
}
STANDEN = [*map(overstap_in, STATUSSEN_2), *map(aanmelding_in, NAAR_STATUS)]


def mag_volgens_de_beslisser(gegeven: Gegeven, rol: Rol, stap: str, aanmelding: int | None) -> bool:
    assert gegeven.overstap is not None
    if stap in ANDERE:
        verzoeken: list[v.Verzoek] = [ANDERE[stap]]
        if stap == "meld_aan" and rol is Rol.MBO_INTAKER:
            verzoeken = [v.MeldAan(brin="99XX", crebo="25600")]
    else:
        verzoeken = [
            verzoek
            for verzoek in geldige_verzoeken(stap, gegeven.overstap, ALLES_OPEN)
            if aanmelding is None or verzoek.aanmelding == v.AanmeldingVerwijzing(nummer=aanmelding)  # type: ignore[union-attr]
        ]
    antwoorden = [decide(gegeven.overstap, verzoek, SPELERS[rol], ALLES_OPEN, KADER) for verzoek in verzoeken]
    return any(not isinstance(antwoord, Weigering) for antwoord in antwoorden)


@pytest.mark.parametrize("rol", sorted(set(Rol) - {Rol.KOPPELING}))
def test_every_step_is_told_as_it_is_decided(rol: Rol) -> None:
    for gegeven in STANDEN:
        assert gegeven.overstap is not None
        for een in mogelijkheden(gegeven.overstap, SPELERS[rol], ALLES_OPEN, KADER):
            verwacht = mag_volgens_de_beslisser(gegeven, rol, een.stap, een.aanmelding)
            assert (een.weigering is None) is verwacht, (een, gegeven.overstap.status)


@pytest.mark.parametrize("rol", sorted({Rol.DECAAN, Rol.MENTOR, Rol.MBO_INTAKER, Rol.REGIEBEHEERDER}))
def test_of_a_pupil_who_exists_every_step_is_told(rol: Rol) -> None:
    verteld = {een.stap for een in mogelijkheden(overstap(), SPELERS[rol], ALLES_OPEN, KADER)}
    assert verteld == STAPPEN


@pytest.mark.parametrize("rol", ELDERS)
def test_of_a_pupil_who_does_not_exist_for_the_actor_nothing_is_told(rol: Rol) -> None:
    assert mogelijkheden(overstap(), ELDERS[rol], ALLES_OPEN, KADER) == ()


def test_a_school_to_which_the_pupil_is_offered_may_accept_him_and_do_nothing_else() -> None:
    aangeboden = given(o.OverdrachtAangeboden(naar=ANDERE_SCHOOL)).overstap
    assert aangeboden is not None
    elders = speler(Rol.DECAAN, ANDERE_SCHOOL)
    assert [(x.stap, x.weigering) for x in mogelijkheden(aangeboden, elders, ALLES_OPEN, KADER)] == [
        ("aanvaard_overdracht", None)
    ]


def test_an_mbo_is_told_of_its_own_aanmeldingen_alone_and_not_where_the_pupil_stands() -> None:
    gegeven = overstap_in("leerplicht_ingeschakeld").given(
        ontvangen(), ontvangen(ANDER_MBO, f"{ANDER_MBO}:90001120", nummer=2)
    )
    assert gegeven.overstap is not None
    verteld = mogelijkheden(gegeven.overstap, INTAKER, ALLES_OPEN, KADER)
    assert {een.aanmelding for een in verteld} == {None, 1}
    zinnen = " ".join(een.weigering.zin for een in verteld if een.weigering and een.stap not in STAPPEN_1)
    assert in_gewone_taal("leerplicht_ingeschakeld") not in zinnen


def test_a_step_that_the_calendar_still_closes_says_from_when_on() -> None:
    [keuze] = [
        een
        for een in mogelijkheden(overstap(), DECAAN, op("2026-03-01T12:00+01:00"), KADER)
        if een.stap == "kies_vervolg_vo"
    ]
    assert keuze.weigering is not None
    assert keuze.weigering.code == "te_vroeg"
    assert "1 april 2026" in keuze.weigering.zin


def overstap() -> Overstap:
    gevonden = given(ontvangen()).overstap
    assert gevonden is not None
    return gevonden
