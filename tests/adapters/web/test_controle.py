"""An auditor verifies the log from a page: checkpoints to keep, what he kept held against it, one at a time."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from overstap.adapters.bewijs import verify
from overstap.adapters.bewijs.bewaard import lees_regels
from overstap.adapters.bewijs.notaris import Notaris, open_notaris
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import SCHOOL
from tests.adapters.postgres.beelden import wacht_tot
from tests.adapters.web.ingelogd import Ingelogd
from tests.adapters.web.kijker import Kijker

Kijk = Callable[..., Kijker]
_SLOT = "SELECT pg_advisory_lock(730580889, hashtext('narekenen'))"
_SLOTEN = """
SELECT count(*) FROM pg_locks
 WHERE classid = 730580889 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_LOOPT = """
INSERT INTO toegang.taken (soort, regio, account, wat, gedaan, totaal) VALUES ('narekenen', '21', 'x', 'log', 30, 90)
"""


@pytest.fixture(scope="module")
def notaris(
    databank: Databank, leerlingen: dict[str, UUID], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Notaris]:  # there must be something to sign
    with open_notaris(databank, tmp_path_factory.mktemp("notaris")) as een:
        yield een


@pytest.fixture
def auditor(deur: Deur, leerlingen: dict[str, UUID]) -> Iterator[Ingelogd]:  # there must be something
    with Ingelogd(deur, "auditor") as een:
        yield een


@pytest.fixture
def bezig(databank: Databank) -> Iterator[None]:
    """Be somebody who is verifying, a third done."""
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        verbinding.execute(_SLOT)
        verbinding.execute(_LOOPT)
        yield
        verbinding.execute("DELETE FROM toegang.taken WHERE account = 'x'")


def klaar(auditor: Ingelogd) -> str:
    """Give what the page says once the work is done."""
    for _ in range(600):
        blad = auditor.blad("/controle/stand")
        if "<progress" not in blad:
            return blad
        threading.Event().wait(0.05)
    raise AssertionError("the verification does not end")


def afgerond(databank: Databank) -> int:
    """Count the verifications that came to an end; what an earlier test had done still stands on the page."""
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        vraag = "SELECT count(*)::int FROM toegang.taken WHERE soort = 'narekenen' AND uitslag IS NOT NULL"
        [(aantal,)] = verbinding.execute(vraag).fetchall()
        return int(aantal)


def acties(databank: Databank) -> list[str]:
    with databank.verbind(Login.AUDIT) as verbinding:
        vraag = "SELECT handeling FROM toegang.toegangslog WHERE herkomst = 'web' AND rol = 'auditor' ORDER BY op"
        return [een for (een,) in verbinding.execute(vraag).fetchall()]


@pytest.mark.parametrize(("rol", "organisatie"), [("decaan", SCHOOL), ("regiebeheerder", "21")])
def test_for_another_role_there_is_nothing_to_verify(deur: Deur, rol: str, organisatie: str) -> None:
    with Ingelogd(deur, rol, organisatie) as ander:
        paden = ("/controle", "/controle/stand", "/controle/punten/1", "/controle/samenhang/1/1")
        assert {ander.status(pad) for pad in paden} == {httpx.codes.NOT_FOUND}
        assert ander.stuur("/controle/narekenen").status_code == httpx.codes.NOT_FOUND


def test_before_anything_was_signed_the_page_says_so(auditor: Ingelogd) -> None:
    blad = auditor.blad("/controle")
    assert "Er is nog niets ondertekend." in blad
    assert auditor.status("/controle/punten/1") == httpx.codes.NOT_FOUND


def test_the_last_checkpoint_is_told_and_can_be_kept(databank: Databank, auditor: Ingelogd, notaris: Notaris) -> None:
    punt = notaris.onderteken()
    assert punt is not None
    blad = auditor.blad("/controle")
    assert f"Laatste controlepunt: {punt.nummer}" in blad
    assert verify.lees_tekst(punt.tekst, verify.CONTROLEPUNT)["wortel"] in blad
    assert "na 1.000 gebeurtenissen of 60 seconden" in blad
    bewaard = auditor.client.get(f"/controle/punten/{punt.nummer}")
    assert lees_regels(bewaard.content) == [punt]
    assert acties(databank)[-1] == "audit_export"


def test_a_verification_goes_on_without_the_page_and_says_what_it_found(
    databank: Databank, auditor: Ingelogd, notaris: Notaris
) -> None:
    notaris.onderteken()
    antwoord = auditor.stuur("/controle/narekenen")
    assert (antwoord.status_code, antwoord.headers["location"]) == (httpx.codes.SEE_OTHER, "/controle#narekenen")
    blad = klaar(auditor)
    assert "Alles klopt" in blad
    assert "zonder" not in acties(databank)[-1]
    assert "audit_narekenen" in acties(databank)
    assert "niet: of het log als geheel is vervangen" in blad


