"""Lists in pages: by the last one shown, so that what comes or goes meanwhile shifts nothing."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, TypeVar

from fastapi import Query, Request, Response

from overstap.adapters.http.antwoorden import in_json, volgende_bladzijde
from overstap.adapters.http.problemen import Fout, ongeldig
from overstap.projections.selectie import BladwijzerOngeldig, lees_bladwijzer, schrijf_bladwijzer

MEESTE: Final = 1_000
GEWOON: Final = 200
LINK: Final = {"Link": 'De volgende bladzijde, rel="next".'}
"""The header that a list is documented with."""
Limit = Annotated[int, Query(ge=1, le=MEESTE, description="Hoeveel er op een bladzijde staan.")]
Na = Annotated[str | None, Query(max_length=400, description="Waar de vorige bladzijde ophield.")]
Plaats = tuple[str, ...]
"""Where a page ended: what its list is sorted by."""
T = TypeVar("T")
P = TypeVar("P", bound=tuple[str, ...])


def plaats_van(na: str | None, eerste: P) -> P:
    """Read where the page before ended; what comes before all, for the first page, says by how many texts it is sorted.

    Raises:
        Probleem: 400 when it is no bookmark of this list.

    """
    try:
        soort: Any = tuple[(str,) * len(eerste)]  # type: ignore[misc]  # of P's length
        return eerste if na is None else lees_bladwijzer(na, soort)
    except BladwijzerOngeldig as fout:
        raise ongeldig(Fout(plaats="query.na", code="ongeldig", uitleg=str(fout))) from None


def bladzijde(
    request: Request, gevonden: Sequence[T], limit: int, plaats: Callable[[T], Plaats], **koppen: str
) -> Response:
    """Answer with a page of what was found, of which there is one too many when more follow."""
    op_blad = gevonden[:limit]
    verder = schrijf_bladwijzer(plaats(op_blad[-1])) if len(gevonden) > limit else None
    inhoud: Any = op_blad
    return in_json(inhoud, koppen={**koppen, **volgende_bladzijde(request, verder)})
