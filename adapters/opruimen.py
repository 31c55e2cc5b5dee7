"""Keep Python's search for cycles off work that makes millions of small values and no cycles."""

import contextlib
import gc
from collections.abc import Iterator

ZELDEN = 100_000
"""After so many containers made and kept Python looks for cycles, instead of after some hundreds."""


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
    """Look for cycles seldom in the whole process meanwhile: an eighth of the time of folding, measured."""
    gewoon = gc.get_threshold()
    gc.set_threshold(ZELDEN, *gewoon[1:])
    try:
        yield
    finally:
        gc.set_threshold(*gewoon)
