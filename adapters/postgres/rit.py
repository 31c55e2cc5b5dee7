"""Ask several things of PostgreSQL in one round trip, and in one transaction, from an event loop.

psycopg's pipeline does the same for any use; for two short statements it takes as long as all else of a request: it
registers with the event loop four times and looks at the connection at every turn. Here a statement is prepared once
for each connection, all are sent at once, and the answer is waited for once.
"""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

Vraag = tuple[bytes, Sequence[str | UUID]]
"""A statement with %s for each of its values; PostgreSQL infers their types."""
_GELUKT: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
_nummers: Final = count(1)
_bereid: WeakKeyDictionary[AsyncConnection[Any], dict[bytes, bytes]] = WeakKeyDictionary()


async def eerste_rij(verbinding: AsyncConnection[Any], *vragen: Vraag) -> tuple[Any, ...] | None:
    """Execute these in order and give the first row of the last, None when it has none.

    The connection is in autocommit and in no transaction: what is sent together is one transaction of its own. When
    the caller gives up meanwhile, the connection is closed: its answer would be taken for another's.

    Raises:
        psycopg.Error: what the first that fails raises; nothing of the others is done then.

    """
    pgconn = verbinding.pgconn
    if pgconn.transaction_status != TransactionStatus.IDLE:
        raise ValueError("a round trip is a transaction of its own")
    klaar = False
    pgconn.enter_pipeline_mode()
    try:
        bereidingen = _verstuur(pgconn, _bereid.setdefault(verbinding, {}), vragen)
        antwoorden = await _ontvang(pgconn)
        pgconn.exit_pipeline_mode()
        klaar = True
    finally:
        if not klaar:
            await verbinding.close()
    for bereiding, antwoord in zip(bereidingen, antwoorden, strict=True):
        if antwoord.status not in _GELUKT:
            raise error_from_result(antwoord)
        if bereiding is not None:  # also what is prepared in a round trip that fails stays
            vraag, naam = bereiding
            _bereid[verbinding][vraag] = naam
    laatste = antwoorden[-1]
    if laatste.ntuples == 0:
        return None
    lezer = Transformer.from_context(verbinding)
    lezer.set_pgresult(laatste)
    rij: tuple[Any, ...] | None = lezer.load_row(0, tuple)
    return rij


def _verstuur(
    pgconn: PGconn, bekend: Mapping[bytes, bytes], vragen: Sequence[Vraag]
) -> list[tuple[bytes, bytes] | None]:
    """Send all; give for each answer to come which statement is prepared by it, under what name, or None."""
    bereidingen: list[tuple[bytes, bytes] | None] = []
    for vraag, waarden in vragen:
        naam = bekend.get(vraag)
        if naam is None:
            naam = b"rit_%d" % next(_nummers)
            pgconn.send_prepare(naam, _genummerd(vraag))
            bereidingen.append((vraag, naam))
        pgconn.send_query_prepared(naam, [str(waarde).encode() for waarde in waarden])
        bereidingen.append(None)
    pgconn.pipeline_sync()
    return bereidingen


def _genummerd(vraag: bytes) -> bytes:
    """Write $1, $2 and so on for each %s."""
    delen = vraag.split(b"%s")
    return delen[0] + b"".join(b"$%d%b" % een for een in enumerate(delen[1:], 1))


async def _ontvang(pgconn: PGconn) -> list[PGresult]:
    """Wait for all answers up to the end of the round trip."""
    lus, lijn = asyncio.get_running_loop(), pgconn.socket
    antwoorden: list[PGresult] = []
    te_sturen = pgconn.flush()
    gebeurd = asyncio.Event()
    lus.add_reader(lijn, gebeurd.set)
    if te_sturen:
        lus.add_writer(lijn, gebeurd.set)
    try:
        while True:
            await gebeurd.wait()
            gebeurd.clear()
            pgconn.consume_input()
            if te_sturen and not (te_sturen := pgconn.flush()):
                lus.remove_writer(lijn)
            if _neem(pgconn, antwoorden):
                return antwoorden
    finally:
        lus.remove_reader(lijn)
        lus.remove_writer(lijn)


def _neem(pgconn: PGconn, antwoorden: list[PGresult]) -> bool:
    """Take the answers that came in; tell whether that was the last."""
    while not pgconn.is_busy():
        antwoord = pgconn.get_result()  # None ends the answers to one statement
        if antwoord is None:
            continue
        if antwoord.status == ExecStatus.PIPELINE_SYNC:
            return True
        antwoorden.append(antwoord)
    return False
