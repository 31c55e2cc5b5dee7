"""The little language of these tests: given(facts).when(request, by=actor, at=moment).then(facts) or .refuses(code)."""

from datetime import datetime
from uuid import UUID

import msgspec

from overstap.domain.feiten import Feit, Verzegeld
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.identificaties import SoortPgn
from overstap.domain.overstap import Overstap, evolve
from overstap.domain.redenen import Leerweg
from overstap.domain.rollen import Actor
from overstap.domain.verzoeken import Verzoek
from overstap.domain.weigering import Weigering
from overstap.statemachine.decide import decide
from overstap.statemachine.kader import Besluit, Kader
from tests.statemachine.spelers import (
    ALLES_OPEN,
    DECAAN,
    EERDER,
    GEMEENTE,
    INTAKER,
    KADER,
    KOPPELING,
    LEERPLICHT,
    REGIO,
    SCHOOL,
)

ZEGEL = Verzegeld("geheim")
OPGEVOERD = o.OverstapOpgevoerd(
    leerling=UUID("7d7f6a52-5a7e-4b0e-9a53-0d8f1f6f2c11"),
    overstapjaar=2026,
    school=SCHOOL,
    vestiging="01",
    klas="4B",
    leerweg=Leerweg.KB,
    gemeente=GEMEENTE,
    soort_pgn=SoortPgn.ONDERWIJSNUMMER,
    kwalificatieplicht_tot="2028-03",
    persoon={"achternaam": ZEGEL, "pgn": ZEGEL},
)
STROOM = UUID("3f2a0000-0000-4000-8000-000000000001")


class Gebeurd(msgspec.Struct, frozen=True):
    """A fact, who caused it, and when it happened."""

    feit: Feit
    door: Actor
    op: datetime = EERDER


def wie_doet_dit(feit: Feit) -> Actor:
    """Give who usually causes a fact: its MBO, Leerplicht, or else the decaan."""
    if isinstance(feit, a.AanmeldingFeit | a.KoppelberichtVastgelegd | a.KoppelberichtNietToegepast):
        return INTAKER if feit.bericht is None else KOPPELING
    return LEERPLICHT if isinstance(feit, o.LeerplichtAfgehandeld) else DECAAN


def na(overstap: Overstap | None, gebeurd: Gebeurd) -> Overstap:
    """Give the overstap after one more event."""
    gebeurtenis = Gebeurtenis(
        originator_id=STROOM,
        originator_version=overstap.versie + 1 if overstap else 1,
        feit=gebeurd.feit,
        regio=REGIO,
        gebeurd_op=gebeurd.op,
        actor=gebeurd.door.account,
        rol=gebeurd.door.rol,
        organisatie=gebeurd.door.organisatie,
    )
    return evolve(overstap, gebeurtenis)


class Gegeven(msgspec.Struct, frozen=True):
    """What happened before, folded and as it was told; and the circumstances in which is judged."""

    overstap: Overstap | None
    kader: Kader = KADER
    verhaal: tuple[Gebeurd, ...] = ()

    def under(self, kader: Kader) -> "Gegeven":
        """Judge under other circumstances."""
        return Gegeven(self.overstap, kader, self.verhaal)

    def given(self, *feiten: Feit | Gebeurd) -> "Gegeven":
        """Let more happen."""
        overstap = self.overstap
        nieuw = tuple(feit if isinstance(feit, Gebeurd) else Gebeurd(feit, wie_doet_dit(feit)) for feit in feiten)
        for gebeurd in nieuw:
            overstap = na(overstap, gebeurd)
        return Gegeven(overstap, self.kader, self.verhaal + nieuw)

    def when(self, verzoek: Verzoek, *, by: Actor, at: datetime = ALLES_OPEN) -> "Uitslag":
        """Judge a request; twice, for the answer must be the same."""
        antwoord = decide(self.overstap, verzoek, by, at, self.kader)
        assert decide(self.overstap, verzoek, by, at, self.kader) == antwoord
        return Uitslag(self, antwoord, by)


class Uitslag(msgspec.Struct, frozen=True):
    """The answer to a request, and what a test may say about it."""

    gegeven: Gegeven
    antwoord: Besluit | Weigering
    door: Actor

    @property
    def feiten(self) -> tuple[Feit, ...]:
        """The facts decided; it is an error when the request was refused."""
        assert isinstance(self.antwoord, Besluit), self.antwoord
        return self.antwoord.feiten

    @property
    def weigering(self) -> Weigering:
        """The refusal; it is an error when the request was granted."""
        assert isinstance(self.antwoord, Weigering), self.antwoord
        return self.antwoord

    @property
    def daarna(self) -> Gegeven:
        """What holds after the facts decided, to ask the next thing of."""
        assert isinstance(self.antwoord, Besluit), self.antwoord
        return self.gegeven.given(*(Gebeurd(feit, self.door, self.antwoord.gebeurd_op) for feit in self.feiten))

    @property
    def overstap(self) -> Overstap:
        """The overstap after the facts decided."""
        overstap = self.daarna.overstap
        assert overstap is not None
        return overstap

    def then(self, *feiten: Feit) -> Gegeven:
        """Say that exactly these facts were decided."""
        assert self.feiten == feiten
        return self.daarna

    def nothing_new(self) -> Gegeven:
        """Say that the request was fine and changed nothing."""
        return self.then()

    def refuses(self, code: str, *voorwaarden: str) -> Weigering:
        """Say that the request was refused with a code, and (when named) because of these obstacles."""
        weigering = self.weigering
        assert weigering.code == code
        if voorwaarden:
            assert tuple(reden.voorwaarde for reden in weigering.redenen) == voorwaarden
        return weigering


def given(*feiten: Feit | Gebeurd) -> Gegeven:
    """Begin with a pupil his school entered, and what happened to him since, as the events 2, 3, ..."""
    return Gegeven(None).given(OPGEVOERD, *feiten)


NIEMAND = Gegeven(None)
"""Nobody entered this pupil."""
