"""Run the front door: uvicorn, one process or more behind one socket, and a stop that finishes what was promised."""

import logging
import socket

import structlog
import uvicorn
from msgspec.structs import replace
from uvicorn.supervisors import Multiprocess

from overstap.adapters.http.opties import Opties
from overstap.adapters.http.proef import GeenProef, is_eigen_machine
from overstap.adapters.http.toepassing import Maker
from overstap.adapters.instellingen import Instellingen

_AFRONDEN = 30
"""For so many seconds a stopping process finishes the requests it has."""
_STIL = 20
"""After so many seconds without a request a connection is closed."""
_WACHTRIJ = 2_048


def bedien(opties: Opties, instellingen: Instellingen) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        GeenProef: when the trial would listen to other machines.

    """
    if opties.is_proef and not is_eigen_machine(opties.host):
        raise GeenProef("De proef luistert alleen op deze machine zelf: laat --host weg, of geef 127.0.0.1.")
    with _luister(opties) as luisterend:
        poort = luisterend.getsockname()[1]
        opties = replace(opties, poort=poort)
        config = uvicorn.Config(
            Maker(opties, instellingen),
            factory=True,
            workers=opties.werkers,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=_STIL,
            timeout_graceful_shutdown=_AFRONDEN,
        )
        structlog.get_logger().info("luistert", url=opties.adres, werkers=opties.werkers, proef=opties.is_proef)
        logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
        if opties.werkers > 1:
            Multiprocess(config, sockets=[luisterend]).run()
        else:
            uvicorn.Server(config).run(sockets=[luisterend])


def _luister(opties: Opties) -> socket.socket:
    soort = socket.AF_INET6 if ":" in opties.host else socket.AF_INET
    luisterend = socket.socket(soort, socket.SOCK_STREAM)
    luisterend.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    luisterend.bind((opties.host, opties.poort))
    luisterend.listen(_WACHTRIJ)
    luisterend.set_inheritable(True)
    return luisterend
