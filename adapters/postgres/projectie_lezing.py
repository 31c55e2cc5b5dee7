"""Read the log stream by stream, each whole: what a rebuild folds.

As doorlezen.py does for the whole log: one COPY, in which the events of some dozens of streams are one row, an array
in JSON for each column. The streams are taken from the index that makes their versions unique, so nothing is sorted.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import psycopg

from overstap.adapters.postgres.doorlezen import KOLOMMEN_ALS_REEKS, gebeurtenissen
from overstap.domain.gebeurtenis import Gebeurtenis

_PER_RIJ = 50  # streams
_COPY = f"""
COPY (
    WITH genummerd AS (
        SELECT originator_id, row_number() OVER (ORDER BY originator_id) AS nummer
          FROM (SELECT DISTINCT originator_id FROM log.gebeurtenissen) AS stromen
    ), grenzen AS (
        SELECT array_agg(originator_id ORDER BY nummer) AS stromen FROM genummerd
         GROUP BY (nummer - 1) / {_PER_RIJ} ORDER BY (nummer - 1) / {_PER_RIJ}
    )
    SELECT blok.*
      FROM grenzen,
           LATERAL (
               SELECT {KOLOMMEN_ALS_REEKS}
                 FROM (SELECT *
                         FROM log.gebeurtenissen
                        WHERE originator_id BETWEEN stromen[1] AND stromen[array_upper(stromen, 1)]
                          AND positie <= %(tot)s AND regio IS NOT NULL
                        ORDER BY originator_id, originator_version) AS gebeurtenissen
           ) AS blok
) TO STDOUT (FORMAT binary)
"""  # noqa: S608 - our own names
_stroom = attrgetter("originator_id")


def lees_stromen(verbinding: psycopg.Connection[Any], tot: int) -> Iterator[Sequence[Gebeurtenis]]:
    """Give every stream of ours, whole as far as position `tot`, one after the other.

    The connection is taken until the end; who stops before that closes the iterator.
    """
    with verbinding.cursor() as cursor, cursor.copy(_COPY, {"tot": tot}) as kopie:
        for rij in kopie.rows():
            for _, stroom in groupby(gebeurtenissen(rij), _stroom):
                yield list(stroom)
