"""A connection that does not wait for ever: a request's headers must be there in time, and may not be endless."""

import asyncio
from typing import Any, ClassVar, Final
from uuid import uuid4

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from overstap.adapters.http.poort import VAST
from overstap.adapters.http.problemen import Probleem, antwoord
from overstap.adapters.http.samen import Samen

GEDULD: Final = 10.0
"""In how many seconds the headers of a request must be there."""
GROOTST: Final = 65_536
"""How many bytes the first line and the headers may have together."""

_TE_GROOT: Final = Probleem("koppen-te-groot", f"De kopregels mogen samen hoogstens {GROOTST} bytes zijn.")
_GEEN_HTTP: Final = Probleem("ongeldige-invoer", "Dit is geen verzoek in HTTP.")


class Verbinding(HttpToolsProtocol):
    """uvicorn's own, which limits neither, and sends the head of an answer apart."""

    geduld: ClassVar[float] = GEDULD

    def __init__(self, *args: Any, **wat: Any) -> None:  # noqa: ANN401  # as uvicorn has it
        super().__init__(*args, **wat)
        self._wekker: asyncio.TimerHandle | None = None
        self._omvang = 0
        self._bezwaar = _GEEN_HTTP

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self.transport = Samen(transport, self.loop)  # type: ignore[assignment]  # what uvicorn uses of one
        self._wacht_op_koppen()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._wacht_niet()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in what comes."""
        super().data_received(data)  # which may begin a request, and end its headers
        self._omvang += len(data)
        if self._wekker is not None and self._omvang > GROOTST:
            self._weiger(_TE_GROOT)

    def on_message_begin(self) -> None:
        """Begin to wait for the headers of a request."""
        super().on_message_begin()
        self._wacht_op_koppen()

    def on_headers_complete(self) -> None:
        """See to it that they are not too many; the rest of the request is the gate's to wait for."""
        self._wacht_niet()
        if len(self.url) + sum(len(naam) + len(waarde) for naam, waarde in self.headers) > GROOTST:
            self._bezwaar = _TE_GROOT
            raise ValueError("headers")  # the parser stops, and send_400_response is asked for
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # as uvicorn has it
        """Say that this is no request."""
        self._weiger(self._bezwaar)

    def _wacht_op_koppen(self) -> None:
        self._wacht_niet()
        self._omvang = 0
        self._wekker = self.loop.call_later(self.geduld, self._te_traag)

    def _wacht_niet(self) -> None:
        if self._wekker is not None:
            self._wekker.cancel()
            self._wekker = None

    def _te_traag(self) -> None:
        if self._omvang:
            self._weiger(Probleem("te-traag", f"De kopregels waren na {self.geduld:.0f} s niet binnen."))
        else:
            self.transport.close()  # who said nothing is told nothing

    def _weiger(self, probleem: Probleem) -> None:
        self._wacht_niet()
        if self.transport.is_closing():
            return
        correlatie = str(uuid4())
        gegeven = antwoord(probleem, "", correlatie)
        gegeven.headers.update({**VAST, "X-Correlation-Id": correlatie})
        koppen = b"".join(b"%b: %b\r\n" % een for een in gegeven.raw_headers)
        regel = b"HTTP/1.1 %d Refused\r\n" % gegeven.status_code
        self.transport.write(regel + koppen + b"connection: close\r\n\r\n" + bytes(gegeven.body))
        self.transport.close()
