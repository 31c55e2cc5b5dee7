"""What one worker process works with: the bus, connections to read by, the rules as they are known now."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from psycopg import AsyncConnection, AsyncCursor, Connection, Cursor
from psycopg_pool import AsyncConnectionPool, ConnectionPool, PoolTimeout
from starlette.requests import Request

from overstap.adapters.app import app_op, hoofdsleutel_van
from overstap.adapters.groepsbus import Groepsbus
from overstap.adapters.http.bekenden import Geheugen
from overstap.adapters.http.cloudevent import bron_van
from overstap.adapters.http.drukte import Drukte
from overstap.adapters.http.grens import Grens, Grenssoort
from overstap.adapters.http.identiteit.provider import Provider, nieuwe_client
from overstap.adapters.http.identiteit.uitgevers import lees_uitgevers
from overstap.adapters.http.kwitanties import Kwitanties
from overstap.adapters.http.opties import Opties
from overstap.adapters.http.stand import Stand
from overstap.adapters.http.uitzender import Uitzender
from overstap.adapters.http.werkplaats import Werkplaats
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.kaders import Kaders
from overstap.adapters.klok import Klok
from overstap.adapters.opruimen import kort_opruimen
from overstap.adapters.postgres.bereik import Bereik, bereik_van, in_bereik, in_bereik_async, lees_rij, telbereik_van
from overstap.adapters.postgres.databank import Databank, open_databank
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_tabellen import richt_in
from overstap.adapters.postgres.projectie_volger import volgend
from overstap.adapters.postgres.projectie_zichtbaarheid import Zichtbaarheid
from overstap.adapters.taken import Taken
from overstap.adapters.toegangslog import Toegangslog
from overstap.adapters.vault import Hoofdsleutel
from overstap.adapters.wachtrij import BusGesloten
from overstap.adapters.wissen.bewaking import bewakend
from overstap.domain.rollen import Actor

GEDULD = 5.0
"""For so many seconds a request waits for a connection."""
_MEESTE_LEZERS = 8
_TOESTANDEN = 1_000
_BEKENDEN = 100_000
_STANDEN = 4_000
T = TypeVar("T")


@dataclass(frozen=True)
class Dienst:
    """The parts; one for each process. What reads by `lezer` is overstap_schrijver."""

    opties: Opties
    instellingen: Instellingen
    databank: Databank
    hoofdsleutel: Hoofdsleutel
    bus: Groepsbus
    klok: Klok
    lezers: AsyncConnectionPool
    meters: AsyncConnectionPool
    inzagen: "ConnectionPool[Connection[Any]]"
    draden: ThreadPoolExecutor
    voortgang: Zichtbaarheid
    uitzender: Uitzender
    grens: Grens
    onbekenden: Grens
    werkplaats: Werkplaats
    taken: Taken
    providers: Mapping[str, Provider]
    kwitanties: Kwitanties
    toegangslog: Toegangslog
    appen: AsyncConnectionPool
    bekend: Geheugen[int]
    """The streams that are known to be a pupil's."""
    eigen: Geheugen[int]
    """The version up to which this process recorded each."""
    standen: Geheugen[Stand]

    @property
    def adres(self) -> str:
        """Where the outside world reaches this service."""
        return self.instellingen.openbaar_adres or self.opties.adres

    @property
    def regio(self) -> str:
        """The region of this installation."""
        return self.instellingen.regio

    @property
    def kaders(self) -> Kaders:
        """The organisations and rules as they are known now.

        Raises:
            BusGesloten: when there is no database behind the bus.

        """
        return self.bus.app.kaders

    def nu(self) -> datetime:
        """Give the present instant: of the real clock, or of the demo's."""
        return self.klok()

    @property
    def bus_werkt(self) -> bool:
        """Is there a bus with a database behind it?"""
        try:
            return self.bus.app is not None
        except BusGesloten:
            return False

    @contextlib.asynccontextmanager
    async def lezer(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection in autocommit.

        Raises:
            DatabankOnbereikbaar: when there is none to be had, or it is lost meanwhile.

        """
        async with _verbonden(self.lezers) as verbinding:
            yield verbinding

    @contextlib.asynccontextmanager
    async def in_bereik(self, actor: Actor, reden: str | None = None) -> AsyncIterator[AsyncCursor[Any]]:
        """Give a cursor that reads what exists for an actor and nothing else; raises the same."""
        bereik = bereik_van(actor, self.nu(), list(self.kaders.organisaties(self.regio)), reden)
        async with _verbonden(self.appen) as verbinding, in_bereik_async(verbinding, bereik) as cursor:
            yield cursor

    async def lees_rij(
        self, actor: Actor, vraag: bytes, waarden: Sequence[str | UUID], reden: str | None = None
    ) -> tuple[Any, ...] | None:
        """Ask one question in the scope of an actor, in one round trip; raises the same."""
        bereik = bereik_van(actor, self.nu(), self.kaders.organisaties(self.regio), reden)
        async with _verbonden(self.appen) as verbinding:
            return await lees_rij(verbinding, bereik, vraag, waarden)

    @contextlib.asynccontextmanager
    async def meter(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection as overstap_projectie, which sees how far the read models are; raises the same."""
        async with _verbonden(self.meters) as verbinding:
            yield verbinding

    async def lees_als(self, actor: Actor, vraag: Callable[[Cursor[Any]], T], reden: str | None = None) -> T:
        """Ask something in the scope of an actor: in one transaction of its own, in a thread.

        A reason opens sealed data to the region's own roles; whoever gives it has it logged. Raises the same.
        """
        return await self._lees(bereik_van(actor, self.nu(), self.kaders.organisaties(self.regio), reden), vraag)

    async def tel_als(self, actor: Actor, vraag: Callable[[Cursor[Any]], T]) -> T:
        """Do the same in the scope in which figures of the actor's own organisation are counted; no person shows."""
        return await self._lees(telbereik_van(actor, self.nu(), self.kaders.organisaties(self.regio)), vraag)

    async def _lees(self, bereik: Bereik, vraag: Callable[[Cursor[Any]], T]) -> T:
        def lees() -> T:
            try:
                with self.inzagen.connection() as verbinding, in_bereik(verbinding, bereik) as cursor:
                    return vraag(cursor)
            except (psycopg.OperationalError, PoolTimeout) as fout:
                raise DatabankOnbereikbaar("De database is even niet te bereiken.") from fout

        return await asyncio.get_running_loop().run_in_executor(self.draden, lees)


@contextlib.asynccontextmanager
async def _verbonden(pool: AsyncConnectionPool) -> AsyncIterator[AsyncConnection]:
    try:
        async with pool.connection() as verbinding:
            yield verbinding
    except (psycopg.OperationalError, PoolTimeout) as fout:
        raise DatabankOnbereikbaar("De database is even niet te bereiken.") from fout


@contextlib.asynccontextmanager
async def open_dienst(
    opties: Opties,
    instellingen: Instellingen,
    open_databank: contextlib.AbstractContextManager[Databank],
    drukte: Drukte,
    na_stapel: Callable[[int, float], None],
) -> AsyncIterator[Dienst]:
    """Open the database and all that works on it; leaving answers everything that waits.

    Raises:
        DatabankFout: when the database cannot be reached, or is not of this version.
        KluisFout: when there is no master key.
        UitgeverOngeldig: when the file of issuers cannot be used.

    """
    async with contextlib.AsyncExitStack() as stapel:
        stapel.enter_context(kort_opruimen())
        uitgevers = lees_uitgevers(instellingen.uitgevers)
        client = await stapel.enter_async_context(nieuwe_client())
        databank = await _in_draad(stapel, open_databank)
        await asyncio.to_thread(richt_in, databank)
        if opties.houdt_bij:
            await _in_draad(stapel, volgend(databank))
        hoofdsleutel = hoofdsleutel_van(instellingen)
        klein = instellingen.model_copy(update={"toestanden": _TOESTANDEN})
        termijn = (instellingen.bewaar_maanden, instellingen.bewaking_seconden, instellingen.datamap)
        await _in_draad(stapel, bewakend(lambda: app_op(databank, hoofdsleutel, klein, opties.klok), *termijn))
        groepsbus = Groepsbus(lambda: app_op(databank, hoofdsleutel, instellingen, opties.klok), na_stapel=na_stapel)
        bus = await _in_draad(stapel, groepsbus)
        werkplaats = await _in_draad(stapel, Werkplaats(lambda: app_op(databank, hoofdsleutel, klein, opties.klok)))
        taken = await _in_draad(stapel, Taken(databank))
        toegangslog = await stapel.enter_async_context(Toegangslog(databank.conninfo(Login.APP), lambda: drukte.aantal))
        lezers, appen, meters = [
            await stapel.enter_async_context(_pool(databank, login, kleinst, grootst))
            for login, kleinst, grootst in (
                (Login.SCHRIJVER, 1, _MEESTE_LEZERS),
                (Login.APP, 1, _MEESTE_LEZERS),
                (Login.PROJECTIE, 0, 1),
            )
        ]
        inzagen = ConnectionPool(
            databank.conninfo(Login.APP),
            min_size=1,
            max_size=_MEESTE_LEZERS,
            timeout=GEDULD,
            kwargs={"autocommit": True},
            open=False,
        )
        await _in_draad(stapel, inzagen)
        voortgang = await _in_draad(stapel, Zichtbaarheid(databank))
        uitzender = Uitzender(databank.conninfo(Login.PROJECTIE), voortgang, bron_van(instellingen.oin))
        stapel.callback(uitzender.stop)
        grens, onbekenden = [
            stapel.enter_context(contextlib.closing(Grens(per_minuut, opties.gedeeld and opties.gedeeld / soort)))
            for soort, per_minuut in (
                (Grenssoort.ACCOUNTS, instellingen.verzoeken_per_minuut),
                (Grenssoort.ONBEKENDEN, instellingen.missers_per_minuut),
            )
        ]
        yield Dienst(
            opties=opties,
            instellingen=instellingen,
            databank=databank,
            hoofdsleutel=hoofdsleutel,
            bus=bus,
            klok=bus.app.klok,
            lezers=lezers,
            meters=meters,
            inzagen=inzagen,
            voortgang=voortgang,
            uitzender=uitzender,
            draden=stapel.enter_context(ThreadPoolExecutor(_MEESTE_LEZERS, "inzage")),
            grens=grens,
            onbekenden=onbekenden,
            werkplaats=werkplaats,
            taken=taken,
            providers={een.issuer: Provider(een, client) for een in uitgevers},
            kwitanties=Kwitanties(hoofdsleutel),
            toegangslog=toegangslog,
            appen=appen,
            bekend=Geheugen(_BEKENDEN),
            eigen=Geheugen(_BEKENDEN),
            standen=Geheugen(_STANDEN),
        )


def _pool(databank: Databank, login: Login, kleinst: int, grootst: int) -> AsyncConnectionPool:
    return AsyncConnectionPool(
        databank.conninfo(login),
        min_size=kleinst,
        max_size=grootst,
        timeout=GEDULD,
        kwargs={"autocommit": True},
        open=False,
    )


@contextlib.contextmanager
def databank_van(instellingen: Instellingen) -> Iterator[Databank]:
    """Open the database of the settings; the embedded one is migrated first."""
    url = instellingen.database_url.get_secret_value() if instellingen.database_url else None
    with open_databank(instellingen.datamap, url) as databank:
        if url is None:
            databank.migreer(Soort.ECHT)
        yield databank


async def _in_draad(stapel: contextlib.AsyncExitStack, wat: contextlib.AbstractContextManager[T]) -> T:
    """Enter, and later leave, in a thread: either may wait long, and answers go out meanwhile."""
    gekregen = await asyncio.to_thread(wat.__enter__)
    stapel.push_async_callback(asyncio.to_thread, wat.__exit__, None, None, None)
    return gekregen


def dienst_van(request: Request) -> Dienst:
    """Give the parts of the process that handles this request."""
    dienst: Dienst = request.app.state.dienst
    return dienst
