"""An issuer as it is on the net: its addresses and its keys, remembered, and read again when it changes them."""

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import httpx
import jwt
import msgspec

from overstap.adapters.http.identiteit.tokens import Herkend
from overstap.adapters.http.identiteit.uitgevers import Uitgever, is_veilig

ALGORITMEN: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""The signatures that count; none and shared secrets do not."""
SPELING: Final = 30
"""How many seconds clocks may differ."""
_HOUDBAAR: Final = 3_600.0
_TUSSENPOOS: Final = 30.0
"""An unknown key makes us look again, at most once in so many seconds."""
_GROOTST: Final = 1 << 18
_GEDULD: Final = 5.0


class ProviderOnbereikbaar(Exception):
    """The issuer does not answer, or not as OpenID Connect Discovery says."""


class Adressen(msgspec.Struct, frozen=True):
    """What we use of its discovery document."""

    issuer: str
    jwks_uri: str
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None


class Provider:
    """Reads an issuer's discovery document and keys, over a client that follows no redirects."""

    def __init__(
        self, uitgever: Uitgever, client: httpx.AsyncClient, klok: Callable[[], float] = time.monotonic
    ) -> None:
        self.uitgever = uitgever
        self._client = client
        self._klok = klok
        self._adressen: Adressen | None = None
        self._sleutels: dict[str | None, jwt.PyJWK] = {}
        self._herkend: Herkend[tuple[tuple[str, tuple[str, ...]], Mapping[str, Any]]] = Herkend()
        self._gelezen = float("-inf")
        self._slot = asyncio.Lock()

    async def adressen(self) -> Adressen:
        """Give its addresses.

        Raises:
            ProviderOnbereikbaar: when it does not give them, or they are another issuer's.

        """
        if self._adressen is None:
            adres = self.uitgever.issuer.rstrip("/") + "/.well-known/openid-configuration"
            try:
                gevonden = msgspec.json.decode(await self._haal(adres), type=Adressen)
            except msgspec.DecodeError:
                raise ProviderOnbereikbaar("Het discovery-document van de uitgever is niet te lezen.") from None
            plaatsen = (gevonden.jwks_uri, gevonden.authorization_endpoint, gevonden.token_endpoint)
            if gevonden.issuer != self.uitgever.issuer or not all(is_veilig(een) for een in plaatsen if een):
                raise ProviderOnbereikbaar("Het discovery-document hoort bij een andere uitgever.")
            self._adressen = gevonden
        return self._adressen

    async def lees(self, token: str, doelgroep: str, verplicht: tuple[str, ...] = ()) -> Mapping[str, Any]:
        """Give the claims of a token of this issuer for this audience.

        Raises:
            InvalidTokenError: when its signature, issuer, audience or time is not right.
            ProviderOnbereikbaar: when its keys cannot be read.

        """
        if (bekend := self._herkend.geef(token)) is not None and bekend[0] == (doelgroep, verplicht):
            return bekend[1]
        kop = jwt.get_unverified_header(token)
        if kop.get("alg") not in ALGORITMEN:
            raise jwt.InvalidAlgorithmError("alg")
        sleutel = await self._sleutel(kop.get("kid"))
        if sleutel is None or (sleutel.algorithm_name != kop["alg"] and sleutel.key_type != "RSA"):
            raise jwt.InvalidKeyError("kid")
        inhoud: dict[str, Any] = jwt.decode(
            token,
            sleutel.key,
            algorithms=[kop["alg"]],
            audience=doelgroep,
            issuer=self.uitgever.issuer,
            leeway=SPELING,
            options={"require": ["iss", "aud", "exp", *verplicht]},
        )
        self._herkend.bewaar(token, ((doelgroep, verplicht), inhoud), inhoud["exp"])
        return inhoud

    async def wissel(self, velden: Mapping[str, str]) -> Mapping[str, Any]:
        """Exchange a code for tokens, as ourselves.

        Raises:
            ProviderOnbereikbaar: when the issuer does not answer.
            InvalidTokenError: when it refuses the code.

        """
        adres = (await self.adressen()).token_endpoint
        if adres is None:
            raise ProviderOnbereikbaar("De uitgever noemt geen adres om een code in te wisselen.")
        geheim = self.uitgever.geheim()
        wie = httpx.BasicAuth(self.uitgever.client_id or "", geheim) if geheim else None
        gegeven = {**velden, "client_id": self.uitgever.client_id or ""}
        try:
            antwoord = await self._client.post(adres, data=gegeven, auth=wie or httpx.USE_CLIENT_DEFAULT)
        except httpx.HTTPError as fout:
            raise ProviderOnbereikbaar("De uitgever antwoordt niet.") from fout
        if antwoord.status_code != httpx.codes.OK:
            raise jwt.InvalidTokenError("code")
        try:
            inhoud: dict[str, Any] = msgspec.json.decode(antwoord.content, type=dict[str, Any])
        except msgspec.DecodeError:
            raise ProviderOnbereikbaar("De uitgever antwoordt onverstaanbaar.") from None
        return inhoud

    async def _sleutel(self, kid: str | None) -> jwt.PyJWK | None:
        if self._is_te_lezen(kid):
            async with self._slot:
                if self._is_te_lezen(kid):  # who came first has not read them meanwhile
                    await self._lees_sleutels()
        if kid is None and len(self._sleutels) == 1:
            return next(iter(self._sleutels.values()))
        return self._sleutels.get(kid)

    def _is_te_lezen(self, kid: str | None) -> bool:
        oud = self._klok() - self._gelezen
        return oud > _HOUDBAAR or (kid not in self._sleutels and oud > _TUSSENPOOS)

    async def _lees_sleutels(self) -> None:
        try:
            gevonden = jwt.PyJWKSet.from_json((await self._haal((await self.adressen()).jwks_uri)).decode())
        except (jwt.PyJWKSetError, UnicodeDecodeError, ValueError):
            raise ProviderOnbereikbaar("De sleutels van de uitgever zijn niet te lezen.") from None
        except ProviderOnbereikbaar:
            if not self._sleutels:
                raise
            return  # those we know still count
        self._gelezen = self._klok()
        self._herkend.vergeet()
        self._sleutels = {een.key_id: een for een in gevonden.keys if een.public_key_use in {None, "sig"}}

    async def _haal(self, adres: str) -> bytes:
        try:
            async with self._client.stream("GET", adres) as antwoord:
                antwoord.raise_for_status()
                ruw = b""
                async for stuk in antwoord.aiter_bytes():
                    ruw += stuk
                    if len(ruw) > _GROOTST:
                        raise ProviderOnbereikbaar("De uitgever zegt te veel.")
                return ruw
        except httpx.HTTPError as fout:
            raise ProviderOnbereikbaar("De uitgever antwoordt niet.") from fout


def nieuwe_client() -> httpx.AsyncClient:
    """Give the client by which issuers are asked."""
    return httpx.AsyncClient(timeout=_GEDULD, follow_redirects=False, trust_env=False, verify=_vertrouwd())


@cache
def _vertrouwd() -> ssl.SSLContext:
    """Read the certificates that we trust once; there are a hundred and fifty."""
    return httpx.create_ssl_context(trust_env=False)
