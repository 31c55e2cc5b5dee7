"""Run the front door: uvicorn, one process or more behind one socket, and a stop that finishes what was promised."""

import contextlib
import logging
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

import structlog
import uvicorn
from msgspec.structs import replace
from uvicorn.supervisors import Multiprocess

from overstap.adapters.http.grens import Grenssoort, maak_bestand
from overstap.adapters.http.luisteren import DienstOnmogelijk, luister
from overstap.adapters.http.metingen import MAP as METINGEN
from overstap.adapters.http.opties import Opties
from overstap.adapters.http.ouder import MetOuder
from overstap.adapters.http.proef import GeenProef, is_eigen_machine
from overstap.adapters.http.toepassing import Maker
from overstap.adapters.http.verbinding import Verbinding
from overstap.adapters.instellingen import Instellingen

_AFRONDEN = 30
"""For so many seconds a stopping process finishes the requests it has."""
_STIL = 20
"""After so many seconds without a request a connection is closed."""
_NIET_BEGONNEN = 3  # how a process of uvicorn ends that could not begin


def bedien(opties: Opties, instellingen: Instellingen, luisterend: socket.socket | None = None) -> None:
    """Serve until SIGTERM or SIGINT; luisterend is where to listen when that was opened already.

    Raises:
        GeenProef: when the trial would listen to other machines.
        DienstOnmogelijk: when it could not begin.

    """
    if opties.is_proef and not is_eigen_machine(opties.host):
        raise GeenProef("De proef luistert alleen op deze machine zelf: laat --host weg, of geef 127.0.0.1.")
    with contextlib.ExitStack() as stapel:
        deur = stapel.enter_context(luisterend or luister(opties))
        opties = replace(opties, poort=deur.getsockname()[1])
        if opties.werkers > 1:
            opties = replace(opties, gedeeld=_deel(stapel))
        config = uvicorn.Config(
            MetOuder(Maker(opties, instellingen)) if opties.werkers > 1 else Maker(opties, instellingen),
            factory=True,
            workers=opties.werkers,
            loop="uvloop",
            http=Verbinding,
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
        # uvicorn raises the signal again when all is finished; a stop that was asked for is no failure.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        if opties.werkers > 1:
            processen = Multiprocess(config, sockets=[deur])
            processen.run()
            begon = all(een.exitcode != _NIET_BEGONNEN for een in processen.processes)
        else:
            server = uvicorn.Server(config)
            with contextlib.suppress(SystemExit):
                server.run(sockets=[deur])
            begon = server.started
        if not begon:
            raise DienstOnmogelijk("De dienst kon niet beginnen; de logregel hierboven zegt waarom.")


def _deel(stapel: contextlib.ExitStack) -> Path:
    """Make a folder for what the processes share: what they measured, and how much each caller asked."""
    map_ = Path(stapel.enter_context(tempfile.TemporaryDirectory(prefix="overstap-samen-")))
    os.environ[METINGEN] = str(map_)
    for soort in Grenssoort:
        maak_bestand(map_ / soort)
    return map_
