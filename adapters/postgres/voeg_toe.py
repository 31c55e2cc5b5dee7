"""Call the append: one batch of requests, each with its rows, in one round trip and one transaction.

Sending and receiving are two calls, on libpq itself: who decides the next batch meanwhile keeps two processors at work.
The next one may be sent before the answer to this one is in (libpq's pipeline mode): the log then does not wait for us.
"""

import select
import struct
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from itertools import product
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

import msgspec
import psycopg
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus
from psycopg.pq.abc import PGconn, PGresult

from overstap.adapters.postgres.reeksen import moment, tijdstip
from overstap.adapters.postgres.rij import Schrijfrij
from overstap.adapters.postgres.stapelreeksen import KAAL, MET_ALLES, stapelreeksen, stroom_van
from overstap.adapters.postgres.toevoeging import Afloop, Kwitantie, Toevoeging, Uitkomst
from overstap.adapters.toegangslog import in_volgorde

_LIJNEN: "WeakKeyDictionary[psycopg.Connection[Any], _Lijn]" = WeakKeyDictionary()
"""The connections on which the calls were prepared."""
_JSONB_VERSIE = b"\x01"
"""What the binary form of jsonb begins with."""
_VERANTWOORD = b"""
WITH uitkomst AS MATERIALIZED (%b), toegang AS MATERIALIZED (
    SELECT toegang.leg_vast($%d, CASE WHEN (SELECT count(*) FROM uitkomst) = 1 THEN $%d ELSE (
        SELECT coalesce(jsonb_agg(r), '[]') FROM jsonb_array_elements($%d) AS r
         WHERE (r ->> 'verzoek')::integer NOT IN (SELECT u.verzoek FROM uitkomst AS u)
    ) END)
)
SELECT uitkomst.* FROM uitkomst, toegang
"""
_AFLOPEN = {afloop.value.encode(): afloop for afloop in Afloop}
_GEHEEL = struct.Struct("!i").unpack
_GROOT = struct.Struct("!q").unpack


class Onderweg(msgspec.Struct, frozen=True, eq=False):
    """A batch that was sent; its answer has yet to be received, before anything but a next batch goes the same way."""

    verbinding: psycopg.Connection[Any]
    toevoegingen: Sequence[Toevoeging]
    rijen: Sequence[Sequence[Schrijfrij]]


class _Lijn(deque[Onderweg]):
    """What is under way over a connection, in order; keten numbers the lines that it adds to the log of access."""

    def __init__(self) -> None:
        super().__init__()
        self.keten = uuid4().bytes


class Stapel(msgspec.Struct, frozen=True):
    """What came of each request of a batch, in order; eerder is the last position before it."""

    eerder: int
    uitkomsten: list[Uitkomst]


def voeg_toe(
    verbinding: psycopg.Connection[Any], toevoegingen: Sequence[Toevoeging], rijen: Sequence[Sequence[Schrijfrij]]
) -> list[Uitkomst]:
    """Append each request with its rows; give what came of each, in order."""
    return ontvang(verstuur(verbinding, toevoegingen, rijen)).uitkomsten


def verstuur(
    verbinding: psycopg.Connection[Any],
    toevoegingen: Sequence[Toevoeging],
    rijen: Sequence[Sequence[Schrijfrij]],
    klok: datetime | None = None,
) -> Onderweg:
    """Send a batch over a connection in autocommit, on which nothing but earlier batches is going on."""
    reeksen = stapelreeksen(toevoegingen, rijen)
    parameters: list[bytes | None] = [*reeksen, None if klok is None else tijdstip(klok)]
    pgconn = verbinding.pgconn
    lijn = _lijn(verbinding)
    toegang = [(nummer, regel) for nummer, een in enumerate(toevoegingen, 1) for regel in een.toegang]
    if toegang:
        parameters += [lijn.keten, _JSONB_VERSIE + in_volgorde(toegang)]
    try:
        if not lijn:
            pgconn.enter_pipeline_mode()
        naam = _naam(len(reeksen), met_toegang=bool(toegang))
        pgconn.send_query_prepared(naam, parameters, [1] * len(parameters), result_format=1)
        pgconn.pipeline_sync()  # each batch is a transaction of its own
        _spoel(pgconn)
    except BaseException:
        verbinding.close()
        raise
    onderweg = Onderweg(verbinding, toevoegingen, rijen)
    lijn.append(onderweg)
    return onderweg


def ontvang(onderweg: Onderweg) -> Stapel:
    """Wait for what came of the batch that was sent first; when this returns, what is `vastgelegd` is durable."""
    lijn = _lijn(onderweg.verbinding)
    if not lijn or lijn[0] is not onderweg:
        raise AssertionError("answers come in the order in which batches were sent, each once")
    antwoorden = _resultaat(onderweg.verbinding, lijn)
    positie = eerder = _groot(antwoorden.get_value(0, 3)) or 0
    vastgelegd_op = _tijdstip(antwoorden.get_value(0, 7))
    niet = {}
    for rij in range(1, antwoorden.ntuples):
        verzoek, afloop, code, plaats, aantal, stroom, versie, op = (
            antwoorden.get_value(rij, kolom) for kolom in range(8)
        )
        niet[_GEHEEL(verzoek or b"")[0]] = Uitkomst(
            _AFLOPEN[afloop or b""],
            None if code is None else code.decode(),
            _groot(plaats),
            0 if aantal is None else _GEHEEL(aantal)[0],
            None if stroom is None else UUID(bytes=stroom),
            _groot(versie),
            _tijdstip(op),
        )
    uitkomsten = []
    for nummer, (toevoeging, eigen) in enumerate(zip(onderweg.toevoegingen, onderweg.rijen, strict=True), 1):
        uitkomst = niet.get(nummer)
        if uitkomst is None:
            uitkomst = _vastgelegd(toevoeging.kwitantie, eigen, positie + 1, vastgelegd_op)
            positie += len(eigen)
        uitkomsten.append(uitkomst)
    return Stapel(eerder, uitkomsten)


