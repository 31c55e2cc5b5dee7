"""One pupil on screen: where he stands, what was known when, and steps that are taken, refused, or overtaken."""

from collections.abc import Callable
from uuid import UUID

import pytest

from overstap.adapters.http.stapverzoeken import STAPPEN
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.web.kaartlijn import kaartlijn
from overstap.adapters.web.stapvelden import Soort, lees_lichaam, lichaam_van, velden_van
from overstap.domain.statussen import OverstapStatus
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import DECAAN, MBO, REGIO, SCHOOL
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.school import voer_op
from tests.adapters.web.wandeling import formulieren_in
from tests.adapters.web.zonder_script import zonder_script

Kijk = Callable[..., Kijker]


@pytest.fixture
def leerling(deur: Deur) -> UUID:
    return voer_op(deur, "Ekster")


def _status(deur: Deur, overstap: UUID) -> str:
    return str(deur.toon(overstap, DECAAN).json()["status"])


def test_axe_finds_nothing_wrong_with_a_pupil_as_he_was_and_a_long_form_and_all_fits_the_smallest_screen(
    kijk: Kijk, leerlingen: dict[str, UUID]
) -> None:
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    gevonden = {}
    for pad in ("?op=2026-01-12&bekend=2026-01-12", "/stappen/kies_vervolg_vo"):
        kijker.ga(f"/leerlingen/{leerlingen['Adelaar']}{pad}")
        kijker.vouw_open()
        gevonden[pad] = kijker.bezwaren()
    assert {pad: fouten for pad, fouten in gevonden.items() if fouten} == {}


@pytest.mark.parametrize("met_script", [True, False])
def test_leerplicht_is_called_in_only_after_overleg(
    kijk: Kijk, deur: Deur, leerling: UUID, *, met_script: bool
) -> None:
    kijker = kijk(met_script=met_script)
    kijker.mag = ["409"]
    kijker.meld_aan("decaan", SCHOOL)
    kijker.ga(f"/leerlingen/{leerling}")
    kijker.blad.get_by_role("link", name="Schakel Leerplicht in").click()
    kijker.blad.get_by_role("button", name="Vastleggen").click()
    assert kijker.blad.get_by_role("alert").inner_text().lower().count("leg eerst het overleg met leerplicht vast") == 1
    assert _status(deur, leerling) == "nog_niet_aangemeld"
    kijker.blad.get_by_label("Met wie bij Leerplicht").fill("Team Noord")
    kijker.blad.get_by_label("Datum van het overleg").fill("2026-01-09")
    assert kijker.blad.locator("#v-overleg-overlegDatum-dag").inner_text() == (
        "vrijdag 9 januari 2026" if met_script else ""
    )
    kijker.blad.get_by_role("button", name="Vastleggen").click()
    assert kijker.blad.get_by_role("status").inner_text() == "Vastgelegd: Schakel Leerplicht in."
    assert kijker.blad.locator("[aria-current=step]").inner_text().startswith("Leerplicht ingeschakeld")
    assert _status(deur, leerling) == "leerplicht_ingeschakeld"


def test_a_wrong_field_is_named_and_nothing_that_was_filled_in_is_lost(kijk: Kijk, leerling: UUID) -> None:
    kijker = kijk()
    kijker.mag = ["400"]
    kijker.meld_aan("decaan", SCHOOL)
    kijker.ga(f"/leerlingen/{leerling}/stappen/meld_aan")
    kijker.blad.get_by_label("Opleidingscode").fill("12")
    kijker.blad.get_by_label("MBO").fill("99YY")
    kijker.blad.get_by_role("button", name="Vastleggen").click()
    code = kijker.blad.get_by_label("Opleidingscode")
    assert (code.input_value(), code.get_attribute("aria-invalid")) == ("12", "true")
    assert kijker.blad.get_by_label("MBO").input_value() == "99YY"
    assert kijker.ontoegankelijk() == []


