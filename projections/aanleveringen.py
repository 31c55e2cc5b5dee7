"""What did each organisation deliver, when, and what came of it? And which koppeling has fallen silent?"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, assert_never, get_args
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.sql import SQL, Identifier

from overstap.domain.feiten import aanlevering as f
from overstap.domain.gebeurtenis import Gebeurtenis, Voorval
from overstap.domain.identificaties import BRIN_ZONDER_VESTIGING, is_brin
from overstap.projections.projectie import Batch, Geschiedenis, Rij, Rijschrijver, vastgelegd_op
from overstap.projections.wegschrijven import (
    Tabel,
    Veld,
    bigint,
    integer,
    jsonb,
    overschrijf,
    smallint,
    text,
    timestamptz,
    uuid,
)


class Levering(msgspec.Struct):
    """The row of one delivery, field for column; what each column says stands in aanleveringen.sql."""

    aanlevering: UUID
    regio: str
    organisatie: str
    rol: str
    soort: str
    bytes: int
    ontvangen_op: datetime
    laatste_op: datetime
    verwerkt_op: datetime | None = None
    keren: int = 0
    regels: int = 0
    aanvaard: int = 0
    wachtbak: int = 0
    ongewijzigd: int = 0
    geweigerd: int = 0
    per_code: dict[str, int] = {}


KOLOMMEN: dict[str, Veld] = {
    "aanlevering": uuid,
    "regio": text,
    "organisatie": text,
    "rol": text,
    "soort": text,
    "bytes": bigint,
    "ontvangen_op": timestamptz,
    "laatste_op": timestamptz,
    "verwerkt_op": timestamptz,
    "keren": smallint,
    "regels": integer,
    "aanvaard": integer,
    "wachtbak": integer,
    "ongewijzigd": integer,
    "geweigerd": integer,
    "per_code": jsonb,
}
_TABEL = Tabel("aanleveringen", KOLOMMEN, overschrijf(("aanlevering",), KOLOMMEN))
_EIGEN: frozenset[type] = frozenset(get_args(f.FeitVanAanlevering))
_KOLOMMEN = SQL(", ").join(map(Identifier, KOLOMMEN))
_LAATSTE = SQL("""
SELECT {} FROM beeld.aanleveringen
 WHERE organisatie = %(organisatie)s OR %(organisatie)s::text IS NULL
 ORDER BY ontvangen_op DESC, aanlevering LIMIT %(aantal)s
""").format(_KOLOMMEN)
_BLADZIJDE = SQL("""
SELECT {} FROM beeld.aanleveringen
 WHERE regio = %(regio)s AND (organisatie = %(organisatie)s OR %(organisatie)s::text IS NULL)
   AND (%(op)s::timestamptz IS NULL OR (ontvangen_op, aanlevering) < (%(op)s::timestamptz, %(aanlevering)s::uuid))
 ORDER BY ontvangen_op DESC, aanlevering DESC LIMIT %(aantal)s
""").format(_KOLOMMEN)
_PER_ORGANISATIE = """
SELECT organisatie, rol, max(laatste_op) FROM beeld.aanleveringen WHERE regio = %s GROUP BY organisatie, rol
"""
_STILTE = """
SELECT o.code, max(a.laatste_op)
  FROM beeld.organisaties AS o
  LEFT JOIN beeld.aanleveringen AS a ON a.regio = o.regio AND a.organisatie = o.code AND a.rol = 'koppeling'
 WHERE o.koppeling
 GROUP BY o.code
 ORDER BY max(a.laatste_op) NULLS FIRST, o.code
