"""Let a process that serves erase who has been kept too long: `with bewakend(...)`, in a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import structlog

from overstap.adapters.app import App
from overstap.adapters.wissen.bewaartermijn import aan_de_beurt, ruim_op, vat_samen, verlopen

_EERST = 5.0
"""After so many seconds it looks for the first time: what starts has more urgent things to do."""
_GEDULD = 30.0


def houd_termijn_aan(app: App, maanden: int, lijstmap: Path) -> None:
    """Erase whoever has been kept too long, unless another process is doing so; say in the log what was done."""
    with aan_de_beurt(app) as is_onze_beurt:
        if not is_onze_beurt:
            return
        for een in verlopen(app, maanden):
            wissingen = [wissing for wissing, _ in ruim_op(app, een, maanden, lijstmap)]
            opgeruimd = vat_samen(een, wissingen)
            structlog.get_logger().info(
                "bewaartermijn",
                overstapjaar=opgeruimd.overstapjaar,
                gewist=opgeruimd.gewist,
                geweigerd=opgeruimd.geweigerd,
                wachtbakitems=opgeruimd.wachtbakitems,
            )


@contextmanager
def bewakend(
    open_app: Callable[[], AbstractContextManager[App]], maanden: int, elke: float, lijstmap: Path
) -> Iterator[None]:
    """Look every so many seconds, and once soon after the beginning; a failure is told, and tried again."""
    stop = threading.Event()

    def bewaak() -> None:
        wacht = min(_EERST, elke)
        while not stop.wait(wacht):
            wacht = elke
            try:
                with open_app() as app:
                    houd_termijn_aan(app, maanden, lijstmap)
            except Exception as fout:  # noqa: BLE001  # a watch that ends in silence keeps people for ever
                structlog.get_logger().warning("bewaartermijn_mislukt", fout=type(fout).__name__)

    # A daemon: one that hangs in an attempt to connect does not keep the process from ending.
    draad = threading.Thread(target=bewaak, name="bewaartermijn", daemon=True)
    draad.start()
    try:
        yield
    finally:
        stop.set()
        draad.join(_GEDULD)
