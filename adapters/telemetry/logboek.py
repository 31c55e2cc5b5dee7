"""How log lines are made: bound ids, times in UTC, JSON where no person looks on."""

import logging
import sys
import time
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager

import structlog
from structlog.typing import EventDict, Processor

from overstap.adapters.telemetry.persoonsgegevens import weer_persoonsgegevens

INZAGE = "inzage"
"""The name of the line that tells who saw a person's data: shown on a terminal too."""

_DIEPTE = 8


class _NaarStderr:
    """Writes each line to the stderr of that moment: a progress bar or a test may have put another in its place."""

    def msg(self, regel: str) -> None:
        sys.stderr.write(f"{regel}\n")
        sys.stderr.flush()

    log = debug = info = warn = warning = error = critical = fatal = failure = exception = msg


def richt_in(niveau: str = "info") -> None:
    """Set up structlog for this process: JSON lines on stderr, or coloured text with warnings only on a terminal.

    niveau is debug, info, warning or error; a line below it is dropped. Lines of inzage always pass.
    """
    op_terminal = sys.stderr.isatty()
    vormgever: list[Processor] = (
        [_alleen_wat_een_mens_moet_zien, structlog.dev.ConsoleRenderer()]
        if op_terminal
        else [structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="tijdstip"),
            _plaats_van_de_fout,
            weer_persoonsgegevens,
            *vormgever,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[niveau.upper()]),
        logger_factory=lambda *_: _NaarStderr(),
        cache_logger_on_first_use=False,
    )


@contextmanager
def opdracht(naam: str, **ids: object) -> Iterator[MutableMapping[str, object]]:
    """Log one line when a command or batch ends: its name, duration in seconds, and the counts put into what is given.

    The ids stand in every line that is written meanwhile.
    An exception is logged by its class and place only, for its words may hold what was read, and is raised again.
    """
    begin = time.perf_counter()
    uitkomst: dict[str, object] = {}
    logger = structlog.get_logger()
    with structlog.contextvars.bound_contextvars(**ids):
        try:
            yield uitkomst
        except Exception:
            logger.exception(naam, seconden=_sinds(begin), **uitkomst)
            raise
        logger.info(naam, seconden=_sinds(begin), **uitkomst)


def _sinds(begin: float) -> float:
    return round(time.perf_counter() - begin, 3)


def _plaats_van_de_fout(_logger: object, _naam: str, regel: EventDict) -> EventDict:
    if not regel.pop("exc_info", None):
        return regel
    soort, fout, spoor = sys.exc_info()
    if soort is not None and fout is not None:
        regel["fout"] = f"{soort.__module__}.{soort.__qualname__}".removeprefix("builtins.")
        regel["waar"] = [
            f"{kader.filename.rpartition('/')[2]}:{kader.lineno} {kader.name}"
            for kader in traceback.extract_tb(spoor)[-_DIEPTE:]
        ]
    return regel


def _alleen_wat_een_mens_moet_zien(_logger: object, niveau: str, regel: EventDict) -> EventDict:
    if niveau in {"debug", "info"} and regel.get("event") != INZAGE:
        raise structlog.DropEvent
    return regel
