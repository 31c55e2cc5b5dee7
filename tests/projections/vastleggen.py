"""Record drawn or told histories in a real log, fold them, and ask the read models."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count, groupby
from typing import Any
from uuid import UUID, uuid4

from msgspec.structs import replace
from psycopg import Cursor

from overstap.adapters.postgres.bereik import bereik_van, in_bereik
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.postgres.toevoeging import Afloop, Toevoeging
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Actor, Rol
from tests.projections.geschiedenissen import BEGIN, Boek

_jaren = count(2030, 2)
_regios = count(1)


def een_jaar() -> int:
    """Name an overstapjaar later than all that any test recorded, for a log's clock never runs back."""
    return next(_jaren)


def een_regio() -> str:
    """Name a region that no other test used."""
    return f"r{next(_regios)}"


def leg_vast(log: Log, boek: Boek, regio: str = "21") -> list[Gebeurtenis]:
    """Add a drawn log to the real one of a demo database, as new streams in a later year; give it as recorded."""
    ids: dict[UUID, UUID] = {}
    later = datetime(een_jaar() - 1, 10, 1, 8, tzinfo=UTC) - BEGIN
    anders = [
        replace(
            g,
            originator_id=ids.setdefault(g.originator_id, uuid4()),
            gebeurd_op=g.gebeurd_op + later,
            vastgelegd_op=g.vastgelegd_op and g.vastgelegd_op + later,
        )
        for g in boek.gebeurtenissen
    ]
    return leg_op_zijn_dag_vast(log, Boek(anders), regio)


def leg_op_zijn_dag_vast(log: Log, boek: Boek, regio: str) -> list[Gebeurtenis]:
    """Add a log to the real one of a demo database as it is, both times included; give it as recorded."""
    for klok, groep in groupby(boek.gebeurtenissen, lambda g: g.vastgelegd_op):
        eigen = [replace(g, regio=regio, vastgelegd_op=None, positie=None) for g in groep]
        [uitkomst] = log.voeg_toe([Toevoeging(gebeurtenissen=eigen)], klok)
        assert uitkomst.afloop is Afloop.VASTGELEGD
        assert uitkomst.vastgelegd_op == klok, "the clock of this log is ahead of this history"
    stromen = log.laad({g.originator_id for g in boek.gebeurtenissen})
    return sorted((g for eigen in stromen.values() for g in eigen), key=lambda g: g.positie or 0)


@contextmanager
def blik(databank: Databank, werker: Werker, regio: str) -> Iterator[Cursor[Any]]:
    """Fold what was recorded, and look at a region as a reader does."""
    werker.bijwerken_tot()
    lezer = Actor(account="regie", rol=Rol.REGIEBEHEERDER, organisatie=regio, regio=regio)
    with (
        databank.verbind(Login.APP) as verbinding,
        in_bereik(verbinding, bereik_van(lezer, datetime.now(UTC))) as cursor,
    ):
        yield cursor
