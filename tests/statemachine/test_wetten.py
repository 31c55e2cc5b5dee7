"""Laws over any course of requests, sensible or not: the charts are never left, and what is told is true."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given as voor_elk

from overstap.domain import verzoeken as v
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.overstap import Overstap, aanmeldingen_na
from overstap.domain.rollen import Actor, Rol
from overstap.domain.weigering import Weigering
from overstap.statemachine.herziening import herbereken
from overstap.statemachine.kader import Besluit
from overstap.statemachine.tabel import AANMELDING, OVERSTAP
from overstap.statemachine.zicht import ziet
from tests.statemachine.berichten import zegt
from tests.statemachine.gegeven import Gegeven, given
from tests.statemachine.geldig import STAPPEN_1, STAPPEN_2, geldige_verzoeken
from tests.statemachine.omstandigheden import ACTOREN
from tests.statemachine.spelers import (
    DECAAN,
    INTAKER,
    KADER,
    LEERPLICHT,
    REGIEBEHEERDER,
    SYSTEEM,
    op,
)
from tests.statemachine.standen import STATUSSEN_1, STATUSSEN_2
from tests.statemachine.verloop import VERLOPEN, Verloop, loop


@pytest.mark.proof
@voor_elk(VERLOPEN)
def test_every_change_of_the_pupil_s_status_is_a_row_of_the_chart_with_its_cause(
    verloop: Verloop,
) -> None:
    for stap in loop(verloop):
        feiten = stap.uitslag.feiten if isinstance(stap.uitslag.antwoord, Besluit) else ()
        wijzigingen = [feit for feit in feiten if isinstance(feit, o.StatusGewijzigd)]
        assert len(wijzigingen) <= 1
        for wijziging in wijzigingen:
            assert wijziging.van is stap.voor.status
            assert wijziging.naar is stap.na.status
            assert wijziging.naar is not wijziging.van
            doelen = {rij.doel for rij in OVERSTAP[wijziging.van, wijziging.stap]}
            assert wijziging.naar in doelen
            oorzaak = feiten[wijziging.oorzaak - stap.voor.versie - 1]
            assert not isinstance(oorzaak, o.StatusGewijzigd | o.SignaalGegeven)
        if not wijzigingen:
            assert stap.na.status is stap.voor.status


@pytest.mark.proof
@voor_elk(VERLOPEN)
def test_every_move_of_an_aanmelding_is_a_row_of_its_chart(
    verloop: Verloop,
) -> None:
    rijen = {
        (van, rij.doel) for (van, stap), rijen in AANMELDING.items() for rij in rijen if stap != "herzie_aanmelding"
    }
    for stap in loop(verloop):
        if isinstance(stap.uitslag.antwoord, Weigering):
            continue
        standen = {x.nummer: str(x.status) for x in stap.voor.aanmeldingen}
        for feit in stap.uitslag.feiten:
            if isinstance(feit, a.AanmeldingOntvangen):
                standen[feit.nummer] = "aangemeld"
            elif isinstance(feit, a.StatusFeit | a.AanmeldingHeropend):
                naar = str(feit.naar if isinstance(feit, a.AanmeldingHeropend) else a.STATUS_NA[type(feit)])
                assert (standen[feit.nummer], naar) in rijen
                standen[feit.nummer] = naar


@pytest.mark.proof
@voor_elk(VERLOPEN)
def test_the_status_is_always_what_its_steps_recompute_to_corrected_or_not(
    verloop: Verloop,
) -> None:
    for stap in loop(verloop):
        na = stap.na
        assert herbereken(na.stappen, na.herzien) is na.status
        opnieuw = aanmeldingen_na(na.stappen, na.herzien)
        assert [msgspec.structs.replace(x, volgnummer=0) for x in opnieuw] == [
            msgspec.structs.replace(x, volgnummer=0) for x in na.aanmeldingen
        ]


@pytest.mark.proof
@voor_elk(VERLOPEN)
def test_what_happened_lies_never_after_the_moment_it_was_judged_and_a_refusal_changes_nothing(
    verloop: Verloop,
) -> None:
    for stap in loop(verloop):
        if isinstance(stap.uitslag.antwoord, Besluit):
            assert stap.uitslag.antwoord.gebeurd_op <= stap.nu
            assert stap.na.versie == stap.voor.versie + len(stap.uitslag.feiten)


@pytest.mark.proof
@voor_elk(VERLOPEN)
def test_a_refusal_says_why_and_what_would_help(verloop: Verloop) -> None:
    for stap in loop(verloop):
        weigering = stap.uitslag.antwoord
        if isinstance(weigering, Weigering):
            assert weigering.code
            assert weigering.zin.endswith(".")
            assert weigering.wat_nodig.endswith(".")
            assert all(reden.uitleg.endswith(".") for reden in weigering.redenen)


@pytest.mark.proof
@voor_elk(VERLOPEN, ACTOREN)
def test_the_steps_a_refusal_names_are_exactly_those_the_actor_may_take_now(verloop: Verloop, door: Actor) -> None:
    """Asked by a request that is refused to this actor in any state: to speak for a koppeling, or as a koppeling."""
    laatste = loop(verloop)[-1]
    gegeven, nu = Gegeven(laatste.na), laatste.nu
    if not ziet(door, laatste.na, nu, KADER):
        gegeven.when(v.Hervat(), by=door, at=nu).refuses("onbekende_leerling")
        return
    verboden = v.Hervat() if door.rol is Rol.KOPPELING else zegt("aangemeld")
    geweigerd = gegeven.when(verboden, by=door, at=nu).antwoord
    assert isinstance(geweigerd, Weigering)
    mag = {
        stap
        for stap in (*STAPPEN_1, *STAPPEN_2)
        for verzoek in geldige_verzoeken(stap, laatste.na, nu)
        if isinstance(gegeven.when(verzoek, by=door, at=nu).antwoord, Besluit)
    }
    assert set(geweigerd.wel_mogelijk) == mag


# From every status to every other, by what people may really ask.


def test_from_every_status_every_other_is_reached_by_requests_that_are_granted() -> None:
    """A place is where pupil and aanmelding stand; each is tried once, a day later than the one before it."""
    actoren = (DECAAN, INTAKER, LEERPLICHT, REGIEBEHEERDER, SYSTEEM)
    begin = given().when(v.MeldAan(brin="99XX", crebo="25647"), by=INTAKER, at=op("2026-10-05T12:00Z")).daarna
    wegen: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    wachtrij = [(begin, op("2026-10-05T12:00Z"))]
    while wachtrij:
        gegeven, nu = wachtrij.pop(0)
        assert gegeven.overstap is not None
        hier = plaats(gegeven.overstap)
        if hier in wegen:
            continue
        wegen[hier] = set()
        nu += timedelta(days=1)
        for stap in (*STAPPEN_1, *STAPPEN_2):
            for verzoek in geldige_verzoeken(stap, gegeven.overstap, nu):
                for door in actoren:
                    uitslag = gegeven.when(verzoek, by=door, at=nu)
                    if isinstance(uitslag.antwoord, Besluit):
                        wegen[hier].add(plaats(uitslag.overstap))
                        wachtrij.append((uitslag.daarna, nu))
    assert {plek[0] for plek in wegen} == set(STATUSSEN_2)
    assert {plek[1] for plek in wegen} == set(STATUSSEN_1)
    assert [plek for plek in wegen if bereik(wegen, plek) != set(wegen)] == []


def plaats(overstap: Overstap) -> tuple[str, ...]:
    return (str(overstap.status), *(str(x.status) for x in overstap.aanmeldingen))


def bereik(wegen: dict[tuple[str, ...], set[tuple[str, ...]]], van: tuple[str, ...]) -> set[tuple[str, ...]]:
    gezien, wachtrij = {van}, [van]
    while wachtrij:
        nieuw = wegen[wachtrij.pop()] - gezien
        gezien |= nieuw
        wachtrij.extend(nieuw)
    return gezien
