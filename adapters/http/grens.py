"""How many requests one caller may send: a bucket of tokens that fills by the second, for each of a bounded number."""

import math
import time
from collections.abc import Callable
from typing import Final

from overstap.adapters.http.problemen import Probleem

_SECONDEN_RUIMTE: Final = 10
"""A caller that was silent may send this many seconds' worth at once."""
_MEESTE: Final = 50_000


class Grens:
    """Counts callers in this process; 0 a minute: no limit."""

    def __init__(self, per_minuut: int, klok: Callable[[], float] = time.monotonic) -> None:
        self._per_seconde = per_minuut / 60
        self._ruimte = max(1.0, self._per_seconde * _SECONDEN_RUIMTE)
        self._klok = klok
        self._emmers: dict[str, tuple[float, float]] = {}

    def neem(self, wie: str) -> None:
        """Take one request of a caller.

        Raises:
            Probleem: 429, with Retry-After, when it has sent too many.

        """
        if self._per_seconde == 0:
            return
        nu = self._klok()
        over, sinds = self._emmers.pop(wie, (self._ruimte, nu))
        over = min(self._ruimte, over + (nu - sinds) * self._per_seconde)
        is_genoeg = over >= 1
        while len(self._emmers) >= _MEESTE:
            del self._emmers[next(iter(self._emmers))]
        self._emmers[wie] = (over - 1 if is_genoeg else over, nu)
        if not is_genoeg:
            wacht = math.ceil((1 - over) / self._per_seconde)
            raise Probleem(
                "te-veel-verzoeken", f"Probeer het over {wacht} s opnieuw.", koppen={"Retry-After": str(wacht)}
            )
