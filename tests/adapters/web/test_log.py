"""The auditor reads the log: narrowed, each event with what it came from, sealed as it is; every look is recorded."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from overstap.adapters.bewijs import verify
from overstap.adapters.bewijs.notaris import open_notaris
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import SCHOOL
from tests.adapters.postgres.test_projectie_onleesbaar import leg_onleesbaar_vast
from tests.adapters.web.ingelogd import Ingelogd
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.school import voer_op

Kijk = Callable[..., Kijker]
NIETS_GEVONDEN = "/log?feit=jaar-gesloten"
REDEN = "steekproef van het kwartaal"


@pytest.fixture(scope="module")
def adelaar(leerlingen: dict[str, UUID]) -> UUID:
    return leerlingen["Adelaar"]


@pytest.fixture
def auditor(deur: Deur, adelaar: UUID) -> Iterator[Ingelogd]:  # there must be something to read
    with Ingelogd(deur, "auditor") as een:
        yield een


def posities(html: str) -> list[int]:
    return [int(een) for een in re.findall(r'<th scope="row"><a class="utrecht-link" href="/log/([0-9]+)"', html)]


def plek_van(databank: Databank, topic: str, stroom: UUID) -> int:
    with databank.verbind(Login.AUDIT) as verbinding:
        vraag = "SELECT positie FROM log.gebeurtenissen WHERE topic = %s AND originator_id = %s ORDER BY positie"
        [plek, *_] = verbinding.execute(vraag, (topic, stroom)).fetchall()
    return int(plek[0])


def toegang(databank: Databank) -> list[tuple[str, str, str, str]]:
    with databank.verbind(Login.AUDIT) as verbinding:
        vraag = (
            "SELECT handeling, onderwerp, reden, uitkomst FROM toegang.toegangslog WHERE herkomst = 'web' ORDER BY op"
        )
        return verbinding.execute(vraag).fetchall()


@pytest.mark.parametrize(("rol", "organisatie"), [("decaan", SCHOOL), ("regiebeheerder", "21"), ("manager", SCHOOL)])
@pytest.mark.parametrize("pad", ["/log", "/log/7", "/log/7/bewijs"])
def test_for_another_role_there_is_no_log(databank: Databank, deur: Deur, rol: str, organisatie: str, pad: str) -> None:
    with Ingelogd(deur, rol, organisatie) as ander:
        assert ander.status(pad) == httpx.codes.NOT_FOUND
        assert "/log" not in re.findall(r'<a href="([^"]+)"', ander.blad("/"))
    assert toegang(databank)[-1][3] == "geweigerd"


def test_the_newest_stands_first_and_each_look_is_recorded(databank: Databank, auditor: Ingelogd) -> None:
    gezien = posities(auditor.blad("/log"))
    with databank.verbind(Login.AUDIT) as verbinding:
        [(laatste,)] = verbinding.execute("SELECT max(positie) FROM log.gebeurtenissen").fetchall()
    assert gezien == list(range(laatste, max(0, laatste - 50), -1))
    assert toegang(databank)[-1] == ("inzage", "log", "", "toegestaan")


def test_pages_follow_each_other_without_a_gap(auditor: Ingelogd) -> None:
    eerste = posities(auditor.blad("/log"))
    tweede = posities(auditor.blad(f"/log?voor={eerste[9]}"))
    assert tweede[0] == eerste[9] - 1


@pytest.mark.parametrize(
    ("filter_", "feiten"),
    [
        ("feit=intake-gepland", {"intake-gepland.v1"}),
        ("rol=koppeling&feit=aanmelding-ontvangen", {"aanmelding-ontvangen.v1"}),
        ("organisatie=99XX&feit=aanlevering-verwerkt", {"aanlevering-verwerkt.v1"}),
        ("rol=mentor", set[str]()),
        ("tijd=gebeurd&van=2026-01-02&tot=2026-01-02", {"intake-gepland.v1", "status-gewijzigd.v1"}),
        ("tijd=vastgelegd&van=2026-01-13", set[str]()),
    ],
)
def test_the_address_narrows_the_log(databank: Databank, auditor: Ingelogd, filter_: str, feiten: set[str]) -> None:
    gezien = posities(auditor.blad(f"/log?{filter_}"))
    with databank.verbind(Login.AUDIT) as verbinding:
        vraag = "SELECT topic FROM log.gebeurtenissen WHERE positie = ANY (%s)"
        assert {topic for (topic,) in verbinding.execute(vraag, (gezien,))} == feiten


@pytest.mark.parametrize("filter_", ["feit=verzonnen", "rol=koning", "van=gisteren", "stroom=1", "voor=-1", "x=1"])
def test_an_address_that_makes_no_sense_is_told_so(auditor: Ingelogd, filter_: str) -> None:
    assert auditor.status(f"/log?{filter_}") == httpx.codes.BAD_REQUEST


def test_what_is_sealed_is_shown_as_sealed(databank: Databank, auditor: Ingelogd, adelaar: UUID) -> None:
    blad = auditor.blad(f"/log/{plek_van(databank, 'overstap-opgevoerd.v1', adelaar)}")
    boom = re.search(r'<ul class="feitboom">.*?</section>', blad, re.DOTALL)
    assert boom
    assert re.findall(r'class="sleutel">(achternaam|pgn)</code><span class="zegel">', boom[0]) == ["achternaam", "pgn"]
    assert "Adelaar" not in blad
    assert "te zien met een reden" in boom[0]  # of which kind its number is


def test_with_a_reason_more_is_there_and_what_is_sealed_stays_so(
    databank: Databank, auditor: Ingelogd, adelaar: UUID
) -> None:
    pad = f"/log/{plek_van(databank, 'overstap-opgevoerd.v1', adelaar)}"
    blad = auditor.stuur(pad, reden=REDEN).text
    assert "te zien met een reden" not in blad
    assert 'class="sleutel">soort_pgn</code><code class="waarde">&#34;bsn&#34;' in blad
    assert 'class="sleutel">achternaam</code><span class="zegel">' in blad
    assert "Adelaar" not in blad
    assert toegang(databank)[-1] == ("inzage", "gebeurtenis", REDEN, "toegestaan")


def test_a_reason_that_is_none_is_refused(auditor: Ingelogd) -> None:
    assert auditor.stuur("/log", reden="  ").status_code == httpx.codes.BAD_REQUEST
    assert auditor.client.post("/log", data={"reden": REDEN}).status_code == httpx.codes.FORBIDDEN


def test_an_event_names_what_caused_it_and_what_it_caused(databank: Databank, auditor: Ingelogd, adelaar: UUID) -> None:
    oorzaak = plek_van(databank, "intake-gepland.v1", adelaar)
    keten = _keten(auditor.blad(f"/log/{oorzaak}"))
    assert keten[-1] == ["status gewijzigd"]
    assert "aanlevering ontvangen" in keten[0]
    gevolg = _keten(auditor.blad(f"/log/{oorzaak + 1}"))
    assert gevolg[0][0] == "intake gepland"


def _keten(html: str) -> list[list[str]]:
    keten = re.search(r'<ol class="keten">.*?</ol>', html, re.DOTALL)
    assert keten
    delen = re.split(r'<li class="keten-hier".*?</li>', keten[0], flags=re.DOTALL)
    return [re.findall(r'href="/log/[0-9]+">[0-9.]+</a> <span lang="nl">([^<]+)', deel) for deel in delen]


def test_what_does_not_exist_is_not_found(auditor: Ingelogd) -> None:
    assert [auditor.status(f"/log/{plek}") for plek in (0, 999_999, 10**30)] == [httpx.codes.NOT_FOUND] * 3


def test_the_proof_of_an_event_convinces_who_has_the_checkpoint_alone(
    databank: Databank, auditor: Ingelogd, tmp_path: Path
) -> None:
    assert auditor.status("/log/7/bewijs") == httpx.codes.NOT_FOUND  # nothing was signed yet
    assert "nog onder geen controlepunt" in auditor.blad("/log/7")
    with open_notaris(databank, tmp_path / "notaris") as notaris:
        punt = notaris.onderteken()
    assert punt is not None
    assert "onder controlepunt 1" in auditor.blad("/log/7")
    antwoord = auditor.client.get("/log/7/bewijs")
    assert antwoord.headers["content-disposition"] == 'attachment; filename="bewijs-7.json"'
    gevonden: list[str] = []
    waarover, [onder] = verify.toets_inclusie(json.loads(antwoord.content), gevonden.append)
    assert (waarover, gevonden) == ("Het bewijs gaat over positie 7 en controlepunt 1.", [])
    assert onder["tekst"] == punt.tekst
    assert ("audit_bewijs", "log", "", "toegestaan") in toegang(databank)


def test_axe_finds_nothing_wrong_where_nothing_is_found_and_nothing_sticks_out(kijk: Kijk, adelaar: UUID) -> None:
    kijker = kijk()
    kijker.meld_aan("auditor")
    kijker.ga(NIETS_GEVONDEN)
    assert kijker.bezwaren() == []


@pytest.mark.parametrize("met_script", [True, False])
def test_an_auditor_goes_from_the_log_to_an_event_and_to_its_cause(
    kijk: Kijk, adelaar: UUID, *, met_script: bool
) -> None:
    kijker = kijk(met_script=met_script)
    kijker.meld_aan("auditor")
    kijker.ga("/")
    kijker.blad.get_by_role("link", name="Log", exact=True).click()
    kijker.blad.get_by_label("Gebeurtenis", exact=True).select_option("status-gewijzigd")
    kijker.blad.get_by_role("button", name="Toon", exact=True).click()
    kijker.blad.wait_for_url("**/log?feit=status-gewijzigd**")
    kijker.blad.locator("#lijst tbody th a").first.click()
    kijker.blad.locator(".keten a").first.click()
    kijker.zie("intake gepland").first.wait_for()
    assert kijker.kop.startswith("Gebeurtenis ")


def test_an_event_of_a_kind_that_nobody_knows_stands_in_the_log_as_such(
    auditor: Ingelogd, deur: Deur, databank: Databank
) -> None:
    stuk = voer_op(deur, "Marsman")
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        log = Log(verbinding)
        versie = leg_onleesbaar_vast(log, stuk)
        deur.dienst.voortgang.tot("actueel", log.laatste_positie(), 60)
    for pad in ("/log", f"/log?stroom={stuk}"):
        blad = auditor.blad(pad)
        assert ("onbekende soort" in blad, "onbekend.v1" in blad, f"@{versie}" in blad) == (True, True, True)
        assert "mars" not in blad
    assert "onbekende soort" not in auditor.blad("/log?rol=vo_beheerder")
    voer_op(deur, "Aardman")  # and whoever comes after it is recorded as before
