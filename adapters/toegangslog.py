"""The log of access: who saw or changed whose data, and who was refused, written before the answer leaves.

Many callers' lines are recorded together: what comes in while one batch is under way goes into the next.
"""

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, InvalidStateError
from enum import StrEnum
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

import msgspec
import psycopg
import structlog

from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.domain.rollen import Actor

HOOGSTENS = 20_000
"""How many lines may wait."""
PER_KEER = 1_000
"""How many lines are recorded together at most."""
GEDULD = 10.0
"""After so many seconds without a database, who waits is told so."""
_TUSSENPOOS = 0.1
_LEG_VAST = b"SELECT toegang.leg_vast(%s, %s)"
_naar_json = msgspec.json.Encoder().encode


class Uitkomst(StrEnum):
    """What came of it; the table knows these words."""

    TOEGESTAAN = "toegestaan"
    GEWEIGERD = "geweigerd"
    MISLUKT = "mislukt"


class Toegang(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line: of one pupil, or of none. Each field is a column of toegang.toegangslog; none holds personal data.

    account is '' when nobody is known, as with a failed sign-in; handeling says what was done ('inzage', a step's
    name, 'aanmelden'), onderwerp to what ('overstap', 'gebeurtenissen'), velden which groups of fields were shown,
    herkomst where it came from ('http', 'opdrachtregel'), spoor is the trace id.
    """

    regio: str
    account: str
    rol: str
    organisatie: str
    overstap: UUID | None = None
    handeling: str
    onderwerp: str
    velden: Sequence[str] = ()
    reden: str = ""
    uitkomst: Uitkomst = Uitkomst.TOEGESTAAN
    herkomst: str
    spoor: str = ""


def toegang_tot(  # noqa: PLR0913  # what a line holds
    actor: Actor,
    overstappen: Iterable[UUID | None],
    *,
    handeling: str,
    onderwerp: str,
    herkomst: str,
    velden: Iterable[str] = (),
    reden: str = "",
    uitkomst: Uitkomst = Uitkomst.TOEGESTAAN,
    spoor: str = "",
) -> list[Toegang]:
    """Make the lines of one request: one for each pupil that it was about, [None] for one about no pupil."""
    getoond = sorted(map(str, velden))
    return [
        Toegang(
            regio=actor.regio,
            account=actor.account,
            rol=str(actor.rol),
            organisatie=actor.organisatie,
            overstap=overstap,
            handeling=handeling,
            onderwerp=onderwerp,
            velden=getoond,
            reden=reden,
            uitkomst=uitkomst,
            herkomst=herkomst,
            spoor=spoor,
        )
        for overstap in overstappen
    ]


def leg_toegang_vast(verbinding: psycopg.Connection[Any], keten: UUID, regels: Sequence[Toegang]) -> None:
    """Record lines over a connection in autocommit, as overstap_app or overstap_schrijver; durable when it returns.

    keten is whose lines these are: a number of its own for each writer, whose lines are chained by their hashes.

    Raises:
        DatabankOnbereikbaar: when the connection is lost; recorded or not, the lines may be sent again.

    """
    try:
        verbinding.execute(_LEG_VAST, (keten, _naar_json(regels).decode()), prepare=True)
    except psycopg.OperationalError as fout:
        raise DatabankOnbereikbaar(
            f"Het toegangslog is niet te bereiken ({str(fout).strip()}). Probeer het opnieuw."
        ) from None


class ToegangslogVol(Exception):
    """So much waits that nothing can be added: nothing may be shown now. seconden says when to try again."""

    def __init__(self) -> None:
        super().__init__("Het is druk. Probeer het over 1 s opnieuw.")
        self.seconden = 1


class _Wachtende:
    __slots__ = ("lus", "regels", "toekomst")

    def __init__(
        self,
        regels: Sequence[Toegang],
        toekomst: "Future[None] | asyncio.Future[None]",
        lus: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.regels = regels
        self.toekomst = toekomst
        self.lus = lus


class Toegangslog:
    """A writer for many threads and event loops: `with Toegangslog(verbind) as log: log.schrijf(regels).result()`.

    verbind gives a connection as overstap_app in autocommit; it is called by the one thread that writes, and again
    after the database was lost. Leaving the `with` records all that waits.
    """

    def __init__(
        self,
        verbind: Callable[[], psycopg.Connection[Any]],
        *,
        hoogstens: int = HOOGSTENS,
        geduld: float = GEDULD,
    ) -> None:
        self._verbind = verbind
        self._hoogstens = hoogstens
        self._geduld = geduld
        self._keten = uuid4()
        self._rij: deque[_Wachtende] = deque()
        self._omvang = 0
        self._is_gesloten = False
        self._nieuws = threading.Condition()
        self._verbinding: psycopg.Connection[Any] | None = None
        self._werker = threading.Thread(target=self._werk, name="toegangslog", daemon=True)

    def __enter__(self) -> Self:
        self._werker.start()
        return self

    def __exit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        with self._nieuws:
            self._is_gesloten = True
            self._nieuws.notify()
        self._werker.join()

    def schrijf(self, regels: Sequence[Toegang]) -> "Future[None]":
        """Put lines; the future is done when they are durable, and raises DatabankOnbereikbaar when they may not be.

        Raises:
            ToegangslogVol: when too much waits already, or nothing is taken any more.

        """
        toekomst: Future[None] = Future()
        self._voeg_toe(_Wachtende(regels, toekomst))
        return toekomst

    async def schrijf_async(self, regels: Sequence[Toegang]) -> None:
        """Do the same from an event loop, and wait until the lines are durable; the same errors are raised."""
        lus = asyncio.get_running_loop()
        toekomst: asyncio.Future[None] = lus.create_future()
        self._voeg_toe(_Wachtende(regels, toekomst, lus))
        await toekomst

    def _voeg_toe(self, wachtende: _Wachtende) -> None:
        with self._nieuws:
            if self._is_gesloten or self._omvang + len(wachtende.regels) > self._hoogstens:
                raise ToegangslogVol
            self._rij.append(wachtende)
            self._omvang += len(wachtende.regels)
            if len(self._rij) == 1:
                self._nieuws.notify()

    # --- the worker ---------------------------------------------------------------------------------------------------

    def _werk(self) -> None:
        try:
            while lading := self._neem():
                try:
                    self._leg_vast([regel for wachtende in lading for regel in wachtende.regels])
                except Exception as fout:  # noqa: BLE001  # it belongs to who waits, and the next may go well
                    structlog.get_logger().warning("toegangslog", soort=type(fout).__name__)
                    _beantwoord(lading, fout)
                else:
                    _beantwoord(lading, None)
        finally:
            if self._verbinding is not None:
                self._verbinding.close()

    def _neem(self) -> list[_Wachtende]:
        with self._nieuws:
            while not self._rij and not self._is_gesloten:
                self._nieuws.wait()
            lading: list[_Wachtende] = []
            aantal = 0
            while self._rij and (not lading or aantal + len(self._rij[0].regels) <= PER_KEER):
                lading.append(self._rij.popleft())
                aantal += len(lading[-1].regels)
            self._omvang -= aantal
            return lading

    def _leg_vast(self, regels: Sequence[Toegang]) -> None:
        """Record a batch through a loss of the database: again until it is certain, so a line may be there twice."""
        einde = time.monotonic() + self._geduld
        while True:
            try:
                if self._verbinding is None:
                    self._verbinding = self._verbind()
                leg_toegang_vast(self._verbinding, self._keten, regels)
                return
            except DatabankOnbereikbaar:
                if self._verbinding is not None:
                    self._verbinding.close()
                    self._verbinding = None
                if time.monotonic() > einde:
                    raise
                time.sleep(_TUSSENPOOS)


def _beantwoord(lading: Iterable[_Wachtende], fout: Exception | None) -> None:
    """Tell each that his lines are recorded, or why not; an event loop is called once for all of its own."""
    per_lus: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for wachtende in lading:
        if isinstance(wachtende.toekomst, Future):
            with contextlib.suppress(InvalidStateError):  # whoever waited has given up
                _vervul(wachtende.toekomst, fout)
        elif wachtende.lus is not None:
            per_lus.setdefault(wachtende.lus, []).append(wachtende.toekomst)
    for lus, eigen in per_lus.items():
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            lus.call_soon_threadsafe(_vervul_alle, eigen, fout)


def _vervul_alle(toekomsten: "Iterable[asyncio.Future[None]]", fout: Exception | None) -> None:
    for toekomst in toekomsten:
        if not toekomst.done():
            _vervul(toekomst, fout)


def _vervul(toekomst: "Future[None] | asyncio.Future[None]", fout: Exception | None) -> None:
    if fout is None:
        toekomst.set_result(None)
    else:
        toekomst.set_exception(fout)
