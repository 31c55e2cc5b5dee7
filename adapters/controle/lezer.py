"""A reader of the check, as a process of its own: it follows the log and writes down what it is given, as it comes.

Its file is its memory too: one line an event, `position TAB stream TAB version`; the last whole line is where it begins
again. Even numbers read the log by position when they are notified, odd ones follow the library's subscription.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
from eventsourcing.persistence import PersistenceError

from overstap.adapters.controle.taak import Taak
from overstap.adapters.postgres.fouten import DatabankFout
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.recorder import KANAAL
from overstap.adapters.postgres.toepassing import Overstappen, omgeving
from overstap.adapters.telemetry import richt_in

Regel = tuple[int, UUID, int]
Schrijf = Callable[[Iterable[Regel]], None]
SOORTEN = ("log", "subscription")
_EVEN = 0.05
_GEDULD = 1.0
_PER_KEER = 500
_RUIM_EEN_REGEL = 400


def main(taak: Taak) -> None:
    """Follow the log until this process is ended, through every loss of the database."""
    richt_in("error")
    volg = (_volg_het_log, _volg_het_abonnement)[taak.nummer % len(SOORTEN)]
    while True:
        try:
            with _schrift(taak) as (na, schrijf):
                volg(taak, na, schrijf)
        except (DatabankFout, psycopg.Error, PersistenceError):
            threading.Event().wait(_EVEN)


def _volg_het_log(taak: Taak, na: int, schrijf: Schrijf) -> None:
    with taak.databank.verbind(Login.PROJECTIE) as lezer, taak.databank.verbind(Login.PROJECTIE) as luisteraar:
        log = Log(lezer)
        luisteraar.execute(f"LISTEN {KANAAL}")
        while True:
            while nieuw := log.lees(na, _PER_KEER):
                na = nieuw[-1].positie or na
                schrijf((een.positie or 0, een.originator_id, een.originator_version) for een in nieuw)
            for _ in luisteraar.notifies(timeout=_GEDULD, stop_after=1):
                pass


def _volg_het_abonnement(taak: Taak, na: int, schrijf: Schrijf) -> None:
    with (
        Overstappen(env=omgeving(taak.databank, Login.PROJECTIE)) as toepassing,
        toepassing.recorder.subscribe(gt=na) as abonnement,
    ):
        for gemeld in abonnement:
            schrijf([(gemeld.id, UUID(str(gemeld.originator_id)), gemeld.originator_version)])


@contextmanager
def _schrift(taak: Taak) -> Iterator[tuple[int, Schrijf]]:
    """Open the reader's file after its last whole line; give where it was, and what to write down with."""
    bestand = os.open(taak.bestand, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.ftruncate(bestand, taak.bestand.read_bytes().rfind(b"\n") + 1)

        def schrijf(regels: Iterable[Regel]) -> None:
            os.write(
                bestand, "".join(f"{positie}\t{stroom}\t{versie}\n" for positie, stroom, versie in regels).encode()
            )

        yield max(taak.na, laatste_positie(taak.bestand)), schrijf
    finally:
        os.close(bestand)


def laatste_positie(bestand: Path) -> int:
    """Give the last position a reader wrote down whole, 0 before the first."""
    try:
        with bestand.open("rb") as inhoud:
            inhoud.seek(max(0, inhoud.seek(0, os.SEEK_END) - _RUIM_EEN_REGEL))
            regels = inhoud.read().split(b"\n")[:-1]
    except FileNotFoundError:
        return 0
    return int(regels[-1].split(b"\t")[0]) if regels else 0
