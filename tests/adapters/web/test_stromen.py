"""Streams stand side by side on one axis: a pupil beside what brought his events, and where he stood at any moment."""

import re
from collections.abc import Callable, Iterator
from uuid import UUID

import httpx
import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.domain.rollen import Actor, Rol
from overstap.domain.stromen import stroom_van_organisatie
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import REGIO, SCHOOL
from tests.adapters.web.ingelogd import Ingelogd
from tests.adapters.web.kijker import Kijker

Kijk = Callable[..., Kijker]
NERGENS = "00000000-0000-4000-8000-000000000000"
AUDITOR = Actor(account="auditor-21", rol=Rol.AUDITOR, organisatie=REGIO, regio=REGIO)


@pytest.fixture(scope="module")
def adelaar(leerlingen: dict[str, UUID]) -> UUID:
    return leerlingen["Adelaar"]


@pytest.fixture
def auditor(deur: Deur, adelaar: UUID) -> Iterator[Ingelogd]:  # there must be something to read
    with Ingelogd(deur, "auditor") as een:
        yield een


def banen(html: str) -> list[str]:
    return re.findall(r'class="tijdas-naam"[^>]*>[0-9]+\. ([^<]+)<', html)


def stippen(html: str) -> set[int]:
    return {int(een) for een in re.findall(r'<a href="/log/([0-9]+)" tabindex="-1"><circle', html)}


def rijen(html: str) -> list[int]:
    return [int(een) for een in re.findall(r'<th scope="row"><a class="utrecht-link" href="/log/([0-9]+)"', html)]


def in_log(databank: Databank, vraag: str, *waarden: object) -> list[int]:
    with databank.verbind(Login.AUDIT) as verbinding:
        return [int(een) for (een,) in verbinding.execute(f"SELECT positie {vraag}".encode(), waarden).fetchall()]


def test_a_pupil_stands_beside_the_deliveries_that_brought_his_events(
    databank: Databank, auditor: Ingelogd, adelaar: UUID
) -> None:
    blad = auditor.blad(f"/log/stromen?stroom={adelaar}")
    assert banen(blad) == [f"Leerling {str(adelaar)[:8]}", *["Aanlevering van 12 jan 26, Eerste MBO"] * 2]
    vraag = """FROM log.gebeurtenissen AS g WHERE originator_id = %s OR originator_id IN (
        SELECT correlatie FROM log.gebeurtenissen WHERE originator_id = %s AND rol = 'koppeling') ORDER BY positie"""
    assert rijen(blad) == in_log(databank, vraag, adelaar, adelaar)
    assert stippen(blad) == set(rijen(blad))


def test_whoever_chooses_gets_exactly_these(auditor: Ingelogd, adelaar: UUID) -> None:
    school = stroom_van_organisatie(REGIO, SCHOOL)
    blad = auditor.blad(f"/log/stromen?los=ja&stroom={adelaar}&stroom={school}&stroom=")
    assert banen(blad) == [f"Leerling {str(adelaar)[:8]}", "Organisatie Eerste School"]


def test_the_axis_is_of_the_time_that_is_chosen(auditor: Ingelogd, adelaar: UUID) -> None:
    gebeurd, vastgelegd = (
        auditor.blad(f"/log/stromen?stroom={adelaar}&tijd={een}") for een in ("gebeurd", "vastgelegd")
    )
    plekken = [re.findall(r'cx="([0-9.]+)%"', blad) for blad in (gebeurd, vastgelegd)]
    assert plekken[0] != plekken[1]
    assert len(plekken[0]) == len(plekken[1])


@pytest.mark.parametrize(
    ("vraag", "status"),
    [
        (f"stroom={NERGENS}", httpx.codes.NOT_FOUND),
        ("", httpx.codes.BAD_REQUEST),
        ("stroom=x", httpx.codes.BAD_REQUEST),
        ("&".join([f"stroom={NERGENS}"] * 13), httpx.codes.BAD_REQUEST),
        (f"stroom={NERGENS}&tijd=ooit", httpx.codes.BAD_REQUEST),
    ],
)
def test_what_is_not_there_is_not_shown(auditor: Ingelogd, vraag: str, status: int) -> None:
    assert auditor.status(f"/log/stromen?{vraag}") == status


def test_for_another_role_there_are_no_streams(deur: Deur, adelaar: UUID) -> None:
    with Ingelogd(deur, "decaan", SCHOOL) as decaan:
        assert decaan.status(f"/log/stromen?stroom={adelaar}") == httpx.codes.NOT_FOUND


def test_where_he_stood_is_what_the_api_tells_and_looking_back_is_recorded(
    databank: Databank, deur: Deur, auditor: Ingelogd, adelaar: UUID
) -> None:
    op = {"op": "2026-01-01T12:00", "bekend": "2026-01-12T10:30"}
    blad = auditor.blad(f"/log/stromen?stroom={adelaar}&op={op['op']}&bekend={op['bekend']}")
    api = deur.client.get(
        f"/v1/overstappen/{adelaar}",
        params={"peilmoment": f"{op['op']}+01:00", "kennismoment": f"{op['bekend']}+01:00"},
        headers=deur.als(AUDITOR),
    ).json()
    toen = re.search(r'<section class="vlak toen".*?</section>', blad, re.DOTALL)
    assert toen
    standen = re.findall(r'class="status status-([a-z_]+)"', toen[0])
    assert standen == [een["status"] for een in ([api["leerling"]] if "leerling" in api else []) + api["aanmeldingen"]]
    assert standen
    with databank.verbind(Login.AUDIT) as verbinding:
        vraag = "SELECT count(*) FROM toegang.toegangslog WHERE handeling = 'peiling' AND overstap = %s"
        assert verbinding.execute(vraag, (adelaar,)).fetchall() == [(2,)]


def test_before_anybody_knew_of_him_that_is_what_is_said(auditor: Ingelogd, adelaar: UUID) -> None:
    blad = auditor.blad(f"/log/stromen?stroom={adelaar}&op=2020-01-01T12:00&bekend=2020-01-01T12:00")
    assert 'class="vlak toen"' in blad
    assert 'class="status status-' not in blad


def test_axe_finds_nothing_wrong_with_a_pupil_as_he_was_known_and_nothing_sticks_out(kijk: Kijk, adelaar: UUID) -> None:
    kijker = kijk()
    kijker.meld_aan("auditor")
    kijker.ga(f"/log/stromen?stroom={adelaar}&op=2026-01-12T10:30&tijd=vastgelegd")
    assert kijker.bezwaren() == []
