"""How is each read model: how far, how far behind and whether that grows, what went wrong, and whether it moves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from typing import Any

import msgspec
from psycopg.rows import dict_row

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES, richt_in
from overstap.adapters.postgres.projectie_vouwer import SLOTEN
from overstap.projections.projectie import Projectie

STIL_NA = 10.0
"""Seconds after which a read model that is behind and does not move is said to stand still."""
_VRAAG = (files("overstap.adapters.postgres") / "projectie_toestand.sql").read_bytes()


class Stand(StrEnum):
    """In one word how a read model is; the first that holds."""

    HERBOUW_NODIG = "herbouw_nodig"
    """Another version of it is served than this program folds."""
    STAAT_STIL = "staat_stil"
    """It is behind, and does not move."""
    GEPARKEERD = "geparkeerd"
    """It moves, but some streams stand aside."""
    LOOPT_ACHTER = "loopt_achter"
    """It is behind, and moves."""
    BIJ = "bij"
    """All that was recorded is in it."""


class Toestand(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One read model.

    achter counts positions of the log, achter_seconden since the first event that is not in it was recorded; trend is
    how many positions it fell behind more in the last minute (less than zero: it catches up; 0 once nothing waits: how
    far behind it was before, as after an import, is over), tempo events a second over the same time; both None when
    nothing was measured in that minute. weg_terug is the version that is kept to go back to, herbouw_positie how far a
    rebuild is that is going on.
    """

    naam: str
    stand: Stand
    versie: int
    programmaversie: int
    positie: int
    achter: int
    achter_seconden: float
    trend: int | None
    tempo: float | None
    gevouwen_op: datetime | None
    fout: str | None
    fout_op: datetime | None
    geparkeerd: int
    opgegeven: int
    wordt_gevolgd: bool
    vastgezet: bool
    weg_terug: int | None
    herbouw_positie: int | None


def toestanden(databank: Databank, projecties: Sequence[type[Projectie]] = PROJECTIES) -> list[Toestand]:
    """Give how each read model is, in the order of their names."""
    richt_in(databank, projecties)
    return bekijk(databank, projecties)


def bekijk(databank: Databank, projecties: Sequence[type[Projectie]] = PROJECTIES) -> list[Toestand]:
    """Give how each read model is that was ever folded, and change nothing; the schemas must be there."""
    versies = {projectie.naam: projectie.versie for projectie in projecties}
    with databank.verbind(Login.PROJECTIE) as verbinding, verbinding.cursor(row_factory=dict_row) as cursor:
        rijen = cursor.execute(_VRAAG, {"sloten": SLOTEN}).fetchall()
    return [_toestand(rij, versies[rij["naam"]]) for rij in rijen if rij["naam"] in versies]


def _toestand(rij: Mapping[str, Any], programmaversie: int) -> Toestand:
    toen = rij["seconden_sinds_toen"]
    velden = {naam: rij[naam] for naam in Toestand.__struct_fields__ if naam in rij}
    return Toestand(
        **velden,
        stand=_stand(rij, programmaversie),
        programmaversie=programmaversie,
        trend=None if toen is None else _trend(rij),
        tempo=round(rij["gevouwen_sinds_toen"] / toen, 1) if toen else None,
    )


def _trend(rij: Mapping[str, Any]) -> int:
    """Tell how much more it fell behind since then; what has nothing to fold neither falls behind nor catches up."""
    return int(rij["achter"] - rij["achter_toen"]) if rij["achter"] else 0


def _stand(rij: Mapping[str, Any], programmaversie: int) -> Stand:
    if rij["versie"] != programmaversie:
        return Stand.HERBOUW_NODIG
    stil = rij["stil_seconden"]
    if rij["achter"] and (rij["fout"] or (rij["achter_seconden"] > STIL_NA and (stil is None or stil > STIL_NA))):
        return Stand.STAAT_STIL
    if rij["geparkeerd"]:
        return Stand.GEPARKEERD
    return Stand.LOOPT_ACHTER if rij["achter"] else Stand.BIJ
