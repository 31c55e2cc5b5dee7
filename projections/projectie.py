"""The contract of a stored read model: its own .sql file, and a fold that takes batches of events into its tables."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from importlib.resources import files
from typing import Any, ClassVar, Generic, Protocol, TypeVar, get_args, runtime_checkable
from uuid import UUID

from psycopg import Cursor
from psycopg.sql import Composed

from overstap.domain.feiten import FeitVanAanmelding, FeitVanOverstap
from overstap.domain.gebeurtenis import Gebeurtenis, Onleesbaar, Voorval

ONEINDIG = datetime.max.replace(tzinfo=UTC)
"""No end: PostgreSQL's 'infinity', which Python's datetime does not know."""

ONEINDIGE_DAG = date.max
"""No last day: PostgreSQL's 'infinity' among dates."""

OVERSTAPFEITEN: frozenset[type] = frozenset(get_args(FeitVanOverstap | FeitVanAanmelding))
"""The facts of a pupil's own stream; the others are of organisations, deliveries, the wachtbak and the rules."""

T = TypeVar("T")
V_contra = TypeVar("V_contra", bound=Voorval, contravariant=True)

Geschiedenis = Callable[[Iterable[UUID]], Mapping[UUID, Sequence[Gebeurtenis]]]
"""Load whole streams from the log, in order; they may run on beyond the batch that is being folded."""


class Batch:
    """Events of ours after position `begin` of the log through `einde`, to be folded together.

    All there are, but for those of streams that the read model could not fold: these are left out until they can be.
    """

    def __init__(
        self,
        gebeurtenissen: Sequence[Gebeurtenis],
        begin: int = 0,
        einde: int | None = None,
        onleesbaar: Sequence[Onleesbaar] = (),
    ) -> None:
        self.gebeurtenissen = gebeurtenissen
        self.begin = begin
        self.einde = (gebeurtenissen[-1].positie or 0) if einde is None else einde
        self.onleesbaar = onleesbaar
        """What this program cannot read; no fold is given it, or what follows it in its stream."""

    @classmethod
    def uit_log(cls, gelezen: Sequence[Gebeurtenis | Onleesbaar], begin: int) -> "Batch":
        """Make a batch of what was read of the log after position `begin`, at least one event."""
        einde = gelezen[-1].positie or 0
        leesbaar = [g for g in gelezen if isinstance(g, Gebeurtenis)]
        onleesbaar = [g for g in gelezen if isinstance(g, Onleesbaar)] if len(leesbaar) < len(gelezen) else ()
        return cls(leesbaar, begin, einde, onleesbaar)

    @property
    def leesbaar(self) -> "Batch":
        """The events that come before the first of their stream that cannot be read."""
        vanaf: dict[UUID, int] = {}
        for een in self.onleesbaar:
            vanaf.setdefault(een.originator_id, een.originator_version)
        return self._met(lambda g: g.originator_version < vanaf.get(g.originator_id, g.originator_version + 1), ())

    @property
    def aantal(self) -> int:
        """How many events there are, those that cannot be read included."""
        return len(self.gebeurtenissen) + len(self.onleesbaar)

    @cached_property
    def soorten(self) -> frozenset[type]:
        """The kinds of facts there are."""
        return frozenset({type(gebeurtenis.feit) for gebeurtenis in self.gebeurtenissen})

    def raakt(self, feiten: frozenset[type]) -> bool:
        """Tell whether there is a fact of these kinds, or something that cannot be read."""
        return bool(self.onleesbaar) or not self.soorten.isdisjoint(feiten)

    @cached_property
    def overstappen(self) -> dict[UUID, list[Gebeurtenis]]:
        """The events of each pupil's stream, in order."""
        stromen: defaultdict[int, list[Gebeurtenis]] = defaultdict(list)
        for gebeurtenis in self.gebeurtenissen:
            if type(gebeurtenis.feit) in OVERSTAPFEITEN:
                # By the number of the id: to hash a UUID, and to find it equal, are calls in Python.
                stromen[gebeurtenis.originator_id.int].append(gebeurtenis)
        return {eigen[0].originator_id: eigen for eigen in stromen.values()}

    def na(self, positie: int) -> "Batch":
        """Give the part after a position that lies before its end."""
        if positie <= self.begin:
            return self
        deel = self._met(lambda g: (g.positie or 0) > positie, self.onleesbaar)
        return Batch(deel.gebeurtenissen, positie, self.einde, deel.onleesbaar)

    def van(self, stromen: Collection[UUID]) -> "Batch":
        """Give the events of some streams alone, as the same stretch of the log."""
        return self._met(lambda g: g.originator_id in stromen, self.onleesbaar)

    def zonder(self, stromen: Collection[UUID]) -> "Batch":
        """Give the events of all other streams, as the same stretch of the log."""
        if not stromen:
            return self
        return self._met(lambda g: g.originator_id not in stromen, self.onleesbaar)

    def _met(self, hoort: Callable[[Gebeurtenis | Onleesbaar], bool], onleesbaar: Sequence[Onleesbaar]) -> "Batch":
        eigen = [g for g in self.gebeurtenissen if hoort(g)]
        return Batch(eigen, self.begin, self.einde, [een for een in onleesbaar if hoort(een)])


