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
from overstap.adapters.postgres.rij import KOLOMMEN_MET_TOPIC, NIET_TE_LEZEN, gebeurtenis_of_onleesbaar
from overstap.domain.gebeurtenis import Gebeurtenis, Onleesbaar, tot_onleesbaar

_PER_RIJ = 1_000  # events, about
_INSTELLINGEN = """
SET enable_hashagg = off;  -- what is sorted stays sorted
SET max_parallel_workers_per_gather = 1;  -- until the first row comes, nobody folds: two sort
SET work_mem = '64MB';  -- short runs, merged, are sorted sooner than one long one
"""
_COPY = f"""
COPY (
    SELECT blok, {KOLOMMEN_ALS_REEKS}
      FROM (SELECT *, uuid_hash(originator_id) & %(blokken)s AS blok
              FROM log.gebeurtenissen
             WHERE positie <= %(tot)s AND regio IS NOT NULL
             ORDER BY blok, originator_id, originator_version) AS gebeurtenissen
     GROUP BY blok
) TO STDOUT (FORMAT binary)
"""  # noqa: S608 - our own names
_EEN_VOOR_EEN = f"""
SELECT {KOLOMMEN_MET_TOPIC}
  FROM log.gebeurtenissen
 WHERE positie <= %s AND regio IS NOT NULL AND uuid_hash(originator_id) & %s = ANY(%s)
 ORDER BY originator_id, originator_version
"""  # noqa: S608 - our own names
_stroom = attrgetter("originator_id")

Stroom = tuple[Sequence[Gebeurtenis], Onleesbaar | None]
"""A stream as far as it can be read, and its first event that cannot."""


def lees_stromen(verbinding: psycopg.Connection[Any], tot: int) -> Iterator[Stroom]:
    """Give every stream of ours, whole as far as position `tot`, one after the other.

    The connection is for this alone; who stops before the end closes the iterator.
    """
    onleesbaar: list[int] = []
    blokken = (1 << (tot // _PER_RIJ).bit_length()) - 1
    verbinding.execute(_INSTELLINGEN)
    with verbinding.cursor() as cursor, cursor.copy(_COPY, {"tot": tot, "blokken": blokken}) as kopie:
        for rij in kopie.rows():
            try:
                gelezen = gebeurtenissen(rij[1:])
            except NIET_TE_LEZEN:
                onleesbaar.append(int.from_bytes(rij[0], "big", signed=True))
                continue
            for _, stroom in groupby(gelezen, _stroom):
                yield list(stroom), None
    if onleesbaar:
        with verbinding.cursor(binary=True) as cursor:
            rijen = cursor.stream(_EEN_VOOR_EEN, (tot, blokken, onleesbaar))
            for _, eigen in groupby(map(gebeurtenis_of_onleesbaar, rijen), _stroom):
                geheel = list(eigen)
                yield tot_onleesbaar(geheel), next((een for een in geheel if isinstance(een, Onleesbaar)), None)
