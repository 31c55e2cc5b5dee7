"""How this service was started; it travels whole to each worker process."""

from pathlib import Path

import msgspec

from overstap.adapters.klok import LopendeKlok


class Opties(msgspec.Struct, frozen=True, kw_only=True):
    """Where it listens, in how many processes, and whether it is the trial on one's own machine."""

    host: str = "127.0.0.1"
    poort: int = 8000
    werkers: int = 1
    is_proef: bool = False
    houdt_bij: bool = True
    """Whether it keeps the read models up itself; else `overstap project` does, as a process of its own."""
    klok: LopendeKlok | None = None
    """The clock of a demo that is being played; else the real one, or in a demo that of its last event."""
    gedeeld: Path | None = None
    """Where the processes share how much each caller asked; None: there is one."""

    @property
    def adres(self) -> str:
        """Where a caller on this machine reaches it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.poort}"
