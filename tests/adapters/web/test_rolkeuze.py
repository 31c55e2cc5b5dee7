"""Signing in at a real OpenID provider with a real browser, and going on in one of two roles."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from overstap.adapters.app import App
from overstap.adapters.http.identiteit.wie import account_van
from overstap.adapters.postgres.databank import Databank
from overstap.domain.rollen import Rol
from tests.adapters.http.deur import ZONDER_TLS, Deur, open_deur
from tests.adapters.http.rollen import geef_rol
from tests.adapters.http.uitgever import echte_provider, schrijf_uitgevers
from tests.adapters.opstelling import HOOFDSLEUTEL, SCHOOL, VO_BEHEERDER, app
from tests.adapters.web.kijker import Kijker

Kijk = Callable[..., Kijker]
_SUB = "lena"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with echte_provider() as issuer:
        httpx.put(f"{issuer}/users/{_SUB}", json={"brin": SCHOOL}, verify=ZONDER_TLS).raise_for_status()
        yield issuer


@pytest.fixture(scope="module")
def deur(databank: Databank, provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deur]:
    datamap = tmp_path_factory.mktemp("rolkeuze")
    geheim = datamap / "client-geheim"
    geheim.write_text("niet-echt-geheim", encoding="utf-8")
    tabel = {"issuer": provider, "client_id": "overstap", "client_geheim_bestand": str(geheim), "claim": "brin"}
    uitgevers = schrijf_uitgevers(datamap / "uitgevers.toml", {**tabel, "organisaties": {SCHOOL: SCHOOL}})
    with open_deur(databank, datamap, uitgevers=uitgevers, missers_per_minuut=0) as open_:
        yield open_


@pytest.fixture
def geheel(databank: Databank) -> Iterator[App]:
    with app(databank) as een:
        yield een


def test_who_has_two_roles_chooses_one_and_comes_where_he_was_going(
    kijk: Kijk, deur: Deur, provider: str, geheel: App
) -> None:
    account = account_van(HOOFDSLEUTEL, provider, _SUB)
    geef_rol(geheel, SCHOOL, account, Rol.VO_BEHEERDER, bij=deur)
    geef_rol(geheel, SCHOOL, account, Rol.MANAGER, VO_BEHEERDER, bij=deur)
    kijker = kijk()
    kijker.mag = ["asked elsewhere", "ERR_FAILED", "403"]  # the page of the provider is not ours
    kijker.blad.route(lambda adres: "127.0.0.1" not in adres, lambda route: route.abort())
    kijker.ga("/leerlingen?klas=4a")
    kijker.blad.get_by_role("link", name=provider).click()
    kijker.blad.locator('input[name="sub"]').fill(_SUB)
    kijker.blad.get_by_role("button", name="Authorize").click()
    kijker.blad.get_by_role("heading", name="In welke rol gaat u verder?").wait_for()
    assert kijker.ontoegankelijk() == []
    kijker.blad.get_by_role("button", name="Verder als vo-beheerder").click()
    kijker.blad.wait_for_url(f"{deur.adres}/leerlingen?klas=4a")
    kijker.blad.get_by_role("link", name="Andere rol").click()
    kijker.blad.get_by_role("button", name="Verder als manager").click()
    assert "In uw rol ziet u geen personen." in kijker.blad.locator("main").inner_text()


def test_nobody_chooses_a_role_for_somebody_else(deur: Deur) -> None:
    antwoord = deur.client.post("/rol", data={"rol": "manager"}, headers={"Accept": "text/html"})
    assert antwoord.status_code == 403
