"""Every field of every form there is, filled in by somebody with bad intentions: nothing runs, nothing is recorded.

The forms are found by walking from the first page of each role along its links, as a person would: a form that somebody
adds is attacked from then on.
"""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import httpx
import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.domain.rollen import Rol
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import SCHOOL
from tests.adapters.web.iedereen import WAAR, Aanwezige, richt_in_voor_iedereen
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.school import vul_school
from tests.adapters.web.wandeling import Formulier, Veld, formulieren_in
from tests.bewijzen import IS_VOL

Kijk = Callable[..., Kijker]
KWAAD = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}"
_VAST = {"merk", "sleutel", "versie"}
_VRIJ = {"text", "textarea", "search", "tel", "email", "url", "password"}
_ZINNIG = {"date": "2026-01-09", "datetime-local": "2026-01-09T10:00", "number": "1", "month": "2026-01"}
_ZELF = {"/aanmelden", "/afmelden", "/taal", "/rol"}
"""Forms that begin, change or end a session; test_veilig.py and test_rolkeuze.py attack them."""


class Aanvaller(Aanwezige):
    """Somebody who signed in, and means no good."""

    def __init__(self, deur: Deur, rol: Rol) -> None:
        super().__init__(deur, rol)
        self._formulieren: list[tuple[str, Formulier]] = []

    def formulieren(self) -> list[tuple[str, Formulier]]:
        """Give every form that he comes across, one of each kind."""
        if self._formulieren:
            return self._formulieren
        gevonden: dict[tuple[str, ...], tuple[str, Formulier]] = {}
        for pad, inhoud in self.wandel().items():
            for een in formulieren_in(inhoud, pad):
                if een.naar not in _ZELF:
                    gevonden.setdefault((*_soort(een), *(veld.naam for veld in een.velden)), (pad, een))
        self._formulieren = list(gevonden.values())
        return self._formulieren

    def stuur(self, een: Formulier, velden: dict[str, str], **koppen: str) -> httpx.Response:
        if een.methode == "GET":
            return self.client.get(een.naar, params=velden, headers=koppen)
        bestanden = [veld.naam for veld in een.velden if veld.soort == "file"]
        if bestanden:
            stukken: Any = dict.fromkeys(bestanden, (KWAAD, f"{KWAAD};{KWAAD}\n{KWAAD}", "text/csv"))
            over = {naam: waarde for naam, waarde in velden.items() if naam not in bestanden}
            return self.client.post(een.naar, data=over, files=stukken, headers=koppen)
        return self.client.post(een.naar, data=velden, headers=koppen)


