"""A stream that a read model cannot fold stands aside, and the rest go on: found, shown, tried again or given up."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import class_row

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankFout
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.domain.feiten import naam_van
from overstap.domain.gebeurtenis import Gebeurtenis, Onleesbaar, Voorval, tot_onleesbaar
from overstap.projections.projectie import Batch, Geschiedenis, Projectie

HOOGSTENS = 100
"""When so many streams of one batch cannot be folded something else is wrong: nothing is parked, and the fold stops."""
_LENGTE = 200
_AANGEHAALD = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|`[^`]*`")
_CIJFERS = re.compile(r"[0-9]{5,}")
_VAN_GEGEVENS = ("22", "23")  # SQLSTATE classes: data exception, integrity constraint violation
_PARKEER = """
INSERT INTO geparkeerd (projectie, stroom, positie, versie, feit, fout)
SELECT %s, originator_id, positie, originator_version, %s, %s
  FROM log.gebeurtenissen WHERE originator_id = %s AND originator_version = %s
ON CONFLICT (projectie, stroom) DO UPDATE
   SET positie = excluded.positie, versie = excluded.versie, feit = excluded.feit, fout = excluded.fout,
       geparkeerd_op = clock_timestamp(), opgegeven_op = NULL, opgegeven_door = NULL, opgegeven_reden = NULL
"""
_TOON = """
SELECT g.projectie, g.stroom, g.positie, g.versie, g.feit, g.fout, g.geparkeerd_op, g.opgegeven_op, g.opgegeven_door,
       g.opgegeven_reden,
       (SELECT count(*) FROM log.gebeurtenissen AS l
         WHERE l.originator_id = g.stroom AND l.originator_version >= g.versie AND l.positie <= v.positie)::int AS wacht
  FROM beeld.geparkeerd AS g JOIN beeld.voortgang AS v ON v.naam = g.projectie
 ORDER BY g.projectie, g.positie
"""
_GEEF_OP = """
UPDATE beeld.geparkeerd SET opgegeven_op = clock_timestamp(), opgegeven_door = %s, opgegeven_reden = %s
 WHERE projectie = %s AND stroom = %s AND opgegeven_op IS NULL
"""


class Geparkeerd(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A stream that a read model could not fold: from which event on, why, and how many of its events wait since."""

    projectie: str
    stroom: UUID
    positie: int
    versie: int
    feit: str
    fout: str
    geparkeerd_op: datetime
    wacht: int
    opgegeven_op: datetime | None = None
    opgegeven_door: str | None = None
    opgegeven_reden: str | None = None


class Geparkeerde(msgspec.Struct, frozen=True):
    """What is kept of a stream that is put aside: from which event on, what that was, and the error in words."""

    stroom: UUID
    versie: int
    feit: str
    fout: str


class NietGeparkeerd(DatabankFout):
    """This stream does not stand aside."""


class TeVeelGeparkeerd(DatabankFout):
    """So many streams could not be folded that the fault is not theirs."""


def is_van_een_stroom(fout: BaseException) -> bool:
    """Tell whether an error may be due to what a stream says, and not to the database, its tables or its connection."""
    if isinstance(fout, psycopg.Error):
        return (fout.sqlstate or "")[:2] in _VAN_GEGEVENS
    return isinstance(fout, Exception) and not isinstance(fout, DatabankFout | OSError | MemoryError)


def in_woorden(fout: BaseException) -> str:
    """Say what went wrong in one line: the kind of error and its message, without any value that it quotes."""
    zin = (fout.diag.message_primary if isinstance(fout, psycopg.Error) else None) or str(fout)
    zin = _CIJFERS.sub("…", _AANGEHAALD.sub("…", " ".join(zin.split())))
    return f"{type(fout).__name__}: {zin}"[:_LENGTE]


def geparkeerd(cursor: psycopg.Cursor[Any], projectie: str) -> frozenset[UUID]:
    """Give the streams that stand aside, those that were given up included."""
    rijen = cursor.execute("SELECT stroom FROM geparkeerd WHERE projectie = %s", (projectie,)).fetchall()
    return frozenset(stroom for (stroom,) in rijen)


