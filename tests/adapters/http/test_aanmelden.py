"""People sign in at a real OpenID provider; whatever is not exactly right gets nobody in."""

import time
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from overstap.adapters.app import App
from overstap.adapters.http.identiteit.sessies import KOEKJE, POGING
from overstap.adapters.http.identiteit.wie import account_van
from overstap.adapters.postgres.databank import Databank
from overstap.domain.rollen import Rol
from tests.adapters.http.deur import ZONDER_TLS, Deur, open_deur
from tests.adapters.http.rollen import geef_rol
from tests.adapters.http.uitgever import EigenUitgever, echte_provider, eigen_uitgever, schrijf_uitgevers
from tests.adapters.opstelling import HOOFDSLEUTEL, SCHOOL, opgevoerd

_SUB = "lena"
_PGNS = iter(range(740_000_000, 749_999_999))


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with echte_provider() as issuer:
        httpx.put(f"{issuer}/users/{_SUB}", json={"brin": SCHOOL}, verify=ZONDER_TLS).raise_for_status()
        yield issuer


@pytest.fixture(scope="module")
def vals() -> Iterator[EigenUitgever]:
    with eigen_uitgever() as uitgever:
        yield uitgever


@pytest.fixture(scope="module")
def deur(
    databank: Databank, provider: str, vals: EigenUitgever, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deur]:
    datamap = tmp_path_factory.mktemp("aanmelden")
    geheim = datamap / "client-geheim"
    geheim.write_text("niet-echt-geheim", encoding="utf-8")
    tabel = {"client_id": "overstap", "client_geheim_bestand": str(geheim), "claim": "brin"} | {
        "organisaties": {SCHOOL: SCHOOL}
    }
    uitgevers = schrijf_uitgevers(
        datamap / "uitgevers.toml", {"issuer": provider, **tabel}, {"issuer": vals.issuer, **tabel}
    )
    with open_deur(databank, datamap, uitgevers=uitgevers, missers_per_minuut=0) as open_:
        yield open_


class Browser:
    """Keeps our cookies, also the secure ones on loopback, and follows nothing by itself."""

    def __init__(self, deur: Deur) -> None:
        self.deur = deur
        self.koekjes: dict[str, str] = {}

    def ga(self, adres: str, **vraag: str) -> httpx.Response:
        koek = "; ".join(f"{naam}={waarde}" for naam, waarde in self.koekjes.items())
        antwoord = httpx.get(
            adres if "://" in adres else self.deur.adres + adres,
            params=vraag or None,
            headers={"Cookie": koek},
            verify=ZONDER_TLS,
        )
        for kop in antwoord.headers.get_list("set-cookie"):
            naam, _, waarde = kop.partition(";")[0].partition("=")
            assert {"secure", "httponly", "samesite=lax"} <= {een.strip().lower() for een in kop.split(";")}
            self.koekjes[naam] = waarde.strip('"')
        return antwoord

    def begin(self, issuer: str) -> dict[str, str]:
        antwoord = self.ga("/v1/aanmelden", uitgever=issuer, naar="/v1/sessie")
        assert antwoord.status_code == 303, antwoord.text
        delen = urlsplit(antwoord.headers["Location"])
        return {naam: waarden[0] for naam, waarden in parse_qs(delen.query).items()}

    def code(self, issuer: str, vraag: dict[str, str]) -> dict[str, str]:
        antwoord = httpx.post(f"{issuer}/oauth2/authorize", params=vraag, data={"sub": _SUB}, verify=ZONDER_TLS)
        return {naam: w[0] for naam, w in parse_qs(urlsplit(antwoord.headers["Location"]).query).items()}


@pytest.fixture
def browser(deur: Deur) -> Browser:
    return Browser(deur)


def test_who_signs_in_works_in_the_role_that_his_organisation_gave_him(
    browser: Browser, provider: str, geheel: App
) -> None:
    geef_rol(geheel, SCHOOL, account_van(HOOFDSLEUTEL, provider, _SUB), Rol.VO_BEHEERDER, bij=browser.deur)
    vraag = browser.begin(provider)
    assert (vraag["code_challenge_method"], len(vraag["state"]), len(vraag["nonce"])) == ("S256", 43, 43)
    terug = browser.ga("/v1/aanmelden/terug", **browser.code(provider, vraag))
    assert (terug.status_code, terug.headers["Location"]) == (303, "/v1/sessie"), terug.text
    assert browser.ga("/v1/sessie").json()["rol"] == "vo_beheerder"
    assert browser.ga(f"/v1/overstappen/{opgevoerd(geheel, str(next(_PGNS)))}").status_code == 200


def test_who_signs_out_is_nobody_again(browser: Browser, provider: str) -> None:
    browser.ga("/v1/aanmelden/terug", **browser.code(provider, browser.begin(provider)))
    koek = {"Cookie": f"{KOEKJE}={browser.koekjes[KOEKJE]}"}
    assert httpx.post(f"{browser.deur.adres}/v1/afmelden", headers=koek, verify=ZONDER_TLS).status_code == 204
    assert httpx.get(f"{browser.deur.adres}/v1/sessie", headers=koek, verify=ZONDER_TLS).status_code == 401


