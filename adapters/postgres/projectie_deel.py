"""Fold the streams of one part of the log into shadow tables of read models, with a connection for each table."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import msgspec
import psycopg

from overstap.adapters.opruimen import zelden_opruimen
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankFout
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_lezing import Deel, lees_stromen, lees_voorvallen
from overstap.adapters.postgres.projectie_parkeren import Geparkeerde, eis_weinig, geparkeerde
from overstap.adapters.postgres.projectie_tabellen import Plek
from overstap.domain.gebeurtenis import Gebeurtenis, Onleesbaar, Voorval
from overstap.projections.projectie import PerStroom, Projectie, Rij, Rijschrijver
from overstap.projections.wegschrijven import KOP, STAART

Stand = Callable[[int], None]
"""Hears how many events were folded; what it raises stops the build."""
_PER_KEER = 500  # rows of a table that are written together
_MELD_ELKE = 2_000  # events


class Vooraf(msgspec.Struct, frozen=True):
    """What is known of a read model before its streams are folded.

    tabellen are its shadow tables with the oid each has, opgegeven the streams that a person gave up, each from which
    version on.
    """

    soort: type[Projectie]
    tabellen: Mapping[str, int]
    opgegeven: Mapping[UUID, int]


class Opbrengst(msgspec.Struct):
    """What a part gave of one read model beside the rows it wrote.

    gedeeld are, by the index of their table, the rows that other parts may give too: these are still to be written.
    """

    geparkeerd: list[Geparkeerde] = msgspec.field(default_factory=list)
    gedeeld: dict[int, set[Rij]] = msgspec.field(default_factory=dict)


def vouw_deel(databank: Databank, vooraf: Sequence[Vooraf], deel: Deel, meld: Stand) -> list[Opbrengst]:
    """Fold the streams of a part into each of these read models, and write their rows.

    Raises:
        TeVeelGeparkeerd: when many streams cannot be folded.
        DatabankFout: when the shadow tables are not those it was begun for.

    """
    with ExitStack() as stapel:
        stapel.enter_context(zelden_opruimen())
        lezer = stapel.enter_context(databank.verbind(Login.PROJECTIE))
        bouwers = [stapel.enter_context(_Bouwer(databank, een)) for een in vooraf]
        _eis_dezelfde_tabellen(lezer, vooraf)  # whoever copies into a table keeps it there
        gedaan, gemeld = 0, 0
        vraagt_wie = any(_als_bouwer(een.soort).leest is Gebeurtenis for een in vooraf)
        for stroom, onleesbaar in lees_stromen(lezer, deel) if vraagt_wie else lees_voorvallen(lezer, deel):
            for bouwer in bouwers:
                if onleesbaar is not None:
                    bouwer.zet_opzij(onleesbaar)
                if stroom:
                    bouwer.vouw(stroom)
            gedaan += len(stroom)
            if gedaan - gemeld >= _MELD_ELKE:
                gemeld = gedaan
                meld(gedaan)
    return [bouwer.opbrengst for bouwer in bouwers]


def schrijf_gedeelde(databank: Databank, soort: type[Projectie], tabel: int, rijen: set[Rij]) -> None:
    """Write rows that several parts may have given, once."""
    with _Kopie(databank, _als_bouwer(soort).schrijvers[tabel]) as kopie:
        for rij in rijen:
            kopie.schrijf(rij)


def oids_van(verbinding: psycopg.Connection[Any], tabellen: Sequence[str]) -> dict[str, int]:
    """Give the oid that each of these tables in the shadow has, 0 for one that is not there."""
    vraag = "SELECT naam, coalesce(to_regclass(%s || '.' || naam)::oid::bigint, 0) FROM unnest(%s::text[]) AS naam"
    return dict(verbinding.execute(vraag, (Plek.SCHADUW, list(tabellen))).fetchall())


def _eis_dezelfde_tabellen(verbinding: psycopg.Connection[Any], vooraf: Sequence[Vooraf]) -> None:
    """Another rebuild may have begun since, when whoever began this one was killed."""
    if any(oids_van(verbinding, list(een.tabellen)) != een.tabellen for een in vooraf):
        raise DatabankFout("Een andere herbouw is begonnen. Er is niets veranderd.")


def _als_bouwer(soort: type[Projectie]) -> PerStroom[Any]:
    projectie = soort()
    if not isinstance(projectie, PerStroom):
        raise TypeError(f"{soort.naam} does not fold whole streams")
    return projectie


class _Bouwer:
    """Folds streams into the shadow tables of one read model, over a connection for each table."""

    def __init__(self, databank: Databank, vooraf: Vooraf) -> None:
        self._databank = databank
        self._opgegeven = vooraf.opgegeven
        self._projectie = _als_bouwer(vooraf.soort)
        self._kopieen: list[_Kopie | _Bewaring] = []
        self.opbrengst = Opbrengst()

    def __enter__(self) -> Self:
        with ExitStack() as stapel:
            for nummer, schrijver in enumerate(self._projectie.schrijvers):
                if schrijver.is_gedeeld:
                    self._kopieen.append(_Bewaring(self.opbrengst.gedeeld.setdefault(nummer, set())))
                else:
                    self._kopieen.append(stapel.enter_context(_Kopie(self._databank, schrijver)))
            self._stapel = stapel.pop_all()
        return self

    def __exit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        self._stapel.__exit__(soort, fout, spoor)

    def vouw(self, stroom: Sequence[Voorval]) -> None:
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

    def _vouw_begin(self, stroom: Sequence[Voorval], fout: Exception) -> list[tuple[int, Rij]]:
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

    def _parkeer(self, gebeurtenis: Voorval | Onleesbaar, fout: Exception) -> None:
        self.opbrengst.geparkeerd.append(geparkeerde(gebeurtenis, fout))
        eis_weinig(self.opbrengst.geparkeerd)


class _Kopie:
    """Writes rows to one shadow table as they come, some thousands at a time, by one COPY."""

    def __init__(self, databank: Databank, schrijver: Rijschrijver) -> None:
        self._databank = databank
        self._schrijver = schrijver
        self._rijen: list[Rij] = []

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
        self._rijen.append(rij)
        if len(self._rijen) >= _PER_KEER:
            self._stuur()

    def _stuur(self) -> None:
        self._kopie.write(self._schrijver.in_bytes(self._rijen))
        self._rijen.clear()


class _Bewaring:
    """Keeps the rows that other parts may give too."""

    def __init__(self, rijen: set[Rij]) -> None:
        self._rijen = rijen

    def schrijf(self, rij: Rij) -> None:
        """Keep a row, once."""
        self._rijen.add(rij)
