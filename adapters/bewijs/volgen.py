"""The notary's watch: a checkpoint each time so many events have come, or after a while."""

import time
from collections.abc import Callable
from typing import Any

import psycopg

from overstap.adapters.bewijs.bewaard import Uitgegeven
from overstap.adapters.bewijs.notaris import Notaris
from overstap.adapters.stopteken import Stopteken

_GEDULD = 5.0  # seconds; a poll for when a notification was missed


def onderteken_doorlopend(  # noqa: PLR0913  # what it watches, how often, and whom it tells
    notaris: Notaris,
    luisteraar: psycopg.Connection[Any],
    elke: int,
    seconden: float,
    *,
    stop: Stopteken,
    vooraf: Callable[[], None],
    meld: Callable[[Uitgegeven], None],
) -> None:
    """Sign when `elke` events wait, or the first of them has waited so many seconds; until a sign to stop.

    What waits at the end is signed too. `vooraf` records that there will be signed: its own line is covered by that
    checkpoint, so that it is not itself what there is to sign.

    Raises:
        NotarisWeigert: when something is not right; the watch ends there, for somebody must look.

    """
    # Listen first: what comes in while we look is then announced.
    luisteraar.execute("LISTEN gebeurtenissen")
    sinds: float | None = None
    while True:
        nu, wachtend = time.monotonic(), notaris.wachtend()
        sinds = (sinds or nu) if wachtend else None
        rest = seconden - (nu - sinds) if sinds is not None else _GEDULD
        if wachtend and (wachtend >= elke or rest <= 0 or stop.is_gegeven):
            vooraf()
            if punt := notaris.onderteken():
                meld(punt)
            sinds = None
            continue
        if stop.is_gegeven:
            return
        stop.wacht_op(luisteraar.fileno(), min(rest, _GEDULD))
        for _ in luisteraar.notifies(timeout=0):
            pass
