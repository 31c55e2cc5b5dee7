"""`overstap project`: keep the read models up with the log, as a process of its own."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from overstap.adapters.cli.fouten import Afgebroken, Uitgang

_OPLETTEN = 0.2  # seconds between two looks whether somebody asked to stop


class _Verzoek:
    """Whether SIGINT or SIGTERM came in: only noted, whatever was going on at that moment."""

    def __init__(self) -> None:
        self.is_gedaan = False

    def __call__(self, _signaal: int, _frame: FrameType | None) -> None:
        self.is_gedaan = True


def houd_bij() -> None:
    """Werk de leesmodellen bij zolang dit draait; stop met Ctrl-C of SIGTERM. Er mogen er meer tegelijk draaien."""
    from overstap.adapters.cli.gesprek import zeg
    from overstap.adapters.cli.sessie import open_databank_van
    from overstap.adapters.postgres.projectie_volger import laat_voorgaan, volgend

    with _verzoek_om_te_stoppen() as verzoek, open_databank_van() as databank:
        if verzoek.is_gedaan:
            return
        laat_voorgaan()
        with volgend(databank) as volger:
            zeg("De leesmodellen volgen het log. Stop met Ctrl-C.")
            while not verzoek.is_gedaan:
                if not volger.wacht(_OPLETTEN):
                    raise Afgebroken(
                        "Het bijwerken is opgehouden. Geef de logregel hierboven door.", Uitgang.INTERNE_FOUT
                    )


@contextmanager
def _verzoek_om_te_stoppen() -> Iterator[_Verzoek]:
    verzoek = _Verzoek()
    eerder = {welk: signal.signal(welk, verzoek) for welk in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield verzoek
    finally:
        for welk, wat in eerder.items():
            signal.signal(welk, wat)
