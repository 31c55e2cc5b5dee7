"""Read the log stream by stream, each whole: what a rebuild folds."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import psycopg

from overstap.adapters.postgres.rij import KOLOMMEN, gebeurtenis
from overstap.domain.gebeurtenis import Gebeurtenis

_VRAAG = f"""
SELECT {KOLOMMEN} FROM log.gebeurtenissen WHERE positie <= %s AND regio IS NOT NULL
 ORDER BY originator_id, originator_version
"""  # noqa: S608 - our own names
_stroom = attrgetter("originator_id")


def lees_stromen(verbinding: psycopg.Connection[Any], tot: int) -> Iterator[Sequence[Gebeurtenis]]:
    """Give every stream of ours, whole as far as position `tot`, one after the other."""
    with verbinding.transaction(), verbinding.cursor("stromen", binary=True) as cursor:
        cursor.itersize = 5_000
        cursor.execute(_VRAAG.encode(), (tot,))
        for _, stroom in groupby(map(gebeurtenis, cursor), _stroom):
            yield list(stroom)
