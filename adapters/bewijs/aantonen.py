"""Show one event, or two checkpoints, to belong to one log: proofs of a few hundred bytes, whatever its size."""

from typing import Any

import msgspec
import psycopg

from overstap.adapters.bewijs import opslag
from overstap.adapters.bewijs.bewaard import Uitgegeven, uitgegeven
from overstap.adapters.bewijs.boom import (
    Plek,
    Stuk,
    plekken_in,
    stukken_van_inclusie,
    stukken_van_samenhang,
    wortel_van,
)
from overstap.adapters.bewijs.fouten import BewijsFout
from overstap.adapters.bewijs.opslag import Getekend
from overstap.adapters.bewijs.rijen import ALS_JSON

_GEBEURTENIS = f"""
SELECT {ALS_JSON}, coalesce((
           SELECT v.hash FROM log.gebeurtenissen AS v
            WHERE v.originator_id = g.originator_id AND v.originator_version < g.originator_version
            ORDER BY v.originator_version DESC LIMIT 1), decode(repeat('00', 32), 'hex'))
  FROM log.gebeurtenissen AS g WHERE g.positie = %s
"""  # noqa: S608 - our own columns


class Inclusiebewijs(msgspec.Struct, frozen=True, kw_only=True, tag="overstap-inclusie-1", tag_field="vorm"):
    """That an event is in the log that a checkpoint covers; schakel is the link before it in its stream."""

    gebeurtenis: msgspec.Raw
    schakel: str
    pad: list[str]
    controlepunt: Uitgegeven


class Samenhangbewijs(msgspec.Struct, frozen=True, kw_only=True, tag="overstap-samenhang-1", tag_field="vorm"):
    """That the log of one checkpoint is the beginning of that of another."""

    oud: Uitgegeven
    nieuw: Uitgegeven
    pad: list[str]


def toon_inclusie(verbinding: psycopg.Connection[Any], positie: int, nummer: int | None = None) -> Inclusiebewijs:
    """Prove an event to be under a checkpoint: the one of this number, or the last.

    Raises:
        BewijsFout: when there is no such checkpoint, it does not cover the event, or the tree is damaged.

    """
    punt = _controlepunt(verbinding, nummer)
    if not 1 <= positie <= punt.grootte:
        raise BewijsFout(
            f"Controlepunt {punt.nummer} beslaat positie 1 tot en met {punt.grootte}. Kies daaruit, of zet eerst een "
            "nieuw controlepunt met `overstap audit checkpoint`."
        )
    pad = _pad(verbinding, stukken_van_inclusie(positie - 1, punt.grootte))
    rij = verbinding.execute(_GEBEURTENIS.encode(), (positie,), prepare=True, binary=True).fetchone()
    if rij is None:
        raise BewijsFout(f"Positie {positie} ontbreekt in het log. Draai `overstap audit verify`.")
    gebeurtenis, schakel = rij
    return Inclusiebewijs(
        gebeurtenis=msgspec.Raw(gebeurtenis.rstrip()),
        schakel=schakel.hex(),
        pad=pad,
        controlepunt=uitgegeven(punt, opslag.sleutels(verbinding)),
    )


def toon_samenhang(verbinding: psycopg.Connection[Any], oud: int, nieuw: int | None = None) -> Samenhangbewijs:
    """Prove that checkpoint `nieuw` (None: the last) goes on where checkpoint `oud` was.

    Raises:
        BewijsFout: when there are no such checkpoints in this order, or the tree is damaged.

    """
    eerste, tweede = _controlepunt(verbinding, oud), _controlepunt(verbinding, nieuw)
    if eerste.grootte > tweede.grootte:
        raise BewijsFout(f"Controlepunt {eerste.nummer} komt na {tweede.nummer}. Geef eerst het oude, dan het nieuwe.")
    sleutels = opslag.sleutels(verbinding)
    return Samenhangbewijs(
        oud=uitgegeven(eerste, sleutels),
        nieuw=uitgegeven(tweede, sleutels),
        pad=_pad(verbinding, stukken_van_samenhang(eerste.grootte, tweede.grootte)),
    )


def _controlepunt(verbinding: psycopg.Connection[Any], nummer: int | None) -> Getekend:
    punt = opslag.controlepunt(verbinding, nummer)
    if punt is None:
        welk = "nog geen controlepunt" if nummer is None else f"geen controlepunt {nummer}"
        raise BewijsFout(f"Er is {welk}. Zet er een met `overstap audit checkpoint`.")
    return punt


def _pad(verbinding: psycopg.Connection[Any], stukken: list[Stuk]) -> list[str]:
    knopen = opslag.knopen(verbinding, plekken_in(stukken))

    def hash_van(plek: Plek) -> bytes:
        try:
            return knopen[plek]
        except KeyError:
            raise BewijsFout("De boom is beschadigd. Draai `overstap audit verify`.") from None

    return [wortel_van(stuk, hash_van).hex() for stuk in stukken]
