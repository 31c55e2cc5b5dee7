"""Write to one log from several processes at once, and follow it meanwhile."""

import time
from concurrent.futures import ProcessPoolExecutor
from uuid import UUID, uuid4

import msgspec

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.toevoeging import Afloop, Toevoeging
from tests.adapters.postgres.gebeurtenissen import gebeurtenis
from tests.processen import PROCESSEN

SCHRIJVERS = 4
STAPELS = 40


class Verslag(msgspec.Struct):
    """What the writers were told is in the log, and what a reader that followed it saw."""

    toegezegd: set[tuple[UUID, int]] = msgspec.field(default_factory=set)
    gezien: list[tuple[int, UUID, int]] = msgspec.field(default_factory=list)

    @property
    def gemist(self) -> set[tuple[UUID, int]]:
        return self.toegezegd - {(stroom, versie) for _, stroom, versie in self.gezien}


def schrijf(databank: Databank, gedeeld: UUID | None) -> set[tuple[UUID, int]]:
    """Add batches: new streams, and the next event of a stream all writers want, if any; give what was recorded."""
    toegezegd = set()
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        log = Log(verbinding)
        for _ in range(STAPELS):
            eigen = [uuid4() for _ in range(5)]
            stapel = [[gebeurtenis(stroom, 1), gebeurtenis(stroom, 2)] for stroom in eigen]
            if gedeeld:
                stapel.append([gebeurtenis(gedeeld, len(log.laad([gedeeld])[gedeeld]) + 1)])
            uitkomsten = log.voeg_toe([Toevoeging(wat) for wat in stapel])
            for wat, uitkomst in zip(stapel, uitkomsten, strict=True):
                if uitkomst.afloop is Afloop.VASTGELEGD:
                    toegezegd |= {(een.originator_id, een.originator_version) for een in wat}
    return toegezegd


def schrijf_samen(databank: Databank, gedeeld: UUID | None = None) -> Verslag:
    """Let the writers loose and follow the log until they are done and nothing new comes."""
    verslag = Verslag()
    with (
        ProcessPoolExecutor(SCHRIJVERS, mp_context=PROCESSEN) as zwerm,
        databank.verbind(Login.PROJECTIE) as verbinding,
    ):
        log = Log(verbinding)
        werk = [zwerm.submit(schrijf, databank, gedeeld) for _ in range(SCHRIJVERS)]
        na = 0
        while True:
            klaar = all(een.done() for een in werk)  # asked before reading: what they wrote is then there to be read
            nieuw = log.lees(na, 100)
            verslag.gezien += [(een.positie or 0, een.originator_id, een.originator_version) for een in nieuw]
            na = nieuw[-1].positie or 0 if nieuw else na
            if klaar and not nieuw:
                break
            if not nieuw:
                time.sleep(0.0005)
        for een in werk:
            verslag.toegezegd |= een.result()
    return verslag
