"""A fact with all that the log keeps beside it: whose stream, when in both times, who, and why."""

from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile
from uuid import UUID

import msgspec

from overstap.domain.feiten import Feit
from overstap.domain.rollen import Rol


class Voorval(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What happened in one stream, and when: an event without who did it and why.

    originator_version counts from 1; gebeurd_op (when it happened, UTC) comes from the source, vastgelegd_op (when it
    was recorded, UTC) from the append: None before it.
    """

    originator_id: UUID
    originator_version: int
    feit: Feit
    regio: str
    gebeurd_op: datetime
    vastgelegd_op: datetime | None = None


class Gebeurtenis(Voorval, frozen=True, kw_only=True, gc=False):
    """One event of one stream.

    positie (place in the whole log, from 1, no gaps) comes from the append: None before it. oorzaak names the event
    that led to this one as "<stream>@<version>"; correlatie is shared by all that one delivery or request caused;
    procedure is the version of the rules it was judged under, None where no rules of a year apply.
    """

    positie: int | None = None
    actor: str
    rol: Rol
    organisatie: str
    correlatie: UUID | None = None
    oorzaak: str | None = None
    procedure: str | None = None


class Onleesbaar(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event of the log that this program cannot read: of a later program, or damaged.

    topic is the name it was stored under, fout what reading it gave.
    """

    originator_id: UUID
    originator_version: int
    positie: int
    topic: str
    fout: Exception


def tot_onleesbaar(stroom: Iterable[Gebeurtenis | Onleesbaar]) -> list[Gebeurtenis]:
    """Give the events of one stream that come before the first that cannot be read."""
    return list(takewhile(lambda een: isinstance(een, Gebeurtenis), stroom))  # type: ignore[arg-type]
