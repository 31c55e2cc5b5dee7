"""Find the operation that a request is for in one look: there are hundreds, and to try them in turn takes long."""

from collections.abc import Iterable
from itertools import takewhile
from typing import Final

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send


class Wegwijzer(BaseRoute):
    """Stands before all other routes and knows each by the last fixed part of its address, and its place from the end.

    What it does not know it leaves to them: an address that does not exist, a method that is not allowed.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._bekend: Final[dict[tuple[int, str], list[Route]]] = {}
        for route in routes:
            if isinstance(route, Route):
                delen = route.path.split("/")[::-1]
                plaats = len(list(takewhile(lambda deel: "{" in deel, delen)))
                self._bekend.setdefault((plaats, delen[plaats]), []).append(route)
        self._plaatsen: Final = range(1 + max((plaats for plaats, _ in self._bekend), default=0))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Give what the route of a request gives, when one is wholly right for it."""
        if scope["type"] == "http":
            delen = scope["path"].rsplit("/", len(self._plaatsen))[::-1]
            for sleutel in zip(self._plaatsen, delen, strict=False):
                for route in self._bekend.get(sleutel, ()):
                    match, erbij = route.matches(scope)
                    if match is Match.FULL:
                        return match, {**erbij, "route": route}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route that was found handle the request."""
        await scope["route"].handle(scope, receive, send)
