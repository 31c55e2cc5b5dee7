"""One delivery on its way to the bus: who delivers, what each kind of file can do, and what came of each line."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

import msgspec

from overstap.adapters.app import App
from overstap.adapters.opdracht import NietUniek, Ongewijzigd, Resultaat
from overstap.adapters.postgres.toevoeging import Aanspraak
from overstap.domain.rollen import Actor, Rol
from overstap.domain.weigering import Weigering, weiger


class Regeluitkomst(StrEnum):
    """What came of a line that was not refused."""

    AANVAARD = "aanvaard"
    ONGEWIJZIGD = "ongewijzigd"
    WACHTBAK = "wachtbak"


Uitslag = Regeluitkomst | Weigering

AL_OPGEVOERD = weiger(
    "al_opgevoerd",
    "Deze leerling wordt in dit overstapjaar al gevolgd.",
    "Neem contact op met de regiebeheerder; die weet welke school de leerling volgt.",
)
KETEN_ELDERS = weiger(
    "andere_organisatie", "Dit ketenId hoort al bij een andere leerling.", "Controleer het ketenId en het nummer."
)


class Levering(msgspec.Struct, frozen=True):
    """Who delivers (actor), to which app; correlatie is the delivery's own stream, shared by all that it causes.

    is_eigen: the actor delivers as himself, so that he speaks for no other account.
    """

    app: App
    actor: Actor
    correlatie: UUID
    is_eigen: bool = False

    @property
    def regio(self) -> str:
        """The region it is delivered to."""
        return self.actor.regio


class Verwerker(Protocol):
    """What each kind of file does with its lines."""

    def ontleed(self, inhoud: Any) -> Any:  # noqa: ANN401  # each kind of file has lines of its own
        """Read one line as its reader gives it.

        Raises:
            Onbruikbaar: when it cannot be used.

        """

    def verwerk(self, regels: Sequence[Any]) -> list[Uitslag]:
        """Put lines to the bus and say what came of each, in order."""


def uitslag_van(resultaat: Resultaat) -> Uitslag:
    """Say what the bus's answer means for a line; what another stream holds already belongs to another pupil."""
    if isinstance(resultaat, Weigering):
        return resultaat
    if isinstance(resultaat, NietUniek):
        return AL_OPGEVOERD if resultaat.soort == "pgn" else KETEN_ELDERS
    return Regeluitkomst.ONGEWIJZIGD if isinstance(resultaat, Ongewijzigd) else Regeluitkomst.AANVAARD


def pgn_aanspraak(regio: str, overstapjaar: int, pgn_hash: bytes, stroom: UUID) -> Aanspraak:
    """Claim a persoonsgebonden nummer for an overstap."""
    return Aanspraak("pgn", pgn_hash, stroom, regio, overstapjaar)


KETENID = "ketenid"


def keten_sleutel(regio: str, keten_id: str) -> bytes:
    """Write a ketenId as it is claimed, once in a region."""
    return f"{regio}/{keten_id}".encode()


def keten_aanspraak(regio: str, keten_id: str, stroom: UUID) -> Aanspraak:
    """Claim a ketenId for an overstap."""
    return Aanspraak(KETENID, keten_sleutel(regio, keten_id), stroom)


def afzender(actor: Actor) -> str:
    """Name the deliverer whose keys a receipt goes by."""
    return f"{actor.regio}:{actor.organisatie}:{actor.rol}"


def koppeling_van(regio: str, brin: str) -> Actor:
    """Give the actor that stands for an MBO's student system."""
    return Actor(account=f"koppeling-{brin.lower()}", rol=Rol.KOPPELING, organisatie=brin, regio=regio)