class Afzonderlijk:
    """Fold a batch in parts, each with a savepoint of its own, until what cannot be folded is found and parked.

    Works within the caller's transaction, in the tables and the list of parked streams found on the search_path.
    """

    def __init__(self, cursor: psycopg.Cursor[Any], projectie: Projectie, geschiedenis: Geschiedenis) -> None:
        self._cursor = cursor
        self._projectie = projectie
        self._geschiedenis = geschiedenis
        self.geparkeerd: list[UUID] = []

    def vouw(self, batch: Batch) -> None:
        """Fold all that can be folded, and park the rest.

        Raises:
            TeVeelGeparkeerd: when more than HOOGSTENS streams cannot be folded.

        """
        stromen = list(dict.fromkeys(g.originator_id for g in batch.gebeurtenissen))
        if self._probeer(batch) is None:
            return
        if len(stromen) == 1:
            self._zoek_gebeurtenis(batch)
            return
        for deel in (stromen[: len(stromen) // 2], stromen[len(stromen) // 2 :]):
            self.vouw(batch.van(frozenset(deel)))

    def _zoek_gebeurtenis(self, batch: Batch) -> None:
        """Fold one stream event by event, and park it at the first that fails; what came before it stays."""
        begin = batch.begin
        for g in batch.gebeurtenissen:
            if fout := self._probeer(Batch([g], begin)):
                self._parkeer(g, fout)
                return
            begin = g.positie or begin

    def _parkeer(self, gebeurtenis: Gebeurtenis, fout: Exception) -> None:
        self.geparkeerd.append(gebeurtenis.originator_id)
        if len(self.geparkeerd) > HOOGSTENS:
            raise TeVeelGeparkeerd(
                f"Meer dan {HOOGSTENS} stromen zijn niet te vouwen; de laatste: {in_woorden(fout)}."
            ) from fout
        parkeer(self._cursor, self._projectie.naam, geparkeerde(gebeurtenis, fout))

    def _probeer(self, batch: Batch) -> Exception | None:
        try:
            with self._cursor.connection.transaction():
                self._projectie.vouw(self._cursor, batch, self._geschiedenis)
        except Exception as fout:
            if not is_van_een_stroom(fout):
                raise
            return fout
        return None


def zet_opzij(cursor: psycopg.Cursor[Any], projectie: str, batch: Batch) -> Batch:
    """Park each stream at its first event that cannot be read, and give the batch without what must wait.

    Raises:
        TeVeelGeparkeerd: when more than HOOGSTENS streams hold such an event.

    """
    if not batch.onleesbaar:
        return batch
    eerste = {een.originator_id: een for een in reversed(batch.onleesbaar)}
    if len(eerste) > HOOGSTENS:
        laatste = in_woorden(batch.onleesbaar[-1].fout)
        raise TeVeelGeparkeerd(f"Meer dan {HOOGSTENS} stromen zijn niet te lezen; de laatste: {laatste}.")
    for een in eerste.values():
        parkeer(cursor, projectie, geparkeerde(een, een.fout))
    return batch.leesbaar


def geparkeerde(gebeurtenis: Voorval | Onleesbaar, fout: Exception) -> Geparkeerde:
    """Say what is kept of a stream that is put aside from an event on."""
    feit = gebeurtenis.topic if isinstance(gebeurtenis, Onleesbaar) else naam_van(gebeurtenis.feit)
    return Geparkeerde(gebeurtenis.originator_id, gebeurtenis.originator_version, feit, in_woorden(fout))


def parkeer(cursor: psycopg.Cursor[Any], projectie: str, wat: Geparkeerde) -> None:
    """Put a stream aside."""
    cursor.execute(_PARKEER, (projectie, wat.feit, wat.fout, wat.stroom, wat.versie))


def eis_weinig(geparkeerd: Sequence[Geparkeerde]) -> None:
    """See to it that a rebuild puts no more streams aside than one batch may.

    Raises:
        TeVeelGeparkeerd: when it does.

    """
    if len(geparkeerd) > HOOGSTENS:
        raise TeVeelGeparkeerd(
            f"Meer dan {HOOGSTENS} stromen zijn niet te vouwen; de laatste: {geparkeerd[-1].fout}. "
            "Er is niets veranderd."
        )


def toon(verbinding: psycopg.Connection[Any]) -> list[Geparkeerd]:
    """Give all streams that stand aside, those that were given up included."""
    with verbinding.cursor(row_factory=class_row(Geparkeerd)) as cursor:
        return cursor.execute(_TOON).fetchall()


def probeer_opnieuw(databank: Databank, projectie: type[Projectie], stroom: UUID) -> Geparkeerd | None:
    """Fold what waits of a parked stream, as far as the read model has come; give what still cannot be folded.

    Raises:
        NietGeparkeerd: when it does not stand aside.

    """
    with databank.verbind(Login.PROJECTIE) as verbinding, databank.verbind(Login.PROJECTIE) as lezer:
        log = Log(lezer)
        with verbinding.transaction(), verbinding.cursor() as cursor:
            cursor.execute("SET LOCAL search_path TO beeld")
            plaats = cursor.execute(
                "UPDATE voortgang SET lichting = lichting + 1 WHERE naam = %s AND versie = %s RETURNING positie",
                (projectie.naam, projectie.versie),
            ).fetchone()
            vraag = "DELETE FROM geparkeerd WHERE projectie = %s AND stroom = %s RETURNING versie"
            weg = cursor.execute(vraag, (projectie.naam, stroom)).fetchone()
            if plaats is None or weg is None:
                raise NietGeparkeerd(_NIET_GEPARKEERD)
            geheel = log.laad_wat_kan([stroom])[stroom]
            wachtend = _wachtend(geheel, weg[0], plaats[0])
            batch = zet_opzij(cursor, projectie.naam, Batch.uit_log(wachtend, (wachtend[0].positie or 1) - 1))
            Afzonderlijk(cursor, projectie(), lambda _: {stroom: tot_onleesbaar(geheel)}).vouw(batch)
        nog = [een for een in toon(verbinding) if (een.projectie, een.stroom) == (projectie.naam, stroom)]
    return nog[0] if nog else None


def _wachtend(stroom: Sequence[Gebeurtenis | Onleesbaar], versie: int, plaats: int) -> list[Gebeurtenis | Onleesbaar]:
    return [g for g in stroom if g.originator_version >= versie and (g.positie or 0) <= plaats]


def geef_op(databank: Databank, projectie: str, stroom: UUID, door: str, reden: str) -> None:
    """Give up a parked stream for a read model: it stays out of its tables; who, why and when are kept.

    Raises:
        NietGeparkeerd: when it does not stand aside, or was given up before.

    """
    with databank.verbind(Login.PROJECTIE) as verbinding:
        if verbinding.execute(_GEEF_OP, (door, reden, projectie, stroom)).rowcount != 1:
            raise NietGeparkeerd(_NIET_GEPARKEERD)


_NIET_GEPARKEERD = "Deze stroom staat niet geparkeerd. Zie `overstap projections parked`."
