"""Every page there is, found by its links as a visitor finds it: for everybody, on every screen, without motion."""

import contextlib
import os
import re
from collections.abc import Callable
from uuid import UUID

import httpx
import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.domain.rollen import Rol
from tests.adapters.http.deur import Deur
from tests.adapters.web.iedereen import WAAR, Aanwezige, richt_in_voor_iedereen
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.school import vul_school
from tests.adapters.web.wandeling import Formulier, formulieren_in, keuzes_van, route_van, routes
from tests.adapters.web.werking import werkt_niet

Kijk = Callable[..., Kijker]
Gevonden = dict[Rol, dict[str, str]]
_VOLLEDIG = os.environ.get("OVERSTAP_PROOF") == "full"
_NIET_VANZELF = {"/rol", "/controle/stand", "/beelden/stand"}
"""Where one comes only with two roles (test_rolkeuze.py), and what a page asks for while something is being done."""
_VOORBEELDEN = ("schakel_leerplicht_in", "kies_vervolg_vo", "plaats_bericht", "wijs_af", "handel_leerplicht_af")
"""Forms of steps in which every kind of field occurs; `make prove` looks at all of them, as every role."""
_BEWEEGT = """() => [...document.querySelectorAll('*')].filter(een => {
  const stijl = getComputedStyle(een);
  const duren = `${stijl.animationDuration},${stijl.transitionDuration}`.split(',');
  return duren.some(duur => parseFloat(duur) > 0.01);
}).map(een => een.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def leerlingen(databank: Databank, deur: Deur) -> dict[str, UUID]:
    nummers = vul_school(deur)
    richt_in_voor_iedereen(databank, deur, nummers)
    return nummers


@pytest.fixture(scope="module")
def gevonden(deur: Deur, leerlingen: dict[str, UUID]) -> Gevonden:
    """Give what stands at each address that a role comes across."""
    assert leerlingen
    alles: Gevonden = {}
    for rol in WAAR:
        wie = Aanwezige(deur, rol)
        try:
            alles[rol] = wie.wandel()
        finally:
            wie.client.close()
    return alles


def _nieuw(gevonden: Gevonden, rol: Rol) -> list[str]:
    """Give the pages that this role is the first to come across, one of each kind; in full every page of his."""
    eerder: set[str] = set()
    for een, bladen in gevonden.items():
        eigen: dict[str, str] = {}
        for pad, inhoud in bladen.items():
            soort = _soort(pad)
            if inhoud and (_VOLLEDIG or soort not in eerder) and (_VOLLEDIG or _is_voorbeeld(pad)):
                eigen.setdefault(soort, pad)
        if een is rol:
            return list(eigen.values())
        eerder |= eigen.keys()
    raise AssertionError(rol)


def _soort(pad: str) -> str:
    kaal = pad.partition("?")[0]
    return f"{route_van(pad)} {kaal.rpartition('/')[2] if '/stappen/' in kaal else ''}"


def _is_voorbeeld(pad: str) -> bool:
    return "/stappen/" not in pad or pad.partition("?")[0].endswith(_VOORBEELDEN)


def test_every_page_with_one_address_is_reached_from_the_first_page_of_some_role(gevonden: Gevonden) -> None:
    bereikt = {route_van(pad) for bladen in gevonden.values() for pad in bladen}
    alle = {route for methode, route in routes() if methode == "GET" and "{" not in route}
    assert alle - bereikt - _NIET_VANZELF == set()


def test_every_page_says_what_it_is_and_does_its_work_without_a_script(gevonden: Gevonden) -> None:
    mis = []
    for rol, bladen in gevonden.items():
        for pad, inhoud in bladen.items():
            if inhoud:
                mis += [(rol, pad, een) for een in werkt_niet(inhoud, pad)]
                if len(re.findall(r"<h1[ >]", inhoud)) != 1 or "<main" not in inhoud or "<title>" not in inhoud:
                    mis.append((rol, pad, "kop"))
    assert mis == []


@pytest.mark.proof
def test_whatever_one_chooses_on_a_page_is_answered_and_stays_chosen_without_a_script(
    deur: Deur, gevonden: Gevonden, record_property: Callable[[str, object], None]
) -> None:
    """Filters, orders, days and 'zoals op': each form that asks, sent as a browser does, with the choices it gives."""
    mis, gevraagd = [], set()
    for rol, bladen in gevonden.items():
        with contextlib.closing(Aanwezige(deur, rol).client) as client:
            for pad, inhoud in bladen.items():
                for een in formulieren_in(inhoud, pad):
                    for velden in keuzes_van(een, None if _VOLLEDIG else 1) if een.methode == "GET" else ():
                        zichtbaar = [
                            (veld.naam, velden.get(veld.naam)) for veld in een.velden if veld.soort != "hidden"
                        ]
                        vraag = (route_van(een.naar.partition("#")[0]), *zichtbaar, rol if _VOLLEDIG else None)
                        if vraag not in gevraagd:
                            gevraagd.add(vraag)
                            mis += _beantwoord(client, een, velden)
    record_property("gevallen van een keuze zonder script", len(gevraagd))
    assert mis == []


def _beantwoord(client: httpx.Client, een: Formulier, velden: dict[str, str]) -> list[tuple[str, object]]:
    """Ask, and tell what went wrong."""
    antwoord = client.get(een.naar, params=velden)
    if antwoord.status_code != httpx.codes.OK:
        return [(een.naar, (velden, antwoord.status_code))]
    terug = [{veld.naam: veld.gekozen for veld in weer.velden} for weer in formulieren_in(antwoord.text, een.naar)]
    blijft = any(velden.items() <= weer.items() for weer in terug)
    return [] if blijft else [(een.naar, (velden, terug))]


@pytest.mark.proof
@pytest.mark.parametrize("rol", WAAR)
def test_every_page_is_for_everybody(
    kijk: Kijk, gevonden: Gevonden, rol: Rol, record_property: Callable[[str, object], None]
) -> None:
    paden = _nieuw(gevonden, rol)
    if not paden:
        pytest.skip("another role comes across each of these pages")
    kijker = kijk()
    kijker.meld_aan(rol, WAAR[rol])
    mis: list[tuple[str, str]] = []
    for pad in paden:
        kijker.ga(pad)
        kijker.vouw_open()
        mis += [(pad, een) for een in kijker.bezwaren()]
        if _VOLLEDIG:
            with kijker.op_breedte(320):
                mis += [(pad, f"on the smallest screen: {een}") for een in kijker.ontoegankelijk()]
        mis += [(pad, f"it moves: {een}") for een in kijker.blad.evaluate(_BEWEEGT)]
    record_property("gevallen van een blad voor iedereen", len(paden))
    assert mis == []
