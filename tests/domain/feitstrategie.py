"""Facts of every type, drawn at random: every field filled by what its type allows, whatever the story."""

from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

from overstap.domain.feiten import TYPES, Feit, Vorm
from overstap.domain.feiten.overstap import OverstapOpgevoerd

_TEKST = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_GETAL = st.integers(-(2**53), 2**53)


def van_type(soort: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401  # the type of a field, as the annotation gives it
    """Draw a value of an annotated type, as far as facts use such types."""
    if soort in {str, int, bool, NoneType}:
        return {str: _TEKST, int: _GETAL, bool: st.booleans(), NoneType: st.none()}[soort]
    if hasattr(soort, "__supertype__"):
        return van_type(soort.__supertype__)
    oorsprong, delen = get_origin(soort), get_args(soort)
    if oorsprong in {Union, UnionType}:
        return st.one_of([van_type(deel) for deel in delen])
    if oorsprong is Literal:
        return st.sampled_from(delen)
    if oorsprong is dict:
        return st.dictionaries(van_type(delen[0]), van_type(delen[1]), max_size=2)
    if oorsprong is tuple:
        return st.lists(van_type(delen[0]), max_size=2).map(tuple)
    if isinstance(soort, type) and issubclass(soort, msgspec.Struct):
        return st.builds(soort, **{veld: van_type(deel) for veld, deel in get_type_hints(soort).items()})
    return st.from_type(soort)


def feit_van(soort: type[Vorm]) -> st.SearchStrategy[Any]:
    """Draw facts of one type."""
    return van_type(soort)


FEITEN: st.SearchStrategy[Feit] = st.one_of([feit_van(soort) for soort in TYPES.values()])
OPGEVOERD: st.SearchStrategy[OverstapOpgevoerd] = feit_van(OverstapOpgevoerd)
