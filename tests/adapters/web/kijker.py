"""Somebody at a browser: what he sees, and a note of everything that went wrong meanwhile."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, cast

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request

from tests.huis.bron import REPO

_AXE = Path("build") / "web" / "node_modules" / "axe-core" / "axe.min.js"
_REGELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_KLEUREN = ["color-contrast", "link-in-text-block"]
_PROEF = """async (alleen) => {
  const uitslag = await axe.run(document, {runOnly: alleen, resultTypes: ['violations']});
  return uitslag.violations.map(een => een.id + ': ' + een.nodes.map(knoop => knoop.html.slice(0, 160)).join(' | '));
}"""
GEDULD = 20_000


class Kijker:
    """One window with cookies of its own."""

    def __init__(self, browser: Browser, adres: str, *, breedte: int, schema: str, met_script: bool) -> None:
        self.adres = adres
        self._schema = schema
        self._context = browser.new_context(
            viewport={"width": breedte, "height": 900},
            color_scheme=cast("Literal['light', 'dark']", schema),
            java_script_enabled=met_script,
            bypass_csp=False,
            reduced_motion="reduce",
        )
        self._context.set_default_timeout(GEDULD)
        self.fouten: list[str] = []
        self.mag: list[str] = []
        self.blad: Page = self._context.new_page()
        self.blad.on("console", self._hoor)
        self.blad.on("pageerror", lambda fout: self.fouten.append(str(fout)))
        self.blad.on("request", self._vraag)

    def _hoor(self, bericht: ConsoleMessage) -> None:
        if bericht.type in {"error", "warning"}:
            self.fouten.append(bericht.text)

    def _vraag(self, verzoek: Request) -> None:
        if not verzoek.url.startswith(self.adres):
            self.fouten.append(f"asked elsewhere: {verzoek.url}")

    def meld_aan(self, rol: str, organisatie: str | None = None) -> None:
        self.ga("/aanmelden")
        formulier = self.blad.locator(f'form:has(input[name="rol"][value="{rol}"])')
        if organisatie is not None and formulier.locator("select").count():
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
        self.blad.evaluate((REPO / _AXE).read_text(encoding="utf-8"))
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
        try:
            yield
        finally:
            self.blad.set_viewport_size(vorige)

    def steekt_uit(self) -> int:
        """Tell by how many pixels the page is wider than its window."""
        return int(self.blad.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def sluit(self) -> None:
        self._context.close()
        onverwacht = [fout for fout in self.fouten if not any(deel in fout for deel in self.mag)]
        assert onverwacht == []
