"""Wrap every data key by the new master key, in batches, while others go on working."""

import os
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg

from overstap.adapters.vault.fouten import HoofdsleutelPastNiet
from overstap.adapters.vault.hoofdsleutel import Hoofdsleutel
from overstap.adapters.vault.kluis import NONCE, VORM, plaats_van_sleutel

PER_KEER = 1_000
_LEES = """
SELECT stroom, verpakt FROM kluis.datasleutels
 WHERE %(na)s::uuid IS NULL OR stroom > %(na)s ORDER BY stroom LIMIT %(hoogstens)s
"""
_VERPAK = "SELECT kluis.verpak_opnieuw(%s::uuid[], %s::bytea[], %s::bytea[])"


def verpak_alles(
    verbinding: psycopg.Connection[Any], hoofdsleutel: Hoofdsleutel, vorderen: Callable[[int], object] = lambda _: None
) -> int:
    """Wrap by the master key what the one before it wrapped, and give how many there were; again does the rest.

    verbinding is overstap_schrijver's, in autocommit: each batch is a transaction, and a key that was destroyed
    meanwhile stays destroyed.

    Raises:
        HoofdsleutelPastNiet: when neither of the two wrapped a key.

    """
    gelezen = verpakt = 0
    na: UUID | None = None
    while rijen := verbinding.execute(_LEES, {"na": na, "hoogstens": PER_KEER}, binary=True).fetchall():
        anders = [
            (stroom, oud, nieuw) for stroom, oud in rijen if (nieuw := _anders(hoofdsleutel, stroom, oud)) is not None
        ]
        if anders:
            [(aantal,)] = verbinding.execute(_VERPAK, [list(kolom) for kolom in zip(*anders, strict=True)]).fetchall()
            verpakt += aantal
        gelezen += len(rijen)
        vorderen(gelezen)
        na = rijen[-1][0]
    return verpakt


def _anders(hoofdsleutel: Hoofdsleutel, stroom: UUID, oud: bytes) -> bytes | None:
    """Wrap a key anew; None when the master key wrapped it already."""
    nonce, geheim, plaats = oud[1 : 1 + NONCE], oud[1 + NONCE :], plaats_van_sleutel(str(stroom))
    if hoofdsleutel.is_ingepakt(nonce, geheim, plaats):
        return None
    sleutel = hoofdsleutel.pak_uit(nonce, geheim, plaats)
    if sleutel is None:
        raise HoofdsleutelPastNiet(
            "Een van de sleutels in deze database hoort bij geen van beide hoofdsleutels. Zet de vorige hoofdsleutel "
            "terug naast de nieuwe, en probeer het opnieuw."
        )
    vers = os.urandom(NONCE)
    return VORM + vers + hoofdsleutel.pak_in(vers, sleutel, plaats)
