"""Erase again whom a backup brought back: the log as it was put back does not know of every erasure, others do."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from overstap.adapters.bewijs import opslag
from overstap.adapters.bewijs.gewist import lees_gewist
from overstap.adapters.bewijs.gewistenlijst import lees_lijst, lijst_van, onthoud
from overstap.adapters.klok import EchteKlok, GezetteKlok
from overstap.adapters.opzoeken import Opzoeker
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.wissen.wisser import PER_KEER, wis
from overstap.domain.rollen import Actor, Rol
from overstap.domain.verzoeken_wissen import WisPersoon

TERUGGEZET = WisPersoon(aanleiding="teruggezet", reden="een reservekopie bracht hem terug")
_TERUG = """
SELECT g.stroom FROM unnest(%s::uuid[]) WITH ORDINALITY AS g (stroom, nr)
 WHERE EXISTS (SELECT FROM log.gebeurtenissen AS e WHERE e.originator_id = g.stroom)
   AND (EXISTS (SELECT FROM kluis.datasleutels AS d WHERE d.stroom = g.stroom)
        OR EXISTS (SELECT FROM kluis.pgn AS p WHERE p.stroom = g.stroom)
        OR NOT EXISTS (SELECT FROM log.gebeurtenissen AS e
                        WHERE e.originator_id = g.stroom AND e.topic LIKE 'overstap-gewist.%%'))
 ORDER BY g.nr
"""


class Hersteld(NamedTuple):
    """How many were erased again, and of how many that was refused (by code)."""

    aantal: int
    geweigerd: dict[str, int]


def herstel_wissingen(databank: Databank, regio: str, mappen: Sequence[Path], elders: Iterable[UUID] = ()) -> Hersteld:
    """Erase again who was erased before and is there again.

    Who was erased say the log itself, the lists in these folders, and `elders` (of an export). The lists are then
    complete.

    Raises:
        BewijsFout: when something else stands in a list.
        DatabankOnbereikbaar: when the database is lost: do it again.

    """
    door = Actor(account="doctor", rol=Rol.REGIEBEHEERDER, organisatie=regio, regio=regio)
    with databank.verbind(Login.SCHRIJVER) as schrijver, databank.verbind(Login.AUDIT) as lezer:
        lijsten = [lijst_van(map_, opslag.databank_van(lezer)) for map_ in mappen]
        in_het_log = lees_gewist(lezer)
        bekend = dict.fromkeys([*in_het_log, *elders, *(een for lijst in lijsten for een in _lees_wat_mag(lijst))])
        terug = _terug(schrijver, list(bekend))
        stand = Opzoeker(schrijver).stand_van_de_demo()
        klok = GezetteKlok(stand) if stand else EchteKlok()
        wissingen = [
            wis(schrijver, terug[begin : begin + PER_KEER], TERUGGEZET, door, klok)
            for begin in range(0, len(terug), PER_KEER)
        ]
        if lijsten:
            onthoud(lijsten[0], bekend)
    codes = Counter(weigering.code for wissing in wissingen for weigering in wissing.geweigerd.values())
    return Hersteld(sum(len(wissing.gewist) for wissing in wissingen), dict(codes))


def _terug(verbinding: psycopg.Connection[Any], gewist: list[UUID]) -> list[UUID]:
    return [stroom for (stroom,) in verbinding.execute(_TERUG, (gewist,))]


def _lees_wat_mag(lijst: Path) -> list[UUID]:
    """Read a list; none where it is another user's, as the notary's own folder is: its exports are for everybody."""
    try:
        return lees_lijst(lijst)
    except PermissionError:
        return []