def _soort(een: Formulier) -> tuple[str, ...]:
    return (een.methode, re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", een.naar.partition("?")[0]))


def ingevuld(een: Formulier, vrij: str) -> dict[str, str]:
    """Fill in a form as it asks, with the same in each field in which one writes."""
    return {veld.naam: _waarde(veld, vrij) for veld in een.velden}


def _waarde(veld: Veld, vrij: str) -> str:
    if veld.soort in _VRIJ:
        return vrij
    return _ZINNIG.get(veld.soort, veld.waarde) if veld.soort in _ZINNIG else veld.waarde


class _Uitvoerend(HTMLParser):
    """What in a page would run, or was written by somebody else than us."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.gevonden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        namen = dict(attrs)
        if (tag == "script" and "src" not in namen) or namen.get("src") == "x":
            self.gevonden.append(f"<{tag}>")
        self.gevonden += [f"{tag} {naam}" for naam, waarde in attrs if naam.startswith("on") and waarde is not None]
        self.gevonden += [naam for naam, waarde in attrs if (waarde or "").strip().lower().startswith("javascript:")]


def uitvoerend(antwoord: httpx.Response) -> list[str]:
    return uitvoerend_in(antwoord.text) if antwoord.headers.get("content-type", "").startswith("text/html") else []


def uitvoerend_in(blad: str) -> list[str]:
    lezer = _Uitvoerend()
    lezer.feed(blad)
    return lezer.gevonden


@pytest.fixture(scope="module")
def leerlingen(databank: Databank, deur: Deur) -> dict[str, UUID]:
    nummers = vul_school(deur)
    richt_in_voor_iedereen(databank, deur, nummers)
    return nummers


@pytest.fixture(scope="module")
def aanvaller(deur: Deur, leerlingen: dict[str, UUID]) -> Iterator[Callable[[Rol], Aanvaller]]:
    assert leerlingen
    allen: dict[Rol, Aanvaller] = {}

    def word(rol: Rol) -> Aanvaller:
        if rol not in allen:
            allen[rol] = Aanvaller(deur, rol)
        return allen[rol]

    yield word
    for een in allen.values():
        een.client.close()


@pytest.fixture(scope="module")
def gespaard() -> set[tuple[str, ...]]:
    """Give the forms of which each field was tried."""
    return set()


@pytest.fixture(scope="module")
def misbruikt() -> set[tuple[str, ...]]:
    """Give the forms that were sent from elsewhere."""
    return set()


@pytest.fixture
def positie(databank: Databank) -> Iterator[Callable[[], int]]:
    with databank.verbind(Login.EIGENAAR) as verbinding:
        yield lambda: verbinding.execute("SELECT coalesce(max(positie), 0) FROM log.gebeurtenissen").fetchall()[0][0]


@pytest.mark.proof
@pytest.mark.parametrize("rol", WAAR)
def test_no_form_does_anything_for_another_site(
    aanvaller: Callable[[Rol], Aanvaller],
    positie: Callable[[], int],
    rol: Rol,
    misbruikt: set[tuple[str, ...]],
    record_property: Callable[[str, object], None],
) -> None:
    """In small a form is abused in the name of the first role to come across it."""
    wie, vreemde = aanvaller(rol), aanvaller(Rol.DECAAN if rol is Rol.MENTOR else Rol.MENTOR)
    ander_merk = formulieren_in(vreemde.client.get("/").text, "/")[0]
    eerst = positie()
    gelukt, aantal = [], 0
    for pad, een in wie.formulieren():
        soort = _soort(een)
        if een.methode == "GET" or (soort in misbruikt and not IS_VOL):
            continue
        misbruikt.add(soort)
        velden = ingevuld(een, "Verzonnen")
        zonder = {naam: waarde for naam, waarde in velden.items() if naam != "merk"}
        geleend = next(veld.waarde for veld in ander_merk.velden if veld.naam == "merk")
        pogingen = {
            "zonder merk": wie.stuur(een, zonder),
            "merk van een ander": wie.stuur(een, {**zonder, "merk": geleend}),
            "van een andere site": wie.stuur(een, velden, **{"Sec-Fetch-Site": "cross-site"}),
            "met een vreemde herkomst": wie.stuur(een, velden, Origin="https://elders.example"),
        }
        aantal += len(pogingen)
        gelukt += [(pad, een.naar, hoe) for hoe, antwoord in pogingen.items() if antwoord.status_code != 403]
    record_property("gevallen van een andere site", aantal)
    assert (gelukt, positie()) == ([], eerst)


@pytest.mark.proof
@pytest.mark.parametrize("rol", WAAR)
def test_what_is_written_in_any_field_runs_nowhere(
    aanvaller: Callable[[Rol], Aanvaller],
    rol: Rol,
    gespaard: set[tuple[str, ...]],
    record_property: Callable[[str, object], None],
) -> None:
    """In small a form is filled in by the first role to come across it, and each of its fields by itself."""
    wie = aanvaller(rol)
    mis: list[tuple[str, str, object]] = []
    aantal = 0
    for pad, een in wie.formulieren():
        if een.methode == "POST" and not {veld.naam for veld in een.velden} - _VAST:
            continue  # nothing is written in it, and to open a year takes everybody's pupils out of the list
        goed = ingevuld(een, KWAAD)
        vast = [veld.naam for veld in een.velden if veld.naam not in _VAST and veld.soort not in _VRIJ]
        soort = (*_soort(een), *vast)
        if soort in gespaard and not IS_VOL:
            continue
        for naam in ["", *vast]:
            for kwaad in (KWAAD, "\x00\ud7ff'--") if naam else (KWAAD,):
                antwoord = wie.stuur(een, {**goed, naam: kwaad} if naam else goed)
                aantal += 1
                if antwoord.status_code >= 500 or uitvoerend(antwoord):
                    mis.append((f"{pad} {een.naar}", naam, antwoord.status_code))
        gespaard.add(soort)
    record_property("gevallen van een kwade invoer", aantal)
    assert mis == []
    assert {pad: gevonden for pad, blad in wie.wandel().items() if (gevonden := uitvoerend_in(blad))} == {}


def test_a_browser_that_shows_what_was_written_runs_nothing_of_it(
    kijk: Kijk, aanvaller: Callable[[Rol], Aanvaller], leerlingen: dict[str, UUID]
) -> None:
    kijker = kijk()
    kijker.hoor("dialog", lambda venster: kijker.fouten.append(f"it ran: {venster.message}"))
    kijker.meld_aan("decaan", SCHOOL)
    beschreven = 0
    for pad in aanvaller(Rol.DECAAN).wandel():
        if pad.startswith("/leerlingen/") and "/stappen/" not in pad:
            kijker.ga(pad)
            beschreven += kijker.blad.get_by_text("onerror=alert").count()
    assert beschreven > 0, "nothing of it was shown, so nothing was tried"
    assert len(leerlingen) > 0
