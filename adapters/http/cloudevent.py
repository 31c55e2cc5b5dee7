"""An event as it leaves the house: CloudEvents 1.0 in the NL GOV profile. Nothing sealed goes along."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

import msgspec

from overstap.adapters.postgres.gezien import Gezien
from overstap.domain.feiten import TYPES
from overstap.statemachine.feitzicht import verzegelde_velden

EEN: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
_VOORVOEGSEL: Final = "nl.overstappen."
_CIJFERS: Final = 19
"""A position of the log has no more digits; `sequence` is compared as text."""


class Gebeurtenisdata(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What happened: inhoud are the fields of the fact that the reader may have, verzegeld names those kept sealed."""

    versie: int
    gebeurd_op: datetime
    regio: str
    account: str
    rol: str
    organisatie: str
    procedure: str | None
    correlatie: UUID | None
    oorzaak: str | None
    inhoud: dict[str, Any]
    verzegeld: list[str]


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True):
    """The envelope; time is when it was recorded, sequence its position in the log."""

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: UUID
    time: datetime
    sequence: str
    datacontenttype: str = "application/json"
    data: Gebeurtenisdata


def bron_van(oin: str) -> str:
    """Give the source of our events: the organisation that runs this installation, and the system."""
    return f"urn:nld:oin:{oin}:systeem:overstap"


schrijf: Final = msgspec.json.Encoder(order="deterministic").encode
"""Write events, or a list of them: the same one always the same way, however it was read."""


def cloudevent(gezien: Gezien, bron: str) -> CloudEvent:
    """Write an event as its reader may see it."""
    inhoud, verzegeld = _opengelegd(gezien.feit, gezien.inhoud)
    return CloudEvent(
        id=f"{gezien.stroom}@{gezien.versie}",
        source=bron,
        type=_VOORVOEGSEL + gezien.feit,
        subject=gezien.stroom,
        time=gezien.vastgelegd_op,
        sequence=f"{gezien.positie:0{_CIJFERS}}",
        data=Gebeurtenisdata(
            versie=gezien.versie,
            gebeurd_op=gezien.gebeurd_op,
            regio=gezien.regio,
            account=gezien.actor,
            rol=gezien.rol,
            organisatie=gezien.organisatie,
            procedure=gezien.procedure,
            correlatie=gezien.correlatie,
            oorzaak=gezien.oorzaak,
            inhoud=inhoud,
            verzegeld=verzegeld,
        ),
    )


def _opengelegd(feit: str, inhoud: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Leave out what is sealed, and name it; the other fields get the names they have in the API."""
    soort = TYPES[feit]
    dicht = verzegelde_velden(soort) & inhoud.keys()
    verzegeld = [
        f"{_camel(veld)}.{deel}" if deel else _camel(veld)
        for veld in sorted(dicht)
        for deel in (sorted(inhoud[veld]) if isinstance(inhoud[veld], dict) else ("",))
    ]
    open_ = {veld: waarde for veld, waarde in inhoud.items() if veld != "feit" and veld not in dicht}
    return _hernoemer(soort)(open_), verzegeld


@cache
def _hernoemer(soort: Any) -> Callable[[Any], Any]:  # noqa: ANN401  # a struct, or anything it is made of
    """Give a function that renames the fields of structs, at any depth, and leaves the keys of mappings as they are."""
    return _van(msgspec.inspect.type_info(soort))


def _van(soort: msgspec.inspect.Type) -> Callable[[Any], Any]:
    match soort:
        case msgspec.inspect.StructType(fields=velden):
            per_veld = {veld.name: _van(veld.type) for veld in velden}
            return lambda waarde: {_camel(veld): per_veld[veld](een) for veld, een in waarde.items()}
        case msgspec.inspect.DictType(value_type=binnen):
            per_een = _van(binnen)
            return lambda waarde: {sleutel: per_een(een) for sleutel, een in waarde.items()}
        case _:
            return lambda waarde: waarde


def _camel(naam: str) -> str:
    eerste, *rest = naam.split("_")
    return eerste + "".join(deel.capitalize() for deel in rest)
