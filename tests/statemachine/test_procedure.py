"""A year's rules: who sets them, opens and closes the year; a revision never changes once it is known."""

from datetime import timedelta
from functools import reduce

import pytest
from msgspec.structs import replace

from overstap.domain import verzoeken_procedure as v
from overstap.domain.feiten import Feit
from overstap.domain.feiten import procedure as f
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.kalender import Regels, inhoud_hash, kalender_van
from overstap.domain.procedure import Jaar, evolve_procedure
from overstap.domain.rollen import Actor, Rol
from overstap.domain.stromen import stroom_van_procedure
from overstap.domain.weigering import Weigering
from overstap.statemachine.kader import Besluit
from overstap.statemachine.procedure import decide_procedure
from tests.statemachine.spelers import ALLES_OPEN, REGELS, REGIEBEHEERDER, REGIO, SPELERS, SYSTEEM, op

VASTGESTELD = f.ProcedureVastgesteld(regels=REGELS, inhoud_hash=inhoud_hash(REGELS))
GEOPEND = f.JaarGeopend(overstapjaar=2026)
STEL_VAST = v.StelProcedureVast(regels=REGELS)
OPEN = v.OpenJaar(overstapjaar=2026)
SLUIT = v.SluitJaar(overstapjaar=2026, afgesloten=6400)
GESLOTEN = f.JaarGesloten(overstapjaar=2026, afgesloten=6400)


def jaar(*feiten: Feit) -> Jaar | None:
    gebeurtenissen = [
        Gebeurtenis(
            originator_id=stroom_van_procedure(REGIO, 2026),
            originator_version=nummer,
            feit=feit,
            regio=REGIO,
            gebeurd_op=ALLES_OPEN,
            actor=REGIEBEHEERDER.account,
            rol=REGIEBEHEERDER.rol,
            organisatie=REGIO,
        )
        for nummer, feit in enumerate(feiten, start=1)
    ]
    return reduce(evolve_procedure, gebeurtenissen, None)


def feiten(gegeven: Jaar | None, verzoek: v.ProcedureVerzoek, door: Actor = REGIEBEHEERDER) -> tuple[Feit, ...]:
    antwoord = decide_procedure(gegeven, verzoek, door, ALLES_OPEN)
    assert isinstance(antwoord, Besluit), antwoord
    return antwoord.feiten


def weigering(gegeven: Jaar | None, verzoek: v.ProcedureVerzoek, door: Actor = REGIEBEHEERDER) -> str:
    antwoord = decide_procedure(gegeven, verzoek, door, ALLES_OPEN)
    assert isinstance(antwoord, Weigering), antwoord
    assert antwoord.wat_nodig
    return antwoord.code


def versie(revisie: int, **anders: object) -> v.StelProcedureVast:
    return v.StelProcedureVast(regels=replace(REGELS, revisie=revisie, **anders))


@pytest.mark.parametrize("rol", Rol)
def test_only_the_regiebeheerder_sets_rules_and_opens_the_year(rol: Rol) -> None:
    if rol is Rol.REGIEBEHEERDER:
        assert feiten(None, STEL_VAST, SPELERS[rol]) == (VASTGESTELD, GEOPEND)
        assert feiten(jaar(VASTGESTELD), OPEN, SPELERS[rol]) == (GEOPEND,)
    else:
        assert weigering(None, STEL_VAST, SPELERS[rol]) == "niet_bevoegd"
        assert weigering(jaar(VASTGESTELD), OPEN, SPELERS[rol]) == "niet_bevoegd"


@pytest.mark.parametrize("rol", Rol)
def test_the_system_and_the_regiebeheerder_close_the_year(rol: Rol) -> None:
    if rol in {Rol.SYSTEEM, Rol.REGIEBEHEERDER}:
        assert feiten(jaar(VASTGESTELD, GEOPEND), SLUIT, SPELERS[rol]) == (GESLOTEN,)
    else:
        assert weigering(jaar(VASTGESTELD, GEOPEND), SLUIT, SPELERS[rol]) == "niet_bevoegd"


