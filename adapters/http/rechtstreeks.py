"""Handle a request that is as it should be without FastAPI's general solver: its own fields check each parameter.

The solver takes a fifth of a request; what is not plain, or not right, goes through it as ever and gets its answer.
"""

import inspect
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final, get_args, get_origin

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.params import Param
from msgspec import Struct

Behandelaar = Callable[[Request], Coroutine[Any, Any, Response]]
_PLEKKEN: Final = ("path_params", "query_params", "headers")
_MEER: Final = (
    "cookie_params",
    "body_params",
    "websocket_param_name",
    "http_connection_param_name",
    "response_param_name",
    "background_tasks_param_name",
    "security_scopes_param_name",
)
_NIETS: Final = object()


class _Plan(Struct, frozen=True):
    """What a function is called with: fields (where, by which name, as what, how), the request, what others give."""

    roep: Callable[..., Any]
    velden: tuple[tuple[str, str, str, Any], ...]
    request: str | None
    delen: tuple[tuple[str, "_Plan"], ...]


def rechtstreeks(dependant: Dependant, gewoon: Behandelaar) -> Behandelaar:
    """Give what handles a request for an operation, with `gewoon` for all that is not plain."""
    plan = _plan(dependant)
    if plan is None or inspect.signature(plan.roep).return_annotation is not Response:
        return gewoon

    async def behandel(request: Request) -> Response:
        gelezen: dict[int, dict[str, Any]] = {}
        if not _lees(plan, request, gelezen):
            return await gewoon(request)
        antwoord: Response = await _doe(plan, request, gelezen, {})
        return antwoord

    return behandel


def _plan(dependant: Dependant) -> _Plan | None:
    """Make the plan of a function, None when it asks for something that is not plain."""
    roep = dependant.call
    if roep is None or not inspect.iscoroutinefunction(inspect.unwrap(roep)):
        return None
    if any(getattr(dependant, naam) for naam in _MEER):
        return None
    velden = list(_velden(dependant))
    delen = [(deel.name, _plan(deel)) for deel in dependant.dependencies]
    if None in velden or any(naam is None or plan is None for naam, plan in delen):
        return None
    return _Plan(
        roep,
        tuple(veld for veld in velden if veld is not None),
        dependant.request_param_name,
        tuple((naam, plan) for naam, plan in delen if naam is not None and plan is not None),
    )


def _velden(dependant: Dependant) -> Iterator[tuple[str, str, str, Any] | None]:
    soorten = (dependant.path_params, dependant.query_params, dependant.header_params)
    for plek, velden in zip(_PLEKKEN, soorten, strict=True):
        for veld in velden:
            yield (plek, veld.alias, veld.name, veld) if _is_gewoon(veld.field_info) else None


def _is_gewoon(info: Any) -> bool:  # noqa: ANN401  # pydantic's
    """Tell whether a field is one value, whose default needs no checking."""
    return isinstance(info, Param) and not info.validate_default and not _is_samengesteld(info.annotation)


def _is_samengesteld(soort: Any) -> bool:  # noqa: ANN401  # any annotation
    return get_origin(soort) in {list, dict, set, tuple, frozenset} or any(map(_is_samengesteld, get_args(soort)))


def _lees(plan: _Plan, request: Request, gelezen: dict[int, dict[str, Any]]) -> bool:
    """Read and check all parameters before anything is called; tell whether they are as they should be."""
    waarden: dict[str, Any] = {}
    for plek, alias, naam, veld in plan.velden:
        ruw = getattr(request, plek).get(alias, _NIETS)
        if ruw is _NIETS:
            if veld.field_info.is_required():
                return False
            waarden[naam] = veld.default
            continue
        waarden[naam], fouten = veld.validate(ruw, waarden, loc=())
        if fouten:
            return False
    gelezen[id(plan)] = waarden
    return all(_lees(deel, request, gelezen) for _, deel in plan.delen)


async def _doe(
    plan: _Plan, request: Request, gelezen: dict[int, dict[str, Any]], gedaan: dict[Callable[..., Any], Any]
) -> Any:  # noqa: ANN401  # whatever the function gives
    """Call what it needs, each function once, and then the function itself."""
    waarden = gelezen[id(plan)]
    for naam, deel in plan.delen:
        if deel.roep not in gedaan:
            gedaan[deel.roep] = await _doe(deel, request, gelezen, gedaan)
        waarden[naam] = gedaan[deel.roep]
    if plan.request is not None:
        waarden[plan.request] = request
    return await plan.roep(**waarden)
