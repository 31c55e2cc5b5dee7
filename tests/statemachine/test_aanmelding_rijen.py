"""Chart 1, row by row: who may take it from where, what comes of it, and everybody and everything that may not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from overstap.domain import verzoeken as v
from overstap.domain.feiten import aanmelding as a
from overstap.domain.kalender import STANDAARD_KOPPELCODES
from overstap.domain.rollen import Actor, Rol
from overstap.statemachine.aanmelding_chart import GEEN
from overstap.statemachine.tabel import AANMELDING
from tests.statemachine.gegeven import Gegeven
from tests.statemachine.spelers import (
    ALLES_OPEN,
    DECAAN,
    ELDERS,
    INTAKER,
    KADER,
    KOPPELING,
    MBO,
    MBO_ZONDER_ACCOUNTS,
    MBO_ZONDER_KOPPELING,
    SPELERS,
    op,
)
from tests.statemachine.standen import (
    BIJ_STATUS,
    CREBO,
    KETEN_ID,
    STATUSSEN_1,
    aanmelding_in,
    gewijzigd,
    ontvangen,
)
from tests.statemachine.tafel import HETZELFDE, KAART_1, Rij, mag_zien, stap_van, vanuit_stap

CODES = {str(status): code for code, status in STANDAARD_KOPPELCODES.items()}


def doel_van(rij: Rij, van: str) -> str:
    return van if rij.naar == HETZELFDE else rij.naar


OPEN = [pytest.param(rij, van, id=f"{naam} from {van}") for naam, rij in KAART_1.items() for van in rij.vanuit]
DICHT = [
    pytest.param(rij, van, id=f"{naam} from {van}")
    for naam, rij in KAART_1.items()
    for van in STATUSSEN_1
    if van not in vanuit_stap(KAART_1, stap_van(naam))
]


def heeft(gegeven: Gegeven, rij: Rij, door: Actor, van: str) -> None:
    """Say that a row was taken: first its fact, then the aanmelding stands where the row leads, and the pupil too."""
    uitslag = gegeven.when(rij.verzoek, by=door)
    assert type(uitslag.feiten[0]) is rij.feit
    doel = doel_van(rij, van)
    [aanmelding] = uitslag.overstap.aanmeldingen
    assert str(aanmelding.status) == doel
    assert str(uitslag.overstap.status) == BIJ_STATUS[doel]
    assert len(uitslag.feiten) == 1 + (BIJ_STATUS[doel] != BIJ_STATUS[van])


def test_the_chart_has_the_rows_of_the_procedure_and_no_other() -> None:
    rijen = {(van, stap_van(naam), doel_van(rij, van)) for naam, rij in KAART_1.items() for van in rij.vanuit} | {
        (GEEN, "meld_aan", "aangemeld")
    }
    correcties = {(van, "herzie_aanmelding", naar) for van in STATUSSEN_1 for naar in STATUSSEN_1}
    assert {(van, stap, rij.doel) for (van, stap), rijen_ in AANMELDING.items() for rij in rijen_} == rijen | correcties


@pytest.mark.parametrize(("rij", "van"), OPEN)
def test_the_intaker_of_the_mbo_may(rij: Rij, van: str) -> None:
    heeft(aanmelding_in(van), rij, INTAKER, van)


@pytest.mark.parametrize(("rij", "van"), OPEN)
def test_the_decaan_may_where_the_mbo_has_no_accounts(rij: Rij, van: str) -> None:
    heeft(aanmelding_in(van, MBO_ZONDER_ACCOUNTS, None), rij, DECAAN, van)


@pytest.mark.parametrize(("rij", "van"), OPEN)
def test_the_koppeling_may_by_a_message_that_names_the_status(rij: Rij, van: str) -> None:
    doel = doel_van(rij, van)
    bericht = v.VerwerkKoppelbericht(
        keten_id=KETEN_ID,
        volgnummer=2,
        code=CODES[doel],
        laatste_wijziging="2026-10-01T10:00:00Z",
        brin=MBO,
        crebo="25648" if rij.naar == HETZELFDE else CREBO,
    )
    heeft(aanmelding_in(van), replace(rij, verzoek=bericht), KOPPELING, van)


@pytest.mark.parametrize(("rij", "van"), DICHT)
@pytest.mark.parametrize("door", [INTAKER, DECAAN], ids=["intaker", "decaan"])
def test_nobody_may_from_a_status_that_has_no_such_row(rij: Rij, van: str, door: Actor) -> None:
    gegeven = aanmelding_in(van) if door is INTAKER else aanmelding_in(van, MBO_ZONDER_ACCOUNTS, None)
    weigering = gegeven.when(rij.verzoek, by=door).refuses("niet_toegestaan", "rij_in_de_procedure")
    assert weigering.wat_nodig.startswith("De stap kan vanuit ")


@pytest.mark.parametrize("naam", KAART_1)
@pytest.mark.parametrize("rol", [rol for rol in Rol if rol is not Rol.MBO_INTAKER])
def test_no_other_role_may(naam: str, rol: Rol) -> None:
    rij = KAART_1[naam]
    van = rij.vanuit[0]
    code = "niet_bevoegd" if mag_zien(rol, BIJ_STATUS[van], heeft_aanmelding=True) else "onbekende_leerling"
    aanmelding_in(van).when(rij.verzoek, by=SPELERS[rol]).refuses(code)


@pytest.mark.parametrize("naam", KAART_1)
@pytest.mark.parametrize("rol", ELDERS)
def test_the_same_role_elsewhere_knows_no_such_pupil(naam: str, rol: Rol) -> None:
    rij = KAART_1[naam]
    aanmelding_in(rij.vanuit[0]).when(rij.verzoek, by=ELDERS[rol]).refuses("onbekende_leerling")


@pytest.mark.parametrize("naam", KAART_1)
def test_an_intaker_does_not_reach_the_aanmelding_at_another_mbo_of_a_pupil_he_knows(naam: str) -> None:
    rij = KAART_1[naam]
    bij_beide = aanmelding_in(rij.vanuit[0]).given(ontvangen("99YY", None, nummer=2))
    for verwijzing in (v.AanmeldingVerwijzing(nummer=1), v.AanmeldingVerwijzing(keten_id=KETEN_ID)):
        verzoek = replace(rij.verzoek, aanmelding=verwijzing)
        bij_beide.when(verzoek, by=ELDERS[Rol.MBO_INTAKER]).refuses("onbekende_aanmelding")


@pytest.mark.parametrize("naam", KAART_1)
@pytest.mark.parametrize("brin", [MBO, MBO_ZONDER_KOPPELING])
def test_the_decaan_may_not_where_the_mbo_has_accounts_of_its_own(naam: str, brin: str) -> None:
    rij = KAART_1[naam]
    aanmelding_in(rij.vanuit[0], brin, None).when(rij.verzoek, by=DECAAN).refuses("niet_bevoegd", "bevoegde_rol")


# The calendar: on the day itself in Amsterdam, not a moment before, and judged on when it happened.

MET_DATUM = {naam: rij for naam, rij in KAART_1.items() if rij.vanaf}


def middernacht(rij: Rij) -> datetime:
    assert rij.vanaf is not None
    return op(f"{rij.vanaf}T00:00+02:00")


@pytest.mark.parametrize("naam", MET_DATUM)
def test_a_step_with_a_date_opens_at_midnight_in_amsterdam(naam: str) -> None:
    rij = KAART_1[naam]
    gegeven = aanmelding_in(rij.vanuit[0])
    assert type(gegeven.when(rij.verzoek, by=INTAKER, at=middernacht(rij)).feiten[0]) is rij.feit
    net_voor = middernacht(rij) - timedelta(microseconds=1)
    weigering = gegeven.when(rij.verzoek, by=INTAKER, at=net_voor).refuses("te_vroeg")
    assert "kan vanaf 1 " in weigering.wat_nodig


@pytest.mark.parametrize("naam", MET_DATUM)
def test_a_step_with_a_date_is_judged_on_the_day_it_happened_not_on_which_it_was_told(naam: str) -> None:
    rij = KAART_1[naam]
    gegeven = aanmelding_in(rij.vanuit[0])
    net_voor = replace(rij.verzoek, gebeurd_op=middernacht(rij) - timedelta(microseconds=1))
    gegeven.when(net_voor, by=INTAKER, at=ALLES_OPEN).refuses("te_vroeg")
    net_na = gegeven.when(replace(rij.verzoek, gebeurd_op=middernacht(rij)), by=INTAKER, at=ALLES_OPEN)
    assert net_na.overstap.aanmeldingen[0].sinds == middernacht(rij)


@pytest.mark.parametrize("naam", [naam for naam, rij in KAART_1.items() if not rij.vanaf])
def test_a_step_without_a_date_may_on_any_day(naam: str) -> None:
    rij = KAART_1[naam]
    in_oktober = datetime(2025, 10, 2, 12, tzinfo=UTC)
    assert type(aanmelding_in(rij.vanuit[0]).when(rij.verzoek, by=INTAKER, at=in_oktober).feiten[0]) is rij.feit


def test_an_emergency_rule_that_moves_the_aanmelddatum_moves_the_waiting_list() -> None:
    kalender = replace(KADER.regels.kalender, aanmelddatum=date(2026, 5, 1))
    gegeven = aanmelding_in("aangemeld").under(replace(KADER, regels=replace(KADER.regels, kalender=kalender)))
    verzoek = v.PlaatsOpWachtlijst()
    gegeven.when(verzoek, by=INTAKER, at=op("2026-04-30T23:59+02:00")).refuses("te_vroeg", "voor_de_aanmelddatum")
    gegeven.when(verzoek, by=INTAKER, at=op("2026-05-01T00:00+02:00")).then(
        a.OpWachtlijstGeplaatst(nummer=1), gewijzigd("aangemeld", "intake", 4)
    )