def test_a_version_known_with_the_same_content_is_nothing_new() -> None:
    assert feiten(jaar(VASTGESTELD, GEOPEND), STEL_VAST) == ()


def test_a_revision_known_with_other_content_is_refused() -> None:
    assert weigering(jaar(VASTGESTELD, GEOPEND), versie(1, stil_weken=9)) == "revisie_bestaat"
    [nieuw] = feiten(jaar(VASTGESTELD, GEOPEND), versie(2, stil_weken=9))
    assert isinstance(nieuw, f.ProcedureVastgesteld)
    assert (nieuw.regels.versie, nieuw.inhoud_hash) == ("2026.21.2", inhoud_hash(nieuw.regels))


def test_an_older_revision_is_compared_too() -> None:
    tweede = f.ProcedureVastgesteld(regels=versie(2).regels, inhoud_hash=inhoud_hash(versie(2).regels))
    assert feiten(jaar(VASTGESTELD, GEOPEND, tweede), STEL_VAST) == ()
    assert weigering(jaar(VASTGESTELD, GEOPEND, tweede), versie(1, stil_weken=9)) == "revisie_bestaat"


def test_rules_of_another_region_are_refused() -> None:
    assert weigering(None, v.StelProcedureVast(regels=replace(REGELS, regio="22"))) == "andere_organisatie"


@pytest.mark.parametrize(
    "open_voor",
    [
        {"bestaat_niet": ("decaan",)},
        {"kies_vervolg_vo": ("directeur",)},
        {"kies_vervolg_vo": ("",)},
        {"schakel_leerplicht_in": ("mentor",)},
    ],
)
def test_rules_open_steps_that_are_not_fixed_to_roles_that_exist(open_voor: dict[str, tuple[str, ...]]) -> None:
    assert weigering(None, versie(1, open_voor=open_voor)) == "veld_ongeldig"


def test_rules_may_open_a_step_to_another_role() -> None:
    assert feiten(None, versie(1, open_voor={"kies_vervolg_vo": ("decaan", "vo_beheerder")}))


def test_a_year_opened_without_rules_has_the_statutory_calendar() -> None:
    wettelijk = Regels(regio=REGIO, overstapjaar=2027, revisie=1, kalender=kalender_van(2027))
    assert feiten(None, v.OpenJaar(overstapjaar=2027)) == (
        f.ProcedureVastgesteld(regels=wettelijk, inhoud_hash=inhoud_hash(wettelijk)),
        f.JaarGeopend(overstapjaar=2027),
    )


def test_a_year_is_opened_once() -> None:
    assert feiten(jaar(VASTGESTELD, GEOPEND), OPEN) == ()


def test_a_year_closes_on_the_day_after_the_measurement_in_amsterdam() -> None:
    middernacht = op("2026-10-02T00:00+02:00")
    open_jaar = jaar(VASTGESTELD, GEOPEND)
    assert isinstance(decide_procedure(open_jaar, SLUIT, SYSTEEM, middernacht), Besluit)
    net_voor = decide_procedure(open_jaar, SLUIT, SYSTEEM, middernacht - timedelta(microseconds=1))
    assert isinstance(net_voor, Weigering)
    assert (net_voor.code, "2 oktober 2026" in net_voor.zin) == ("te_vroeg", True)


def test_closing_can_be_repeated_and_is_recorded_again_only_when_it_closed_something() -> None:
    gesloten = jaar(VASTGESTELD, GEOPEND, GESLOTEN)
    assert feiten(gesloten, v.SluitJaar(overstapjaar=2026, afgesloten=0)) == ()
    assert feiten(gesloten, v.SluitJaar(overstapjaar=2026, afgesloten=3)) == (replace(GESLOTEN, afgesloten=3),)


@pytest.mark.parametrize("gegeven", [None, jaar(VASTGESTELD)])
def test_a_year_that_is_not_open_is_not_closed(gegeven: Jaar | None) -> None:
    assert weigering(gegeven, SLUIT) == "geen_jaar"
