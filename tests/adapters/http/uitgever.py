"""A real OpenID provider in a process of its own, and one of ours in a thread that signs what it should not."""

import contextlib
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

GEDULD = 20


@contextlib.contextmanager
def echte_provider() -> Iterator[str]:
    """Run oidc-provider-mock on loopback, and give its issuer."""
    with socket.socket() as vrij:
        vrij.bind(("127.0.0.1", 0))
        poort = vrij.getsockname()[1]
    opdracht = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(poort)]
    proces = subprocess.Popen(opdracht, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{poort}"
    try:
        einde = time.monotonic() + GEDULD
        while time.monotonic() < einde:
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(f"{issuer}/jwks", verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)).raise_for_status()
                break
            threading.Event().wait(0.05)
        yield issuer
    finally:
        proces.terminate()
        proces.wait(GEDULD)


class EigenUitgever:
    """An issuer of ours: keys that can be changed, tokens of any content, a token endpoint that gives what it is told.

    antwoord makes the id token from the form that comes in.
    """

    def __init__(self) -> None:
        self.sleutels = {"een": generate_private_key(65537, 2048)}
        self.gevraagd = 0
        self.antwoord: Callable[[Mapping[str, str]], str] = lambda _velden: ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def token(self, claims: Mapping[str, Any], kid: str = "een", sleutel: RSAPrivateKey | None = None) -> str:
        nu = int(time.time())
        alles = {"iss": self.issuer, "iat": nu, "exp": nu + 300, **claims}
        return jwt.encode(alles, sleutel or self.sleutels[kid], algorithm="RS256", headers={"kid": kid})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        eigen = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # as the library calls it
                if self.path == "/jwks":
                    eigen.gevraagd += 1
                    rsa = jwt.algorithms.RSAAlgorithm
                    sleutels = [
                        {**rsa.to_jwk(een.public_key(), as_dict=True), "kid": kid, "use": "sig", "alg": "RS256"}
                        for kid, een in eigen.sleutels.items()
                    ]
                    self._zeg({"keys": sleutels})
                else:
                    adressen = {"authorization_endpoint": "/machtig", "token_endpoint": "/token", "jwks_uri": "/jwks"}
                    self._zeg({"issuer": eigen.issuer, **{naam: eigen.issuer + pad for naam, pad in adressen.items()}})

            def do_POST(self) -> None:  # as the library calls it
                ruw = self.rfile.read(int(self.headers["Content-Length"])).decode()
                velden = dict(httpx.QueryParams(ruw))
                self._zeg({"id_token": eigen.antwoord(velden), "access_token": "x", "token_type": "Bearer"})

            def _zeg(self, inhoud: object) -> None:
                ruw = json.dumps(inhoud).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(ruw)))
                self.end_headers()
                self.wfile.write(ruw)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as the library calls it
                pass

        return Handler


@contextlib.contextmanager
def eigen_uitgever() -> Iterator[EigenUitgever]:
    uitgever = EigenUitgever()
    draad = threading.Thread(target=uitgever.server.serve_forever, daemon=True)
    draad.start()
    try:
        yield uitgever
    finally:
        uitgever.server.shutdown()
        uitgever.server.server_close()
        draad.join(GEDULD)


def schrijf_uitgevers(pad: Path, *uitgevers: Mapping[str, object]) -> Path:
    regels = []
    for een in uitgevers:
        regels.append("[[uitgever]]")
        regels += [f"{naam} = {json.dumps(waarde)}" for naam, waarde in een.items() if not isinstance(waarde, dict)]
        for naam, tabel in een.items():
            if isinstance(tabel, dict):
                regels.append(f"[uitgever.{naam}]")
                regels += [f"{json.dumps(van)} = {json.dumps(naar)}" for van, naar in tabel.items()]
    pad.write_text("\n".join(regels), encoding="utf-8")
    return pad
