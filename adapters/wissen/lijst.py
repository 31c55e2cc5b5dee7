"""The ids of who was erased, kept outside the database: what a backup that is put back does not know any more."""

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

import msgspec

from overstap.adapters.bewijs.fouten import BewijsFout

_lees = msgspec.json.Decoder(UUID).decode


def lijst_van(map_: Path, databank: UUID) -> Path:
    """Say where in a folder the list of a database lies: an id a line, as `gewist.ndjson` of an export."""
    return map_ / f"gewist-{databank}.ndjson"


def onthoud(pad: Path, gewist: Iterable[UUID]) -> None:
    """Add ids to a list, durable; who is on it stays on it."""
    pad.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(pad, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as bestand:
        bestand.write(b"".join(msgspec.json.encode(een) + b"\n" for een in gewist))
        bestand.flush()
        os.fsync(bestand.fileno())


def lees_lijst(pad: Path) -> list[UUID]:
    """Read a list; none when it is not there.

    Raises:
        BewijsFout: when something else stands in it.

    """
    try:
        return [_lees(regel) for regel in pad.read_bytes().splitlines() if regel.strip()]
    except FileNotFoundError:
        return []
    except msgspec.DecodeError:
        raise BewijsFout(
            f"In {pad} staat iets anders dan nummers van overstappen. Zet een goede kopie terug."
        ) from None
