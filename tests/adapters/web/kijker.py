"""Somebody at a browser: what he sees, and a note of everything that went wrong meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, ViewportSize

from tests.adapters.opstelling import REGIO
from tests.adapters.web.vensters import Vensters
from tests.huis.bron import REPO

_AXE = Path("build") / "web" / "node_modules" / "axe-core" / "axe.min.js"
_REGELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_KLEUREN = ["color-contrast", "link-in-text-block"]
_PROEF = """async (alleen) => {
  const hoe = {runOnly: alleen, preload: false, elementRef: false, resultTypes: ['violations']};
  const uitslag = await axe.run(document, hoe);
  return uitslag.violations.map(een => een.id + ': ' + een.nodes.map(knoop => knoop.html.slice(0, 160)).join(' | '));
}"""
_GETEKEND = "new Promise(klaar => requestAnimationFrame(() => requestAnimationFrame(klaar)))"
"""Until what follows the size of the window, such as a chart, has done so."""


@cache
def _axe() -> str:
    return (REPO / _AXE).read_text(encoding="utf-8")


class Kijker:
    """One window with cookies of its own; what one wants to hear of it one asks with `hoor`."""

    def __init__(self, vensters: Vensters, adres: str, *, breedte: int, schema: str, met_script: bool) -> None:
        self.adres = adres
        self._vensters, self._schema, self._met_script = vensters, schema, met_script
        self.fouten: list[str] = []
        self.mag: list[str] = []
        self._hoort: list[tuple[Any, Callable[[Any], None]]] = []
        self.blad: Page = vensters.neem(met_script=met_script)
        maat: ViewportSize = {"width": breedte, "height": 900}
        if self.blad.viewport_size != maat:
            self.blad.set_viewport_size(maat)
        if schema == "dark":
            self.blad.emulate_media(color_scheme="dark")
        self.hoor("console", self._let_op)
        self.hoor("pageerror", lambda fout: self.fouten.append(str(fout)))
        self.hoor("request", self._vraag)

    def hoor(self, wat: str, doe: Callable[[Any], None]) -> None:
        """Do something at each event of this kind for as long as this window is one's own."""
        soort: Any = wat
        self.blad.on(soort, doe)
        self._hoort.append((soort, doe))

    def _let_op(self, bericht: ConsoleMessage) -> None:
        if bericht.type in {"error", "warning"}:
            self.fouten.append(bericht.text)

    def _vraag(self, verzoek: Request) -> None:
        if not verzoek.url.startswith(self.adres):
            self.fouten.append(f"asked elsewhere: {verzoek.url}")

    def meld_aan(self, rol: str, organisatie: str | None = None) -> None:
        """Sign in, and see nothing yet: what the form does is tried where one signs in with it."""
        velden: dict[str, str | float | bool] = {"rol": rol, "organisatie": organisatie or REGIO}
        antwoord = self.blad.request.post(f"{self.adres}/aanmelden", form=velden, max_redirects=0)
        assert antwoord.status == 303, antwoord.text()

    def meld_aan_met_formulier(self, rol: str, organisatie: str) -> None:
        """Sign in as people do, and see the first page."""
        self.ga("/aanmelden")
        formulier = self.blad.locator(f'form:has(input[name="rol"][value="{rol}"])')
        if formulier.locator("select").count():
            formulier.locator("select").select_option(organisatie)
        formulier.get_by_role("button").click()
        self.blad.wait_for_url(f"{self.adres}/")

    def ga(self, pad: str) -> None:
        antwoord = self.blad.goto(f"{self.adres}{pad}")
        assert antwoord is not None

    @property
    def pad(self) -> str:
        return self.blad.url.removeprefix(self.adres)

    @property
    def kop(self) -> str:
        return self.blad.locator("h1").inner_text()

    def zie(self, tekst: str) -> Locator:
        return self.blad.get_by_text(tekst)

    def namen(self) -> list[str]:
        return self.blad.locator("#lijst tbody th a").all_inner_texts()

    def ontoegankelijk(self) -> Sequence[str]:
        """Give what axe-core finds wrong with the page as it is now; in the dark only colours differ."""
        # A page that forbids foreign scripts forbids this one too; the driver puts it in the page's own world.
        if not self.blad.evaluate("'axe' in window"):
            self.blad.evaluate(_axe())
        alleen = {"type": "tag", "values": _REGELS} if self._schema == "light" else {"type": "rule", "values": _KLEUREN}
        gevonden: Any = self.blad.evaluate(_PROEF, alleen)
        return cast("list[str]", gevonden)

    @contextmanager
    def in_het_donker(self) -> Iterator[None]:
        """Look at the page as it is now in the dark."""
        vorige, self._schema = self._schema, "dark"
        self.blad.emulate_media(color_scheme="dark")
        try:
            yield
        finally:
            self._schema = vorige
            self.blad.emulate_media(color_scheme=cast("Literal['light', 'dark']", vorige))

    @contextmanager
    def op_breedte(self, breedte: int) -> Iterator[None]:
        """Look at the page as it is now in a window of another width."""
        vorige = self.blad.viewport_size
        assert vorige is not None
        self.blad.set_viewport_size({"width": breedte, "height": vorige["height"]})
        self.blad.evaluate(_GETEKEND)
        try:
            yield
        finally:
            self.blad.set_viewport_size(vorige)

    def vouw_open(self) -> None:
        """Open all that can be folded open."""
        self.blad.evaluate("document.querySelectorAll('details').forEach(een => { een.open = true; })")

    def bezwaren(self) -> list[str]:
        """Give what keeps the page as it is now from somebody: by day, in the dark, on the smallest screen."""
        gevonden = list(self.ontoegankelijk())
        with self.in_het_donker():
            gevonden += [f"in the dark: {een}" for een in self.ontoegankelijk()]
        with self.op_breedte(320):
            if uit := self.steekt_uit():
                gevonden.append(f"{uit} px wider than 320")
        return gevonden

    def steekt_uit(self) -> int:
        """Tell by how many pixels the page is wider than its window."""
        return int(self.blad.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def sluit(self) -> None:
        for soort, doe in self._hoort:
            self.blad.remove_listener(soort, doe)
        self._vensters.geef_terug(self.blad, met_script=self._met_script)
        onverwacht = [fout for fout in self.fouten if not any(deel in fout for deel in self.mag)]
        assert onverwacht == []
