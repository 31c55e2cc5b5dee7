"""Keep the rows of actueel, and the sealed personal data beside them, in their tables; and read one back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, ClassVar, get_args
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.sql import SQL, Identifier

from overstap.domain.feiten import Verzegeld, naam_van
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Voorval
from overstap.domain.persoon import GROEP_VAN_VELD, PERSOONSGROEPEN
from overstap.projections.actueel import Aanmeldingsregel, Actueel, rij_na, rij_van
from overstap.projections.projectie import OVERSTAPFEITEN, Batch, Geheugen, Geschiedenis, Rij, Rijschrijver
from overstap.projections.wegschrijven import (
    Tabel,
    Veld,
    dag,
    integer,
    jsonb,
    overschrijf,
    smallint,
    teksten,
    text,
    timestamptz,
    uuid,
)


def _soort(soort: object) -> Any:  # noqa: ANN401 - whatever the field of a struct is annotated with
    """Give the type of a column's values, None apart."""
    return next(x for x in get_args(soort) if x is not NoneType) if isinstance(soort, UnionType) else soort


_SOORTEN = {veld.name: _soort(veld.type) for veld in msgspec.structs.fields(Actueel)}
_VELDEN: dict[object, Veld] = {UUID: uuid, int: smallint, datetime: timestamptz, date: dag, tuple[str, ...]: teksten}
_JSON = {"aanmeldingen": jsonb, "signalen": jsonb}
KOLOMMEN: Mapping[str, Veld] = {
    **{naam: _VELDEN.get(soort, text) for naam, soort in _SOORTEN.items()},
    "versie": integer,
    **_JSON,
}
_PLAATS = {naam: index for index, naam in enumerate(KOLOMMEN)}
_LEDEN = [
    (_PLAATS[naam], {lid.value: lid for lid in soort})
    for naam, soort in _SOORTEN.items()
    if isinstance(soort, type) and issubclass(soort, StrEnum)
]
_ACTUEEL = Tabel("actueel", KOLOMMEN, overschrijf(("overstap",), KOLOMMEN))
_PERSOONSGEGEVENS = Tabel(
    "persoonsgegevens",
    {"overstap": uuid, "regio": text, **dict.fromkeys(PERSOONSGROEPEN, jsonb)},
    SQL("(overstap) DO UPDATE SET {}").format(
        SQL(", ").join(
            SQL("{0} = persoonsgegevens.{0} || excluded.{0}").format(Identifier(groep)) for groep in PERSOONSGROEPEN
        )
    ),
)
_PLAATS_VAN_VELD = {veld: 2 + list(PERSOONSGROEPEN).index(groep) for veld, groep in GROEP_VAN_VELD.items()}
_LEESBAAR = {
    **dict.fromkeys(_JSON, "{}::text"),
    "leerplicht_ziet_tot": "CASE {0} WHEN 'infinity' THEN '9999-12-31' ELSE {0} END",  # infinity is no date of Python
}
LEES = SQL("SELECT {} FROM ").format(
    SQL(", ").join(SQL(_LEESBAAR.get(naam, "{}")).format(Identifier(naam)) for naam in KOLOMMEN)
)
"""What comes before FROM: every column, as `uit_rij` takes them."""
_aanmeldingen = msgspec.json.Decoder(list[Aanmeldingsregel]).decode
_signalen = msgspec.json.Decoder(dict[str, datetime]).decode

_MET_PERSOON: frozenset[type] = frozenset({o.OverstapOpgevoerd, o.PersoonsgegevensGewijzigd, o.PgnVervangen})

Zegel = tuple[str, Verzegeld]
"""A sealed value with the name of the fact it was sealed for: both are needed to open it."""


