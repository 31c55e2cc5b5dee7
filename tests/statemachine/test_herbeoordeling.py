"""Judging once more: what was decided is found legal again, and what nobody could have decided is found."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given as voor_elk
from msgspec.structs import replace

from overstap.domain.feiten import FeitVanAanmelding, FeitVanOverstap, Vorm
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.organisatie import Organisatie
from overstap.domain.overstap import evolve
from overstap.domain.redenen import RedenVervolgkeuze
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from overstap.domain.statussen import AanmeldingStatus, OverstapStatus
from overstap.projections.projectie import vastgelegd_op
from overstap.statemachine.herbeoordeling import Bezwaar, beoordeel
from overstap.statemachine.kader import Besluit, Kader
from overstap.statemachine.teruglezen import _LEES, GEVOLGEN
from tests.statemachine.gegeven import OPGEVOERD, STROOM, ZEGEL
from tests.statemachine.spelers import (
    DECAAN,
    INTAKER,
    KOPPELING,
    MBO,
    MENTOR,
    ORGANISATIES,
    REGELS,
    REGIO,
    SCHOOL,
    SPELERS,
    VO_BEHEERDER,
    op,
)
from tests.statemachine.verloop import VERLOPEN, Verloop, loop

# As the bus knows who acts: his organisation granted him the role, narrowed to a vestiging and a class.
_ROLLEN = {(een.account, een.rol): (een.vestiging, een.klas) for een in (MENTOR, DECAAN)}
TOEN = Kader(regels=REGELS, organisaties={**ORGANISATIES, SCHOOL: replace(ORGANISATIES[SCHOOL], rollen=_ROLLEN)})
BEGIN = op("2026-01-12T09:30+01:00")
DAG = timedelta(days=1)
EVEN_LATER = timedelta(milliseconds=40)
"""How long after it was judged a decision is recorded."""


def stroom(*besluiten: tuple[Sequence[Vorm], Actor, datetime]) -> list[Gebeurtenis]:
    """Make a stream: the pupil entered in januari, and then what was decided by whom, when."""
    gebeurtenissen: list[Gebeurtenis] = []
    for feiten, door, moment in (([OPGEVOERD], VO_BEHEERDER, BEGIN), *besluiten):
        gebeurtenissen += [
            Gebeurtenis(
                originator_id=STROOM,
                originator_version=len(gebeurtenissen) + nummer,
                positie=len(gebeurtenissen) + nummer,
                feit=feit,  # type: ignore[arg-type]  # every one of these is a Feit
                regio=REGIO,
                gebeurd_op=moment,
                vastgelegd_op=moment,
                actor=door.account,
                rol=door.rol,
                organisatie=door.organisatie,
                procedure=REGELS.versie,
            )
            for nummer, feit in enumerate(feiten, 1)
        ]
    return gebeurtenissen


def bezwaren(gebeurtenissen: Sequence[Gebeurtenis], kader: Kader = TOEN) -> list[tuple[int, Bezwaar]]:
    """Judge a stream, and give what was objected to which event."""
    uitkomst = beoordeel(gebeurtenissen, lambda *_: (kader,))
    return [(gebeurtenis.originator_version, bezwaar) for gebeurtenis, bezwaar in uitkomst.bezwaren]


def kort(gevonden: Sequence[tuple[int, Bezwaar]]) -> list[tuple[int, str, str]]:
    return [(nummer, bezwaar.soort, bezwaar.code) for nummer, bezwaar in gevonden]


ONTVANGEN = a.AanmeldingOntvangen(nummer=1, brin=MBO, crebo="25647")


def status(van: OverstapStatus, naar: OverstapStatus, oorzaak: int, stap: str = "volg_aanmelding") -> o.StatusGewijzigd:
    return o.StatusGewijzigd(van=van, naar=naar, oorzaak=oorzaak, stap=stap)


NIET, AAN, INTAKE = OverstapStatus.NOG_NIET_AANGEMELD, OverstapStatus.AANGEMELD, OverstapStatus.INTAKE
AANGEMELD = ([ONTVANGEN, status(NIET, AAN, 2)], INTAKER, BEGIN + DAG)


@pytest.mark.proof
@voor_elk(VERLOPEN)
def test_what_was_decided_is_found_legal_again(verloop: Verloop) -> None:
    besluiten = [
        (stap.uitslag.antwoord.feiten, stap.uitslag.door, stap.nu, stap.uitslag.antwoord.gebeurd_op)
        for stap in loop(verloop)
        if isinstance(stap.uitslag.antwoord, Besluit) and stap.uitslag.antwoord.feiten
    ]
    gebeurtenissen = stroom(*[(feiten, door, nu) for feiten, door, nu, _ in besluiten])
    plaats, gebeurd = 1, []
    for feiten, _, _, gebeurd_op in besluiten:
        gebeurd += [
            replace(g, gebeurd_op=gebeurd_op, vastgelegd_op=vastgelegd_op(g) + EVEN_LATER)
            for g in gebeurtenissen[plaats : plaats + len(feiten)]
        ]
        plaats += len(feiten)
    assert bezwaren([gebeurtenissen[0], *gebeurd]) == []


def test_of_every_fact_the_request_can_be_read_back_or_it_follows_from_another() -> None:
    alle = {*get_args(FeitVanOverstap), *get_args(FeitVanAanmelding)}
    met_bericht_alleen = {a.AanmeldingOvergenomen, a.KoppelberichtVastgelegd, a.KoppelberichtNietToegepast}
    assert alle == set(_LEES) | GEVOLGEN | met_bericht_alleen | {o.OverstapGewist}


def test_judging_folds_to_the_state_of_the_stream() -> None:
    gebeurtenissen = stroom(AANGEMELD)
    staat = None
    for gebeurtenis in gebeurtenissen:
        staat = evolve(staat, gebeurtenis)
    assert beoordeel(gebeurtenissen, lambda *_: (TOEN,)).overstap == staat


def test_a_change_of_status_that_nothing_caused_is_found() -> None:
    los = ([status(AAN, OverstapStatus.GEPLAATST, 2)], INTAKER, BEGIN + 2 * DAG)
    assert kort(bezwaren(stroom(AANGEMELD, los))) == [(4, "zonder_verzoek", "zonder_verzoek")]


def test_a_step_that_the_chart_does_not_have_is_found() -> None:
    start = ([a.StartBevestigd(nummer=1)], INTAKER, op("2026-09-01T12:00+02:00"))
    assert kort(bezwaren(stroom(AANGEMELD, start))) == [(4, "geweigerd", "niet_toegestaan")]


def test_a_step_by_who_may_not_take_it_is_found() -> None:
    gepland = ([a.IntakeGepland(nummer=1), status(AAN, INTAKE, 4)], DECAAN, BEGIN + 2 * DAG)
    assert kort(bezwaren(stroom(AANGEMELD, gepland))) == [(4, "geweigerd", "niet_bevoegd")]


def test_a_step_before_its_date_is_found_and_said_in_dutch() -> None:
    wachtlijst = ([a.OpWachtlijstGeplaatst(nummer=1), status(AAN, INTAKE, 4)], INTAKER, BEGIN + 2 * DAG)
    [(nummer, bezwaar)] = bezwaren(stroom(AANGEMELD, wachtlijst))
    assert (nummer, bezwaar.code) == (4, "te_vroeg")
    assert "1 april 2026" in bezwaar.zin


def test_a_consequence_that_is_missing_is_found() -> None:
    gepland = ([a.IntakeGepland(nummer=1)], INTAKER, BEGIN + 2 * DAG)
    [(nummer, bezwaar)] = bezwaren(stroom(AANGEMELD, gepland))
    assert (nummer, bezwaar.soort) == (4, "anders")
    assert bezwaar.zin == (
        "Hetzelfde verzoek leidt tot intake-gepland.v1, status-gewijzigd.v1 in plaats van intake-gepland.v1."
    )


def test_a_consequence_that_says_something_else_is_found() -> None:
    gepland = ([a.IntakeGepland(nummer=1), status(AAN, OverstapStatus.GESTART, 4)], INTAKER, BEGIN + 2 * DAG)
    [(nummer, bezwaar)] = bezwaren(stroom(AANGEMELD, gepland))
    assert nummer == 5, "the event that differs, not the first of the decision"
    assert bezwaar.zin == "Hetzelfde verzoek legt iets anders vast in: naar."


def test_what_happened_after_it_was_recorded_is_found() -> None:
    [opvoer, ontvangen, gevolg] = stroom(AANGEMELD)
    straks = [replace(g, gebeurd_op=g.gebeurd_op + timedelta(hours=1)) for g in (ontvangen, gevolg)]
    assert kort(bezwaren([opvoer, *straks])) == [(2, "geweigerd", "in_de_toekomst")]


def test_a_correction_that_was_dated_back_is_found() -> None:
    def herzien(gebeurd: datetime) -> list[Gebeurtenis]:
        [*ervoor, herziening, gevolg] = stroom(
            AANGEMELD,
            (
                [o.GebeurtenisHerzien(gebeurtenis=2, reden=ZEGEL), status(AAN, NIET, 4, "herzie")],
                INTAKER,
                BEGIN + 9 * DAG,
            ),
        )
        return [*ervoor, *(replace(g, gebeurd_op=gebeurd) for g in (herziening, gevolg))]

    assert bezwaren(herzien(BEGIN + 9 * DAG - EVEN_LATER)) == []
    [(nummer, bezwaar)] = bezwaren(herzien(BEGIN + 8 * DAG))
    assert (nummer, bezwaar.zin) == (4, "Hetzelfde verzoek legt iets anders vast in: het moment.")


def test_a_clock_that_ran_five_minutes_ahead_is_no_objection() -> None:
    [opvoer, *decision] = stroom(AANGEMELD)
    straks = [replace(g, gebeurd_op=g.gebeurd_op + timedelta(minutes=4)) for g in decision]
    assert bezwaren([opvoer, *straks]) == []


def test_a_stream_that_cannot_be_folded_is_found_and_not_judged_further() -> None:
    [opvoer, *_] = stroom()
    vreemd = replace(opvoer, originator_version=2, feit=o.OverlegVastgelegd(overleg_datum="2026-02-31", contact=ZEGEL))
    assert kort(bezwaren([opvoer, vreemd, *stroom(AANGEMELD)[1:]])) == [(2, "beschadigd", "beschadigd")]


def test_a_signal_of_the_receiving_side_needs_no_request_and_another_does() -> None:
    eigen = ([o.SignaalGegeven(signaal="dubbele_opvoer", voor=Rol.REGIEBEHEERDER)], VO_BEHEERDER, BEGIN + DAG)
    vreemd = ([o.SignaalGegeven(signaal="tegenstrijdig", voor=Rol.DECAAN)], VO_BEHEERDER, BEGIN + DAG)
    assert bezwaren(stroom(eigen)) == []
    assert kort(bezwaren(stroom(vreemd))) == [(2, "zonder_verzoek", "zonder_verzoek")]


def test_who_is_narrowed_to_another_vestiging_may_not_have_done_it() -> None:
    elders = Kader(
        regels=REGELS,
        organisaties={
            SCHOOL: Organisatie(
                code=SCHOOL, soort=SoortOrganisatie.VO, rollen={(DECAAN.account, Rol.DECAAN): ("02", None)}
            )
        },
    )
    besluit = ([o.DddStatusVastgelegd(datum="2026-01-12")], DECAAN, BEGIN + DAG)
    assert kort(bezwaren(stroom(besluit), elders)) == [(2, "geweigerd", "onbekende_leerling")]
    assert bezwaren(stroom(besluit)) == []


def test_other_rules_refuse_what_they_close_and_nothing_else() -> None:
    gekozen = (
        [
            o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.HAVO),
            status(AAN, OverstapStatus.VERVOLGKEUZE_VO, 4, "kies_vervolg_vo"),
        ],
        DECAAN,
        op("2026-04-20T12:00+02:00"),
    )
    later = replace(REGELS, kalender=replace(REGELS.kalender, vervolgkeuze_vanaf=date(2026, 5, 15)))
    assert bezwaren(stroom(AANGEMELD, gekozen)) == []
    assert kort(bezwaren(stroom(AANGEMELD, gekozen), replace(TOEN, regels=later))) == [(4, "geweigerd", "te_vroeg")]


def test_an_overleg_recorded_with_its_inschakeling_is_one_request() -> None:
    samen = (
        [
            o.OverlegVastgelegd(overleg_datum="2026-01-13", contact=ZEGEL),
            o.LeerplichtIngeschakeld(overleg=2, overleg_datum="2026-01-13"),
            status(NIET, OverstapStatus.LEERPLICHT_INGESCHAKELD, 3, "schakel_leerplicht_in"),
        ],
        DECAAN,
        BEGIN + 2 * DAG,
    )
    assert bezwaren(stroom(samen)) == []
    anders = replace(TOEN, regels=replace(REGELS, open_voor={"leg_overleg_vast": ()}))
    assert bezwaren(stroom(samen), anders) == [], "to record it with the inschakeling is no step of its own"


def test_a_message_is_read_back_with_all_its_facts() -> None:
    bericht = a.Koppelbericht(
        keten_id="99XX:90001119", volgnummer=7, code="PB", laatste_wijziging="2026-01-13T08:00:00Z"
    )
    geplaatst = (
        [
            replace(ONTVANGEN, bericht=bericht, keten_id=bericht.keten_id, startdatum="2026-08-24", leertraject="BBL"),
            a.VoorlopigGeplaatst(nummer=1, bericht=bericht),
            status(NIET, OverstapStatus.GEPLAATST, 3),
        ],
        KOPPELING,
        BEGIN + DAG,
    )
    assert bezwaren(stroom(geplaatst)) == []
    dicht = replace(REGELS, koppelcodes={"99XX": {"PB": AanmeldingStatus.WACHTLIJST}})
    [(_, bezwaar)] = bezwaren(stroom(geplaatst), replace(TOEN, regels=dicht))
    assert bezwaar.soort == "anders"


def test_an_event_without_rules_is_not_judged() -> None:
    gebeurtenissen = stroom(([a.StartBevestigd(nummer=9)], INTAKER, BEGIN + DAG))
    assert beoordeel(gebeurtenissen, lambda *_: ()).bezwaren == ()


def test_a_request_is_legal_when_one_of_the_circumstances_allows_it() -> None:
    zonder = replace(TOEN, organisaties={})
    besluit = ([o.OverdrachtAangeboden(naar="99BB")], DECAAN, BEGIN + DAG)
    gebeurtenissen = stroom(besluit)
    assert kort(bezwaren(gebeurtenissen, zonder)) == [(2, "geweigerd", "onbekende_organisatie")]
    assert beoordeel(gebeurtenissen, lambda *_: (zonder, TOEN)).bezwaren == ()


def test_an_erasure_is_judged_by_who_did_it_and_ends_what_may_happen() -> None:
    gewist = [o.OverstapGewist(aanleiding="verzoek", reden="brief 12")]
    regie, daarna = SPELERS[Rol.REGIEBEHEERDER], ([a.AanmeldingIngetrokken(nummer=1)], INTAKER, BEGIN + 3 * DAG)
    goed = stroom(AANGEMELD, (gewist, regie, BEGIN + 2 * DAG))
    assert bezwaren(goed) == []
    assert kort(bezwaren(stroom(AANGEMELD, (gewist, DECAAN, BEGIN + 2 * DAG)))) == [(4, "geweigerd", "niet_bevoegd")]
    assert kort(bezwaren(stroom(AANGEMELD, (gewist, regie, BEGIN + 2 * DAG), daarna))) == [(5, "geweigerd", "gewist")]
    dubbel = stroom(AANGEMELD, (gewist, regie, BEGIN + 2 * DAG), (gewist, regie, BEGIN + 3 * DAG))
    assert [soort for _, soort, _ in kort(bezwaren(dubbel))] == ["anders"]
