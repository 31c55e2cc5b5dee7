"""Somebody who signed in, without a browser: pages as they come, and forms as they are sent."""

from typing import Self

import httpx

from tests.adapters.http.deur import Deur
from tests.adapters.web.zonder import Zonder


class Ingelogd(Zonder):
    """A role of the trial."""

    def __init__(self, deur: Deur, rol: str, organisatie: str = "21") -> None:
        super().__init__(deur)
        antwoord = self.meld_aan(rol, organisatie)
        assert antwoord.status_code == httpx.codes.SEE_OTHER, antwoord.text
        self._merk = self.merk()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def blad(self, pad: str) -> str:
        antwoord = self.client.get(pad)
        assert antwoord.status_code == httpx.codes.OK, antwoord.text
        return antwoord.text

    def status(self, pad: str) -> int:
        return self.client.get(pad).status_code

    def stuur(self, pad: str, **velden: str) -> httpx.Response:
        return self.client.post(pad, data={"merk": self._merk, **velden})
