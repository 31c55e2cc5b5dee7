"""The permission matrix of the core: every role, every request and group of fields, own, other, and another region."""

from collections.abc import Callable
from datetime import date

import pytest
from msgspec.structs import replace

from overstap.adapters.vault import PERSOONSVELDEN as VELDEN_VAN_DE_KLUIS
from overstap.domain import verzoeken as v
from overstap.domain.feiten import overstap as o
from overstap.domain.rollen import Actor, Rol
from overstap.domain.verzoeken import VERZOEKEN
from overstap.domain.weigering import Weigering
from overstap.statemachine.decide import decide
from overstap.statemachine.veldgroepen import PERSOONSVELDEN, Veldgroep, zichtbare_groepen
from overstap.statemachine.zicht import ziet
from tests.huis.bron import REPO
from tests.rechtentabel import DOET, GROEPEN, Cel, Kring, kringen, veldcellen, verzoekcellen
from tests.statemachine.gegeven import NIEMAND, OPGEVOERD, ZEGEL, Gegeven
from tests.statemachine.spelers import (
    ALLES_OPEN,
    ANDER_MBO,
    ANDERE_SCHOOL,
    ELDERS,
    KADER,
    MBO,
    MBO_ZONDER_KOPPELING,
    SCHOOL,
    SPELERS,
    speler,
)
from tests.statemachine.standen import KETEN_ID, aanmelding_in, ontvangen, overstap_in
from tests.statemachine.tafel import KAART_1, KAART_2, stap_van

GEDAAN = date(2026, 9, 1)
OPVOER = v.VoerOp(
    leerling=OPGEVOERD.leerling,
    overstapjaar=2026,
    school=SCHOOL,
    vestiging="01",
    klas="4B",
    leerweg=OPGEVOERD.leerweg,
    gemeente=OPGEVOERD.gemeente,
    soort_pgn=OPGEVOERD.soort_pgn,
    persoon={"achternaam": ZEGEL},
)
BERICHT = v.VerwerkKoppelbericht(
    keten_id=KETEN_ID,
    volgnummer=2,
    code="PB",
    laatste_wijziging="2026-02-01T09:30:00Z",
    brin=MBO,
    crebo="25647",
)
ANDERS: dict[str, v.Verzoek] = {
    "voer_op": OPVOER,
    "wijzig_persoonsgegevens": v.WijzigPersoonsgegevens(klas="4C"),
    "vervang_pgn": v.VervangPgn(soort=OPGEVOERD.soort_pgn, pgn=ZEGEL),
    "leg_overleg_vast": v.LegOverlegVast(contact=ZEGEL, overleg_datum=GEDAAN),
    "plaats_bericht": v.PlaatsBericht(aan=SCHOOL, tekst=ZEGEL),
    "leg_warme_overdracht_vast": v.LegWarmeOverdrachtVast(datum=GEDAAN),
    "leg_ddd_status_vast": v.LegDddStatusVast(datum=GEDAAN),
    "draag_over": v.DraagOver(naar=ANDERE_SCHOOL),
    "verwerk_koppelbericht": BERICHT,
    "aanvaard_overdracht": v.AanvaardOverdracht(),
    "herzie": v.Herzie(gebeurtenis=3, reden=ZEGEL),
}
KAART = {stap_van(naam): rij for naam, rij in reversed([*KAART_1.items(), *KAART_2.items()])}


def actor(rol: Rol, kring: Kring) -> Actor:
    """Give somebody of a role who stands to the pupil like this."""
    if kring is Kring.EIGEN:
        return SPELERS[rol]
    if kring is Kring.ANDERE_REGIO:
        return (
            replace(SPELERS[rol], regio="22", organisatie="22") if rol in REGIO else replace(SPELERS[rol], regio="22")
        )
    elders = {Rol.MANAGER: ANDERE_SCHOOL, Rol.MBO_BEHEERDER: ANDER_MBO}
    return speler(rol, elders[rol]) if rol in elders else ELDERS[rol]


REGIO = {Rol.REGIEBEHEERDER, Rol.AUDITOR, Rol.SYSTEEM}


