"""What was recorded of organisations and years, judged once more: rights that nobody could have given are found."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from overstap.domain.feiten import Vorm
from overstap.domain.feiten import organisatie as org
from overstap.domain.feiten import procedure as proc
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.kalender import inhoud_hash
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from overstap.statemachine.herbeoordeling_omgeving import beoordeel_omgeving
from tests.statemachine.spelers import MBO, MBO_BEHEERDER, REGELS, REGIEBEHEERDER, REGIO, VO_BEHEERDER, op

STROOM = UUID("3f2a0000-0000-4000-8000-000000000009")
BEGIN = op("2026-01-12T09:30+01:00")
ANDERE_REGIEBEHEERDER = replace(REGIEBEHEERDER, account="regiebeheerder-2")
HET_MBO = org.OrganisatieOpgenomen(code=MBO, soort=SoortOrganisatie.MBO, naam="Eerste MBO", accounts=True)
DE_REGIO = org.OrganisatieOpgenomen(code=REGIO, soort=SoortOrganisatie.REGIO, naam="Regio", accounts=True)
VASTGESTELD = proc.ProcedureVastgesteld(regels=REGELS, inhoud_hash=inhoud_hash(REGELS))


def bezwaren(*besluiten: tuple[Sequence[Vorm], Actor], begin: datetime = BEGIN) -> list[tuple[int, str]]:
    """Judge a stream of decisions, each a day after the one before; give the number of an event with a code."""
    stroom: list[Gebeurtenis] = []
    for dag, (feiten, door) in enumerate(besluiten):
        stroom += [
            Gebeurtenis(
                originator_id=STROOM,
                originator_version=len(stroom) + nummer,
                feit=feit,  # type: ignore[arg-type]  # every one of these is a Feit
                regio=REGIO,
                gebeurd_op=begin + timedelta(days=dag),
                vastgelegd_op=begin + timedelta(days=dag),
                actor=door.account,
                rol=door.rol,
                organisatie=door.organisatie,
            )
            for nummer, feit in enumerate(feiten, 1)
        ]
    return [(gebeurtenis.originator_version, bezwaar.code) for gebeurtenis, bezwaar in beoordeel_omgeving(stroom)]


def test_what_the_region_and_an_administrator_did_is_found_legal_again() -> None:
    beheerder = org.RolToegekend(account=MBO_BEHEERDER.account, rol=Rol.MBO_BEHEERDER)
    intaker = org.RolToegekend(account="intaker-1", rol=Rol.MBO_INTAKER)
    assert (
        bezwaren(
            ([HET_MBO], REGIEBEHEERDER),
            ([beheerder], REGIEBEHEERDER),
            ([intaker], MBO_BEHEERDER),
            ([org.RolIngetrokken(account="intaker-1", rol=Rol.MBO_INTAKER)], MBO_BEHEERDER),
        )
        == []
    )


def test_a_role_that_somebody_gave_himself_is_found() -> None:
    eigen = org.RolToegekend(account=MBO_BEHEERDER.account, rol=Rol.MBO_INTAKER)
    assert bezwaren(([HET_MBO], REGIEBEHEERDER), ([eigen], MBO_BEHEERDER)) == [(2, "niet_bevoegd")]


def test_an_auditor_without_a_second_regiebeheerder_is_found() -> None:
    auditor = org.RolToegekend(account="auditor-1", rol=Rol.AUDITOR)
    voorstel = org.RolVoorgesteld(account="auditor-1", rol=Rol.AUDITOR)
    assert bezwaren(([DE_REGIO], REGIEBEHEERDER), ([auditor], REGIEBEHEERDER)) == [(2, "anders")]
    met_twee = (([DE_REGIO], REGIEBEHEERDER), ([voorstel], REGIEBEHEERDER), ([auditor], ANDERE_REGIEBEHEERDER))
    assert bezwaren(*met_twee) == []


def test_the_first_rules_open_the_year_and_only_the_region_lays_them_down() -> None:
    opent = [VASTGESTELD, proc.JaarGeopend(overstapjaar=2026)]
    assert bezwaren((opent, REGIEBEHEERDER)) == []
    assert bezwaren((opent, VO_BEHEERDER)) == [(1, "niet_bevoegd")]
    assert bezwaren(([VASTGESTELD], REGIEBEHEERDER)) == [(1, "anders")]


def test_rules_whose_hash_is_not_theirs_are_found() -> None:
    vals = proc.ProcedureVastgesteld(regels=REGELS, inhoud_hash="00")
    assert bezwaren(([vals, proc.JaarGeopend(overstapjaar=2026)], REGIEBEHEERDER)) == [(1, "anders")]


def test_a_year_that_was_closed_too_early_is_found() -> None:
    opent = [VASTGESTELD, proc.JaarGeopend(overstapjaar=2026)]
    sluit = [proc.JaarGesloten(overstapjaar=2026, afgesloten=3)]
    assert bezwaren((opent, REGIEBEHEERDER), (sluit, REGIEBEHEERDER)) == [(3, "te_vroeg")]
    laat = op("2026-10-04T12:00+02:00")
    assert bezwaren((opent, REGIEBEHEERDER), (sluit, REGIEBEHEERDER), begin=laat) == []


def test_a_fact_of_another_kind_of_stream_is_damage() -> None:
    assert bezwaren(([HET_MBO], REGIEBEHEERDER), ([VASTGESTELD], REGIEBEHEERDER))[-1] == (2, "beschadigd")
