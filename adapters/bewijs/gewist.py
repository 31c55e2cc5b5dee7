"""Who was erased, in the order in which it was done: the list that stands under every checkpoint."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg

from overstap.adapters.bewijs.boom import Boom
from overstap.adapters.bewijs.teksten import Stand

_GEWIST = """
SELECT originator_id FROM log.gebeurtenissen
 WHERE topic LIKE 'overstap-gewist.%%' AND positie <= %s ORDER BY positie
"""
_ALLES = 2**63 - 1


def lees_gewist(verbinding: psycopg.Connection[Any], tot: int = _ALLES) -> list[UUID]:
    """Give the streams that were erased up to a position of the log, the first first."""
    return [stroom for (stroom,) in verbinding.execute(_GEWIST, (tot,), prepare=True)]


def stand_van_gewist(gewist: Iterable[UUID]) -> Stand:
    """Give how many there are and the root of the tree over them, as a checkpoint signs them."""
    boom = Boom()
    boom.groei(list(map(_blad, gewist)))
    return Stand(boom.grootte, boom.wortel())


def standen_van_gewist(gewist: Iterable[UUID]) -> list[Stand]:
    """Give the same of the list as it grew: of none of them, of the first, and so on up to all."""
    boom = Boom()
    standen = [Stand(0, boom.wortel())]
    for stroom in gewist:
        boom.groei([_blad(stroom)])
        standen.append(Stand(boom.grootte, boom.wortel()))
    return standen


def _blad(stroom: UUID) -> bytes:
    return sha256(b"\x00" + stroom.bytes).digest()
