"""Work that takes long or asks many questions of the database: in a few threads, each with a whole of its own."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import Self, TypeVar

from overstap.adapters.app import App
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.wachtrij import BusVol

T = TypeVar("T")
HANDEN = 2
"""How much is done at once."""
MEESTE_WACHTENDEN = 16
_KOM_TERUG = 5


class Werkplaats:
    """Does work with an App, away from the event loop; the whole of each thread is opened when first needed."""

    def __init__(self, open_app: Callable[[], AbstractContextManager[App]]) -> None:
        self._open_app = open_app
        self._draden = ThreadPoolExecutor(HANDEN, "werkplaats")
        self._eigen = threading.local()
        self._stapels: set[ExitStack] = set()
        self._slot = threading.Lock()
        self._aantal = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, soort: type[BaseException] | None, fout: BaseException | None, spoor: TracebackType | None
    ) -> None:
        """Finish what was begun, and let go of the database."""
        self._draden.shutdown()
        for stapel in self._stapels:
            stapel.close()

    async def doe(self, werk: Callable[[App], T]) -> T:
        """Do something with an App, and give what came of it.

        Raises:
            BusVol: when too much waits already.
            DatabankOnbereikbaar: when the database is lost; what was recorded, stays so.

        """
        if self._aantal >= HANDEN + MEESTE_WACHTENDEN:
            raise BusVol(_KOM_TERUG)
        self._aantal += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._draden, self._doe, werk)
        finally:
            self._aantal -= 1

    def _doe(self, werk: Callable[[App], T]) -> T:
        app = self._app()
        try:
            app.bus.houd_bij()
            return werk(app)
        except DatabankOnbereikbaar:
            self._laat_los()
            raise

    def _app(self) -> App:
        app: App | None = getattr(self._eigen, "app", None)
        if app is None:
            stapel = ExitStack()
            app = stapel.enter_context(self._open_app())
            self._eigen.app, self._eigen.stapel = app, stapel
            with self._slot:
                self._stapels.add(stapel)
        return app

    def _laat_los(self) -> None:
        stapel: ExitStack = self._eigen.stapel
        self._eigen.app = None
        with self._slot:
            self._stapels.discard(stapel)
        stapel.close()
