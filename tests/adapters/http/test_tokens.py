"""Machines come with a token of their issuer; whatever is not exactly right counts for nothing."""

import asyncio
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from overstap.adapters.app import App
from overstap.adapters.http.identiteit.provider import Provider, nieuwe_client
from overstap.adapters.http.identiteit.uitgevers import Uitgever
from overstap.adapters.http.identiteit.wie import account_van
from overstap.adapters.postgres.databank import Databank
from overstap.domain.rollen import Rol
from tests.adapters.http.deur import Deur, open_deur
from tests.adapters.http.rollen import geef_rol, neem_rol_af
from tests.adapters.http.uitgever import EigenUitgever, eigen_uitgever, schrijf_uitgevers
from tests.adapters.opstelling import HOOFDSLEUTEL, SCHOOL, VO_BEHEERDER

_OIN = "00000001003214345000"
_GOED = {"aud": "overstap-api", "sub": _OIN, "client_id": _OIN}


@pytest.fixture(scope="module")
def uitgever() -> Iterator[EigenUitgever]:
    with eigen_uitgever() as een:
        yield een


@pytest.fixture(scope="module")
def deur(databank: Databank, uitgever: EigenUitgever, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deur]:
    datamap = tmp_path_factory.mktemp("tokens")
    tabel = {"doelgroep": "overstap-api", "claim": "client_id", "organisaties": {_OIN: SCHOOL}}
    bestand = schrijf_uitgevers(datamap / "uitgevers.toml", {"issuer": uitgever.issuer, **tabel})
    with open_deur(databank, datamap, uitgevers=bestand, missers_per_minuut=0) as open_:
        yield open_


@pytest.fixture
def account(uitgever: EigenUitgever, geheel: App, deur: Deur) -> str:
    account = account_van(HOOFDSLEUTEL, uitgever.issuer, _OIN)
    geef_rol(geheel, SCHOOL, account, Rol.VO_BEHEERDER, bij=deur)
    return account


def _klop(deur: Deur, token: str) -> httpx.Response:
    """Ask for a pupil who is not there: 404 is for who got in."""
    return deur.client.get(f"/v1/overstappen/{uuid4()}", headers={"Authorization": f"Bearer {token}"})


def _klop_tot(deur: Deur, token: str, code: str) -> httpx.Response:
    """Ask until a change of roles, made by another process, has come through."""
    einde = time.monotonic() + 20
    while (antwoord := _klop(deur, token)).json()["code"] != code and time.monotonic() < einde:
        time.sleep(0.05)
    return antwoord


@pytest.mark.usefixtures("account")
def test_a_token_of_the_issuer_gets_in(deur: Deur, uitgever: EigenUitgever) -> None:
    assert _klop_tot(deur, uitgever.token(_GOED), "niet_gevonden").status_code == 404


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    "anders",
    [{"aud": "een-ander"}, {"exp": 1_700_000_000}, {"iss": "https://elders.example"}, {"nbf": 4_000_000_000}],
    ids=lambda een: next(iter(een)),
)
def test_one_claim_that_is_not_right_counts_for_nothing(
    deur: Deur, uitgever: EigenUitgever, anders: dict[str, object]
) -> None:
    assert _klop(deur, uitgever.token({**_GOED, **anders})).status_code == 401


@pytest.mark.usefixtures("account")
def test_a_token_without_a_signature_counts_for_nothing(deur: Deur, uitgever: EigenUitgever) -> None:
    alles = {"iss": uitgever.issuer, "exp": int(time.time()) + 300, **_GOED}
    assert _klop(deur, jwt.encode(alles, "", algorithm="none")).status_code == 401


@pytest.mark.usefixtures("account")
def test_a_token_signed_with_a_shared_secret_counts_for_nothing(deur: Deur, uitgever: EigenUitgever) -> None:
    alles = {"iss": uitgever.issuer, "exp": int(time.time()) + 300, **_GOED}
    geheim = "x" * 64
    assert _klop(deur, jwt.encode(alles, geheim, algorithm="HS256", headers={"kid": "een"})).status_code == 401


@pytest.mark.usefixtures("account")
def test_a_token_signed_with_a_foreign_key_counts_for_nothing(deur: Deur, uitgever: EigenUitgever) -> None:
    vreemd = generate_private_key(65537, 2048)
    assert _klop(deur, uitgever.token(_GOED, sleutel=vreemd)).status_code == 401


@pytest.mark.usefixtures("account")
def test_a_key_that_the_issuer_took_into_use_is_found(deur: Deur, uitgever: EigenUitgever) -> None:
    assert _klop_tot(deur, uitgever.token(_GOED), "niet_gevonden").status_code == 404
    for provider in deur.dienst.providers.values():
        provider._gelezen -= 31  # as if half a minute passed
    uitgever.sleutels["twee"] = generate_private_key(65537, 2048)
    assert _klop(deur, uitgever.token(_GOED, "twee")).status_code == 404


@pytest.mark.usefixtures("account")
def test_unknown_keys_do_not_make_us_ask_the_issuer_each_time(deur: Deur, uitgever: EigenUitgever) -> None:
    _klop(deur, uitgever.token(_GOED))
    voor = uitgever.gevraagd
    for _ in range(5):
        assert _klop(deur, uitgever.token(_GOED, "onbekend", uitgever.sleutels["een"])).status_code == 401
    assert uitgever.gevraagd - voor <= 1


def test_many_who_come_at_once_make_us_ask_the_issuer_once(uitgever: EigenUitgever) -> None:
    async def kom_samen() -> None:
        async with nieuwe_client() as client:
            provider = Provider(Uitgever(issuer=uitgever.issuer), client)
            token = uitgever.token(_GOED)
            await asyncio.gather(*(provider.lees(token, "overstap-api") for _ in range(20)))

    voor = uitgever.gevraagd
    asyncio.run(kom_samen())
    assert uitgever.gevraagd - voor == 1


def test_who_has_no_role_is_told_under_which_account_to_ask_for_one(
    deur: Deur, uitgever: EigenUitgever, geheel: App, account: str
) -> None:
    neem_rol_af(geheel, SCHOOL, account, Rol.VO_BEHEERDER, VO_BEHEERDER)
    antwoord = _klop_tot(deur, uitgever.token(_GOED), "account_zonder_rol")
    assert (antwoord.status_code, antwoord.json()["code"]) == (403, "account_zonder_rol")
    assert account in antwoord.json()["detail"]


def test_who_has_two_roles_says_in_which_he_comes(
    deur: Deur, uitgever: EigenUitgever, geheel: App, account: str
) -> None:
    geef_rol(geheel, SCHOOL, account, Rol.DECAAN, VO_BEHEERDER)
    zonder = _klop_tot(deur, uitgever.token(_GOED), "kies_rol")
    assert zonder.json()["code"] == "kies_rol"
    assert _klop(deur, uitgever.token({**_GOED, "scope": "openid rol:decaan"})).status_code == 404
    neem_rol_af(geheel, SCHOOL, account, Rol.DECAAN, VO_BEHEERDER)
