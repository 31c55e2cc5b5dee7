"""The ids of who was erased, kept outside the database: what a backup that is put back does not know any more."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from overstap.adapters.bewijs import opslag
from overstap.adapters.bewijs.bewaard import lees_bewaard
from overstap.adapters.bewijs.fouten import BewijsFout
from overstap.adapters.bewijs.gewist import stand_van_gewist
from overstap.adapters.bewijs.sleutels import is_ondertekend
from overstap.adapters.bewijs.teksten import TekstOngeldig, lees_controlepunt

_lees = msgspec.json.Decoder(UUID).decode


def lijst_van(map_: Path, databank: UUID) -> Path:
    """Say where in a folder the list of a database lies: an id a line, as `gewist.ndjson` of an export."""
    return map_ / f"gewist-{databank}.ndjson"


def onthoud(pad: Path, gewist: Iterable[UUID]) -> None:
    """Add the ids that a list does not have yet, durable; who is on it stays on it."""
    bekend = set(lees_lijst(pad))
    nieuw = [een for een in gewist if een not in bekend]
    if not nieuw:
        return
    pad.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(pad, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as bestand:
        bestand.write(b"".join(msgspec.json.encode(een) + b"\n" for een in nieuw))
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


def lees_lijst_van_export(map_: Path, verbinding: psycopg.Connection[Any]) -> list[UUID]:
    """Read from an export who was erased, as far as its last checkpoint signs it; with what came after it, nobody does.

    verbinding reads the database that is held against it (overstap_audit): its keys say whether the signature is ours.

    Raises:
        BewijsFout: when it is no export of this database, or the list is not the one that was signed.

    """
    laatste = lees_bewaard(map_ / "controlepunten.ndjson")[-1]
    bekend = {sleutel.publiek.hex() for sleutel in opslag.sleutels(verbinding)}
    try:
        punt = lees_controlepunt(laatste.tekst)
        is_echt = is_ondertekend(laatste.tekst, bytes.fromhex(laatste.handtekening), bytes.fromhex(laatste.publiek))
    except (TekstOngeldig, ValueError):
        raise BewijsFout(f"Het laatste controlepunt in {map_} is niet te lezen. Neem een andere export.") from None
    if not is_echt or laatste.publiek not in bekend or punt.databank != opslag.databank_van(verbinding):
        raise BewijsFout(f"De export in {map_} is niet ondertekend door de notaris van deze database.")
    gewist = lees_lijst(map_ / "gewist.ndjson")[: punt.gewist.aantal]
    if stand_van_gewist(gewist) != punt.gewist:
        raise BewijsFout(
            f"De lijst van gewiste overstappen in {map_} is niet die van het controlepunt. Neem een andere."
        )
    return gewist
