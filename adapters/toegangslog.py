"""The log of access: who saw or changed whose data, and who was refused, written before the answer leaves.

Many callers' lines are recorded together: what comes in while one batch is under way goes into the next.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

import msgspec
import psycopg
import structlog
from psycopg import AsyncConnection

from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.rit import eerste_rij
from overstap.domain.rollen import Actor

HOOGSTENS = 20_000
"""How many lines may wait."""
PER_KEER = 1_000
"""How many lines are recorded together at most."""
GEDULD = 10.0
"""After so many seconds without a database, who waits is told so."""
TUSSENTIJD = 0.005
"""Seconds from one recording to the next, unless nobody is left who could add a line: many share a commit."""
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


def in_volgorde(regels: Sequence[tuple[int, Toegang]]) -> bytes:
    """Write lines as the JSON array that toegang.leg_vast takes, each with the number of the request that it is of."""
    return b"[%b]" % b",".join(b'{"verzoek":%d,%b' % (nummer, _naar_json(regel)[1:]) for nummer, regel in regels)


def leg_toegang_vast(verbinding: psycopg.Connection[Any], keten: UUID, regels: Sequence[Toegang]) -> None:
    """Record lines over a connection in autocommit, as overstap_app or overstap_schrijver; durable when it returns.

    keten is whose lines these are: a number of its own for each writer, whose lines are chained by their hashes.

    Raises:
        DatabankOnbereikbaar: when the connection is lost; recorded or not, the lines may be sent again.

    """
    try:
        verbinding.execute(_LEG_VAST, (keten, _naar_json(regels).decode()), prepare=True)
    except psycopg.OperationalError as fout:
        raise _onbereikbaar(fout) from None


class ToegangslogVol(Exception):
    """So much waits that nothing can be added: nothing may be shown now. seconden says when to try again."""

    def __init__(self) -> None:
        super().__init__("Het is druk. Probeer het over 1 s opnieuw.")
        self.seconden = 1


class Toegangslog:
    """A writer for one event loop: `async with Toegangslog(conninfo) as log: await log.schrijf_async(regels)`.

    conninfo is that of overstap_app. drukte tells how many may come with lines soon, those who wait here included: when
    all of them wait, nothing is gained by gathering more. A connection is made when first needed, and again after the
    database was lost. No thread has a part in it: one that must have the interpreter for every step waits for it longer
    than the database takes. Leaving the `with` records all that waits.
    """

    def __init__(
        self,
        conninfo: str,
        drukte: Callable[[], int] = lambda: 0,
        *,
        hoogstens: int = HOOGSTENS,
        geduld: float = GEDULD,
    ) -> None:
        self._conninfo = conninfo
        self._drukte = drukte
        self._hoogstens = hoogstens
        self._geduld = geduld
        self._keten = uuid4()
        self._rij: deque[tuple[Sequence[Toegang], asyncio.Future[None]]] = deque()
        self._omvang = 0
        self._is_gesloten = False
        self._verbinding: AsyncConnection[Any] | None = None
        self._taak: asyncio.Task[None] | None = None
        self._niet_voor = 0.0
        self._compleet = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        self._is_gesloten = True
        self._compleet.set()
        if self._taak is not None:
            await self._taak
        await self._laat_los()

    async def schrijf_async(self, regels: Sequence[Toegang]) -> None:
        """Record lines, and wait until they are durable.

        Raises:
            ToegangslogVol: when too much waits already, or nothing is taken any more.
            DatabankOnbereikbaar: when there is no database: they may not be recorded.

        """
        if self._is_gesloten or self._omvang + len(regels) > self._hoogstens:
            raise ToegangslogVol
        toekomst: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._rij.append((regels, toekomst))
        self._omvang += len(regels)
        if len(self._rij) >= self._drukte():
            self._compleet.set()
        if self._taak is None:
            self._taak = asyncio.create_task(self._werk())
        await toekomst

    # --- what waits is recorded by one task, which is there while something waits -------------------------------------

    async def _werk(self) -> None:
        try:
            while self._rij:
                if not self._is_gesloten:
                    await self._verzamel(self._niet_voor - time.monotonic())
                lading = self._neem()
                fout: Exception | None = None
                try:
                    await self._leg_vast([regel for regels, _ in lading for regel in regels])
                except Exception as een:  # noqa: BLE001  # it belongs to who waits, and the next may go well
                    structlog.get_logger().warning("toegangslog", soort=type(een).__name__)
                    fout = een
                for _, toekomst in lading:
                    if toekomst.done():
                        continue  # whoever waited has given up
                    if fout is None:
                        toekomst.set_result(None)
                    else:
                        toekomst.set_exception(fout)
        finally:
            self._taak = None

    async def _verzamel(self, seconden: float) -> None:
        """Let more come in for so long, or until all wait who could."""
        if seconden <= 0 or len(self._rij) >= self._drukte():
            return
        self._compleet.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconden):
                await self._compleet.wait()

    def _neem(self) -> list[tuple[Sequence[Toegang], asyncio.Future[None]]]:
        lading = [self._rij.popleft()]
        aantal = len(lading[0][0])
        while self._rij and aantal + len(self._rij[0][0]) <= PER_KEER:
            lading.append(self._rij.popleft())
            aantal += len(lading[-1][0])
        self._omvang -= aantal
        return lading

    async def _leg_vast(self, regels: Sequence[Toegang]) -> None:
        """Record a batch through a loss of the database: again until it is certain, so a line may be there twice."""
        einde = time.monotonic() + self._geduld
        while True:
            try:
                if self._verbinding is None:
                    self._verbinding = await AsyncConnection.connect(self._conninfo, autocommit=True)
                await eerste_rij(self._verbinding, (_LEG_VAST, (self._keten, _naar_json(regels).decode())))
            except psycopg.OperationalError as fout:
                await self._laat_los()
                if time.monotonic() > einde:
                    raise _onbereikbaar(fout) from None
                await asyncio.sleep(_TUSSENPOOS)
            else:
                self._niet_voor = time.monotonic() + TUSSENTIJD
                return

    async def _laat_los(self) -> None:
        if self._verbinding is not None:
            verbinding, self._verbinding = self._verbinding, None
            await verbinding.close()


def _onbereikbaar(fout: psycopg.OperationalError) -> DatabankOnbereikbaar:
    return DatabankOnbereikbaar(f"Het toegangslog is niet te bereiken ({str(fout).strip()}). Probeer het opnieuw.")