def _groot(ruw: bytes | None) -> int | None:
    return None if ruw is None else int(_GROOT(ruw)[0])


def _tijdstip(ruw: bytes | None) -> datetime | None:
    return None if ruw is None else moment(_GROOT(ruw)[0])


def _spoel(pgconn: PGconn) -> None:
    """Send what libpq still holds; a large batch does not fit the socket at once."""
    if not pgconn.flush():
        return
    wachter = select.poll()
    wachter.register(pgconn.socket, select.POLLIN | select.POLLOUT)
    while pgconn.flush():
        if any(wat & select.POLLIN for _, wat in wachter.poll()):
            pgconn.consume_input()


def _lijn(verbinding: psycopg.Connection[Any]) -> _Lijn:
    """Give what is under way over a connection; the first time the calls are prepared on it."""
    if (lijn := _LIJNEN.get(verbinding)) is None:
        for reeksen, met_toegang in product((KAAL, MET_ALLES), (False, True)):
            vraag = _aanroep(reeksen)
            naam = _naam(reeksen, met_toegang=met_toegang)
            resultaat = verbinding.pgconn.prepare(naam, _verantwoord(vraag, reeksen + 1) if met_toegang else vraag)
            if resultaat.status != ExecStatus.COMMAND_OK:
                raise _fout(resultaat)
        lijn = _LIJNEN[verbinding] = _Lijn()
    return lijn


def _resultaat(verbinding: psycopg.Connection[Any], lijn: _Lijn) -> PGresult:
    """Receive to the very end of one batch: rows may come before the commit, the end only after it."""
    pgconn = verbinding.pgconn
    laatste: PGresult | None = None
    fout: PGresult | None = None
    try:
        wachter = select.poll()
        wachter.register(pgconn.socket, select.POLLIN)
        while pgconn.status == ConnStatus.OK:
            while pgconn.is_busy():
                wachter.poll()
                pgconn.consume_input()
            resultaat = pgconn.get_result()
            if resultaat is None:
                continue  # the end of one statement
            if resultaat.status == ExecStatus.PIPELINE_SYNC:
                break
            if resultaat.status == ExecStatus.FATAL_ERROR:
                fout = fout or resultaat
            laatste = resultaat
        lijn.popleft()
        if not lijn and pgconn.status == ConnStatus.OK:
            pgconn.exit_pipeline_mode()
    except BaseException:
        verbinding.close()  # what was asked may still be answered: nothing else can be asked here any more
        raise
    if pgconn.status != ConnStatus.OK or laatste is None:
        verbinding.close()
        raise psycopg.OperationalError(fout.get_error_message("utf-8") if fout else "the server closed the connection")
    if fout is not None:
        raise _fout(fout)
    return laatste


def _fout(resultaat: PGresult) -> psycopg.Error:
    code = (resultaat.error_field(DiagnosticField.SQLSTATE) or b"").decode()
    try:
        soort = psycopg.errors.lookup(code)
    except KeyError:
        soort = psycopg.OperationalError if not code else psycopg.DatabaseError  # libpq's own errors have no code
    return soort(resultaat.get_error_message("utf-8"), info=resultaat, encoding="utf-8")


def _vastgelegd(
    kwitantie: Kwitantie | None, rijen: Sequence[Schrijfrij], positie: int, vastgelegd_op: datetime | None
) -> Uitkomst:
    """Say of a request that went in what its receipt says too."""
    stroom = stroom_van(kwitantie, rijen)
    versie = kwitantie.versie if kwitantie else None
    for rij in reversed(rijen):
        eigen = rij.herkomst.originator_id
        if eigen is stroom or eigen == stroom:  # to compare UUIDs takes a call
            versie = rij.originator_version
            break
    return Uitkomst(
        Afloop.VASTGELEGD,
        kwitantie.code if kwitantie else None,
        positie if rijen else None,
        len(rijen),
        stroom,
        versie,
        vastgelegd_op,
    )


def _naam(reeksen: int, *, met_toegang: bool) -> bytes:
    """Name the prepared call with so many arrays, with or without lines for the log of access."""
    return b"overstap_voeg_toe_%d%b" % (reeksen, b"_toegang" * met_toegang)


def _aanroep(reeksen: int) -> bytes:
    """Write the call with so many arrays and a clock."""
    plaatsen = ", ".join(f"${nummer}" for nummer in range(1, reeksen + 1))
    return f"SELECT * FROM log.voeg_toe({plaatsen}, p_klok => ${reeksen + 1})".encode()  # noqa: S608 - placeholders alone


def _verantwoord(aanroep: bytes, parameters: int) -> bytes:
    """Let a call with so many parameters put the lines of whatever went in into the log of access as well."""
    return _VERANTWOORD % (aanroep, parameters + 1, parameters + 2, parameters + 2)
