"""Read the stored log of access in one go, as lines of JSON (docs/audit-format.md): for whoever doubts it."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final

import psycopg

_REGELS: Final = (files("overstap.adapters.bewijs") / "toegangsregels.sql").read_bytes()
_KOPPEN: Final = b"""
COPY (
    SELECT convert_to(row_to_json(kop)::text || E'\\n', 'UTF8')
      FROM (SELECT controlepunt, keten, nummer, encode(hash, 'hex') AS hash FROM log.toegangskoppen) AS kop
     ORDER BY kop.controlepunt, kop.keten
) TO STDOUT (FORMAT binary)
"""


def lees_toegangsregels(verbinding: psycopg.Connection[Any]) -> Iterator[bytes]:
    """Give every line, writer by writer, in the order of their numbers."""
    return _lees(verbinding, _REGELS)


def lees_koppen(verbinding: psycopg.Connection[Any]) -> Iterator[bytes]:
    """Give each writer's last line under each checkpoint that saw it move on."""
    return _lees(verbinding, _KOPPEN)


def _lees(verbinding: psycopg.Connection[Any], vraag: bytes) -> Iterator[bytes]:
    with verbinding.cursor() as cursor, cursor.copy(vraag) as kopie:
        for (regel,) in kopie.rows():
            yield regel
