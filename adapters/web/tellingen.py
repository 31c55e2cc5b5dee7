"""Counts over a whole region: counted anew once something changed, and no more often than that.

To count 150,000 pupils takes a quarter of a second; who sees the whole region sees the same counts as the next one who
does. They hold as long as the read models are where they were, within a minute: worklists move with the clock.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from overstap.adapters.postgres.projectie_zichtbaarheid import Zichtbaarheid
from overstap.adapters.web.bezoeker import Bezoeker
from overstap.domain.rollen import Rol

T = TypeVar("T")
_REGIOBREED: Final = frozenset({Rol.REGIEBEHEERDER, Rol.AUDITOR})
"""Who sees everybody of the region: of each other role the counts are of its own, few, and counted each time."""
_MEESTE: Final = 200


class Tellingen:
    """What was counted, by question, and how far the read models were then."""

    def __init__(self) -> None:
        self._slot = threading.Lock()
        self._bewaard: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()

    def geef(self, vraag: Hashable, stand: Hashable, tel: Callable[[], T]) -> T:
        """Give what was counted at this state, or count."""
        with self._slot:
            van, geteld = self._bewaard.get(vraag, (None, None))
            if van == stand:
                self._bewaard.move_to_end(vraag)
                return geteld  # type: ignore[no-any-return]
        geteld = tel()
        with self._slot:
            self._bewaard[vraag] = (stand, geteld)
            self._bewaard.move_to_end(vraag)
            while len(self._bewaard) > _MEESTE:
                self._bewaard.popitem(last=False)
        return geteld


_TELLINGEN: Final[WeakKeyDictionary[Zichtbaarheid, Tellingen]] = WeakKeyDictionary()
"""Those of each service in this process, as long as it lasts."""


def tel_eens(bezoeker: Bezoeker, vraag: Hashable, tel: Callable[[], T]) -> T:
    """Count something for a visitor, unless that was counted already and nothing changed since.

    vraag names what is counted, of which year, and how it is narrowed.
    """
    dienst, rol = bezoeker.dienst, bezoeker.actor.rol
    if rol not in _REGIOBREED:
        return tel()
    # What was read may be newer than the state we heard of, and never older: it is then counted once too often.
    stand = (tuple(sorted(dienst.voortgang.posities().items())), dienst.nu().replace(second=0, microsecond=0))
    return _TELLINGEN.setdefault(dienst.voortgang, Tellingen()).geef(vraag, stand, tel)
