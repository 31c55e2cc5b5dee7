"""One pass of the bus over the requests that were waiting: what was decided, what was sent, what came of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from overstap.adapters.opdracht import Opdracht, Resultaat
from overstap.adapters.postgres.toevoeging import Toevoeging, Uitkomst
from overstap.adapters.postgres.voeg_toe import Onderweg
from overstap.adapters.stroomsoorten import Stroomsoort


class Plan(msgspec.Struct, frozen=True, gc=False):
    """What one request (by its number in the pass) would add."""

    nummer: int
    toevoeging: Toevoeging


class Ronde(msgspec.Struct):
    """What is known of one pass; requests can be added to it until it is sent.

    vers numbers the requests judged just after the log was read: whatever came of those holds. What came of the others
    without adding anything holds only if nobody else wrote meanwhile: vreemd tells how much of that was known when the
    pass began.
    """

    nu: datetime
    vreemd: int
    vers: set[int] = msgspec.field(default_factory=set)
    opdrachten: list[Opdracht] = msgspec.field(default_factory=list)
    werk: dict[int, tuple[UUID, Stroomsoort, Any, str]] = msgspec.field(default_factory=dict)
    """What each stream (by the number of its id) becomes when all goes in: its id, kind, state and region."""
    plannen: list[Plan] = msgspec.field(default_factory=list)
    besloten: dict[int, Resultaat] = msgspec.field(default_factory=dict)
    """What came of each request, by its number."""
    gepland: dict[tuple[str, bytes], int] = msgspec.field(default_factory=dict)
    """Which request goes in under a receipt key."""
    herhaald: dict[int, int] = msgspec.field(default_factory=dict)
    """The requests with the receipt key of an earlier one of this pass, and that one's number."""
    lift: Toevoeging | None = None
    """What travels along in front (Meelifter)."""
    onderweg: Onderweg | None = None
    eerder: int | None = None
    """The last position before what went in."""
    uitkomsten: list[Uitkomst] = msgspec.field(default_factory=list)
    """What the log says of each plan, in order."""
    vastgelegd: int = 0
    """How many events went in."""
