"""Where the front door listens: a socket, opened before there is anything behind it."""

import errno
import socket

from msgspec.structs import replace

from overstap.adapters.http.opties import Opties
from overstap.adapters.postgres.fouten import DatabankFout

_WACHTRIJ = 2_048
_NIET_OPGEHAALD = 60
"""After so many seconds in which the other side takes nothing of what was sent, the connection is gone."""


class DienstOnmogelijk(DatabankFout):
    """The service could not begin; a line of log said why."""


def luister(opties: Opties) -> socket.socket:
    """Open the socket to listen on."""
    soort = socket.AF_INET6 if ":" in opties.host else socket.AF_INET
    luisterend = socket.socket(soort, socket.SOCK_STREAM)
    luisterend.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # A connection takes this over: who was dropped because he took nothing in, does not keep what was sent to him.
    luisterend.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _NIET_OPGEHAALD * 1_000)
    luisterend.bind((opties.host, opties.poort))
    luisterend.listen(_WACHTRIJ)
    luisterend.set_inheritable(True)
    return luisterend


def luister_waar_het_kan(opties: Opties) -> socket.socket:
    """Listen at the port of the options, or at a free one when somebody else has that."""
    try:
        return luister(opties)
    except OSError as fout:
        if fout.errno != errno.EADDRINUSE:
            raise
        return luister(replace(opties, poort=0))
