"""Make the pictures of the README from the demo region: `make screenshots`.

The same region, day, window and letters each time, so that a picture changes when the screen does, and only then. WebP,
because Chromium writes it itself, in a third of the size of PNG.
"""

import base64
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from overstap.adapters.app import app_op, hoofdsleutel_van
from overstap.adapters.beelden import werk_bij
from overstap.adapters.demo import Opzet, Spel, begin_van, moment_van, open_demo, schrijf_bestanden
from overstap.adapters.http.ernaast import klaargezet
from overstap.adapters.http.opties import Opties
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import GezetteKlok, LopendeKlok
from overstap.adapters.telemetry import richt_in
from tests.huis.bron import REPO

NAAR = REPO / "docs" / "screenshots"
OPZET = Opzet(leerlingen=7_000, overstapjaar=2026, zaad=1)
MOMENT = datetime.fromisoformat("2026-06-02T08:40:00+02:00")
"""The morning after the norm of the first of June."""
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_KWALITEIT = 80


class Plaatje(NamedTuple):
    """What is on a picture: of whom, which page (`eerste:` the first pupil of a list), in how large a window."""

    naam: str
    rol: str
    pad: str
    schema: Literal["light", "dark"] = "light"
    breedte: int = 1440
    hoogte: int = 960


PLAATJES = (
    Plaatje("start", "decaan", "/"),
    Plaatje("leerlingen", "decaan", "/leerlingen?status=intake", hoogte=1200),
    Plaatje("leerling-licht", "decaan", "eerste:/leerlingen?werklijst=niveau_gedaald&volgorde=naam"),
    Plaatje("leerling-donker", "decaan", "eerste:/leerlingen?werklijst=niveau_gedaald&volgorde=naam", "dark"),
    Plaatje("cijfers", "regiebeheerder", "/regio", hoogte=1340),
    Plaatje("telefoon", "mbo_intaker", "/", breedte=390, hoogte=844),
)


@contextmanager
def regio_in_juni(map_: Path) -> Iterator[str]:
    """Serve the region as it stood on the day of the pictures."""
    instellingen = Instellingen(datamap=map_, logniveau="error", _env_file=None)  # type: ignore[call-arg]
    with open_demo(instellingen) as databank:
        spel = Spel(schrijf_bestanden(OPZET, map_ / "demo", lambda _gedaan, _wat: None), map_ / "demo")
        klok = GezetteKlok(begin_van(OPZET.overstapjaar))
        with app_op(databank, hoofdsleutel_van(instellingen), instellingen, klok) as app:
            while spel.over and moment_van(spel.over[0]) <= MOMENT:
                klok.zet(moment_van(spel.over[0]))
                spel.lever(app)
            werk_bij(app)
        staat_stil = LopendeKlok(MOMENT, MOMENT, 0.0, 1.0)
        with klaargezet(instellingen) as bedien_nu:
            yield bedien_nu(Opties(poort=0, is_proef=True, klok=staat_stil))


def maak(browser: Browser, adres: str, een: Plaatje) -> bytes | None:
    """Make a picture; None when there is no such page."""
    context = browser.new_context(
        viewport={"width": een.breedte, "height": een.hoogte},
        device_scale_factor=1.5,
        color_scheme=een.schema,
        reduced_motion="reduce",
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
    )
    try:
        blad = context.new_page()
        _meld_aan(blad, adres, een.rol)
        soort, _, pad = een.pad.rpartition(":")
        antwoord = blad.goto(adres + pad)
        if antwoord is None or not antwoord.ok:
            return None
        if soort == "eerste":
            blad.locator("#lijst tbody th a").first.click()
            blad.wait_for_load_state()
        blad.evaluate("document.fonts.ready")
        blad.wait_for_load_state("load")
        vraag: dict[str, Any] = {"format": "webp", "quality": _KWALITEIT}
        return base64.b64decode(context.new_cdp_session(blad).send("Page.captureScreenshot", vraag)["data"])
    finally:
        context.close()


def _meld_aan(blad: Page, adres: str, rol: str) -> None:
    """Be somebody of a role where it has most pupils."""
    blad.goto(f"{adres}/aanmelden")
    blad.locator(f'form:has(input[name="rol"][value="{rol}"])').get_by_role("button").click()
    blad.wait_for_url(f"{adres}/")


def hoofd() -> int:
    """Make them all."""
    richt_in("error")
    plek = next((pad for naam in _CHROMIUM if (pad := shutil.which(naam))), None)
    if plek is None:
        print("There is no Chromium here; on Debian: apt-get install chromium", file=sys.stderr)
        return 1
    NAAR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="overstap-schermen-", ignore_cleanup_errors=True) as map_:
        Path(map_).chmod(0o711)
        with regio_in_juni(Path(map_) / "data") as adres, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=plek)
            for een in PLAATJES:
                beeld = maak(browser, adres, een)
                if beeld is None:
                    print(f"{een.naam}: no such page", file=sys.stderr)
                    return 1
                (NAAR / f"{een.naam}.webp").write_bytes(beeld)
                print(f"docs/screenshots/{een.naam}.webp  {len(beeld) / 1024:.0f} KiB")
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(hoofd())
