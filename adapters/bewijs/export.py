"""Write what somebody else needs to verify the log without us: files as docs/audit-format.md has them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from overstap.adapters.bewijs import opslag
from overstap.adapters.bewijs.bewaard import uitgegeven
from overstap.adapters.bewijs.fouten import BewijsFout
from overstap.adapters.bewijs.gewist import lees_gewist
from overstap.adapters.bewijs.rijen import een_moment, lees_json
from overstap.adapters.bewijs.toetsing import Vorderen, tel_rijen

VORM = "overstap-export-1"


class Inhoud(msgspec.Struct, frozen=True, kw_only=True):
    """What an export holds: its file export.json."""

    vorm: str
    databank: str
    gebeurtenissen: int
    controlepunten: int
    sleutels: int
    knopen: int
    gewist: int


def exporteer(
    verbinding: psycopg.Connection[Any],
    map_: Path,
    vorderen: Vorderen = lambda _: None,
) -> Inhoud:
    """Write the log, its tree, checkpoints and keys as they are at one moment into a folder that is empty or new.

    export.json comes last: without it an export is not whole.

    Raises:
        BewijsFout: when there is something in the folder.

    """
    _maak_map(map_)
    with een_moment(verbinding):
        aantal, gelezen = tel_rijen(verbinding), 0
        with (map_ / "gebeurtenissen.ndjson").open("wb") as bestand:
            for blok in lees_json(verbinding):
                bestand.write(blok)
                gelezen += blok.count(b"\n")
                vorderen(gelezen)
        sleutels = opslag.sleutels(verbinding)
        inhoud = Inhoud(
            vorm=VORM,
            databank=str(opslag.databank_van(verbinding)),
            gebeurtenissen=aantal,
            controlepunten=_schrijf(
                map_ / "controlepunten.ndjson",
                (uitgegeven(punt, sleutels) for punt in opslag.controlepunten(verbinding)),
            ),
            sleutels=_schrijf(
                map_ / "sleutels.ndjson",
                (
                    {**sleutel._asdict(), "publiek": sleutel.publiek.hex(), "handtekening": sleutel.handtekening.hex()}
                    for sleutel in sleutels
                ),
            ),
            knopen=_schrijf(
                map_ / "boom.ndjson",
                (
                    {"niveau": plek.niveau, "nummer": plek.nummer, "hash": hash_.hex()}
                    for plek, hash_ in sorted(opslag.alle_knopen(verbinding).items())
                ),
            ),
            gewist=_schrijf(map_ / "gewist.ndjson", lees_gewist(verbinding)),
        )
    _schrijf(map_ / "export.json", [inhoud])
    return inhoud


def _maak_map(map_: Path) -> None:
    map_.mkdir(parents=True, exist_ok=True)
    if any(map_.iterdir()):
        raise BewijsFout(f"In {map_} staat al iets. Geef een lege of nieuwe map, zodat er niets door elkaar raakt.")


def _schrijf(pad: Path, regels: Iterable[object]) -> int:
    """Write a line of JSON for each and give how many."""
    aantal = 0
    with pad.open("wb") as bestand:
        for regel in regels:
            bestand.write(msgspec.json.encode(regel) + b"\n")
            aantal += 1
    return aantal
