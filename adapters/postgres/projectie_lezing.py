"""Read the log stream by stream, each whole: what a rebuild folds.

As doorlezen.py does for the whole log: one COPY, in which about a hundred events are one row, an array in JSON for each
column. Streams are spread over these rows by a hash, and the log is sorted for that, read once from front to back:
to look up each stream's events where they stand took two to five times as long on a million events.
"""

import os
from collections.abc import Callable, Generator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import psycopg

from overstap.adapters.postgres.doorlezen import LEZERS
from overstap.adapters.postgres.rij import KOLOMMEN_MET_TOPIC, NIET_TE_LEZEN, gebeurtenis_of_onleesbaar
from overstap.domain.feiten import uit_reeks
from overstap.domain.gebeurtenis import Gebeurtenis, Onleesbaar, Voorval, tot_onleesbaar

_PER_RIJ = 100  # events, about: what is made of more is out of the processor's cache before it is folded
_INSTELLINGEN = """
SET enable_hashagg = off;  -- what is sorted stays sorted
SET max_parallel_workers_per_gather = {};
SET work_mem = '64MB';  -- short runs, merged, are sorted sooner than one long one
"""
_KOLOMMEN_VAN_VOORVAL = ("originator_id", "originator_version", "gebeurd_op", "vastgelegd_op", "regio")
"""All that most folds of whole streams ask for; each column more takes a tenth of the time of reading."""
_KOLOMMEN = (*_KOLOMMEN_VAN_VOORVAL, "positie", "actor", "rol", "organisatie", "correlatie", "procedure")
"""What others ask, and who judges again; the event behind a consequence is read from the facts themselves."""
MEESTE_DELEN = 4
"""So many processes read and fold at most: the database wants as much again."""
_PER_DEEL = 50_000  # events from which on a process of its own, which takes half a second to begin, is worth it


def in_deel(kolom: str) -> str:
    """Say in SQL that the stream in a column belongs to the part whose `nummer` and `van` are given."""
    return f"((uuid_hash({kolom}) >> 16) & 32767) %% %(van)s = %(nummer)s"


def _copy(kolommen: Sequence[str]) -> str:
    return f"""
COPY (
    SELECT blok, string_agg(state, ','), {", ".join(f"json_agg({kolom})" for kolom in kolommen)}
      FROM (SELECT uuid_hash(originator_id) & %(blokken)s AS blok, {", ".join(kolommen)}, state
              FROM log.gebeurtenissen
             WHERE positie <= %(tot)s AND regio IS NOT NULL AND {in_deel("originator_id")}
             ORDER BY blok, originator_id, originator_version) AS gebeurtenissen
     GROUP BY blok
) TO STDOUT (FORMAT binary)
"""  # noqa: S608 - our own names


def _lezers(kolommen: Sequence[str]) -> list[Callable[[bytes], Any]]:
    """Give what reads each column; an id is made once a stream, of its text."""
    return [(LEZERS | {"originator_id": msgspec.json.Decoder(list[str])})[kolom].decode for kolom in kolommen]


_COPY_VOORVAL, _LEES_VOORVAL = _copy(_KOLOMMEN_VAN_VOORVAL), _lezers(_KOLOMMEN_VAN_VOORVAL)
_COPY_GEHEEL, _LEES_GEHEEL = _copy(_KOLOMMEN), _lezers(_KOLOMMEN)
_EEN_VOOR_EEN = f"""
SELECT {KOLOMMEN_MET_TOPIC}
  FROM log.gebeurtenissen
 WHERE positie <= %(tot)s AND regio IS NOT NULL AND {in_deel("originator_id")}
   AND uuid_hash(originator_id) & %(blokken)s = ANY(%(onleesbaar)s)
 ORDER BY originator_id, originator_version
"""  # noqa: S608 - our own names
_stroom = attrgetter("originator_id")
_GEEN = UUID(int=0)

V = TypeVar("V", bound=Voorval)
Stroom = tuple[Sequence[V], Onleesbaar | None]
"""A stream as far as it can be read, and its first event that cannot."""


class Deel(msgspec.Struct, frozen=True):
    """One of `van` parts of the streams, which a hash of their ids divides evenly, as far as position `tot`."""

    tot: int
    nummer: int = 0
    van: int = 1


