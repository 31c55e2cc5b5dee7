"""Messages of a koppeling, as its side sends them and as the log keeps them."""

from msgspec.structs import replace

from overstap.domain import verzoeken as v
from overstap.domain.feiten import Feit
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.kalender import STANDAARD_KOPPELCODES
from overstap.domain.rollen import Rol
from tests.statemachine.spelers import MBO
from tests.statemachine.standen import CREBO, KETEN_ID

CODES = {str(status): code for code, status in STANDAARD_KOPPELCODES.items()}
TIJD = "2026-10-01T10:00:00.123456Z"


def zegt(status: str, volgnummer: int = 2, **anders: str | None) -> v.VerwerkKoppelbericht:
    """Give a message about the usual aanmelding that names a status (or, where there is none, a code)."""
    bericht = v.VerwerkKoppelbericht(
        keten_id=KETEN_ID,
        volgnummer=volgnummer,
        code=CODES.get(status, status),
        laatste_wijziging=TIJD,
        brin=MBO,
        crebo=CREBO,
    )
    return replace(bericht, **anders)


def bericht_van(verzoek: v.VerwerkKoppelbericht) -> a.Koppelbericht:
    """Give what a fact keeps of a message."""
    return a.Koppelbericht(
        keten_id=verzoek.keten_id,
        volgnummer=verzoek.volgnummer,
        code=verzoek.code,
        laatste_wijziging=verzoek.laatste_wijziging,
    )


def signaal(naam: str, oorzaak: int, aanmelding: int | None = 1) -> o.SignaalGegeven:
    """Give a signal to the MBO."""
    return o.SignaalGegeven(signaal=naam, voor=Rol.MBO_INTAKER, oorzaak=oorzaak, aanmelding=aanmelding)


def soorten(feiten: tuple[Feit, ...]) -> list[type[Feit]]:
    """Give the types of facts."""
    return [type(feit) for feit in feiten]
