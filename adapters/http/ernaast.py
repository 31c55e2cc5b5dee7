"""The front door beside a demo: a process of its own, which ends with the one that began it."""

import contextlib
import signal
import socket
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.reduction import recv_handle, send_handle
from typing import Any, Final

from msgspec.structs import replace

from overstap.adapters.http.luisteren import DienstOnmogelijk, luister_waar_het_kan
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
def klaargezet(instellingen: Instellingen) -> Iterator[Callable[[Opties], str]]:
    """Begin a process that is to serve, and give what lets it do so: to read its program takes longer than to begin.

    Called, that serves as long as the `with` lasts, at a free port when that of the options is taken, and gives the
    address.

    Raises:
        DienstOnmogelijk: when called, and it could not begin; a line of log said why.

    """
    # A fresh process: a fork would take over connections and threads of this one.
    los = get_context("spawn")
    hier, daar = los.Pipe()
    proces = los.Process(target=_bedien, args=(instellingen, daar), name="scherm")
    with zonder_ctrl_c():
        proces.start()
    daar.close()

    def bedien_nu(opties: Opties) -> str:
        with luister_waar_het_kan(opties) as luisterend, contextlib.suppress(ConnectionError):
            opties = replace(opties, poort=luisterend.getsockname()[1])
            hier.send(opties)
            send_handle(hier, luisterend.fileno(), proces.pid)
        _wacht_op_antwoord(opties, proces)
        return opties.adres

    try:
        yield bedien_nu
    finally:
        hier.close()
        proces.terminate()
        proces.join(_NETJES)
        if proces.is_alive():
            proces.kill()
            proces.join()


@contextlib.contextmanager
def zonder_ctrl_c() -> Iterator[None]:
    """Begin processes that Ctrl-C does not reach: this one hears it and tells them, however far they are."""
    # The first process begins Python's own tracker too, and that lets through again what is held back here.
    resource_tracker.ensure_running()
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


def _bedien(instellingen: Instellingen, lijn: "Connection[Any, Any]") -> None:
    richt_in(instellingen.logniveau)
    stop_met_de_ouder()
    from overstap.adapters.http.bedienen import bedien  # noqa: PLC0415 - all that is served, which only this one needs

    try:
        opties = lijn.recv()
    except EOFError:
        return
    bedien(opties, instellingen, socket.socket(fileno=recv_handle(lijn)))
