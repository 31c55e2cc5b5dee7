"""A process that stops when the one that began it is gone, however that went: nobody else would tell it to."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI


def stop_met_de_ouder() -> None:
    """End this process, as SIGTERM does, when the one that began it is gone; what is no such process just goes on."""
    if ouder := parent_process():
        threading.Thread(target=_stop_met, args=(ouder.sentinel,), name="ouder", daemon=True).start()


@dataclass(frozen=True)
class MetOuder:
    """Makes the application in a process that ends with the one that began it; it can be sent there."""

    maak: "Callable[[], FastAPI]"

    def __call__(self) -> "FastAPI":
        """Make it."""
        stop_met_de_ouder()
        return self.maak()


def _stop_met(ouder: int) -> None:
    wait([ouder])
    os.kill(os.getpid(), signal.SIGTERM)
