"""Read the log from one position to another in one go: for whoever folds all of it (a rebuild, a replay).

One COPY, which sends while we decode. PostgreSQL puts the events of a block in one row, a JSON array for each column,
so that both sides handle columns instead of fields: an event takes a fifth of the time that it takes `Log.lees`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from overstap.domain.feiten import uit_reeks
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Rol

PER_BATCH = 1_000
LEZERS = {
    kolom: msgspec.json.Decoder(soort)
    for kolom, soort in {
        "originator_id": list[UUID],
        "originator_version": list[int],
        "regio": list[str],
        "gebeurd_op": list[datetime],
        "vastgelegd_op": list[datetime],
        "positie": list[int],
        "actor": list[str],
        "rol": list[Rol],
        "organisatie": list[str],
        "correlatie": list[UUID | None],
        "oorzaak": list[str | None],
        "procedure": list[str | None],
    }.items()
}
"""Reads the values of each column but the facts, which PostgreSQL gives as an array in JSON."""
KOLOMMEN_ALS_REEKS = f"string_agg(state, ','), {', '.join(f'json_agg({kolom})' for kolom in LEZERS)}"
"""What `gebeurtenissen` reads, of a selection of rows of the log."""
_COPY = f"""
COPY (
    SELECT blok.*
      FROM (SELECT least(%(tot)s, max(positie)) AS tot FROM log.gebeurtenissen) AS grens,
           generate_series(%(na)s, grens.tot - 1, %(per_batch)s) AS begin,
           LATERAL (
               SELECT {KOLOMMEN_ALS_REEKS}
                 FROM (SELECT *
                         FROM log.gebeurtenissen
                        WHERE positie > begin AND positie <= least(begin + %(per_batch)s, grens.tot)
                          AND regio IS NOT NULL
                        ORDER BY positie) AS gebeurtenissen
           ) AS blok
) TO STDOUT (FORMAT binary)
"""  # noqa: S608 - our own names


def lees_alles(
    verbinding: psycopg.Connection[Any], na: int, tot: int | None = None, per_batch: int = PER_BATCH
) -> Iterator[list[Gebeurtenis]]:
    """Read the events after position `na` up to and including `tot` (None: the last one now), in order, in batches.

    A batch has what stands in `per_batch` positions, without the events that are not ours. The connection (of a
    Databank: UTF-8 and UTC) is taken until the end; who stops before that closes the iterator.
    """
    with (
        verbinding.cursor() as cursor,
        cursor.copy(_COPY, {"na": na, "tot": tot, "per_batch": per_batch}) as kopie,
    ):
        for rij in kopie.rows():
            if batch := gebeurtenissen(rij):
                yield batch


def gebeurtenissen(rij: Sequence[Any]) -> list[Gebeurtenis]:
    """Read the events of one row; there may be none."""
    if rij[0] is None:
        return []
    feiten, kolommen = uit_reeks(rij[0]), rij[1:]
    gelezen = (lezer.decode(kolom) for lezer, kolom in zip(LEZERS.values(), kolommen, strict=True))
    return [
        Gebeurtenis(
            originator_id=originator_id,
            originator_version=originator_version,
            feit=feit,
            regio=regio,
            gebeurd_op=gebeurd_op,
            vastgelegd_op=vastgelegd_op,
            positie=positie,
            actor=actor,
            rol=rol,
            organisatie=organisatie,
            correlatie=correlatie,
            oorzaak=oorzaak,
            procedure=procedure,
        )
        for (
            feit,
            originator_id,
            originator_version,
            regio,
            gebeurd_op,
            vastgelegd_op,
            positie,
            actor,
            rol,
            organisatie,
            correlatie,
            oorzaak,
            procedure,
        ) in zip(feiten, *gelezen, strict=True)
    ]
