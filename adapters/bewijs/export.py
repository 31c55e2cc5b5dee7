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
from overstap.adapters.bewijs.toegangsregels import lees_koppen, lees_toegangsregels
from overstap.adapters.bewijs.toetsing import Vorderen, tel_rijen

VORM = "overstap-export-1"


class Inhoud(msgspec.Struct, frozen=True, kw_only=True):
    """What an export holds: its file export.json. toegangsregels is None when the log of access is not in it."""

    vorm: str
    databank: str
    gebeurtenissen: int
    controlepunten: int
    sleutels: int
    knopen: int
    gewist: int
    toegangskoppen: int
    toegangsregels: int | None


def exporteer(
    verbinding: psycopg.Connection[Any],
    map_: Path,
    vorderen: Vorderen = lambda _: None,
    *,
    met_toegangslog: bool = False,
) -> Inhoud:
    """Write the log, its tree, checkpoints and keys as they are at one moment into a folder that is empty or new.

    Of the log of access each writer's last line under each checkpoint, and the lines themselves when asked.

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
            toegangskoppen=_schrijf_bytes(map_ / "toegangskoppen.ndjson", lees_koppen(verbinding)),
            toegangsregels=(
                _schrijf_bytes(map_ / "toegangslog.ndjson", lees_toegangsregels(verbinding))
                if met_toegangslog
                else None
            ),
        )
    _schrijf(map_ / "export.json", [inhoud])
    return inhoud


def _maak_map(map_: Path) -> None:
    map_.mkdir(parents=True, exist_ok=True)
    if any(map_.iterdir()):
        raise BewijsFout(f"In {map_} staat al iets. Geef een lege of nieuwe map, zodat er niets door elkaar raakt.")


def _schrijf(pad: Path, regels: Iterable[object]) -> int:
    """Write a line of JSON for each and give how many."""
    return _schrijf_bytes(pad, (msgspec.json.encode(regel) + b"\n" for regel in regels))


def _schrijf_bytes(pad: Path, regels: Iterable[bytes]) -> int:
    aantal = 0
    with pad.open("wb") as bestand:
        for regel in regels:
            bestand.write(regel)
            aantal += 1
    return aantal
