"""Keep Python's search for cycles off work that makes millions of small values and no cycles."""

import contextlib
import gc
from collections.abc import Iterator

ZELDEN = 100_000
"""After so many containers made and kept Python looks for cycles, instead of after some hundreds."""
KORT = 10_000
"""The same where somebody waits: each look takes some milliseconds, and not fifty."""
_wachten_er = False
_is_apart = False


@contextlib.contextmanager
def niet_opruimen() -> Iterator[None]:
    """Look for no cycles in the whole process meanwhile: for millions of values that are all kept, and make none."""
    was_aan = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_aan:
            gc.enable()


@contextlib.contextmanager
def zelden_opruimen() -> Iterator[None]:
    """Look for cycles seldom in the whole process meanwhile: an eighth of the time of folding, measured.

    Within `kort_opruimen` that goes first.
    """
    with _na(KORT if _wachten_er else ZELDEN):
        yield


@contextlib.contextmanager
def kort_opruimen() -> Iterator[None]:
    """Look for cycles seldom, and briefly: for a process that people wait for.

    What is there the first time is left out for good: all that the program consists of.
    """
    global _wachten_er, _is_apart  # noqa: PLW0603  # of the process, as Python's search itself is
    eerder, _wachten_er = _wachten_er, True
    if not _is_apart:
        gc.freeze()
        _is_apart = True
    try:
        with _na(KORT):
            yield
    finally:
        _wachten_er = eerder


@contextlib.contextmanager
def _na(aantal: int) -> Iterator[None]:
    gewoon = gc.get_threshold()
    gc.set_threshold(aantal, *gewoon[1:])
    try:
        yield
    finally:
        gc.set_threshold(*gewoon)