def test_who_is_overtaken_sees_by_what_and_loses_nothing(kijk: Kijk, deur: Deur, leerlingen: dict[str, UUID]) -> None:
    kijker, leerling = kijk(), leerlingen["Adelaar"]
    kijker.mag = ["412"]
    kijker.meld_aan("decaan", SCHOOL)
    kijker.ga(f"/leerlingen/{leerling}/stappen/plaats_bericht")
    ander = deur.stap(leerling, "leg-warme-overdracht-vast", {"datum": "2026-01-09"}, DECAAN)
    assert ander.status_code == 200, ander.text
    kijker.blad.get_by_label("Aan wie").fill("99XX")
    kijker.blad.get_by_label("Bericht").fill("Wilt u <b>bellen</b>?")
    kijker.blad.get_by_role("button", name="Vastleggen").click()
    melding = kijker.blad.get_by_role("alert").inner_text()
    assert "Iemand anders was u voor" in melding
    assert "warme overdracht" in melding
    kijker.blad.get_by_role("button", name="Toch vastleggen").click()
    assert "Wilt u <b>bellen</b>?" in kijker.blad.locator(".verhaal").inner_text()


def test_a_form_that_mends_begins_with_what_there_is_and_records_what_was_changed_alone(
    deur: Deur, databank: Databank, leerling: UUID
) -> None:
    with zonder_script(deur, "decaan", SCHOOL) as decaan:
        pad = f"/leerlingen/{leerling}/stappen/wijzig_persoonsgegevens"
        [formulier] = [een for een in formulieren_in(decaan.ga(pad), pad) if een.naar == pad]
        velden = {veld.naam: veld.gekozen for veld in formulier.velden}
        assert [velden[naam] for naam in ("persoon.achternaam", "klas", "leerweg")] == ["Ekster", "4a", "kb"]
        leeg = decaan.client.post(pad, data={**velden, "persoon.achternaam": ""})
        assert (leeg.status_code, "niet weg te halen" in leeg.text) == (400, True)
        gezet = decaan.client.post(pad, data={**velden, "persoon.voornaam": "Nora"})
        assert gezet.status_code == 303, gezet.text
    with databank.verbind(Login.EIGENAAR) as verbinding:
        [(vastgelegd,)] = verbinding.execute(
            b"SELECT convert_from(state, 'UTF8')::jsonb FROM log.gebeurtenissen WHERE originator_id = %s"
            b" ORDER BY originator_version DESC LIMIT 1",
            (leerling,),
        ).fetchall()
    assert (set(vastgelegd["persoon"]), vastgelegd.get("klas")) == ({"voornaam"}, None)


def test_nothing_stands_in_a_form_that_the_region_may_not_know(deur: Deur, leerling: UUID) -> None:
    with zonder_script(deur, "regiebeheerder", REGIO) as regie:
        blad = regie.client.get(f"/leerlingen/{leerling}/stappen/wijzig_persoonsgegevens").text
    assert ("Ekster" in blad, "2010-03-14" in blad) == (False, False)


def test_the_same_form_sent_twice_is_recorded_once(kijk: Kijk, deur: Deur, leerling: UUID) -> None:
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    pad = f"/leerlingen/{leerling}/stappen/leg_warme_overdracht_vast"
    kijker.ga(pad)
    velden = {
        naam: kijker.blad.locator(f'[name="{naam}"]').last.input_value() for naam in ("merk", "versie", "sleutel")
    }
    for _ in range(2):
        antwoord = kijker.blad.request.post(
            f"{kijker.adres}{pad}",
            form={**velden, "datum": "2026-01-08"},
            max_redirects=0,
        )
        assert antwoord.status == 303
    assert deur.toon(leerling, DECAAN).json()["versie"] == int(velden["versie"]) + 1


def test_an_mbo_takes_a_step_on_its_own_aanmelding(kijk: Kijk, leerlingen: dict[str, UUID]) -> None:
    kijker = kijk()
    kijker.meld_aan("mbo_intaker", MBO)
    kijker.ga(f"/leerlingen/{leerlingen['Adelaar']}")
    assert kijker.blad.locator(".weg").count() == 0
    kijker.blad.get_by_role("link", name="Rond de intake af").click()
    kijker.blad.get_by_role("button", name="Vastleggen").click()
    assert "Intake afgerond" in kijker.blad.locator(".aanmelding").inner_text()


