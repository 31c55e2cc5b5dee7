"""Map events to stored rows by stable names and canonical JSON; the library itself uses module paths and attributes."""

from typing import Any
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Cipher, Compressor, Mapper, ProgrammingError, StoredEvent, Transcoder

from overstap.adapters.postgres.opgeslagen import GemeldeGebeurtenis, Kolommen, OpgeslagenGebeurtenis, gebeurtenis_van
from overstap.domain.feiten import ARCHIEF, Archief
from overstap.domain.gebeurtenis import Gebeurtenis


class GebeurtenisMapper(Mapper[UUID]):
    """The library's mapper for our events; those of another program go its own way.

    archief says which facts there are and how those of an old version are brought up to date.

    Raises:
        ProgrammingError: when given a compressor or cipher: the log holds exactly the canonical bytes; what is personal
            is sealed inside them already.

    """

    def __init__(
        self,
        transcoder: Transcoder,
        compressor: Compressor | None = None,
        cipher: Cipher | None = None,
        archief: Archief[Any] = ARCHIEF,
    ) -> None:
        if compressor or cipher:
            raise ProgrammingError("Het log bewaart de canonieke bytes zelf: stel geen COMPRESSOR of CIPHER in.")
        super().__init__(transcoder)
        self._archief = archief

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Write an event as the row to store."""
        if not isinstance(domain_event, Gebeurtenis):
            return super().to_stored_event(domain_event)
        wat: Any = domain_event
        return OpgeslagenGebeurtenis(
            originator_id=wat.originator_id,
            originator_version=wat.originator_version,
            topic=self._archief.naam_van(wat.feit),
            state=self._archief.naar_bytes(wat.feit),
            kolommen=Kolommen(*(getattr(wat, naam) for naam in Kolommen._fields)),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """Read an event from its stored row."""
        if isinstance(stored_event, (OpgeslagenGebeurtenis, GemeldeGebeurtenis)):
            return gebeurtenis_van(stored_event, self._archief)
        return super().to_domain_event(stored_event)
