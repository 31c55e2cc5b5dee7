"""What was believed of a pupil until an event replaced it, as Dutch sentences."""

from collections.abc import Callable, Mapping, Sequence

from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.woorden import moment_in_woorden
from overstap.projections.kennisverschil import Vervanging, vervangingen
from overstap.projections.zinnen import in_woorden


def vertel_vervangingen(
    stroom: Sequence[Gebeurtenis], noem: Callable[[str], str] = str
) -> Mapping[int, tuple[str, ...]]:
    """Give for each event of a pupil's stream that replaced what was believed, by its number, the sentences about it.

    Raises:
        ValueError: when the stream is not one of a pupil, from its first event on.

    """
    zinnen: dict[int, tuple[str, ...]] = {}
    for een in vervangingen(stroom):
        zinnen[een.gebeurtenis] = (*zinnen.get(een.gebeurtenis, ()), zin_over_vervanging(een, noem))
    return zinnen


def zin_over_vervanging(een: Vervanging, noem: Callable[[str], str] = str) -> str:
    """Say what was believed, since when, and what is believed now."""
    wie = f"aanmelding {een.nummer} bij {noem(een.brin or '')}" if een.nummer else "de leerling"
    was, wordt = in_woorden(een.was), in_woorden(een.wordt)
    if een.is_herziening:
        return f"Tot dan gold voor {wie}: {was} (gebeurtenis {een.was_gebeurtenis}); daarna: {wordt}."
    vanaf = moment_in_woorden(een.vanaf)
    return f"Vanaf {vanaf} was van {wie} bekend: {was} (gebeurtenis {een.was_gebeurtenis}); nu: {wordt}."