def aantal_delen(tot: int) -> int:
    """Say over how many processes a log of so many events is divided."""
    return max(1, min(os.cpu_count() or 1, MEESTE_DELEN, tot // _PER_DEEL))


def lees_voorvallen(verbinding: psycopg.Connection[Any], deel: Deel) -> Generator[Stroom[Voorval], None, None]:
    """Give every stream of ours in a part, whole as far as its position, one after the other: what happened, and when.

    The connection is for this alone; who stops before the end closes the iterator.
    """
    return _lees(verbinding, deel, _COPY_VOORVAL, _voorvallen)


def lees_stromen(verbinding: psycopg.Connection[Any], deel: Deel) -> Generator[Stroom[Gebeurtenis], None, None]:
    """Do the same with all that an event has but oorzaak."""
    return _lees(verbinding, deel, _COPY_GEHEEL, _gebeurtenissen)


def _lees(
    verbinding: psycopg.Connection[Any],
    deel: Deel,
    copy: str,
    maak: Callable[[Sequence[Any]], Sequence[Sequence[V]]],
) -> Generator[Stroom[V | Gebeurtenis], None, None]:
    onleesbaar: list[int] = []
    blokken = (1 << (deel.tot // deel.van // _PER_RIJ).bit_length()) - 1
    waarvan = {"tot": deel.tot, "nummer": deel.nummer, "van": deel.van, "blokken": blokken}
    # Until the first row comes, nobody folds: two sort, of one part or of two.
    verbinding.execute(_INSTELLINGEN.format(int(deel.van == 1)).encode())
    with verbinding.cursor() as cursor, cursor.copy(copy.encode(), waarvan) as kopie:
        for rij in kopie.rows():
            try:
                gelezen = maak(rij)
            except NIET_TE_LEZEN:
                onleesbaar.append(int.from_bytes(rij[0], "big", signed=True))
                continue
            for stroom in gelezen:
                yield stroom, None
    if onleesbaar:
        with verbinding.cursor(binary=True) as cursor:
            rijen = cursor.stream(_EEN_VOOR_EEN, {**waarvan, "onleesbaar": onleesbaar})
            for _, eigen in groupby(map(gebeurtenis_of_onleesbaar, rijen), _stroom):
                geheel = list(eigen)
                yield tot_onleesbaar(geheel), next((een for een in geheel if isinstance(een, Onleesbaar)), None)


def _voorvallen(rij: Sequence[Any]) -> list[list[Voorval]]:
    gelezen = (lees(kolom) for lees, kolom in zip(_LEES_VOORVAL, rij[2:], strict=True))
    stromen: list[list[Voorval]] = []
    stroom: list[Voorval] = []
    vorige, originator_id = "", _GEEN
    for feit, van, originator_version, gebeurd_op, vastgelegd_op, regio in zip(
        uit_reeks(rij[1]), *gelezen, strict=True
    ):
        if van != vorige:
            vorige, originator_id = van, msgspec.convert(van, UUID)
            stromen.append(stroom := [])
        stroom.append(
            Voorval(
                originator_id=originator_id,
                originator_version=originator_version,
                feit=feit,
                regio=regio,
                gebeurd_op=gebeurd_op,
                vastgelegd_op=vastgelegd_op,
            )
        )
    return stromen


def _gebeurtenissen(rij: Sequence[Any]) -> list[list[Gebeurtenis]]:
    """Do the same with the other columns; apart, for each field more takes time from a rebuild."""
    gelezen = (lees(kolom) for lees, kolom in zip(_LEES_GEHEEL, rij[2:], strict=True))
    stromen: list[list[Gebeurtenis]] = []
    stroom: list[Gebeurtenis] = []
    vorige, originator_id = "", _GEEN
    for (
        feit,
        van,
        originator_version,
        gebeurd_op,
        vastgelegd_op,
        regio,
        positie,
        actor,
        rol,
        organisatie,
        correlatie,
        procedure,
    ) in zip(uit_reeks(rij[1]), *gelezen, strict=True):
        if van != vorige:
            vorige, originator_id = van, msgspec.convert(van, UUID)
            stromen.append(stroom := [])
        stroom.append(
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
                procedure=procedure,
            )
        )
    return stromen
