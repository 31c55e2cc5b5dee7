"""Open an overstapjaar, and close it: each pupil who reached an end is closed apart, and then the year."""

from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import UUID, uuid4

from overstap.adapters.app import App
from overstap.adapters.beelden import leesblik
from overstap.adapters.opdracht import Opdracht, Vastgelegd
from overstap.adapters.stroomsoorten import OVERSTAP, PROCEDURE
from overstap.domain.rollen import Actor, Rol
from overstap.domain.statussen import OverstapStatus
from overstap.domain.stromen import stroom_van_procedure
from overstap.domain.verzoeken import SluitAf
from overstap.domain.verzoeken_procedure import OpenJaar, ProcedureVerzoek, SluitJaar
from overstap.domain.weigering import Weigering
from overstap.statemachine.procedure import decide_procedure

_BATCH = 1_000
_EINDEN = (OverstapStatus.GESTART, OverstapStatus.VERVOLGKEUZE_VO)
_KLAAR = "SELECT overstap FROM beeld.actueel WHERE overstapjaar = %s AND status = ANY(%s) ORDER BY overstap"


class Sluiting(NamedTuple):
    """How many overstappen were closed in this run, how many could not be, and whether anything was new."""

    afgesloten: int
    geweigerd: int
    is_nieuw: bool


def open_jaar(app: App, overstapjaar: int, actor: Actor) -> bool | Weigering:
    """Let schools enter pupils of this year; tell whether that was news."""
    return _vraag(app, actor, overstapjaar, OpenJaar(overstapjaar=overstapjaar), uuid4())


def klaar_voor_sluiting(app: App, overstapjaar: int) -> list[UUID]:
    """Give the overstappen of a year that reached an end, as the read model has them."""
    with leesblik(app) as cursor:
        return [overstap for (overstap,) in cursor.execute(_KLAAR, (overstapjaar, list(_EINDEN)))]


def sluit_jaar(
    app: App, overstapjaar: int, klaar: Sequence[UUID], meld: Callable[[int], object] = lambda _gedaan: None
) -> Sluiting | Weigering:
    """Close the overstappen that are ready (gestart or vervolgkeuze_vo), then the year; again is harmless.

    meld hears how many were handled. Nothing is recorded when the year may not be closed yet.
    """
    systeem = Actor(account="systeem", rol=Rol.SYSTEEM, organisatie=app.regio, regio=app.regio)
    proef = decide_procedure(
        app.kaders.jaar(app.regio, overstapjaar),
        SluitJaar(overstapjaar=overstapjaar, afgesloten=0),
        systeem,
        app.klok(),
    )
    if isinstance(proef, Weigering):
        return proef
    correlatie = uuid4()
    afgesloten = 0
    for begin in range(0, len(klaar), _BATCH):
        deel = klaar[begin : begin + _BATCH]
        resultaten = app.bus.verwerk(
            [
                Opdracht(soort=OVERSTAP, stroom=overstap, verzoek=SluitAf(), actor=systeem, correlatie=correlatie)
                for overstap in deel
            ]
        )
        afgesloten += sum(isinstance(resultaat, Vastgelegd) for resultaat in resultaten)
        meld(begin + len(deel))
    verzoek = SluitJaar(overstapjaar=overstapjaar, afgesloten=afgesloten)
    uitslag = _vraag(app, systeem, overstapjaar, verzoek, correlatie)
    if isinstance(uitslag, Weigering):
        return uitslag
    return Sluiting(afgesloten, len(klaar) - afgesloten, is_nieuw=uitslag)


def _vraag(app: App, actor: Actor, overstapjaar: int, verzoek: ProcedureVerzoek, correlatie: UUID) -> bool | Weigering:
    [resultaat] = app.bus.verwerk(
        [
            Opdracht(
                soort=PROCEDURE,
                stroom=stroom_van_procedure(app.regio, overstapjaar),
                verzoek=verzoek,
                actor=actor,
                correlatie=correlatie,
            )
        ]
    )
    return resultaat if isinstance(resultaat, Weigering) else isinstance(resultaat, Vastgelegd)
