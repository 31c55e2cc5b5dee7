"""A reader's scope: who asks, in one transaction, so that the database itself shows what is his and nothing else.

Each request is one transaction that opens with its own scope: the settings that row policies read, and the group role
whose grants say which columns there are. Both end with the transaction, so a pooled connection keeps nothing of it.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from overstap.adapters.postgres.logins import TELLER, groepsrol
from overstap.adapters.postgres.rit import eerste_rij
from overstap.domain.kalender import datum_in_amsterdam
from overstap.domain.organisatie import Organisatie
from overstap.domain.rollen import Actor, Rol
from overstap.statemachine.feitzicht import eigen_code, eigen_stroom

OVERAL = "*"
"""A vestiging or klas that narrows nothing; an empty setting, as a finished request leaves it, shows nothing."""


class Bereik(msgspec.Struct, frozen=True, kw_only=True):
    """What a transaction is narrowed to, setting for setting; docs/rechten.md says what policies make of each.

    vandaag is the day in Amsterdam (ISO), scholen the schools of a samenwerkingsverband, stroom the stream of the own
    organisation, reden why sealed data is looked at ('' opens none to the region's own roles).
    """

    regio: str
    organisatie: str
    vestiging: str
    klas: str
    account: str
    reden: str
    vandaag: str
    scholen: str
    stroom: str
    databankrol: str


_VAN_SCHOLEN = frozenset({Rol.SAMENWERKINGSVERBAND, Rol.MANAGER})
_INSTELLINGEN = [veld for veld in Bereik.__struct_fields__ if veld != "databankrol"]
_OPEN = (
    "SELECT set_config('transaction_read_only', 'on', true), "
    + ", ".join(f"set_config('overstap.{naam}', %s, true)" for naam in _INSTELLINGEN)
    + ", set_config('role', %s, true)"
).encode()


def bereik_van(
    actor: Actor, nu: datetime, organisaties: Iterable[Organisatie] = (), reden: str | None = None
) -> Bereik:
    """Give the scope of an actor at an instant.

    organisaties are those of the region: of a samenwerkingsverband they tell which schools are its own. A reason opens
    sealed data to the region's own roles; whoever gives it has it logged. A mentor without a class sees nobody.
    """
    zonder_klas = actor.rol is Rol.MENTOR and not actor.klas
    return Bereik(
        regio=actor.regio,
        organisatie="" if zonder_klas else eigen_code(actor.organisatie),
        vestiging=actor.vestiging or OVERAL,
        klas=actor.klas or OVERAL,
        account=actor.account,
        reden=reden or "",
        vandaag=datum_in_amsterdam(nu).isoformat(),
        scholen=" ".join(een.code for een in organisaties if een.aangesloten == actor.organisatie)
        if actor.rol in _VAN_SCHOLEN
        else "",
        stroom=str(eigen_stroom(actor)),
        databankrol=groepsrol(actor.rol),
    )


def telbereik_van(actor: Actor, nu: datetime, organisaties: Iterable[Organisatie] = ()) -> Bereik:
    """Give the scope in which figures of the actor's own organisation are counted: what counts, and no person."""
    return msgspec.structs.replace(bereik_van(actor, nu, organisaties), databankrol=TELLER)


@contextmanager
def in_bereik(verbinding: psycopg.Connection[Any], bereik: Bereik) -> Iterator[psycopg.Cursor[Any]]:
    """Give a cursor that reads in a scope, in a transaction of its own, over a connection as overstap_app."""
    with verbinding.transaction(), verbinding.cursor() as cursor:
        cursor.execute(_OPEN, _waarden(bereik), prepare=True)
        yield cursor


@asynccontextmanager
async def in_bereik_async(
    verbinding: psycopg.AsyncConnection[Any], bereik: Bereik
) -> AsyncIterator[psycopg.AsyncCursor[Any]]:
    """Do the same from an event loop."""
    async with verbinding.transaction(), verbinding.cursor() as cursor:
        await cursor.execute(_OPEN, _waarden(bereik), prepare=True)
        yield cursor


async def lees_rij(
    verbinding: psycopg.AsyncConnection[Any], bereik: Bereik, vraag: bytes, waarden: Sequence[str | UUID]
) -> tuple[Any, ...] | None:
    """Ask one question in a scope and give its first row: the scope and the question go to the database together.

    The connection is in autocommit. What fails takes the scope with it.
    """
    return await eerste_rij(verbinding, (_OPEN, _waarden(bereik)), (vraag, waarden))


def _waarden(bereik: Bereik) -> tuple[str, ...]:
    return (*(getattr(bereik, naam) for naam in _INSTELLINGEN), bereik.databankrol)
