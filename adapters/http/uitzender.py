"""Read what is new in the log once for all who read along in this process, and keep the last of it for them.

Nobody has a queue of his own: each reader has a place in what is kept. So memory does not grow with their number, nor
with how slow one of them is.
"""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncIterator
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
import structlog
from psycopg import AsyncConnection, IsolationLevel

from overstap.adapters.http.kijker import Kijker
from overstap.adapters.http.nieuws import Nieuws
from overstap.adapters.postgres.projectie_zichtbaarheid import NogNietZichtbaar, Zichtbaarheid
from overstap.adapters.postgres.rij import KOLOMMEN, gebeurtenis
from overstap.domain.feiten import FeitVanOrganisatie
from overstap.statemachine.reikwijdte import Plek, Reikwijdte

BEWAARD: Final = 2_000
"""How many events are kept for readers, at about 2 kB each; who is further behind is dropped."""
MEESTE: Final = 1_000
"""How many may read along in one process."""
PER_ACCOUNT: Final = 20
"""How many streams one account may have open in one process."""
_PER_KEER: Final = 1_000
_PAUZE: Final = 0.025
"""Seconds between two readings: at 200 events a second five are told at once, to each reader in one go."""
_LUISTEREN: Final = 30.0
_HERSTEL: Final = 1.0
_BEELD: Final = "actueel"
_GEVOUWEN: Final = "SELECT positie FROM beeld.voortgang WHERE naam = 'actueel'"
_LEES: Final = (
    f"SELECT {KOLOMMEN} FROM log.gebeurtenissen"  # noqa: S608 - our own columns
    " WHERE positie > %s AND positie <= %s AND regio IS NOT NULL ORDER BY positie LIMIT %s"
)
_REIKWIJDTEN: Final = """
SELECT overstap, regio, school, vestiging, klas, gemeente, mbos,
       CASE WHEN leerplicht_ziet_tot = 'infinity' THEN '9999-12-31' ELSE leerplicht_ziet_tot END, aanmeldingen::text
  FROM beeld.actueel WHERE overstap = ANY (%s)
"""
_plekken: Final = msgspec.json.Decoder(tuple[Plek, ...])


class Achterop(Exception):
    """A reader is so far behind that what he has not seen is no longer kept."""


class TeVeelLezers(Exception):
    """So many read along already that nobody else can."""


class Stapel:
    """Events after position `begin` through `einde`, and what of them goes out to whom: decided once for all alike."""

    __slots__ = ("_geschreven", "_organisaties", "begin", "einde", "nieuws")

    def __init__(self, begin: int, einde: int, nieuws: list[Nieuws]) -> None:
        self.begin = begin
        self.einde = einde
        self.nieuws = nieuws
        self._organisaties = {
            een.gebeurtenis.originator_id for een in nieuws if isinstance(een.gebeurtenis.feit, FeitVanOrganisatie)
        }
        self._geschreven: dict[tuple[Any, ...], bytes] = {}

    def raakt(self, stroom: UUID) -> bool:
        """Tell whether something in it happened to this organisation: rights may have changed halfway."""
        return stroom in self._organisaties

    def voor(self, kijker: Kijker, vandaag: date, scholen: frozenset[str]) -> bytes:
        """Give the messages of those that a reader sees whose rights do not change in it."""
        wie = (kijker.kring, vandaag, scholen)
        geschreven = self._geschreven.get(wie)
        if geschreven is None:
            gezien = [kijker.schrijf(een) for een in self.nieuws if kijker.ziet(een, vandaag, scholen)]
            geschreven = self._geschreven[wie] = b"".join(gezien)
        return geschreven


