"""The list changes while one looks at it: in place, said in words, and only what the visitor may know of."""

import time
from collections.abc import Callable
from uuid import UUID

import pytest

from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import DECAAN, SCHOOL
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.school import voer_op

Kijk = Callable[..., Kijker]


@pytest.fixture
def lijst(kijk: Kijk, deur: Deur, leerlingen: dict[str, UUID]) -> Kijker:
    """Give somebody who looks at the list, and hears what changes."""
    assert leerlingen
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    eerst = deur.dienst.uitzender.lezers
    kijker.ga("/leerlingen")
    einde = time.monotonic() + 20
    while deur.dienst.uitzender.lezers == eerst:
        assert time.monotonic() < einde, "the page does not listen"
        kijker.blad.wait_for_timeout(20)
    return kijker


def _kies_vervolg(deur: Deur, overstap: UUID) -> None:
    overleg = {"overleg": {"contact": "Team Noord", "overlegDatum": "2026-01-09"}}
    antwoord = deur.stap(overstap, "schakel-leerplicht-in", overleg, DECAAN)
    assert antwoord.status_code == 200, antwoord.text


def test_a_line_changes_where_it_stands_and_says_so(lijst: Kijker, deur: Deur, leerlingen: dict[str, UUID]) -> None:
    eerst = lijst.namen()
    regel = lijst.blad.locator(f"#l-{leerlingen['Buizerd']}")
    regel.get_by_role("link").focus()
    begin = time.monotonic()
    _kies_vervolg(deur, leerlingen["Buizerd"])
    regel.get_by_text("Leerplicht ingeschakeld").wait_for()
    assert time.monotonic() - begin < 10
    assert lijst.blad.locator("#live").inner_text() == "Zojuist veranderd: Buizerd, Noor van der."
    assert lijst.namen() == eerst
    assert lijst.blad.evaluate("document.activeElement.textContent") == "Buizerd, Noor van der"
    assert lijst.ontoegankelijk() == []


def test_who_is_not_on_the_page_is_counted_and_not_named(lijst: Kijker, deur: Deur) -> None:
    voer_op(deur, "Fazant")
    lijst.blad.get_by_text("Ook 1 andere leerling veranderde").wait_for()
    assert "Fazant" not in lijst.blad.locator("#inhoud").inner_text()


def test_what_changed_while_the_page_was_on_its_way_is_told(
    kijk: Kijk, deur: Deur, leerlingen: dict[str, UUID]
) -> None:
    kijker = kijk()
    kijker.meld_aan("decaan", SCHOOL)
    kijker.blad.route("**/leerlingen/live*", lambda route: route.abort())
    kijker.mag = ["ERR_FAILED", "live"]
    kijker.ga("/leerlingen")
    adres = kijker.blad.locator("#live").get_attribute("hx-sse:connect")
    _kies_vervolg(deur, leerlingen["Duif"])
    kijker.blad.unroute("**/leerlingen/live*")
    gelezen = kijker.blad.evaluate(
        """async adres => {
          const lezer = (await fetch(adres, {headers: {Accept: 'text/event-stream'}})).body.getReader();
          let tekst = '';
          while (!tekst.includes('</hx-partial>')) tekst += new TextDecoder().decode((await lezer.read()).value);
          await lezer.cancel();
          return tekst;
        }""",
        adres,
    )
    assert f'hx-target="#l-{leerlingen["Duif"]}"' in gelezen
    assert "Leerplicht ingeschakeld" in gelezen