def test_a_wrong_state_gets_nobody_in(browser: Browser, provider: str) -> None:
    gekregen = browser.code(provider, browser.begin(provider))
    terug = browser.ga("/v1/aanmelden/terug", code=gekregen["code"], state="een-andere")
    assert (terug.status_code, KOEKJE in browser.koekjes) == (401, False)


def test_another_browser_cannot_use_the_code(browser: Browser, deur: Deur, provider: str) -> None:
    gekregen = browser.code(provider, browser.begin(provider))
    assert Browser(deur).ga("/v1/aanmelden/terug", **gekregen).status_code == 401


def test_a_code_that_was_used_gets_nobody_in_again(browser: Browser, provider: str) -> None:
    gekregen = browser.code(provider, browser.begin(provider))
    poging = browser.koekjes[POGING]
    assert browser.ga("/v1/aanmelden/terug", **gekregen).status_code == 303
    browser.koekjes = {POGING: poging}
    assert browser.ga("/v1/aanmelden/terug", **gekregen).status_code == 401


def _vals(browser: Browser, vals: EigenUitgever, **anders: object) -> int:
    vraag = browser.begin(vals.issuer)
    claims = {"aud": "overstap", "sub": _SUB, "brin": SCHOOL, "nonce": vraag["nonce"], **anders}
    vals.antwoord = lambda _velden: vals.token(claims)
    return browser.ga("/v1/aanmelden/terug", code="x", state=vraag["state"]).status_code


def test_what_is_exactly_right_gets_in(browser: Browser, vals: EigenUitgever) -> None:
    assert _vals(browser, vals) == 303


@pytest.mark.parametrize(
    "anders",
    [
        {"nonce": "een-andere"},
        {"aud": "een-ander"},
        {"iss": "https://elders.example"},
        {"exp": 1_700_000_000},
        {"azp": "een-ander"},
        {"brin": "98ZZ"},
    ],
    ids=lambda een: next(iter(een)),
)
def test_one_claim_that_is_not_right_gets_nobody_in(
    browser: Browser, vals: EigenUitgever, anders: dict[str, object]
) -> None:
    assert (_vals(browser, vals, **anders), KOEKJE in browser.koekjes) == (401, False)


@pytest.mark.parametrize("hoe", ["alg none", "foreign key"])
def test_an_id_token_that_the_issuer_did_not_sign_gets_nobody_in(
    browser: Browser, vals: EigenUitgever, hoe: str
) -> None:
    vraag = browser.begin(vals.issuer)
    claims = {"aud": "overstap", "sub": _SUB, "brin": SCHOOL, "nonce": vraag["nonce"]}
    if hoe == "alg none":
        nu = int(time.time())
        vals.antwoord = lambda _velden: jwt.encode(
            {"iss": vals.issuer, "iat": nu, "exp": nu + 300, **claims}, "", algorithm="none"
        )
    else:
        vals.antwoord = lambda _velden: vals.token(claims, sleutel=generate_private_key(65537, 2048))
    assert browser.ga("/v1/aanmelden/terug", code="x", state=vraag["state"]).status_code == 401
    assert KOEKJE not in browser.koekjes


def test_the_verifier_that_proves_who_began_goes_with_the_code(browser: Browser, vals: EigenUitgever) -> None:
    vraag = browser.begin(vals.issuer)
    gekregen: dict[str, str] = {}

    def onthoud(velden: Mapping[str, str]) -> str:
        gekregen.update(velden)
        return ""

    vals.antwoord = onthoud
    browser.ga("/v1/aanmelden/terug", code="x", state=vraag["state"])
    assert len(gekregen["code_verifier"]) == 43
    assert gekregen["redirect_uri"] == f"{browser.deur.adres}/v1/aanmelden/terug"


def test_another_site_cannot_be_gone_to_afterwards(browser: Browser, provider: str) -> None:
    antwoord = browser.ga("/v1/aanmelden", uitgever=provider, naar="//elders.example/")
    vraag = {naam: w[0] for naam, w in parse_qs(urlsplit(antwoord.headers["Location"]).query).items()}
    terug = browser.ga("/v1/aanmelden/terug", **browser.code(provider, vraag))
    assert terug.headers["Location"] == "/"


def test_another_site_cannot_use_a_session_to_change_something(browser: Browser, provider: str) -> None:
    browser.ga("/v1/aanmelden/terug", **browser.code(provider, browser.begin(provider)))
    koppen = {"Cookie": f"{KOEKJE}={browser.koekjes[KOEKJE]}", "Sec-Fetch-Site": "cross-site"}
    assert httpx.post(f"{browser.deur.adres}/v1/afmelden", headers=koppen, verify=ZONDER_TLS).status_code == 403
