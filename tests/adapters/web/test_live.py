"""The list changes while one looks at it: in place, said in words, and only what the visitor may know of."""

import time
from collections.abc import Callable, Iterator
from uuid import UUID

import httpx
import pytest

from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import DECAAN, SCHOOL
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.meelezen import ga_meelezen
from tests.adapters.web.school import voer_op

Kijk = Callable[..., Kijker]


@pytest.fixture
def lijst(kijk: Kijk, deur: Deur, leerlingen: dict[str, UUID]) -> Kijker:
    """Give somebody who looks at the list, and hears what changes."""
    assert leerlingen
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    ga_meelezen(kijker, deur, "/leerlingen")
    return kijker


def _kies_vervolg(deur: Deur, overstap: UUID) -> None:
    overleg = {"overleg": {"contact": "Team Noord", "overlegDatum": "2026-01-09"}}
    antwoord = deur.stap(overstap, "schakel-leerplicht-in", overleg, DECAAN)
    assert antwoord.status_code == 200, antwoord.text


def test_a_line_changes_where_it_stands_and_says_so(lijst: Kijker, deur: Deur, leerlingen: dict[str, UUID]) -> None:
    eerst = lijst.namen()
    regel = lijst.blad.locator(f"#l-{leerlingen['Buizerd']}")
    regel.get_by_role("link").focus()
    _kies_vervolg(deur, leerlingen["Buizerd"])
    regel.get_by_text("Leerplicht ingeschakeld").wait_for()
    assert lijst.blad.locator("#live").inner_text() == "Zojuist veranderd: Buizerd, Noor van der."
    assert lijst.namen() == eerst
    assert lijst.blad.evaluate("document.activeElement.textContent") == "Buizerd, Noor van der"
    assert lijst.ontoegankelijk() == []


def test_who_is_not_on_the_page_is_counted_and_not_named(lijst: Kijker, deur: Deur) -> None:
    voer_op(deur, "Fazant")
    lijst.blad.get_by_text("Ook 1 andere leerling veranderde").wait_for()
    assert "Fazant" not in lijst.blad.locator("#inhoud").inner_text()


def test_a_list_without_pupils_says_that_one_came(kijk: Kijk, deur: Deur, leerlingen: dict[str, UUID]) -> None:
    assert leerlingen
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    ga_meelezen(kijker, deur, "/leerlingen?klas=9z")
    assert kijker.namen() == []
    voer_op(deur, "IJsvogel")
    kijker.blad.get_by_role("link", name="1 leerling kwam erbij of veranderde: vernieuw de lijst.").wait_for()
    assert kijker.ontoegankelijk() == []


@pytest.fixture
def onderweg(kijk: Kijk, deur: Deur, leerlingen: dict[str, UUID]) -> Iterator[Kijker]:
    """Give somebody whose page came, and does not listen until the test is over."""
    assert leerlingen
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    kijker.blad.route("**/leerlingen/live*", lambda route: route.abort())
    kijker.mag = ["ERR_FAILED", "live"]
    kijker.ga("/leerlingen")
    yield kijker
    kijker.blad.unroute("**/leerlingen/live*")


def _hoort(kijker: Kijker) -> str:
    """Give the first that the page would hear if it listened now."""
    adres = kijker.blad.locator("#live").get_attribute("hx-sse:connect")
    kop = {"Cookie": "; ".join(f"{een['name']}={een['value']}" for een in kijker.blad.context.cookies())}
    with httpx.stream("GET", f"{kijker.adres}{adres}", headers=kop, timeout=20) as antwoord:
        tekst, einde = "", time.monotonic() + 20
        for brok in antwoord.iter_text():
            tekst += brok
            if tekst.endswith("\n\n") and "</hx-partial>" in tekst:
                return tekst
            if time.monotonic() > einde:
                break
    raise AssertionError(tekst)


def test_what_changed_while_the_page_was_on_its_way_is_told(
    onderweg: Kijker, deur: Deur, leerlingen: dict[str, UUID]
) -> None:
    _kies_vervolg(deur, leerlingen["Duif"])
    gehoord = _hoort(onderweg)
    assert f'hx-target="#l-{leerlingen["Duif"]}"' in gehoord
    assert "Leerplicht ingeschakeld" in gehoord
    assert "andere leerling" not in gehoord


def test_who_came_while_the_page_was_on_its_way_is_counted(onderweg: Kijker, deur: Deur) -> None:
    voer_op(deur, "Goudvink")
    voer_op(deur, "Heggenmus")
    gehoord = _hoort(onderweg)
    assert "Ook 2 andere leerlingen veranderden" in gehoord
    assert "Zojuist veranderd" not in gehoord
    assert 'hx-target="#l-' not in gehoord
