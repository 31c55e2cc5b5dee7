"""What every test shares: how hard hypothesis looks, and how seldom the garbage is collected."""

import gc
import os
from collections import Counter

import pytest
from hypothesis import settings

_GETELD = ("cellen ", "gevallen ", "bewerkingen ", "seconden ")
pytest_plugins = ["tests.postgres_fixture", "tests.bewijzen"]

# Two cores shared with a database server say nothing about one example's time; the same examples in every run say much.
settings.register_profile("toets", deadline=None, derandomize=True, max_examples=30, print_blob=True)
settings.register_profile("bewijs", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile("bewijs" if os.environ.get("OVERSTAP_PROOF") == "full" else "toets")


gc.disable()


def pytest_collection_finish() -> None:
    """Let the collector begin once all tests are there, and leave alone what stays until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many cells of the permission matrix were tried (tests/rechtentabel.py), and cases of schemathesis."""
    cellen: Counter[str] = Counter()
    for verslag in terminalreporter.stats.get("passed", ()):
        cellen.update({naam: aantal for naam, aantal in verslag.user_properties if naam.startswith(_GETELD)})
    for naam, aantal in sorted(cellen.items()):
        terminalreporter.write_line(f"{naam}: {aantal:,}")
