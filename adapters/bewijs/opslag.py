"""What the database keeps of the notary: keys, checkpoints and nodes of the tree; others doubt them."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from overstap.adapters.bewijs.boom import BEWAARD_VANAF, Plek, knoop

_BLADEREN = """
SELECT positie - 1, sha256('\\x00' || int8send(positie) || timestamptz_send(vastgelegd_op) || hash)
  FROM log.gebeurtenissen, unnest(%s::bigint[], %s::bigint[]) AS bereik (na, tot)
 WHERE positie > na AND positie <= tot
"""
_KNOPEN = """
SELECT b.niveau, b.nummer, b.hash
  FROM unnest(%s::smallint[], %s::bigint[]) AS q (niveau, nummer)
  JOIN log.boom AS b ON b.niveau = q.niveau AND b.nummer = q.nummer
"""


class Getekend(NamedTuple):
    """A text and the signature under it, as stored; nummer and grootte are the columns beside them."""

    nummer: int
    grootte: int
    tekst: str
    handtekening: bytes


class BewaardeSleutel(NamedTuple):
    """A public key with the statement that makes it the notary's, as stored."""

    nummer: int
    publiek: bytes
    tekst: str
    handtekening: bytes


def databank_van(verbinding: psycopg.Connection[Any]) -> UUID:
    """Give the number that this database got when it was made."""
    [(databank,)] = verbinding.execute("SELECT databank FROM log.kenmerk").fetchall()
    return UUID(str(databank))


def sleutels(verbinding: psycopg.Connection[Any]) -> list[BewaardeSleutel]:
    """Give the keys in order."""
    vraag = "SELECT nummer, publiek, tekst, handtekening FROM log.notarissleutels ORDER BY nummer"
    return list(map(BewaardeSleutel._make, verbinding.execute(vraag)))


def controlepunten(verbinding: psycopg.Connection[Any]) -> list[Getekend]:
    """Give the checkpoints in order."""
    vraag = "SELECT nummer, grootte, tekst, handtekening FROM log.controlepunten ORDER BY nummer"
    return list(map(Getekend._make, verbinding.execute(vraag)))


def controlepunten_voor(verbinding: psycopg.Connection[Any], voor: int | None, aantal: int) -> list[Getekend]:
    """Give so many checkpoints before a number (None: the newest), newest first."""
    vraag = """SELECT nummer, grootte, tekst, handtekening FROM log.controlepunten
                WHERE %(voor)s::bigint IS NULL OR nummer < %(voor)s ORDER BY nummer DESC LIMIT %(aantal)s"""
    return list(map(Getekend._make, verbinding.execute(vraag, {"voor": voor, "aantal": aantal})))


def controlepunt(verbinding: psycopg.Connection[Any], nummer: int | None) -> Getekend | None:
    """Give one checkpoint, the last one for None; None when there is none."""
    vraag = "SELECT nummer, grootte, tekst, handtekening FROM log.controlepunten"
    if nummer is None:
        rij = verbinding.execute(f"{vraag} ORDER BY nummer DESC LIMIT 1".encode()).fetchone()
    else:
        rij = verbinding.execute(f"{vraag} WHERE nummer = %s".encode(), (nummer,)).fetchone()
    return Getekend._make(rij) if rij else None


def knopen(verbinding: psycopg.Connection[Any], plekken: Iterable[Plek]) -> dict[Plek, bytes]:
    """Give the hashes of whole subtrees, stored or computed from the log; a missing one is left out."""
    gevraagd = set(plekken)
    hoog = [plek for plek in gevraagd if plek.niveau >= BEWAARD_VANAF]
    laag = gevraagd.difference(hoog)
    gevonden: dict[Plek, bytes] = {}
    if hoog:
        rijen = verbinding.execute(
            _KNOPEN, ([plek.niveau for plek in hoog], [plek.nummer for plek in hoog]), prepare=True, binary=True
        )
        gevonden |= {Plek(niveau, nummer): hash_ for niveau, nummer, hash_ in rijen}
    if laag:
        begin = [plek.nummer << plek.niveau for plek in laag]
        eind = [plek.nummer + 1 << plek.niveau for plek in laag]
        bladeren = dict(verbinding.execute(_BLADEREN, (begin, eind), prepare=True, binary=True).fetchall())
        for plek in laag:
            rij = [bladeren.get(nummer) for nummer in range(plek.nummer << plek.niveau, plek.nummer + 1 << plek.niveau)]
            if hash_ := _top(rij):
                gevonden[plek] = hash_
    return gevonden


def leg_controlepunt_vast(
    verbinding: psycopg.Connection[Any],
    nieuw: Getekend,
    geheel: Sequence[tuple[Plek, bytes]] = (),
    koppen: Sequence[tuple[UUID, int, bytes]] = (),
) -> bool:
    """Store a checkpoint with the nodes that became whole and the writers of the log of access that had moved on.

    False when another one took its number meanwhile.
    """
    [(is_gelukt,)] = verbinding.execute(
        "SELECT log.leg_controlepunt_vast(%s, %s, %s, %s, %s::smallint[], %s::bigint[], %s::bytea[], "
        "%s::uuid[], %s::bigint[], %s::bytea[])",
        (
            *nieuw,
            [plek.niveau for plek, _ in geheel],
            [plek.nummer for plek, _ in geheel],
            [hash_ for _, hash_ in geheel],
            [keten for keten, _, _ in koppen],
            [nummer for _, nummer, _ in koppen],
            [hash_ for _, _, hash_ in koppen],
        ),
    ).fetchall()
    return bool(is_gelukt)


def leg_sleutel_vast(verbinding: psycopg.Connection[Any], nieuw: BewaardeSleutel) -> bool:
    """Store a public key; False when another one took its number meanwhile."""
    [(is_gelukt,)] = verbinding.execute("SELECT log.leg_notarissleutel_vast(%s, %s, %s, %s)", nieuw).fetchall()
    return bool(is_gelukt)


def _top(rij: Sequence[bytes | None]) -> bytes | None:
    hashes = [hash_ for hash_ in rij if hash_ is not None]
    if len(hashes) < len(rij):
        return None
    while len(hashes) > 1:
        hashes = [knoop(links, rechts) for links, rechts in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


def alle_knopen(verbinding: psycopg.Connection[Any]) -> dict[Plek, bytes]:
    """Give every stored node."""
    rijen = verbinding.execute("SELECT niveau, nummer, hash FROM log.boom", binary=True)
    return {Plek(niveau, nummer): hash_ for niveau, nummer, hash_ in rijen}
