"""Read the log stream by stream, each whole: what a rebuild folds.

As doorlezen.py does for the whole log: one COPY, in which about a thousand events are one row, an array in JSON for
each column. Streams are spread over these rows by a hash, and the log is sorted for that, read once from front to back:
to look up each stream's events where they stand took two to five times as long on a million events.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import psycopg

from overstap.adapters.postgres.doorlezen import KOLOMMEN_ALS_REEKS, gebeurtenissen
from overstap.domain.gebeurtenis import Gebeurtenis

_PER_RIJ = 1_000  # events, about
_INSTELLINGEN = """
SET enable_hashagg = off;  -- what is sorted stays sorted
SET max_parallel_workers_per_gather = 0;  -- whoever folds needs the other processor
SET work_mem = '256MB';
"""
_COPY = f"""
COPY (
    SELECT {KOLOMMEN_ALS_REEKS}
      FROM (SELECT *, uuid_hash(originator_id) & %(blokken)s AS blok
              FROM log.gebeurtenissen
             WHERE positie <= %(tot)s AND regio IS NOT NULL
             ORDER BY blok, originator_id, originator_version) AS gebeurtenissen
     GROUP BY blok
) TO STDOUT (FORMAT binary)
"""  # noqa: S608 - our own names
_stroom = attrgetter("originator_id")


def lees_stromen(verbinding: psycopg.Connection[Any], tot: int) -> Iterator[Sequence[Gebeurtenis]]:
    """Give every stream of ours, whole as far as position `tot`, one after the other.

    The connection is for this alone; who stops before the end closes the iterator.
    """
    blokken = (1 << (tot // _PER_RIJ).bit_length()) - 1
    verbinding.execute(_INSTELLINGEN)
    with verbinding.cursor() as cursor, cursor.copy(_COPY, {"tot": tot, "blokken": blokken}) as kopie:
        for rij in kopie.rows():
            for _, stroom in groupby(gebeurtenissen(rij), _stroom):
                yield list(stroom)
