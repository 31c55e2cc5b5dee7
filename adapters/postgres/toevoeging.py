"""Say what one request adds to the log, and what came of it: the two sides of the append (docs/log.md)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from overstap.adapters.toegangslog import Toegang
from overstap.domain.gebeurtenis import Gebeurtenis


class Afloop(StrEnum):
    """What came of one request."""

    VASTGELEGD = "vastgelegd"
    """Its events are in the log, durable."""
    VERSIECONFLICT = "versieconflict"
    """`stroom` has moved on and stands at `versie`: load it and decide again."""
    NIET_UNIEK = "niet_uniek"
    """Another stream (`stroom`) holds what this one claims; `code` is the kind of claim."""
    AL_VASTGELEGD = "al_vastgelegd"
    """It was recorded before, with the same content: the other fields are those of its receipt."""
    ANDERE_INHOUD = "andere_inhoud"
    """Its key was used before, for other content: the other fields are those of that receipt."""
    IN_DE_TOEKOMST = "in_de_toekomst"
    """It happened more than 5 minutes after now."""


class Aanspraak(msgspec.Struct, frozen=True, gc=False):
    """Something that may exist once across all streams; soort `pgn` needs regio and overstapjaar too."""

    soort: str
    sleutel: bytes
    stroom: UUID
    regio: str | None = None
    overstapjaar: int | None = None


class Vrijgave(msgspec.Struct, frozen=True):
    """Something that ends with this request, if its stream has it.

    soort `pgn` (with regio, overstapjaar, sleutel), `wachtbak` (stroom = the item), `datasleutel` (stroom), or that of
    an Aanspraak (with sleutel).
    """

    soort: str
    stroom: UUID
    sleutel: bytes | None = None
    regio: str | None = None
    overstapjaar: int | None = None


class Kwitantie(msgspec.Struct, frozen=True, gc=False):
    """How a request is known again: who sent it, the sender's key, a keyed hash of its content, our answer (code).

    stroom is the stream whose version the answer names; without it, that of the first event. versie counts only for a
    request without events in that stream.
    """

    client: str
    sleutel: bytes
    vingerafdruk: bytes
    code: str = "aanvaard"
    stroom: UUID | None = None
    versie: int | None = None


class Datasleutel(msgspec.Struct, frozen=True, gc=False):
    """A new data key of a stream, wrapped by the master key."""

    stroom: UUID
    verpakt: bytes


class Wachtbakrij(msgspec.Struct, frozen=True):
    """A wachtbak item that waits for the pupil with this PGN (keyed hash)."""

    regio: str
    overstapjaar: int
    pgn_hash: bytes
    item: UUID


class Toevoeging(msgspec.Struct, frozen=True, gc=False):
    """All that one request adds, to the log of access too; it goes in whole or not at all."""

    gebeurtenissen: Sequence[Gebeurtenis] = ()
    aanspraken: Sequence[Aanspraak] = ()
    kwitantie: Kwitantie | None = None
    datasleutels: Sequence[Datasleutel] = ()
    wachtbak: Sequence[Wachtbakrij] = ()
    vrijgaven: Sequence[Vrijgave] = ()
    toegang: Sequence[Toegang] = ()


class Uitkomst(msgspec.Struct, frozen=True, gc=False):
    """What came of one Toevoeging; positie is that of its first event, None when it had none."""

    afloop: Afloop
    code: str | None = None
    positie: int | None = None
    aantal: int = 0
    stroom: UUID | None = None
    versie: int | None = None
    vastgelegd_op: datetime | None = None
