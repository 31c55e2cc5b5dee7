"""A browser without scripts: it sends forms as they came, and every answer can be looked at."""

import contextlib
import re
from collections.abc import Iterator

import httpx

from tests.adapters.http.deur import ZONDER_TLS, Deur


class ZonderScript:
    """Somebody who signed in, with cookies of his own."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def ga(self, pad: str) -> str:
        antwoord = self.client.get(pad)
        assert antwoord.status_code == 200, (pad, antwoord.status_code, antwoord.text)
        return antwoord.text

    def merk(self) -> str:
        gevonden = re.search(r'name="merk" value="([0-9a-f]+)"', self.ga("/"))
        assert gevonden
        return gevonden[1]

    def stuur(self, pad: str, **velden: str) -> httpx.Response:
        return self.client.post(pad, data={"merk": self.merk(), **velden})

    def verborgen(self, pad: str, naam: str) -> str:
        """Give the value of a hidden field of a page."""
        gevonden = re.search(rf'name="{naam}" value="([^"]*)"', self.ga(pad))
        assert gevonden, (pad, naam)
        return gevonden[1]


@contextlib.contextmanager
def zonder_script(deur: Deur, rol: str, organisatie: str) -> Iterator[ZonderScript]:
    with httpx.Client(base_url=deur.adres, timeout=20, headers={"Accept": "text/html"}, verify=ZONDER_TLS) as client:
        antwoord = client.post("/aanmelden", data={"rol": rol, "organisatie": organisatie})
        assert antwoord.status_code == 303, antwoord.text
        [koekje] = antwoord.headers.get_list("set-cookie")
        client.headers["cookie"] = koekje.partition(";")[0]
        yield ZonderScript(client)