class Uitzender:
    """Follows the log as far as `actueel` has folded it: then it is known whose each event is. For one event loop.

    It reads while somebody reads along, over a connection as overstap_projectie (conninfo), each time in one snapshot:
    the rows that say whose a pupil is are those of the very position that was read to.
    """

    def __init__(self, conninfo: str, bereik: Zichtbaarheid, bron: str) -> None:
        self._conninfo = conninfo
        self._bereik = bereik
        self._bron = bron
        self._bewaard: deque[Stapel] = deque()
        self._aantal = 0
        self._lezers: Counter[str] = Counter()
        self._taak: asyncio.Task[None] | None = None
        self._nieuw = asyncio.Event()
        self._begonnen = asyncio.Event()
        self.positie = 0
        self.is_gestopt = False

    @property
    def begin(self) -> int:
        """The position after which everything is kept."""
        return self._bewaard[0].begin if self._bewaard else self.positie

    @property
    def lezers(self) -> int:
        """How many read along."""
        return self._lezers.total()

    def eis_ruimte(self, account: str) -> None:
        """See to it that an account may have another stream.

        Raises:
            TeVeelLezers: when it has too many, or all together.

        """
        if self.lezers >= MEESTE or self._lezers[account] >= PER_ACCOUNT:
            raise TeVeelLezers

    @contextlib.asynccontextmanager
    async def lees_mee(self, account: str) -> AsyncIterator[None]:
        """Be one of the readers; the first lets the reading begin, the last lets it end."""
        self._lezers[account] += 1
        if self._taak is None:
            self._taak = asyncio.create_task(self._volg())
        try:
            await self._begonnen.wait()
            yield
        finally:
            self._lezers -= Counter({account: 1})
            if not self.lezers and self._taak is not None:
                self._taak.cancel()
                self._taak = None
                self._begonnen.clear()
                self._vergeet()

    def stop(self) -> None:
        """Let every reader know that this process ends."""
        self.is_gestopt = True
        self._wek()

    async def wacht(self, na: int, hoogstens: float) -> None:
        """Wait until there is something after a position, or this process ends; at most so many seconds."""
        if self.positie > na or self.is_gestopt:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(hoogstens):
                await self._nieuw.wait()

    def volgende(self, na: int) -> Stapel | None:
        """Give the first of what is kept that goes on after a position, None when that was the last.

        Raises:
            Achterop: when what followed is no longer kept.

        """
        if na < self.begin:
            raise Achterop
        gevonden = None
        for stapel in reversed(self._bewaard):
            if stapel.einde <= na:
                break
            gevonden = stapel
        return gevonden

    # --- reading ------------------------------------------------------------------------------------------------------

    async def _volg(self) -> None:
        """Read until nobody reads along, through every loss of the database."""
        while True:
            try:
                async with await AsyncConnection.connect(self._conninfo, autocommit=False) as verbinding:
                    await verbinding.set_isolation_level(IsolationLevel.REPEATABLE_READ)
                    await verbinding.set_read_only(True)
                    await self._volg_verbonden(verbinding)
            except psycopg.Error as fout:
                structlog.get_logger().warning("uitzender", soort=type(fout).__name__)
            await asyncio.sleep(_HERSTEL)

    async def _volg_verbonden(self, verbinding: AsyncConnection[Any]) -> None:
        if not self._begonnen.is_set():
            async with verbinding.transaction():
                self.positie = await _getal(verbinding, _GEVOUWEN)
            self._begonnen.set()
        while True:
            with contextlib.suppress(NogNietZichtbaar):
                await self._bereik.tot_async(_BEELD, self.positie + 1, _LUISTEREN)
            stapel = await lees_stapel(verbinding, self.positie, self._bron)
            if stapel is not None:
                self._bewaar(stapel)
            await asyncio.sleep(_PAUZE)

    def _bewaar(self, stapel: Stapel) -> None:
        self._bewaard.append(stapel)
        self._aantal += len(stapel.nieuws) + 1
        self.positie = stapel.einde
        while self._aantal > BEWAARD and len(self._bewaard) > 1:
            self._aantal -= len(self._bewaard.popleft().nieuws) + 1
        self._wek()

    def _vergeet(self) -> None:
        self._bewaard.clear()
        self._aantal = 0

    def _wek(self) -> None:
        """Wake all who wait; who comes later waits for the next time."""
        self._nieuw.set()
        self._nieuw = asyncio.Event()


async def lees_stapel(verbinding: AsyncConnection[Any], na: int, bron: str) -> Stapel | None:
    """Read what was recorded and folded after a position, None when that is nothing.

    The connection makes each transaction a snapshot (REPEATABLE READ), so that whose a pupil is and how far was folded
    belong together.
    """
    async with verbinding.transaction(), verbinding.cursor(binary=True) as cursor:
        tot = await _getal(verbinding, _GEVOUWEN)
        if tot <= na:
            return None
        await cursor.execute(_LEES, (na, tot, _PER_KEER), prepare=True)
        gelezen = [gebeurtenis(rij) for rij in await cursor.fetchall()]
        await cursor.execute(_REIKWIJDTEN, (list({een.originator_id for een in gelezen}),), prepare=True)
        reikwijdten = {rij[0]: _reikwijdte(rij) for rij in await cursor.fetchall()}
    einde = (gelezen[-1].positie or tot) if len(gelezen) == _PER_KEER else tot
    return Stapel(na, einde, [Nieuws(een, reikwijdten.get(een.originator_id), bron) for een in gelezen])


async def _getal(verbinding: AsyncConnection[Any], vraag: str) -> int:
    rij = await (await verbinding.execute(vraag.encode())).fetchone()
    return int(rij[0]) if rij else 0


def _reikwijdte(rij: tuple[Any, ...]) -> Reikwijdte:
    _, regio, school, vestiging, klas, gemeente, mbos, tot, aanmeldingen = rij
    return Reikwijdte(
        regio=regio,
        school=school,
        vestiging=vestiging,
        klas=klas,
        gemeente=gemeente,
        mbos=tuple(mbos),
        leerplicht_ziet_tot=tot,
        aanmeldingen=_plekken.decode(aanmeldingen),
    )
