"""The front door beside a demo: a process of its own, which ends with the one that began it."""

import contextlib
import errno
import signal
import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from typing import Final

from msgspec.structs import replace

from overstap.adapters.http.bedienen import DienstOnmogelijk, bedien, luister
from overstap.adapters.http.opties import Opties
from overstap.adapters.http.ouder import stop_met_de_ouder
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.telemetry import richt_in

_GEDULD: Final = 120.0
"""In so many seconds it must answer."""
_EVEN: Final = 0.1
_NETJES: Final = 40.0
"""In so many seconds it finishes what it promised."""


@contextlib.contextmanager
def bediend_ernaast(opties: Opties, instellingen: Instellingen) -> Iterator[str]:
    """Serve as long as the `with` lasts, at a free port when that of the options is taken; give the address.

    Raises:
        DienstOnmogelijk: when it could not begin; a line of log said why.

    """
    with luister_waar_het_kan(opties) as luisterend:
        opties = replace(opties, poort=luisterend.getsockname()[1])
        # A fresh process: a fork would take over connections and threads of this one.
        proces = get_context("spawn").Process(target=_bedien, args=(opties, instellingen, luisterend), name="scherm")
        with zonder_ctrl_c():
            proces.start()
    try:
        _wacht_op_antwoord(opties, proces)
        yield opties.adres
    finally:
        proces.terminate()
        proces.join(_NETJES)
        if proces.is_alive():
            proces.kill()
            proces.join()


def luister_waar_het_kan(opties: Opties) -> socket.socket:
    """Listen at the port of the options, or at a free one when somebody else has that."""
    try:
        return luister(opties)
    except OSError as fout:
        if fout.errno != errno.EADDRINUSE:
            raise
        return luister(replace(opties, poort=0))


@contextlib.contextmanager
def zonder_ctrl_c() -> Iterator[None]:
    """Begin processes that Ctrl-C does not reach: this one hears it and tells them, however far they are."""
    vorige = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, vorige)


def _wacht_op_antwoord(opties: Opties, proces: SpawnProcess) -> None:
    einde = time.monotonic() + _GEDULD
    while proces.is_alive() and time.monotonic() < einde:
        with contextlib.suppress(OSError, HTTPException):
            verbinding = HTTPConnection(opties.host, opties.poort, timeout=_GEDULD)
            with contextlib.closing(verbinding):
                verbinding.request("GET", "/v1/gezondheid/ready")
                if verbinding.getresponse().status == 200:  # noqa: PLR2004
                    return
        proces.join(_EVEN)
    raise DienstOnmogelijk("Het scherm kon niet beginnen; de logregel hierboven zegt waarom.")


def _bedien(opties: Opties, instellingen: Instellingen, luisterend: socket.socket) -> None:
    richt_in(instellingen.logniveau)
    stop_met_de_ouder()
    bedien(opties, instellingen, luisterend)
