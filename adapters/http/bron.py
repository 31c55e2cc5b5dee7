"""The routes of the API: a parameter that an operation does not know is told, together with what else is wrong."""

import re
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextvars import ContextVar
from functools import wraps
from typing import Any, Final, get_args, get_origin

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from overstap.adapters.http.problemen import Fout, Probleem, ongeldig
from overstap.adapters.http.rechtstreeks import rechtstreeks
from overstap.adapters.http.verantwoording import ACTOR, verantwoord_weigering
from overstap.domain.rollen import Actor

_ONBEKEND: Final = "Deze parameter kent dit adres niet; de documentatie noemt ze."
_NAAM: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,39}")
_NEGEERT: Final = frozenset({"kom_terug_van_oidc"})
"""What an issuer adds to its answer must be ignored (RFC 6749, 4.1.2)."""
_GEEN_TOEGANG: Final = frozenset({403, 404})
_onbekend: ContextVar[tuple[Fout, ...]] = ContextVar("onbekend", default=())


class Bron(APIRoute):
    """A route that does nothing when it is asked something that it does not know; who is refused, is recorded."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **wat: Any) -> None:  # noqa: ANN401  # as FastAPI has it
        @wraps(endpoint)
        async def doe_of_weiger(*args: Any, **waarden: Any) -> Any:  # noqa: ANN401  # whatever the function takes
            if fouten := _onbekend.get():
                raise ongeldig(*fouten)
            return await endpoint(*args, **waarden)

        super().__init__(path, doe_of_weiger, **wat)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give what handles a request."""
        bekend = dict(_parameters(self.dependant))
        negeert = self.operation_id in _NEGEERT
        behandel = rechtstreeks(self.dependant, super().get_route_handler())

        async def behandel_bekende(request: Request) -> Response:
            _onbekend.set(tuple(_fouten(request, bekend)) if request.scope["query_string"] and not negeert else ())
            try:
                return await behandel(request)
            except Probleem as probleem:
                actor: Actor | None = request.scope.get(ACTOR)
                if probleem.status in _GEEN_TOEGANG and actor is not None:
                    await verantwoord_weigering(request, actor, self.name)
                raise

        return behandel_bekende


def onbekende_parameters() -> tuple[Fout, ...]:
    """Give what is wrong with the names of the parameters of the request that is being handled."""
    return _onbekend.get()


def _fouten(request: Request, bekend: Mapping[str, bool]) -> Iterator[Fout]:
    """Tell which parameters are not known here, and which are given more than once and cannot be."""
    keren = Counter(naam for naam, _ in request.query_params.multi_items())
    for naam, aantal in sorted(keren.items()):
        if naam not in bekend:
            plaats = f"query.{naam}" if _NAAM.fullmatch(naam) else "query.?"
            yield Fout(plaats=plaats, code="onbekend", uitleg=_ONBEKEND)
        elif aantal > 1 and not bekend[naam]:
            yield Fout(plaats=f"query.{naam}", code="dubbel", uitleg="Geef deze parameter één keer.")


def _parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """Give the name of each parameter, and whether it may be given more than once."""
    for veld in dependant.query_params:
        yield veld.alias, _is_lijst(veld.field_info.annotation)
    for deel in dependant.dependencies:
        yield from _parameters(deel)


def _is_lijst(soort: Any) -> bool:  # noqa: ANN401  # any annotation
    return get_origin(soort) is list or any(map(_is_lijst, get_args(soort)))