"""
_LEES = SQL("SELECT {} FROM aanleveringen WHERE aanlevering = ANY(%s)").format(
    SQL(", ").join(map(Identifier, KOLOMMEN))
)


class Plaats(msgspec.Struct, frozen=True):
    """Where a page of deliveries ended."""

    ontvangen_op: datetime
    aanlevering: UUID


def rij_na(rij: Levering | None, gebeurtenis: Gebeurtenis, feit: f.FeitVanAanlevering) -> Levering:
    """Give the row after an event: the same object, changed.

    Raises:
        ValueError: when a stream does not begin with aanlevering-ontvangen.

    """
    moment = vastgelegd_op(gebeurtenis)
    if rij is None:
        if not isinstance(feit, f.AanleveringOntvangen):
            message = f"stream {gebeurtenis.originator_id} begins with {type(feit).__name__}"
            raise ValueError(message)
        code = gebeurtenis.organisatie
        rij = Levering(
            aanlevering=gebeurtenis.originator_id,
            regio=gebeurtenis.regio,
            organisatie=code[:BRIN_ZONDER_VESTIGING] if is_brin(code) else code,
            rol=gebeurtenis.rol,
            soort=feit.soort,
            bytes=feit.bytes,
            ontvangen_op=moment,
            laatste_op=moment,
        )
    rij.laatste_op = moment
    match feit:
        case f.AanleveringOntvangen():
            pass
        case f.RegelGeweigerd():
            rij.per_code[feit.code] = rij.per_code.get(feit.code, 0) + 1
        case f.AanleveringVerwerkt():
            rij.verwerkt_op = moment
            rij.keren += 1
            rij.regels, rij.ongewijzigd, rij.geweigerd = feit.regels, feit.ongewijzigd, feit.geweigerd
            rij.aanvaard += feit.aanvaard
            rij.wachtbak += feit.wachtbak
        case _:
            assert_never(feit)
    return rij


class AanleveringenProjectie:
    """Fold events into aanleveringen."""

    naam: ClassVar[str] = "aanleveringen"
    versie: ClassVar[int] = 2
    tabellen: ClassVar[tuple[str, ...]] = ("aanleveringen",)
    feiten: ClassVar[frozenset[type]] = _EIGEN
    schrijvers: ClassVar[tuple[Rijschrijver, ...]] = (_TABEL,)
    leest: ClassVar[type[Voorval]] = Gebeurtenis

    def vouw(self, cursor: Cursor[Any], batch: Batch, geschiedenis: Geschiedenis) -> None:  # noqa: ARG002 - a row holds all it needs
        """Fold a batch: read the touched rows once, change them in memory, write them once."""
        if batch.soorten.isdisjoint(_EIGEN):
            return
        eigen = [(g, g.feit) for g in batch.gebeurtenissen if isinstance(g.feit, f.FeitVanAanlevering)]
        stromen = list({g.originator_id for g, _ in eigen})
        gelezen = [Levering(*rij) for rij in cursor.execute(_LEES, (stromen,), binary=True).fetchall()]
        rijen = {rij.aanlevering: rij for rij in gelezen}
        for g, feit in eigen:
            rijen[g.originator_id] = rij_na(rijen.get(g.originator_id), g, feit)
        _TABEL.schrijf(cursor, [msgspec.structs.astuple(rij) for rij in rijen.values()])

    def bouw(self, stroom: Sequence[Gebeurtenis]) -> Iterable[tuple[int, Rij]]:
        """Fold all events of one stream into its row."""
        rij = None
        for g in stroom if isinstance(stroom[0].feit, f.FeitVanAanlevering) else ():
            if isinstance(g.feit, f.FeitVanAanlevering):
                rij = rij_na(rij, g, g.feit)
        if rij is not None:
            yield 0, msgspec.structs.astuple(rij)


def laatste(cursor: Cursor[Any], organisatie: str | None = None, aantal: int = 50) -> list[Levering]:
    """Give the last deliveries within the reader's scope, of one organisation or all, the newest first."""
    rijen = cursor.execute(_LAATSTE, {"organisatie": organisatie, "aantal": aantal}).fetchall()
    return [Levering(*rij) for rij in rijen]


def laatste_van_koppelingen(cursor: Cursor[Any]) -> dict[str, datetime | None]:
    """Give when each MBO's koppeling last sent something new, the longest silent first; None: never."""
    return dict(cursor.execute(_STILTE).fetchall())


def bladzijde(
    cursor: Cursor[Any], regio: str, organisatie: str | None, aantal: int, na: Plaats | None = None
) -> list[Levering]:
    """Give deliveries within the reader's scope, of one organisation or all, the newest first, after a place."""
    parameters = {
        "regio": regio,
        "organisatie": organisatie,
        "aantal": aantal,
        "op": na and na.ontvangen_op,
        "aanlevering": na and na.aanlevering,
    }
    return [Levering(*rij) for rij in cursor.execute(_BLADZIJDE, parameters).fetchall()]


def laatste_per_organisatie(cursor: Cursor[Any], regio: str) -> dict[tuple[str, str], datetime]:
    """Give when something new last came from each organisation in each role, within the reader's scope."""
    rijen = cursor.execute(_PER_ORGANISATIE, (regio,)).fetchall()
    return {(organisatie, rol): laatste_op for organisatie, rol, laatste_op in rijen}