class Geheugen(Generic[T]):
    """What a fold knows of rows it wrote, so that it need not read them again: good for one position of the log alone.

    A transaction that failed, or another worker's, leaves the read model at another position; then nothing is known.
    Deterministic folds give the same rows at the same position, whoever folded.
    """

    def __init__(self, hoogstens: int = 15_000) -> None:
        self._hoogstens = hoogstens
        self._positie: int | None = None
        self._bekend: dict[UUID, T] = {}

    def op(self, positie: int) -> dict[UUID, T]:
        """Give what is known at a position, to be changed; nothing is known any more until `bewaar`."""
        if positie != self._positie or len(self._bekend) > self._hoogstens:
            self._bekend = {}
        self._positie = None
        return self._bekend

    def bewaar(self, positie: int) -> None:
        """Say that what `op` gave now holds for this position."""
        self._positie = positie


class Projectie(Protocol):
    """One stored read model, for one database, and one thread at a time.

    A change of what the fold writes or of the tables asks for a higher versie: what is stored is then folded anew.
    tabellen name its tables as its .sql file makes them: without a schema, so that the same file makes them anywhere.
    feiten are the kinds of facts that change a row: it is given no batch without any.
    """

    naam: ClassVar[str]
    versie: ClassVar[int]
    tabellen: ClassVar[tuple[str, ...]]
    feiten: ClassVar[frozenset[type]]

    def vouw(self, cursor: Cursor[Any], batch: Batch, geschiedenis: Geschiedenis) -> None:
        """Fold a batch into the tables found on the search_path, within the caller's transaction.

        batch.begin is the position that the tables have reached. What one stream makes it raise (ValueError and the
        like) parks that stream alone: it is found by folding parts of the batch, each undone when it fails.
        """


class Rijschrijver(Protocol):
    """How the rows of one table are written as COPY reads them (wegschrijven.Tabel)."""

    is_gedeeld: bool
    """Several streams may give the same row, which is there once."""

    @property
    def kopieer(self) -> Composed:
        """The COPY that takes rows straight into the table found on the search_path."""

    def in_bytes(self, rijen: Sequence[Sequence[object]]) -> bytes:
        """Write rows, each in the order of the columns."""


Rij = Sequence[object]


@runtime_checkable
class PerStroom(Protocol[V_contra]):
    """A read model each of whose rows comes from one stream: a rebuild folds whole streams, and reads nothing.

    What `bouw` gives is what `vouw` leaves in the tables after the same events, in whatever batches they came. leest is
    all it asks of an event: who asks who did it (Gebeurtenis) has a rebuild read more of the log.
    """

    schrijvers: ClassVar[tuple[Rijschrijver, ...]]  # its tables, in any order
    leest: ClassVar[type[Voorval]]

    def bouw(self, stroom: Sequence[V_contra]) -> Iterable[tuple[int, Rij]]:
        """Fold all events of one stream, from its first, into rows: each with the index of its table's schrijver."""


def definitie(naam: str) -> str:
    """Give the SQL that makes a read model's tables, and all that belongs to them, in the current schema."""
    return sql_bestand(f"{naam}.sql")


def sql_bestand(naam: str) -> str:
    """Read one of the .sql files beside this module."""
    return (files("overstap.projections") / naam).read_text(encoding="utf-8")


def vastgelegd_op(gebeurtenis: Voorval) -> datetime:
    """Give when an event was recorded.

    Raises:
        ValueError: for an event that does not come from the log.

    """
    moment = gebeurtenis.vastgelegd_op
    if moment is None:
        message = f"event {gebeurtenis.originator_id}@{gebeurtenis.originator_version} was never recorded"
        raise ValueError(message)
    return moment


def geldt_vanaf(gebeurtenis: Voorval) -> datetime:
    """Give the moment from which an event says what held.

    That is its gebeurd_op. A source's clock may run ahead of ours; then it holds from the moment it was recorded, so
    that what holds now, as known now, is always the last thing recorded.
    """
    gebeurd, vastgelegd = gebeurtenis.gebeurd_op, gebeurtenis.vastgelegd_op
    if vastgelegd is not None and gebeurd <= vastgelegd:  # nearly always
        return gebeurd
    return vastgelegd_op(gebeurtenis)
