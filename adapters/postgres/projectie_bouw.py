"""Build read models anew beside those that serve: whole streams out of the log, folded in memory, rows written once."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier

from overstap.adapters.opruimen import zelden_opruimen
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_lezing import lees_stromen
from overstap.adapters.postgres.projectie_parkeren import HOOGSTENS, TeVeelGeparkeerd, in_woorden, parkeer
from overstap.adapters.postgres.projectie_tabellen import Plek, begin_opnieuw, haal_indexen_weg, kies
from overstap.domain.gebeurtenis import Gebeurtenis, Onleesbaar
from overstap.projections.projectie import PerStroom, Projectie, Rij, Rijschrijver
from overstap.projections.wegschrijven import KOP, STAART

Stand = Callable[[int], None]
"""Hears how many events were folded; what it raises stops the build."""
_PER_KEER = 2_000  # rows of a table that are written together
_MELD_ELKE = 2_000  # events
_OPGEGEVEN = """
INSERT INTO beeld_schaduw.geparkeerd SELECT * FROM beeld.geparkeerd WHERE projectie = %s AND opgegeven_op IS NOT NULL
RETURNING stroom, versie
"""


def bouw(databank: Databank, projecties: Sequence[type[Projectie]], tot: int, meld: Stand) -> None:
    """Fill tables of these read models in the shadow with what the log says up to position `tot`.

    One whose rows do not each come from one stream gets empty tables at position 0, to be folded batch by batch.
    """
    with databank.verbind(Login.PROJECTIE) as verbinding:
        bouwers = [_Bouwer(databank, projectie) for projectie in projecties if isinstance(projectie(), PerStroom)]
        with verbinding.transaction():
            for projectie in projecties:
                begin_opnieuw(verbinding, projectie, Plek.SCHADUW)
            for bouwer in bouwers:
                bouwer.bereid_voor(verbinding)
        if not bouwers:
            return
        with ExitStack() as stapel:
            stapel.enter_context(zelden_opruimen())
            lezer = stapel.enter_context(databank.verbind(Login.PROJECTIE))
            for bouwer in bouwers:
                stapel.enter_context(bouwer)
            _vouw_stromen(lezer, bouwers, tot, meld)
        with verbinding.transaction():
            verbinding.execute("SET LOCAL maintenance_work_mem = '256MB'")
            for bouwer in bouwers:
                bouwer.rond_af(verbinding, tot)


def _vouw_stromen(lezer: psycopg.Connection[Any], bouwers: Sequence["_Bouwer"], tot: int, meld: Stand) -> None:
    gedaan, gemeld = 0, 0
    for stroom, onleesbaar in lees_stromen(lezer, tot):
        for bouwer in bouwers:
            if onleesbaar is not None:
                bouwer.zet_opzij(onleesbaar)
            if stroom:
                bouwer.vouw(stroom)
        gedaan += len(stroom)
        if gedaan - gemeld >= _MELD_ELKE:
            gemeld = gedaan
            meld(gedaan)


class _Bouwer:
    """Folds streams into the shadow tables of one read model, over a connection for each table."""

    def __init__(self, databank: Databank, soort: type[Projectie]) -> None:
        self._databank = databank
        self._soort = soort
        projectie = soort()
        if not isinstance(projectie, PerStroom):
            raise TypeError(f"{soort.naam} does not fold whole streams")
        self._projectie = projectie
        self._kopieen: list[_Kopie] = []
        self._indexen: list[str] = []
        self._opgegeven: Mapping[UUID, int] = {}
        self._geparkeerd: list[tuple[Gebeurtenis | Onleesbaar, Exception]] = []

    def bereid_voor(self, verbinding: psycopg.Connection[Any]) -> None:
        """Let the owner copy rows straight into the bare tables, and take over which streams a person gave up."""
        self._zet_rijbeveiliging(verbinding, SQL("NO FORCE"))
        for tabel in self._soort.tabellen:
            self._indexen += haal_indexen_weg(verbinding, Plek.SCHADUW, tabel)
        self._opgegeven = dict(verbinding.execute(_OPGEGEVEN, (self._soort.naam,)).fetchall())

    def rond_af(self, verbinding: psycopg.Connection[Any], tot: int) -> None:
        """Put indexes and row security back, and say how far the tables are."""
        for opdracht in self._indexen:
            verbinding.execute(opdracht.encode())
        self._zet_rijbeveiliging(verbinding, SQL("FORCE"))
        kies(verbinding, Plek.SCHADUW)
        with verbinding.cursor() as cursor:
            for gebeurtenis, fout in self._geparkeerd:
                parkeer(cursor, self._soort.naam, gebeurtenis, fout)
            cursor.execute("UPDATE voortgang SET positie = %s WHERE naam = %s", (tot, self._soort.naam))
            for tabel in self._soort.tabellen:
                cursor.execute(SQL("ANALYZE {}").format(Identifier(tabel)))

    def __enter__(self) -> Self:
        self._stapel = ExitStack()
        with self._stapel:
            for schrijver in self._projectie.schrijvers:
                self._kopieen.append(self._stapel.enter_context(_Kopie(self._databank, schrijver)))
            self._stapel = self._stapel.pop_all()
        return self

    def __exit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        self._stapel.__exit__(soort, fout, spoor)

    def vouw(self, stroom: Sequence[Gebeurtenis]) -> None:
        """Fold a stream as far as it can be folded; from the event that fails on it is parked."""
        if self._opgegeven and (versie := self._opgegeven.get(stroom[0].originator_id)):
            stroom = [g for g in stroom if g.originator_version < versie]
            if not stroom:
                return
        try:
            rijen = list(self._projectie.bouw(stroom))
        except Exception as fout:  # noqa: BLE001 - whatever a fold raises parks its stream
            rijen = self._vouw_begin(stroom, fout)
        for tabel, rij in rijen:
            self._kopieen[tabel].schrijf(rij)

    def zet_opzij(self, onleesbaar: Onleesbaar) -> None:
        """Park a stream at an event that cannot be read, unless a person gave it up at or before that."""
        versie = self._opgegeven.get(onleesbaar.originator_id)
        if versie is None or onleesbaar.originator_version < versie:
            self._parkeer(onleesbaar, onleesbaar.fout)

    def _vouw_begin(self, stroom: Sequence[Gebeurtenis], fout: Exception) -> list[tuple[int, Rij]]:
        """Fold what comes before the first event that cannot be folded."""
        rijen: list[tuple[int, Rij]] = []
        for aantal in range(1, len(stroom) + 1):
            try:
                rijen = list(self._projectie.bouw(stroom[:aantal]))
            except Exception as eerste:  # noqa: BLE001 - the same
                fout = eerste
                break
        self._parkeer(stroom[aantal - 1], fout)
        return rijen

    def _parkeer(self, gebeurtenis: Gebeurtenis | Onleesbaar, fout: Exception) -> None:
        self._geparkeerd.append((gebeurtenis, fout))
        if len(self._geparkeerd) > HOOGSTENS:
            raise TeVeelGeparkeerd(
                f"Meer dan {HOOGSTENS} stromen zijn niet te vouwen; de laatste: {in_woorden(fout)}. "
                "Er is niets veranderd."
            ) from fout

    def _zet_rijbeveiliging(self, verbinding: psycopg.Connection[Any], hoe: SQL) -> None:
        for tabel in self._soort.tabellen:
            opdracht = SQL("ALTER TABLE {} {} ROW LEVEL SECURITY")
            verbinding.execute(opdracht.format(Identifier(Plek.SCHADUW, tabel), hoe))


class _Kopie:
    """Writes rows to one shadow table as they come, some thousands at a time, by one COPY."""

    def __init__(self, databank: Databank, schrijver: Rijschrijver) -> None:
        self._databank = databank
        self._schrijver = schrijver
        self._rijen: list[Rij] = []
        self._gezien: set[Rij] = set()  # of what several streams give

    def __enter__(self) -> Self:
        with ExitStack() as stapel:
            verbinding = stapel.enter_context(self._databank.verbind(Login.PROJECTIE))
            verbinding.execute("SELECT set_config('search_path', %s, false)", (Plek.SCHADUW,))
            cursor = stapel.enter_context(verbinding.cursor())
            self._kopie = stapel.enter_context(cursor.copy(self._schrijver.kopieer))
            self._kopie.write(KOP)
            self._stapel = stapel.pop_all()
        return self

    def __exit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        with self._stapel:
            if fout is not None:
                raise fout  # the COPY is broken off
            self._stuur()
            self._kopie.write(STAART)

    def schrijf(self, rij: Rij) -> None:
        """Write a row, sooner or later."""
        if self._schrijver.is_gedeeld:
            if rij in self._gezien:
                return
            self._gezien.add(rij)
        self._rijen.append(rij)
        if len(self._rijen) >= _PER_KEER:
            self._stuur()

    def _stuur(self) -> None:
        self._kopie.write(self._schrijver.in_bytes(self._rijen))
        self._rijen.clear()
