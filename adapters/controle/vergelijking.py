"""Compare what was promised, what the log holds and what each reader was given."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import UUID

import msgspec

from overstap.adapters.controle.lezer import SOORTEN
from overstap.adapters.controle.streek import client_van
from overstap.adapters.controle.taak import Taak
from overstap.adapters.postgres.logins import Login

Inhoud = dict[int, tuple[str, int]]
"""The log by position: which event of which stream stands there."""


class Lezersverslag(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What one reader was given: missed counts stored events that it was not."""

    kind: str
    delivered: int
    missed: int
    duplicated: int
    out_of_order: int


class Verslag(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the check found; its fields are part of the interface.

    acknowledged counts requests, stored events. missed counts events that were acknowledged and are not in the log, and
    those that a reader was not given; duplicated events that a reader was given again at or below the position it had
    saved, and events stored beyond what the receipts account for; out_of_order those given after a later one.
    """

    acknowledged: int
    stored: int
    missed: int
    duplicated: int
    out_of_order: int
    readers: list[Lezersverslag]
    killed: dict[str, int]
    seconds: float
    postgres: str

    @property
    def is_goed(self) -> bool:
        """Was nothing lost, doubled or out of order?"""
        return self.missed == self.duplicated == self.out_of_order == 0


class Belofte(msgspec.Struct, frozen=True):
    """What a writer was answered: the position of the first event, how many there are, and their stream."""

    positie: int
    aantal: int
    stroom: str


def lees_beloften(bestand: Path) -> list[Belofte]:
    """Read the acknowledgements that were kept; a refused request promises nothing."""
    delen = (regel.split("\t") for regel in bestand.read_text("utf-8").splitlines())
    return [Belofte(int(deel[1]), int(deel[2]), deel[3]) for deel in delen if deel[1] != "-"]


def vergelijk(
    taak: Taak, beloften: list[Belofte], lezers: Mapping[int, Path], *, killed: dict[str, int], seconds: float
) -> Verslag:
    """Compare with the log as it stands now; nobody writes any more."""
    with taak.databank.verbind(Login.SCHRIJVER) as verbinding:
        vraag = "SELECT positie, originator_id, originator_version FROM log.gebeurtenissen WHERE positie > %s"
        inhoud = {positie: (str(stroom), versie) for positie, stroom, versie in verbinding.execute(vraag, (taak.na,))}
        vraag = "SELECT coalesce(sum(aantal), 0) FROM log.kwitanties WHERE client = %s"
        [(verantwoord,)] = verbinding.execute(vraag, (client_van(taak.proef),)).fetchall()
        versie = str(verbinding.info.server_version // 10_000)
    verslagen = [_lezer(SOORTEN[nr % len(SOORTEN)], _geleverd(pad), inhoud) for nr, pad in sorted(lezers.items())]
    return Verslag(
        acknowledged=len(beloften),
        stored=len(inhoud),
        missed=_niet_vastgelegd(beloften, inhoud) + sum(een.missed for een in verslagen),
        duplicated=abs(len(inhoud) - int(verantwoord)) + sum(een.duplicated for een in verslagen),
        out_of_order=sum(een.out_of_order for een in verslagen),
        readers=verslagen,
        killed=killed,
        seconds=round(seconds, 1),
        postgres=versie,
    )


def _niet_vastgelegd(beloften: Iterable[Belofte], inhoud: Inhoud) -> int:
    return sum(
        inhoud.get(positie, ("", 0))[0] != belofte.stroom
        for belofte in beloften
        for positie in range(belofte.positie, belofte.positie + belofte.aantal)
    )


def _geleverd(bestand: Path) -> list[tuple[int, str, int]]:
    regels = bestand.read_text("ascii").splitlines() if bestand.exists() else []
    return [
        (int(positie), str(UUID(stroom)), int(versie)) for positie, stroom, versie in (r.split("\t") for r in regels)
    ]


def _lezer(soort: str, geleverd: list[tuple[int, str, int]], inhoud: Inhoud) -> Lezersverslag:
    gezien: set[int] = set()
    hoogste = dubbel = verkeerd = 0
    for positie, stroom, versie in geleverd:
        if positie in gezien:
            dubbel += 1
        elif positie < hoogste:
            verkeerd += 1
        if inhoud.get(positie) == (stroom, versie):
            gezien.add(positie)
        hoogste = max(hoogste, positie)
    return Lezersverslag(
        kind=soort,
        delivered=len(geleverd),
        missed=len(inhoud) - len(gezien),
        duplicated=dubbel,
        out_of_order=verkeerd,
    )
