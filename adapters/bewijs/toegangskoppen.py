"""How far the log of access had come: each writer's last line, whose hash stands for all before it, under one root."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg

from overstap.adapters.bewijs.koppenboom import Kop, Koppen, Koppenboom
from overstap.adapters.bewijs.nalezen import Bevindingen, Soort
from overstap.adapters.bewijs.teksten import Controlepunt, Stand
from overstap.adapters.postgres.keten import BEGIN
from overstap.adapters.toegangslog_lezen import breuken

# One step over the index for each writer: there are few of them, and any number of lines.
_KOPPEN = """
WITH RECURSIVE ketens (keten) AS (
    (SELECT keten FROM toegang.toegangslog ORDER BY keten LIMIT 1)
    UNION ALL
    SELECT (SELECT t.keten FROM toegang.toegangslog AS t WHERE t.keten > k.keten ORDER BY t.keten LIMIT 1)
      FROM ketens AS k WHERE k.keten IS NOT NULL
)
SELECT k.keten, kop.nummer, kop.hash
  FROM ketens AS k,
       LATERAL (SELECT t.nummer, t.hash FROM toegang.toegangslog AS t
                 WHERE t.keten = k.keten ORDER BY t.nummer DESC LIMIT 1) AS kop
"""
_VERANDERD = """
SELECT k.controlepunt, k.keten, k.nummer
  FROM log.toegangskoppen AS k LEFT JOIN toegang.toegangslog AS t USING (keten, nummer)
 WHERE t.hash IS DISTINCT FROM k.hash
 ORDER BY k.controlepunt
"""


_NIEUW = """
SELECT keten, nummer
  FROM (
      SELECT t.keten, t.nummer, t.hash, b.nummer + row_number() OVER keten AS verwacht,
             sha256(coalesce(lag(t.hash) OVER keten, b.hash) || record_send(ROW(
                 t.keten, t.nummer, t.op, t.regio, t.account, t.rol, t.organisatie, t.overstap, t.handeling,
                 t.onderwerp, t.velden, t.reden, t.uitkomst, t.herkomst, t.spoor, NULL::bytea))) AS berekend
        FROM unnest(%s::uuid[], %s::bigint[], %s::bytea[]) AS b (keten, nummer, hash)
       CROSS JOIN LATERAL (
            SELECT * FROM toegang.toegangslog AS r WHERE r.keten = b.keten AND r.nummer > b.nummer) AS t
      WINDOW keten AS (PARTITION BY t.keten ORDER BY t.nummer)
  ) AS schakels
 WHERE hash <> berekend OR nummer <> verwacht
 LIMIT 1
"""


_BEGIN = Kop(0, BEGIN)


def koppen_nu(verbinding: psycopg.Connection[Any]) -> Koppen:
    """Give each writer's last line."""
    rijen = verbinding.execute(_KOPPEN, prepare=True, binary=True)
    return {keten: Kop(nummer, hash_) for keten, nummer, hash_ in rijen}


def koppen_bij(verbinding: psycopg.Connection[Any]) -> Koppen:
    """Give each writer's last line as the last checkpoint had it."""
    vraag = "SELECT DISTINCT ON (keten) keten, nummer, hash FROM log.toegangskoppen ORDER BY keten, controlepunt DESC"
    return {keten: Kop(nummer, hash_) for keten, nummer, hash_ in verbinding.execute(vraag, binary=True)}


def stand_van(koppen: Koppen) -> Stand:
    """Give how many lines there are and the root over the writers' last ones, in order of their numbers."""
    return Koppenboom(koppen).stand()


def bijgekomen(verbinding: psycopg.Connection[Any]) -> int:
    """Tell how many lines no checkpoint covers yet."""
    nu, bij = (sum(kop.nummer for kop in lees(verbinding).values()) for lees in (koppen_nu, koppen_bij))
    return nu - bij


def mis_met_nieuwe(verbinding: psycopg.Connection[Any], bekend: Koppen, nu: Koppen) -> str:
    """Check the lines that came since the writers stood at `bekend`; give what is wrong, or nothing."""
    for keten, kop in bekend.items():
        if keten not in nu or nu[keten].nummer < kop.nummer:
            return f"Van het toegangslog zijn regels van schrijver {keten} weg."
    verder = {keten: bekend.get(keten, _BEGIN) for keten, kop in nu.items() if bekend.get(keten) != kop}
    van = ([*verder], [kop.nummer for kop in verder.values()], [kop.hash for kop in verder.values()])
    for keten, nummer in verbinding.execute(_NIEUW, van):
        return (
            f"Regel {nummer} van schrijver {keten} in het toegangslog is veranderd, of er ontbreekt er een voor haar."
        )
    return ""


def toets_toegang(
    verbinding: psycopg.Connection[Any], punten: Sequence[Controlepunt], bevindingen: Bevindingen
) -> None:
    """Check every writer's chain, and that each checkpoint saw what is there now."""
    for keten, nummer in breuken(verbinding):
        zin = f"Toegangslog: regel {nummer} van schrijver {keten} is veranderd, of er ontbreekt er een voor haar."
        bevindingen.meld(Soort.TOEGANG, 0, 0, zin)
    for controlepunt, keten, nummer in verbinding.execute(_VERANDERD):
        zin = f"Toegangslog: regel {nummer} van schrijver {keten} is weg of niet die van controlepunt {controlepunt}."
        bevindingen.meld(Soort.TOEGANG, 0, 0, zin)
    gezien = Koppenboom()
    bewaard: dict[int, dict[UUID, Kop]] = {}
    for controlepunt, keten, nummer, hash_ in verbinding.execute(
        "SELECT controlepunt, keten, nummer, hash FROM log.toegangskoppen", binary=True
    ):
        bewaard.setdefault(controlepunt, {})[keten] = Kop(nummer, hash_)
    for punt in punten:
        for keten, kop in bewaard.get(punt.nummer, {}).items():
            gezien.zet(keten, kop)
        if gezien.stand() != punt.toegang:
            zin = f"Controlepunt {punt.nummer} zag een andere stand van het toegangslog dan de database ervan bewaart."
            bevindingen.meld(Soort.TOEGANG, 0, 0, zin)
            return
