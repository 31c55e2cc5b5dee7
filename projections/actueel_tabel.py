"""Keep the rows of actueel, and the sealed personal data beside them, in their tables; and read one back."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from overstap.domain.feiten import Verzegeld, naam_van
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.projections.actueel import Aanmeldingsregel, Actueel, rij_na, rij_van
from overstap.projections.projectie import OVERSTAPFEITEN, Geschiedenis, Tabel, overschrijf

KOLOMMEN = Actueel.__struct_fields__
_AANMELDINGEN, _SIGNALEN = KOLOMMEN.index("aanmeldingen"), KOLOMMEN.index("signalen")
_ACTUEEL = Tabel("actueel", KOLOMMEN, overschrijf(("overstap",), KOLOMMEN))
_PERSOONSGEGEVENS = Tabel(
    "persoonsgegevens",
    ("overstap", "regio", "velden"),
    SQL("(overstap) DO UPDATE SET velden = persoonsgegevens.velden || excluded.velden"),
)
_LEES = SQL("SELECT {} FROM ").format(
    SQL(", ").join(
        SQL("{}::text").format(Identifier(naam)) if naam in {"aanmeldingen", "signalen"} else Identifier(naam)
        for naam in KOLOMMEN
    )
)
_LEES_VELDEN = SQL("SELECT velden FROM beeld.persoonsgegevens WHERE overstap = %s")
_naar_json = msgspec.json.Encoder()
_uit_json = msgspec.json.Decoder(list[Aanmeldingsregel])

Zegel = tuple[str, Verzegeld]
"""A sealed value with the name of the fact it was sealed for: both are needed to open it."""


class ActueelProjectie:
    """Fold events into actueel and persoonsgegevens."""

    naam = "actueel"
    versie = 1
    tabellen = ("actueel", "persoonsgegevens")

    def vouw(self, cursor: Cursor[Any], batch: Sequence[Gebeurtenis], geschiedenis: Geschiedenis) -> None:
        """Fold a batch: read the touched rows once, change them in memory, write them once."""
        eigen = [g for g in batch if type(g.feit) in OVERSTAPFEITEN]
        if not eigen:
            return
        oude = {g.originator_id for g in eigen} - {g.originator_id for g in eigen if g.originator_version == 1}
        rijen: dict[UUID, Actueel | None] = {rij.overstap: rij for rij in _lees_rijen(cursor, oude)}
        stromen = geschiedenis({g.originator_id for g in eigen if isinstance(g.feit, o.GebeurtenisHerzien)})
        zegels: dict[UUID, tuple[str, dict[str, Zegel]]] = {}
        for g in eigen:
            stroom = g.originator_id
            if isinstance(g.feit, o.GebeurtenisHerzien):
                rijen[stroom] = rij_van(stromen[stroom][: g.originator_version])
            else:
                rijen[stroom] = rij_na(rijen.get(stroom), g)
            if velden := _verzegeld(g):
                zegels.setdefault(stroom, (g.regio, {}))[1].update(velden)
        _ACTUEEL.schrijf(cursor, (_naar_rij(rij) for rij in rijen.values() if rij))
        if zegels:
            _PERSOONSGEGEVENS.schrijf(
                cursor,
                ((stroom, regio, Jsonb(velden, _naar_json.encode)) for stroom, (regio, velden) in zegels.items()),
            )


def lees(cursor: Cursor[Any], overstap: UUID) -> Actueel | None:
    """Give the row of one overstap, None when it does not exist within the reader's region."""
    rij = cursor.execute(_LEES + SQL("beeld.actueel WHERE overstap = %s"), (overstap,)).fetchone()
    return _uit_rij(rij) if rij else None


def lees_zegels(cursor: Cursor[Any], overstap: UUID) -> dict[str, Zegel]:
    """Give the sealed personal data of one overstap by field: opened per request, never kept."""
    rij = cursor.execute(_LEES_VELDEN, (overstap,)).fetchone()
    return {veld: (feit, Verzegeld(waarde)) for veld, (feit, waarde) in rij[0].items()} if rij else {}


def _lees_rijen(cursor: Cursor[Any], overstappen: Iterable[UUID]) -> list[Actueel]:
    gezocht = list(overstappen)
    if not gezocht:
        return []
    rijen = cursor.execute(_LEES + SQL("actueel WHERE overstap = ANY(%s)"), (gezocht,), binary=True)
    return [_uit_rij(rij) for rij in rijen]


def _uit_rij(rij: Sequence[Any]) -> Actueel:
    velden = dict(zip(KOLOMMEN, rij, strict=True))
    aanmeldingen = _uit_json.decode(velden.pop("aanmeldingen"))
    velden["signalen"] = msgspec.json.decode(velden["signalen"])
    actueel = msgspec.convert(velden, Actueel)
    actueel.aanmeldingen = aanmeldingen
    return actueel


def _naar_rij(rij: Actueel) -> list[object]:
    waarden: list[object] = list(msgspec.structs.astuple(rij))
    for index in (_AANMELDINGEN, _SIGNALEN):
        waarden[index] = Jsonb(waarden[index], _naar_json.encode)
    return waarden


def _verzegeld(gebeurtenis: Gebeurtenis) -> dict[str, Zegel]:
    feit = gebeurtenis.feit
    match feit:
        case o.OverstapOpgevoerd() | o.PersoonsgegevensGewijzigd():
            return {veld: (naam_van(feit), waarde) for veld, waarde in feit.persoon.items()}
        case o.PgnVervangen():
            return {"pgn": (naam_van(feit), feit.pgn)}
        case _:
            return {}
