"""A worker of the read models that has a process for itself, to be killed at any moment."""

import threading

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.telemetry import richt_in as richt_logboek_in


def werk(databank: Databank) -> None:
    """Fold small batches until killed."""
    richt_logboek_in("critical")
    Werker(databank, omvang=50, tussenpoos=0.1).volg(threading.Event())