def test_what_held_on_a_day_before_anybody_knew_is_nothing(kijk: Kijk, leerling: UUID) -> None:
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    kijker.ga(f"/leerlingen/{leerling}?op=2026-01-12")
    assert "Nog niet aangemeld" in kijker.blad.locator("#toen").inner_text()
    kijker.ga(f"/leerlingen/{leerling}?bekend=2025-12-31")
    assert "nog niets bekend" in kijker.blad.locator("#toen").inner_text()


def test_the_region_sees_who_somebody_is_with_a_reason_that_is_logged(
    kijk: Kijk, databank: Databank, leerling: UUID
) -> None:
    kijker = kijk()
    kijker.meld_aan("regiebeheerder", None)
    kijker.ga(f"/leerlingen/{leerling}")
    assert kijker.kop == f"Leerling {str(leerling)[:8]}"
    kijker.blad.get_by_label("Waarom wilt u dit weten?").fill("Dubbele opvoer")
    kijker.blad.get_by_role("button", name="Toon wie dit is").click()
    assert (kijker.kop, kijker.pad) == ("Noor van der Ekster", f"/leerlingen/{leerling}")
    with databank.verbind(Login.EIGENAAR) as verbinding:
        vraag = b"SELECT count(*) FROM toegang.toegangslog WHERE overstap = %s AND reden = 'Dubbele opvoer'"
        assert verbinding.execute(vraag, (leerling,)).fetchall() == [(1,)]


@pytest.mark.parametrize("stap", sorted(STAPPEN))
def test_what_a_form_asks_is_what_the_api_takes(stap: str) -> None:
    proeven = {Soort.DATUM: "2026-01-09", Soort.MOMENT: "2026-01-09T10:15", Soort.GETAL: "3", Soort.TEKST: "Tekst."}
    bij_naam = {
        "brin": "99YY",
        "crebo": "25647",
        "naar": "99AB",
        "aan": "99XX",
        "nieuwePgn": "900180730",
        "gemeente": "0363",
        "nieuweGemeente": "0344",
        "vestiging": "00",
        "klas": "4b",
        "ketenId": "99XX:90001119",
        "reden": "verhuisd",
    }
    ingevuld = {
        veld.naam: (veld.keuzes or (proeven.get(veld.soort) or bij_naam.get(veld.naam, "iets"),))[0]
        for veld in velden_van(stap)
    }
    ingevuld |= {naam: "2010-03-14" for naam in ingevuld if naam.endswith("geboortedatum")}
    lichaam, fouten = lees_lichaam(stap, lichaam_van(stap, ingevuld, 1 if stap == "plan_intake" else None))
    assert fouten == {}
    assert lichaam is not None


@pytest.mark.parametrize("status", OverstapStatus)
def test_every_status_has_one_place_on_the_chart(status: OverstapStatus) -> None:
    lijn = kaartlijn(status, {str(status)})
    haltes = [*lijn.hoofdweg, *lijn.zijwegen]
    assert sorted(halte.status for halte in haltes) == sorted(map(str, OverstapStatus))
    assert [halte.status for halte in haltes if halte.is_hier] == [status]


def test_the_main_road_is_that_of_the_chart() -> None:
    lijn = kaartlijn(OverstapStatus.INTAKE, ())
    assert [halte.status for halte in lijn.hoofdweg] == [
        "nog_niet_aangemeld",
        "aangemeld",
        "intake",
        "geplaatst",
        "gestart",
        "afgerond",
    ]
    assert {weg.stap for weg in lijn.wegen} >= {"volg_aanmelding", "schakel_leerplicht_in", "schrijf_uit"}


def test_nobody_takes_a_step_without_the_mark_of_his_form(deur: Deur, kijk: Kijk, leerling: UUID) -> None:
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    antwoord = kijker.blad.request.post(
        f"{kijker.adres}/leerlingen/{leerling}/stappen/leg_warme_overdracht_vast",
        form={"versie": "1", "sleutel": "x", "datum": "2026-01-08"},
    )
    assert (antwoord.status, deur.toon(leerling, DECAAN).json()["versie"]) == (403, 1)
