"""Who looked? The log of access read back, of one pupil or of one account, and checked for what was taken out."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import class_row

_VELDEN = (
    """op, regio, account, rol, organisatie, overstap, handeling, onderwerp, velden, reden, uitkomst, herkomst, spoor"""
)
_BREUKEN = """
SELECT keten, nummer
  FROM (
      SELECT t.*, row_number() OVER keten AS verwacht,
             sha256(coalesce(lag(hash) OVER keten, decode(repeat('00', 32), 'hex')) || record_send(ROW(
                 t.keten, t.nummer, t.op, t.regio, t.account, t.rol, t.organisatie, t.overstap, t.handeling,
                 t.onderwerp, t.velden, t.reden, t.uitkomst, t.herkomst, t.spoor, NULL::bytea))) AS berekend
        FROM toegang.toegangslog AS t
      WINDOW keten AS (PARTITION BY t.keten ORDER BY t.nummer)
  ) AS schakels
 WHERE hash <> berekend OR nummer <> verwacht
 ORDER BY keten, nummer
"""
HOOGSTENS = 10_000


class Inzage(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One line as it is told: who did what to which pupil's data, when (UTC), why, from where, and what came of it."""

    op: datetime
    regio: str
    account: str
    rol: str
    organisatie: str
    overstap: UUID | None
    handeling: str
    onderwerp: str
    velden: list[str]
    reden: str
    uitkomst: str
    herkomst: str
    spoor: str


_LEES = f"SELECT {', '.join(Inzage.__struct_fields__)} FROM toegang.toegangslog WHERE "  # noqa: S608  # our own columns
_LEES_MET_PLEK = _LEES.replace("SELECT ", "SELECT keten, nummer, ", 1)
_OP_VOLGORDE = " = %s ORDER BY op, keten, nummer LIMIT %s"


def van_leerling(cursor: psycopg.Cursor[Any], overstap: UUID, aantal: int = HOOGSTENS) -> list[Inzage]:
    """Give who saw or changed a pupil's data, and who was refused, the first first, as the reader's scope allows."""
    with cursor.connection.cursor(row_factory=class_row(Inzage)) as rijen:
        return rijen.execute(f"{_LEES}overstap{_OP_VOLGORDE}".encode(), (overstap, aantal)).fetchall()


def van_account(cursor: psycopg.Cursor[Any], account: str, aantal: int = HOOGSTENS) -> list[Inzage]:
    """Give what an account saw, changed and was refused, the first first, as the reader's scope allows."""
    with cursor.connection.cursor(row_factory=class_row(Inzage)) as rijen:
        return rijen.execute(f"{_LEES}account{_OP_VOLGORDE}".encode(), (account, aantal)).fetchall()


class Plek(msgspec.Struct, frozen=True):
    """Where a page of the log of access ended."""

    op: datetime
    keten: UUID
    nummer: int


class Periode(msgspec.Struct, frozen=True):
    """From one moment up to another, not including it; None: no bound."""

    van: datetime | None = None
    tot: datetime | None = None


ALTIJD = Periode()


def lees_bladzijde(  # noqa: PLR0913  # what narrows it
    cursor: psycopg.Cursor[Any],
    *,
    overstap: UUID | None,
    account: str | None,
    na: Plek | None,
    aantal: int,
    periode: Periode = ALTIJD,
    uitkomst: str | None = None,
) -> tuple[list[Inzage], Plek | None]:
    """Give a page of the lines of one pupil, one account or both, and where the next page begins; None: no more."""
    gegeven: dict[str, object] = {"overstap": overstap, "account": account, "uitkomst": uitkomst}
    delen = [f"{veld} = %({veld})s" for veld, waarde in gegeven.items() if waarde is not None]
    delen += ["op >= %(van)s"] if periode.van else []
    delen += ["op < %(tot)s"] if periode.tot else []
    gegeven |= msgspec.structs.asdict(periode)
    if na is not None:
        delen.append("(op, keten, nummer) > (%(op)s, %(keten)s, %(nummer)s)")
        gegeven |= msgspec.structs.asdict(na)
    vraag = f"{_LEES_MET_PLEK}{' AND '.join(delen)} ORDER BY op, keten, nummer LIMIT %(aantal)s"
    rijen = cursor.execute(vraag.encode(), gegeven | {"aantal": aantal + 1}).fetchall()
    regels = [Inzage(**dict(zip(Inzage.__struct_fields__, rij[2:], strict=True))) for rij in rijen[:aantal]]
    if len(rijen) <= aantal:
        return regels, None
    keten, nummer, op, *_ = rijen[aantal - 1]
    return regels, Plek(op=op, keten=keten, nummer=nummer)


def breuken(verbinding: psycopg.Connection[Any]) -> list[tuple[UUID, int]]:
    """Compute every writer's chain again, as overstap_audit; give the lines that were changed or follow a gap.

    What was taken off the end of a chain does not show here.
    """
    return verbinding.execute(_BREUKEN).fetchall()
