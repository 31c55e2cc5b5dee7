"""Damage the log of access as who has every right on the server could: one random change, and where it shows."""

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

import psycopg

Verbinding = psycopg.Connection[Any]
Toegangsknoei = Callable[[Random, Verbinding], tuple[str, str]]
"""Gives what was done, and the words that must be in what is found: the line, or the checkpoint."""

_TEKSTEN = ("account", "rol", "organisatie", "handeling", "onderwerp", "reden", "herkomst", "spoor")
_KETEN_OPNIEUW = """
UPDATE toegang.toegangslog AS t
   SET hash = sha256(coalesce((SELECT v.hash FROM toegang.toegangslog AS v
                                WHERE v.keten = t.keten AND v.nummer = t.nummer - 1), decode(repeat('00', 32), 'hex'))
              || record_send(ROW(t.keten, t.nummer, t.op, t.regio, t.account, t.rol, t.organisatie, t.overstap,
                                 t.handeling, t.onderwerp, t.velden, t.reden, t.uitkomst, t.herkomst, t.spoor,
                                 NULL::bytea)))
 WHERE keten = %s AND nummer = %s
"""


def wijzig_regel(toeval: Random, verbinding: Verbinding) -> tuple[str, str]:
    """Change one value of a line."""
    keten, nummer = _regel(toeval, verbinding)
    wijziging = toeval.choice([
        f"{toeval.choice(_TEKSTEN)} = 'x'", "op = op + interval '1 microsecond'", "overstap = gen_random_uuid()",
        "velden = velden || '{pgn}'", "uitkomst = CASE uitkomst WHEN 'mislukt' THEN 'geweigerd' ELSE 'mislukt' END",
        "hash = sha256(hash)", "regio = '22'",
    ])  # fmt: skip
    verbinding.execute(
        f"UPDATE toegang.toegangslog SET {wijziging} WHERE keten = %s AND nummer = %s".encode(), (keten, nummer)
    )
    return f"{wijziging} van {nummer}", _noem(keten, nummer)


def verwijder_regel(toeval: Random, verbinding: Verbinding) -> tuple[str, str]:
    """Take out a line that has others after it; half of the time these are renumbered."""
    keten, nummer = _regel(toeval, verbinding, met_volgende=True)
    verbinding.execute("DELETE FROM toegang.toegangslog WHERE keten = %s AND nummer = %s", (keten, nummer))
    if toeval.random() < 0.5:
        _schuif(verbinding, keten, nummer, -1)
        return f"{nummer} weg en hernummerd", _noem(keten, nummer)
    return f"{nummer} weg", _noem(keten, nummer + 1)


def kap_af(toeval: Random, verbinding: Verbinding) -> tuple[str, str]:
    """Take out a line and all after it of the same writer: the chain that is left is right."""
    keten, nummer = _regel(toeval, verbinding)
    [(laatste,)] = verbinding.execute("SELECT max(nummer) FROM toegang.toegangslog WHERE keten = %s", (keten,))
    verbinding.execute("DELETE FROM toegang.toegangslog WHERE keten = %s AND nummer >= %s", (keten, nummer))
    return f"vanaf {nummer} weg", _noem(keten, laatste)


def voeg_regel_in(toeval: Random, verbinding: Verbinding) -> tuple[str, str]:
    """Put in a line before another: the others make room, and all hashes are right."""
    keten, nummer = _regel(toeval, verbinding)
    kolommen = (
        "regio, account, rol, organisatie, overstap, handeling, onderwerp, velden, reden, uitkomst, herkomst, spoor"
    )
    _schuif(verbinding, keten, nummer - 1, 1)
    sql = f"""INSERT INTO toegang.toegangslog (keten, nummer, op, hash, {kolommen})
              SELECT keten, %s, op, hash, {kolommen} FROM toegang.toegangslog WHERE keten = %s AND nummer = %s"""
    verbinding.execute(sql.encode(), (nummer, keten, nummer + 1))
    _reken_opnieuw(verbinding, keten, nummer)
    return f"ingevoegd voor {nummer}", f"van schrijver {keten}"


def herschrijf(toeval: Random, verbinding: Verbinding) -> tuple[str, str]:
    """Change a line and compute every hash after it again."""
    keten, nummer = _regel(toeval, verbinding)
    verbinding.execute(
        "UPDATE toegang.toegangslog SET account = 'een-ander' WHERE keten = %s AND nummer = %s", (keten, nummer)
    )
    _reken_opnieuw(verbinding, keten, nummer)
    return f"vanaf {nummer} herschreven", f"van schrijver {keten}"


def herschrijf_met_koppen(toeval: Random, verbinding: Verbinding) -> tuple[str, str]:
    """Do that, and write down that every checkpoint saw it so: then only what was signed is against it."""
    wat, _ = herschrijf(toeval, verbinding)
    [(punt,)] = verbinding.execute(
        """WITH anders AS (UPDATE log.toegangskoppen AS k SET hash = t.hash FROM toegang.toegangslog AS t
                            WHERE (t.keten, t.nummer) = (k.keten, k.nummer) AND t.hash <> k.hash
                        RETURNING k.controlepunt)
           SELECT min(controlepunt) FROM anders"""
    )
    return f"{wat}, en de koppen", f"Controlepunt {punt} zag een andere stand van het toegangslog"


TOEGANGSKNOEIERIJEN: tuple[Toegangsknoei, ...] = (
    wijzig_regel, verwijder_regel, kap_af, voeg_regel_in, herschrijf, herschrijf_met_koppen,
)  # fmt: skip


def _noem(keten: UUID, nummer: int) -> str:
    return f"regel {nummer} van schrijver {keten}"


def _regel(toeval: Random, verbinding: Verbinding, *, met_volgende: bool = False) -> tuple[UUID, int]:
    """Pick a line that a checkpoint covers: all of them are."""
    vraag = "SELECT keten, nummer FROM toegang.toegangslog"
    if met_volgende:
        vraag += " AS t WHERE EXISTS (SELECT FROM toegang.toegangslog WHERE keten = t.keten AND nummer > t.nummer)"
    keten, nummer = toeval.choice(verbinding.execute(f"{vraag} ORDER BY nummer, keten".encode()).fetchall())
    return keten, nummer


def _schuif(verbinding: Verbinding, keten: UUID, na: int, stap: int) -> None:
    waar = b"WHERE keten = %s AND nummer "
    verbinding.execute(b"UPDATE toegang.toegangslog SET nummer = -nummer " + waar + b"> %s", (keten, na))
    verbinding.execute(b"UPDATE toegang.toegangslog SET nummer = -nummer + %s " + waar + b"< 0", (stap, keten))


def _reken_opnieuw(verbinding: Verbinding, keten: UUID, vanaf: int) -> None:
    [(tot,)] = verbinding.execute("SELECT max(nummer) FROM toegang.toegangslog WHERE keten = %s", (keten,))
    for nummer in range(vanaf, tot + 1):
        verbinding.execute(_KETEN_OPNIEUW, (keten, nummer))
