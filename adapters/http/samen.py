"""Send what one turn of the event loop has for a connection at once: the head of an answer leaves with its body."""

import asyncio
from typing import Any


class Samen:
    """The transport of a connection, as a protocol uses it: each write would be a call of the system and a packet."""

    __slots__ = ("_delen", "_lus", "_transport")

    def __init__(self, transport: asyncio.Transport, lus: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._lus = lus
        self._delen: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Write, at the end of this turn."""
        if not self._delen:
            self._lus.call_soon(self._verstuur)
        self._delen.append(data)

    def is_closing(self) -> bool:
        """Tell whether the connection is closed, or will be."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Close, when what was written is sent."""
        self._verstuur()
        self._transport.close()

    def _verstuur(self) -> None:
        delen, self._delen = self._delen, []
        if delen and not self._transport.is_closing():
            self._transport.write(b"".join(delen))

    def __getattr__(self, naam: str) -> Any:  # noqa: ANN401  # whatever else a transport has
        return getattr(self._transport, naam)
