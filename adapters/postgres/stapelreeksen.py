"""Write what a batch of requests adds as the arrays of the append (migraties/0052), in the order of its parameters."""

from collections.abc import Sequence
from itertools import chain
from uuid import UUID

from overstap.adapters.postgres.reeksen import (
    Reeks,
    gehelen,
    groten,
    inhouden,
    teksten,
    tijdstippen,
    uuids,
)
from overstap.adapters.postgres.rij import Herkomst, Schrijfrij
from overstap.adapters.postgres.toevoeging import Kwitantie, Toevoeging

KAAL, MET_ALLES = 22, 42
"""How many arrays there are: for events and receipts alone, or with what goes in beside them."""
_GEEN_RIJEN: tuple[tuple[()], ...] = ((),) * len(Schrijfrij._fields)
_GEEN_HERKOMSTEN: tuple[tuple[()], ...] = ((),) * len(Herkomst._fields)


def stapelreeksen(toevoegingen: Sequence[Toevoeging], rijen: Sequence[Sequence[Schrijfrij]]) -> list[Reeks]:
    """Give the arrays: KAAL of them where nothing goes in beside events and receipts, else MET_ALLES."""
    return [*_verzoeken(toevoegingen, rijen), *_gebeurtenissen(rijen), *_omliggend(toevoegingen)]


def stroom_van(kwitantie: Kwitantie | None, rijen: Sequence[Schrijfrij]) -> UUID | None:
    """Name the stream whose version an answer gives."""
    if kwitantie and kwitantie.stroom:
        return kwitantie.stroom
    return rijen[0].herkomst.originator_id if rijen else None


def _verzoeken(toevoegingen: Sequence[Toevoeging], rijen: Sequence[Sequence[Schrijfrij]]) -> list[Reeks]:
    kwitanties = [toevoeging.kwitantie for toevoeging in toevoegingen]
    return [
        gehelen(map(len, rijen)),
        teksten([kwitantie.client if kwitantie else None for kwitantie in kwitanties]),
        inhouden([kwitantie.sleutel if kwitantie else None for kwitantie in kwitanties]),
        inhouden([kwitantie.vingerafdruk if kwitantie else None for kwitantie in kwitanties]),
        teksten([kwitantie.code if kwitantie else None for kwitantie in kwitanties]),
        uuids(map(stroom_van, kwitanties, rijen)),
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
    van_elk, versie, topic, state, oorzaak = tuple(zip(*chain.from_iterable(rijen), strict=True)) or _GEEN_RIJEN
    herkomsten = list({id(een): een for een in van_elk}.values())
    nummers = {id(een): nummer for nummer, een in enumerate(herkomsten, 1)}
    stroom, regio, gebeurd_op, actor, rol, organisatie, correlatie, procedure = (
        tuple(zip(*herkomsten, strict=True)) or _GEEN_HERKOMSTEN
    )
    stromen = {een.int: een for een in stroom}  # hashing a UUID itself takes long
    plaatsen = {nummer: plaats for plaats, nummer in enumerate(stromen, 1)}
    return [
        uuids(stromen.values()),
        gehelen([plaatsen[een.int] for een in stroom]),
        teksten(regio),
        tijdstippen(gebeurd_op),
        teksten(actor),
        teksten(rol),
        teksten(organisatie),
        uuids(correlatie),
        teksten(procedure),
        gehelen([nummers[id(een)] for een in van_elk]),
        groten(versie),
        teksten(topic),
        inhouden(state),
        teksten(oorzaak),
    ]


def _omliggend(toevoegingen: Sequence[Toevoeging]) -> list[Reeks]:
    """Write what goes in beside the events: no arrays at all for most requests, who have none of it."""
    if not any(een.aanspraken or een.datasleutels or een.wachtbak or een.vrijgaven for een in toevoegingen):
        return []
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
