"""Call the append: one batch of requests, each with its rows, in one round trip and one transaction."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

from overstap.adapters.postgres.reeksen import Reeks, gehelen, groten, inhouden, teksten, tijdstippen, uuids
from overstap.adapters.postgres.rij import Schrijfrij
from overstap.adapters.postgres.toevoeging import Afloop, Kwitantie, Toevoeging, Uitkomst

_AANROEP = f"SELECT * FROM log.voeg_toe({', '.join(['%b'] * 42)})"  # noqa: S608 - placeholders alone
_AFLOPEN = {afloop.value: afloop for afloop in Afloop}
_GEEN_RIJEN: tuple[tuple[()], ...] = ((),) * len(Schrijfrij._fields)


def voeg_toe(
    verbinding: psycopg.Connection[Any],
    toevoegingen: Sequence[Toevoeging],
    rijen: Sequence[Sequence[Schrijfrij]],
    klok: datetime | None = None,
) -> list[Uitkomst]:
    """Append each request with its rows; give what came of each, in order.

    The connection is in autocommit: when this returns, what is `vastgelegd` is durable.
    """
    parameters = [*_verzoeken(toevoegingen, rijen), *_gebeurtenissen(rijen), *_omliggend(toevoegingen), klok]
    with verbinding.cursor(binary=True, row_factory=tuple_row) as cursor:
        stapel, *anders = cursor.execute(_AANROEP, parameters, prepare=True).fetchall()
    niet = {antwoord[0]: Uitkomst(_AFLOPEN[antwoord[1]], *antwoord[2:]) for antwoord in anders}
    positie, vastgelegd_op = stapel[3], stapel[7]
    uitkomsten = []
    for nummer, (toevoeging, eigen) in enumerate(zip(toevoegingen, rijen, strict=True), 1):
        uitkomst = niet.get(nummer)
        if uitkomst is None:
            uitkomst = _vastgelegd(toevoeging.kwitantie, eigen, positie + 1, vastgelegd_op)
            positie += len(eigen)
        uitkomsten.append(uitkomst)
    return uitkomsten


def _vastgelegd(
    kwitantie: Kwitantie | None, rijen: Sequence[Schrijfrij], positie: int, vastgelegd_op: datetime
) -> Uitkomst:
    """Say of a request that went in what its receipt says too."""
    stroom = _stroom(kwitantie, rijen)
    versie = kwitantie.versie if kwitantie else None
    for rij in reversed(rijen):
        if rij.originator_id == stroom:
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


def _stroom(kwitantie: Kwitantie | None, rijen: Sequence[Schrijfrij]) -> UUID | None:
    """Name the stream whose version an answer gives."""
    if kwitantie and kwitantie.stroom:
        return kwitantie.stroom
    return rijen[0].originator_id if rijen else None


def _verzoeken(toevoegingen: Sequence[Toevoeging], rijen: Sequence[Sequence[Schrijfrij]]) -> list[Reeks]:
    kwitanties = [toevoeging.kwitantie for toevoeging in toevoegingen]
    return [
        gehelen(map(len, rijen)),
        teksten([kwitantie.client if kwitantie else None for kwitantie in kwitanties]),
        inhouden([kwitantie.sleutel if kwitantie else None for kwitantie in kwitanties]),
        inhouden([kwitantie.vingerafdruk if kwitantie else None for kwitantie in kwitanties]),
        teksten([kwitantie.code if kwitantie else None for kwitantie in kwitanties]),
        uuids(map(_stroom, kwitanties, rijen)),
        groten([kwitantie.versie if kwitantie else None for kwitantie in kwitanties]),
        gehelen(_eersten(kwitanties)),
    ]


def _eersten(kwitanties: Sequence[Kwitantie | None]) -> list[int]:
    """Give for each request the first one of the batch with the same receipt key: itself mostly, and without a key."""
    gezien: dict[tuple[str, bytes], int] = {}
    return [
        gezien.setdefault((kwitantie.client, kwitantie.sleutel), nummer) if kwitantie else nummer
        for nummer, kwitantie in enumerate(kwitanties, 1)
    ]


def _gebeurtenissen(rijen: Sequence[Sequence[Schrijfrij]]) -> list[Reeks]:
    (stroom, versie, topic, state, regio, gebeurd_op, actor, rol, organisatie, correlatie, oorzaak, procedure) = (
        tuple(zip(*chain.from_iterable(rijen), strict=True)) or _GEEN_RIJEN
    )
    nummers: dict[UUID, int] = {}
    plaatsen = [nummers.setdefault(een, len(nummers) + 1) for een in stroom]
    return [
        uuids(nummers),
        gehelen(plaatsen),
        groten(versie),
        teksten(topic),
        inhouden(state),
        teksten(regio),
        tijdstippen(gebeurd_op),
        teksten(actor),
        teksten(rol),
        teksten(organisatie),
        uuids(correlatie),
        teksten(oorzaak),
        teksten(procedure),
    ]


def _omliggend(toevoegingen: Sequence[Toevoeging]) -> list[Reeks]:
    genummerd = list(enumerate(toevoegingen, 1))
    aanspraken = [(nr, een) for nr, toevoeging in genummerd for een in toevoeging.aanspraken]
    sleutels = [(nr, een) for nr, toevoeging in genummerd for een in toevoeging.datasleutels]
    wachtbak = [(nr, een) for nr, toevoeging in genummerd for een in toevoeging.wachtbak]
    vrijgaven = [(nr, een) for nr, toevoeging in genummerd for een in toevoeging.vrijgaven]
    return [
        gehelen([nr for nr, _ in aanspraken]),
        teksten([een.soort for _, een in aanspraken]),
        teksten([een.regio for _, een in aanspraken]),
        gehelen([een.overstapjaar for _, een in aanspraken]),
        inhouden([een.sleutel for _, een in aanspraken]),
        uuids([een.stroom for _, een in aanspraken]),
        gehelen([nr for nr, _ in sleutels]),
        uuids([een.stroom for _, een in sleutels]),
        inhouden([een.verpakt for _, een in sleutels]),
        gehelen([nr for nr, _ in wachtbak]),
        teksten([een.regio for _, een in wachtbak]),
        gehelen([een.overstapjaar for _, een in wachtbak]),
        inhouden([een.pgn_hash for _, een in wachtbak]),
        uuids([een.item for _, een in wachtbak]),
        gehelen([nr for nr, _ in vrijgaven]),
        teksten([een.soort for _, een in vrijgaven]),
        teksten([een.regio for _, een in vrijgaven]),
        gehelen([een.overstapjaar for _, een in vrijgaven]),
        inhouden([een.sleutel for _, een in vrijgaven]),
        uuids([een.stroom for _, een in vrijgaven]),
    ]
