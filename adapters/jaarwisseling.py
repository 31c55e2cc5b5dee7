"""Open an overstapjaar, and close it: each pupil who reached an end is closed apart, and then the year.

The log of access tells who asked for it, and of each pupil what came of it.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from overstap.adapters.app import App
from overstap.adapters.beelden import leesblik
from overstap.adapters.opdracht import Opdracht, Vastgelegd
from overstap.adapters.postgres.logins import Login
from overstap.adapters.stroomsoorten import OVERSTAP, PROCEDURE
from overstap.adapters.toegangslog import PER_KEER, Uitkomst, leg_toegang_vast, toegang_tot
from overstap.domain.procedure import Jaar
from overstap.domain.rollen import Actor, Rol
from overstap.domain.statussen import OverstapStatus
from overstap.domain.stromen import stroom_van_procedure
from overstap.domain.verzoeken import SluitAf
from overstap.domain.verzoeken_procedure import OpenJaar, ProcedureVerzoek, SluitJaar
from overstap.domain.weigering import Weigering
from overstap.statemachine.procedure import decide_procedure

_BATCH = PER_KEER
EINDEN: Final = (OverstapStatus.GESTART, OverstapStatus.VERVOLGKEUZE_VO)
"""The statuses that are closed with their year."""
_KLAAR = "SELECT overstap FROM beeld.actueel WHERE overstapjaar = %s AND status = ANY(%s) ORDER BY overstap"


class Sluiting(NamedTuple):
    """How many overstappen were closed in this run, how many could not be, and whether anything was new."""

    afgesloten: int
    geweigerd: int
    is_nieuw: bool


class Aanvraag(NamedTuple):
    """Who asks for it, from where ('opdrachtregel', 'web'), and the trace id of his request."""

    actor: Actor
    herkomst: str
    spoor: str = ""


def open_jaar(app: App, overstapjaar: int, aanvraag: Aanvraag) -> bool | Weigering:
    """Let schools enter pupils of this year; tell whether that was news."""
    uitslag = _vraag(app, aanvraag.actor, overstapjaar, OpenJaar(overstapjaar=overstapjaar), uuid4())
    _verantwoord_jaar(app, aanvraag, "open_jaar", overstapjaar, uitslag if isinstance(uitslag, Weigering) else None)
    return uitslag


def klaar_voor_sluiting(app: App, overstapjaar: int) -> list[UUID]:
    """Give the overstappen of a year that reached an end, as the read model has them."""
    with leesblik(app) as cursor:
        return [overstap for (overstap,) in cursor.execute(_KLAAR, (overstapjaar, list(EINDEN)))]


def beletsel_voor_sluiting(jaar: Jaar | None, overstapjaar: int, actor: Actor, nu: datetime) -> Weigering | None:
    """Tell why a year may not be closed now; None when it may."""
    oordeel = decide_procedure(jaar, SluitJaar(overstapjaar=overstapjaar, afgesloten=0), actor, nu)
    return oordeel if isinstance(oordeel, Weigering) else None


def sluit_jaar(
    app: App,
    overstapjaar: int,
    klaar: Sequence[UUID],
    aanvraag: Aanvraag,
    meld: Callable[[int], object] = lambda _gedaan: None,
) -> Sluiting | Weigering:
    """Close the overstappen that are ready (gestart or vervolgkeuze_vo), then the year; again is harmless.

    The system closes the pupils, whoever asks closes the year. meld hears how many were handled. Nothing is recorded
    when the year may not be closed yet, but that it was asked.
    """
    systeem = Actor(account="systeem", rol=Rol.SYSTEEM, organisatie=app.regio, regio=app.regio)
    beletsel = beletsel_voor_sluiting(
        app.kaders.jaar(app.regio, overstapjaar), overstapjaar, aanvraag.actor, app.klok()
    )
    if beletsel is not None:
        _verantwoord_jaar(app, aanvraag, "sluit_jaar", overstapjaar, beletsel)
        return beletsel
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
        gesloten = [isinstance(resultaat, Vastgelegd) for resultaat in resultaten]
        for uitkomst, is_dicht in ((Uitkomst.TOEGESTAAN, True), (Uitkomst.GEWEIGERD, False)):
            wie = [overstap for overstap, is_zo in zip(deel, gesloten, strict=True) if is_zo is is_dicht]
            _verantwoord(app, aanvraag, "sluit_af", "overstap", wie, uitkomst)
        afgesloten += sum(gesloten)
        meld(begin + len(deel))
    verzoek = SluitJaar(overstapjaar=overstapjaar, afgesloten=afgesloten)
    uitslag = _vraag(app, aanvraag.actor, overstapjaar, verzoek, correlatie)
    _verantwoord_jaar(app, aanvraag, "sluit_jaar", overstapjaar, uitslag if isinstance(uitslag, Weigering) else None)
    if isinstance(uitslag, Weigering):
        return uitslag
    return Sluiting(afgesloten, len(klaar) - afgesloten, is_nieuw=uitslag)


def _verantwoord_jaar(
    app: App, aanvraag: Aanvraag, handeling: str, overstapjaar: int, weigering: Weigering | None
) -> None:
    uitkomst = Uitkomst.TOEGESTAAN if weigering is None else Uitkomst.GEWEIGERD
    _verantwoord(app, aanvraag, handeling, f"overstapjaar {overstapjaar}", [None], uitkomst)


def _verantwoord(  # noqa: PLR0913, PLR0917  # what a line holds
    app: App,
    aanvraag: Aanvraag,
    handeling: str,
    onderwerp: str,
    overstappen: Iterable[UUID | None],
    uitkomst: Uitkomst,
) -> None:
    """Record who asked for it, one line for each pupil."""
    regels = toegang_tot(
        aanvraag.actor,
        overstappen,
        handeling=handeling,
        onderwerp=onderwerp,
        herkomst=aanvraag.herkomst,
        uitkomst=uitkomst,
        spoor=aanvraag.spoor,
    )
    if regels:
        with app.databank.verbind(Login.APP) as verbinding:
            leg_toegang_vast(verbinding, uuid4(), regels)


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
