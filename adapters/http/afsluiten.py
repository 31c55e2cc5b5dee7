"""Hear in time that this process must stop: streams that go on would keep the server waiting for them."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Final

_TEKENS: Final = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def bij_stopteken(doe: Callable[[], None]) -> Iterator[None]:
    """Do something, in this event loop, as soon as SIGINT or SIGTERM comes; what the server does then goes on.

    Outside the main thread no signal is heard, and nothing is done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    lus = asyncio.get_running_loop()

    def hoor(vorige: Callable[[int, FrameType | None], object]) -> Callable[[int, FrameType | None], None]:
        def bij_teken(nummer: int, plek: FrameType | None) -> None:
            lus.call_soon_threadsafe(doe)
            vorige(nummer, plek)

        return bij_teken

    vorige = {teken: signal.getsignal(teken) for teken in _TEKENS}
    for teken, wat in vorige.items():
        if callable(wat):
            signal.signal(teken, hoor(wat))
    try:
        yield
    finally:
        for teken, wat in vorige.items():
            signal.signal(teken, wat)
