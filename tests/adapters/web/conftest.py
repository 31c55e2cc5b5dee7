"""A door on a demo database with a small school, and one browser for all that look at it."""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import sync_playwright

from overstap.adapters.postgres.databank import Databank
from tests.adapters.http.deur import Deur, open_deur
from tests.adapters.opstelling import app, richt_regio_in
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.leverancier import Leverancier
from tests.adapters.web.school import vul_school
from tests.adapters.web.vensters import Vensters
from tests.adapters.web.zonder import Zonder

_CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Who has no window of its own opens one in half the time; the others do it too."""
_EEN_PROCES = ("--process-per-site", "--renderer-process-limit=1", "--disable-site-isolation-trials")
"""All windows look at one site: a process for each page that is opened takes a sixth more."""


@pytest.fixture(scope="module")
def databank(demo_databank: Databank) -> Databank:
    with app(demo_databank) as geheel:
        richt_regio_in(geheel)
    return demo_databank


@pytest.fixture(scope="module")
def deur(databank: Databank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deur]:
    datamap: Path = tmp_path_factory.mktemp("scherm")
    with open_deur(databank, datamap, missers_per_minuut=0) as open_:
        yield open_


@pytest.fixture(scope="module")
def leerlingen(deur: Deur) -> dict[str, UUID]:
    """Give the pupils of the school by name."""
    return vul_school(deur)


@pytest.fixture(scope="session")
def chromium() -> Iterator[tuple[Vensters, asyncio.AbstractEventLoop]]:
    """Give the windows of the one browser of this process, and the loop by which it is driven."""
    plek = next((pad for naam in _CHROMIUM if (pad := shutil.which(naam))), None)
    if plek is None:
        zin = "There is no Chromium here; on Debian: apt-get install chromium-headless-shell"
        pytest.fail(zin) if os.environ.get("CI") else pytest.skip(zin)
    playwright = sync_playwright().start()
    lus = asyncio.get_running_loop()
    browser = playwright.chromium.launch(executable_path=plek, args=_EEN_PROCES)
    yield Vensters(browser), lus
    asyncio._set_running_loop(lus)
    browser.close()
    playwright.stop()


@pytest.fixture(scope="module")
def vensters(chromium: tuple[Vensters, asyncio.AbstractEventLoop]) -> Iterator[Vensters]:
    """Give the windows to a module: the driver's loop runs in this thread, where other modules run one of their own."""
    vensters, lus = chromium
    asyncio._set_running_loop(lus)
    yield vensters
    asyncio._set_running_loop(None)


@pytest.fixture
def kijk(deur: Deur, vensters: Vensters) -> Iterator[Callable[..., Kijker]]:
    """Open windows, each with cookies of its own; at the end nothing may have gone wrong in any of them."""
    open_: list[Kijker] = []

    def open_venster(*, breedte: int = 1280, schema: str = "light", met_script: bool = True) -> Kijker:
        open_.append(Kijker(vensters, deur.adres, breedte=breedte, schema=schema, met_script=met_script))
        return open_[-1]

    yield open_venster
    for een in open_:
        een.sluit()


@pytest.fixture
def zonder(deur: Deur) -> Iterator[Zonder]:
    een = Zonder(deur)
    with een.client:
        yield een


@pytest.fixture
def school(zonder: Zonder) -> Leverancier:
    return Leverancier(zonder)
