"""What waits for a pupil: shown to the region, matched by number and reason, or by his school under its ketenId."""

from collections.abc import Callable
from uuid import UUID, uuid4

import httpx
import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.domain.stromen import stroom_van_wachtbak
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import DECAAN, MBO, REGIEBEHEERDER, REGIO, SCHOOL, VO_BEHEERDER
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.school import PGNS, meld, voer_op, wacht_op_beelden
from tests.adapters.web.zonder import Zonder

Kijk = Callable[..., Kijker]
REDEN = "Het MBO belde over een ander nummer"


def _laat_wachten(deur: Deur) -> str:
    """Let the MBO send a message under a number that no school knows; give its ketenId."""
    vreemd = next(PGNS)
    meld(deur, vreemd, "AO", uitkomst="wachtbak")
    return f"{MBO}:{vreemd[-8:]}"


def _item(keten_id: str) -> UUID:
    return stroom_van_wachtbak(REGIO, MBO, keten_id)


@pytest.mark.parametrize("met_script", [True, False])
def test_a_waiting_message_is_matched_by_number_and_reason(kijk: Kijk, deur: Deur, *, met_script: bool) -> None:
    pgn = next(PGNS)
    overstap = voer_op(deur, "Kievit", pgn=pgn)
    keten_id = _laat_wachten(deur)
    kijker = kijk(met_script=met_script)
    kijker.mag = ["400"]
    kijker.meld_aan("regiebeheerder")
    kijker.ga("/")
    kijker.blad.get_by_role("link", name="Wachtbak").first.click()
    kijker.blad.locator("tr", has_text=keten_id).get_by_role("link").click()
    kijker.blad.get_by_label("Persoonsgebonden nummer").fill(pgn)
    kijker.blad.get_by_role("button", name="Zoek de leerling").click()
    assert "reden" in kijker.blad.locator("#v-reden-fout").inner_text()
    kijker.blad.get_by_label("Persoonsgebonden nummer").fill(pgn)
    kijker.blad.get_by_label("Waarom zoekt u").fill(REDEN)
    kijker.blad.get_by_role("button", name="Zoek de leerling").click()
    assert "Noor van der Kievit" in kijker.blad.get_by_role("status").inner_text()
    assert pgn not in kijker.blad.url
    kijker.blad.get_by_role("button", name="Voeg het bericht bij deze leerling").click()
    assert kijker.blad.get_by_role("status").inner_text() == "Vastgelegd: Voeg een wachtend bericht toe."
    assert deur.toon(overstap, DECAAN).json()["status"] == "aangemeld"
    wacht_op_beelden(deur)
    kijker.ga("/wachtbak")
    assert kijker.blad.locator("tr", has_text=keten_id).count() == 0


def test_each_message_is_matched_also_after_another_was(deur: Deur) -> None:
    for naam in ("Kolibrie", "Kraai"):
        overstap, keten_id = voer_op(deur, naam), _laat_wachten(deur)
        antwoord = deur.stap(overstap, "koppel-wachtbak", {"ketenId": keten_id}, REGIEBEHEERDER)
        assert antwoord.status_code == httpx.codes.OK, antwoord.text
        assert deur.toon(overstap, DECAAN).json()["status"] == "aangemeld"


def test_a_number_that_nobody_entered_is_said_so(kijk: Kijk, deur: Deur) -> None:
    keten_id = _laat_wachten(deur)
    kijker = kijk()
    kijker.meld_aan("regiebeheerder")
    kijker.ga("/wachtbak")
    kijker.blad.locator("tr", has_text=keten_id).get_by_role("link").click()
    kijker.blad.get_by_label("Persoonsgebonden nummer").fill(next(PGNS))
    kijker.blad.get_by_label("Waarom zoekt u").fill(REDEN)
    kijker.blad.get_by_role("button", name="Zoek de leerling").click()
    assert "Geen leerling gevonden" in kijker.blad.get_by_role("status").inner_text()
    assert kijker.blad.get_by_role("button", name="Voeg het bericht").count() == 0
    assert kijker.ontoegankelijk() == []


