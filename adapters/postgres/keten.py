"""Compute the chain of a stream as the append does, from the columns alone: to doubt the database takes this file.

The bytes (docs/log.md) are what PostgreSQL's record_send gives for the twelve columns: the number of columns; of each
its type's number, its length in bytes (-1: NULL) and its value. Whole numbers are big-endian and signed; an instant is
microseconds since 2000-01-01 UTC; text is UTF-8; a UUID is its 16 bytes.
"""

import hashlib
import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID

BEGIN = bytes(32)
"""The link before a stream's first event."""
_EPOCHE = datetime(2000, 1, 1, tzinfo=UTC)
_UUID, _BIGINT, _TEXT, _BYTEA, _TIMESTAMPTZ = 2950, 20, 25, 17, 1184


def keten_hash(  # noqa: PLR0913, PLR0917 - one for each column
    vorige: bytes,
    originator_id: UUID,
    originator_version: int,
    topic: str,
    state: bytes,
    regio: str | None,
    gebeurd_op: datetime | None,
    actor: str | None,
    rol: str | None,
    organisatie: str | None,
    correlatie: UUID | None,
    oorzaak: str | None,
    procedure: str | None,
) -> bytes:
    """Give the hash of an event: sha256 of the link before it and the event's canonical bytes."""
    velden = [
        _veld(_UUID, originator_id.bytes),
        _veld(_BIGINT, struct.pack("!q", originator_version)),
        _tekst(topic),
        _veld(_BYTEA, state),
        _tekst(regio),
        _veld(_TIMESTAMPTZ, None if gebeurd_op is None else struct.pack("!q", _microseconden(gebeurd_op))),
        _tekst(actor),
        _tekst(rol),
        _tekst(organisatie),
        _veld(_UUID, None if correlatie is None else correlatie.bytes),
        _tekst(oorzaak),
        _tekst(procedure),
    ]
    return hashlib.sha256(vorige + struct.pack("!i", len(velden)) + b"".join(velden)).digest()


def _veld(soort: int, waarde: bytes | None) -> bytes:
    if waarde is None:
        return struct.pack("!Ii", soort, -1)
    return struct.pack("!Ii", soort, len(waarde)) + waarde


def _tekst(waarde: str | None) -> bytes:
    return _veld(_TEXT, None if waarde is None else waarde.encode())


def _microseconden(moment: datetime) -> int:
    return (moment - _EPOCHE) // timedelta(microseconds=1)
