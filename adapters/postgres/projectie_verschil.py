"""Compare two read models row by row, by their keys: how many rows differ, and which first; never what is in them."""

from collections.abc import Sequence
from typing import Any

import msgspec
import psycopg
from psycopg.sql import SQL, Composed, Identifier

from overstap.adapters.postgres.projectie_tabellen import Plek

GENOEMD = 10
"""How many differing rows are named at most, in a table."""
_SLEUTEL = """
SELECT a.attname FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
 WHERE i.indrelid = %s::regclass AND i.indisprimary ORDER BY array_position(i.indkey::int2[], a.attnum)
"""
_KOLOMMEN = """
SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
_VERGELIJK = SQL("""
SELECT nu.sleutel IS NULL, nieuw.sleutel IS NULL, coalesce(nu.sleutel, nieuw.sleutel), count(*) OVER ()
  FROM (SELECT ROW({sleutel})::text AS sleutel, {sleutel}, ROW({kolommen}) AS inhoud FROM {nu}) AS nu
  FULL JOIN (SELECT ROW({sleutel})::text AS sleutel, {sleutel}, ROW({kolommen}) AS inhoud FROM {nieuw}) AS nieuw
       USING ({sleutel})
 WHERE nu.inhoud IS DISTINCT FROM nieuw.inhoud
 ORDER BY {sleutel}
 LIMIT {genoemd}
""")


class Rijverschil(msgspec.Struct, frozen=True, rename="camel"):
    """A row that differs: its key, and whether it is missing from what is served or from what was built."""

    sleutel: str
    wat: str


class Tabelverschil(msgspec.Struct, frozen=True, rename="camel"):
    """What differs in one table: how many rows it was compared over, how many differ, and the first of them."""

    tabel: str
    rijen: int
    verschillen: int
    eerste: Sequence[Rijverschil] = ()


def vergelijk(
    verbinding: psycopg.Connection[Any], tabellen: Sequence[str], nu: Plek, nieuw: Plek
) -> list[Tabelverschil]:
    """Compare the tables of one read model in two places, as they stand in the connection's snapshot."""
    return [_vergelijk_tabel(verbinding, tabel, nu, nieuw) for tabel in tabellen]


def _vergelijk_tabel(verbinding: psycopg.Connection[Any], tabel: str, nu: Plek, nieuw: Plek) -> Tabelverschil:
    naam = f"{nieuw}.{tabel}"
    sleutel, kolommen = (_namen(verbinding, vraag, naam) for vraag in (_SLEUTEL, _KOLOMMEN))
    gevonden = verbinding.execute(
        _VERGELIJK.format(
            sleutel=sleutel,
            kolommen=kolommen,
            nu=Identifier(nu, tabel),
            nieuw=Identifier(nieuw, tabel),
            genoemd=GENOEMD,
        )
    ).fetchall()
    [(aantal,)] = verbinding.execute(SQL("SELECT count(*) FROM {}").format(Identifier(nieuw, tabel))).fetchall()
    eerste = [
        Rijverschil(sleutel, "ontbreekt" if mist_nu else "te veel" if mist_nieuw else "anders")
        for mist_nu, mist_nieuw, sleutel, _ in gevonden
    ]
    return Tabelverschil(tabel, aantal, gevonden[0][3] if gevonden else 0, eerste)


def _namen(verbinding: psycopg.Connection[Any], vraag: str, tabel: str) -> Composed:
    return SQL(", ").join(Identifier(naam) for (naam,) in verbinding.execute(vraag, (tabel,)))
