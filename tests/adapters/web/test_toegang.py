"""Who looked at a pupil, or what an account did: for the region, with a reason, and looking is recorded itself."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from uuid import UUID, uuid4

import httpx
import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import MBO, SCHOOL, VO_BEHEERDER
from tests.adapters.web.ingelogd import Ingelogd
from tests.adapters.web.kijker import Kijker

Kijk = Callable[..., Kijker]
REDEN = "vraag van een ouder"


@pytest.fixture(scope="module")
def adelaar(leerlingen: dict[str, UUID]) -> UUID:
    return leerlingen["Adelaar"]


@pytest.fixture
def regie(deur: Deur, adelaar: UUID) -> Iterator[Ingelogd]:  # there must be somebody to look at
    with Ingelogd(deur, "regiebeheerder") as een:
        yield een


def accounts(html: str) -> list[str]:
    return re.findall(r'<code class="code">([a-z0-9-]+)</code></span></span></td>\n<td data-kop="Wat"', html)


def regels(html: str) -> int:
    return html.count('<th scope="row">')


@pytest.mark.parametrize(("rol", "organisatie"), [("decaan", SCHOOL), ("vo_beheerder", SCHOOL), ("mbo_beheerder", MBO)])
def test_for_another_role_there_is_no_log_of_access(deur: Deur, adelaar: UUID, rol: str, organisatie: str) -> None:
    with Ingelogd(deur, rol, organisatie) as ander:
        assert ander.status("/toegang") == httpx.codes.NOT_FOUND
        assert ander.stuur("/toegang", overstap=str(adelaar), reden=REDEN).status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize("rol", ["regiebeheerder", "auditor"])
def test_who_looked_at_a_pupil_is_told_and_so_is_looking(
    databank: Databank, deur: Deur, adelaar: UUID, rol: str
) -> None:
    with Ingelogd(deur, rol) as een:
        blad = een.stuur("/toegang", overstap=str(adelaar), reden=REDEN).text
        assert VO_BEHEERDER.account in accounts(blad)
        nog_eens = een.stuur("/toegang", overstap=str(adelaar), reden=REDEN).text
    assert f"{rol}-21" in accounts(nog_eens)
    with databank.verbind(Login.AUDIT) as verbinding:
        velden = "handeling, onderwerp, overstap, reden"
        vraag = f"SELECT {velden} FROM toegang.toegangslog WHERE rol = %s ORDER BY op DESC LIMIT 1".encode()
        assert verbinding.execute(vraag, (rol,)).fetchone() == ("inzage", "toegangslog", adelaar, REDEN)


def test_without_a_reason_nothing_is_shown(regie: Ingelogd, adelaar: UUID) -> None:
    assert regels(regie.blad(f"/toegang?overstap={adelaar}")) == 0
    assert str(adelaar) in regie.blad(f"/toegang?overstap={adelaar}")
    assert regie.stuur("/toegang", overstap=str(adelaar)).status_code == httpx.codes.BAD_REQUEST


@pytest.mark.parametrize(
    "velden",
    [{}, {"overstap": "x"}, {"account": "Jan Jansen"}, {"account": "x", "van": "ooit"}, {"account": "x", "na": "x"}],
)
def test_what_cannot_be_asked_is_refused(regie: Ingelogd, velden: dict[str, str]) -> None:
    assert regie.stuur("/toegang", reden=REDEN, **velden).status_code == httpx.codes.BAD_REQUEST


def test_what_came_of_it_and_when_narrow_the_list(deur: Deur, regie: Ingelogd) -> None:
    with Ingelogd(deur, "manager", SCHOOL) as ander:
        assert ander.status("/toegang") == httpx.codes.NOT_FOUND
    vraag = {"account": "manager-99aa", "reden": REDEN}
    alles = regels(regie.stuur("/toegang", **vraag).text)
    assert 0 < regels(regie.stuur("/toegang", **vraag, uitkomst="geweigerd").text) < alles
    assert regels(regie.stuur("/toegang", **vraag, tot="2020-01-01").text) == 0
    assert regels(regie.stuur("/toegang", **vraag, van="2020-01-01").text) == alles


def test_pages_follow_each_other_and_the_reason_stays_out_of_the_address(regie: Ingelogd) -> None:
    for _ in range(60):
        assert regie.status("/beelden/stand") == httpx.codes.OK
        assert regie.status("/log/1") == httpx.codes.NOT_FOUND  # a line each
    vraag = {"account": "regiebeheerder-21", "reden": REDEN, "uitkomst": "geweigerd"}
    eerste = regie.stuur("/toegang", **vraag).text
    volgende = re.search(r'<nav class="bladzijden".*?</nav>', eerste, re.DOTALL)
    assert volgende
    velden = {naam: unescape(waarde) for naam, waarde in re.findall(r'name="(\w+)" value="([^"]*)"', volgende[0])}
    assert 'action="/toegang"' in volgende[0]
    assert velden | vraag == velden
    tweede = regie.stuur("/toegang", **{naam: waarde for naam, waarde in velden.items() if naam != "merk"}).text
    assert (regels(eerste), regels(tweede) >= 10) == (50, True)


def test_of_somebody_who_is_not_known_there_is_nothing(regie: Ingelogd) -> None:
    assert "Hier staat niets." in regie.stuur("/toegang", overstap=str(uuid4()), reden=REDEN).text


def test_axe_finds_nothing_wrong_with_who_looked_and_nothing_sticks_out(kijk: Kijk, adelaar: UUID) -> None:
    kijker = kijk()
    kijker.meld_aan("auditor")
    kijker.ga(f"/toegang?overstap={adelaar}")
    kijker.blad.get_by_label("Waarom wilt u dit weten?").fill(REDEN)
    kijker.blad.get_by_role("button", name="Toon", exact=True).click()
    kijker.blad.locator("#lijst").wait_for()
    assert kijker.bezwaren() == []
    with kijker.op_breedte(320):
        assert kijker.ontoegankelijk() == []
    assert kijker.pad == "/toegang"