class ActueelProjectie:
    """Fold events into actueel and persoonsgegevens."""

    naam: ClassVar[str] = "actueel"
    versie: ClassVar[int] = 8
    tabellen: ClassVar[tuple[str, ...]] = ("actueel", "persoonsgegevens")
    feiten: ClassVar[frozenset[type]] = OVERSTAPFEITEN
    schrijvers: ClassVar[tuple[Rijschrijver, ...]] = (_ACTUEEL, _PERSOONSGEGEVENS)
    leest: ClassVar[type[Voorval]] = Voorval

    def __init__(self) -> None:
        self._geheugen: Geheugen[Actueel] = Geheugen()

    def vouw(self, cursor: Cursor[Any], batch: Batch, geschiedenis: Geschiedenis) -> None:
        """Fold a batch: read the touched rows once, change them in memory, write them once."""
        rijen = self._geheugen.op(batch.begin)
        self._vouw_in(cursor, batch, geschiedenis, rijen)
        self._geheugen.bewaar(batch.einde)

    def bouw(self, stroom: Sequence[Voorval]) -> Iterable[tuple[int, Rij]]:
        """Fold all events of one stream into its row of actueel and that of persoonsgegevens."""
        if type(stroom[0].feit) not in OVERSTAPFEITEN:
            return
        soorten = [type(g.feit) for g in stroom]
        rij, vanaf = None, 0
        if o.GebeurtenisHerzien in soorten:
            vanaf = len(soorten) - soorten[::-1].index(o.GebeurtenisHerzien)
            rij = rij_van(stroom[:vanaf])
        for g in stroom[vanaf:]:
            rij = rij_na(rij, g)
        if rij is None:
            return
        yield 0, msgspec.structs.astuple(rij)
        zegels = _verzegeld(stroom[0])
        if not _MET_PERSOON.isdisjoint(soorten[1:]):
            for g in stroom[1:]:
                zegels |= _verzegeld(g)
        if zegels:
            yield 1, _persoonsrij(rij.overstap, rij.regio, zegels)

    def _vouw_in(
        self, cursor: Cursor[Any], batch: Batch, geschiedenis: Geschiedenis, rijen: dict[UUID, Actueel]
    ) -> None:
        if not batch.overstappen:
            return
        stromen = geschiedenis(_herzien(batch))
        oude = [
            stroom
            for stroom, eigen in batch.overstappen.items()
            if eigen[0].originator_version > 1 and stroom not in rijen
        ]
        rijen.update((rij.overstap, rij) for rij in _lees_rijen(cursor, oude))
        zegels: dict[UUID, tuple[str, dict[str, Zegel]]] = {}
        geraakt: list[tuple[UUID, Actueel]] = []
        for stroom, eigen in batch.overstappen.items():
            rij = rijen.get(stroom)
            for g in eigen:
                if isinstance(g.feit, o.GebeurtenisHerzien):
                    rij = rij_van(stromen[stroom][: g.originator_version])
                else:
                    rij = rij_na(rij, g)
                if type(g.feit) in _MET_PERSOON and (velden := _verzegeld(g)):
                    zegels.setdefault(stroom, (g.regio, {}))[1].update(velden)
            if rij is not None:
                geraakt.append((stroom, rij))
        rijen.update(geraakt)
        _ACTUEEL.schrijf(cursor, [msgspec.structs.astuple(rij) for _, rij in geraakt])
        if zegels:
            _PERSOONSGEGEVENS.schrijf(cursor, [_persoonsrij(stroom, *wat) for stroom, wat in zegels.items()])


def lees(cursor: Cursor[Any], overstap: UUID) -> Actueel | None:
    """Give the row of one overstap, None when it does not exist within the reader's region."""
    rij = cursor.execute(LEES + SQL("beeld.actueel WHERE overstap = %s"), (overstap,)).fetchone()
    return uit_rij(rij) if rij else None


def _persoonsrij(stroom: UUID, regio: str, zegels: Mapping[str, Zegel]) -> Rij:
    rij: tuple[Any, ...] = (stroom, regio, {}, {}, {}, {}, {})
    for veld, zegel in zegels.items():
        rij[_PLAATS_VAN_VELD[veld]][veld] = zegel
    return rij


def _herzien(batch: Batch) -> list[UUID]:
    if o.GebeurtenisHerzien not in batch.soorten:
        return []
    return [
        stroom
        for stroom, eigen in batch.overstappen.items()
        if any(isinstance(g.feit, o.GebeurtenisHerzien) for g in eigen)
    ]


def _lees_rijen(cursor: Cursor[Any], overstappen: Sequence[UUID]) -> list[Actueel]:
    if not overstappen:
        return []
    vraag = LEES + SQL("actueel WHERE overstap = ANY(%s)")
    return [uit_rij(rij) for rij in cursor.execute(vraag, (overstappen,), binary=True).fetchall()]


def uit_rij(rij: Sequence[Any]) -> Actueel:
    """Make the row of what LEES gave."""
    waarden = list(rij)
    for index, leden in _LEDEN:
        if waarden[index] is not None:
            waarden[index] = leden[waarden[index]]
    for naam, decodeer in (("aanmeldingen", _aanmeldingen), ("signalen", _signalen)):
        waarden[_PLAATS[naam]] = decodeer(waarden[_PLAATS[naam]])
    waarden[_PLAATS["mbos"]] = tuple(waarden[_PLAATS["mbos"]])
    return Actueel(*waarden)


def _verzegeld(gebeurtenis: Voorval) -> dict[str, Zegel]:
    feit = gebeurtenis.feit
    if isinstance(feit, (o.OverstapOpgevoerd, o.PersoonsgegevensGewijzigd)):
        naam = naam_van(feit)
        return {veld: (naam, waarde) for veld, waarde in feit.persoon.items()}
    return {"pgn": (naam_van(feit), feit.pgn)} if isinstance(feit, o.PgnVervangen) else {}
