"""Compute the chain of a stream as the append does, from the columns alone: to doubt the database takes this file.

The bytes (docs/log.md) are what PostgreSQL's record_send gives for columns in a row: how many; of each its type's
number, its length in bytes (-1: NULL) and its value. Whole numbers are big-endian and signed; an instant is
microseconds since 2000-01-01 UTC; text is UTF-8; a UUID is its 16 bytes.
"""

import struct
from datetime import UTC, datetime, timedelta
from hashlib import sha256, sha512
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
    """Give the hash of an event: of the link before it, the digest of its origin, and what is its own."""
    herkomst = _rij(
        _uuid(originator_id),
        _tekst(regio),
        _moment(gebeurd_op),
        _tekst(actor),
        _tekst(rol),
        _tekst(organisatie),
        _uuid(correlatie),
        _tekst(procedure),
    )
    eigen = _rij(_getal(originator_version), _tekst(topic), _veld(_BYTEA, state), _tekst(oorzaak))
    return kort(vorige + kort(herkomst) + eigen)


def oude_keten_hash(  # noqa: PLR0913, PLR0917 - one for each column
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
    """Give the hash as it was before migration 0050: sha256 of the link before it and all columns."""
    inhoud = _rij(
        _uuid(originator_id),
        _getal(originator_version),
        _tekst(topic),
        _veld(_BYTEA, state),
        _tekst(regio),
        _moment(gebeurd_op),
        _tekst(actor),
        _tekst(rol),
        _tekst(organisatie),
        _uuid(correlatie),
        _tekst(oorzaak),
        _tekst(procedure),
    )
    return sha256(vorige + inhoud).digest()


def kort(inhoud: bytes) -> bytes:
    """Give the first 32 bytes of SHA-512."""
    return sha512(inhoud).digest()[:32]


def _rij(*velden: bytes) -> bytes:
    return struct.pack("!i", len(velden)) + b"".join(velden)


def _veld(soort: int, waarde: bytes | None) -> bytes:
    if waarde is None:
        return struct.pack("!Ii", soort, -1)
    return struct.pack("!Ii", soort, len(waarde)) + waarde


def _uuid(waarde: UUID | None) -> bytes:
    return _veld(_UUID, None if waarde is None else waarde.bytes)


def _getal(waarde: int) -> bytes:
    return _veld(_BIGINT, struct.pack("!q", waarde))


def _tekst(waarde: str | None) -> bytes:
    return _veld(_TEXT, None if waarde is None else waarde.encode())


def _moment(waarde: datetime | None) -> bytes:
    microseconden = None if waarde is None else (waarde - _EPOCHE) // timedelta(microseconds=1)
    return _veld(_TIMESTAMPTZ, None if microseconden is None else struct.pack("!q", microseconden))
