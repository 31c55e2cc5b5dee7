"""A browser without scripts, of which every answer can be looked at."""

import re

import httpx

from tests.adapters.http.deur import ZONDER_TLS, Deur

_WISSELEND = re.compile(r'name="(?:sleutel|merk)" value="[0-9a-f]*"')


class Zonder:
    """One session: what it is given it sends back, a secure cookie on loopback too, as a browser does."""

    def __init__(self, deur: Deur) -> None:
        self.client = httpx.Client(base_url=deur.adres, timeout=20, headers={"Accept": "text/html"}, verify=ZONDER_TLS)

    def meld_aan(self, rol: str, organisatie: str, **anders: str) -> httpx.Response:
        velden = {"rol": rol, "organisatie": organisatie, **anders}
        antwoord = self.client.post("/aanmelden", data=velden)
        for koekje in antwoord.headers.get_list("set-cookie"):
            assert "; Secure" in koekje
            assert "; HttpOnly" in koekje
            assert "; SameSite=lax" in koekje
            naam, _, waarde = koekje.partition(";")[0].partition("=")
            self.client.headers["cookie"] = f"{naam}={waarde}"
        return antwoord

    def merk(self) -> str:
        gevonden = re.search(r'name="merk" value="([0-9a-f]+)"', self.client.get("/").text)
        assert gevonden
        return gevonden[1]

    @staticmethod
    def eender(blad: str) -> str:
        """Give a page without what is new each time."""
        return _WISSELEND.sub("", blad)