def geval(cel: Cel) -> tuple[Gegeven, v.Verzoek]:
    """Give a pupil for whom the request is in order, and the request, both as fits this cell."""
    if cel.wat == "voer_op":
        return NIEMAND, OPVOER
    if cel.wat == "meld_aan":
        naar = actor(cel.rol, cel.kring).organisatie if cel.rol is Rol.MBO_INTAKER else MBO_ZONDER_KOPPELING
        return overstap_in("nog_niet_aangemeld"), v.MeldAan(brin=naar, crebo="25600")
    if cel.wat in KAART_1 or cel.wat == "heropen":
        rij = KAART[cel.wat]
        return aanmelding_in(rij.vanuit[0]), rij.verzoek
    if cel.wat in KAART_2:
        rij = KAART[cel.wat]
        gegeven = overstap_in(rij.vanuit[-1] if cel.wat == "schrijf_uit" else rij.vanuit[0])
        return gegeven.given(ontvangen()) if cel.rol is Rol.MBO_INTAKER else gegeven, rij.verzoek
    verzoek = ANDERS[cel.wat]
    if cel.wat == "plaats_bericht" and cel.rol is Rol.LEERPLICHTAMBTENAAR:
        return overstap_in("leerplicht_ingeschakeld"), verzoek
    if cel.wat == "aanvaard_overdracht":
        aangeboden = NIEMAND.given(replace(OPGEVOERD, school=ANDERE_SCHOOL), o.OverdrachtAangeboden(naar=SCHOOL))
        return aangeboden, verzoek
    if cel.wat == "herzie":
        return aanmelding_in("aangemeld").given(
            o.OverlegVastgelegd(overleg_datum="2026-08-30", contact=ZEGEL)
        ), v.Herzie(gebeurtenis=4, reden=ZEGEL)
    return aanmelding_in("aangemeld"), verzoek


def test_every_request_about_a_pupil_stands_in_the_table() -> None:
    assert set(DOET) == set(VERZOEKEN)


def test_every_group_of_fields_stands_in_the_table() -> None:
    assert {groep.value for groep in Veldgroep} == GROEPEN
    assert set(PERSOONSVELDEN) == set(VELDEN_VAN_DE_KLUIS)


@pytest.mark.parametrize("rol", Rol)
def test_a_role_does_with_a_pupil_what_the_table_says_and_nothing_else(
    rol: Rol, record_property: Callable[[str, object], None]
) -> None:
    cellen = [cel for cel in verzoekcellen() if cel.rol is rol]
    record_property("cellen van de kern", len(cellen))
    for cel in cellen:
        gegeven, verzoek = geval(cel)
        antwoord = decide(gegeven.overstap, verzoek, actor(rol, cel.kring), ALLES_OPEN, KADER)
        assert (not isinstance(antwoord, Weigering)) is cel.mag, (cel, antwoord)


@pytest.mark.parametrize("met_reden", [True, False])
@pytest.mark.parametrize("rol", Rol)
def test_a_role_sees_of_a_pupil_what_the_table_says_and_nothing_else(
    rol: Rol, record_property: Callable[[str, object], None], *, met_reden: bool
) -> None:
    stand = "leerplicht_ingeschakeld" if rol is Rol.LEERPLICHTAMBTENAAR else "aangemeld"
    overstap = overstap_in(stand).overstap
    assert overstap is not None
    cellen = [cel for cel in veldcellen(met_reden=met_reden) if cel.rol is rol]
    record_property("cellen van de kern", len(cellen))
    for cel in cellen:
        bestaat = ziet(actor(rol, cel.kring), overstap, ALLES_OPEN, KADER)
        groepen = zichtbare_groepen(rol, met_reden=met_reden) if bestaat else frozenset()
        assert (cel.wat in groepen) is cel.mag, cel


def test_the_matrix_has_a_cell_for_everything() -> None:
    paren = sum(len(kringen(rol)) for rol in Rol)
    assert len(list(verzoekcellen())) == paren * len(DOET)
    assert len(list(veldcellen(met_reden=True))) == paren * len(GROEPEN)


def test_the_page_about_rights_has_the_same_table() -> None:
    pagina = (REPO / "docs" / "rechten.md").read_text(encoding="utf-8")
    kop, _, *rijen = [
        [cel.strip() for cel in regel.strip("|").split("|")]
        for regel in pagina.split("## What a role sees of them")[1].splitlines()
        if regel.startswith("|")
    ]
    verteld = {(rij[0], rol): cel for rij in rijen[: len(Veldgroep)] for rol, cel in zip(kop[1:], rij[1:], strict=True)}
    for rol in Rol:
        zonder, met = zichtbare_groepen(rol), zichtbare_groepen(rol, met_reden=True)
        for groep in Veldgroep:
            verwacht = "yes" if groep in zonder else "reason" if groep in met else ""
            assert verteld.get((groep.value, rol.value), "") == verwacht, (groep, rol)
