"""Counts over a whole region: counted anew once something changed, and no more often than that.

To count 150,000 pupils takes a quarter of a second, their figures seconds; who sees the whole region sees the same as
the next one who does. What was counted holds as long as the read models are where they were. What moves with the clock
too (a worklist: weeks of silence, a date that passes) holds a quarter of an hour, which ends at midnight as days do.
"""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from overstap.adapters.postgres.projectie_zichtbaarheid import Zichtbaarheid
from overstap.adapters.web.bezoeker import Bezoeker
from overstap.domain.rollen import Rol

T = TypeVar("T")
_REGIOBREED: Final = frozenset({Rol.REGIEBEHEERDER, Rol.AUDITOR})
"""Who sees everybody of the region: of each other role the counts are of its own, few, and counted each time."""
_MEESTE: Final = 200
_MEESTE_BLADEN: Final = 24
"""Figures of so many days and parts are kept: each takes a megabyte where there are 1,500 schools."""
_KWARTIER: Final = 15


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


class Gelezen:
    """The same of what is read by the event loop: who asks while it is being read waits for that, and reads nothing."""

    def __init__(self) -> None:
        self._bewaard: OrderedDict[Hashable, tuple[Hashable, asyncio.Task[Any]]] = OrderedDict()

    async def geef(self, vraag: Hashable, stand: Hashable, lees: Callable[[], Awaitable[T]]) -> T:
        """Give what was read at this state, or read; what failed is not kept."""
        van, taak = self._bewaard.get(vraag, (None, None))
        if taak is None or van != stand or (taak.done() and (taak.cancelled() or taak.exception() is not None)):
            taak = asyncio.create_task(_doe(lees))
            self._bewaard[vraag] = (stand, taak)
        self._bewaard.move_to_end(vraag)
        while len(self._bewaard) > _MEESTE_BLADEN:
            self._bewaard.popitem(last=False)
        # Who went away does not take along what others wait for.
        return await asyncio.shield(taak)


async def _doe(lees: Callable[[], Awaitable[T]]) -> T:
    return await lees()


_TELLINGEN: Final[WeakKeyDictionary[Zichtbaarheid, Tellingen]] = WeakKeyDictionary()
_GELEZEN: Final[WeakKeyDictionary[Zichtbaarheid, Gelezen]] = WeakKeyDictionary()
"""Those of each service in this process, as long as it lasts."""


def tel_eens(bezoeker: Bezoeker, vraag: Hashable, tel: Callable[[], T]) -> T:
    """Count something for a visitor, unless that was counted already and nothing changed since.

    vraag names what is counted, of which year, and how it is narrowed.
    """
    dienst = bezoeker.dienst
    if bezoeker.actor.rol not in _REGIOBREED:
        return tel()
    nu = dienst.nu()
    stand = (_stand(bezoeker), nu.replace(minute=nu.minute - nu.minute % _KWARTIER, second=0, microsecond=0))
    return _TELLINGEN.setdefault(dienst.voortgang, Tellingen()).geef(vraag, stand, tel)


async def lees_eens(bezoeker: Bezoeker, vraag: Hashable, lees: Callable[[], Awaitable[T]]) -> T:
    """Read figures for a visitor, unless they were read already and nothing changed since.

    vraag names the figures, of which year and part, on which day and as known when: they do not move with the clock.
    """
    actor = bezoeker.actor
    if actor.organisatie != actor.regio:
        return await lees()
    eigen = (actor.rol, vraag)  # a manager's are rounded
    return await _GELEZEN.setdefault(bezoeker.dienst.voortgang, Gelezen()).geef(eigen, _stand(bezoeker), lees)


def _stand(bezoeker: Bezoeker) -> Hashable:
    """Tell how far the read models are; what is read may be newer, and never older: it is read once too often."""
    return tuple(sorted(bezoeker.dienst.voortgang.posities().items()))
