"""Look at a list that listens, and know that it does."""

from tests.adapters.http.deur import Deur
from tests.adapters.web.kijker import Kijker


def ga_meelezen(kijker: Kijker, deur: Deur, pad: str) -> None:
    """Open a list of pupils that nobody else looks at, and wait until it listens.

    A window that was closed leaves a moment later: until then it would count for the one that opens.
    """
    _wacht_op_lezers(kijker, deur, 0)
    kijker.ga(pad)
    _wacht_op_lezers(kijker, deur, 1)


def _wacht_op_lezers(kijker: Kijker, deur: Deur, aantal: int) -> None:
    for _ in range(1_000):
        if deur.dienst.uitzender.lezers == aantal:
            return
        kijker.blad.wait_for_timeout(20)
    raise AssertionError(f"{deur.dienst.uitzender.lezers} listen, not {aantal}")