def test_a_school_matches_by_keten_id_from_its_own_pupil(kijk: Kijk, deur: Deur) -> None:
    overstap = voer_op(deur, "Lijster")
    keten_id = _laat_wachten(deur)
    kijker = kijk()
    kijker.mag = ["400", "409"]
    kijker.meld_aan("vo_beheerder", SCHOOL)
    kijker.ga(f"/leerlingen/{overstap}")
    kijker.blad.get_by_role("link", name="Voeg een wachtend bericht toe").click()
    for fout in ("99xx:1", f"{MBO}:00000000"):
        kijker.blad.get_by_label("KetenId").fill(fout)
        kijker.blad.get_by_role("button", name="Voeg het bericht").click()
        kijker.blad.get_by_role("alert").wait_for()
        assert kijker.blad.get_by_label("KetenId").input_value() == fout
    assert kijker.ontoegankelijk() == []
    kijker.blad.get_by_label("KetenId").fill(keten_id)
    kijker.blad.get_by_role("button", name="Voeg het bericht").click()
    assert kijker.blad.get_by_role("status").inner_text() == "Vastgelegd: Voeg een wachtend bericht toe."
    assert deur.toon(overstap, VO_BEHEERDER).json()["status"] == "aangemeld"


def test_who_looked_for_whom_and_why_is_in_the_log_of_access(zonder: Zonder, deur: Deur, databank: Databank) -> None:
    pgn = next(PGNS)
    overstap = voer_op(deur, "Meeuw", pgn=pgn)
    item = _item(_laat_wachten(deur))
    zonder.meld_aan("regiebeheerder", REGIO)
    velden = {"merk": zonder.merk(), "pgn": pgn, "reden": REDEN}
    assert zonder.client.post(f"/wachtbak/{item}", data=velden).status_code == httpx.codes.OK
    with databank.verbind(Login.EIGENAAR) as verbinding:
        regels = verbinding.execute(
            b"SELECT rol, handeling, reden FROM toegang.toegangslog WHERE overstap = %s AND rol = 'regiebeheerder'",
            (overstap,),
        ).fetchall()
    assert regels == [("regiebeheerder", "zoeken", REDEN)]


@pytest.mark.parametrize("pad", ["/wachtbak", f"/wachtbak/{UUID(int=7)}"])
@pytest.mark.parametrize(
    ("rol", "organisatie"),
    [("decaan", SCHOOL), ("vo_beheerder", SCHOOL), ("mbo_intaker", MBO), ("manager", SCHOOL), ("mentor", SCHOOL)],
)
def test_the_wachtbak_is_for_the_region_alone(zonder: Zonder, rol: str, organisatie: str, pad: str) -> None:
    zonder.meld_aan(rol, organisatie)
    assert zonder.client.get(pad).status_code == httpx.codes.FORBIDDEN
    assert "/wachtbak" not in zonder.client.get("/").text


def test_an_auditor_looks_on_and_matches_nothing(zonder: Zonder, deur: Deur) -> None:
    overstap = voer_op(deur, "Nijlgans")
    item = _item(_laat_wachten(deur))
    zonder.meld_aan("auditor", REGIO)
    blad = zonder.client.get(f"/wachtbak/{item}").text
    assert "In uw rol kijkt u mee." in blad
    assert 'name="pgn"' not in blad
    velden = {"merk": zonder.merk(), "overstap": str(overstap), "versie": "1", "sleutel": uuid4().hex}
    assert zonder.client.post(f"/wachtbak/{item}/koppel", data=velden).status_code == httpx.codes.FORBIDDEN


def test_without_the_mark_nothing_is_matched(zonder: Zonder, deur: Deur) -> None:
    overstap = voer_op(deur, "Oehoe")
    item = _item(_laat_wachten(deur))
    zonder.meld_aan("regiebeheerder", REGIO)
    velden = {"merk": "0" * 64, "overstap": str(overstap), "versie": "1", "sleutel": uuid4().hex}
    assert zonder.client.post(f"/wachtbak/{item}/koppel", data=velden).status_code == httpx.codes.FORBIDDEN
    assert deur.toon(overstap, DECAAN).json()["status"] == "nog_niet_aangemeld"


def test_who_was_overtaken_is_told_and_matches_nothing(zonder: Zonder, deur: Deur) -> None:
    overstap = voer_op(deur, "Patrijs")
    item = _item(_laat_wachten(deur))
    deur.stap(overstap, "leg-warme-overdracht-vast", {"datum": "2026-01-09"}, DECAAN)
    zonder.meld_aan("regiebeheerder", REGIO)
    velden = {"merk": zonder.merk(), "overstap": str(overstap), "versie": "1", "sleutel": uuid4().hex}
    antwoord = zonder.client.post(f"/wachtbak/{item}/koppel", data=velden)
    assert (antwoord.status_code, "intussen gewijzigd" in antwoord.text) == (412, True)