def test_what_somebody_kept_is_held_against_the_log(auditor: Ingelogd, notaris: Notaris) -> None:
    notaris.onderteken()
    regel = auditor.client.get("/controle/punten/1").text
    grootte = verify.lees_tekst(json.loads(regel)["tekst"], verify.CONTROLEPUNT)["grootte"]
    auditor.stuur("/controle/narekenen", bewaard=regel)
    blad = klaar(auditor)
    assert "Alles klopt" in blad
    assert blad.count(f"tot en met positie {grootte}") >= 1
    vervalst = json.loads(regel)
    vervalst["tekst"] = vervalst["tekst"].replace("grootte ", "grootte 1", 1)
    auditor.stuur("/controle/narekenen", bewaard=json.dumps(vervalst))
    blad = klaar(auditor)
    assert "1 bevinding" in blad
    assert "is zelf niet goed ondertekend" in blad


def test_what_is_no_checkpoint_is_refused(auditor: Ingelogd) -> None:
    assert auditor.stuur("/controle/narekenen", bewaard="hallo").status_code == httpx.codes.BAD_REQUEST


@pytest.mark.usefixtures("bezig")
def test_one_verifies_at_a_time(databank: Databank, auditor: Ingelogd) -> None:
    assert auditor.stuur("/controle/narekenen").headers["location"] == "/controle?bezig=ja#narekenen"
    blad = auditor.blad("/controle?bezig=ja")
    assert "30 van 90 gebeurtenissen." in blad
    assert "Er wordt al nagerekend" in blad
    assert 'action="/controle/narekenen"' not in blad
    with databank.verbind(Login.AUDIT) as verbinding:
        assert verbinding.execute(_SLOTEN).fetchall() == [(1,)]


def test_work_that_ended_with_its_process_says_so(databank: Databank, auditor: Ingelogd) -> None:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        verbinding.execute(_LOOPT)
        assert "is afgebroken" in auditor.blad("/controle/stand")
        verbinding.execute("DELETE FROM toegang.taken WHERE account = 'x'")


def test_a_checkpoint_goes_on_where_another_was(auditor: Ingelogd, deur: Deur, notaris: Notaris) -> None:
    with Ingelogd(deur, "decaan", SCHOOL) as decaan:
        assert decaan.status("/log") == httpx.codes.NOT_FOUND  # a line more of the log of access, which is signed too
    notaris.onderteken()
    nummers = [
        int(een)
        for een in re.findall(r'href="/controle/punten/([0-9]+)" download>controlepunt', auditor.blad("/controle"))
    ]
    assert len(nummers) > 1
    assert "sluit aan" in auditor.blad("/controle")
    bewijs = json.loads(auditor.client.get(f"/controle/samenhang/1/{max(nummers)}").content)
    gevonden: list[str] = []
    waarover, _ = verify.toets_samenhang(bewijs, gevonden.append)
    assert (waarover, gevonden) == (f"Het bewijs gaat over controlepunt 1 en {max(nummers)}.", [])
    assert auditor.status("/controle/samenhang/1/999") == httpx.codes.NOT_FOUND


@pytest.mark.usefixtures("bezig")
def test_axe_finds_nothing_wrong_while_one_verifies_and_nothing_sticks_out(kijk: Kijk, notaris: Notaris) -> None:
    notaris.onderteken()
    kijker = kijk()
    kijker.meld_aan("auditor")
    kijker.ga("/controle")
    assert kijker.bezwaren() == []


@pytest.mark.parametrize("met_script", [True, False])
def test_an_auditor_begins_a_verification_and_reads_what_it_says(
    kijk: Kijk, databank: Databank, notaris: Notaris, *, met_script: bool
) -> None:
    notaris.onderteken()
    eerder = afgerond(databank)
    kijker = kijk(met_script=met_script)
    kijker.meld_aan("auditor")
    kijker.ga("/")
    kijker.blad.get_by_role("link", name="Controle", exact=True).click()
    kijker.blad.get_by_role("button", name="Reken nu na").click()
    kijker.blad.wait_for_url("**/controle#narekenen")
    wacht_tot(lambda: afgerond(databank) == eerder + 1)
    if not met_script:
        kijker.ga("/controle")
    kijker.zie("Alles klopt").wait_for()


def test_the_proofs_need_nothing_of_ours_but_one_file(auditor: Ingelogd, notaris: Notaris, tmp_path: Path) -> None:
    notaris.onderteken()
    bewaard, bewijs = tmp_path / "bewaard", tmp_path / "bewijs.json"
    bewaard.write_bytes(auditor.client.get("/controle/punten/1").content)
    bewijs.write_bytes(auditor.client.get("/controle/samenhang/1/1").content)
    assert verify.hoofd([str(bewijs), "--tegen", str(bewaard)]) == 0
