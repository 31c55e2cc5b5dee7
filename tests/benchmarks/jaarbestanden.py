"""A region's year in large files: an import of a whole school year without thousands of small deliveries."""

import contextlib
import itertools
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from overstap.adapters.app import App
from overstap.adapters.koppelingen import importeer
from overstap.adapters.synthetische_regio import genereer
from overstap.domain.rollen import Rol

OVERSTAPJAAR = 2026


class Bestand(NamedTuple):
    """One file and who delivers it."""

    pad: Path
    namens: str
    rol: Rol


class Jaarbestanden(NamedTuple):
    """What comes before the measured time (organisations, rules) and what is measured (pupil lists, messages)."""

    inrichting: list[Bestand]
    gemeten: list[Bestand]


def schrijf_jaarbestanden(leerlingen: int, map_: Path) -> Jaarbestanden:
    """Generate a region and join the messages of each koppeling, in the order in which they were delivered."""
    manifest = genereer(leerlingen, OVERSTAPJAAR, 1, map_ / "regio")
    inrichting: list[Bestand] = []
    lijsten: list[Bestand] = []
    paginas: defaultdict[str, list[Path]] = defaultdict(list)
    for levering in manifest.leveringen:
        bestand = Bestand(map_ / "regio" / levering.bestand, levering.namens, Rol(levering.rol))
        if levering.soort in {"organisaties", "parameters"}:
            inrichting.append(bestand)
        elif levering.soort == "leerlingen" and not any(lijst.namens == bestand.namens for lijst in lijsten):
            lijsten.append(bestand)  # the first list of each school; later ones say mostly what is known
        elif levering.soort == "koppeling":
            paginas[levering.namens].append(bestand.pad)
    berichten = [
        Bestand(_voeg_samen(paden, map_ / f"koppeling-{mbo}.ndjson"), mbo, Rol.KOPPELING)
        for mbo, paden in sorted(paginas.items())
    ]
    return Jaarbestanden(inrichting, [*lijsten, *berichten])


def _voeg_samen(paden: list[Path], doel: Path) -> Path:
    """Write the items that are plain JSON one a line; the few that are not belong to another measurement."""
    with doel.open("w", encoding="utf-8") as uit:
        for item in itertools.chain.from_iterable(_items(pad) for pad in paden):
            uit.write(json.dumps(item) + "\n")
    return doel


def _items(pad: Path) -> Iterator[dict[str, object]]:
    tekst = pad.read_text(encoding="utf-8-sig")
    try:
        yield from _van_pagina(json.loads(tekst))
    except ValueError:
        for regel in tekst.splitlines():
            with contextlib.suppress(ValueError):
                yield from _van_pagina(json.loads(regel))


def _van_pagina(inhoud: Any) -> list[dict[str, object]]:  # noqa: ANN401  # whatever the page holds
    if isinstance(inhoud, dict):
        aanmeldingen: list[dict[str, object]] = inhoud.get("aanmeldingen", [inhoud])
        return aanmeldingen
    return inhoud if isinstance(inhoud, list) else []


def lever(app: App, bestanden: list[Bestand]) -> None:
    """Import the files in order."""
    for bestand in bestanden:
        importeer(app, bestand.pad, bestand.namens, bestand.rol)
