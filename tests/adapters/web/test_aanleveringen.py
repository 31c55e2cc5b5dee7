"""What was delivered: of one's own organisation, or of the region with who is silent on top; and its report."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from overstap.adapters.web import aanleveringen
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import ANDERE_SCHOOL, MBO, REGIO, SCHOOL, VO_BEHEERDER
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.school import PGNS, meld, voer_op, wacht_op_beelden
from tests.adapters.web.zonder import Zonder

Kijk = Callable[..., Kijker]
KOP = "pgn;achternaam;voornaam;geboortedatum;leerweg;klas;gemeente"


def lever(deur: Deur, *regels: str) -> str:
    """Let the school deliver a list by the API; give the number of the delivery."""
    koppen = {**deur.als(VO_BEHEERDER), "Content-Type": "text/csv", "Idempotency-Key": uuid4().hex}
    antwoord = deur.client.post("/v1/aanleveringen", content="\n".join((KOP, *regels, "")), headers=koppen)
    antwoord.raise_for_status()
    wacht_op_beelden(deur)
    return str(antwoord.json()["id"])


def test_a_report_tells_of_each_refused_line_why_and_what_to_do(kijk: Kijk, deur: Deur) -> None:
    nummer = lever(
        deur,
        f"{next(PGNS)};Roek;Sam;14-03-2010;kb;4b;0363",
        "123456789;Specht;Sam;14-03-2010;kb;4b;0363",
        f"{next(PGNS)};Torenvalk;Sam;31-02-2010;kb;4b;0363",
    )
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    kijker.ga("/")
    kijker.blad.get_by_role("link", name="Aanleveringen").click()
    kijker.blad.locator(f'a[href="/aanleveringen/{nummer}"]').click()
    assert kijker.kop == "Aanlevering: Leerlingenlijst"
    assert "2 regels zijn geweigerd" in kijker.blad.get_by_role("status").inner_text()
    rijen = [rij.inner_text() for rij in kijker.blad.locator(".lijst-regels tbody tr").all()]
    assert ["Regel 3" in rijen[0], "elfproef" in rijen[0], "negen cijfers" in rijen[0]] == [True] * 3
    assert ["Regel 4" in rijen[1], "geboortedatum" in rijen[1], "31-12-2009" in rijen[1]] == [True] * 3
    assert not any(naam in "".join(rijen) for naam in ("Specht", "Torenvalk", "123456789"))
    assert kijker.ontoegankelijk() == []


def test_another_school_sees_neither_the_list_nor_the_report(zonder: Zonder, deur: Deur) -> None:
    nummer = lever(deur, f"{next(PGNS)};Uil;Sam;14-03-2010;kb;4b;0363")
    zonder.meld_aan("vo_beheerder", ANDERE_SCHOOL)
    assert nummer not in zonder.client.get("/aanleveringen").text
    assert zonder.client.get(f"/aanleveringen/{nummer}").status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize(("rol", "organisatie"), [("mentor", SCHOOL), ("manager", MBO), ("mbo_beheerder", MBO)])
def test_a_role_without_deliveries_has_no_page(zonder: Zonder, rol: str, organisatie: str) -> None:
    zonder.meld_aan(rol, organisatie)
    assert zonder.client.get("/aanleveringen").status_code == httpx.codes.FORBIDDEN
    assert zonder.client.get(f"/aanleveringen/{uuid4()}").status_code == httpx.codes.NOT_FOUND
    assert "/aanleveringen" not in zonder.client.get("/").text


def _stilten(blad: str) -> list[tuple[str, bool]]:
    """Give the koppelingen of a page in order, each with whether it is said to be silent."""
    deel = blad.partition('id="koppelingen"')[2].partition("</section>")[0]
    gevonden = re.findall(r"<li( class=\"is-stil\")?>.*?<strong>(?:<a [^>]*>)?([^<]+)", deel, re.DOTALL)
    return [(naam, bool(stil)) for stil, naam in gevonden]


def test_the_region_sees_first_which_koppeling_never_sent_anything(zonder: Zonder, deur: Deur) -> None:
    pgn = next(PGNS)
    voer_op(deur, "Valk", pgn=pgn)
    meld(deur, pgn, "AO")
    zonder.meld_aan("regiebeheerder", REGIO)
    blad = zonder.client.get("/aanleveringen").text
    assert _stilten(blad) == [("Tweede MBO", True), ("Eerste MBO", False)]
    assert "Hier kwam nog niets van." in blad


def test_an_mbo_sees_its_own_koppeling_alone(zonder: Zonder, deur: Deur) -> None:
    pgn = next(PGNS)
    voer_op(deur, "Wulp", pgn=pgn)
    meld(deur, pgn, "AO")
    zonder.meld_aan("mbo_intaker", MBO)
    blad = zonder.client.get("/aanleveringen").text
    assert _stilten(blad) == [("Eerste MBO", False)]
    assert "Leerlingenlijst" not in blad


@pytest.mark.parametrize(("dagen", "is_stil"), [(6, False), (8, True)])
def test_a_koppeling_is_silent_after_a_week(dagen: int, *, is_stil: bool) -> None:
    nu = datetime(2026, 3, 20, tzinfo=UTC)
    assert aanleveringen.is_stil(nu - timedelta(days=dagen), nu) is is_stil


def test_pages_of_deliveries_follow_each_other_and_end(
    zonder: Zonder, deur: Deur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aanleveringen, "PER_BLADZIJDE", 2)
    nummers = {lever(deur, f"{next(PGNS)};Zwaluw;Sam;14-03-2010;kb;4b;0363") for _ in range(3)}
    zonder.meld_aan("decaan", SCHOOL)
    gezien: list[str] = []
    pad = "/aanleveringen"
    for _ in range(20):
        blad = zonder.client.get(pad).text
        gezien += re.findall(r'href="/aanleveringen/([0-9a-f-]{36})"', blad)
        verder = re.search(r'href="(/aanleveringen\?na=[^"#]+)#laatste" rel="next"', blad)
        if verder is None:
            break
        pad = verder[1].replace("&amp;", "&")
    assert len(gezien) == len(set(gezien))
    assert nummers <= set(gezien)


@pytest.mark.parametrize("pad", ["/aanleveringen?na=x", "/aanleveringen?organisatie=%27", "/aanleveringen/x"])
def test_a_wrong_address_gets_a_page_that_says_so(zonder: Zonder, pad: str) -> None:
    zonder.meld_aan("decaan", SCHOOL)
    antwoord = zonder.client.get(pad)
    assert antwoord.status_code in {400, 404}
    assert antwoord.headers["content-type"].startswith("text/html")
