"""What is put to the bus, and what it answers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, assert_never
from uuid import UUID

import msgspec

from overstap.adapters.postgres.toevoeging import (
    Aanspraak,
    Afloop,
    Kwitantie,
    Toevoeging,
    Uitkomst,
    Vrijgave,
    Wachtbakrij,
)
from overstap.adapters.stroomsoorten import Stroomsoort
from overstap.adapters.toegangslog import Toegang
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Actor
from overstap.domain.weigering import Weigering, weiger

Maker = Callable[[Any], Any]
"""Makes a request from the state it will be judged on (None: no events yet).

It gives a request, a Weigering, or None for nothing new. It is called again when the state changed meanwhile; sealing
belongs in it, for the stream's key is there by then.
"""


class Opdracht(msgspec.Struct, frozen=True, kw_only=True):
    """One request for one stream, by whom, and what goes into the log beside its facts.

    verzoek is a request of the stream's kind, or a Maker of one. Without facts nothing of the rest is written either.
    correlatie is shared by all that one delivery or request causes; without it the request gets one of its own.
    verwachte_versie is the version of the stream that the caller saw (If-Match; 0: no events yet): when it has moved on
    since, the answer is a conflict and nothing is recorded. toegang goes into the log of access in the facts' own
    transaction; whoever asks accounts himself for what is not Vastgelegd. is_nieuw: the stream's id was made for this
    request just now, so that nobody looks for events in it.
    """

    soort: Stroomsoort
    stroom: UUID
    verzoek: Any
    actor: Actor
    aanspraken: tuple[Aanspraak, ...] = ()
    kwitantie: Kwitantie | None = None
    wachtbak: tuple[Wachtbakrij, ...] = ()
    vrijgaven: tuple[Vrijgave, ...] = ()
    correlatie: UUID | None = None
    verwachte_versie: int | None = None
    toegang: tuple[Toegang, ...] = ()
    is_nieuw: bool = False


class Meelifter(Protocol):
    """Adds what it has to say to the log in the transactions of others."""

    def toevoeging(self) -> Toevoeging | None:
        """Give what is still to be said, None for nothing."""

    def neem_antwoord(self, uitkomst: Uitkomst) -> None:
        """Hear what came of that."""


class Vastgelegd(msgspec.Struct, frozen=True, gc=False):
    """Recorded and durable: its events, the position of the first, the moment of recording."""

    gebeurtenissen: tuple[Gebeurtenis, ...]
    positie: int
    vastgelegd_op: datetime


class Ongewijzigd(msgspec.Struct, frozen=True):
    """Nothing new: it was so already."""


class EerderVastgelegd(Ongewijzigd, frozen=True):
    """The same request was recorded before; kwitantie says what was answered then."""

    kwitantie: Uitkomst


class NietUniek(msgspec.Struct, frozen=True):
    """Another stream (houder) has what was claimed; soort is the kind of claim."""

    soort: str
    houder: UUID | None


Resultaat = Vastgelegd | Ongewijzigd | NietUniek | Weigering
"""The caller alone knows what a NietUniek means to who asked."""

DATASLEUTEL = "datasleutel"
ONGEWIJZIGD = Ongewijzigd()
ANDERE_INHOUD = weiger(
    "andere_inhoud", "Deze sleutel is al gebruikt voor een ander verzoek.", "Geef een nieuw verzoek een nieuwe sleutel."
)
DRUK = weiger("druk", "Anderen legden steeds iets vast over dezelfde leerling.", "Probeer het opnieuw.")
ONLEESBAAR = weiger(
    "onleesbaar",
    "Hierin staat een gebeurtenis die deze versie van Overstap niet kan lezen; er is niets vastgelegd.",
    "Werk Overstap bij. Is het al bij, laat dan het log controleren met: overstap audit verify",
)
"""Where an event of a later program, or a damaged one, stands in the stream."""


def conflict(versie: int) -> Weigering:
    """Say that the stream moved on since the caller saw it."""
    return weiger(
        "conflict",
        f"Dit is intussen gewijzigd (nu versie {versie}).",
        "Bekijk het opnieuw en beslis dan of de wijziging nog nodig is.",
    )


IN_DE_TOEKOMST = weiger("in_de_toekomst", "Dit moment ligt in de toekomst.", "Leg vast wat al gebeurd is.")


def antwoord_van(opdracht: Opdracht, toevoeging: Toevoeging, uitkomst: Uitkomst) -> Resultaat | None:
    """Say what the log's outcome means; None: another writer was first, decide again."""
    match uitkomst.afloop:
        case Afloop.VASTGELEGD:
            if uitkomst.positie is None or uitkomst.vastgelegd_op is None:
                raise AssertionError("the log recorded events without a position or a moment")
            return Vastgelegd(tuple(toevoeging.gebeurtenissen), uitkomst.positie, uitkomst.vastgelegd_op)
        case Afloop.VERSIECONFLICT:
            return None
        case Afloop.NIET_UNIEK:
            is_zelfde_stroom = uitkomst.code in {DATASLEUTEL, opdracht.soort.naam}
            return None if is_zelfde_stroom else NietUniek(uitkomst.code or "", uitkomst.stroom)
        case Afloop.AL_VASTGELEGD:
            return EerderVastgelegd(uitkomst)
        case Afloop.ANDERE_INHOUD:
            return ANDERE_INHOUD
        case Afloop.IN_DE_TOEKOMST:
            return IN_DE_TOEKOMST
        case _:
            assert_never(uitkomst.afloop)


def antwoord_bij_kwitantie(kwitantie: Kwitantie, vingerafdruk: bytes, uitkomst: Uitkomst) -> Resultaat:
    """Answer a request whose receipt is there, with the fingerprint of its content and what it says."""
    return EerderVastgelegd(uitkomst) if kwitantie.vingerafdruk == vingerafdruk else ANDERE_INHOUD
